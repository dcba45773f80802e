"""Whatever call of the system fails, and whenever: what was acknowledged is there, and what was refused is not."""

from __future__ import annotations

import contextlib
import errno
import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from kept_clouds import kept, kept_in, make_user, opened, signed, users

from alicloud_fakes.cloud import file as state_file
from alicloud_fakes.core.errors import ApiError

CALLS = ("open", "close", "write", "ftruncate", "fdatasync", "fsync", "fstat", "replace", "unlink", "lseek", "read")
ERRORS = (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS, errno.EACCES, errno.EMFILE)


class Faulty:
    """Calls of the system, of which some fail: a write often after a part of it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, chance: random.Random) -> None:
        self.chance = chance
        self.failing: frozenset[str] = frozenset()
        self.rate = 0.0
        self.failed: list[str] = []
        for name in CALLS:
            monkeypatch.setattr(os, name, self.instead(name, getattr(os, name)))

    def instead(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            if name not in self.failing or self.chance.random() >= self.rate:
                return real(*args, **kwargs)
            self.failed.append(name)
            if name == "write":
                taken = real(args[0], args[1][: self.chance.randrange(len(args[1]))])
                if taken and self.chance.random() < 0.3:
                    return taken  # as write(2) may, without an error
            if name == "close":
                real(*args)
            raise OSError(self.chance.choice(ERRORS), f"{name} failed")

        return call

    @contextlib.contextmanager
    def at(self, *names: str, rate: float = 1.0) -> Iterator[None]:
        self.failing, self.rate = frozenset(names), rate
        yield
        self.failing = frozenset()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state"


@pytest.mark.parametrize("seed", range(60))
def test_whatever_fails(seed: int, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(seed)
    monkeypatch.setattr(state_file, "_CHANGES_BEFORE_COMPACTING", chance.choice([2, 4, 1000]))
    cloud, state = kept(path, "faults")
    if chance.random() < 0.25:
        path.with_name("other").hardlink_to(path)
    system = Faulty(monkeypatch, chance)
    acknowledged: list[str] = []
    for number in range(30):
        names = chance.sample(CALLS[:9], chance.randint(1, 4))  # one that cannot be read either is told apart below
        with system.at(*names, rate=chance.choice([0.0, 0.1, 0.5, 1.0])):
            if chance.random() < 0.2:
                with contextlib.suppress(ApiError):
                    state.checkpoint()
            status = make_user(cloud, f"u{number:02}")
        assert status in {200, 503}
        acknowledged += [f"u{number:02}"] * (status == 200)
        assert users(cloud) == acknowledged
    assert make_user(cloud, "z") == 200, "the faults are over"
    assert system.failed
    state.close()
    assert kept_in(path) == [*acknowledged, "z"]


def test_a_folder_that_is_not_on_disk_after_compacting(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The new file has the name already: what is acknowledged next must not go into the old one."""
    monkeypatch.setattr(state_file, "_CHANGES_BEFORE_COMPACTING", 1)
    cloud, state = kept(path, "faults")
    system = Faulty(monkeypatch, random.Random(1))
    with system.at("fsync"):
        assert make_user(cloud, "one") == 200  # on disk in the old file, and in the new one
        assert make_user(cloud, "two") == 503  # the new one's name may be lost with the power
    assert make_user(cloud, "three") == 200
    assert users(cloud) == ["one", "three"]
    state.close()
    assert kept_in(path) == ["one", "three"]


def test_a_record_that_is_neither_confirmed_nor_cut_is_undone(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cloud, state = kept(path, "faults")
    system = Faulty(monkeypatch, random.Random(1))
    with system.at("fdatasync", "ftruncate"):
        assert make_user(cloud, "one") == 503
        assert users(cloud) == []
    assert make_user(cloud, "two") == 200
    state.close()
    assert kept_in(path) == ["two"]


def test_a_nonce_that_could_not_be_written_goes_before_the_next_change(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud, state = kept(path, "faults")
    system = Faulty(monkeypatch, random.Random(1))
    reading, changing = signed("ListUsers"), signed("CreateUser", UserName="one")
    with system.at("write"):
        assert cloud.handle(reading).status == 200
    assert cloud.handle(changing).status == 200
    state.close()
    again, other = opened(path)
    assert [b"SignatureNonceUsed" in again.handle(one).body for one in (reading, changing)] == [True, True]
    other.close()


def test_nonces_outlive_a_compaction_in_place_that_fails(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cloud, state = kept(path, "faults")
    path.with_name("other").hardlink_to(path)
    reading = signed("ListUsers")
    assert cloud.handle(reading).status == 200
    for takes in (1, 2):
        system = Faulty(monkeypatch, random.Random(takes))
        with system.at("write", "fdatasync"), pytest.raises(ApiError, match="cannot write its file of state"):
            state.checkpoint()
    state.close()
    again, other = opened(path)
    assert b"SignatureNonceUsed" in again.handle(reading).body
    other.close()

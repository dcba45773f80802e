"""The file of state when the disk is full, when bits flip, when links lead to it, and where files cannot be locked."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from kept_clouds import kept, kept_in, make_user, opened, signed, users

from alicloud_fakes import Cloud, HttpRequest
from alicloud_fakes.admin import administer
from alicloud_fakes.cloud import file as state_file
from alicloud_fakes.cloud import locking
from alicloud_fakes.cloud.file import StateFile, StateFileError
from alicloud_fakes.cloud.records import DamagedError, RecordKind, decode_records


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state"


@pytest.fixture
def cloud(path: Path) -> Iterator[Cloud]:
    cloud, state = kept(path, "file")
    yield cloud
    state.close()


class Disk:
    """A disk that can be full: a write takes some bytes and then fails, as write(2) does."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.takes: int | None = None
        self.syncs = self.cuts = True
        self._real = {name: getattr(os, name) for name in ("write", "fdatasync", "ftruncate")}
        monkeypatch.setattr(state_file.os, "write", self.write)
        monkeypatch.setattr(state_file.os, "fdatasync", self.sync)
        monkeypatch.setattr(state_file.os, "ftruncate", self.cut)

    def write(self, descriptor: int, data: bytes) -> int:
        if self.takes is None:
            return self._real["write"](descriptor, data)
        if not self.takes:
            raise OSError(errno.ENOSPC, "No space left on device")
        taken, self.takes = data[: self.takes], max(0, self.takes - len(data))
        return self._real["write"](descriptor, taken)

    def sync(self, descriptor: int) -> None:
        if not self.syncs:
            raise OSError(errno.EIO, "Input/output error")
        self._real["fdatasync"](descriptor)

    def cut(self, descriptor: int, length: int) -> None:
        if not self.cuts:
            raise OSError(errno.EIO, "Input/output error")
        self._real["ftruncate"](descriptor, length)

    def mend(self) -> None:
        self.takes, self.syncs, self.cuts = None, True, True


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    return Disk(monkeypatch)


@pytest.mark.parametrize("takes", [0, 1, 60, 200])
def test_a_full_disk_refuses_changes_and_loses_nothing(cloud: Cloud, path: Path, disk: Disk, takes: int) -> None:
    assert make_user(cloud, "before") == 200
    disk.takes = takes
    assert [make_user(cloud, name) for name in ("one", "two")] == [503, 503]
    assert users(cloud) == ["before"]
    assert cloud.handle(signed("ListUsers")).status == 200
    disk.mend()
    assert make_user(cloud, "after") == 200
    assert users(cloud) == ["after", "before"]
    cloud.journal.keep.__self__.close()
    assert kept_in(path) == ["after", "before"]


def test_a_disk_that_does_not_confirm_refuses_the_change(cloud: Cloud, path: Path, disk: Disk) -> None:
    disk.syncs = False
    assert make_user(cloud, "one") == 503
    assert users(cloud) == []
    disk.mend()
    assert make_user(cloud, "two") == 200
    cloud.journal.keep.__self__.close()
    assert kept_in(path) == ["two"]


def test_a_torn_record_that_cannot_be_cut_is_cut_before_the_next(cloud: Cloud, path: Path, disk: Disk) -> None:
    disk.takes, disk.cuts = 60, False
    assert make_user(cloud, "one") == 503
    disk.takes = None
    assert make_user(cloud, "two") == 503, "the torn record is still there"
    disk.mend()
    assert make_user(cloud, "three") == 200
    cloud.journal.keep.__self__.close()
    assert kept_in(path) == ["three"]


def test_the_answer_says_what_failed_and_that_nothing_changed(cloud: Cloud, disk: Disk) -> None:
    disk.takes = 0
    body = cloud.handle(signed("CreateUser", UserName="one")).body
    assert b"No space left on device" in body
    assert b"nothing was changed" in body


def test_while_the_disk_is_full_a_change_is_refused_before_it_is_made(cloud: Cloud, disk: Disk) -> None:
    disk.takes = 0
    assert make_user(cloud, "one") == 503
    account = cloud.account("1")
    assert make_user(cloud, "two") == 503
    assert cloud.account("1") is account, "the state was read again although nothing had been made"


def test_a_change_that_can_be_neither_kept_nor_undone_ends_all_service(
    cloud: Cloud, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreadable(*_: object) -> bytes:
        raise OSError(errno.EIO, "Input/output error")

    disk.takes = 0
    monkeypatch.setattr(state_file, "_read", unreadable)
    assert make_user(cloud, "one") == 503
    disk.mend()
    assert cloud.handle(signed("ListUsers")).status == 503
    assert make_user(cloud, "two") == 503


def test_the_clock_stays_as_it_was_set_when_a_change_is_undone(cloud: Cloud, disk: Disk) -> None:
    cloud.clock.advance(3600)
    cloud.clock.freeze()
    before = cloud.clock.time()
    disk.takes = 0
    assert make_user(cloud, "one") == 503
    assert cloud.clock.time() == before


def test_a_compaction_that_fails_loses_nothing(cloud: Cloud, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state_file, "_CHANGES_BEFORE_COMPACTING", 1)

    def full(*_: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(state_file, "_to_disk_folder", full)
    monkeypatch.setattr(state_file.Path, "replace", full)
    assert make_user(cloud, "one") == 200
    assert users(cloud) == ["one"]
    assert not path.with_name("state.new").exists()
    monkeypatch.undo()
    cloud.journal.keep.__self__.close()
    assert kept_in(path) == ["one"]


def test_administrative_changes_are_kept_or_undone(cloud: Cloud, path: Path, disk: Disk) -> None:
    administer(cloud, cloud.journal.keep.__self__.checkpoint)
    add = HttpRequest("POST", "/_fakes/accounts", headers={"host": "localhost"}, body=b'{"id": "2"}')
    disk.takes = 100
    response = cloud.handle(add)
    assert (response.status, b"No space left" in response.body) == (503, True)
    assert set(cloud.accounts) == {"1"}
    disk.mend()
    assert cloud.handle(add).status == 200
    cloud.journal.keep.__self__.close()
    again, state = opened(path)
    state.close()
    assert set(again.accounts) == {"1", "2"}


def test_every_flipped_bit_is_noticed(cloud: Cloud, path: Path) -> None:
    for name in ("one", "two"):
        assert make_user(cloud, name) == 200
    data = bytearray(path.read_bytes())
    assert len(decode_records(bytes(data))[0]) == 6, "snapshot, nonces, and two of a nonce and a change"
    missed: list[int] = []
    for position in range(len(data)):
        for bit in range(8):
            data[position] ^= 1 << bit
            try:
                decode_records(bytes(data))
            except (DamagedError, ValueError):
                pass
            else:
                missed.append(position)
            data[position] ^= 1 << bit
    assert missed == []


def test_a_file_with_a_flipped_bit_is_refused_with_its_line(cloud: Cloud, path: Path) -> None:
    assert make_user(cloud, "one") == 200
    cloud.journal.keep.__self__.close()
    data = bytearray(path.read_bytes())
    data[-10] ^= 1
    path.write_bytes(data)
    with pytest.raises(StateFileError, match="line 4: the checksum does not fit"):
        StateFile(Cloud(), path).open()


@pytest.mark.parametrize("change", ["left out", "twice"])
def test_records_that_are_missing_or_repeated_are_noticed(cloud: Cloud, path: Path, change: str) -> None:
    for name in ("one", "two"):
        assert make_user(cloud, name) == 200
    lines = path.read_bytes().splitlines(keepends=True)
    lines[3:4] = [] if change == "left out" else [lines[3], lines[3]]
    with pytest.raises(DamagedError, match="follows record"):
        decode_records(b"".join(lines))


def test_however_much_of_it_was_written_the_file_holds_what_came_before(cloud: Cloud, path: Path) -> None:
    for name in ("one", "two"):
        assert make_user(cloud, name) == 200
    cloud.journal.keep.__self__.close()
    data = path.read_bytes()
    ends = [0]
    for line in data.splitlines(keepends=True):
        ends.append(ends[-1] + len(line))
    for length in range(ends[2], len(data) + 1, 7):
        path.write_bytes(data[:length])
        assert kept_in(path) == ["one", "two"][: (sum(end <= length for end in ends) - 3) // 2]


def test_a_spent_nonce_stays_spent_after_a_restart(cloud: Cloud, path: Path) -> None:
    reading, changing = signed("ListUsers"), signed("CreateUser", UserName="one")
    assert [cloud.handle(one).status for one in (reading, changing)] == [200, 200]
    cloud.journal.keep.__self__.close()
    for _ in range(2):  # the second time they come from the snapshot
        again, state = opened(path)
        for one in (reading, changing):
            assert b'"Code":"SignatureNonceUsed"' in again.handle(one).body
        state.close()


@pytest.mark.parametrize("link", [os.symlink, os.link])
def test_a_file_is_one_whichever_link_leads_to_it(
    cloud: Cloud, path: Path, tmp_path: Path, link: Callable[[Path, Path], None]
) -> None:
    if link is os.link:
        pytest.importorskip("fcntl", reason="a hard link is seen by locks of files alone", exc_type=ImportError)
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    other = folder / "other"
    link(path, other)
    with pytest.raises(StateFileError, match="another process"):
        StateFile(Cloud(), other).open()
    assert make_user(cloud, "one") == 200
    cloud.journal.keep.__self__.close()
    again, state = opened(other)
    assert users(again) == ["one"]
    assert make_user(again, "two") == 200
    state.checkpoint()
    assert make_user(again, "three") == 200
    state.close()
    assert kept_in(path) == ["one", "three", "two"]
    assert kept_in(other) == ["one", "three", "two"]
    assert other.is_symlink() == (link is os.symlink)


def test_a_file_of_another_form_is_refused(path: Path) -> None:
    path.write_text('"format":"alicloud-fakes-snapshot"}\n')
    with pytest.raises(StateFileError, match="line 1: the checksum does not fit; restore the file from a copy"):
        StateFile(Cloud(), path).open()
    assert path.read_text().startswith('"format"'), "what cannot be read is left as it is"


@pytest.fixture
def no_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("fcntl", "msvcrt"):
        monkeypatch.setitem(sys.modules, name, None)


@pytest.mark.usefixtures("no_locks")
def test_without_locks_of_files_a_name_stands_for_the_lock(tmp_path: Path) -> None:
    path = tmp_path / "state"
    cloud, state = kept(path)
    with pytest.raises(StateFileError, match="another process"):
        StateFile(Cloud(), path).open()
    assert make_user(cloud, "one") == 200
    state.checkpoint()
    with pytest.raises(StateFileError, match="another process"):
        StateFile(Cloud(), path).open()
    state.close()
    assert kept_in(path) == ["one"]


@pytest.mark.usefixtures("no_locks")
def test_the_lock_of_a_process_that_has_ended_holds_nobody_up(tmp_path: Path) -> None:
    ended = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True)
    path = tmp_path / "state"
    path.with_name("state.lock").write_bytes(ended.stdout.strip())
    _, state = opened(path)
    state.close()
    assert not path.with_name("state.lock").exists()


def test_windows_locks_one_byte_that_no_file_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taken: set[int] = set()

    class Msvcrt:
        LK_NBLCK, LK_UNLCK = 2, 0

        @staticmethod
        def locking(descriptor: int, mode: int, count: int) -> None:
            position = os.lseek(descriptor, 0, os.SEEK_CUR)
            if mode == Msvcrt.LK_UNLCK:
                taken.remove(position)
            elif position in taken:
                raise OSError(errno.EACCES, "Permission denied")
            else:
                taken.add(position)
            assert count == 1

    monkeypatch.setitem(sys.modules, "fcntl", None)
    monkeypatch.setitem(sys.modules, "msvcrt", Msvcrt)
    descriptor = os.open(tmp_path / "file", os.O_RDWR | os.O_CREAT)
    release: Any = locking.lock(descriptor, tmp_path / "file")
    assert release is not None
    assert min(taken) > 1 << 30
    assert locking.lock(descriptor, tmp_path / "file") is None
    release()
    assert taken == set()
    os.close(descriptor)


def test_changes_are_told_apart_from_nonces(cloud: Cloud, path: Path) -> None:
    assert make_user(cloud, "one") == 200
    assert cloud.handle(signed("ListUsers")).status == 200
    kinds = [record.kind for record in decode_records(path.read_bytes())[0]]
    assert kinds == [RecordKind.SNAPSHOT, RecordKind.NONCES, RecordKind.NONCES, RecordKind.CHANGE, RecordKind.NONCES]

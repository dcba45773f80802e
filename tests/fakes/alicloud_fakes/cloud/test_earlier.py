"""Files of state that earlier releases wrote.

`recorded` has files that release 0.1.0 and a later commit wrote: after calls of every product, with what they left.
"""

from __future__ import annotations

import copy
import dataclasses
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from alicloud_fakes import Cloud
from alicloud_fakes.cloud import object_graph, snapshot
from alicloud_fakes.cloud.file import StateFile, StateFileError
from alicloud_fakes.cloud.records import decode_records

RECORDED = Path(__file__).parent / "recorded"
FILES = sorted(path.name for path in RECORDED.iterdir())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state"


def opened(path: Path) -> Cloud:
    cloud = Cloud()
    state = StateFile(cloud, path)
    state.open()
    state.close()
    return cloud


def contents(cloud: Cloud) -> dict[str, Any]:
    account = cloud.account("11223344")
    bucket = account.oss.buckets.get("recorded-bucket")
    (upload,) = (one for one in bucket.uploads.values() if one.key == "half")
    return {
        "users": [(user.name, len(user.keys)) for user in account.ram.users],
        "roles": len(account.ram.roles),
        "policy": bucket.policies() is not None,
        "acl": bucket.acl,
        "data": bucket.objects.get("a/b.txt").data,
        "parts": [(number, part.data) for number, part in upload.parts.items()],
        "instances": sorted(one.name for one in account.ecs.instances.values()),
        "disk": {one.system_disk.size > 0 for one in account.ecs.instances.values()},
    }


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_an_earlier_release_is_read(name: str, path: Path) -> None:
    shutil.copy(RECORDED / name, path)
    found = contents(opened(path))
    assert found["users"] == [("alice", 2)]
    assert found["roles"] == 3
    assert (found["policy"], found["acl"], found["data"]) == (True, "public-read", b"hello")
    assert found["parts"] == [(1, b"p" * 20)]
    assert (len(found["instances"]), found["disk"]) == (3, {True})
    decode_records(path.read_bytes())
    assert not path.read_bytes().startswith(b"{"), "from now on each line has a checksum"
    assert contents(opened(path)) == found


def test_a_file_of_an_earlier_release_with_a_second_name_is_read_and_continued(path: Path) -> None:
    shutil.copy(RECORDED / "0.1.0-snapshot.jsonl", path)
    path.with_name("other").hardlink_to(path)
    found = contents(opened(path))
    assert contents(opened(path)) == found


def test_the_end_that_an_earlier_release_did_not_finish_is_nobodys_change(path: Path) -> None:
    whole = (RECORDED / "0.1.0-changes.jsonl").read_bytes()
    path.write_bytes(whole + b'{"time":1.0,"posi')
    assert contents(opened(path))["roles"] == 3


@pytest.mark.parametrize(("old", "new"), [(b'"action":"CreateRole"', b'"action":"NoSuchOne"'), (b'"time"', b'"tim"')])
def test_a_change_of_an_earlier_release_that_cannot_be_made_is_named(path: Path, old: bytes, new: bytes) -> None:
    whole = (RECORDED / "0.1.0-changes.jsonl").read_bytes()
    damaged = whole.replace(old, new, 1)
    path.write_bytes(damaged)
    with pytest.raises(StateFileError, match=r"line \d+: cannot be made again"):
        opened(path)
    assert path.read_bytes() == damaged


def taken() -> dict[str, Any]:
    path = RECORDED / "2026-11-26-snapshot.txt"
    cloud = Cloud()
    snapshot.restore(cloud, decode_records(path.read_bytes())[0][0].content())
    return json.loads(json.dumps(snapshot.take(cloud)))


def defaults(kind: type) -> dict[str, Any]:
    """Fields that an object of a class has by default, as a snapshot stores them."""
    found: dict[str, Any] = {}
    for one in dataclasses.fields(kind) if dataclasses.is_dataclass(kind) else ():
        if one.default is not dataclasses.MISSING:
            found[one.name] = object_graph.encode(one.default, {})["root"]
        elif one.default_factory is not dataclasses.MISSING:
            found[one.name] = object_graph.encode(one.default_factory(), {})["root"]
    return found


def test_a_field_that_is_not_written_has_its_default() -> None:
    """A field that is added later, with a default, must not make an existing state unreadable."""
    whole = taken()
    left_out = 0
    for number, (name, fields) in enumerate(whole["state"]["objects"]):
        for key, value in defaults(object_graph.class_of(name)).items():
            # Numbers of objects are those of one snapshot.
            if fields[key] == value and "o" not in json.dumps(value).split('"'):
                changed, cloud = copy.deepcopy(whole), Cloud()
                del changed["state"]["objects"][number][1][key]
                snapshot.restore(cloud, changed)
                assert json.loads(json.dumps(snapshot.take(cloud)))["state"] == whole["state"], (name, key)
                left_out += 1
    assert left_out > 100


def test_a_field_of_a_later_release_is_refused() -> None:
    whole = taken()
    whole["state"]["objects"][0][1]["quotas"] = {"d": []}
    with pytest.raises(snapshot.SnapshotError):
        snapshot.restore(Cloud(), whole)


@pytest.mark.parametrize("field", ["cloud", "id", "ram", "root_key", "states"])
def test_an_account_without_one_of_its_fields_is_refused(field: str) -> None:
    whole = taken()
    for name, fields in whole["state"]["objects"]:
        if name == "alicloud_fakes.identity.account:Account":
            del fields[field]
    with pytest.raises(snapshot.SnapshotError, match="Account has the fields"):
        snapshot.restore(Cloud(), whole)

"""Buckets and objects in snapshots and in the journal of changes."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import oss2

from alicloud_fakes import Cloud
from alicloud_fakes.cloud import snapshot
from alicloud_fakes.pipeline.journal import StateChange

DATA = bytes(range(256))


def test_a_snapshot_holds_every_byte(door: Any, oss: Any, root: Any) -> None:
    bucket = oss.bucket(root, "data-of-a")
    bucket.create_bucket()
    bucket.put_object("k/ü", DATA)
    taken = json.loads(json.dumps(snapshot.take(door.cloud)))
    bucket.delete_object("k/ü")
    snapshot.restore(door.cloud, taken)
    assert bucket.get_object("k/ü").read() == DATA


def test_changes_can_be_replayed(door: Any, oss: Any, root: Any) -> None:
    changes: list[StateChange] = []
    door.cloud.journal.listeners.append(changes.append)
    before = json.loads(json.dumps(snapshot.take(door.cloud)))
    bucket = oss.bucket(root, "data-of-a")
    bucket.create_bucket()
    bucket.put_object("one", DATA)
    upload = bucket.init_multipart_upload("parts").upload_id
    part = oss2.models.PartInfo(1, bucket.upload_part("parts", upload, 1, DATA).etag)
    bucket.complete_multipart_upload("parts", upload, [part])
    bucket.get_object("one")
    assert [change.action for change in changes if change.action == "GetObject"] == []
    again = Cloud()
    snapshot.restore(again, before)
    for change in changes:
        again.replay(StateChange(**json.loads(json.dumps(asdict(change)))))
    copy = again.account("company-a").oss.buckets.get("data-of-a")
    assert {one.key: (one.data, one.etag) for one in copy.objects} == {
        key: (DATA, bucket.head_object(key).etag) for key in ("one", "parts")
    }


def test_a_replayed_change_is_not_judged(door: Any, oss: Any, root: Any, user: Any) -> None:
    """A replay has no headers: a condition on them would refuse what was done."""
    bucket = oss.bucket(root, "data-of-a")
    bucket.create_bucket()
    bucket.put_object("one", DATA)
    only = {"StringLike": {"acs:UserAgent": "aliyun-sdk-python*"}}
    statement = {"Effect": "Allow", "Action": "oss:*", "Resource": "*", "Condition": only}
    own = oss.bucket(user("company-a", "writer", statement), "data-of-a")
    before = json.loads(json.dumps(snapshot.take(door.cloud)))
    changes: list[StateChange] = []
    door.cloud.journal.listeners.append(changes.append)
    own.copy_object("data-of-a", "one", "copy")
    own.put_object("tagged", b"1", headers={"x-oss-tagging": "a=b"})
    own.batch_delete_objects(["one"])
    again = Cloud()
    snapshot.restore(again, before)
    for change in changes:
        again.replay(StateChange(**json.loads(json.dumps(asdict(change)))))
    copy = again.account("company-a").oss.buckets.get("data-of-a")
    assert [one.key for one in copy.objects] == ["copy", "tagged"]

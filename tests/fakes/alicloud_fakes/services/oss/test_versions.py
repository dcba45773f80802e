"""Versions of objects, and what is known of an object beside its content."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import oss2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alicloud_fakes import Cloud
from alicloud_fakes.services.oss import versioning
from alicloud_fakes.services.oss.models import StoredObject


@pytest.fixture
def bucket(oss: Any, root: Any) -> oss2.Bucket:
    made = oss.bucket(root, "data")
    made.create_bucket()
    return made


def turn(bucket: oss2.Bucket, status: str) -> None:
    bucket.put_bucket_versioning(oss2.models.BucketVersioningConfig(status))


def listed(bucket: oss2.Bucket, **how: Any) -> list[tuple[str, str, bool]]:
    """Key, version and whether it is the latest, of versions and delete markers."""
    found = bucket.list_object_versions(**how)
    return [(one.key, one.versionid, one.is_latest) for one in found.versions + found.delete_marker]


def test_every_write_and_delete_makes_a_version(bucket: oss2.Bucket) -> None:
    bucket.put_object("key", b"before")
    turn(bucket, "Enabled")
    first = bucket.put_object("key", b"first").versionid
    second = bucket.put_object("key", b"second").versionid
    assert listed(bucket) == [("key", second, True), ("key", first, False), ("key", "null", False)]
    assert bucket.get_object("key").read() == b"second"
    for version, content in ((first, b"first"), ("null", b"before")):
        assert bucket.get_object("key", params={"versionId": version}).read() == content
    marker = bucket.delete_object("key")
    assert (marker.delete_marker, marker.versionid != second) == (True, True)
    with pytest.raises(oss2.exceptions.NoSuchKey) as gone:
        bucket.get_object("key")
    assert gone.value.headers["x-oss-delete-marker"] == "true"
    with pytest.raises(oss2.exceptions.ServerError) as refused:
        bucket.get_object("key", params={"versionId": marker.versionid})
    assert (refused.value.status, refused.value.code) == (405, "MethodNotAllowed")
    bucket.delete_object("key", params={"versionId": marker.versionid})
    assert bucket.get_object("key").read() == b"second"
    with pytest.raises(oss2.exceptions.ServerError) as refused:
        bucket.get_object("key", params={"versionId": "0" * 64})
    assert (refused.value.status, refused.value.code) == (404, "NoSuchVersion")
    with pytest.raises(oss2.exceptions.ServerError) as refused:
        bucket.delete_object("key", params={"versionId": "other"})
    assert (refused.value.status, refused.value.code) == (400, "InvalidArgument")


def test_while_versioning_is_suspended_the_null_version_is_replaced(bucket: oss2.Bucket) -> None:
    turn(bucket, "Enabled")
    kept = bucket.put_object("key", b"kept").versionid
    turn(bucket, "Suspended")
    for content in (b"one", b"two"):
        assert bucket.put_object("key", content).versionid == "null"
    assert listed(bucket) == [("key", "null", True), ("key", kept, False)]
    bucket.delete_object("key")
    assert listed(bucket) == [("key", kept, False), ("key", "null", True)]


def test_versions_are_listed_page_by_page(bucket: oss2.Bucket) -> None:
    turn(bucket, "Enabled")
    for key in ("a/1", "a/2", "b", "b", "c"):
        bucket.put_object(key, b"")
    whole = listed(bucket, max_keys=1000)
    found: list[Any] = []
    marker, version = "", ""
    while True:
        page = bucket.list_object_versions(key_marker=marker, versionid_marker=version, max_keys=2)
        found += [(one.key, one.versionid, one.is_latest) for one in page.versions]
        if not page.is_truncated:
            break
        marker, version = page.next_key_marker, page.next_versionid_marker
    assert found == whole
    assert [len(whole), *(key for key, _, _ in whole)] == [5, "a/1", "a/2", "b", "b", "c"]
    assert bucket.list_object_versions(delimiter="/").common_prefix == ["a/"]
    assert listed(bucket, prefix="b") == [one for one in whole if one[0] == "b"]


def test_a_bucket_with_versions_is_not_empty(bucket: oss2.Bucket) -> None:
    turn(bucket, "Enabled")
    bucket.put_object("key", b"x")
    bucket.delete_object("key")
    with pytest.raises(oss2.exceptions.ServerError) as refused:
        bucket.delete_bucket()
    assert refused.value.code == "BucketNotEmpty"
    for key, version, _ in listed(bucket):
        bucket.delete_object(key, params={"versionId": version})
    bucket.delete_bucket()


KEYS = st.sampled_from(["a", "b"])
CHANGES = st.one_of(
    st.tuples(st.just("put"), KEYS),
    st.tuples(st.just("delete"), KEYS),
    st.tuples(st.just("remove"), KEYS, st.integers(0, 5)),
    st.tuples(st.just("turn"), st.sampled_from(["Enabled", "Suspended"])),
)


@given(changes=st.lists(CHANGES, max_size=30))
@settings(max_examples=60)
def test_the_newest_version_is_the_one_shown(changes: list[Any]) -> None:
    bucket = Cloud.of({"1": ""}).account("1").oss.create("data")
    written = 0
    for what, name, *number in changes:
        before = [versioning.version_id(one) for one in versioning.versions_of(bucket, name)]
        match what:
            case "put":
                written += 1
                versioning.store(bucket, StoredObject(name, str(written).encode(), "", float(written)))
                assert bucket.objects.get(name).data == str(written).encode()
            case "delete":
                versioning.delete(bucket, name, float(written))
                assert bucket.objects.get(name) is None
            case "remove":
                versioning.remove_version(bucket, name, before[number[0] % len(before)] if before else "0" * 64)
            case _:
                status = f"<VersioningConfiguration><Status>{name}</Status></VersioningConfiguration>"
                bucket.configurations["versioning"] = status
        for key in ("a", "b"):
            kept = versioning.versions_of(bucket, key)
            ids = [versioning.version_id(one) for one in kept]
            assert len(ids) == len(set(ids))
            newest = kept[0] if kept and not kept[0].deleted else None
            assert bucket.objects.get(key) is newest
        if versioning.status_of(bucket) == "Enabled" and what in {"put", "delete"}:
            after = [versioning.version_id(one) for one in versioning.versions_of(bucket, name)]
            assert after[1:] == before


def test_content_is_described_by_its_checksums(bucket: oss2.Bucket) -> None:
    content = b"123456789"
    digest = base64.b64encode(hashlib.md5(content, usedforsecurity=False).digest()).decode()
    put = bucket.put_object("key", content, headers={"Content-MD5": digest})
    # The check value of CRC-64/XZ, published with the algorithm.
    assert put.headers["x-oss-hash-crc64ecma"] == str(0x995DC9BBDF1939FA)
    for answer in (bucket.head_object("key"), bucket.get_object("key"), bucket.get_object_meta("key")):
        assert answer.headers["x-oss-hash-crc64ecma"] == str(0x995DC9BBDF1939FA)
    assert bucket.head_object("key").headers["content-md5"] == digest
    upload = bucket.init_multipart_upload("parts").upload_id
    for bad in ("bm90IGl0", "no base64!"):
        with pytest.raises(oss2.exceptions.ServerError) as refused:
            bucket.upload_part("parts", upload, 1, content, headers={"Content-MD5": bad})
        assert (refused.value.status, refused.value.code) == (400, "InvalidDigest")
    part = bucket.upload_part("parts", upload, 1, content, headers={"Content-MD5": digest})
    whole = bucket.complete_multipart_upload("parts", upload, [oss2.models.PartInfo(1, part.etag)])
    assert whole.headers["x-oss-hash-crc64ecma"] == str(0x995DC9BBDF1939FA)


def test_headers_are_utf_8(bucket: oss2.Bucket) -> None:
    headers = {"x-oss-meta-name": "杭州 ü", "Content-Disposition": 'attachment; filename="ü"'}
    bucket.put_object("ключ", b"x", headers={name: value.encode() for name, value in headers.items()})
    found = bucket.head_object("ключ").headers
    for name, value in headers.items():
        assert found[name].encode("latin-1").decode() == value


@pytest.mark.parametrize("directive", ["REPLACE", "Replace", "replace"])
def test_directives_are_read_in_any_case(bucket: oss2.Bucket, directive: str) -> None:
    bucket.put_object("a", b"x", headers={"x-oss-meta-a": "1", "x-oss-tagging": "k=v"})
    headers = {"x-oss-metadata-directive": directive, "x-oss-tagging-directive": directive, "x-oss-meta-b": "2"}
    bucket.copy_object("data", "a", "b", headers=headers)
    found = bucket.head_object("b").headers
    assert ("x-oss-meta-a" in found, found["x-oss-meta-b"]) == (False, "2")
    assert bucket.get_object_tagging("b").tag_set.tagging_rule == {}
    bucket.copy_object("data", "a", "c")
    assert bucket.get_object_tagging("c").tag_set.tagging_rule == {"k": "v"}


def test_a_copy_is_made_only_of_what_the_client_expects(bucket: oss2.Bucket) -> None:
    etag = bucket.put_object("a", b"x").etag
    bucket.copy_object("data", "a", "b", headers={"x-oss-copy-source-if-match": etag})
    with pytest.raises(oss2.exceptions.ServerError) as refused:
        bucket.copy_object("data", "a", "c", headers={"x-oss-copy-source-if-match": "0" * 32})
    assert (refused.value.status, refused.value.code) == (412, "PreconditionFailed")


def test_appending_keeps_class_tags_and_encryption(bucket: oss2.Bucket) -> None:
    headers = {"x-oss-storage-class": "IA", "x-oss-tagging": "k=v", "x-oss-server-side-encryption": "AES256"}
    first = bucket.append_object("key", 0, b"ab", headers=headers)
    bucket.append_object("key", first.next_position, b"cd", init_crc=first.crc)
    found = bucket.head_object("key")
    assert (found.headers["x-oss-storage-class"], found.headers["x-oss-server-side-encryption"]) == ("IA", "AES256")
    assert bucket.get_object("key").read() == b"abcd"
    assert bucket.get_object_tagging("key").tag_set.tagging_rule == {"k": "v"}


def test_symbolic_links_are_followed(bucket: oss2.Bucket) -> None:
    bucket.put_symlink("ziel", "link")
    with pytest.raises(oss2.exceptions.ServerError) as refused:
        bucket.get_object("link")
    assert refused.value.code == "SymlinkTargetNotExist"
    bucket.put_object("ziel", b"x")
    assert bucket.get_object("link").read() == b"x"
    assert bucket.get_symlink("link").target_key == "ziel"
    assert bucket.head_object("link").object_type == "Symlink"


@pytest.mark.parametrize(
    ("storage_class", "tier", "seconds"),
    [("Archive", None, 60), ("ColdArchive", "Expedited", 3600), ("ColdArchive", None, 5 * 3600)],
)
def test_archived_objects_are_restored_before_they_are_read(
    bucket: oss2.Bucket, door: Any, storage_class: str, tier: str | None, seconds: int
) -> None:
    bucket.put_object("key", b"x", headers={"x-oss-storage-class": storage_class})
    how = oss2.models.RestoreConfiguration(1, oss2.models.RestoreJobParameters(tier)) if tier else None
    assert bucket.restore_object("key", input=how).status == 202
    with pytest.raises(oss2.exceptions.ServerError) as refused:
        bucket.restore_object("key")
    assert (refused.value.status, refused.value.code) == (409, "RestoreAlreadyInProgress")
    door.cloud.clock.advance(seconds - 5)
    with pytest.raises(oss2.exceptions.ServerError) as refused:
        bucket.get_object("key")
    assert (refused.value.status, refused.value.code) == (403, "InvalidObjectState")
    assert bucket.head_object("key").headers["x-oss-restore"] == 'ongoing-request="true"'
    door.cloud.clock.advance(10)
    assert bucket.get_object("key").read() == b"x"
    assert bucket.restore_object("key").status == 200


def test_a_priority_that_the_class_does_not_have_is_refused(bucket: oss2.Bucket) -> None:
    for storage_class, tier, code in (("Archive", "Bulk", "MalformedXML"), ("ColdArchive", "Fast", "InvalidArgument")):
        bucket.put_object("key", b"x", headers={"x-oss-storage-class": storage_class})
        how = oss2.models.RestoreConfiguration(1, oss2.models.RestoreJobParameters(tier))
        with pytest.raises(oss2.exceptions.ServerError) as refused:
            bucket.restore_object("key", input=how)
        assert (refused.value.status, refused.value.code) == (400, code)


def test_the_bucket_is_looked_at_before_the_key(oss: Any, root: Any) -> None:
    with pytest.raises(oss2.exceptions.NoSuchBucket):
        oss.bucket(root, "nothing-there").get_object("/a")


def test_lists_of_uploads_have_delimiters_and_encodings(bucket: oss2.Bucket) -> None:
    for key in ("a/1", "a/2", "b&c"):
        bucket.init_multipart_upload(key)
    found = bucket.list_multipart_uploads(delimiter="/")
    assert ([one.key for one in found.upload_list], found.prefix_list) == (["b&c"], ["a/"])


def test_the_list_of_live_channels_is_empty(bucket: oss2.Bucket) -> None:
    assert bucket.list_live_channel().channels == []

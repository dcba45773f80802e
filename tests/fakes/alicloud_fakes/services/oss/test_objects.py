"""OSS as `oss2` sees it, with both signature versions, through both doors."""

from __future__ import annotations

import io
import re
from typing import Any

import oss2
import pytest
import requests

from alicloud_fakes.services.oss.models import StoredObject


@pytest.fixture
def bucket(oss: Any, root: Any) -> oss2.Bucket:
    bucket = oss.bucket(root, "data-of-a")
    bucket.create_bucket()
    return bucket


def test_buckets_are_created_listed_described_and_deleted(oss: Any, root: Any) -> None:
    names = ["alpha", "beta-1", "beta-2"]
    for name in names:
        oss.bucket(root, name).create_bucket("public-read")
    assert [one.name for one in oss.service(root).list_buckets().buckets] == names
    first = oss.service(root).list_buckets(prefix="beta", max_keys=1)
    assert ([one.name for one in first.buckets], first.is_truncated) == (["beta-1"], True)
    rest = oss.service(root).list_buckets(prefix="beta", marker=first.next_marker)
    assert ([one.name for one in rest.buckets], rest.is_truncated) == (["beta-2"], False)
    bucket = oss.bucket(root, "alpha")
    info = bucket.get_bucket_info()
    assert (info.name, info.acl.grant, info.owner.id) == ("alpha", "public-read", "11223344")
    assert bucket.get_bucket_location().location == "oss-cn-hangzhou"
    bucket.put_bucket_acl("private")
    assert bucket.get_bucket_acl().acl == "private"
    bucket.delete_bucket()
    with pytest.raises(oss2.exceptions.NoSuchBucket):
        bucket.get_bucket_info()


def test_a_bucket_name_is_taken_in_the_whole_cloud(door: Any, oss: Any, bucket: oss2.Bucket) -> None:
    other = oss.bucket(door.cloud.account("company-b").root_key, bucket.bucket_name)
    with pytest.raises(oss2.exceptions.ServerError) as refused:
        other.create_bucket()
    assert (refused.value.status, refused.value.code) == (409, "BucketAlreadyExists")
    bucket.create_bucket()  # the owner may ask again


@pytest.mark.parametrize("key", ["plain.txt", "a b/ü+%&=?#~*'.txt", "deep/er/and/deeper"])
def test_objects_come_back_as_they_were_put(bucket: oss2.Bucket, key: str) -> None:
    data = bytes(range(256)) * 3
    put = bucket.put_object(key, data, headers={"x-oss-meta-who": "me", "Cache-Control": "no-cache"})
    got = bucket.get_object(key)
    assert got.read() == data
    assert got.headers["x-oss-meta-who"] == "me"
    assert got.headers["Cache-Control"] == "no-cache"
    assert got.etag == put.etag
    head = bucket.head_object(key)
    assert (head.content_length, head.object_type, head.etag) == (len(data), "Normal", put.etag)
    assert bucket.get_object_meta(key).content_length == len(data)
    assert bucket.get_object(key, byte_range=(10, 19)).read() == data[10:20]
    assert bucket.get_object(key, byte_range=(None, 5)).read() == data[-5:]
    assert bucket.object_exists(key)
    bucket.delete_object(key)
    assert not bucket.object_exists(key)
    with pytest.raises(oss2.exceptions.NoSuchKey):
        bucket.get_object(key)
    with pytest.raises(oss2.exceptions.NotFound):
        bucket.head_object(key)
    bucket.delete_object(key)  # deleting what does not exist succeeds


def test_files_and_streams_are_uploaded(bucket: oss2.Bucket) -> None:
    bucket.put_object("file", io.BytesIO(b"from a file"))
    bucket.put_object("stream", (part for part in (b"from ", b"a stream")))
    assert bucket.get_object("file").read() == b"from a file"
    assert bucket.get_object("stream").read() == b"from a stream"


def test_lists_page_and_fold(bucket: oss2.Bucket) -> None:
    keys = sorted([f"logs/{day:02}/{hour}" for day in range(4) for hour in "ab"] + ["readme", "logs", "zé"])
    for key in keys:
        bucket.put_object(key, b"1")
    assert [one.key for one in oss2.ObjectIterator(bucket, max_keys=3)] == keys
    assert [one.key for one in oss2.ObjectIteratorV2(bucket, max_keys=3)] == keys
    folded = [one.key for one in oss2.ObjectIterator(bucket, prefix="logs/", delimiter="/", max_keys=3)]
    assert folded == ["logs/00/", "logs/01/", "logs/02/", "logs/03/"]
    folded = [one.key for one in oss2.ObjectIteratorV2(bucket, delimiter="/", max_keys=1)]
    assert folded == ["logs", "logs/", "readme", "zé"]
    after = bucket.list_objects_v2(start_after="logs/02/b").object_list
    assert [one.key for one in after] == ["logs/03/a", "logs/03/b", "readme", "zé"]
    with pytest.raises(oss2.exceptions.InvalidArgument):
        bucket.list_objects(max_keys=1001)


def test_many_objects_are_deleted_at_once(bucket: oss2.Bucket) -> None:
    for key in ("a", "b&<", "c"):
        bucket.put_object(key, b"1")
    with pytest.raises(oss2.exceptions.ServerError) as refused:
        bucket.delete_bucket()
    assert refused.value.code == "BucketNotEmpty"
    assert sorted(bucket.batch_delete_objects(["a", "b&<", "not there"]).deleted_keys) == ["a", "b&<", "not there"]
    assert [one.key for one in bucket.list_objects().object_list] == ["c"]


def test_copy_append_and_parts(bucket: oss2.Bucket) -> None:
    bucket.put_object("from", b"content", headers={"x-oss-meta-who": "me"})
    bucket.copy_object(bucket.bucket_name, "from", "to")
    assert bucket.head_object("to").headers["x-oss-meta-who"] == "me"
    at = bucket.append_object("log", 0, b"one").next_position
    assert bucket.append_object("log", at, b"two").next_position == 6
    assert bucket.get_object("log").read() == b"onetwo"
    with pytest.raises(oss2.exceptions.PositionNotEqualToLength):
        bucket.append_object("log", 1, b"three")
    upload = bucket.init_multipart_upload("parts").upload_id
    parts = [oss2.models.PartInfo(n, bucket.upload_part("parts", upload, n, b"%d" % n * 3).etag) for n in (1, 2)]
    assert [(one.key, one.upload_id) for one in bucket.list_multipart_uploads().upload_list] == [("parts", upload)]
    assert [part.part_number for part in bucket.list_parts("parts", upload).parts] == [1, 2]
    whole = bucket.complete_multipart_upload("parts", upload, parts)
    assert whole.etag == bucket.head_object("parts").etag
    assert bucket.get_object("parts").read() == b"111222"
    with pytest.raises(oss2.exceptions.NoSuchUpload):
        bucket.abort_multipart_upload("parts", upload)


def test_conditions_and_overwriting(bucket: oss2.Bucket) -> None:
    etag = bucket.put_object("key", b"1").etag
    with pytest.raises(oss2.exceptions.NotModified):
        bucket.get_object("key", headers={"If-None-Match": f'"{etag}"'})
    with pytest.raises(oss2.exceptions.PreconditionFailed):
        bucket.get_object("key", headers={"If-Match": '"other"'})
    with pytest.raises(oss2.exceptions.ServerError) as refused:
        bucket.put_object("key", b"2", headers={"x-oss-forbid-overwrite": "true"})
    assert refused.value.code == "FileAlreadyExists"
    assert bucket.get_object("key").read() == b"1"


def test_urls_are_signed_for_a_while(bucket: oss2.Bucket) -> None:
    url = bucket.sign_url("PUT", "by url/ä", 60, slash_safe=True, headers={"Content-Type": "text/plain"})
    assert requests.put(url, data=b"hello", headers={"Content-Type": "text/plain"}, timeout=5).status_code == 200
    url = bucket.sign_url("GET", "by url/ä", 60, slash_safe=True)
    assert requests.get(url, timeout=5).content == b"hello"
    changed = requests.get(url.replace("by%20url", "by%20other"), timeout=5)
    assert (changed.status_code, "SignatureDoesNotMatch" in changed.text) == (403, True)
    old = bucket.sign_url("GET", "by url/ä", -1, slash_safe=True) if "Expires" in url else None
    if old:
        assert "Request has expired" in requests.get(old, timeout=5).text


def test_errors_are_those_of_oss(door: Any, oss: Any, bucket: oss2.Bucket, root: Any) -> None:
    wrong = type("Key", (), {"id": root.id, "secret": "wrong"})
    with pytest.raises(oss2.exceptions.SignatureDoesNotMatch) as refused:
        oss.bucket(wrong, bucket.bucket_name).get_object("x")
    assert re.fullmatch("[0-9A-F]{24}", refused.value.request_id)
    unknown = type("Key", (), {"id": "FAKEnobody", "secret": "x"})
    with pytest.raises(oss2.exceptions.ServerError) as refused:
        oss.service(unknown).list_buckets()
    assert (refused.value.status, refused.value.code) == (403, "InvalidAccessKeyId")
    with pytest.raises(oss2.exceptions.ServerError) as refused:
        bucket.get_bucket_replication()
    assert (refused.value.status, refused.value.code) == (400, "NotImplemented")
    assert "replication" in refused.value.message
    assert door.cloud.calls.counts["oss:PutBucket"] == 1


def test_a_large_file_goes_up_in_parts_and_comes_down_in_ranges(bucket: oss2.Bucket, tmp_path: Any) -> None:
    source, copy = tmp_path / "source", tmp_path / "copy"
    source.write_bytes(bytes(range(256)) * 2000)
    store = oss2.ResumableStore(root=str(tmp_path))
    oss2.resumable_upload(bucket, "large", str(source), store, multipart_threshold=1, part_size=200_000, num_threads=2)
    assert bucket.head_object("large").object_type == "Multipart"
    back = oss2.ResumableDownloadStore(root=str(tmp_path))
    oss2.resumable_download(bucket, "large", str(copy), multiget_threshold=1, part_size=200_000, store=back)
    assert copy.read_bytes() == source.read_bytes()
    assert bucket.list_multipart_uploads().upload_list == []


def test_keys_with_control_characters_are_deleted_together(bucket: oss2.Bucket) -> None:
    keys = ["a\x0cb", "\x01", "<c>", "plain", "\U0010ff40"]
    for key in keys:
        bucket.put_object(key, "x")
    assert sorted(bucket.batch_delete_objects(keys).deleted_keys) == sorted(keys)
    assert not any(bucket.object_exists(key) for key in keys)


@pytest.mark.parametrize("sequential", [True, False])
def test_an_upload_in_order_has_a_digest(bucket: oss2.Bucket, sequential: bool) -> None:
    params = {"sequential": ""} if sequential else {}
    upload = bucket.init_multipart_upload("k", params=params).upload_id
    part = bucket.upload_part("k", upload, 1, "content", headers={"x-oss-complete-all": "yes"})
    bucket.complete_multipart_upload("k", upload, [oss2.models.PartInfo(1, part.etag)])
    assert ("content-md5" in bucket.get_object("k").headers) == sequential


@pytest.mark.parametrize("source", ["versionId=", "versionId=none", "other=1"])
def test_a_copy_of_a_version_that_is_not_named(bucket: oss2.Bucket, source: str) -> None:
    bucket.put_object("k", "x")
    name = bucket.bucket_name
    with pytest.raises(oss2.exceptions.ServerError):
        bucket._do("PUT", name, "copy", headers={"x-oss-copy-source": f"{name}/k?{source}"})
    assert not bucket.object_exists("copy")


def test_a_part_is_copied_from_an_older_version(bucket: oss2.Bucket) -> None:
    bucket.put_bucket_versioning(oss2.models.BucketVersioningConfig("Enabled"))
    old = bucket.put_object("k", "old").versionid
    bucket.put_object("k", "new")
    upload = bucket.init_multipart_upload("copy").upload_id
    part = bucket.upload_part_copy(bucket.bucket_name, "k", None, "copy", upload, 1, params={"versionId": old})
    bucket.complete_multipart_upload("copy", upload, [oss2.models.PartInfo(1, part.etag)])
    assert bucket.get_object("copy").read() == b"old"


@pytest.mark.parametrize("name", ["prefix", "delimiter", "key_marker", "versionid_marker"])
def test_list_filters_are_at_most_a_key_long(bucket: oss2.Bucket, name: str) -> None:
    bucket.put_object("k", "x")
    with pytest.raises(oss2.exceptions.InvalidArgument):
        bucket.list_object_versions(**{name: "a" * 1025})
    for listed in (bucket.list_objects, bucket.list_objects_v2):
        if name in {"prefix", "delimiter"}:
            with pytest.raises(oss2.exceptions.InvalidArgument):
                listed(**{name: "a" * 1025})


def test_encryption_is_said_when_an_upload_begins(bucket: oss2.Bucket) -> None:
    method = {"x-oss-server-side-encryption": "AES256"}
    upload = bucket.init_multipart_upload("k", headers=method).upload_id
    with pytest.raises(oss2.exceptions.InvalidArgument):
        bucket.upload_part("k", upload, 1, "content", headers=method)
    part = bucket.upload_part("k", upload, 1, "content")
    assert part.headers["x-oss-server-side-encryption"] == "AES256"
    parts = [oss2.models.PartInfo(1, part.etag)]
    with pytest.raises(oss2.exceptions.InvalidArgument):
        bucket.complete_multipart_upload("k", upload, parts, headers=method)
    bucket.complete_multipart_upload("k", upload, parts)


def test_parts_of_an_upload_in_order_follow_each_other(bucket: oss2.Bucket) -> None:
    upload = bucket.init_multipart_upload("k", params={"sequential": ""}).upload_id
    bucket.upload_part("k", upload, 1, "a")
    with pytest.raises(oss2.exceptions.ServerError) as refused:
        bucket.upload_part("k", upload, 3, "c")
    assert (refused.value.status, refused.value.code) == (400, "PartNotSequential")
    bucket.upload_part("k", upload, 2, "b")
    bucket.upload_part("k", upload, 1, "again")


def test_an_algorithm_for_data_alone_encrypts_nothing(bucket: oss2.Bucket) -> None:
    answer = bucket.put_object("k", "x", headers={"x-oss-server-side-data-encryption": "SM4"})
    assert not [name for name in answer.headers if name.startswith("x-oss-server-side-")]


def test_a_copy_of_a_symbolic_link_is_a_link(bucket: oss2.Bucket) -> None:
    bucket.put_object("target", b"content")
    bucket.put_symlink("target", "link", headers={"x-oss-meta-a": "1"})
    bucket.copy_object(bucket.bucket_name, "link", "copy")
    assert bucket.get_symlink("copy").target_key == "target"
    assert bucket.get_object("copy").read() == b"content"
    assert bucket.head_object("copy").object_type == "Symlink"


def test_nothing_is_copied_from_another_region(door: Any, bucket: oss2.Bucket) -> None:
    far = door.cloud.account("company-a").oss.create("far", region="cn-beijing")
    far.objects.put("k", StoredObject("k", b"1", "0" * 32, 0.0))
    upload = bucket.init_multipart_upload("parts").upload_id
    for copy in (
        lambda: bucket.copy_object("far", "k", "copy"),
        lambda: bucket.upload_part_copy("far", "k", None, "parts", upload, 1),
    ):
        with pytest.raises(oss2.exceptions.AccessDenied) as refused:
            copy()
        assert "same data center" in refused.value.message
    assert not bucket.object_exists("copy")

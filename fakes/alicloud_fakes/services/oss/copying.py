"""Copying objects, whole or as parts of an upload. The caller must be allowed to read the source, too."""

from __future__ import annotations

import re
from typing import Annotated
from urllib.parse import unquote

from alicloud_fakes.pipeline.declare import Pattern, Range, Wire
from alicloud_fakes.pipeline.registry import Reply
from alicloud_fakes.services.oss import bucket_permissions, oss, oss_condition_keys
from alicloud_fakes.services.oss.archives import check_restored
from alicloud_fakes.services.oss.checksum import crc64
from alicloud_fakes.services.oss.errors import OssError
from alicloud_fakes.services.oss.models import Bucket, Oss, Part, StoredObject
from alicloud_fakes.services.oss.multipart import PartRequest, upload_of
from alicloud_fakes.services.oss.object_making import CHECKSUM, about, check_overwrite, digest, make
from alicloud_fakes.services.oss.objects import effective_acl
from alicloud_fakes.services.oss.oss_answers import iso_time, xml_answer
from alicloud_fakes.services.oss.parameters import NewObjectRequest, ObjectRequest, bucket_of, object_arn
from alicloud_fakes.services.oss.preconditions import check_preconditions
from alicloud_fakes.services.oss.recognition import find_bucket
from alicloud_fakes.services.oss.versioning import find, headers_of, object_at, store, version_id

_RANGE = re.compile(r"bytes=(\d{1,18})-(\d{0,18})\Z")
# Directives are read in any case: ``COPY``, ``Copy``, ``copy``.
_DIRECTIVE = Pattern(r"(?i:copy|replace)?")


class _FromObject(ObjectRequest):
    source: Annotated[str, Wire("x-oss-copy-source")]
    if_match: Annotated[str, Wire("x-oss-copy-source-if-match")] = ""
    if_none_match: Annotated[str, Wire("x-oss-copy-source-if-none-match")] = ""
    if_modified_since: Annotated[str, Wire("x-oss-copy-source-if-modified-since")] = ""
    if_unmodified_since: Annotated[str, Wire("x-oss-copy-source-if-unmodified-since")] = ""


class CopyObject(_FromObject, NewObjectRequest):
    directive: Annotated[str, _DIRECTIVE, Wire("x-oss-metadata-directive")] = ""
    tagging_directive: Annotated[str, _DIRECTIVE, Wire("x-oss-tagging-directive")] = ""


class UploadPartCopy(_FromObject, PartRequest):
    # Clients repeat the version of the source in the query, where OSS ignores it.
    version_id: Annotated[str, Wire("versionId")] = ""
    part_number: Annotated[int, Range(1, 10000), Wire("partNumber")]
    range: Annotated[str, Wire("x-oss-copy-source-range")] = ""


@oss.action(CopyObject, on=object_arn, permission="oss:PutObject")
def copy_object(_: Oss, request: CopyObject) -> Reply:
    """Copy an object: with its metadata and its tags, or with those of the request."""
    source, found = _source(request)
    bucket = bucket_of(request)
    check_overwrite(bucket, request)
    copied = make(bucket, request, found.data, digest(found.data) if "-" in found.etag else found.etag)
    if request.directive.upper() != "REPLACE":
        kept = {name: value for name, value in found.headers.items() if not name.startswith("x-oss-server-side-")}
        copied.headers = kept | {
            name: value for name, value in copied.headers.items() if name.startswith("x-oss-server-side-")
        }
    if request.tagging_directive.upper() != "REPLACE":
        copied.tags = dict(found.tags)
    if found.kind == "Symlink":
        # The link itself is copied, not what it stands for.
        copied.kind, copied.target = found.kind, found.target
    store(bucket, copied)
    content = {"LastModified": iso_time(copied.modified), "ETag": f'"{copied.etag}"'}
    return xml_answer("CopyObjectResult", content, about(bucket, copied) | _from(source, found))


@oss.action(UploadPartCopy, on=object_arn, permission="oss:PutObject")
def upload_part_copy(_: Oss, request: UploadPartCopy) -> Reply:
    """Upload a part that is another object, or a range of one."""
    upload = upload_of(request)
    source, found = _source(request)
    data = found.data
    if request.range:
        match = _RANGE.match(request.range)
        first, last = (int(match[1]), int(match[2] or len(data) - 1)) if match else (1, 0)
        if not first <= last < len(data):
            raise OssError("InvalidArgument", f"Copy Range {request.range} is not valid.")
        data = data[first : last + 1]
    etag = digest(data)
    upload.parts[request.part_number] = Part(etag, data, request.call.time)
    content = {"LastModified": iso_time(request.call.time), "ETag": f'"{etag}"'}
    return xml_answer(
        "CopyPartResult", content, {"etag": f'"{etag}"', CHECKSUM: str(crc64(data)), **_from(source, found)}
    )


def _source(request: _FromObject) -> tuple[Bucket, StoredObject]:
    """The object that is copied, when the caller may read it and it is what the client expects."""
    path, _, query = request.source.partition("?")
    version = unquote(query.removeprefix("versionId=")) if query.startswith("versionId=") else ""
    if query and not version:
        raise OssError("InvalidArgument", "The version of the source is not valid.")
    name, _, key = unquote(path).lstrip("/").partition("/")
    bucket = find_bucket(request.call.cloud, name)
    if bucket is None:
        raise OssError("NoSuchBucket", BucketName=name)
    if bucket.region != bucket_of(request).region:
        raise OssError("AccessDenied", "Target object does not reside in the same data center as source object.")
    permission = "oss:GetObjectVersion" if version else "oss:GetObject"
    present = object_at(bucket, key, version)
    keys = oss_condition_keys.of_object(permission, present)
    acl = effective_acl(bucket, present)
    bucket_permissions.require_on_bucket(request.call, permission, [bucket.arn(key)], bucket, acl, keys)
    found = find(bucket, key, version)
    check_preconditions(
        found, request.if_match, request.if_none_match, request.if_modified_since, request.if_unmodified_since
    )
    check_restored(found, request.call.time)
    return bucket, found


def _from(source: Bucket, found: StoredObject) -> dict[str, str]:
    return {"x-oss-copy-source-version-id": version_id(found)} if headers_of(source, found) else {}

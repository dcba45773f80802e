"""Objects: put, copy, append, delete, and their access control lists."""

from __future__ import annotations

import base64
import hashlib
from typing import Annotated, Any
from urllib.parse import unquote

from alicloud_fakes.pipeline.declare import OneOf, Range, Wire
from alicloud_fakes.pipeline.registry import Reply
from alicloud_fakes.services.oss import access, oss
from alicloud_fakes.services.oss.answers import answer, encoder, iso_time, read_xml, xml_answer
from alicloud_fakes.services.oss.door import find_bucket
from alicloud_fakes.services.oss.errors import OssError
from alicloud_fakes.services.oss.models import Bucket, Oss, StoredObject
from alicloud_fakes.services.oss.parameters import (
    CONTENT_HEADERS,
    META,
    BucketRequest,
    Content,
    ObjectAcl,
    ObjectRequest,
    StorageClass,
    bucket_of,
    object_arn,
    object_of,
    owner,
)

MOST_DELETED = 1000
_DEFAULT_TYPE = "application/octet-stream"


class PutObject(ObjectRequest):
    body: Content = ""
    acl: ObjectAcl = "default"
    storage_class: StorageClass = ""
    content_md5: Annotated[str, Wire("content-md5")] = ""
    forbid_overwrite: Annotated[bool, Wire("x-oss-forbid-overwrite")] = False


class CopyObject(ObjectRequest):
    source: Annotated[str, Wire("x-oss-copy-source")]
    acl: ObjectAcl = "default"
    storage_class: StorageClass = ""
    directive: Annotated[str, OneOf("COPY", "REPLACE"), Wire("x-oss-metadata-directive")] = "COPY"
    forbid_overwrite: Annotated[bool, Wire("x-oss-forbid-overwrite")] = False


class AppendObject(ObjectRequest):
    position: Annotated[int, Range(0, 1 << 40), Wire("position")]
    body: Content = ""
    acl: ObjectAcl = "default"


class DeleteObject(ObjectRequest):
    pass


class DeleteMultipleObjects(BucketRequest):
    body: Content
    encoding_type: Annotated[str, OneOf("", "url"), Wire("encoding-type")] = ""


class PutObjectAcl(ObjectRequest):
    acl: ObjectAcl


class GetObjectAcl(ObjectRequest):
    pass


def content_headers(request: ObjectRequest) -> dict[str, str]:
    """The headers that a request stores with an object."""
    given = request.call.parameters
    stored = {name: value for name, value in given.items() if name in CONTENT_HEADERS or name.startswith(META)}
    stored.setdefault("content-type", _DEFAULT_TYPE)
    return stored


def make(request: ObjectRequest, data: bytes, etag: str = "") -> StoredObject:
    """An object that is not in its bucket yet."""
    return StoredObject(
        request.key,
        data,
        etag or hashlib.md5(data, usedforsecurity=False).hexdigest().upper(),
        request.call.time,
        content_headers(request),
    )


def check_overwrite(bucket: Bucket, key: str, forbid: bool) -> None:  # noqa: FBT001 - the client's own flag
    """Refuse to overwrite, where the client said so."""
    if forbid and key in bucket.objects:
        raise OssError("FileAlreadyExists", Key=key)


@oss.action(PutObject, on=object_arn)
def put_object(_: Oss, request: PutObject) -> Reply:
    """Put an object, over one of the same key."""
    bucket = bucket_of(request)
    check_overwrite(bucket, request.key, request.forbid_overwrite)
    data = request.body.encode("latin-1")
    if request.content_md5:
        digest = base64.b64encode(hashlib.md5(data, usedforsecurity=False).digest()).decode()
        if digest != request.content_md5:
            raise OssError("InvalidDigest")
    made = make(request, data)
    made.acl = request.acl
    made.storage_class = request.storage_class or bucket.storage_class
    bucket.objects.put(request.key, made)
    content_md5 = base64.b64encode(bytes.fromhex(made.etag)).decode()
    return answer(headers={"etag": f'"{made.etag}"', "content-md5": content_md5})


@oss.action(CopyObject, on=object_arn, permission="oss:PutObject")
def copy_object(_: Oss, request: CopyObject) -> Reply:
    """Copy an object. The caller must be allowed to read the source, too."""
    source, found = _source(request)
    access.require(request.call, "oss:GetObject", [source.arn(found.key)], source, effective_acl(source, found), {})
    bucket = bucket_of(request)
    check_overwrite(bucket, request.key, request.forbid_overwrite)
    copied = make(request, found.data, found.etag)
    if request.directive == "COPY":
        copied.headers = dict(found.headers)
    copied.acl = request.acl
    copied.storage_class = request.storage_class or bucket.storage_class
    bucket.objects.put(request.key, copied)
    content = {"LastModified": iso_time(copied.modified), "ETag": f'"{copied.etag}"'}
    return xml_answer("CopyObjectResult", content)


def _source(request: CopyObject) -> tuple[Bucket, StoredObject]:
    name, _, key = unquote(request.source).lstrip("/").partition("/")
    bucket = find_bucket(request.call.cloud, name)
    if bucket is None:
        raise OssError("NoSuchBucket", BucketName=name)
    found = bucket.objects.get(key)
    if found is None:
        raise OssError("NoSuchKey", Key=key)
    return bucket, found


def effective_acl(bucket: Bucket, found: StoredObject | None) -> str:
    """The access control list that holds for an object."""
    return bucket.acl if found is None or found.acl == "default" else found.acl


@oss.action(AppendObject, on=object_arn, permission="oss:PutObject")
def append_object(_: Oss, request: AppendObject) -> Reply:
    """Append to an object, or begin one."""
    bucket = bucket_of(request)
    present = bucket.objects.get(request.key)
    if present is not None and present.kind != "Appendable":
        raise OssError("ObjectNotAppendable", Key=request.key)
    before = present.data if present is not None else b""
    if request.position != len(before):
        refusal = OssError("PositionNotEqualToLength", Key=request.key)
        refusal.headers["x-oss-next-append-position"] = str(len(before))
        raise refusal
    made = make(request, before + request.body.encode("latin-1"))
    made.kind = "Appendable"
    made.acl = present.acl if present is not None else request.acl
    if present is not None:
        made.headers = present.headers
    bucket.objects.put(request.key, made)
    return answer(headers={"etag": f'"{made.etag}"', "x-oss-next-append-position": str(len(made.data))})


@oss.action(DeleteObject, on=object_arn)
def delete_object(_: Oss, request: DeleteObject) -> Reply:
    """Delete an object; one that is not there is no error."""
    bucket_of(request).objects.remove(request.key)
    return answer(204)


def keys_to_delete(body: str) -> tuple[list[str], bool]:
    """Keys in the body of DeleteMultipleObjects, and whether the answer lists them.

    Raises:
        OssError: MalformedXML.
    """
    root = read_xml(body, "Delete")
    keys = [(node.findtext("Key") or "") for node in root.findall("Object")]
    if not 0 < len(keys) <= MOST_DELETED or not all(keys):
        raise OssError("MalformedXML")
    return keys, (root.findtext("Quiet") or "").strip() != "true"


def _each(request: DeleteMultipleObjects) -> tuple[str, ...]:
    bucket = bucket_of(request)
    return tuple(bucket.arn(key) for key in keys_to_delete(request.body)[0])


@oss.action(DeleteMultipleObjects, on=_each, permission="oss:DeleteObject")
def delete_multiple_objects(_: Oss, request: DeleteMultipleObjects) -> Reply:
    """Delete up to 1000 objects, all or, when one is not allowed, none (unconfirmed.OSS_POLICY_ON_DELETE_MULTIPLE)."""
    keys, verbose = keys_to_delete(request.body)
    bucket = bucket_of(request)
    for key in keys:
        bucket.objects.remove(key)
    if not verbose:
        return answer()
    content: dict[str, Any] = {"EncodingType": request.encoding_type} if request.encoding_type else {}
    code = encoder(request.encoding_type)
    return xml_answer("DeleteResult", {**content, "Deleted": [{"Key": code(key)} for key in keys]})


@oss.action(PutObjectAcl, on=object_arn)
def put_object_acl(_: Oss, request: PutObjectAcl) -> Reply:
    """Set the access control list of an object."""
    object_of(request).acl = request.acl
    return answer()


@oss.action(GetObjectAcl, on=object_arn)
def get_object_acl(_: Oss, request: GetObjectAcl) -> Reply:
    """Show the access control list of an object."""
    found = object_of(request)
    content = {"Owner": owner(bucket_of(request)), "AccessControlList": {"Grant": found.acl}}
    return xml_answer("AccessControlPolicy", content)

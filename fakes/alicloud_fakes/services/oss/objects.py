"""Objects: put, append, delete, and their access control lists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from alicloud_fakes.pipeline.declare import OneOf, Range, Wire
from alicloud_fakes.pipeline.registry import Reply
from alicloud_fakes.services.oss import bucket_permissions, oss
from alicloud_fakes.services.oss.configurations import public_access_blocked
from alicloud_fakes.services.oss.errors import OssError
from alicloud_fakes.services.oss.models import Bucket, Oss, StoredObject
from alicloud_fakes.services.oss.object_making import (
    ContentRequest,
    about,
    check_overwrite,
    content_md5,
    content_of,
    digest,
    make,
)
from alicloud_fakes.services.oss.oss_answers import content_answer, encoder, read_xml, xml_answer
from alicloud_fakes.services.oss.parameters import (
    BucketRequest,
    Content,
    NewObjectRequest,
    ObjectAcl,
    VersionRequest,
    bucket_of,
    object_arn,
    object_of,
    owner,
)
from alicloud_fakes.services.oss.versioning import delete, headers_of, remove_version, store, version_id
from alicloud_fakes.services.oss.worm import check_unprotected

MOST_DELETED = 1000


class PutObject(ContentRequest, NewObjectRequest):
    pass


class AppendObject(ContentRequest, NewObjectRequest):
    position: Annotated[int, Range(0, 1 << 40), Wire("position")]


class DeleteObject(VersionRequest):
    pass


class DeleteMultipleObjects(BucketRequest):
    body: Content
    encoding_type: Annotated[str, OneOf("", "url"), Wire("encoding-type")] = ""


class PutObjectAcl(VersionRequest):
    acl: ObjectAcl


class GetObjectAcl(VersionRequest):
    pass


@oss.action(PutObject, on=object_arn)
def put_object(_: Oss, request: PutObject) -> Reply:
    """Put an object, over one of the same key."""
    bucket = bucket_of(request)
    check_overwrite(bucket, request)
    made = make(bucket, request, content_of(request))
    store(bucket, made)
    return content_answer(headers={**about(bucket, made), "content-md5": content_md5(made.etag)})


@oss.action(AppendObject, on=object_arn, permission="oss:PutObject")
def append_object(_: Oss, request: AppendObject) -> Reply:
    """Append to an object, or begin one. Appending makes no version of its own."""
    bucket = bucket_of(request)
    data = content_of(request)
    present = bucket.objects.get(request.key)
    _check_position(request, present)
    if present is None:
        present = make(bucket, request, data)
        present.kind = "Appendable"
        store(bucket, present)
    else:
        present.data += data
        present.etag, present.checksum, present.modified = digest(present.data), None, request.call.time
    return content_answer(headers={**about(bucket, present), "x-oss-next-append-position": str(len(present.data))})


def _check_position(request: AppendObject, present: StoredObject | None) -> None:
    if present is not None and present.kind != "Appendable":
        raise OssError("ObjectNotAppendable", Key=request.key)
    length = len(present.data) if present is not None else 0
    if request.position != length:
        refusal = OssError("PositionNotEqualToLength", Key=request.key)
        refusal.headers["x-oss-next-append-position"] = str(length)
        raise refusal


@oss.action(DeleteObject, on=object_arn)
def delete_object(_: Oss, request: DeleteObject) -> Reply:
    """Delete an object, or one of its versions for good; one that does not exist is not an error."""
    bucket = bucket_of(request)
    gone = _delete(bucket, request.key, request.version_id, request.call.time)
    return content_answer(204, headers_of(bucket, gone))


def _delete(bucket: Bucket, key: str, version: str, now: float) -> StoredObject | None:
    """Delete, and return the version that was deleted for good, or the delete marker that was left."""
    check_unprotected(bucket, key, now)
    return remove_version(bucket, key, version) if version else delete(bucket, key, now)


@dataclass(frozen=True, slots=True)
class _Unwanted:
    key: str
    version: str


def to_delete(body: str) -> tuple[list[_Unwanted], bool]:
    """Objects in the body of DeleteMultipleObjects, and whether the answer lists them.

    Raises:
        OssError: MalformedXML.
    """
    root = read_xml(body, "Delete", control_characters=True)
    found = [_Unwanted(one.findtext("Key") or "", one.findtext("VersionId") or "") for one in root.findall("Object")]
    if not 0 < len(found) <= MOST_DELETED or not all(one.key for one in found):
        raise OssError("MalformedXML")
    return found, (root.findtext("Quiet") or "").strip() != "true"


def _each(request: DeleteMultipleObjects) -> tuple[str, ...]:
    bucket = bucket_of(request)
    return tuple(bucket.arn(one.key) for one in to_delete(request.body)[0])


@oss.action(DeleteMultipleObjects, on=_each, permission="oss:DeleteObject")
def delete_multiple_objects(_: Oss, request: DeleteMultipleObjects) -> Reply:
    """Delete up to 1000 objects, all or, when one is not allowed, none (unconfirmed.OSS_POLICY_ON_DELETE_MULTIPLE)."""
    unwanted, verbose = to_delete(request.body)
    bucket = bucket_of(request)
    if any(one.version for one in unwanted):
        bucket_permissions.require_on_bucket(
            request.call, "oss:DeleteObjectVersion", _each(request), bucket, bucket.acl, {}
        )
    code = encoder(request.encoding_type)
    deleted: list[dict[str, Any]] = []
    for one in unwanted:
        gone = _delete(bucket, one.key, one.version, request.call.time)
        shown: dict[str, Any] = {"Key": code(one.key)}
        if one.version:
            shown["VersionId"] = one.version
        if gone is not None and gone.deleted:
            shown |= {"DeleteMarker": True, "DeleteMarkerVersionId": version_id(gone)}
        deleted.append(shown)
    if not verbose:
        return content_answer()
    content: dict[str, Any] = {"EncodingType": request.encoding_type} if request.encoding_type else {}
    return xml_answer("DeleteResult", {**content, "Deleted": deleted})


def effective_acl(bucket: Bucket, found: StoredObject | None) -> str:
    """The access control list that holds for an object; a block of public access leaves none open."""
    if public_access_blocked(bucket):
        return "private"
    return bucket.acl if found is None or found.acl == "default" else found.acl


@oss.action(PutObjectAcl, on=object_arn)
def put_object_acl(_: Oss, request: PutObjectAcl) -> Reply:
    """Set the access control list of an object."""
    found = object_of(request)
    bucket = bucket_of(request)
    if request.acl.startswith("public") and public_access_blocked(bucket):
        raise OssError("AccessDenied", "Put public object acl is not allowed")
    found.acl = request.acl
    return content_answer(headers=headers_of(bucket, found))


@oss.action(GetObjectAcl, on=object_arn)
def get_object_acl(_: Oss, request: GetObjectAcl) -> Reply:
    """Show the access control list of an object."""
    found = object_of(request)
    bucket = bucket_of(request)
    content = {"Owner": owner(bucket), "AccessControlList": {"Grant": found.acl}}
    return xml_answer("AccessControlPolicy", content, headers_of(bucket, found))

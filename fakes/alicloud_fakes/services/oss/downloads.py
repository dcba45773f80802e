"""Reading objects: whole, in part, or only what is known about them."""

from __future__ import annotations

import re
from typing import Annotated

from alicloud_fakes.pipeline.declare import Wire
from alicloud_fakes.pipeline.registry import Reply
from alicloud_fakes.services.oss import oss
from alicloud_fakes.services.oss.archives import check_restored, restoration
from alicloud_fakes.services.oss.checksum import checksum_of
from alicloud_fakes.services.oss.errors import OssError
from alicloud_fakes.services.oss.models import Bucket, Oss, StoredObject
from alicloud_fakes.services.oss.object_making import CHECKSUM, content_md5
from alicloud_fakes.services.oss.oss_answers import content_answer, http_time
from alicloud_fakes.services.oss.parameters import META, VersionRequest, bucket_of, object_arn, object_of
from alicloud_fakes.services.oss.preconditions import ConditionalRequest, check_preconditions
from alicloud_fakes.services.oss.versioning import headers_of

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})\Z")
_OVERRIDES = ("content-type", "content-language", "expires", "cache-control", "content-disposition", "content-encoding")


class GetObject(ConditionalRequest):
    range: Annotated[str, Wire("range")] = ""
    response_content_type: Annotated[str, Wire("response-content-type")] = ""
    response_content_language: Annotated[str, Wire("response-content-language")] = ""
    response_expires: Annotated[str, Wire("response-expires")] = ""
    response_cache_control: Annotated[str, Wire("response-cache-control")] = ""
    response_content_disposition: Annotated[str, Wire("response-content-disposition")] = ""
    response_content_encoding: Annotated[str, Wire("response-content-encoding")] = ""


class HeadObject(ConditionalRequest):
    pass


class GetObjectMeta(VersionRequest):
    pass


def _read(request: ConditionalRequest) -> tuple[StoredObject, dict[str, str]]:
    """The object that is read, and the headers of the answer; a symbolic link is followed."""
    bucket = bucket_of(request)
    named = object_of(request)
    found = _followed(bucket, named)
    check_preconditions(
        found, request.if_match, request.if_none_match, request.if_modified_since, request.if_unmodified_since
    )
    return found, _headers(bucket, named, found, request.call.time)


def _followed(bucket: Bucket, named: StoredObject) -> StoredObject:
    if named.kind != "Symlink":
        return named
    found = bucket.objects.get(named.target)
    if found is None or found.kind == "Symlink":
        raise OssError("SymlinkTargetNotExist", Key=named.target)
    return found


def _headers(bucket: Bucket, named: StoredObject, found: StoredObject, now: float) -> dict[str, str]:
    headers = {
        **found.headers,
        **{name: value for name, value in named.headers.items() if name.startswith(META)},
        **_brief(found),
        "accept-ranges": "bytes",
        "x-oss-object-type": named.kind,
        "x-oss-storage-class": found.storage_class,
        **headers_of(bucket, named),
    }
    restored = restoration(found, now)
    if restored:
        headers["x-oss-restore"] = restored
    md5 = content_md5(found.etag)
    if md5:
        headers["content-md5"] = md5
    if found.tags:
        headers["x-oss-tagging-count"] = str(len(found.tags))
    if found.kind == "Appendable":
        headers["x-oss-next-append-position"] = str(len(found.data))
    return headers


def _brief(found: StoredObject) -> dict[str, str]:
    return {
        "etag": f'"{found.etag}"',
        "last-modified": http_time(found.modified),
        CHECKSUM: str(checksum_of(found)),
    }


def _part(text: str, size: int) -> tuple[int, int] | None:
    """First and last byte of a range; None for the whole, also when the range makes no sense, as OSS does."""
    match = _RANGE.match(text)
    if match is None or not (match[1] or match[2]):
        return None
    if not match[1]:
        length = int(match[2])
        return (max(0, size - length), size - 1) if length > 0 and size else None
    first = int(match[1])
    last = min(int(match[2]), size - 1) if match[2] else size - 1
    return (first, last) if first <= last else None


@oss.action(GetObject, on=object_arn)
def get_object(_: Oss, request: GetObject) -> Reply:
    """Get an object, or a range of it."""
    found, headers = _read(request)
    check_restored(found, request.call.time)
    for name in _OVERRIDES:
        value = getattr(request, f"response_{name.replace('-', '_')}")
        if value:
            if request.call.caller is None:
                raise OssError("InvalidArgument", "Anonymous requests cannot change the headers of the answer.")
            headers[name] = value
    part = _part(request.range, len(found.data)) if request.range else None
    if part is None:
        return content_answer(headers=headers, body=found.data)
    first, last = part
    headers["content-range"] = f"bytes {first}-{last}/{len(found.data)}"
    return content_answer(206, headers, found.data[first : last + 1])


@oss.action(HeadObject, on=object_arn, permission="oss:GetObject")
def head_object(_: Oss, request: HeadObject) -> Reply:
    """Say what is known about an object."""
    found, headers = _read(request)
    return content_answer(headers=headers, length=len(found.data))


@oss.action(GetObjectMeta, on=object_arn, permission="oss:GetObject")
def get_object_meta(_: Oss, request: GetObjectMeta) -> Reply:
    """Say the least about an object: size, tag and date."""
    bucket = bucket_of(request)
    named = object_of(request)
    found = _followed(bucket, named)
    return content_answer(headers=_brief(found) | headers_of(bucket, named), length=len(found.data))

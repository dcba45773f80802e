"""Reading objects: whole, in part, or only what is known about them."""

from __future__ import annotations

import calendar
import re
from email.utils import parsedate
from typing import Annotated

from alicloud_fakes.pipeline.declare import Wire
from alicloud_fakes.pipeline.registry import Reply
from alicloud_fakes.services.oss import oss
from alicloud_fakes.services.oss.answers import answer, http_time
from alicloud_fakes.services.oss.errors import OssError
from alicloud_fakes.services.oss.models import Oss, StoredObject
from alicloud_fakes.services.oss.parameters import ObjectRequest, object_arn, object_of

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})\Z")
_OVERRIDES = ("content-type", "content-language", "expires", "cache-control", "content-disposition", "content-encoding")


class _Reading(ObjectRequest):
    if_match: Annotated[str, Wire("if-match")] = ""
    if_none_match: Annotated[str, Wire("if-none-match")] = ""
    if_modified_since: Annotated[str, Wire("if-modified-since")] = ""
    if_unmodified_since: Annotated[str, Wire("if-unmodified-since")] = ""


class GetObject(_Reading):
    range: Annotated[str, Wire("range")] = ""
    response_content_type: Annotated[str, Wire("response-content-type")] = ""
    response_content_language: Annotated[str, Wire("response-content-language")] = ""
    response_expires: Annotated[str, Wire("response-expires")] = ""
    response_cache_control: Annotated[str, Wire("response-cache-control")] = ""
    response_content_disposition: Annotated[str, Wire("response-content-disposition")] = ""
    response_content_encoding: Annotated[str, Wire("response-content-encoding")] = ""


class HeadObject(_Reading):
    pass


class GetObjectMeta(ObjectRequest):
    pass


def _headers(found: StoredObject) -> dict[str, str]:
    headers = {
        **found.headers,
        "etag": f'"{found.etag}"',
        "last-modified": http_time(found.modified),
        "accept-ranges": "bytes",
        "x-oss-object-type": found.kind,
        "x-oss-storage-class": found.storage_class,
    }
    if found.kind == "Appendable":
        headers["x-oss-next-append-position"] = str(len(found.data))
    return headers


def _check(request: _Reading, found: StoredObject) -> None:
    unmodified, modified = _seconds(request.if_unmodified_since), _seconds(request.if_modified_since)
    if request.if_match and found.etag not in _etags(request.if_match):
        raise OssError("PreconditionFailed", Condition="If-Match")
    if unmodified is not None and int(found.modified) > unmodified:
        raise OssError("PreconditionFailed", Condition="If-Unmodified-Since")
    if request.if_none_match and found.etag in _etags(request.if_none_match):
        raise OssError("NotModified")
    if modified is not None and int(found.modified) <= modified:
        raise OssError("NotModified")


def _etags(text: str) -> list[str]:
    return [one.strip().strip('"') for one in text.split(",")]


def _seconds(text: str) -> int | None:
    parsed = parsedate(text) if text else None
    try:
        return calendar.timegm(parsed) if parsed else None
    except (ValueError, OverflowError):
        return None


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
    found = object_of(request)
    _check(request, found)
    headers = _headers(found)
    for name in _OVERRIDES:
        value = getattr(request, f"response_{name.replace('-', '_')}")
        if value:
            if request.call.caller is None:
                raise OssError("InvalidArgument", "Anonymous requests cannot change the headers of the answer.")
            headers[name] = value
    part = _part(request.range, len(found.data)) if request.range else None
    if part is None:
        return answer(headers=headers, body=found.data)
    first, last = part
    headers["content-range"] = f"bytes {first}-{last}/{len(found.data)}"
    return answer(206, headers, found.data[first : last + 1])


@oss.action(HeadObject, on=object_arn, permission="oss:GetObject")
def head_object(_: Oss, request: HeadObject) -> Reply:
    """Say what is known about an object."""
    found = object_of(request)
    _check(request, found)
    return answer(headers=_headers(found), length=len(found.data))


@oss.action(GetObjectMeta, on=object_arn, permission="oss:GetObject")
def get_object_meta(_: Oss, request: GetObjectMeta) -> Reply:
    """Say the least about an object: size, tag and date."""
    found = object_of(request)
    headers = {"etag": f'"{found.etag}"', "last-modified": http_time(found.modified)}
    return answer(headers=headers, length=len(found.data))

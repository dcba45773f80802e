"""Lists of objects, in both versions."""

from __future__ import annotations

import base64
import binascii
from typing import Annotated, Any

from alicloud_fakes.pipeline.declare import Length, OneOf, Range, Wire
from alicloud_fakes.pipeline.registry import Reply
from alicloud_fakes.services.oss import oss
from alicloud_fakes.services.oss.archives import restoration
from alicloud_fakes.services.oss.errors import OssError
from alicloud_fakes.services.oss.models import Bucket, Oss, StoredObject
from alicloud_fakes.services.oss.oss_answers import encoder, iso_time, xml_answer
from alicloud_fakes.services.oss.parameters import BucketRequest, bucket_arn, bucket_of, owner

_LAST = "\U0010ffff"


class ListObjects(BucketRequest):
    prefix: Annotated[str, Length(1024), Wire("prefix")] = ""
    delimiter: Annotated[str, Length(1024), Wire("delimiter")] = ""
    marker: Annotated[str, Length(1024), Wire("marker")] = ""
    max_keys: Annotated[int, Range(1, 1000), Wire("max-keys")] = 100
    encoding_type: Annotated[str, OneOf("", "url"), Wire("encoding-type")] = ""


class ListObjectsV2(BucketRequest):
    prefix: Annotated[str, Length(1024), Wire("prefix")] = ""
    delimiter: Annotated[str, Length(1024), Wire("delimiter")] = ""
    start_after: Annotated[str, Wire("start-after")] = ""
    continuation_token: Annotated[str, Wire("continuation-token")] = ""
    max_keys: Annotated[int, Range(1, 1000), Wire("max-keys")] = 100
    encoding_type: Annotated[str, OneOf("", "url"), Wire("encoding-type")] = ""
    fetch_owner: Annotated[bool, Wire("fetch-owner")] = False


class ListLiveChannel(BucketRequest):
    prefix: Annotated[str, Length(1024), Wire("prefix")] = ""
    marker: Annotated[str, Length(1024), Wire("marker")] = ""
    max_keys: Annotated[int, Range(1, 1000), Wire("max-keys")] = 100


def _context(request: ListObjects | ListObjectsV2) -> dict[str, str]:
    return {"oss:Prefix": request.prefix, "oss:Delimiter": request.delimiter}


def bucket_page(
    bucket: Bucket, prefix: str, delimiter: str, after: str, limit: int
) -> tuple[list[StoredObject], list[str], str]:
    """One page of a bucket: objects, common prefixes, and where the next page begins after; empty at the end.

    The cost is that of what is listed: what a common prefix stands for is jumped over.
    """
    objects = bucket.objects
    found: list[StoredObject] = []
    prefixes: list[str] = []
    if after and delimiter and after.startswith(prefix) and delimiter in after[len(prefix) :]:
        # A page that ended with a common prefix goes on behind everything that the prefix stands for.
        after = after[: after.index(delimiter, len(prefix)) + len(delimiter)] + _LAST
    position = max(objects.after(after) if after else 0, objects.at_or_after(prefix))
    last = ""
    while (entry := objects.at(position)) is not None and entry[0].startswith(prefix):
        if len(found) + len(prefixes) == limit:
            return found, prefixes, last
        key, value = entry
        cut = key.find(delimiter, len(prefix)) if delimiter else -1
        if cut < 0:
            found.append(value)
            last = key
            position += 1
        else:
            last = key[: cut + len(delimiter)]
            prefixes.append(last)
            position = objects.at_or_after(last + _LAST)
    return found, prefixes, ""


def _entry(bucket: Bucket, one: StoredObject, encoding_type: str, now: float) -> dict[str, Any]:
    restored = restoration(one, now)
    entry: dict[str, Any] = {"RestoreInfo": restored} if restored else {}
    return entry | {
        "Key": encoder(encoding_type)(one.key),
        "LastModified": iso_time(one.modified),
        "ETag": f'"{one.etag}"',
        "Type": one.kind,
        "Size": len(one.data),
        "StorageClass": one.storage_class,
        "Owner": owner(bucket),
    }


@oss.action(ListObjects, on=bucket_arn, context=_context)
def list_objects(_: Oss, request: ListObjects) -> Reply:
    """List objects of a bucket by key."""
    bucket = bucket_of(request)
    found, prefixes, following = bucket_page(
        bucket, request.prefix, request.delimiter, request.marker, request.max_keys
    )
    code = encoder(request.encoding_type)
    content: dict[str, Any] = {
        "Name": bucket.name,
        "Prefix": code(request.prefix),
        "Marker": code(request.marker),
        "MaxKeys": request.max_keys,
        "Delimiter": code(request.delimiter),
        "IsTruncated": bool(following),
    }
    if request.encoding_type:
        content["EncodingType"] = request.encoding_type
    if following:
        content["NextMarker"] = code(following)
    content["Contents"] = [_entry(bucket, one, request.encoding_type, request.call.time) for one in found]
    content["CommonPrefixes"] = [{"Prefix": code(prefix)} for prefix in prefixes]
    return xml_answer("ListBucketResult", content)


@oss.action(ListObjectsV2, on=bucket_arn, context=_context, permission="oss:ListObjects")
def list_objects_v2(_: Oss, request: ListObjectsV2) -> Reply:
    """List objects of a bucket by key, with continuation tokens."""
    bucket = bucket_of(request)
    after = _open_token(request.continuation_token) or request.start_after
    found, prefixes, following = bucket_page(bucket, request.prefix, request.delimiter, after, request.max_keys)
    code = encoder(request.encoding_type)
    content: dict[str, Any] = {
        "Name": bucket.name,
        "Prefix": code(request.prefix),
        "StartAfter": code(request.start_after),
        "MaxKeys": request.max_keys,
        "Delimiter": code(request.delimiter),
        "IsTruncated": bool(following),
        "KeyCount": len(found) + len(prefixes),
    }
    if request.encoding_type:
        content["EncodingType"] = request.encoding_type
    if request.continuation_token:
        content["ContinuationToken"] = request.continuation_token
    if following:
        content["NextContinuationToken"] = base64.b64encode(following.encode()).decode()
    entries = [_entry(bucket, one, request.encoding_type, request.call.time) for one in found]
    if not request.fetch_owner:
        for entry in entries:
            del entry["Owner"]
    content["Contents"] = entries
    content["CommonPrefixes"] = [{"Prefix": code(prefix)} for prefix in prefixes]
    return xml_answer("ListBucketResult", content)


def _open_token(token: str) -> str:
    try:
        return base64.b64decode(token, validate=True).decode()
    except (ValueError, binascii.Error):
        raise OssError("InvalidArgument", "The continuation token provided is incorrect") from None


@oss.action(ListLiveChannel, on=bucket_arn)
def list_live_channel(_: Oss, request: ListLiveChannel) -> Reply:
    """List live channels: there are none, since none can be made."""
    content = {
        "Prefix": request.prefix,
        "Marker": request.marker,
        "MaxKeys": request.max_keys,
        "IsTruncated": False,
        "NextMarker": "",
    }
    return xml_answer("ListLiveChannelResult", content)

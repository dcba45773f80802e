"""Lists of the versions of objects, with delete markers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from alicloud_fakes.pipeline.declare import Length, OneOf, Range, Wire
from alicloud_fakes.pipeline.registry import Reply
from alicloud_fakes.services.oss import oss
from alicloud_fakes.services.oss.archives import restoration
from alicloud_fakes.services.oss.errors import OssError
from alicloud_fakes.services.oss.models import Bucket, Oss, StoredObject
from alicloud_fakes.services.oss.oss_answers import encoder, iso_time, xml_answer
from alicloud_fakes.services.oss.parameters import BucketRequest, bucket_arn, bucket_of, owner
from alicloud_fakes.services.oss.versioning import version_id, versions_of


class ListObjectVersions(BucketRequest):
    prefix: Annotated[str, Length(1024), Wire("prefix")] = ""
    delimiter: Annotated[str, Length(1024), Wire("delimiter")] = ""
    key_marker: Annotated[str, Length(1024), Wire("key-marker")] = ""
    version_id_marker: Annotated[str, Length(1024), Wire("version-id-marker")] = ""
    max_keys: Annotated[int, Range(1, 1000), Wire("max-keys")] = 100
    encoding_type: Annotated[str, OneOf("", "url"), Wire("encoding-type")] = ""


@oss.action(ListObjectVersions, on=bucket_arn)
def list_object_versions(_: Oss, request: ListObjectVersions) -> Reply:
    """List versions and delete markers by key, the newest of each first."""
    bucket = bucket_of(request)
    code = encoder(request.encoding_type)
    page: list[str | StoredObject] = []
    truncated = False
    for one in _behind(bucket, request):
        if len(page) == request.max_keys:
            truncated = True
            break
        page.append(one)
    versions = [one for one in page if isinstance(one, StoredObject)]
    content: dict[str, Any] = {
        "Name": bucket.name,
        "Prefix": code(request.prefix),
        "KeyMarker": code(request.key_marker),
        "VersionIdMarker": request.version_id_marker,
        "MaxKeys": request.max_keys,
        "Delimiter": code(request.delimiter),
        "IsTruncated": truncated,
    }
    if request.encoding_type:
        content["EncodingType"] = request.encoding_type
    if truncated:
        last = page[-1]
        content["NextKeyMarker"] = code(last if isinstance(last, str) else last.key)
        content["NextVersionIdMarker"] = "" if isinstance(last, str) else version_id(last)
    content["Version"] = [
        _version(bucket, one, code(one.key), request.call.time) for one in versions if not one.deleted
    ]
    content["DeleteMarker"] = [_brief(bucket, one, code(one.key)) for one in versions if one.deleted]
    content["CommonPrefixes"] = [{"Prefix": code(one)} for one in page if isinstance(one, str)]
    return xml_answer("ListVersionsResult", content)


def _behind(bucket: Bucket, request: ListObjectVersions) -> Iterator[str | StoredObject]:
    """Versions, and common prefixes of keys, behind the marker."""
    marker, version = request.key_marker, request.version_id_marker
    if version and not marker:
        raise OssError("InvalidArgument", "A version-id marker cannot be specified without a key marker.")
    keys = {one.key for one in bucket.objects} | {one[0].key for one in bucket.history}
    last = ""
    for key in sorted(keys):
        if not key.startswith(request.prefix) or key < marker or (key == marker and not version):
            continue
        cut = key.find(request.delimiter, len(request.prefix)) if request.delimiter else -1
        if cut >= 0:
            prefix = key[: cut + len(request.delimiter)]
            if prefix not in {last, marker}:
                yield prefix
            last = prefix
            continue
        kept = versions_of(bucket, key)
        if key == marker:
            ids = [version_id(one) for one in kept]
            kept = kept[ids.index(version) + 1 :] if version in ids else []
        yield from kept


def _brief(bucket: Bucket, one: StoredObject, key: str) -> dict[str, Any]:
    return {
        "Key": key,
        "VersionId": version_id(one),
        "IsLatest": versions_of(bucket, one.key)[0] is one,
        "LastModified": iso_time(one.modified),
        "Owner": owner(bucket),
    }


def _version(bucket: Bucket, one: StoredObject, key: str, now: float) -> dict[str, Any]:
    restored = restoration(one, now)
    return {
        **_brief(bucket, one, key),
        **({"RestoreInfo": restored} if restored else {}),
        "ETag": f'"{one.etag}"',
        "Type": one.kind,
        "Size": len(one.data),
        "StorageClass": one.storage_class,
    }

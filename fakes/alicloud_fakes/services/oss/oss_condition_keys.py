"""Condition keys that OSS gives a request beside those of every service.

Source: Alibaba Cloud, OSS, "Authorization syntax and elements of RAM policies".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from alicloud_fakes.services.oss.configurations import bucket_tags

if TYPE_CHECKING:
    from alicloud_fakes.services.oss.models import Bucket, StoredObject

_BUCKET_TAG, _EXISTING_TAG, _REQUEST_TAG = "oss:BucketTag/", "oss:ExistingObjectTag/", "oss:RequestObjectTag/"
# Reads of objects, and what is done with their tags.
_OF_EXISTING_TAGS = frozenset(
    f"oss:{verb}Object{version}{what}"
    for version in ("", "Version")
    for verb, what in (("Get", ""), ("Get", "Tagging"), ("Put", "Tagging"), ("Delete", "Tagging"))
)
_HEADERS = ("x-oss-acl", "x-oss-object-acl")


def of_bucket(bucket: Bucket) -> dict[str, str]:
    """The tags of a bucket."""
    return {f"{_BUCKET_TAG}{key}": value for key, value in bucket_tags(bucket).items()}


def of_object(permission: str, found: StoredObject | None) -> dict[str, str]:
    """The tags of the object that is read, or whose tags a request is about."""
    if found is None or permission not in _OF_EXISTING_TAGS:
        return {}
    return {f"{_EXISTING_TAG}{key}": value for key, value in found.tags.items()}


def of_request(parameters: Mapping[str, str]) -> dict[str, str]:
    """The access control list that a request sets, and the tags that its header gives a new object."""
    acl = {f"oss:{name}": parameters[name] for name in _HEADERS if parameters.get(name)}
    return acl | asked_tags(parse_qsl(parameters.get("x-oss-tagging", ""), keep_blank_values=True))


def asked_tags(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The tags that a request gives an object."""
    return {f"{_REQUEST_TAG}{key}": value for key, value in pairs}

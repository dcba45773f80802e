"""Making objects: what a request stores with the content."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping
from typing import Annotated
from urllib.parse import parse_qsl

from alicloud_fakes.pipeline.declare import Wire
from alicloud_fakes.services.oss import bucket_permissions, oss_condition_keys
from alicloud_fakes.services.oss.checksum import checksum_of, crc64
from alicloud_fakes.services.oss.configurations import ENCRYPTION_METHODS, value_of
from alicloud_fakes.services.oss.errors import OssError
from alicloud_fakes.services.oss.models import Bucket, StoredObject
from alicloud_fakes.services.oss.parameters import (
    CONTENT_HEADERS,
    META,
    Content,
    NewObjectRequest,
    ObjectRequest,
    OverwritingRequest,
)
from alicloud_fakes.services.oss.versioning import headers_of
from alicloud_fakes.services.oss.worm import check_unprotected

ENCRYPTION = "x-oss-server-side-encryption"
ENCRYPTION_KEY = "x-oss-server-side-encryption-key-id"
DATA_ENCRYPTION = "x-oss-server-side-data-encryption"
CHECKSUM = "x-oss-hash-crc64ecma"

_DEFAULT_TYPE = "application/octet-stream"
_RULE = "ApplyServerSideEncryptionByDefault"
_MOST_TAGS = 10
_TAG = re.compile(r"[\w +\-=.:/]*\Z")
_LONGEST_TAG_KEY, _LONGEST_TAG_VALUE = 128, 256


class ContentRequest(ObjectRequest):
    """A request that carries content, and perhaps the CRC-64 that the client computed of it."""

    body: Content = ""
    checksum: Annotated[str, Wire(CHECKSUM)] = ""


def content_of(request: ContentRequest) -> bytes:
    """The content that a request carries, held against its CRC-64.

    Raises:
        OssError: InvalidArgument.
    """
    data = request.body.encode("latin-1")
    if request.checksum and request.checksum != str(crc64(data)):
        raise OssError("InvalidArgument", f"The crc64 of the content is not what {CHECKSUM} says.")
    return data


def digest(data: bytes) -> str:
    """The ETag of some content: its MD5 in upper-case hexadecimals."""
    return hashlib.md5(data, usedforsecurity=False).hexdigest().upper()


def content_md5(etag: str) -> str:
    """The Content-MD5 that goes with an ETag; empty for an ETag that is not an MD5."""
    return "" if "-" in etag else base64.b64encode(bytes.fromhex(etag)).decode()


def check_overwrite(bucket: Bucket, request: OverwritingRequest) -> None:
    """Refuse to overwrite what the client wants to keep, or a retention policy protects."""
    check_unprotected(bucket, request.key, request.call.time)
    if request.forbid_overwrite and request.key in bucket.objects:
        raise OssError("FileAlreadyExists", Key=request.key)


def _stored_headers(bucket: Bucket, request: NewObjectRequest) -> dict[str, str]:
    """The headers that a request stores with an object: content, metadata, and how it is encrypted."""
    given = request.call.parameters
    stored = {name: value for name, value in given.items() if name in CONTENT_HEADERS or name.startswith(META)}
    stored.setdefault("content-type", _DEFAULT_TYPE)
    return stored | _encryption(bucket, request)


def _encryption(bucket: Bucket, request: NewObjectRequest) -> dict[str, str]:
    """Encryption of an object: as the request says, else the bucket's default. The content is kept as it is."""
    algorithm, key, data = request.encryption, request.encryption_key, request.data_encryption
    if not algorithm:
        if key:
            raise OssError("InvalidArgument", "x-oss-server-side-encryption is required with a key.")
        algorithm = value_of(bucket, "encryption", f"{_RULE}/SSEAlgorithm")
        key = value_of(bucket, "encryption", f"{_RULE}/KMSMasterKeyID")
        data = value_of(bucket, "encryption", f"{_RULE}/KMSDataEncryption")
    elif algorithm not in ENCRYPTION_METHODS:
        raise OssError("InvalidEncryptionAlgorithmError")
    if algorithm == "KMS":
        key = key or bucket.default_key
    elif data:
        data = ""
    headers = {ENCRYPTION: algorithm, ENCRYPTION_KEY: key, DATA_ENCRYPTION: data}
    return {name: value for name, value in headers.items() if value}


def tags_from(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The tags of an object.

    Raises:
        OssError: InvalidTag, for a key that occurs twice, a tag that is too long, or too many of them.
    """
    tags: dict[str, str] = {}
    for key, value in pairs:
        if not 0 < len(key) <= _LONGEST_TAG_KEY or len(value) > _LONGEST_TAG_VALUE or key in tags:
            raise OssError("InvalidTag")
        if not _TAG.match(key) or not _TAG.match(value):
            raise OssError("InvalidTag")
        tags[key] = value
    if len(tags) > _MOST_TAGS:
        raise OssError("InvalidTag", "The number of tags of an object is limited to 10.")
    return tags


def tags_of_header(text: str) -> dict[str, str]:
    """Tags as the header ``x-oss-tagging`` gives them: ``a=b&c=d``, percent-encoded."""
    return tags_from(parse_qsl(text, keep_blank_values=True))


def make(bucket: Bucket, request: NewObjectRequest, data: bytes, etag: str = "") -> StoredObject:
    """An object that is not in its bucket yet.

    Args:
        bucket: the bucket it will be in.
        request: what the client sent.
        data: the content.
        etag: the ETag; that of the content by default.

    Raises:
        OssError: AccessDenied, for tags that the caller may not set.
    """
    if request.tagging:
        keys = oss_condition_keys.of_request(request.call.parameters)
        bucket_permissions.require_on_bucket(
            request.call, "oss:PutObjectTagging", [bucket.arn(request.key)], bucket, "", keys
        )
    return StoredObject(
        request.key,
        data,
        etag or digest(data),
        request.call.time,
        _stored_headers(bucket, request),
        request.acl,
        storage_class=request.storage_class or bucket.storage_class,
        tags=tags_of_header(request.tagging),
    )


def about(bucket: Bucket, made: StoredObject) -> dict[str, str]:
    """Headers of the answer to a write that describe the object: tag, checksum, version, encryption."""
    encrypted = {
        name: made.headers[name] for name in (ENCRYPTION, ENCRYPTION_KEY, DATA_ENCRYPTION) if name in made.headers
    }
    return {
        "etag": f'"{made.etag}"',
        CHECKSUM: str(checksum_of(made)),
        **headers_of(bucket, made),
        **encrypted,
    }


def tag_set(tags: Mapping[str, str]) -> dict[str, object]:
    """Tags, as OSS shows them."""
    return {"TagSet": {"Tag": [{"Key": key, "Value": value} for key, value in tags.items()]}}

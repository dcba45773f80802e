"""Parameters that several actions of OSS share, and where buckets and objects are found."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from alicloud_fakes.pipeline.declare import ActionRequest, OneOf, ParameterRule, Pattern, Problem, Secret, Wire
from alicloud_fakes.services.oss.errors import OssError
from alicloud_fakes.services.oss.models import Bucket, StoredObject
from alicloud_fakes.services.oss.recognition import find_bucket
from alicloud_fakes.services.oss.versioning import find

LONGEST_KEY = 1023
CONTENT_HEADERS = (
    "content-type",
    "cache-control",
    "content-disposition",
    "content-encoding",
    "content-language",
    "expires",
)
META = "x-oss-meta-"
_HEADERS = frozenset(
    (*CONTENT_HEADERS, "content-md5", "range", "if-match", "if-none-match", "if-modified-since", "if-unmodified-since")
)


def is_header(name: str) -> bool:
    """True for parameters that are headers, and nothing when they are in the query."""
    return name in _HEADERS or name.startswith("x-oss-")


class ObjectKey(ParameterRule):
    """1 to 1023 bytes of UTF-8 that do not begin with a slash or a backslash."""

    __slots__ = ()

    def problem(self, value: str) -> Problem | None:
        """Too long, or a beginning that is refused."""
        if value.startswith(("/", "\\")):
            return Problem.FORMAT
        return None if len(value.encode("utf-8", "replace")) <= LONGEST_KEY else Problem.LENGTH


Content: TypeAlias = Annotated[str, Secret(), Wire("Body")]
BucketName: TypeAlias = Annotated[str, Pattern(r"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]")]
Key: TypeAlias = Annotated[str, ObjectKey()]
BucketAcl: TypeAlias = Annotated[str, OneOf("private", "public-read", "public-read-write"), Wire("x-oss-acl")]
ObjectAcl: TypeAlias = Annotated[
    str, OneOf("default", "private", "public-read", "public-read-write"), Wire("x-oss-object-acl")
]
StorageClass: TypeAlias = Annotated[
    str, OneOf("Standard", "IA", "Archive", "ColdArchive", "DeepColdArchive"), Wire("x-oss-storage-class")
]


class BucketRequest(ActionRequest):
    """A request about a bucket."""

    bucket: BucketName


class ObjectRequest(BucketRequest):
    """A request about an object."""

    key: Key


class VersionRequest(ObjectRequest):
    """A request about a version of an object, the newest by default."""

    version_id: Annotated[str, Wire("versionId")] = ""


class OverwritingRequest(ObjectRequest):
    """A request that puts an object in the place of one of the same key, unless the client forbids it."""

    forbid_overwrite: Annotated[bool, Wire("x-oss-forbid-overwrite")] = False


class NewObjectRequest(OverwritingRequest):
    """A request that makes an object, and stores content headers and ``x-oss-meta-*`` with it."""

    acl: ObjectAcl = "default"
    storage_class: StorageClass = ""
    tagging: Annotated[str, Wire("x-oss-tagging")] = ""
    encryption: Annotated[str, Wire("x-oss-server-side-encryption")] = ""
    encryption_key: Annotated[str, Wire("x-oss-server-side-encryption-key-id")] = ""
    data_encryption: Annotated[str, Wire("x-oss-server-side-data-encryption")] = ""


def bucket_of(request: BucketRequest) -> Bucket:
    """The bucket a request is about, or NoSuchBucket."""
    bucket = find_bucket(request.call.cloud, request.bucket)
    if bucket is None:
        raise OssError("NoSuchBucket", BucketName=request.bucket)
    return bucket


def object_of(request: VersionRequest) -> StoredObject:
    """The version of an object that a request is about, or the error that says why there is none."""
    return find(bucket_of(request), request.key, request.version_id)


def bucket_arn(request: BucketRequest) -> str:
    """Target of a permission about a bucket."""
    return bucket_of(request).arn()


def object_arn(request: ObjectRequest) -> str:
    """Target of a permission about an object."""
    return bucket_of(request).arn(request.key)


def owner(bucket: Bucket) -> dict[str, str]:
    """The owner of a bucket, as OSS shows it."""
    return {"ID": bucket.account.id, "DisplayName": bucket.account.id}

"""State of OSS in an account: buckets and their objects."""

from __future__ import annotations

import hashlib
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Generic, TypeVar

from ram_policies.document import DocumentKind
from ram_policies.evaluation.decision import Policy, PolicyType
from ram_policies.evaluation.policyset import PolicySet
from ram_policies.validation.parse import read_document

if TYPE_CHECKING:
    from alicloud_fakes.identity.account import Account

V = TypeVar("V")


@dataclass(slots=True, eq=False, repr=False)
class KeyIndex(Generic[V]):
    """Values by key, in the byte order of the keys. Unlike RAM's names, keys are case-sensitive."""

    _keys: list[str] = field(default_factory=list[str], init=False)
    _values: dict[str, V] = field(default_factory=dict[str, V], init=False)

    def __len__(self) -> int:
        return len(self._keys)

    def __iter__(self) -> Iterator[V]:
        for key in self._keys:
            yield self._values[key]

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def get(self, key: str) -> V | None:
        """The value of a key."""
        return self._values.get(key)

    def put(self, key: str, value: V) -> None:
        """Set the value of a key, new or not."""
        if key not in self._values:
            # Python orders text by code point, which is the order of its UTF-8 bytes.
            insort(self._keys, key)
        self._values[key] = value

    def remove(self, key: str) -> V | None:
        """Remove a key, if it is there."""
        value = self._values.pop(key, None)
        if value is not None:
            del self._keys[bisect_left(self._keys, key)]
        return value

    def after(self, key: str) -> int:
        """Position of the first key after this one."""
        return bisect_right(self._keys, key)

    def at_or_after(self, key: str) -> int:
        """Position of the first key that is not before this one."""
        return bisect_left(self._keys, key)

    def at(self, position: int) -> tuple[str, V] | None:
        """The key and value at a position; None behind the last."""
        if position >= len(self._keys):
            return None
        key = self._keys[position]
        return key, self._values[key]


@dataclass(slots=True, eq=False)
class StoredObject:
    """An object.

    Attributes:
        key: its name in the bucket.
        data: its content.
        etag: MD5 of the content in upper-case hexadecimals; of multipart uploads, something like it.
        modified: seconds since the epoch.
        headers: content headers and ``x-oss-meta-*``, names in lower case.
        acl: ``default`` follows the bucket.
        kind: ``Normal``, ``Appendable``, ``Multipart`` or ``Symlink``.
        storage_class: as OSS writes it.
        tags: by key.
        target: of a symbolic link, the key it stands for.
        version: ID of the version; empty where the bucket was never versioned.
        deleted: whether it is a delete marker: a version that marks the key as deleted.
        restored: when it is readable again after its restoration from an archive class, seconds since the epoch; 0 for
            never.
        checksum: CRC-64 of the content; None until somebody asks for it.
    """

    key: str
    data: bytes = field(repr=False)
    etag: str
    modified: float
    headers: dict[str, str] = field(default_factory=dict[str, str])
    acl: str = "default"
    kind: str = "Normal"
    storage_class: str = "Standard"
    tags: dict[str, str] = field(default_factory=dict[str, str])
    target: str = ""
    version: str = ""
    deleted: bool = False
    restored: float = 0.0
    checksum: int | None = None


@dataclass(slots=True, eq=False)
class Part:
    """A part of an upload. `uploaded`: seconds since the epoch."""

    etag: str
    data: bytes = field(repr=False)
    uploaded: float


@dataclass(slots=True, eq=False)
class Upload:
    """A multipart upload that is under way.

    Attributes:
        id: upload ID.
        made: the object that it will make, still without content.
        begun: seconds since the epoch.
        parts: by number.
        sequential: the client uploads the parts in their order; the object then has a Content-MD5.
    """

    id: str
    made: StoredObject
    begun: float
    parts: dict[int, Part] = field(default_factory=dict[int, Part], repr=False)
    sequential: bool = False

    @property
    def key(self) -> str:
        """The key of the object that it will make."""
        return self.made.key


@dataclass(slots=True, eq=False)
class Bucket:
    """A bucket. Its name is taken in the whole cloud.

    Attributes:
        region: ``cn-hangzhou``.
        created: seconds since the epoch.
        acl: ``private``, ``public-read`` or ``public-read-write``.
        policy: text of the bucket policy; empty when there is none.
        objects: by key, the newest version of each; delete markers are not among them.
        history: all versions by key, the newest first, of keys that were written or deleted while versioning was on.
        configurations: documents in XML, by the subresource they are set with.
    """

    name: str
    account: Account
    region: str
    created: float
    acl: str = "private"
    storage_class: str = "Standard"
    redundancy: str = "LRS"
    policy: str = ""
    objects: KeyIndex[StoredObject] = field(default_factory=KeyIndex["StoredObject"])
    uploads: dict[str, Upload] = field(default_factory=dict[str, Upload])
    history: KeyIndex[list[StoredObject]] = field(default_factory=KeyIndex["list[StoredObject]"])
    configurations: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def location(self) -> str:
        """The region, as OSS writes it."""
        return f"oss-{self.region}"

    @property
    def resource_group(self) -> str:
        """ID of the resource group that the bucket is in until it is moved: the default one of its account."""
        return self.account.state("resourcemanager").default_group.id

    @property
    def default_key(self) -> str:
        """ID of the KMS key that OSS itself has in the account and region, for objects without a key of their own."""
        digits = self.account.cloud.entropy.derive("kms-key-of-oss", f"{self.account.id}/{self.region}", 32)
        text = hashlib.sha256(digits.encode()).hexdigest()
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:32]}"

    def arn(self, key: str | None = None) -> str:
        """ARN of the bucket, or of an object in it."""
        path = self.name if key is None else f"{self.name}/{key}"
        return f"acs:oss:{self.location}:{self.account.id}:{path}"

    def policies(self) -> PolicySet | None:
        """The bucket policy, compiled."""
        return _bucket_policy(self.name, self.policy) if self.policy else None


@lru_cache(maxsize=256)
def _bucket_policy(name: str, text: str) -> PolicySet:
    return PolicySet([Policy(name, PolicyType.BUCKET, read_document(text, DocumentKind.BUCKET))])


@dataclass(eq=False, repr=False)
class Oss:
    """OSS in one account.

    Attributes:
        account: the account.
        buckets: by name.
        configurations: documents in XML that hold for all buckets, by the subresource they are set with.
    """

    account: Account
    buckets: KeyIndex[Bucket] = field(default_factory=KeyIndex["Bucket"])
    configurations: dict[str, str] = field(default_factory=dict[str, str])

    def create(self, name: str, *, region: str = "cn-hangzhou", acl: str = "private") -> Bucket:
        """Create a bucket, as its owner would."""
        bucket = Bucket(name, self.account, region, self.account.cloud.clock.time(), acl=acl)
        self.buckets.put(name, bucket)
        return bucket

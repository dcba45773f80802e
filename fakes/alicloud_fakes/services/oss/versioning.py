"""Versions of objects: what a write, a delete and a read mean in a bucket that keeps versions.

A bucket keeps none until versioning is enabled. From then on every write makes a version with an ID of its own; while
versioning is suspended, a write replaces the version ``null``. Deleting without a version ID leaves a delete marker.

Source: Alibaba Cloud, OSS, "Versioning".
"""

from __future__ import annotations

from xml.etree import ElementTree as ET

from alicloud_fakes.services.oss.errors import OssError
from alicloud_fakes.services.oss.models import Bucket, StoredObject

ENABLED, SUSPENDED = "Enabled", "Suspended"
NULL = "null"
_SHORTEST_ID = 32


def status_of(bucket: Bucket) -> str:
    """``Enabled``, ``Suspended``, or empty for a bucket that never had versions."""
    text = bucket.configurations.get("versioning", "")
    return (ET.fromstring(text).findtext("Status") or "") if text else ""  # noqa: S314 - checked when it was set


def versions_of(bucket: Bucket, key: str) -> list[StoredObject]:
    """All versions of a key, the newest first. One from before versioning was enabled is the version ``null``."""
    kept = bucket.history.get(key)
    if kept is not None:
        return kept
    present = bucket.objects.get(key)
    return [present] if present is not None else []


def version_id(found: StoredObject) -> str:
    """The version ID, as it is shown."""
    return found.version or NULL


def version_of(bucket: Bucket, key: str, version: str) -> StoredObject | None:
    """The version of a key that has an ID; None where there is no such version."""
    return next((one for one in versions_of(bucket, key) if version_id(one) == version), None)


def object_at(bucket: Bucket, key: str, version: str) -> StoredObject | None:
    """The object that a request is about: in the version that it names, or the newest; None where there is none.

    What may be done with a version depends on its own tags and its own ACL.
    """
    return version_of(bucket, key, version) if version else bucket.objects.get(key)


def check_id(version: str) -> None:
    """Refuse what cannot be a version ID.

    Raises:
        OssError: InvalidArgument.
    """
    if version != NULL and len(version) < _SHORTEST_ID:
        raise OssError("InvalidArgument", "Invalid version id specified")


def store(bucket: Bucket, made: StoredObject) -> StoredObject:
    """Write an object; gives it back with its version."""
    if status_of(bucket):
        _push(bucket, made)
    bucket.objects.put(made.key, made)
    return made


def delete(bucket: Bucket, key: str, now: float) -> StoredObject | None:
    """Delete the newest version; the delete marker that this leaves, or None where no versions are kept."""
    marker: StoredObject | None = None
    if status_of(bucket):
        marker = StoredObject(key, b"", "", now, deleted=True)
        _push(bucket, marker)
    bucket.objects.remove(key)
    return marker


def remove_version(bucket: Bucket, key: str, version: str) -> StoredObject | None:
    """Remove one version for good; what is newest then shows again. None where there is no such version."""
    check_id(version)
    found = version_of(bucket, key, version)
    if found is None:
        return None
    left = [one for one in versions_of(bucket, key) if one is not found]
    if left:
        bucket.history.put(key, left)
    else:
        bucket.history.remove(key)
    if left and not left[0].deleted:
        bucket.objects.put(key, left[0])
    else:
        bucket.objects.remove(key)
    return found


def find(bucket: Bucket, key: str, version: str = "") -> StoredObject:
    """A version of an object, the newest by default.

    Raises:
        OssError: NoSuchKey, NoSuchVersion, or MethodNotAllowed for a delete marker.
    """
    if version:
        check_id(version)
        found = version_of(bucket, key, version)
        if found is None:
            raise OssError("NoSuchVersion", Key=key, VersionId=version)
        if found.deleted:
            raise _marked(OssError("MethodNotAllowed", Method="GET", ResourceType="DeleteMarker"), found)
        return found
    present = bucket.objects.get(key)
    if present is not None:
        return present
    error = OssError("NoSuchKey", Key=key)
    newest = versions_of(bucket, key)
    raise _marked(error, newest[0]) if newest else error


def headers_of(bucket: Bucket, found: StoredObject | None) -> dict[str, str]:
    """Headers about the version that an answer is about; none for buckets without versions."""
    if found is None or not status_of(bucket):
        return {}
    headers = {"x-oss-version-id": version_id(found)}
    if found.deleted:
        headers["x-oss-delete-marker"] = "true"
    return headers


def _push(bucket: Bucket, made: StoredObject) -> None:
    kept = versions_of(bucket, made.key)
    if status_of(bucket) == ENABLED:
        made.version = bucket.account.cloud.entropy.bytes(32).hex()
    else:
        made.version = NULL
        kept = [one for one in kept if version_id(one) != NULL]
    bucket.history.put(made.key, [made, *kept])


def _marked(error: OssError, found: StoredObject) -> OssError:
    error.headers |= {"x-oss-version-id": version_id(found), "x-oss-delete-marker": "true"}
    return error

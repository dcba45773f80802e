"""The CRC-64 that OSS gives for the content of objects: ECMA-182, reflected, as in the xz format."""

from __future__ import annotations

from fastcrc.crc64 import xz as crc64

from alicloud_fakes.services.oss.models import StoredObject

__all__ = ["checksum_of", "crc64"]


def checksum_of(found: StoredObject) -> int:
    """The CRC-64 of an object's content, computed when it is first asked for."""
    if found.checksum is None:
        found.checksum = crc64(found.data)
    return found.checksum

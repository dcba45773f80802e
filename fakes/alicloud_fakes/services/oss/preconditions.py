"""Conditions of a read: only if the object is, or is no longer, what the client knows."""

from __future__ import annotations

import calendar
from email.utils import parsedate
from typing import Annotated

from alicloud_fakes.pipeline.declare import Wire
from alicloud_fakes.services.oss.errors import OssError
from alicloud_fakes.services.oss.models import StoredObject
from alicloud_fakes.services.oss.parameters import VersionRequest


class ConditionalRequest(VersionRequest):
    """A read with conditions."""

    if_match: Annotated[str, Wire("if-match")] = ""
    if_none_match: Annotated[str, Wire("if-none-match")] = ""
    if_modified_since: Annotated[str, Wire("if-modified-since")] = ""
    if_unmodified_since: Annotated[str, Wire("if-unmodified-since")] = ""


def check_preconditions(
    found: StoredObject, match: str, none_match: str, modified_since: str, unmodified_since: str
) -> None:
    """Hold an object against the conditions of a read; empty ones are none.

    Raises:
        OssError: PreconditionFailed or NotModified.
    """
    unmodified, modified = _seconds(unmodified_since), _seconds(modified_since)
    if match and found.etag not in _etags(match):
        raise OssError("PreconditionFailed", Condition="If-Match")
    if unmodified is not None and int(found.modified) > unmodified:
        raise OssError("PreconditionFailed", Condition="If-Unmodified-Since")
    if none_match and found.etag in _etags(none_match):
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

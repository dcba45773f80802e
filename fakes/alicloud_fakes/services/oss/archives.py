"""Objects in archive classes: they are restored before they are read, which takes a while by the cloud's clock.

Source: Alibaba Cloud, OSS, RestoreObject, "Restore objects".
"""

from __future__ import annotations

import re

from alicloud_fakes.pipeline.registry import Reply
from alicloud_fakes.services.oss import oss
from alicloud_fakes.services.oss.errors import OssError
from alicloud_fakes.services.oss.models import Oss, StoredObject
from alicloud_fakes.services.oss.oss_answers import content_answer, read_xml
from alicloud_fakes.services.oss.parameters import Content, VersionRequest, bucket_of, object_arn, object_of
from alicloud_fakes.services.oss.versioning import headers_of

# Seconds that a restoration takes, by storage class and priority.
_HOUR = 3600.0
_TAKES: dict[str, dict[str, float]] = {
    "Archive": {"": 60.0},
    "ColdArchive": {"Expedited": _HOUR, "Standard": 5 * _HOUR, "Bulk": 12 * _HOUR},
    "DeepColdArchive": {"Expedited": 12 * _HOUR, "Standard": 48 * _HOUR},
}
_BY_DEFAULT = "Standard"
_DAYS = re.compile(r"[1-9][0-9]{0,3}\Z")


class RestoreObject(VersionRequest):
    body: Content = ""


@oss.action(RestoreObject, on=object_arn)
def restore_object(_: Oss, request: RestoreObject) -> Reply:
    """Make an archived object readable: 202 for a restoration that begins, 200 for one that is over."""
    found = object_of(request)
    priorities = _TAKES.get(found.storage_class)
    if priorities is None:
        raise OssError("OperationNotSupported", ResourceType=found.storage_class)
    priority = _priority(request.body, priorities)
    now = request.call.time
    if found.restored > now:
        raise OssError("RestoreAlreadyInProgress", Key=found.key)
    headers = headers_of(bucket_of(request), found)
    if priority:
        headers["x-oss-object-restore-priority"] = priority
    if found.restored:
        return content_answer(200, headers)
    found.restored = now + priorities[priority]
    return content_answer(202, headers)


def _priority(body: str, priorities: dict[str, float]) -> str:
    """Priority that a request asks for, or the default one; empty for the class that has no priorities.

    Raises:
        OssError: MalformedXML or InvalidArgument.
    """
    by_default = "" if "" in priorities else _BY_DEFAULT
    if not body.strip():
        return by_default
    wanted = read_xml(body, "RestoreRequest")
    if not _DAYS.match(wanted.findtext("Days") or "1"):
        raise OssError("MalformedXML")
    tier = wanted.findtext("JobParameters/Tier")
    if tier is None:
        return by_default
    if "" in priorities:
        raise OssError("MalformedXML")
    if tier not in priorities:
        raise OssError("InvalidArgument", f"The tier {tier} is not valid.")
    return tier


def check_restored(found: StoredObject, now: float) -> None:
    """Refuse to read an archived object that is not readable yet."""
    if found.storage_class in _TAKES and not 0 < found.restored <= now:
        raise OssError("InvalidObjectState")


def restoration(found: StoredObject, now: float) -> str:
    """Header value about an object whose restoration was asked for; empty for others."""
    if not found.restored:
        return ""
    return f'ongoing-request="{str(found.restored > now).lower()}"'

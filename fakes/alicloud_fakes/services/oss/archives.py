"""Objects in archive classes: they are restored before they are read. The fake restores them at once.

Source: Alibaba Cloud, OSS, RestoreObject.
"""

from __future__ import annotations

import re

from alicloud_fakes.pipeline.registry import Reply
from alicloud_fakes.services.oss import oss
from alicloud_fakes.services.oss.answers import answer, read_xml
from alicloud_fakes.services.oss.errors import OssError
from alicloud_fakes.services.oss.models import Oss, StoredObject
from alicloud_fakes.services.oss.parameters import Content, VersionRequest, bucket_of, object_arn, object_of
from alicloud_fakes.services.oss.versioning import headers_of

_ARCHIVES = frozenset({"Archive", "ColdArchive", "DeepColdArchive"})
_DAYS = re.compile(r"[1-9][0-9]{0,3}\Z")
_TIERS = frozenset({"", "Standard", "Expedited", "Bulk"})


class RestoreObject(VersionRequest):
    body: Content = ""


@oss.action(RestoreObject, on=object_arn)
def restore_object(_: Oss, request: RestoreObject) -> Reply:
    """Make an archived object readable: 202 the first time, 200 when it is readable already."""
    found = object_of(request)
    if found.storage_class not in _ARCHIVES:
        raise OssError("OperationNotSupported", ResourceType=found.storage_class)
    if request.body.strip():
        wanted = read_xml(request.body, "RestoreRequest")
        if (
            not _DAYS.match(wanted.findtext("Days") or "1")
            or (wanted.findtext("JobParameters/Tier") or "") not in _TIERS
        ):
            raise OssError("MalformedXML")
    status = 200 if found.restored else 202
    found.restored = True
    return answer(status, headers_of(bucket_of(request), found))


def check_restored(found: StoredObject) -> None:
    """Refuse to read an archived object that was not restored."""
    if found.storage_class in _ARCHIVES and not found.restored:
        raise OssError("InvalidObjectState")


def restore_header(found: StoredObject) -> dict[str, str]:
    """What is said of an object that was restored."""
    return {"x-oss-restore": 'ongoing-request="false"'} if found.restored else {}

"""Retention of whole buckets (WORM): nothing in the bucket can be deleted or overwritten before its time.

Source: Alibaba Cloud, OSS, "Retention policies".
"""

from __future__ import annotations

import re
from typing import Annotated
from xml.etree import ElementTree as ET

from alicloud_fakes.core.xml import to_xml
from alicloud_fakes.pipeline.declare import Wire
from alicloud_fakes.pipeline.registry import Reply
from alicloud_fakes.services.oss import oss
from alicloud_fakes.services.oss.configurations import BucketConfiguration, shown
from alicloud_fakes.services.oss.errors import OssError
from alicloud_fakes.services.oss.models import Bucket, Oss
from alicloud_fakes.services.oss.oss_answers import content_answer, iso_time, read_xml
from alicloud_fakes.services.oss.parameters import BucketRequest, Content, bucket_arn, bucket_of
from alicloud_fakes.services.oss.versioning import versions_of

_KIND = BucketConfiguration("worm", "BucketWorm", "WormConfiguration", "NoSuchWORMConfiguration")
_DAYS = re.compile(r"[1-9][0-9]{0,4}\Z")
_LONGEST = 25550
_DAY = 24 * 3600.0
_IN_PROGRESS, _LOCKED = "InProgress", "Locked"


class InitiateBucketWorm(BucketRequest):
    body: Content = ""


class _OfWorm(BucketRequest):
    worm_id: Annotated[str, Wire("wormId")]


class CompleteBucketWorm(_OfWorm):
    pass


class ExtendBucketWorm(_OfWorm):
    body: Content = ""


class GetBucketWorm(BucketRequest):
    pass


class AbortBucketWorm(BucketRequest):
    pass


def _days(body: str, root: str) -> int:
    text = (read_xml(body, root).findtext("RetentionPeriodInDays") or "").strip()
    if not _DAYS.match(text) or int(text) > _LONGEST:
        raise OssError("MalformedXML")
    return int(text)


def _policy_of(bucket: Bucket) -> dict[str, str]:
    text = bucket.configurations.get("worm")
    if text is None:
        return {}
    return {one.tag: one.text or "" for one in ET.fromstring(text)}  # noqa: S314 - the fake wrote it


def _keep(bucket: Bucket, policy: dict[str, str]) -> None:
    bucket.configurations["worm"] = to_xml(_KIND.root, policy).partition("\n")[2]


def _named(request: _OfWorm) -> dict[str, str]:
    policy = _policy_of(bucket_of(request))
    if policy.get("WormId") != request.worm_id:
        raise OssError("NoSuchWORMConfiguration")
    return policy


@oss.action(InitiateBucketWorm, on=bucket_arn)
def initiate_bucket_worm(_: Oss, request: InitiateBucketWorm) -> Reply:
    """Begin a retention policy; until it is locked it can be taken back."""
    bucket = bucket_of(request)
    days = _days(request.body, "InitiateWormConfiguration")
    if _policy_of(bucket):
        raise OssError("InvalidWORMConfiguration", "The bucket has a retention policy already.")
    worm_id = request.call.cloud.entropy.bytes(16).hex().upper()
    _keep(
        bucket,
        {
            "WormId": worm_id,
            "State": _IN_PROGRESS,
            "RetentionPeriodInDays": str(days),
            "CreationDate": iso_time(request.call.time),
            "ExpirationDate": iso_time(request.call.time + _DAY),
        },
    )
    return content_answer(headers={"x-oss-worm-id": worm_id})


@oss.action(CompleteBucketWorm, on=bucket_arn)
def complete_bucket_worm(_: Oss, request: CompleteBucketWorm) -> Reply:
    """Lock the retention policy: from now on it holds, and can only be made longer."""
    policy = _named(request)
    if policy["State"] == _LOCKED:
        raise OssError("InvalidWORMConfiguration", "The retention policy is locked already.")
    _keep(bucket_of(request), {**policy, "State": _LOCKED})
    return content_answer()


@oss.action(ExtendBucketWorm, on=bucket_arn)
def extend_bucket_worm(_: Oss, request: ExtendBucketWorm) -> Reply:
    """Make the retention longer."""
    policy = _named(request)
    days = _days(request.body, "ExtendWormConfiguration")
    if policy["State"] != _LOCKED or days < int(policy["RetentionPeriodInDays"]):
        raise OssError("InvalidWORMConfiguration", "A locked retention policy can only be made longer.")
    _keep(bucket_of(request), {**policy, "RetentionPeriodInDays": str(days)})
    return content_answer()


@oss.action(GetBucketWorm, on=bucket_arn)
def get_bucket_worm(_: Oss, request: GetBucketWorm) -> Reply:
    """Show the retention policy."""
    return shown(_KIND, bucket_of(request).configurations.get("worm"))


@oss.action(AbortBucketWorm, on=bucket_arn)
def abort_bucket_worm(_: Oss, request: AbortBucketWorm) -> Reply:
    """Take a retention policy back that is not locked."""
    bucket = bucket_of(request)
    if _policy_of(bucket).get("State") == _LOCKED:
        raise OssError("WORMConfigurationLocked")
    bucket.configurations.pop("worm", None)
    return content_answer(204)


def check_unprotected(bucket: Bucket, key: str, now: float) -> None:
    """Refuse to delete or overwrite what a locked retention policy protects.

    Raises:
        OssError: FileImmutable.
    """
    policy = _policy_of(bucket)
    if policy.get("State") != _LOCKED:
        return
    until = now - int(policy["RetentionPeriodInDays"]) * _DAY
    if any(one.modified > until for one in versions_of(bucket, key) if not one.deleted):
        raise OssError("FileImmutable", Key=key)

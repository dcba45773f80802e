"""Marks of requests for OSS: signatures, hosts, and the names of buckets."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from alicloud_fakes.core.messages import HttpRequest

if TYPE_CHECKING:
    from alicloud_fakes.identity.directory import Directory
    from alicloud_fakes.services.oss.models import Bucket, Oss

HOST = re.compile(
    r"(?:(?P<bucket>[a-z0-9][a-z0-9-]{1,61}[a-z0-9])\.)?"
    r"oss-(?:accelerate(?:-overseas)?|(?P<region>[a-z0-9-]+?)(?:-internal)?)\.aliyuncs\.com\Z"
)
"""Hosts of buckets and regions; those of transfer acceleration are of no region."""


def is_signed(http: HttpRequest) -> bool:
    """True if a request carries a signature of OSS."""
    authorization = http.headers.get("authorization", "")
    return authorization.startswith("OSS") or "OSSAccessKeyId=" in http.query or "x-oss-credential=" in http.query


def is_oss_host(host: str) -> bool:
    """True if a host is one of OSS."""
    return host.endswith(".aliyuncs.com") and HOST.match(host) is not None


def find_bucket(cloud: Directory, name: str) -> Bucket | None:
    """The bucket of that name, whoever owns it."""
    for account in cloud.accounts.values():
        state: Oss | None = account.states.get("oss")
        bucket = state.buckets.get(name) if state is not None else None
        if bucket is not None:
            return bucket
    return None

"""Recognition of requests for OSS. The code that answers them is imported with the first one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from alicloud_fakes.core.messages import HttpRequest, HttpResponse

if TYPE_CHECKING:
    from alicloud_fakes.identity.directory import Directory
    from alicloud_fakes.pipeline.platform import Platform
    from alicloud_fakes.services.oss.models import Bucket, Oss
    from alicloud_fakes.services.oss.oss_protocol import OssProtocol

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


class OssDoor:
    """OSS of one cloud, one of its protocols."""

    def __init__(self, cloud: Platform) -> None:
        self._cloud = cloud
        self._protocol: OssProtocol | None = None

    def claims(self, request: HttpRequest) -> bool:
        """True if a request is for OSS: by its signature, its host, or a bucket that it names."""
        if is_signed(request) or is_oss_host(request.host):
            return True
        if request.path in {"", "/"} or "x-acs-action" in request.headers:
            return False
        return find_bucket(self._cloud, request.path.lstrip("/").partition("/")[0]) is not None

    def handle(self, request: HttpRequest) -> HttpResponse:
        """Answer a request."""
        if self._protocol is None:
            from alicloud_fakes.services.oss.oss_protocol import OssProtocol  # noqa: PLC0415 - most clouds never need it

            self._protocol = OssProtocol(self._cloud)
        return self._protocol.handle(request)

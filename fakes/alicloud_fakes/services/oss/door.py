"""OSS as one of the protocols of a cloud. The code that answers is imported with the first request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alicloud_fakes.core.messages import HttpRequest, HttpResponse
from alicloud_fakes.services.oss.recognition import find_bucket, is_oss_host, is_signed

if TYPE_CHECKING:
    from alicloud_fakes.pipeline.platform import Platform
    from alicloud_fakes.services.oss.oss_protocol import OssProtocol


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

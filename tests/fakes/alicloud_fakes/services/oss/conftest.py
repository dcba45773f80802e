"""Official `oss2` clients for both doors, and requests that no client sends."""

from __future__ import annotations

import base64
from email.utils import formatdate
from typing import Any
from xml.etree import ElementTree as ET

import oss2
import pytest

from alicloud_fakes import Cloud, HttpRequest, HttpResponse
from alicloud_fakes.core.errors import ApiError
from alicloud_fakes.services.oss import oss_signature, signed_requests

HOST = "oss-cn-hangzhou.aliyuncs.com"


def make_auth(credentials: Any, version: str) -> Any:
    if hasattr(credentials, "access_key_id"):
        return oss2.StsAuth(
            credentials.access_key_id, credentials.access_key_secret, credentials.security_token, auth_version=version
        )
    return oss2.make_auth(credentials.id, credentials.secret, version)


@pytest.fixture(params=["v1", "v4"])
def signature_version(request: pytest.FixtureRequest) -> str:
    return request.param


class Oss:
    """Clients of one door and one signature version."""

    def __init__(self, door: Any, version: str) -> None:
        in_process = door.protocol == "HTTPS"
        self.url = f"https://{HOST}" if in_process else f"http://{door.endpoint('oss')}"
        self.version = version

    def service(self, credentials: Any) -> oss2.Service:
        return oss2.Service(make_auth(credentials, self.version), self.url, region="cn-hangzhou")

    def bucket(self, credentials: Any, name: str) -> oss2.Bucket:
        auth = make_auth(credentials, self.version) if credentials is not None else oss2.AnonymousAuth()
        return oss2.Bucket(auth, self.url, name, region="cn-hangzhou")


@pytest.fixture
def oss(door: Any, signature_version: str) -> Oss:
    return Oss(door, signature_version)


class Raw:
    """Arbitrary requests of company A's root key, signed with version 1."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud

    def signed(self, http: HttpRequest) -> HttpRequest:
        """Sign a request, as far as it can be parsed."""
        key = self.cloud.account("company-a").root_key
        headers = dict(http.headers)
        headers["date"] = formatdate(usegmt=True)
        try:
            target = signed_requests.read_target(http)
            text = oss_signature.oss_v1_string_to_sign(
                http.method, target.bucket, target.key, target.query, headers, headers["date"]
            )
        except ApiError:
            text = ""
        headers["authorization"] = f"OSS {key.id}:{oss_signature.oss_v1_signature(key.secret, text)}"
        http.headers = headers
        return http

    @staticmethod
    def request(method: str, path: str, query: str, headers: dict[str, str], body: bytes) -> HttpRequest:
        return HttpRequest(method, path, query, {"host": "127.0.0.1:1", **headers}, body)

    def call(
        self, method: str, path: str, query: str = "", headers: dict[str, str] | None = None, body: bytes = b""
    ) -> HttpResponse:
        return self.cloud.handle(self.signed(self.request(method, path, query, headers or {}, body)))

    def code(
        self, method: str, path: str, query: str = "", headers: dict[str, str] | None = None, body: bytes = b""
    ) -> str:
        """The code of the error that a request is answered with; empty for none."""
        response = self.call(method, path, query, headers, body)
        if response.status < 400:
            return ""
        text = base64.b64decode(response.headers["x-oss-err"]) if method == "HEAD" else response.body
        return ET.fromstring(text).findtext("Code") or ""


@pytest.fixture
def raw(cloud: Cloud) -> Raw:
    return Raw(cloud)

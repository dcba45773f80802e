"""Official `oss2` clients for both doors."""

from __future__ import annotations

from typing import Any

import oss2
import pytest

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

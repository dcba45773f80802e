"""Both doors to one fake, and official clients for them."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import pytest
from alibabacloud_ram20150501.client import Client as RamClient
from alibabacloud_sts20150401.client import Client as StsClient
from alibabacloud_tea_openapi.client import Client as OpenApiClient
from alibabacloud_tea_openapi.models import Config, OpenApiRequest, Params
from darabonba.runtime import RuntimeOptions

from alicloud_fakes import Cloud, mock_alicloud
from alicloud_fakes.core import entropy
from alicloud_fakes.http import Server

ACCOUNTS = {"11223344": "company-a", "12345678": "company-b", "99999999": "company-c"}
HOSTS = {
    "ram": "ram.aliyuncs.com",
    "sts": "sts.aliyuncs.com",
    "ims": "ims.aliyuncs.com",
    "resourcemanager": "resourcemanager.aliyuncs.com",
    "slb": "slb.aliyuncs.com",
    "location": "location.aliyuncs.com",
    "bss": "business.aliyuncs.com",
    "accessanalyzer": "accessanalyzer.cn-hangzhou.aliyuncs.com",
    "ecs": "ecs.cn-hangzhou.aliyuncs.com",
    "rds": "rds.aliyuncs.com",
    "vpc": "vpc.aliyuncs.com",
}


@dataclass
class Door:
    """A way to the cloud: makes official clients for it."""

    cloud: Cloud
    endpoint: Callable[[str], str]
    protocol: str

    def config(self, credentials: Any, product: str = "ram", algorithm: str = "ACS3-HMAC-SHA256") -> Config:
        key, secret, token = keys(credentials)
        return Config(
            access_key_id=key,
            access_key_secret=secret,
            security_token=token,
            endpoint=self.endpoint(product),
            protocol=self.protocol,
            signature_algorithm=algorithm,
        )

    def ram(self, credentials: Any, **more: Any) -> RamClient:
        return RamClient(self.config(credentials, "ram", **more))

    def sts(self, credentials: Any, **more: Any) -> StsClient:
        return StsClient(self.config(credentials, "sts", **more))

    def call(self, credentials: Any, product: str, version: str, action: str, **parameters: Any) -> dict[str, Any]:
        """Any action through the generic official client."""
        client = OpenApiClient(self.config(credentials, product))
        params = Params(
            action=action,
            version=version,
            protocol=self.protocol,
            pathname="/",
            method="POST",
            auth_type="AK",
            style="RPC",
            req_body_type="formData",
            body_type="json",
        )
        return client.call_api(params, OpenApiRequest(query=parameters), RuntimeOptions())["body"]


def keys(credentials: Any) -> tuple[str, str, str | None]:
    if hasattr(credentials, "access_key_id"):
        return credentials.access_key_id, credentials.access_key_secret, getattr(credentials, "security_token", None)
    return credentials.id, credentials.secret, None


@pytest.fixture(autouse=True)
def fixed_seeds(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cloud without a seed of its own draws the same IDs and secrets in each run, and no two clouds draw the same."""
    numbers = itertools.count()
    monkeypatch.setattr(entropy, "fresh_seed", lambda: f"test {next(numbers)}")


@pytest.fixture(params=["in process", "http"])
def door(request: pytest.FixtureRequest) -> Iterator[Door]:
    """The same fake behind one door and the other."""
    if request.param == "in process":
        with mock_alicloud(ACCOUNTS) as cloud:
            yield Door(cloud, lambda product: HOSTS[product], "HTTPS")
    else:
        cloud = Cloud.of(ACCOUNTS)
        with Server(cloud) as server:
            yield Door(cloud, lambda _: server.endpoint, "HTTP")


@pytest.fixture
def make_door() -> Callable[[Cloud], Door]:
    """The in-process door of a cloud, for tests that start one themselves."""
    return lambda cloud: Door(cloud, lambda product: HOSTS[product], "HTTPS")


@pytest.fixture
def cloud() -> Cloud:
    """A cloud without a door."""
    return Cloud.of(ACCOUNTS, seed="test")


@pytest.fixture
def refused() -> Callable[..., Any]:
    """Expect an error of the API: ``with refused("EntityNotExist.Role", 404): ...``."""
    return Refused


class Refused:
    def __init__(self, code: str, status: int = 0, message: str = "") -> None:
        self.code, self.status, self.message = code, status, message
        self.error: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: Any, trace: TracebackType | None) -> bool:  # noqa: PYI036 - an error of the SDKs
        assert error is not None, f"expected {self.code}, but the call succeeded"
        if not hasattr(error, "code"):
            return False
        self.error = error
        assert error.code == self.code, f"expected {self.code}, got {error.code}: {error.message}"
        if self.status:
            assert (error.data or {}).get("statusCode", getattr(error, "status_code", None)) == self.status
        if self.message:
            assert self.message in error.message
        return True

"""Requests signed by hand, so that one thing about them can be wrong."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest

from alicloud_fakes import Cloud, HttpRequest, HttpResponse
from alicloud_fakes.core import signature


def now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


class V1:
    """A version 1 request: change a parameter, leave one out (None), sign with another secret."""

    def __init__(self, cloud: Cloud, credentials: Any = None, *, version: str = "2015-05-01") -> None:
        self.cloud = cloud
        key = credentials or cloud.account("11223344").root_key
        self.id = getattr(key, "id", None) or key.access_key_id
        self.secret = getattr(key, "secret", None) or key.access_key_secret
        self.token = getattr(key, "security_token", None)
        self.version = version

    def parameters(self, **changes: str | None) -> dict[str, str]:
        given = {
            "Action": "GetAccountAlias",
            "Version": self.version,
            "Format": "JSON",
            "AccessKeyId": self.id,
            "SecurityToken": self.token,
            "SignatureMethod": "HMAC-SHA1",
            "SignatureVersion": "1.0",
            "SignatureNonce": uuid.uuid4().hex,
            "Timestamp": now(),
            **changes,
        }
        return {name: value for name, value in given.items() if value is not None}

    def request(
        self, method: str = "POST", secret: str = "", body: tuple[str, ...] = (), **changes: Any
    ) -> HttpRequest:
        parameters = self.parameters(**changes)
        if "Signature" not in changes:
            text = signature.v1_string_to_sign(method, parameters)
            digest = parameters.get("SignatureMethod", "HMAC-SHA1")
            digest = digest if digest in signature.V1_DIGESTS else "HMAC-SHA1"
            parameters["Signature"] = signature.v1_signature(secret or self.secret, text, digest)
        form = {name: parameters.pop(name) for name in body}
        headers = {"host": "ram.aliyuncs.com", "content-type": "application/x-www-form-urlencoded"}
        return HttpRequest(method, "/", urlencode(parameters), headers, urlencode(form).encode())

    def __call__(self, **changes: Any) -> HttpResponse:
        return self.cloud.handle(self.request(**changes))


class V3:
    """A version 3 request."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud
        key = cloud.account("company-a").root_key
        self.id, self.secret = key.id, key.secret

    def request(
        self,
        parameters: dict[str, str] | None = None,
        *,
        body: bytes = b"",
        drop: str = "",
        unsigned: str = "",
        algorithm: str = signature.V3_ALGORITHM,
        **changes: str,
    ) -> HttpRequest:
        headers = {
            "host": "ram.aliyuncs.com",
            "x-acs-action": "GetAccountAlias",
            "x-acs-version": "2015-05-01",
            "x-acs-date": now(),
            "x-acs-signature-nonce": uuid.uuid4().hex,
            "x-acs-content-sha256": __import__("hashlib").sha256(body).hexdigest(),
            **{name.replace("_", "-"): value for name, value in changes.items()},
        }
        headers.pop(drop, None)
        signed = [name for name in sorted(headers) if name != unsigned]
        query = parameters or {}
        text = signature.v3_string_to_sign(signature.v3_canonical_request("POST", "/", query, headers, signed, body))
        value = signature.v3_signature(self.secret, text)
        names = ";".join(signed)
        headers["authorization"] = f"{algorithm} Credential={self.id},SignedHeaders={names},Signature={value}"
        # As the Python SDK's HTTP layer writes it: a space is a plus on the wire and %20 in what is signed.
        return HttpRequest("POST", "/", urlencode(query), headers, body)

    def __call__(self, parameters: dict[str, str] | None = None, **changes: Any) -> HttpResponse:
        return self.cloud.handle(self.request(parameters, **changes))


@pytest.fixture
def v1(cloud: Cloud) -> V1:
    return V1(cloud)


@pytest.fixture
def v3(cloud: Cloud) -> V3:
    return V3(cloud)


@pytest.fixture
def v1_for(cloud: Cloud) -> Callable[..., V1]:
    return lambda credentials, **more: V1(cloud, credentials, **more)


@pytest.fixture
def read() -> Callable[[HttpResponse], tuple[int, str, str]]:
    """Status, code and message of an answer."""

    def of(response: HttpResponse) -> tuple[int, str, str]:
        body = json.loads(response.body)
        return response.status, body.get("Code", ""), body.get("Message", "")

    return of


@pytest.fixture(scope="module")
def signing() -> type[V1]:
    """The class itself, for fixtures with a wider scope than a test."""
    return V1

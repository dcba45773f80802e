"""Calls to Alibaba Cloud's APIs, signed with an operator's keys.

Small on purpose: RPC signature 1.0 and OSS signature 1, a few reads. An error says its code and never its message: that
of a wrong signature repeats what was signed, security token included.

Source: Alibaba Cloud, "Request syntax and signature method V2 for Alibaba Cloud APIs of the RPC style"; OSS, "Include
V1 signatures in the Authorization header".
"""

from __future__ import annotations

import base64
import hmac
import json
import re
import urllib.error
import urllib.request
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Protocol, cast
from urllib.parse import quote

from pulumi_alicloud_delegation.plan.provider_setup import protocol_of
from pulumi_alicloud_delegation.trying.credentials import OperatorKeys

UNREACHABLE = "Unreachable"
"""Code of a call that got no answer."""
_SECONDS = 20
_CODE = re.compile(rb"<Code>([A-Za-z0-9._]+)</Code>")


class ApiOperation(Protocol):
    """An API operation that is called."""

    @property
    def product(self) -> str:
        """Product, `ecs`."""
        ...

    @property
    def version(self) -> str:
        """Version of the API; empty for OSS."""
        ...

    @property
    def operation(self) -> str:
        """Name of the operation."""
        ...


class CallError(Exception):
    """A call that was refused, or did not get through.

    Attributes:
        code: code of the error, ``NoPermission``; `UNREACHABLE` where nobody answered.
        detail: what the answer says about the denial.
    """

    def __init__(self, code: str, detail: Mapping[str, str] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.detail = dict(detail or {})

    @property
    def denied(self) -> bool:
        """True if a permission is missing."""
        return any(word in self.code for word in ("NoPermission", "Forbidden", "AccessDenied", "NotAuthorized"))


@dataclass(frozen=True, slots=True)
class Client:
    """Calls with one set of keys.

    Attributes:
        keys: what calls are signed with.
        region: of the services that have regions.
        endpoint: `host:port` that answers for every product instead of Alibaba Cloud; empty for none.
        hosts: host of each product, with `{region}` where it has one.
    """

    keys: OperatorKeys
    region: str
    endpoint: str = ""
    hosts: Mapping[str, str] = field(default_factory=dict[str, str])

    def host(self, product: str) -> str:
        """The host that answers for a product."""
        return self.endpoint or self.hosts[product].format(region=self.region)

    def call(self, target: ApiOperation, parameters: Mapping[str, str]) -> dict[str, object]:
        """Call an operation.

        Raises:
            CallError: it was refused, or nobody answered.
        """
        host = self.host(target.product)
        url = f"{protocol_of(host).lower()}://{host}/"
        filled = {name: value.format(region=self.region) for name, value in parameters.items()}
        request = self._oss(url) if target.product == "oss" else self._rpc(url, target, filled)
        return _answer(request, direct=bool(self.endpoint))

    def _rpc(self, url: str, target: ApiOperation, parameters: Mapping[str, str]) -> urllib.request.Request:
        given = {
            **parameters,
            "Action": target.operation,
            "Version": target.version,
            "Format": "JSON",
            "AccessKeyId": self.keys.id,
            "SignatureMethod": "HMAC-SHA1",
            "SignatureVersion": "1.0",
            "SignatureNonce": uuid.uuid4().hex,
            "Timestamp": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
        given |= {"SecurityToken": self.keys.token} if self.keys.token else {}
        query = "&".join(f"{_encoded(name)}={_encoded(value)}" for name, value in sorted(given.items()))
        signature = _hmac(f"{self.keys.secret}&", f"POST&%2F&{_encoded(query)}")
        body = f"{query}&Signature={_encoded(signature)}".encode()
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return urllib.request.Request(url, body, kind, method="POST")  # noqa: S310 - the scheme is ours

    def _oss(self, url: str) -> urllib.request.Request:
        date = format_datetime(datetime.now(UTC), usegmt=True)
        token = {"x-oss-security-token": self.keys.token} if self.keys.token else {}
        own = "".join(f"{name}:{value}\n" for name, value in token.items())
        signature = _hmac(self.keys.secret, f"GET\n\n\n{date}\n{own}/")
        headers = {**token, "Date": date, "Authorization": f"OSS {self.keys.id}:{signature}"}
        return urllib.request.Request(url, None, headers, method="GET")  # noqa: S310 - the scheme is ours


def _answer(request: urllib.request.Request, *, direct: bool) -> dict[str, object]:
    # An endpoint of one's own is not to be reached through a proxy.
    proxies = urllib.request.ProxyHandler({} if direct else None)
    try:
        with urllib.request.build_opener(proxies).open(request, timeout=_SECONDS) as answer:
            return _json(answer.read())
    except urllib.error.HTTPError as error:
        raise _refusal(error.read()) from None
    except (OSError, ValueError):
        raise CallError(UNREACHABLE) from None


def _refusal(body: bytes) -> CallError:
    xml = _CODE.search(body)
    if xml:
        return CallError(xml[1].decode())
    content = _json(body)
    detail = content.get("AccessDeniedDetail")
    given = cast("dict[str, object]", detail) if isinstance(detail, dict) else {}
    reasons = {key: str(given[key]) for key in ("NoPermissionType", "PolicyType", "AuthAction") if key in given}
    return CallError(str(content.get("Code") or "Unknown"), reasons)


def _json(body: bytes) -> dict[str, object]:
    try:
        value: object = json.loads(body)
    except ValueError:
        return {}
    return cast("dict[str, object]", value) if isinstance(value, dict) else {}


def _encoded(text: str) -> str:
    return quote(text, safe="~")


def _hmac(key: str, text: str) -> str:
    return base64.b64encode(hmac.digest(key.encode(), text.encode(), "sha1")).decode()

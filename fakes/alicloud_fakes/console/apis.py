"""The APIs as a page of the console calls them: signed with the session's credentials, through the cloud's own door.

A page has no other way to the state, so the console can do exactly what the session's policies allow.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote, unquote, urlencode
from xml.etree import ElementTree as ET

from alicloud_fakes.console.denials import Denial
from alicloud_fakes.core import signature
from alicloud_fakes.core.messages import Delivery, HttpRequest, HttpResponse
from alicloud_fakes.services import services
from alicloud_fakes.services.oss import oss_signature

if TYPE_CHECKING:
    from alicloud_fakes.cloud.fake_cloud import Cloud
    from alicloud_fakes.identity.session_tokens import TemporaryCredentials

_PATIENCE = 20.0
_REGION = "cn-hangzhou"
_SUCCESS = 200
URL_ENCODING = "url"
_PAGE = (("PageNumber", "1"), ("PageSize", "0"))


@dataclass(frozen=True, slots=True)
class ApiCall:
    """A call that a page made, and its answer.

    Attributes:
        service: short name of the product.
        action: name of the action.
        parameters: without the common ones.
        status: HTTP status; 0 when no answer came.
        request_id: as answered; empty when no answer came.
        body: the answer.
    """

    service: str
    action: str
    parameters: Mapping[str, str]
    status: int
    request_id: str
    body: Mapping[str, Any] = field(repr=False)

    @property
    def ok(self) -> bool:
        """True if the call succeeded."""
        return self.status == _SUCCESS

    @property
    def code(self) -> str:
        """The error code; empty for success."""
        return "" if self.ok else str(self.body.get("Code", ""))

    @property
    def message(self) -> str:
        """The error message; empty for success."""
        return "" if self.ok else str(self.body.get("Message", ""))

    @property
    def denial(self) -> Denial | None:
        """The permission that was missing, when the call was refused for lack of it."""
        detail = self.body.get("AccessDeniedDetail")
        if self.ok or not isinstance(detail, Mapping):
            return None
        return Denial.read(cast("Mapping[str, Any]", detail))

    @property
    def following(self) -> tuple[str, str] | None:
        """The parameter that asks for the next page of a list, ``marker`` or ``page``; None after the last one."""
        if not self.ok:
            return None
        marker = self.body.get("Marker") if "NextMarker" not in self.body else self.body["NextMarker"]
        if str(self.body.get("IsTruncated", "")).lower() == "true" and marker:
            encoded = self.body.get("EncodingType") == URL_ENCODING
            return "marker", unquote(str(marker)) if encoded else str(marker)
        number, size = (int(self.parameters.get(name, default)) for name, default in _PAGE)
        total = int(self.body.get("TotalCount", self.body.get("TotalRecordCount", 0)))
        return ("page", str(number + 1)) if size and number * size < total else None

    def items(self, *path: str) -> list[dict[str, Any]]:
        """The list at a path of the answer; empty when there is none: ``items("Users", "User")``."""
        found: Any = self.body if self.ok else {}
        for name in path:
            found = cast("Mapping[str, Any]", found).get(name, {}) if isinstance(found, Mapping) else {}
        return cast("list[dict[str, Any]]", found) if isinstance(found, list) else []


@dataclass(slots=True)
class Apis:
    """The APIs for one visitor.

    Attributes:
        cloud: what is called.
        credentials: what the calls are signed with.
        source_ip: address of the browser.
        made: the calls so far, for the page to show.
    """

    cloud: Cloud
    credentials: TemporaryCredentials
    source_ip: str
    made: list[ApiCall] = field(default_factory=list[ApiCall])

    def call(self, service: str, action: str, **parameters: str) -> ApiCall:
        """Call an action of a product that speaks RPC."""
        given = {name: value for name, value in parameters.items() if value}
        signed = {
            **given,
            "Action": action,
            "Version": services()[service].version,
            "Format": "JSON",
            "AccessKeyId": self.credentials.access_key_id,
            "SignatureMethod": "HMAC-SHA1",
            "SignatureVersion": "1.0",
            "SignatureNonce": str(uuid.uuid4()),
            "Timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        }
        if self.credentials.security_token:
            signed["SecurityToken"] = self.credentials.security_token
        to_sign = signature.v1_string_to_sign("POST", signed)
        signed["Signature"] = signature.v1_signature(self.credentials.access_key_secret, to_sign)
        headers = {"content-type": "application/x-www-form-urlencoded", "host": services()[service].host}
        body = urlencode(signed).encode()
        http = HttpRequest("POST", headers=headers, body=body, source_ip=self.source_ip, secure=True)
        response = self.cloud.handle(http)
        return self._made(service, action, given, response, _json(response.body))

    def oss(self, action: str, bucket: str = "", **query: str) -> ApiCall:
        """Call an action of OSS that reads: ListBuckets, or ListObjects of a bucket."""
        given = {name.replace("_", "-"): value for name, value in query.items() if value}
        headers = {"date": formatdate(usegmt=True), "host": f"oss-{_REGION}.aliyuncs.com"}
        if self.credentials.security_token:
            headers["x-oss-security-token"] = self.credentials.security_token
        to_sign = oss_signature.oss_v1_string_to_sign("GET", bucket, "", given, headers, headers["date"])
        made = oss_signature.oss_v1_signature(self.credentials.access_key_secret, to_sign)
        headers["authorization"] = f"OSS {self.credentials.access_key_id}:{made}"
        path = f"/{quote(bucket)}" if bucket else "/"
        http = HttpRequest("GET", path, urlencode(given), headers, source_ip=self.source_ip, secure=True)
        response = self.cloud.handle(http)
        shown = {"Bucket": bucket, **given} if bucket else given
        return self._made("oss", action, shown, response, _xml(response.body))

    def _made(
        self, service: str, action: str, given: Mapping[str, str], response: HttpResponse, body: dict[str, Any]
    ) -> ApiCall:
        time.sleep(min(response.delay, _PATIENCE))
        status, request_id = response.status, str(body.get("RequestId", ""))
        if response.delivery is not Delivery.SEND or response.delay > _PATIENCE:
            status, request_id = 0, ""
            body = {"Code": "NoAnswer", "Message": "The connection ended before an answer came. Try again."}
        request_id = request_id or response.headers.get("x-oss-request-id", "")
        call = ApiCall(service, action, given, status, request_id, body)
        self.made.append(call)
        return call


def _json(body: bytes) -> dict[str, Any]:
    return json.loads(body or b"{}")


def _xml(body: bytes) -> dict[str, Any]:
    if not body:
        return {}
    found = _element(ET.fromstring(body))  # noqa: S314 - the fake's own answer
    return found if isinstance(found, dict) else {}


# Elements that may occur once or several times.
_LISTS = frozenset({"Bucket", "Contents", "CommonPrefixes"})


def _element(element: ET.Element) -> dict[str, Any] | str:
    children: Sequence[ET.Element] = list(element)
    if not children:
        return element.text or ""
    out: dict[str, Any] = {}
    for child in children:
        value = _element(child)
        if child.tag in _LISTS:
            out.setdefault(child.tag, []).append(value)
        else:
            out[child.tag] = value
    return out

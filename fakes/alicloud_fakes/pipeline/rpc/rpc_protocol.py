"""The RPC protocol.

The order follows Alibaba Cloud's suggested one: read, action and version, common parameters, time, access key, token,
signature, nonce; then what the pipeline does with every call.
"""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

from alicloud_fakes.core.clock import parse_time
from alicloud_fakes.core.errors import ApiError, gateway_error, missing, not_implemented
from alicloud_fakes.core.messages import HttpRequest, HttpResponse
from alicloud_fakes.core.signature import V1_DIGESTS, V3_ALGORITHM, same_signature
from alicloud_fakes.pipeline import authorization, call_processing
from alicloud_fakes.pipeline.call import Call
from alicloud_fakes.pipeline.nonces import WINDOW
from alicloud_fakes.pipeline.protocol import WireProtocol
from alicloud_fakes.pipeline.registry import AllowedCallers, Reply
from alicloud_fakes.pipeline.rpc import requests, rpc_answers
from alicloud_fakes.pipeline.rpc.requests import SignedCall

if TYPE_CHECKING:
    from alicloud_fakes.pipeline.platform import Platform

_ACTION = re.compile(r"[A-Za-z][A-Za-z0-9]{0,127}\Z")
_VERSION = re.compile(r"[0-9A-Za-z._-]{1,32}\Z")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z\Z", re.ASCII)
_METHODS = frozenset({"GET", "POST"})
_LOG_SERVICE = "x-log-apiversion"
"""The header by which requests of Simple Log Service are known, which is not an RPC service."""
HOST = "openapi.aliyuncs.com"
UNKNOWN_PRODUCT = "x-alicloud-fakes-unknown-product"
"""Header of the answer to a request for a product that the fake does not have."""


class RpcProtocol(WireProtocol):
    """RPC of one cloud."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def handle(self, http: HttpRequest) -> HttpResponse:
        """Answer a request."""
        return call_processing.answer_request(self._platform, self, http)

    def request_id(self, platform: Platform) -> str:
        """An upper-case UUID."""
        return platform.entropy.request_id()

    def success(self, call: Call, reply: Reply) -> HttpResponse:
        """JSON or XML, as asked for."""
        return rpc_answers.rpc_success(reply, call.request_id, call.format, call.action_name)

    def failure(self, call: Call, error: ApiError) -> HttpResponse:
        """JSON or XML, as asked for."""
        host = call.action.service.host if call.action else call.http.host or HOST
        # Log Service's SDK reads names of its own, and the alicloud provider ends itself where they are missing.
        twins = {"errorCode": error.code, "errorMessage": error.message} if _LOG_SERVICE in call.http.headers else {}
        response = rpc_answers.rpc_failure(error, call.request_id, call.format, host, twins)
        of_no_product = call.version and call.cloud.service_of(call.version) is None
        if call.action is None and (of_no_product or _other_product(call.http)):
            response.headers[UNKNOWN_PRODUCT] = "true"
        return response

    def authorize(self, call: Call) -> None:
        """Demand the action's permission for everything that the request is about.

        Raises:
            DeniedError: it is not there.
        """
        if call.performed.access is AllowedCallers.POLICY:
            authorization.demand(call)

    def read(self, call: Call) -> None:
        """Read a request of either signature version.

        Raises:
            ApiError: it cannot be read, or it is not signed by whom it says.
        """
        http = call.http
        _refuse_other_protocols(call)
        if http.method not in _METHODS:
            raise gateway_error("method")
        signed = requests.read_rpc_request(http)
        call.parameters = signed.parameters
        call.action_name = signed.action if _ACTION.match(signed.action) else ""
        call.version = signed.version
        if signed.format not in {"json", "xml"}:
            raise gateway_error("format unknown")
        call.format = signed.format
        if not signed.action:
            raise missing("Action")
        if not signed.version:
            raise missing("Version")
        service = call.cloud.service_of(signed.version)
        if service is None:
            if not _VERSION.match(signed.version):
                raise gateway_error("version unknown")
            raise _no_product(call)
        action = service.find(signed.action)
        if action is None:
            raise not_implemented(f"{service.name}:{call.action_name or 'this action'} ({service.version})")
        call.action = action
        call.action_name = action.name
        if action.access is not AllowedCallers.ANONYMOUS:
            _identify(call, signed)


def _no_product(call: Call) -> ApiError:
    return not_implemented(f"the product of API version {call.version} ({call.action_name or 'an action'})")


def _refuse_other_protocols(call: Call) -> None:
    """Name the product of a request that the RPC protocol could not read.

    Raises:
        ApiError: the request is for a product that the fake does not have.
    """
    product = _other_product(call.http)
    if product:
        raise not_implemented(product)
    version = requests.roa_version(call.http)
    if _VERSION.match(version) and call.cloud.service_of(version) is None:
        action = call.http.headers.get("x-acs-action", "")
        call.version = version
        call.action_name = action if _ACTION.match(action) else ""
        raise _no_product(call)


def _other_product(http: HttpRequest) -> str:
    """Product with a protocol of its own that a request is for, in words; empty for RPC and ROA."""
    if _LOG_SERVICE in http.headers:
        return "the product Simple Log Service (log)"
    scheme = requests.authorization_scheme(http)
    return f"the product whose requests are signed as {scheme}" if scheme not in {"", requests.ROA_SCHEME} else ""


def _identify(call: Call, signed: SignedCall) -> None:
    cloud = call.cloud
    _check_common(signed)
    # The client's clock is the system's, even when a test has moved the cloud's.
    now = time.time()
    if not _DATE.match(signed.timestamp):
        raise gateway_error("time malformed")
    try:
        sent = parse_time(signed.timestamp)
    except ValueError:
        raise gateway_error("time malformed") from None
    if abs(now - sent) > WINDOW:
        raise gateway_error("time expired")
    call.caller, secret = cloud.resolve(signed.access_key_id, signed.token)
    call.token = signed.token
    to_sign = signed.string_to_sign()
    if not same_signature(signed.expected(secret, to_sign), signed.signature):
        call.caller = None
        raise gateway_error("signature wrong", f"server string to sign is:{to_sign}")
    # A nonce is spent by its owner only: a request with a wrong signature must not use it up.
    if not cloud.nonces.use(signed.access_key_id, signed.nonce, now):
        raise gateway_error("nonce used")
    key = cloud.keys.get(signed.access_key_id)
    if key is not None:
        key.last_used = cloud.clock.stamp()
        key.last_service = call.performed.service.name


def _check_common(signed: SignedCall) -> None:
    if not signed.access_key_id:
        raise missing("AccessKeyId")
    if signed.signed_headers is None:
        given = signed.parameters
        for name in ("SignatureMethod", "SignatureVersion", "SignatureNonce", "Timestamp", "Signature"):
            if not given.get(name):
                raise missing(name)
        if given["SignatureVersion"] != "1.0":
            raise gateway_error("signature version")
        if signed.method not in V1_DIGESTS or given.get("SignatureType"):
            raise gateway_error("signature method")
    elif signed.method != V3_ALGORITHM:
        raise gateway_error("signature method")

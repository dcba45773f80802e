"""From an HTTP request to a signed call: which action, with which parameters, signed by whom and how."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote_plus

from alicloud_fakes.core import signature
from alicloud_fakes.core.errors import gateway_error, missing
from alicloud_fakes.core.messages import HttpRequest

MAX_BODY = 10 * 1024 * 1024
_MAX_PARAMETERS = 2000
_FORM = "application/x-www-form-urlencoded"
_AUTHORIZATION = re.compile(
    r"^(?P<algorithm>ACS3-[A-Z0-9-]+)\s+Credential=(?P<key>[^,\s]+),\s*SignedHeaders=(?P<signed>[^,\s]+),\s*"
    r"Signature=(?P<signature>[0-9a-fA-F]+)\s*$"
)
_V3_HEADERS = ("x-acs-action", "x-acs-version", "x-acs-date", "x-acs-signature-nonce", "x-acs-content-sha256")
_V3_NAMES = dict(zip(_V3_HEADERS, ("Action", "Version", "Timestamp", "SignatureNonce", "ContentSha256"), strict=True))
_KEY_AND_SIGNATURE = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9_-]*) [^\s:]+:\S+\Z")
"""Key and signature as the ROA protocol and services with protocols of their own send them: ``acs KEY:SIGNATURE``."""
ROA_SCHEME = "acs"
FORMATS = {"": "json", "json": "json", "xml": "xml"}


@dataclass(slots=True)
class SignedCall:
    """A client's call as it was sent, before anything of it is believed.

    Attributes:
        http: the request it came from.
        action: name of the action.
        version: API version, which tells the product.
        format: ``json`` or ``xml``, or what the client wrote when it is neither.
        parameters: query and form body together, for version 1 with the common parameters.
        access_key_id: who signed; empty for anonymous actions.
        token: the security token of temporary credentials.
        nonce: unique per request.
        timestamp: as the client wrote it.
        signature: as the client computed it.
        method: signature method.
        signed_headers: version 3 only; None for version 1.
        form: parameters of the form body, version 3 only: they are not in the canonical query.
    """

    http: HttpRequest
    action: str
    version: str
    format: str
    parameters: dict[str, str]
    access_key_id: str
    token: str
    nonce: str
    timestamp: str
    signature: str
    method: str
    signed_headers: tuple[str, ...] | None = None
    form: Mapping[str, str] | None = None

    def string_to_sign(self) -> str:
        """String that the signature of this call is computed over, by our calculation."""
        if self.signed_headers is None:
            return signature.v1_string_to_sign(self.http.method, self.parameters)
        form = self.form or {}
        query = (
            {name: value for name, value in self.parameters.items() if name not in form} if form else self.parameters
        )
        return signature.v3_string_to_sign(
            signature.v3_canonical_request(
                self.http.method, self.http.path or "/", query, self.http.headers, self.signed_headers, self.http.body
            )
        )

    def expected(self, secret: str, string_to_sign: str) -> str:
        """The signature that the holder of the secret would have computed."""
        if self.signed_headers is None:
            return signature.v1_signature(secret, string_to_sign, self.method)
        return signature.v3_signature(secret, string_to_sign)


def parse_pairs(text: str, into: dict[str, str]) -> dict[str, str]:
    """Decode ``a=b&c=d`` into a dictionary.

    Raises:
        ApiError: a parameter occurs twice, or there are more than 2000.
    """
    if not text:
        return into
    if text.count("&") >= _MAX_PARAMETERS:
        raise gateway_error("body malformed")
    for pair in text.split("&"):
        if not pair:
            continue
        name, _, value = pair.partition("=")
        if "%" in value or "+" in value:
            value = unquote_plus(value)
        if "%" in name or "+" in name:
            name = unquote_plus(name)
        if name in into:
            raise gateway_error("parameter twice")
        into[name] = value
    return into


def read_rpc_request(http: HttpRequest) -> SignedCall:
    """Read a request of either signature version.

    Raises:
        ApiError: it cannot be read as one.
    """
    if len(http.body) > MAX_BODY:
        raise gateway_error("too large")
    authorization = http.headers.get("authorization", "")
    if "x-acs-signature-nonce" in http.headers or authorization.startswith("ACS3-"):
        return _read_v3(http, authorization)
    return _read_v1(http)


def authorization_scheme(http: HttpRequest) -> str:
    """Word before key and signature in an Authorization header that is not of the RPC protocol, or an empty text."""
    match = _KEY_AND_SIGNATURE.match(http.headers.get("authorization", ""))
    return match["scheme"] if match else ""


def roa_version(http: HttpRequest) -> str:
    """API version that a request of the ROA protocol names, signed in either way; empty for another request."""
    is_roa = authorization_scheme(http) == ROA_SCHEME or http.path not in {"", "/"}
    return http.headers.get("x-acs-version", "") if is_roa else ""


def _form_of(http: HttpRequest) -> str:
    if not http.body or not http.headers.get("content-type", _FORM).startswith(_FORM):
        return ""
    try:
        return http.body.decode("utf-8")
    except UnicodeDecodeError:
        raise gateway_error("body malformed") from None


def _read_v1(http: HttpRequest) -> SignedCall:
    parameters = parse_pairs(_form_of(http), parse_pairs(http.query, {}))
    get = parameters.get
    action = get("Action", "")
    version = get("Version", "")
    return SignedCall(
        http=http,
        action=action,
        version=version,
        format=_format(get("Format", "")),
        parameters=parameters,
        access_key_id=get("AccessKeyId", ""),
        token=get("SecurityToken", ""),
        nonce=get("SignatureNonce", ""),
        timestamp=get("Timestamp", ""),
        signature=get("Signature", ""),
        method=get("SignatureMethod", ""),
    )


def _read_v3(http: HttpRequest, authorization: str) -> SignedCall:
    headers = http.headers
    parameters = parse_pairs(http.query, {})
    form: dict[str, str] | None = None
    if http.body:
        form = parse_pairs(_form_of(http), {})
        if form.keys() & parameters.keys():
            raise gateway_error("parameter twice")
        parameters.update(form)
    call = SignedCall(
        http=http,
        action=headers.get("x-acs-action", ""),
        version=headers.get("x-acs-version", ""),
        format=_format(parameters.get("Format", "")),
        parameters=parameters,
        access_key_id="",
        token=headers.get("x-acs-security-token", ""),
        nonce=headers.get("x-acs-signature-nonce", ""),
        timestamp=headers.get("x-acs-date", ""),
        signature="",
        method=signature.V3_ALGORITHM,
        signed_headers=(),
        form=form,
    )
    if authorization:
        _read_authorization(call, authorization)
    return call


def _read_authorization(call: SignedCall, authorization: str) -> None:
    headers = call.http.headers
    match = _AUTHORIZATION.match(authorization)
    if match is None:
        raise gateway_error("signature malformed")
    call.method = match["algorithm"]
    call.access_key_id = match["key"]
    call.signature = match["signature"].lower()
    call.signed_headers = tuple(match["signed"].split(";"))
    for name in _V3_HEADERS:
        if name not in headers:
            raise missing(_V3_NAMES[name])
    signed = set(call.signed_headers)
    # A header that is not signed could be changed on the way: every x-acs- header that is sent has to be.
    sent = {name for name in headers if name.startswith("x-acs-")}
    if (
        not signed <= headers.keys()
        or not sent <= signed
        or "host" not in signed
        or len(signed) != len(call.signed_headers)
    ):
        raise gateway_error("signature malformed")


def _format(text: str) -> str:
    return FORMATS.get(text.lower(), text)

"""From an HTTP request to a call of OSS: which bucket and key, which action, signed by whom and how."""

from __future__ import annotations

import calendar
import contextlib
import re
import time
from dataclasses import dataclass, replace
from email.utils import parsedate_tz
from urllib.parse import unquote, unquote_plus

from alicloud_fakes.core.errors import not_implemented
from alicloud_fakes.core.messages import HttpRequest
from alicloud_fakes.core.signature import same_signature
from alicloud_fakes.services.oss import oss_signature
from alicloud_fakes.services.oss.errors import OssError
from alicloud_fakes.services.oss.recognition import HOST

SKEW = 15 * 60.0
_V4 = re.compile(
    r"OSS4-HMAC-SHA256\s+Credential=(?P<credential>[^,\s]+)(?:,\s*AdditionalHeaders=(?P<before>[^,\s]*))?"
    r",\s*Signature=(?P<signature>[0-9a-f]{64})(?:,\s*AdditionalHeaders=(?P<after>[^,\s]*))?\s*\Z"
)
_V4_DATE = re.compile(r"\d{8}T\d{6}Z\Z", re.ASCII)
_SECONDS = re.compile(r"[0-9]{1,12}\Z")
_LONGEST_URL_LIFE = 7 * 24 * 3600
DEFAULT_REGION = "cn-hangzhou"


@dataclass(slots=True)
class RequestTarget:
    """Target of a request.

    Attributes:
        bucket: empty for the service.
        key: decoded; empty for the bucket.
        query: decoded; the first of parameters that occur twice.
        region: of the endpoint; empty for endpoints that do not say.
    """

    bucket: str
    key: str
    query: dict[str, str]
    region: str


@dataclass(slots=True)
class Signed:
    """A signature, before it is believed.

    Attributes:
        access_key_id: who signed; empty for anonymous requests.
        token: the security token of temporary credentials.
        signature: as the client computed it.
        scope: version 4: date, region, product; empty for version 1.
        date: what the signature is dated by, as the client wrote it.
        stamp: the same time in the form of ``x-oss-date``, for version 4.
        additional: version 4: further headers that were signed.
    """

    access_key_id: str = ""
    token: str = ""
    signature: str = ""
    scope: str = ""
    date: str = ""
    additional: tuple[str, ...] = ()
    stamp: str = ""

    @property
    def region(self) -> str:
        """The region of a version 4 signature."""
        return self.scope.split("/")[1] if self.scope else ""

    def string_to_sign(self, http: HttpRequest, target: RequestTarget) -> str:
        """String that the client should have signed."""
        if not self.scope:
            query = {name: value for name, value in target.query.items() if name not in _V1_OWN}
            return oss_signature.oss_v1_string_to_sign(
                http.method, target.bucket, target.key, query, http.headers, self.date
            )
        query = {name: value for name, value in target.query.items() if name != "x-oss-signature"}
        canonical = oss_signature.v4_canonical_request(
            http.method, target.bucket, target.key, query, http.headers, self.additional
        )
        return oss_signature.v4_string_to_sign(canonical, self.date, self.scope)

    def fits(self, secret: str, http: HttpRequest, target: RequestTarget) -> bool:
        """True if the holder of the secret signed the request.

        Without ``x-oss-date`` a client of version 4 signs ``Date`` as it wrote it, as the official Go client does, or
        in the form that the documentation gives.
        """
        forms = [self, replace(self, date=self.stamp)] if self.stamp not in {"", self.date} else [self]
        return any(
            same_signature(one.expected(secret, one.string_to_sign(http, target)), self.signature) for one in forms
        )

    def expected(self, secret: str, string_to_sign: str) -> str:
        """The signature that the holder of the secret would have computed."""
        if self.scope:
            return oss_signature.v4_signature(secret, self.scope, string_to_sign)
        return oss_signature.oss_v1_signature(secret, string_to_sign)


_V1_OWN = frozenset({"OSSAccessKeyId", "Signature", "Expires"})


def read_target(http: HttpRequest) -> RequestTarget:
    """Read bucket, key and query.

    Raises:
        ApiError: they are not UTF-8.
    """
    host = http.host
    known = HOST.match(host)
    bucket = (known and known["bucket"]) or ""
    path = http.path.lstrip("/") if not bucket else http.path[1:]
    try:
        if not bucket:
            bucket, _, path = path.partition("/")
            bucket = unquote(bucket, errors="strict")
        return RequestTarget(
            bucket, unquote(path, errors="strict"), _query(http.query), (known and known["region"]) or ""
        )
    except UnicodeDecodeError:
        raise OssError("InvalidObjectName") from None


def _query(text: str) -> dict[str, str]:
    query: dict[str, str] = {}
    for pair in text.split("&"):
        if pair:
            name, _, value = pair.partition("=")
            query.setdefault(unquote_plus(name, errors="strict"), unquote_plus(value, errors="strict"))
    return query


def read_signature(http: HttpRequest, target: RequestTarget, now: float) -> Signed:
    """Read the signature of a request, and check its date.

    Args:
        http: the request.
        target: what it is about.
        now: seconds since the epoch.

    Raises:
        ApiError: it is malformed, or its time is over.
    """
    authorization = http.headers.get("authorization", "")
    query = target.query
    if authorization.startswith("OSS "):
        return _v1_header(http, authorization, now)
    if authorization.startswith(oss_signature.V4_ALGORITHM):
        return _v4_header(http, authorization, now)
    if authorization:
        if authorization.startswith("OSS2 "):
            raise not_implemented("signature version 2 of OSS (it does 1 and 4)")
        raise OssError("InvalidArgument", "Authorization header is invalid.")
    if "x-oss-credential" in query or "x-oss-signature-version" in query:
        return _v4_url(query, now)
    if _V1_OWN & query.keys():
        return _v1_url(query, now)
    return Signed()


def _v1_header(http: HttpRequest, authorization: str, now: float) -> Signed:
    key, found, given = authorization[len("OSS ") :].strip().rpartition(":")
    if not found or not key or not given:
        raise OssError("InvalidArgument", "Authorization header is invalid.")
    date = http.headers.get("x-oss-date", "") or http.headers.get("date", "")
    if not date:
        raise OssError("AccessDenied", "OSS authentication requires a valid Date.")
    sent = _http_time(date)
    if sent is None:
        raise OssError("AccessDenied", "OSS authentication requires a valid Date.")
    _check_skew(sent, now)
    return Signed(key, http.headers.get("x-oss-security-token", ""), given, date=date)


def _v1_url(query: dict[str, str], now: float) -> Signed:
    if not all(query.get(name) for name in _V1_OWN):
        text = "Query-string authentication requires the Signature, Expires and OSSAccessKeyId parameters"
        raise OssError("AccessDenied", text)
    expires = query["Expires"]
    if not _SECONDS.match(expires):
        raise OssError("AccessDenied", f"Invalid date (should be seconds since epoch): {expires}")
    if int(expires) < now:
        raise OssError("AccessDenied", "Request has expired.")
    return Signed(query["OSSAccessKeyId"], query.get("security-token", ""), query["Signature"], date=expires)


def _v4_header(http: HttpRequest, authorization: str, now: float) -> Signed:
    match = _V4.match(authorization)
    if match is None:
        raise OssError("InvalidArgument", "Authorization header is invalid.")
    date = http.headers.get("x-oss-date", "") or http.headers.get("date", "")
    stamp = _as_v4(date)
    key, scope = _credential(match["credential"], stamp)
    _check_skew(_v4_time(stamp), now)
    additional = tuple(name for name in (match["before"] or match["after"] or "").split(";") if name)
    return Signed(key, http.headers.get("x-oss-security-token", ""), match["signature"], scope, date, additional, stamp)


def _v4_url(query: dict[str, str], now: float) -> Signed:
    needed = ("x-oss-signature-version", "x-oss-credential", "x-oss-date", "x-oss-expires", "x-oss-signature")
    if not all(query.get(name) for name in needed) or query["x-oss-signature-version"] != oss_signature.V4_ALGORITHM:
        raise OssError("AccessDenied", f"Query-string authentication requires the parameters {', '.join(needed)}")
    date, lasting = query["x-oss-date"], query["x-oss-expires"]
    key, scope = _credential(query["x-oss-credential"], date)
    if not _SECONDS.match(lasting) or not 0 < int(lasting) <= _LONGEST_URL_LIFE:
        raise OssError("AccessDenied", f"Invalid expires: {lasting}")
    sent = _v4_time(date)
    if sent - SKEW > now:
        raise OssError("AccessDenied", "Request is not valid yet.")
    if sent + int(lasting) < now:
        raise OssError("AccessDenied", "Request has expired.")
    additional = tuple(name for name in query.get("x-oss-additional-headers", "").split(";") if name)
    return Signed(key, query.get("x-oss-security-token", ""), query["x-oss-signature"], scope, date, additional)


def _credential(text: str, date: str) -> tuple[str, str]:
    key, _, scope = text.partition("/")
    parts = scope.split("/")
    if len(parts) == 4 and not parts[1]:
        raise OssError("InvalidArgument", "The signing region in credential is invalid.")
    if len(parts) != 4 or not key or parts[2:] != ["oss", "aliyun_v4_request"]:
        raise OssError("InvalidArgument", f"Invalid Credential: {text}")
    if parts[0] != date[:8]:
        raise OssError("InvalidArgument", "The date of the credential is not that of the request.")
    return key, scope


def _http_time(date: str) -> float | None:
    """The time in a ``Date`` header; None when it cannot be read."""
    parsed = parsedate_tz(date)
    if parsed is None:
        return None
    try:
        return calendar.timegm(parsed[:9]) - (parsed[9] or 0)
    except (ValueError, OverflowError):
        return None


def _as_v4(date: str) -> str:
    """The time of a request in the form of ``x-oss-date``. What is signed is the header as the client wrote it."""
    sent = None if _V4_DATE.match(date) else _http_time(date)
    return date if sent is None else time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(sent))


def _v4_time(date: str) -> float:
    if _V4_DATE.match(date):
        with contextlib.suppress(ValueError):
            return calendar.timegm(time.strptime(date, "%Y%m%dT%H%M%SZ"))
    raise OssError("AccessDenied", "OSS authentication requires a valid x-oss-date.")


def _check_skew(sent: float, now: float) -> None:
    if abs(now - sent) > SKEW:
        raise OssError("RequestTimeTooSkewed")

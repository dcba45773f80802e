"""Signatures of OSS: version 1 and version 4, in the header and in the URL.

Source: Alibaba Cloud, OSS, "Include signatures in the Authorization header", "Add signatures to URLs", for V1 and V4.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable, Mapping
from urllib.parse import quote

V4_ALGORITHM = "OSS4-HMAC-SHA256"
_V4_SIGNED = frozenset({"content-type", "content-md5"})
# Query parameters that version 1 signs: those that name a subresource or change the answer.
V1_SIGNED = frozenset(
    """
    accessPoint accessPointPolicy acl append asyncFetch bucketArchiveDirectRead bucketInfo callback callback-var
    cname comp continuation-token cors delete encryption endTime group httpsConfig inventory inventoryId lifecycle
    link live location logging metaQuery objectInfo objectMeta partNumber policy position publicAccessBlock qos
    qosInfo qosRequester redundancyTransition referer regionList replication replicationLocation
    replicationProgress requestPayment requesterQosInfo resourceGroup resourcePool resourcePoolBuckets
    resourcePoolInfo response-cache-control response-content-disposition response-content-encoding
    response-content-language response-content-type response-expires restore security-token sequential startTime
    stat status style styleName symlink tagging transferAcceleration uploadId uploads versionId versioning
    versions vod website worm wormExtend wormId x-oss-ac-forward-allow x-oss-ac-source-ip x-oss-ac-subnet-mask
    x-oss-ac-vpc-id x-oss-access-point-name x-oss-async-process x-oss-process x-oss-redundancy-transition-taskid
    x-oss-request-payer x-oss-target-redundancy-type x-oss-traffic-limit x-oss-write-get-object-response
    """.split()  # noqa: SIM905 - one a line would be a page
)


def oss_v1_string_to_sign(
    method: str, bucket: str, key: str, query: Mapping[str, str], headers: Mapping[str, str], date: str
) -> str:
    """String to sign of version 1.

    Args:
        method: HTTP method.
        bucket: empty for requests to the service.
        key: decoded; empty for requests to the bucket.
        query: decoded.
        headers: names in lower case.
        date: the date header, or ``Expires`` of a URL.
    """
    own = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers) if name.startswith("x-oss-"))
    signed = sorted(name for name in query if name in V1_SIGNED)
    subresources = "&".join(f"{name}={query[name]}" if query[name] else name for name in signed)
    resource = f"/{bucket}/{key}" if bucket else "/"
    if subresources:
        resource = f"{resource}?{subresources}"
    md5, kind = headers.get("content-md5", ""), headers.get("content-type", "")
    return f"{method}\n{md5}\n{kind}\n{date}\n{own}{resource}"


def oss_v1_signature(secret: str, string_to_sign: str) -> str:
    """Signature of version 1, base64."""
    return base64.b64encode(hmac.digest(secret.encode(), string_to_sign.encode("utf-8", "replace"), "sha1")).decode()


def v4_canonical_request(
    method: str,
    bucket: str,
    key: str,
    query: Mapping[str, str],
    headers: Mapping[str, str],
    additional: Iterable[str],
) -> str:
    """Canonical request of version 4. `additional`: further headers that the client signed, in lower case."""
    path = quote(f"/{bucket}/{key}" if bucket else "/", safe="/~")
    pairs = sorted((quote(name, safe="~"), quote(value, safe="~")) for name, value in query.items())
    line = "&".join(f"{name}={value}" if value else name for name, value in pairs)
    more = sorted(additional)
    names = sorted(name for name in headers if name.startswith("x-oss-") or name in _V4_SIGNED or name in more)
    lines = "".join(f"{name}:{headers[name].strip()}\n" for name in names)
    payload = headers.get("x-oss-content-sha256", "UNSIGNED-PAYLOAD")
    return f"{method}\n{path}\n{line}\n{lines}\n{';'.join(more)}\n{payload}"


def v4_string_to_sign(canonical_request: str, date: str, scope: str) -> str:
    """String to sign of version 4.

    Args:
        canonical_request: the canonical request.
        date: ``20231203T121212Z``.
        scope: ``20231203/cn-hangzhou/oss/aliyun_v4_request``.
    """
    digest = hashlib.sha256(canonical_request.encode("utf-8", "replace")).hexdigest()
    return f"{V4_ALGORITHM}\n{date}\n{scope}\n{digest}"


def v4_signature(secret: str, scope: str, string_to_sign: str) -> str:
    """Signature of version 4, hexadecimal."""
    key = f"aliyun_v4{secret}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    return hmac.digest(key, string_to_sign.encode(), "sha256").hex()

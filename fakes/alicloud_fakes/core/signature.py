"""Signatures: RPC signature 1.0 and ACS3 (version 3), computed as the official SDKs compute them.

Source: Alibaba Cloud, RAM, "Signature mechanism"; "V3 request body and signature mechanism".
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import string
from collections.abc import Iterable, Mapping
from urllib.parse import quote

EMPTY_SHA256 = hashlib.sha256(b"").hexdigest()
V1_DIGESTS = {"HMAC-SHA1": "sha1", "HMAC-SHA256": "sha256"}
_UNRESERVED = f"{string.ascii_letters}{string.digits}._~-"
V3_ALGORITHM = "ACS3-HMAC-SHA256"


def percent_encode(text: str) -> str:
    """RFC 3986 over UTF-8; the tilde stays, the space is ``%20``."""
    # Most values need no encoding, and asking is far cheaper than encoding; with a regular expression it would not be.
    plain = (text.isascii() and text.isalnum()) or not text.strip(_UNRESERVED)
    return text if plain else quote(text, safe="~")


def canonical_query(parameters: Mapping[str, str]) -> str:
    """Parameters, sorted by name, percent-encoded and joined."""
    pairs: list[str] = []
    for name, value in sorted(parameters.items()):
        # Every request is signed. Letters and digits are the most frequent, and a call costs more than to ask for them.
        encoded = name if name.isalnum() and name.isascii() else percent_encode(name)
        pairs.append(f"{encoded}={value if value.isalnum() and value.isascii() else percent_encode(value)}")
    return "&".join(pairs)


def v1_string_to_sign(method: str, parameters: Mapping[str, str]) -> str:
    """String to sign of version 1. `parameters`: query and form body together, with or without ``Signature``."""
    if "Signature" in parameters:
        parameters = {name: value for name, value in parameters.items() if name != "Signature"}
    # INVARIANT: a canonical query holds unreserved characters and these three, so this is its percent-encoding.
    query = canonical_query(parameters).replace("%", "%25").replace("=", "%3D").replace("&", "%26")
    return f"{method}&%2F&{query}"


def v1_signature(secret: str, string_to_sign: str, method: str = "HMAC-SHA1") -> str:
    """Signature of version 1, base64."""
    digest = hmac.digest(f"{secret}&".encode(), string_to_sign.encode(), V1_DIGESTS[method])
    return base64.b64encode(digest).decode()


def v3_canonical_request(
    method: str,
    path: str,
    parameters: Mapping[str, str],
    headers: Mapping[str, str],
    signed: Iterable[str],
    body: bytes,
) -> str:
    """Canonical request of version 3, which is hashed.

    Args:
        method: HTTP method.
        path: path of the URL.
        parameters: those of the query.
        headers: names in lower case.
        signed: names of the signed headers, as the client listed them.
        body: as sent.
    """
    names = list(signed)
    lines = "".join([f"{name}:{headers[name].strip()}\n" for name in sorted(names)])
    payload = hashlib.sha256(body).hexdigest() if body else EMPTY_SHA256
    return f"{method}\n{path}\n{canonical_query(parameters)}\n{lines}\n{';'.join(names)}\n{payload}"


def v3_string_to_sign(canonical_request: str) -> str:
    """String to sign of version 3."""
    return f"{V3_ALGORITHM}\n{hashlib.sha256(canonical_request.encode()).hexdigest()}"


def v3_signature(secret: str, string_to_sign: str) -> str:
    """Signature of version 3, hexadecimal."""
    return hmac.digest(secret.encode(), string_to_sign.encode(), "sha256").hex()


def same_signature(one: str, other: str) -> bool:
    """Compare two signatures."""
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))

"""Temporary credentials that carry their own meaning.

A security token is sealed by the cloud and holds who it is for and until when; the secret follows from the key ID. So
issuing one changes no state: tokens cost no memory, and survive a restart of a cloud with the same seed.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from functools import lru_cache

from alicloud_fakes.core.clock import format_time
from alicloud_fakes.core.entropy import Entropy
from alicloud_fakes.core.errors import gateway_error

_PREFIX = "CAIS"
_SEAL = 16
_LONGEST = 16384


@dataclass(frozen=True, slots=True)
class TokenSession:
    """Contents of a token.

    Attributes:
        access_key_id: the key it belongs to.
        account: account ID of the role or user.
        entity: ID of the role, or of the user for a console session of a user. A new role of the same name has another.
        name: name of the session.
        expires: seconds since the epoch.
        issued: seconds since the epoch.
        kind: ``role`` or ``user`` or ``root``.
        policy: session policy, empty when there is none.
        mfa: whether a second factor was used at sign-in; None for sessions that did not begin in the console.
        source_identity: as given to the first AssumeRole.
    """

    access_key_id: str
    account: str
    entity: str
    name: str
    expires: int
    issued: int
    kind: str = "role"
    policy: str = ""
    mfa: bool | None = None
    source_identity: str = ""


@dataclass(frozen=True, slots=True)
class TemporaryCredentials:
    """Temporary credentials, as AssumeRole gives them."""

    access_key_id: str
    access_key_secret: str
    security_token: str
    expiration: str


def issue(entropy: Entropy, session: TokenSession) -> TemporaryCredentials:
    """Make the credentials of a session."""
    values = [getattr(session, name) for name in TokenSession.__slots__]
    body = json.dumps(values, separators=(",", ":")).encode()
    token = _PREFIX + base64.b64encode(_seal(entropy, body) + body).decode()
    return TemporaryCredentials(
        session.access_key_id, secret_of(entropy, session.access_key_id), token, format_time(session.expires)
    )


def new_key_id(entropy: Entropy) -> str:
    """ID of a temporary key."""
    return f"STS.FAKE{entropy.letters(24)}"


def secret_of(entropy: Entropy, access_key_id: str) -> str:
    """The secret of a temporary key."""
    return entropy.derive("session", access_key_id, 40)


def open_token(entropy: Entropy, token: str) -> TokenSession:
    """Open a token.

    Raises:
        ApiError: this cloud did not make it.
    """
    if len(token) > _LONGEST:
        raise gateway_error("token malformed")
    return _read(entropy, token)


@lru_cache(maxsize=4096)
def _read(entropy: Entropy, token: str) -> TokenSession:
    try:
        raw = base64.b64decode(token.removeprefix(_PREFIX), validate=True)
    except (ValueError, binascii.Error):
        raise gateway_error("token malformed") from None
    seal, body = raw[:_SEAL], raw[_SEAL:]
    if seal != _seal(entropy, body):
        raise gateway_error("token malformed")
    # INVARIANT: the seal holds, so this cloud wrote the body.
    return TokenSession(*json.loads(body))


def _seal(entropy: Entropy, body: bytes) -> bytes:
    return entropy.mac("token", body)[:_SEAL]

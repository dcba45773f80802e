"""Everything random, from one seed.

The source is a counter that is hashed with the seed: whoever knows seed and position can make the same IDs and secrets
again, which is what replaying a request needs.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import random
import string

_ALPHANUMERIC = string.ascii_letters + string.digits
_BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


def fresh_seed() -> str:
    """A seed that nobody can guess."""
    return os.urandom(16).hex()


class Entropy:
    """IDs, secrets and request IDs of one cloud.

    Attributes:
        position: how many values have been drawn; set it back to draw the same values again.
    """

    def __init__(self, seed: str | int | None = None) -> None:
        self.seed = fresh_seed() if seed is None else str(seed)
        self.position = 0
        self._key = hashlib.blake2b(self.seed.encode(), digest_size=32).digest()
        # Request IDs are drawn by every request, reads included, so they have a source of their own.
        self._requests = random.Random(self.seed)  # noqa: S311 - request IDs are no secrets

    def bytes(self, length: int) -> bytes:
        """Random bytes, at most 64."""
        self.position += 1
        return hashlib.blake2b(self.position.to_bytes(8, "big"), key=self._key, digest_size=64).digest()[:length]

    def digits(self, length: int) -> str:
        """A decimal number without a leading zero."""
        low = 10 ** (length - 1)
        return str(low + int.from_bytes(self.bytes(16), "big") % (9 * low))

    def letters(self, length: int) -> str:
        """Letters and digits, at most 64."""
        return "".join(_ALPHANUMERIC[b % len(_ALPHANUMERIC)] for b in self.bytes(length))

    def base32(self, length: int) -> str:
        """Base32 characters, at most 64."""
        return "".join(_BASE32[b % len(_BASE32)] for b in self.bytes(length))

    def request_id(self) -> str:
        """An upper-case UUID for one request."""
        text = f"{self._requests.getrandbits(128):032X}"
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"

    def derive(self, purpose: str, text: str, length: int = 30) -> str:
        """A secret derived from the seed and a text, so that it need not be stored (at most 43 characters)."""
        return base64.b64encode(self.mac(purpose, text.encode()), b"Ab").decode()[:length]

    def mac(self, purpose: str, data: bytes) -> bytes:
        """A seal that only this cloud can make."""
        return hmac.digest(self._key, purpose.encode() + b"\0" + data, "sha256")

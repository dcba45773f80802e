"""Time-based one-time passwords (RFC 6238: SHA-1, 30 seconds, 6 digits).

Codes are computed by pyotp. The steps are counted here: `pyotp.TOTP.verify` says whether a code is one of now, but not
of which step, which is needed to take no code twice, and it knows no two codes in a row. Its `TOTP.at` counts by local
time, in which an hour occurs twice when summer time ends.
"""

from __future__ import annotations

import base64
import hmac
import struct
import zlib

from ram_policies.extras import extra_needed

STEP = 30
_DRIFT = 1


def code(seed: str, counter: int) -> str:
    """The code of a step.

    Args:
        seed: base32, of 112 bits or more.
        counter: the step: seconds since the epoch, divided by `STEP`.

    Raises:
        MissingExtraError: pyotp is not installed.
    """
    with extra_needed("fakes"):
        # Only second factors need the import.
        from pyotp import HOTP  # noqa: PLC0415  # pyright: ignore[reportPrivateImportUsage] - it marks no exports

    return HOTP(seed).at(counter)


def code_at(seed: str, time: float) -> str:
    """The code that an authenticator shows at a time (seconds since the epoch)."""
    return code(seed, int(time) // STEP)


def matching_step(seed: str, given: str, time: float, after: int = 0) -> int | None:
    """The step whose code was given, if it is the present one or a neighbour, and later than `after`."""
    now = int(time) // STEP
    for counter in range(now - _DRIFT, now + _DRIFT + 1):
        if counter > after and hmac.compare_digest(code(seed, counter), given):
            return counter
    return None


def in_a_row(seed: str, first: str, second: str, time: float) -> int | None:
    """The step of the second of two codes that follow each other; None when they do not, or are not of now."""
    now = int(time) // STEP
    for counter in range(now - 2 * _DRIFT, now + _DRIFT + 1):
        if hmac.compare_digest(code(seed, counter), first) and hmac.compare_digest(code(seed, counter + 1), second):
            return counter + 1
    return None


def blank_png(text: str) -> str:
    """A PNG, base64, that carries a text as its description. It is blank: nobody scans the QR code of a fake."""
    parts = [
        _chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 1, 0, 0, 0, 0)),
        _chunk(b"tEXt", b"Description\0" + text.encode("latin-1", "replace")),
        _chunk(b"IDAT", zlib.compress(b"\0\x80")),
        _chunk(b"IEND", b""),
    ]
    return base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"".join(parts)).decode()


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

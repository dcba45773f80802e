"""Bounds on the size of a request, and on the time that a client may take to send it."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus


@dataclass(slots=True)
class Bounds:
    """Bounds of one connection. Alibaba Cloud publishes none; every request of the official SDKs fits many times.

    Attributes:
        url: bytes of a URL: the official SDKs put whole policy documents and SAML assertions into it.
        headers: bytes of all headers together, names and values.
        header_count: how many headers.
        seconds: from the first byte of a request to its last.
        watch_every: seconds between two looks at the time.
        linger: seconds that a refused client has to read why.
    """

    url: int = 512 * 1024
    headers: int = 64 * 1024
    header_count: int = 200
    seconds: float = 60.0
    watch_every: float = 5.0
    linger: float = 1.0


BOUNDS = Bounds()


class OutOfBoundsError(Exception):
    """A request that is not read to its end.

    Attributes:
        status: of the answer.
    """

    status = HTTPStatus.BAD_REQUEST


class TooLongUrlError(OutOfBoundsError):
    """A URL beyond its bound."""

    status = HTTPStatus.REQUEST_URI_TOO_LONG

    def __str__(self) -> str:
        return f"The URL is longer than {BOUNDS.url} bytes. Send the parameters in the body."


class TooLongHeadersError(OutOfBoundsError):
    """Headers beyond their bounds."""

    status = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE

    def __str__(self) -> str:
        return f"The headers are more than {BOUNDS.header_count}, or longer than {BOUNDS.headers} bytes."


class AmbiguousError(OutOfBoundsError):
    """A header that says in two ways what a request is for, or where it ends."""

    def __init__(self, name: str, wanted: str) -> None:
        super().__init__(f"The header {name} has to be {wanted}.")

"""HTTP messages as the application sees them, whichever door they came through."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(slots=True)
class HttpRequest:
    """One request.

    Attributes:
        method: upper-case.
        path: as sent, still percent-encoded, without the query.
        query: as sent, without the question mark.
        headers: names in lower case; values of repeated headers joined by commas.
        body: decoded from any transfer encoding.
        source_ip: address of the client.
        secure: whether it came over TLS.
    """

    method: str
    path: str = "/"
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: bytes = b""
    source_ip: str = "127.0.0.1"
    secure: bool = False

    @property
    def host(self) -> str:
        """The host that was asked, in lower case, without its port."""
        host = self.headers.get("host", "").lower()
        return host.rpartition(":")[0] if ":" in host else host


class Delivery(StrEnum):
    """Delivery of an answer by a door: send it, cut the connection instead, or never answer."""

    SEND = "send"
    RESET = "reset"
    HANG = "hang"


@dataclass(slots=True)
class HttpResponse:
    """One answer.

    Attributes:
        status: HTTP status.
        body: as sent.
        headers: names in lower case.
        delay: seconds the door waits before it delivers.
        delivery: how the door delivers.
    """

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict[str, str])
    delay: float = 0.0
    delivery: Delivery = Delivery.SEND

"""A load on a loopback port: requests made in advance, sent over keep-alive connections, each answer waited for.

Where a server closes its connection after an answer, a new one is opened, and that time counts.

Both servers get the load from this same client, so that the comparison is of servers, not of clients.
"""

from __future__ import annotations

import re
import selectors
import socket
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_CLOSE = re.compile(rb"\r\nconnection: *close", re.IGNORECASE)
_ACCEPTED_WITHIN = 0.1
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


@dataclass(frozen=True)
class Result:
    """Outcome of a load.

    Attributes:
        seconds: from the first byte sent to the last answer.
        latencies: of each request, in seconds.
        failed: answers whose status was not 200.
    """

    seconds: float
    latencies: Sequence[float]
    failed: int

    @property
    def per_second(self) -> float:
        return len(self.latencies) / self.seconds

    @property
    def p50(self) -> float:
        return statistics.median(self.latencies)

    @property
    def p99(self) -> float:
        return sorted(self.latencies)[int(len(self.latencies) * 0.99)]


def http(host: str, path: str, headers: dict[str, str] | None = None, body: bytes = b"") -> bytes:
    """One POST request as bytes."""
    lines = [f"POST {path} HTTP/1.1", f"Host: {host}", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def run(port: int, requests: Sequence[bytes], connections: int) -> Result:
    """Send all requests over a number of connections, one at a time on each."""
    waiting = iter(requests)
    latencies: list[float] = []
    failed = 0
    with selectors.DefaultSelector() as selector:
        opened = [_connect(port) for _ in range(connections)]
        # Connect first: a server may be slow to accept, and later requests depend on earlier ones.
        time.sleep(_ACCEPTED_WITHIN)
        begun = time.perf_counter()
        for connection in opened:
            _send(selector, connection, waiting)
        while selector.get_map():
            for key, _ in selector.select():
                received = key.fileobj.recv(262144)
                key.data["got"] += received
                if not received:
                    raise RuntimeError(f"the server closed the connection in the middle of {key.data['got'][:200]!r}")
                if not whole(key.data["got"]):
                    continue
                latencies.append(time.perf_counter() - key.data["sent"])
                failed += not key.data["got"].startswith(b"HTTP/1.1 200")
                selector.unregister(key.fileobj)
                connection = key.fileobj
                if _CLOSE.search(key.data["got"]):
                    connection.close()
                    connection = _connect(port)
                _send(selector, connection, waiting)
        return Result(time.perf_counter() - begun, latencies, failed)


def _connect(port: int) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def _send(selector: selectors.BaseSelector, connection: socket.socket, waiting: Iterator[bytes]) -> None:
    request = next(waiting, None)
    if request is None:
        connection.close()
        return
    sent = time.perf_counter()
    connection.sendall(request)
    selector.register(connection, selectors.EVENT_READ, {"got": b"", "sent": sent})


def whole(got: bytes) -> bool:
    """True if an answer is complete."""
    head, end, body = got.partition(b"\r\n\r\n")
    if not end:
        return False
    length = _LENGTH.search(head)
    if length is None:
        raise RuntimeError(f"an answer without a length: {head[:200]!r}")
    return len(body) >= int(length[1])

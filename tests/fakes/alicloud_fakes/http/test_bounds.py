"""Requests that are too long or too slow are refused, and cost no more than they are long."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator

import pytest

from alicloud_fakes import Cloud
from alicloud_fakes.http import Server
from alicloud_fakes.http.bounds import BOUNDS


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setattr(BOUNDS, "watch_every", 0.05)
    with Server(Cloud.of({"1": ""})) as server:
        yield server


def ask(server: Server, *parts: bytes, pause: float = 0.0) -> bytes:
    """Everything that is answered to some bytes, until the connection ends."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        try:
            for part in parts:
                connection.sendall(part)
                time.sleep(pause)
        except ConnectionError:
            pass  # the answer may be there all the same
        got = b""
        try:
            while part := connection.recv(65536):
                got += part
        except ConnectionError:
            pass
        return got


END = b"Host: localhost\r\nConnection: close\r\n\r\n"


def status(answer: bytes) -> str:
    return answer.split(b" ", 2)[1].decode()


def test_the_longest_url_and_the_first_that_is_too_long(server: Server) -> None:
    line = b"GET /_fakes/?x=%s HTTP/1.1\r\n"
    room = BOUNDS.url - len(b"/_fakes/?x=")
    assert status(ask(server, line % (b"x" * room), END)) == "200"
    refused = ask(server, line % (b"x" * (room + 1)), END)
    assert status(refused) == "414"
    assert b"Send the parameters in the body" in refused


def test_a_url_that_never_ends(server: Server) -> None:
    assert status(ask(server, b"GET /?", *[b"x" * 65536] * 100)) == "414"


def test_many_headers(server: Server) -> None:
    def request(count: int) -> bytes:
        return b"GET /_fakes/ HTTP/1.1\r\n" + b"".join(b"X-%d: 1\r\n" % number for number in range(count)) + END

    assert status(ask(server, request(BOUNDS.header_count - 2))) == "200"
    assert status(ask(server, request(BOUNDS.header_count - 1))) == "431"
    assert status(ask(server, request(100_000))) == "431"


def test_long_headers(server: Server) -> None:
    def request(length: int) -> bytes:
        return b"GET /_fakes/ HTTP/1.1\r\nX: " + b"x" * length + b"\r\n" + END

    fixed = sum(map(len, (b"X", b"Host", b"localhost", b"Connection", b"close")))
    assert status(ask(server, request(BOUNDS.headers - fixed))) == "200"
    assert status(ask(server, request(BOUNDS.headers - fixed + 1))) == "431"


def test_a_header_that_never_ends(server: Server) -> None:
    assert status(ask(server, b"GET / HTTP/1.1\r\nX: ", *[b"x" * 65536] * 100)) == "431"


def test_a_repeated_header_is_joined(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    real = server.cloud.handle

    def handle(request):
        seen.append(request.headers["x-acs-repeated"])
        return real(request)

    monkeypatch.setattr(server.cloud, "handle", handle)
    repeated = b"".join(b"X-Acs-Repeated: %d\r\n" % number for number in range(150))
    assert status(ask(server, b"GET /_fakes/ HTTP/1.1\r\n" + repeated + END)) == "200"
    assert seen == [",".join(map(str, range(150)))]


@pytest.mark.parametrize(
    "begun",
    [b"GE", b"GET / HTTP/1.1\r\nHost: lo", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf"],
)
def test_a_request_that_does_not_end_is_ended(server: Server, monkeypatch: pytest.MonkeyPatch, begun: bytes) -> None:
    monkeypatch.setattr(BOUNDS, "seconds", 0.1)
    assert status(ask(server, begun)) == "408"


def test_bytes_that_drip_do_not_prolong_it(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(BOUNDS, "seconds", 0.3)
    assert status(ask(server, b"GET / HTTP/1.1\r\n", *[b"X: 1\r\n"] * 40, pause=0.05)) == "408"


def test_others_are_answered_while_somebody_is_slow(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port)) as slow:
        slow.sendall(b"GET /_fakes/ HTTP/1.1\r\n")
        assert status(ask(server, b"GET /_fakes/ HTTP/1.1\r\n" + END)) == "200"
        slow.sendall(END)
        assert status(slow.recv(65536)) == "200"


def test_a_connection_is_kept_between_requests(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(BOUNDS, "seconds", 0.1)
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        for _ in range(3):
            connection.sendall(b"GET /_fakes/ HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert status(connection.recv(65536)) == "200"
            time.sleep(0.3)

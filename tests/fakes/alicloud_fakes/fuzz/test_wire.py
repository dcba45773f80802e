"""Malformed HTTP: the server answers or closes the connection, changes nothing, logs no exception, goes on."""

from __future__ import annotations

import contextlib
import http.client
import logging
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alicloud_fakes import Cloud, HttpRequest, HttpResponse
from alicloud_fakes.cloud import snapshot
from alicloud_fakes.http import Server

PATIENCE = 5.0
GOOD = [
    b"POST / HTTP/1.1",
    b"Host: 127.0.0.1",
    b"Content-Type: application/x-www-form-urlencoded",
    b"Content-Length: 17",
    b"",
    b"Action=GetUser&a=",
]
ODD = st.sampled_from(
    [
        b"Content-Length: -1",
        b"Content-Length: 99999999999999999999",
        b"Content-Length: 5\r\nContent-Length: 6",
        b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n",
        b"Transfer-Encoding: chunked\r\nContent-Length: 3",
        b"Expect: 100-continue",
        b"Expect: x",
        b"Connection: upgrade\r\nUpgrade: websocket",
        b"Connection: upgrade\r\nUpgrade: h2c",
        b"Authorization: ACS3-HMAC-SHA256 Credential=\xff,SignedHeaders=host,Signature=0",
        b"X-Acs-Signature-Nonce: \xc3",
        b"Host: [::1",
        b"A" * 70_000 + b": b",
        b": no name",
        b"GET /\xff\xfe?%zz=%&&= HTTP/1.1",
        b"POST http://127.0.0.1:99999999/ HTTP/1.1",
        b"CONNECT ram.aliyuncs.com:443 HTTP/1.1",
        b"PRI * HTTP/2.0",
        b"OPTIONS * HTTP/1.1",
        b"POST /_fakes/reset HTTP/1.1\r\nOrigin: http://evil.example",
        b"PUT /%2e%2e/%00 HTTP/1.1",
    ]
)


@st.composite
def wires(draw: Any) -> bytes:
    """A valid request with lines inserted, left out, doubled or cut; or random bytes."""
    if draw(st.integers(0, 4)) == 0:
        return draw(st.binary(max_size=300))
    lines = list(GOOD)
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, len(lines) - 1))
        match draw(st.sampled_from(["put", "replace", "drop", "double", "noise"])):
            case "put":
                lines.insert(place, draw(ODD))
            case "replace":
                lines[place] = draw(ODD)
            case "drop" if len(lines) > 1:
                del lines[place]
            case "double":
                lines.insert(place, lines[place])
            case _:
                lines[place] += draw(st.binary(max_size=20))
    whole = draw(st.sampled_from([b"\r\n", b"\n"])).join(lines) * draw(st.sampled_from([1, 1, 1, 3]))
    return whole[: draw(st.integers(1, len(whole)))] if draw(st.booleans()) else whole


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    cloud = Cloud.of({"11223344": "company-a"})
    real = cloud.handle

    def handle(request: HttpRequest) -> HttpResponse:
        try:
            return real(request)
        except Exception:
            logging.getLogger(__name__).exception("the cloud raised")  # uvicorn would answer 400 without logging it
            raise

    cloud.handle = handle
    with Server(cloud) as running:
        yield running


def exchange(server: Server, data: bytes) -> bytes:
    """Send, close the sending side, and read to the end. No answer within the time limit counts as a hang."""
    got = b""
    connection = socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE)
    with connection, contextlib.suppress(ConnectionError):  # a timeout is not acceptable here
        connection.sendall(data)
        with contextlib.suppress(OSError):  # it has hung up already
            connection.shutdown(socket.SHUT_WR)
        while received := connection.recv(65536):
            got += received
    return got


@given(wires())
def test_any_bytes_on_the_wire(server: Server, caplog: pytest.LogCaptureFixture, data: bytes) -> None:
    before = snapshot.take(server.cloud)["state"]
    caplog.clear()
    with caplog.at_level(logging.ERROR):
        got = exchange(server, data)
    assert not caplog.records, caplog.text
    assert b"Traceback" not in got
    assert b"InternalError" not in got
    assert not got or got.startswith(b"HTTP/1.")
    assert not got.startswith(b"HTTP/1.1 2") or b"/_fakes/" in data
    assert snapshot.take(server.cloud)["state"] == before


@settings(max_examples=max(5, settings.default.max_examples // 20) if settings.default else 5)
@given(st.lists(wires(), max_size=20))
def test_the_server_goes_on_serving(server: Server, data: list[bytes]) -> None:
    """Connections that stay open with half a request each do not delay other clients."""
    held = []
    try:
        for one in data:
            connection = socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE)
            held.append(connection)
            connection.sendall(one)
    except ConnectionError:
        pass  # hung up on while we were still sending
    try:
        asked = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
        asked.request("GET", "/_fakes/accounts")
        assert asked.getresponse().status == 200
    finally:
        for connection in held:
            connection.close()

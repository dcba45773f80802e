"""Requests that are too long or too slow are refused, and cost no more than they are long."""

from __future__ import annotations

import socket
import time
import tracemalloc
from collections.abc import Iterator

import pytest

from alicloud_fakes import Cloud
from alicloud_fakes.http import Server
from alicloud_fakes.http.bounds import BOUNDS
from alicloud_fakes.services.oss.models import StoredObject


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


def test_too_many_headers_are_refused(server: Server) -> None:
    def request(count: int) -> bytes:
        return b"GET /_fakes/ HTTP/1.1\r\n" + b"".join(b"X-%d: 1\r\n" % number for number in range(count)) + END

    assert status(ask(server, request(BOUNDS.header_count - 2))) == "200"
    assert status(ask(server, request(BOUNDS.header_count - 1))) == "431"
    assert status(ask(server, request(100_000))) == "431"


def test_headers_that_are_too_long_are_refused(server: Server) -> None:
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


def test_bytes_that_drip_do_not_prolong_the_time_of_a_request(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
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


HOST = b"Host: ram.aliyuncs.com\r\n"
CHUNKED = b"POST / HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    "url",
    [b"http://[::1/", b"http://", b"http://a:99999999/", b"ram.aliyuncs.com:443", b"http://a b/", b"foo", b"\xff"],
)
@pytest.mark.parametrize("method", [b"GET", b"CONNECT"])
def test_a_url_that_cannot_be_read_is_answered(
    server: Server, method: bytes, url: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    assert status(ask(server, method + b" " + url + b" HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n")) == "400"
    assert caplog.text == ""


@pytest.mark.parametrize(
    "wish",
    [b"Connection: Upgrade\r\nUpgrade: websocket\r\n", b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"],
)
@pytest.mark.parametrize("body", [b"", b"abc"])
def test_a_wish_for_another_protocol_is_passed_over(server: Server, wish: bytes, body: bytes) -> None:
    head = b"POST /?Action=ListUsers HTTP/1.1\r\n" + HOST + wish + b"Content-Length: %d\r\n\r\n" % len(body)
    answer = ask(server, head + body)
    assert answer.count(b"HTTP/1.1 ") == 1
    assert b'"Code"' in answer
    assert b"connection: close" in answer


@pytest.mark.parametrize(
    "framing",
    [
        b"Content-Length: 1\r\nContent-Length: 5\r\n\r\nhello",
        b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
        b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        b"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
        b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n3;\nxx\r\nA=B\r\n0\r\n\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n0\r\nContent-Length: 5\r\n\r\nhello",
        b"Host: oss.aliyuncs.com\r\n\r\n",
        b"Content-Length: 5, 5\r\n\r\nhello",
        b"Content-Length: 0x5\r\n\r\nhello",
        b"Content-Length: -1\r\n\r\n",
        b"Content-Length: +5\r\n\r\nhello",
        b"Content-Length: 99999999999999999999999999\r\n\r\n",
        b"Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFFF\r\n",
        b"Transfer-Encoding: chunked\r\n\r\nZZ\r\n",
        b"X: a\x00b\r\n\r\n",
        b"X: a\r\n b\r\n\r\n",
        b"X : a\r\n\r\n",
        b"\x00\x01\r\n\r\n",
    ],
)
def test_a_request_whose_end_is_open_to_question_is_refused(server: Server, framing: bytes) -> None:
    answer = ask(server, b"POST / HTTP/1.1\r\n" + HOST + framing)
    assert status(answer) == "400"
    assert answer.count(b"HTTP/1.1 ") == 1


@pytest.mark.parametrize("begun", [b"0\r\nT: ", b"5;", b"0\r\nT: 1\r\nU: "])
def test_the_framing_of_a_body_is_bounded(server: Server, begun: bytes) -> None:
    assert status(ask(server, CHUNKED, begun, *[b"x" * 65536] * 100)) == "431"


def test_a_body_in_chunks_of_one_byte_is_read(server: Server) -> None:
    answer = ask(server, CHUNKED, b"1\r\nx\r\n" * 100_000, b"0\r\n\r\n" + b"GET / HTTP/1.0\r\n\r\n")
    assert [part[:3] for part in answer.split(b"HTTP/1.1 ")[1:]] == [b"400", b"400"]
    assert b"431" not in answer


def test_requests_that_follow_each_other_are_answered_in_their_order(server: Server) -> None:
    some = b"".join(b"GET /?Action=A%d HTTP/1.1\r\n%s\r\n" % (number, HOST) for number in range(200))
    answer = ask(server, some, b"GET / HTTP/1.1\r\n" + END)
    assert answer.count(b"HTTP/1.1 ") == 201


def send_for_ever(connection: socket.socket) -> None:
    while True:
        connection.send(b"\r")
        time.sleep(0.05)


def test_a_client_that_reads_nothing_costs_no_more_than_one_answer(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(BOUNDS, "seconds", 0.5)
    server.cloud.account("1").oss.create("pictures", acl="public-read")
    bucket = server.cloud.account("1").oss.buckets.get("pictures")
    bucket.objects.put("large", StoredObject("large", b"x" * 20_000_000, "0" * 32, 0.0))
    get = b"GET /large HTTP/1.1\r\nHost: pictures.oss-cn-hangzhou.aliyuncs.com\r\n\r\n"
    tracemalloc.start()
    try:
        with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
            connection.sendall(get * 100)
            with pytest.raises(ConnectionError):
                send_for_ever(connection)
            assert tracemalloc.get_traced_memory()[1] < 100_000_000
            assert status(ask(server, b"GET / HTTP/1.1\r\n" + END)) == "400"
    finally:
        tracemalloc.stop()

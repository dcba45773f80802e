"""The HTTP server: connections, encodings, sizes, and clients that break the protocol."""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
import select
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from alibabacloud_ram20150501 import models as ram
from alibabacloud_ram20150501.client import Client
from alibabacloud_tea_openapi.models import Config

from alicloud_fakes import Cloud
from alicloud_fakes.core import signature
from alicloud_fakes.core.messages import Delivery
from alicloud_fakes.core.sockets import LOOPBACK, PortTakenError, listen
from alicloud_fakes.http import Server


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(Cloud.of({"1": "company-x"})) as server:
        yield server


def query(cloud: Cloud, method: str = "POST", **parameters: str) -> str:
    key = cloud.account("1").root_key
    given = {
        "Action": "GetAccountAlias",
        "Version": "2015-05-01",
        "AccessKeyId": key.id,
        "SignatureMethod": "HMAC-SHA1",
        "SignatureVersion": "1.0",
        "SignatureNonce": uuid.uuid4().hex,
        "Timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        **parameters,
    }
    given["Signature"] = signature.v1_signature(key.secret, signature.v1_string_to_sign(method, given))
    return urlencode(given)


class Connection:
    """A connection, byte by byte."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.socket = socket.create_connection(("127.0.0.1", server.port), 10)
        self.file = self.socket.makefile("rb")

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def answer(self) -> tuple[int, dict[str, str], bytes]:
        status = int(self.file.readline().split()[1])
        headers: dict[str, str] = {}
        while (line := self.file.readline().strip()) != b"":
            name, _, value = line.decode().partition(":")
            headers[name.lower()] = value.strip()
        return status, headers, self.file.read(int(headers.get("content-length", "0")))

    def closed(self) -> bool:
        try:
            return self.socket.recv(1) == b""
        except ConnectionResetError:
            return True


@pytest.fixture
def connection(server: Server) -> Iterator[Connection]:
    connection = Connection(server)
    yield connection
    connection.socket.close()


def test_many_requests_on_one_connection_without_waiting(connection: Connection) -> None:
    cloud = connection.server.cloud
    for _ in range(50):
        connection.send(f"POST /?{query(cloud)} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n".encode())
        assert connection.answer()[0] == 200


def test_small_answers_are_sent_at_once() -> None:
    # Without TCP_NODELAY each answer would wait for some forty milliseconds. Accepted connections inherit it.
    listener = listen(LOOPBACK, 0)
    with listener, socket.create_connection(listener.getsockname()) as client:
        select.select([listener], [], [], 10)
        accepted, _ = listener.accept()
        with accepted, client:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_pipelined_requests_are_answered_in_order(connection: Connection) -> None:
    cloud = connection.server.cloud
    for action in ("GetAccountAlias", "ListUsers"):
        text = query(cloud, Action=action)
        connection.send(f"POST /?{text} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n".encode())
    assert "AccountAlias" in json.loads(connection.answer()[2])
    assert "Users" in json.loads(connection.answer()[2])


def test_bodies_in_chunks_are_read(connection: Connection) -> None:
    """As Java's SDK sends them: an empty one, and the next request on the same connection."""
    cloud = connection.server.cloud
    chunked = "HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
    connection.send(f"POST /?{query(cloud)} {chunked}\r\n0\r\n\r\n".encode())
    assert connection.answer()[0] == 200
    form = query(cloud, Action="CreateUser", UserName="u").encode()
    half = len(form) // 2
    parts = b"%x\r\n%s\r\n%x\r\n%s\r\n0\r\n\r\n" % (half, form[:half], len(form) - half, form[half:])
    kind = "Content-Type: application/x-www-form-urlencoded\r\n"
    connection.send(f"POST / {chunked}{kind}\r\n".encode() + parts)
    assert json.loads(connection.answer()[2])["User"]["UserName"] == "u"


def test_http_1_0_and_get(connection: Connection) -> None:
    text = query(connection.server.cloud, method="GET")
    connection.send(f"GET /?{text} HTTP/1.0\r\n\r\n".encode())
    assert connection.answer()[0] == 200
    assert connection.closed()


def test_the_credentials_go_url_without_a_path(connection: Connection) -> None:
    text = query(connection.server.cloud, method="GET")
    connection.send(f"GET ?{text} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    status, _, _ = connection.answer()
    assert status in {200, 400}, "whatever the parser makes of it, it is an answer"


@pytest.mark.parametrize("size", [10 * 1024 * 1024 - 1000, 11 * 1024 * 1024])
def test_a_body_over_the_limit_is_refused(connection: Connection, size: int) -> None:
    body = b"Action=CreateUser&Version=2015-05-01&Comments=" + b"x" * size
    kind = "Content-Type: application/x-www-form-urlencoded"
    connection.send(f"POST / HTTP/1.1\r\nHost: x\r\n{kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
    status, _, text = connection.answer()
    wanted = (400, "MissingAccessKeyId") if size < 10 * 1024 * 1024 else (413, "RequestEntityTooLarge")
    assert (status, json.loads(text)["Code"]) == wanted


def test_garbage_and_truncated_requests_leave_the_server_up(server: Server) -> None:
    for data in (
        b"\x00\xff\x16\x03",
        b"GET",
        b"POST / HTTP/9.9\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nx",
    ):
        connection = Connection(server)
        connection.send(data)
        connection.socket.close()
    connection = Connection(server)
    connection.send(f"POST /?{query(server.cloud)} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n".encode())
    assert connection.answer()[0] == 200


class Deliver:
    def __init__(self, delivery: Delivery, delay: float = 0.0) -> None:
        self.delivery, self.delay = delivery, delay

    def before(self, _: Any) -> None:
        return None

    def after(self, _: Any, response: Any) -> Any:
        response.delivery, response.delay = self.delivery, self.delay
        return response


def test_a_reset_after_the_change(connection: Connection) -> None:
    cloud = connection.server.cloud
    cloud.interceptors.append(Deliver(Delivery.RESET))
    text = query(cloud, Action="CreateUser", UserName="u")
    connection.send(f"POST /?{text} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n".encode())
    assert connection.closed()
    assert "u" in cloud.account("1").ram.users


def test_an_answer_that_never_comes(connection: Connection) -> None:
    connection.server.cloud.interceptors.append(Deliver(Delivery.HANG))
    text = query(connection.server.cloud)
    connection.send(f"POST /?{text} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n".encode())
    connection.socket.settimeout(0.3)
    with pytest.raises(TimeoutError):
        connection.socket.recv(1)


def test_a_slow_answer_holds_up_nobody_else(server: Server) -> None:
    slow, quick = Connection(server), Connection(server)
    server.cloud.interceptors.append(Deliver(Delivery.SEND, 5.0))
    text = f"POST /?{query(server.cloud)} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"
    slow.send(text.encode())
    time.sleep(0.1)
    server.cloud.interceptors.clear()
    quick.send(f"POST /?{query(server.cloud)} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n".encode())
    assert quick.answer()[0] == 200
    assert not select.select([slow.socket], [], [], 0)[0], "the slow answer came first"
    assert slow.answer()[0] == 200


def test_requests_behind_a_slow_answer_on_one_connection_keep_their_order(connection: Connection) -> None:
    cloud = connection.server.cloud
    slow = Deliver(Delivery.SEND, 0.3)
    cloud.interceptors.append(slow)
    first, second = (query(cloud, Action=action) for action in ("GetAccountAlias", "ListUsers"))
    connection.send(f"POST /?{first} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n".encode())
    time.sleep(0.1)
    slow.delay = 0.0
    connection.send(f"POST /?{second} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n".encode())
    assert "AccountAlias" in json.loads(connection.answer()[2])
    assert "Users" in json.loads(connection.answer()[2])


def test_large_bodies_may_ask_first(connection: Connection) -> None:
    text = query(connection.server.cloud)
    connection.send(f"POST /?{text} HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n".encode())
    assert connection.file.readline() == b"HTTP/1.1 100 Continue\r\n"
    assert connection.file.readline() == b"\r\n"
    connection.send(b"&&")
    assert connection.answer()[0] == 200


def test_a_body_that_is_not_a_form_is_still_signed(connection: Connection) -> None:
    key = connection.server.cloud.account("1").root_key
    body = b'{"a":1}'
    headers = {
        "host": "x",
        "x-acs-action": "GetAccountAlias",
        "x-acs-version": "2015-05-01",
        "x-acs-date": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "x-acs-signature-nonce": uuid.uuid4().hex,
        "x-acs-content-sha256": hashlib.sha256(body).hexdigest(),
    }
    text = signature.v3_canonical_request("POST", "/", {}, headers, sorted(headers), body)
    value = signature.v3_signature(key.secret, signature.v3_string_to_sign(text))
    names = ";".join(sorted(headers))
    headers["authorization"] = f"ACS3-HMAC-SHA256 Credential={key.id},SignedHeaders={names},Signature={value}"
    lines = "".join(f"{name}: {text}\r\n" for name, text in headers.items())
    head = f"POST / HTTP/1.1\r\n{lines}content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    connection.send(head.encode() + body)
    assert connection.answer()[0] == 200


def client(server: Server) -> Client:
    key = server.cloud.account("1").root_key
    return Client(Config(access_key_id=key.id, access_key_secret=key.secret, endpoint=server.endpoint, protocol="HTTP"))


def test_asynchronous_official_clients(server: Server) -> None:
    async def run() -> list[str]:
        sdk = client(server)
        await asyncio.gather(
            *(sdk.create_user_async(ram.CreateUserRequest(user_name=f"u{number}")) for number in range(8))
        )
        listed = await sdk.list_users_async(ram.ListUsersRequest())
        return [user.user_name for user in listed.body.users.user]

    assert asyncio.run(run()) == [f"u{number}" for number in range(8)]


def test_clients_in_many_threads_are_served(server: Server) -> None:
    failures: list[BaseException] = []

    def run(number: int) -> None:
        try:
            sdk = client(server)
            for turn in range(5):
                sdk.create_user(ram.CreateUserRequest(user_name=f"u{number}.{turn}"))
        except BaseException as error:
            failures.append(error)
            raise

    threads = [threading.Thread(target=run, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert len(server.cloud.account("1").ram.users) == 40


def test_a_port_that_is_taken(server: Server) -> None:
    with pytest.raises(PortTakenError, match=f"port {server.port} .* Fix: .*another port"):
        Server(Cloud(), server.port)
    taken = [sys.executable, "-m", "alicloud_fakes", "serve", "--port", str(server.port)]
    done = subprocess.run(taken, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 2
    assert f"port {server.port}" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_stopped_server_frees_its_port() -> None:
    with Server(Cloud()) as first:
        port = first.port
    with Server(Cloud(), port) as second:
        assert second.port == port


def test_the_command_line() -> None:
    command = [sys.executable, "-m", "alicloud_fakes", "serve", "--account", "11223344:company-a", "--account", "5"]
    process = subprocess.Popen([*command, "--root-key", "5:FAKEfive:secret"], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    lines: list[str] = []
    try:
        for line in process.stdout:
            lines.append(line.strip())
            if line.startswith("# ready"):
                break
        said = dict(re.findall(r"^export (\w+)='?([^'\n]*)'?$", "\n".join(lines), re.MULTILINE))
        assert said["ALICLOUD_FAKES_ROOT_KEY_5"] == "FAKEfive:secret"
        assert re.fullmatch(r"FAKE\w+:\w+", said["ALICLOUD_FAKES_ROOT_KEY_11223344"])
        config = Config(
            access_key_id="FAKEfive",
            access_key_secret="secret",
            endpoint=said["ALICLOUD_FAKES_ENDPOINT"],
            protocol="HTTP",
        )
        assert Client(config).get_account_alias().body.account_alias == "5"
    finally:
        process.terminate()
        process.wait(10)


def test_the_server_imports_no_client_library() -> None:
    code = (
        "import sys, alicloud_fakes.cli, alicloud_fakes.http.server;"
        " from alicloud_fakes.services import services;"
        "[s.actions for s in services().values()];"
        "print([m for m in ('requests', 'responses', 'pulumi', 'pydantic', 'alibabacloud_tea_openapi', 'cryptography')"
        " if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=True)
    assert done.stdout.strip() == "[]"

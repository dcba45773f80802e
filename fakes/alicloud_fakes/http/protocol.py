"""Requests off the wire and answers on to it, without a framework in between.

uvicorn owns the sockets, the loop and the parser. Its ASGI machinery (a task, an event and two coroutines for each
request) would cost more than the cloud itself; every answer is made at once, so nothing of it is needed.
"""

from __future__ import annotations

from collections import deque
from typing import Any, cast

import httptools
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from alicloud_fakes.cloud.cloud import Cloud
from alicloud_fakes.core.http import Delivery, HttpRequest, HttpResponse
from alicloud_fakes.pipeline.rpc.requests import MAX_BODY

_MOST_WAITING = 1000
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_NO_BODY = frozenset({204, 304})
# A snapshot is as long as what it holds, unlike a request of the API. This is alicloud_fakes.admin.PREFIX on the wire.
_ADMINISTRATION = b"/_fakes/"


class App:
    """What uvicorn is told to serve: the cloud, for `Protocol` to find. It is never called."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud

    async def __call__(self, scope: object, receive: object, send: object) -> None:  # noqa: ARG002 - ASGI's form
        """Be an ASGI application by form; uvicorn takes what can be called without parameters for a factory.

        Raises:
            RuntimeError: always.
        """
        raise RuntimeError("requests are answered by Protocol, without ASGI")


class Protocol(HttpToolsProtocol):
    """One connection."""

    app: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - uvicorn's own
        super().__init__(*args, **kwargs)
        self._cloud: Cloud = self.app.cloud
        self._head: dict[str, str] = {}
        self._parts: list[bytes] = []
        self._size = 0
        # Requests that wait for a slow answer before them, and whether there is one.
        self._waiting: deque[tuple[HttpRequest, bool]] = deque()
        self._slow = False

    def on_message_begin(self) -> None:
        """A request begins."""
        self.url = b""
        self.expect_100_continue = False
        self._head = {}
        self._parts = []
        self._size = 0

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header; repeated ones are joined."""
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        if key in self._head:
            text = f"{self._head[key]},{text}"
        self._head[key] = text

    def on_headers_complete(self) -> None:
        """The body follows, where there is one."""
        if self._head.get("expect", "").lower() == "100-continue":
            self.transport.write(_CONTINUE)

    def on_body(self, body: bytes) -> None:
        """A part of the body. Of one that is too long a little more than the limit is kept, to tell."""
        if self._size <= MAX_BODY or self.url.startswith(_ADMINISTRATION):
            self._parts.append(body)
        self._size += len(body)

    def on_message_complete(self) -> None:
        """A request is complete."""
        parser = cast("httptools.HttpRequestParser", self.parser)
        path, _, query = self.url.partition(b"?")
        if not path.startswith(b"/"):
            parsed = httptools.parse_url(self.url)
            path, query = parsed.path or b"/", parsed.query or b""
        request = HttpRequest(
            parser.get_method().decode("latin-1"),
            path.decode("latin-1"),
            query.decode("latin-1"),
            self._head,
            self._parts[0] if len(self._parts) == 1 else b"".join(self._parts),
            self.client[0] if self.client else "127.0.0.1",
            self.scheme == "https",
        )
        keep = parser.get_http_version() != "1.0" and parser.should_keep_alive()
        if len(self._waiting) >= _MOST_WAITING:
            self.transport.abort()
            return
        self._waiting.append((request, keep))
        self._answer()

    def _answer(self) -> None:
        while self._waiting and not self._slow and not self.transport.is_closing():
            request, keep = self._waiting.popleft()
            response = self._cloud.handle(request)
            self.server_state.total_requests += 1
            if response.delivery is Delivery.SEND and not response.delay:
                self._write(request, response, keep)
                continue
            self._slow = True
            self.loop.call_later(response.delay, self._late, request, response, keep)

    def _late(self, request: HttpRequest, response: HttpResponse, keep: bool) -> None:  # noqa: FBT001 - a column
        if response.delivery is Delivery.RESET:
            self.transport.abort()
        elif response.delivery is Delivery.SEND and not self.transport.is_closing():
            self._slow = False
            self._write(request, response, keep)
            self._answer()

    def _write(self, request: HttpRequest, response: HttpResponse, keep: bool) -> None:  # noqa: FBT001 - a column
        headers = response.headers
        lines = "".join([f"{name}: {value}\r\n" for name, value in headers.items()])
        if "content-length" not in headers:  # the answer to a HEAD says how long the body would be
            lines += f"content-length: {len(response.body)}\r\n"
        if not keep:
            lines += "connection: close\r\n"
        body = b"" if request.method == "HEAD" or response.status in _NO_BODY else response.body
        self.transport.write(STATUS_LINE[response.status] + lines.encode("latin-1", "replace") + b"\r\n" + body)
        if keep:
            self._unset_keepalive_if_required()
            wait = self.timeout_keep_alive
            self.timeout_keep_alive_task = self.loop.call_later(wait, self.timeout_keep_alive_handler)
        else:
            self.transport.close()

    def _get_upgrade(self) -> bytes | None:
        return None

"""One connection over HTTP: requests go straight to the cloud, without ASGI in between.

The parser is httptools; everything around it is here, so that nothing private of uvicorn is used. What uvicorn asks of
the class that its `http` setting names: it is made with `config` and `server_state` (and more that is not needed), it
keeps itself in `server_state.connections`, and has `shutdown`.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import httptools

from alicloud_fakes.cloud.fake_cloud import Cloud
from alicloud_fakes.core.messages import Delivery, HttpRequest, HttpResponse
from alicloud_fakes.http.bounds import BOUNDS, AmbiguousError, OutOfBoundsError, TooLongHeadersError, TooLongUrlError
from alicloud_fakes.pipeline.rpc.requests import MAX_BODY

_MOST_WAITING = 1000
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_NO_BODY = frozenset({204, 304})
_STATUS_LINE = {int(status): f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n".encode() for status in HTTPStatus}
# A snapshot is as long as what it holds, unlike a request of the API. This is alicloud_fakes.admin.PREFIX on the wire.
_ADMINISTRATION = b"/_fakes/"


class App:
    """Adapter with an ASGI signature, for uvicorn; the server never calls it, and finds the cloud in it."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud

    async def __call__(self, scope: object, receive: object, send: object) -> None:  # noqa: ARG002 - ASGI's form
        """Never called; uvicorn takes what can be called without parameters for a factory.

        Raises:
            RuntimeError: always.
        """
        raise RuntimeError("requests are answered by HttpConnection, without ASGI")


class HttpConnection(asyncio.Protocol):
    """One connection."""

    def __init__(self, config: Any, server_state: Any, **_: object) -> None:  # noqa: ANN401 - uvicorn's own
        if not config.loaded:
            config.load()
        app: Any = config.loaded_app
        self._cloud: Cloud = app.cloud
        self._idle: float = config.timeout_keep_alive
        self._state = server_state
        self._loop = asyncio.get_running_loop()
        self._transport: Any = None
        self._parser: Any = None
        self._client = "127.0.0.1"
        self._secure = False
        # Of the request that is being read.
        self._url: list[bytes] = []
        self._url_size = 0
        self._headers: list[tuple[str, str]] = []
        self._head: dict[str, str] = {}
        self._head_size = 0
        self._parts: list[bytes] = []
        self._size = 0
        self._unbounded = False
        self._reading_head = True
        # Bytes of it that are neither head nor body: lengths and extensions of chunks, and trailers.
        self._around_body = 0
        self._head_just_ended = False
        # When the connection ends unless something arrives, by the loop's clock; and what watches over it.
        self._ends_at = 0.0
        self._watch: asyncio.TimerHandle | None = None
        # Requests that wait for a slow answer before them, and whether there is one.
        self._waiting: deque[tuple[HttpRequest, bool]] = deque()
        self._slow = False
        self._refused = False
        # When the connection of a client that leaves answers unread ends; 0 for one that reads.
        self._unread_until = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Somebody has connected."""
        self._transport = transport
        self._secure = transport.get_extra_info("sslcontext") is not None
        peer = transport.get_extra_info("peername")
        if isinstance(peer, tuple) and peer:
            self._client = str(peer[0])  # pyright: ignore[reportUnknownArgumentType] - an address
        self._parser = httptools.HttpRequestParser(self)
        self._state.connections.add(self)
        self._wait(self._idle)
        self._watch = self._loop.call_later(BOUNDS.watch_every, self._check_deadlines)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - the loop's own
        """The connection has ended."""
        self._state.connections.discard(self)
        self._parser = None
        if self._watch is not None:
            self._watch.cancel()

    def shutdown(self) -> None:
        """End the connection, once what waits has been answered."""
        if self._waiting or self._slow:
            self._wait(0)
        else:
            self._transport.close()

    def data_received(self, data: bytes) -> None:
        """Something has arrived."""
        if self._refused:
            return
        if self._reading_head:
            self._head_size += len(data)
        before = self._size
        try:
            self._parser.feed_data(data)
            self._check_size(len(data), self._size - before)
        except httptools.HttpParserUpgrade:
            # A server may pass over the wish to speak another protocol (RFC 9110, 7.8). Java's client wishes for HTTP/2
            # with each request. The request is answered, and the connection ends with it.
            self._refused = True
        except httptools.HttpParserCallbackError as error:
            bound = error.__context__
            if isinstance(bound, httptools.HttpParserInvalidURLError):
                self._refuse(HTTPStatus.BAD_REQUEST, "The URL cannot be read.")
            elif isinstance(bound, OutOfBoundsError):
                self._refuse(bound.status, str(bound))
            else:
                raise
        except OutOfBoundsError as bound:
            self._refuse(bound.status, str(bound))
        except httptools.HttpParserError:
            self._refuse(HTTPStatus.BAD_REQUEST, "Invalid HTTP request received.")

    def _check_size(self, received: int, body: int) -> None:
        if self._reading_head:
            if self._head_size > BOUNDS.url + BOUNDS.headers:
                raise TooLongHeadersError
        elif self._head_just_ended:
            # How much of what was received came before is not known, and not worth knowing.
            self._head_just_ended = False
        else:
            self._around_body += received - body
            # Chunks of one byte, each with its length, are five times as much around the body as in it.
            if self._around_body > BOUNDS.headers + 16 * self._size:
                raise TooLongHeadersError

    # What the loop calls when the client does not read, and when it does again.

    def pause_writing(self) -> None:
        """The client leaves answers unread: no more of them are made, and nothing more is read."""
        self._unread_until = self._loop.time() + BOUNDS.seconds
        self._transport.pause_reading()

    def resume_writing(self) -> None:
        """The client reads again."""
        self._unread_until = 0.0
        self._transport.resume_reading()
        self._wait(self._idle)
        self._answer()

    # What the parser calls.

    def on_message_begin(self) -> None:
        """A request begins."""
        self._url.clear()
        self._url_size = 0
        self._headers.clear()
        self._head = {}
        self._parts = []
        self._size = 0
        self._reading_head = True
        self._wait(BOUNDS.seconds)

    def on_url(self, url: bytes) -> None:
        """A part of the URL.

        Raises:
            TooLongUrlError: there is too much of it.
        """
        self._url.append(url)
        self._url_size += len(url)
        if self._url_size > BOUNDS.url:
            raise TooLongUrlError

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header.

        Raises:
            TooLongHeadersError: there are too many.
        """
        self._headers.append((name.decode("latin-1").lower(), value.decode("latin-1")))
        if len(self._headers) > BOUNDS.header_count:
            raise TooLongHeadersError

    def on_headers_complete(self) -> None:
        """The body follows, where there is one. Values of repeated headers are joined.

        Raises:
            TooLongHeadersError: they are too long.
            AmbiguousError: they may be read in two ways.
        """
        if sum(len(name) + len(value) for name, value in self._headers) > BOUNDS.headers:
            raise TooLongHeadersError
        self._head = head = dict(self._headers)
        if len(head) < len(self._headers):
            values: dict[str, list[str]] = {}
            for name, value in self._headers:
                values.setdefault(name, []).append(value)
            if len(values.get("host", ())) > 1:
                raise AmbiguousError("Host", "given once")
            self._head = {name: ",".join(each) for name, each in values.items()}
        if head.get("transfer-encoding", "chunked").lower() != "chunked":
            raise AmbiguousError("Transfer-Encoding", "chunked")
        self._unbounded = b"".join(self._url).startswith(_ADMINISTRATION)
        self._reading_head = False
        self._head_just_ended = True
        self._around_body = 0
        self._head_size = 0
        if head.get("expect", "").lower() == "100-continue":
            self._transport.write(_CONTINUE)

    def on_body(self, body: bytes) -> None:
        """A part of the body. Of one that is too long a little more than the limit is kept, to tell."""
        if self._size <= MAX_BODY or self._unbounded:
            self._parts.append(body)
        self._size += len(body)

    def on_message_complete(self) -> None:
        """A request is complete."""
        self._wait(0)
        url = b"".join(self._url)
        path, _, query = url.partition(b"?")
        if not path.startswith(b"/") and path != b"*":
            parsed = httptools.parse_url(url)
            path, query = parsed.path or b"/", parsed.query or b""
        request = HttpRequest(
            self._parser.get_method().decode("latin-1"),
            path.decode("latin-1"),
            query.decode("latin-1"),
            self._head,
            self._parts[0] if len(self._parts) == 1 else b"".join(self._parts),
            self._client,
            self._secure,
        )
        keep = self._parser.get_http_version() != "1.0" and self._parser.should_keep_alive()
        keep = keep and not self._parser.should_upgrade()
        self._reading_head = True
        if len(self._waiting) >= _MOST_WAITING:
            self._transport.abort()
            return
        self._waiting.append((request, keep))
        self._answer()

    def _answer(self) -> None:
        while self._waiting and not self._slow and not self._unread_until and not self._transport.is_closing():
            request, keep = self._waiting.popleft()
            response = self._cloud.handle(request)
            self._state.total_requests += 1
            if response.delivery is Delivery.SEND and not response.delay:
                self._write(request, response, keep)
                continue
            self._slow = True
            self._loop.call_later(response.delay, self._late, request, response, keep)

    def _late(self, request: HttpRequest, response: HttpResponse, keep: bool) -> None:  # noqa: FBT001 - a column
        if response.delivery is Delivery.RESET:
            self._transport.abort()
        elif response.delivery is Delivery.SEND and not self._transport.is_closing():
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
        self._transport.write(_STATUS_LINE[response.status] + lines.encode("latin-1", "replace") + b"\r\n" + body)
        if keep:
            self._wait(self._idle)
        else:
            self._transport.close()

    # Time and bounds.

    def _wait(self, seconds: float) -> None:
        """Let the connection end unless something happens within some seconds; 0 for however long it takes."""
        self._ends_at = self._loop.time() + seconds if seconds else 0.0

    def _check_deadlines(self) -> None:
        """End the connection if its time is over. One timer a connection, not one a request."""
        if self._unread_until and self._loop.time() >= self._unread_until:
            self._transport.abort()  # closing would wait for the client to read
        elif self._ends_at and self._loop.time() >= self._ends_at and not self._slow:
            if self._reading_head and not self._head_size:
                self._transport.close()
            else:
                self._refuse(HTTPStatus.REQUEST_TIMEOUT, "The request did not arrive in time.")
        elif self._transport is not None and not self._transport.is_closing():
            self._watch = self._loop.call_later(BOUNDS.watch_every, self._check_deadlines)

    def _refuse(self, status: HTTPStatus, text: str) -> None:
        """Answer what cannot be read, and end the connection once the client has had time to read the answer."""
        self._refused = True
        body = text.encode()
        head = f"content-type: text/plain; charset=utf-8\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n"
        self._transport.write(_STATUS_LINE[status] + head.encode() + body)
        # Closing with something unread would reset the connection, and the answer would be lost: what comes is dropped.
        close: Callable[[], None] = self._transport.close
        self._loop.call_later(BOUNDS.linger, close)

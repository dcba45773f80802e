"""The application as ASGI, as thin as it can be: the server calls it for every request."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from alicloud_fakes.core.cloud import Cloud
from alicloud_fakes.core.http import Delivery, HttpRequest, HttpResponse
from alicloud_fakes.core.wire import MAX_BODY

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class App:
    """One cloud as an ASGI application."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        body = await _body(receive)
        if body is None:
            return
        response = self._cloud.handle(_request(scope, body))
        if response.delay:
            await asyncio.sleep(response.delay)
        if response.delivery is Delivery.SEND:
            await _send(response, send)
        elif response.delivery is Delivery.RESET:
            cut(send)
        else:
            await _until_gone(receive)


async def _body(receive: Receive) -> bytes | None:
    """The whole body; None when the client left. Of a body that is too long a little more than the limit."""
    message = await receive()
    if message["type"] == "http.disconnect":
        return None
    body: bytes = message.get("body", b"")
    if not message.get("more_body"):
        return body
    parts, size = [body], len(body)
    while message.get("more_body"):
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        part = message.get("body", b"")
        if size <= MAX_BODY:
            parts.append(part)
        size += len(part)
    return b"".join(parts)


def _request(scope: MutableMapping[str, Any], body: bytes) -> HttpRequest:
    headers: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]},{value}" if name in headers else value
    client = scope.get("client")
    return HttpRequest(
        scope["method"],
        scope["raw_path"].decode("latin-1") or "/",
        scope["query_string"].decode("latin-1"),
        headers,
        body,
        client[0] if client else "127.0.0.1",
        scope.get("scheme") == "https",
    )


async def _send(response: HttpResponse, send: Send) -> None:
    headers = [(name.encode(), value.encode("latin-1")) for name, value in response.headers.items()]
    if "content-length" not in response.headers:  # the answer to a HEAD says how long the body would be
        headers.append((b"content-length", b"%d" % len(response.body)))
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": response.body})


def cut(send: Send) -> None:
    """Reset the connection: `send` is a method of uvicorn's request cycle, which knows its transport."""
    transport = getattr(getattr(send, "__self__", None), "transport", None)
    if transport is not None:
        transport.abort()


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass

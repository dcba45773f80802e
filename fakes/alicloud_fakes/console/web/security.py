"""Checks that every request of a browser has to pass, and the security headers of every answer.

Other web sites can make a browser send requests to loopback, and a name of theirs can be made to mean 127.0.0.1 (DNS
rebinding). So a request has to name this server as its host, and one that changes something has to come from this
server's own pages.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK_NAMES = ("127.0.0.1", "localhost", "[::1]")
_READS = frozenset({"GET", "HEAD"})
_METHODS = _READS | {"POST"}
_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "content-security-policy": _CSP,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    # With "no-referrer" a browser would send forms with the origin "null".
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


class Guard:
    """ASGI middleware: host, origin, and the headers of each answer."""

    def __init__(self, app: ASGIApp, *, hosts: Iterable[str]) -> None:
        """Wrap an application.

        Args:
            app: what answers requests that pass.
            hosts: values of the Host header that mean this server: ``127.0.0.1:8766``.
        """
        self._app = app
        self._hosts = frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] != "http":
            return
        problem = self._problem(scope["method"], Headers(scope=scope))

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(_HEADERS)
                headers.setdefault("cache-control", "no-store")
            await send(message)

        answer = PlainTextResponse(problem, 403) if problem else self._app
        await answer(scope, receive, send_with_headers)

    def _problem(self, method: str, headers: Headers) -> str:
        if headers.getlist("host") != [headers.get("host", "")] or headers.get("host") not in self._hosts:
            return f"This server is reached as http://{min(self._hosts)}/ only.\n"
        if method not in _METHODS:
            return "This server answers GET, HEAD and POST only.\n"
        if method in _READS:
            return ""
        origin = headers.get("origin")
        if origin is not None and not self._own(origin):
            return "The form was sent from another site.\n"
        if headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
            return "The form was sent from another site.\n"
        if origin is None and "sec-fetch-site" not in headers:
            return "The browser does not say which site the form was sent from.\n"
        return ""

    def _own(self, origin: str) -> bool:
        try:
            parts = urlsplit(origin)
        except ValueError:
            return False
        return parts.scheme == "http" and parts.netloc in self._hosts

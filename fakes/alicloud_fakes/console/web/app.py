"""The console's application: its parts, its middleware, its routes."""

from __future__ import annotations

import logging
import secrets
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from alicloud_fakes.cloud.learned import Learner
from alicloud_fakes.console.session import Console
from alicloud_fakes.console.web import control, product_pages, ram_pages, signing_in
from alicloud_fakes.console.web.feed import Feed, SeenCall
from alicloud_fakes.console.web.security import LOOPBACK_NAMES, Guard
from alicloud_fakes.console.web.sessions import Sessions
from alicloud_fakes.console.web.templating import HERE, Views
from alicloud_fakes.console.web.visits import Visit, Visits
from ram_policies.errors import InvalidInputError

if TYPE_CHECKING:
    from alicloud_fakes.cloud.fake_cloud import Cloud

_log = logging.getLogger("alicloud_fakes")
_SHORTEST_TOKEN = 16
_ROWS = 1000


class Cookies:
    """Browser sessions of one kind, and the cookie that tells them apart.

    Cookies are not kept apart by port, so the name holds it: two fakes on one machine do not disturb each other.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.visits = Visits()

    def find(self, request: Request) -> Visit | None:
        """The visit of a request."""
        return self.visits.find(request.cookies.get(self.name, ""))

    def set(self, response: Response, request: Request, visit: Visit) -> None:
        """Give the browser its cookie, unless it has it."""
        if request.cookies.get(self.name) != visit.token:
            response.set_cookie(self.name, visit.token, path="/", httponly=True, samesite="lax")


class WebConsole:
    """Objects that the pages share.

    Attributes:
        cloud: the cloud whose console this is.
        door: signing in.
        control_token: opens the control room.
        cookies: browser sessions of those who sign in to an account.
        control_cookies: browser sessions of the control room.
        feed: the calls as they happen.
        sessions: role sessions that are open.
        learner: what each principal called.
        views: the templates.
        closing: whether the server is about to stop.
    """

    def __init__(
        self, cloud: Cloud, *, port: int = 0, control_token: str = "", changed: Callable[[], None] = lambda: None
    ) -> None:
        """Watch a cloud from now on.

        Args:
            cloud: see above.
            port: part of the cookies' names.
            control_token: see above; made up by default.
            changed: called after changes that no API call made, to write them down.

        Raises:
            InvalidInputError: the token is too short to be one.
        """
        if control_token and len(control_token) < _SHORTEST_TOKEN:
            raise InvalidInputError(
                "control token",
                "(not shown)",
                "is too short",
                f"give at least {_SHORTEST_TOKEN} characters, or none",
                code="out-of-range",
            )
        self.cloud = cloud
        self.door = Console(cloud)
        self.control_token = control_token or secrets.token_urlsafe(24)
        self.cookies = Cookies(f"fake_console_{port}")
        self.control_cookies = Cookies(f"fake_control_{port}")
        self.feed = Feed()
        self.sessions = Sessions()
        self.learner = Learner()
        self.views = Views()
        self._changed = changed
        self.closing = False
        self._rows: OrderedDict[int, str] = OrderedDict()
        cloud.on_judged.append(self.feed.judged)
        self._listeners = (self.feed.called, self.sessions, self.learner)
        cloud.calls.listeners.extend(self._listeners)

    def changed(self) -> None:
        """Write down what no API call has written: sign-ins, devices, the clock."""
        with self.cloud.lock:
            self._changed()

    def row(self, call: SeenCall) -> str:
        """The row of a call in the live stream, made once for however many browsers listen."""
        if call.number not in self._rows:
            self._rows[call.number] = self.views.render("stream_row.html", call=call)
            while len(self._rows) > _ROWS:
                self._rows.popitem(last=False)
        return self._rows[call.number]

    def close(self) -> None:
        """Stop watching."""
        if self.closing:
            return
        self.closing = True
        self.cloud.on_judged.remove(self.feed.judged)
        for listener in self._listeners:
            self.cloud.calls.listeners.remove(listener)

    def application(self, hosts: Iterable[str]) -> Starlette:
        """The ASGI application.

        Args:
            hosts: values of the Host header that mean this server.
        """
        app = Starlette(
            routes=[
                *signing_in.routes(),
                *product_pages.routes(),
                *ram_pages.routes(),
                *control.routes(),
                # Browsers ask for it on pages that name no icon: refusals in plain text.
                Route("/favicon.ico", self._icon),
                Mount("/static", StaticFiles(directory=HERE / "static")),
            ],
            middleware=[Middleware(Guard, hosts=hosts)],
            exception_handlers={HTTPException: self._not_found, Exception: self._failed},
        )
        app.state.console = self
        return app

    def _icon(self, _: Request) -> Response:
        return RedirectResponse("/static/mark.svg")

    def _not_found(self, _: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 404
        return self._problem(status, "There is no such page", "Go back to the overview.")

    def _failed(self, request: Request, error: Exception) -> Response:
        _log.error("the console failed on %s %s", request.method, request.url.path, exc_info=error)
        return self._problem(500, "The console failed", "That is a fault of the fake; its log says more.")

    def _problem(self, status: int, title: str, text: str) -> Response:
        return HTMLResponse(self.views.render("plain_problem.html", title=title, text=text), status)


def hosts_of(port: int) -> list[str]:
    """Values of the Host header that mean a server on a port of loopback."""
    return [f"{name}:{port}" for name in LOOPBACK_NAMES]

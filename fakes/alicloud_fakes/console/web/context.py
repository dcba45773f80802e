"""Context of a page's function, and the answers that it can give."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import parse_qsl, urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from alicloud_fakes.console.apis import ApiCall, Apis
from alicloud_fakes.console.session import ConsoleSession
from alicloud_fakes.console.web.visits import Root, Visit
from alicloud_fakes.core.errors import ApiError

if TYPE_CHECKING:
    from alicloud_fakes.console.web.app import WebConsole

_LARGEST_FORM = 64 * 1024
_MOST_FIELDS = 50
_SEE_OTHER, _NO_CONTENT = 303, 204
_NUMBER = re.compile(r"[1-9][0-9]{0,5}\Z")
_PAGING = frozenset({"page", "marker"})


class Needs(StrEnum):
    """Visitors that may see a page: anybody, those signed in to an account, or those in the control room."""

    NOTHING = "nothing"
    SESSION = "session"
    CONTROL = "control"


@dataclass(slots=True)
class Page:
    """One request for a page.

    Attributes:
        console: the console.
        request: the request.
        visit: the browser session, of the control room for its pages.
        form: fields of the form that was sent.
        apis: the APIs, called as whoever is signed in; unusable where nobody is.
    """

    console: WebConsole
    request: Request
    visit: Visit
    form: Mapping[str, str]
    _apis: Apis | None = field(default=None, init=False)

    @property
    def apis(self) -> Apis:
        """The APIs, called as whoever is signed in."""
        if self._apis is None:
            credentials = self.visit.credentials
            if credentials is None:
                raise RuntimeError("a page without a session called an API; declare that it needs one")
            self._apis = Apis(self.console.cloud, credentials, self.source_ip)
        return self._apis

    @property
    def source_ip(self) -> str:
        """Address of the browser."""
        return self.request.client.host if self.request.client else "127.0.0.1"

    @property
    def session(self) -> ConsoleSession | None:
        """The session that acts: of the user, or of the role that was switched to last."""
        return self.visit.sessions[-1] if self.visit.sessions else None

    @property
    def root(self) -> Root | None:
        """The root identity, when the visit was opened from the control room."""
        return self.visit.root

    @property
    def wants_fragment(self) -> bool:
        """True if htmx asks, and replaces a part of the page."""
        return self.request.headers.get("hx-request") == "true"

    def query(self, name: str, default: str = "") -> str:
        """A parameter of the address."""
        return self.request.query_params.get(name, default)

    @property
    def number(self) -> str:
        """Number of the page of a list that is asked for; empty for the first."""
        given = self.query("page") or self.field("page")
        return given if _NUMBER.match(given) else ""

    def address(self, name: str, value: str) -> str:
        """The address of this page with another parameter."""
        return "?" + urlencode({**self.request.query_params, name: value})

    @property
    def start(self) -> str:
        """The address of this list's first page; empty when it is shown."""
        kept = {name: value for name, value in self.request.query_params.items() if name not in _PAGING}
        return "?" + urlencode(kept) if len(kept) < len(self.request.query_params) else ""

    def path(self, name: str) -> str:
        """A part of the path."""
        return str(self.request.path_params[name])

    def field(self, name: str) -> str:
        """A field of the form; empty when it was not sent."""
        return self.form.get(name, "")

    def notice(self, kind: str, text: str) -> None:
        """Show a message on the next page. `kind`: ``good`` or ``bad``."""
        self.visit.notices.append((kind, text))

    def show(self, template: str, *, status: int = 200, **values: Any) -> Response:  # noqa: ANN401 - whatever it shows
        """The page of a template, with the API calls that it made, after those of the form that led to it."""
        notices, self.visit.notices = self.visit.notices, []
        before, self.visit.calls = self.visit.calls, []
        text = self.console.views.render(template, page=self, calls=before + self._made, notices=notices, **values)
        return HTMLResponse(text, status)

    def go(self, path: str) -> Response:
        """Send the browser to another page."""
        self.visit.calls = self._made
        if self.wants_fragment:
            # htmx would put the page it is redirected to in place of the fragment.
            return Response(status_code=_NO_CONTENT, headers={"HX-Redirect": path})
        return RedirectResponse(path, _SEE_OTHER)

    def reload(self) -> Response:
        """Let htmx, which asked for a part of a page, load the whole page again."""
        return Response(status_code=_NO_CONTENT, headers={"HX-Refresh": "true"})

    @property
    def _made(self) -> list[ApiCall]:
        return self._apis.made if self._apis is not None else []


PageHandler: TypeAlias = Callable[[Page], Response]


def page_route(path: str, handler: PageHandler, needs: Needs = Needs.SESSION, *, method: str = "GET") -> Route:
    """A route: who may see it, and that a form carries the token of the visit."""

    async def endpoint(request: Request) -> Response:
        console: WebConsole = request.app.state.console
        form = await _form(request) if method == "POST" else {}
        if form is None:
            return HTMLResponse("The form is too large or malformed.", 400)
        return await run_in_threadpool(_answer, console, request, form)

    def _answer(console: WebConsole, request: Request, form: Mapping[str, str]) -> Response:
        cookies = console.control_cookies if needs is Needs.CONTROL else console.cookies
        visit = cookies.find(request) or cookies.visits.begin()
        found = Page(console, request, visit, form)
        if method == "POST" and not visit.carries(form.get("csrf", "")):
            response = _out_of_date(found)
        elif needs is Needs.CONTROL and not visit.control and path not in _DOORS:
            response = found.go("/fake/sign-in")
        elif needs is Needs.SESSION and not visit.signed_in:
            if method == "GET":
                visit.after = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            response = found.go("/login.htm")
        else:
            response = _handled(handler, found, needs)
        cookies.set(response, request, found.visit)
        return response

    return Route(path, endpoint, methods=[method])


_OUT_OF_DATE = "It was sent from a page of an earlier session, and changed nothing."
_AGAIN = "Go back, load the page again, and send it once more."
_DOORS = frozenset({"/fake/sign-in"})


def _out_of_date(found: Page) -> Response:
    title = "The form is out of date"
    if found.wants_fragment:
        found.notice("bad", f"{title}. {_OUT_OF_DATE}")
        return found.reload()
    return found.show("problem.html", status=403, title=title, text=f"{_OUT_OF_DATE} {_AGAIN}")


def _handled(handler: PageHandler, found: Page, needs: Needs) -> Response:
    try:
        if needs is Needs.SESSION and found.session is not None:
            # Fails when the session has ended, or its user or role is gone.
            found.session.caller  # noqa: B018 - asked for its error
        return handler(found)
    except ApiError as error:
        return ended(found, error)


def ended(found: Page, error: ApiError) -> Response:
    """The page of a session that has ended; a role's session leads back to the user's."""
    if len(found.visit.sessions) > 1:
        return found.reload() if found.wants_fragment else found.show("role_ended.html", status=403, error=error)
    found.visit.sessions.clear()
    found.notice("bad", "Your session has ended. Sign in again.")
    return found.go("/login.htm")


async def _form(request: Request) -> dict[str, str] | None:
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > _LARGEST_FORM:
            return None
        parts.append(part)
    try:
        pairs = parse_qsl(
            b"".join(parts).decode(), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS
        )
    except ValueError:
        return None
    return dict(pairs)

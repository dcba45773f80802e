"""The control room: the fake itself, not one of its accounts. Calls as they happen, faults, clock, what was learned.

Whoever has the control token may see every account and act as its root; so the token is printed where the fake was
started, and nowhere else.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import re
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from alicloud_fakes.cloud.fake_cloud import Enforcement
from alicloud_fakes.console.web.context import Needs, Page, page_route
from alicloud_fakes.console.web.feed import SeenCall
from alicloud_fakes.console.web.visits import Root
from alicloud_fakes.identity.session_tokens import TemporaryCredentials
from alicloud_fakes.pipeline.faults import Fault, FaultKind
from ram_policies.errors import InvalidInputError

Value = TypeVar("Value")
_WHOLE = re.compile(r"-?[0-9]{1,9}\Z")
_HEARTBEAT = 15.0
_SHOWN = 100
_UNAUTHORIZED, _BAD, _SEE_OTHER = 401, 400, 303


def door(found: Page) -> Response:
    """The form for the control token."""
    if found.visit.control:
        return found.go("/fake/")
    return found.show("control_sign_in.html")


def enter(found: Page) -> Response:
    """Check the control token."""
    given = found.field("token").strip().encode("utf-8", "replace")
    if not hmac.compare_digest(found.console.control_token.encode(), given):
        found.notice("bad", "That is not the control token. It is printed where the fake was started.")
        return found.show("control_sign_in.html", status=_UNAUTHORIZED)
    found.visit.control = True
    found.console.control_cookies.visits.renew(found.visit)
    return found.go("/fake/")


def leave(found: Page) -> Response:
    """Close the control room; streams that are open end with it."""
    found.visit.control = False
    found.console.control_cookies.visits.end(found.visit)
    found.visit = found.console.control_cookies.visits.begin()
    return found.go("/fake/sign-in")


def room(found: Page) -> Response:
    """Accounts, enforcement, clock and faults."""
    return _room(found)


def _room(found: Page, status: int = 200) -> Response:
    cloud = found.console.cloud
    return found.show(
        "control.html",
        status=status,
        accounts=list(cloud.accounts.values()),
        now=cloud.clock.stamp(),
        offset=cloud.clock.offset,
        enforcement=cloud.enforcement,
        enforcements=list(Enforcement),
        faults=cloud.faults.list(),
        fault_kinds=list(FaultKind),
    )


def _changed(found: Page, text: str) -> Response:
    found.console.changed()
    found.notice("good", text)
    return found.go("/fake/")


def open_root(found: Page) -> Response:
    """Open the console as root of an account."""
    account = found.console.cloud.accounts.get(found.field("account"))
    if account is None:
        found.notice("bad", "There is no such account.")
        return _room(found, _BAD)
    key = account.root_key
    root = Root(account.id, f"root@{account.alias}", TemporaryCredentials(key.id, key.secret, "", ""))
    cookies = found.console.cookies
    before = cookies.find(found.request)
    if before is not None:
        cookies.visits.end(before)
    visit = cookies.visits.begin()
    visit.root = root
    response = found.go("/")
    cookies.set(response, found.request, visit)
    return response


def enforce(found: Page) -> Response:
    """Turn the checking of permissions on, soft, or off."""
    try:
        found.console.cloud.enforcement = Enforcement(found.field("enforcement"))
    except ValueError:
        found.notice("bad", "Choose on, soft or off.")
        return _room(found, _BAD)
    return _changed(found, f"Permissions: {found.console.cloud.enforcement}.")


def clock(found: Page) -> Response:
    """Move, stop or reset the clock."""
    moved = found.console.cloud.clock
    try:
        match found.field("do"):
            case "advance":
                moved.advance(_read(float, "seconds", found, "give a number of seconds"))
            case "set":
                moved.set(_read(datetime.fromisoformat, "to", found, "give 2026-11-26T20:39:26, in UTC"))
            case "freeze":
                moved.freeze()
            case "reset":
                moved.reset()
            case _:
                found.notice("bad", "The clock was not moved: choose what to do with it.")
                return _room(found, _BAD)
    except (ValueError, OverflowError) as error:
        found.notice("bad", f"The clock was not moved: {error}")
        return _room(found, _BAD)
    return _changed(found, f"The cloud's time is now {moved.stamp()}.")


def _read(form: Callable[[str], Value], name: str, found: Page, fix: str) -> Value:
    given = found.field(name)
    try:
        return form(given)
    except ValueError:
        raise InvalidInputError(name, given, "cannot be read", fix, code="wrong-type") from None


def fault(found: Page) -> Response:
    """Add a fault."""
    data: dict[str, Any] = {"kind": found.field("kind"), "action": found.field("action").strip() or "*"}
    following = found.field("next").strip()
    if following:
        data["next"] = int(following) if _WHOLE.match(following) else following
    try:
        found.console.cloud.faults.add(Fault.read(data))
    except (ValueError, InvalidInputError) as error:
        found.notice("bad", f"The fault was not added: {error}")
        return _room(found, _BAD)
    return _changed(found, "The fault was added.")


def no_faults(found: Page) -> Response:
    """Remove all faults."""
    found.console.cloud.faults.clear()
    return _changed(found, "All faults were removed.")


def calls(found: Page) -> Response:
    """The last calls; a script adds those that follow."""
    seen = found.console.feed.after(0)[-_SHOWN:]
    return found.show("stream.html", seen=list(reversed(seen)), last=found.console.feed.last)


def forget(found: Page) -> Response:
    """Forget the calls so far, and what was learned from them."""
    found.console.feed.clear()
    found.console.learner.clear()
    found.console.cloud.calls.clear()
    return found.go("/fake/calls")


def sessions(found: Page) -> Response:
    """Role sessions that are open, and who is signed in to this console."""
    now = found.console.cloud.clock.time()
    signed_in = [visit for visit in found.console.cookies.visits.all() if visit.sessions]
    return found.show("sessions.html", sessions=found.console.sessions.all(now), visits=signed_in)


def learned(found: Page) -> Response:
    """The smallest policy of what each principal called."""
    learner = found.console.learner
    with found.console.cloud.lock:
        principals = sorted(learner.principals)
        wanted = found.query("principal")
        document = learner.policy(wanted) if wanted else None
    text = json.dumps(document.to_dict(), indent=2) if document is not None else ""
    return found.show("learned.html", principals=principals, wanted=wanted, document=text)


async def events(request: Request) -> Response:
    """The calls from now on, as server-sent events; each is a row of the table, made by the same template."""
    console = request.app.state.console
    visit = console.control_cookies.find(request)
    if visit is None or not visit.control:
        return RedirectResponse("/fake/sign-in", _SEE_OTHER)
    given = request.headers.get("last-event-id") or request.query_params.get("after", "")
    start = int(given) if _WHOLE.match(given) else console.feed.last

    async def stream() -> AsyncIterator[str]:
        last = start
        with console.feed.listening() as event:
            yield "retry: 1000\n\n"
            while not console.closing and visit.control:
                for call in console.feed.after(last):
                    last = call.number
                    yield _event(console.row(call), call)
                event.clear()
                if console.feed.last > last:
                    continue
                try:
                    await asyncio.wait_for(event.wait(), _HEARTBEAT)
                except TimeoutError:
                    yield ": still here\n\n"

    return StreamingResponse(stream(), media_type="text/event-stream")


def _event(html: str, call: SeenCall) -> str:
    # A line break would end a field of the event.
    lines = "".join(f"data: {line}\n" for line in html.replace("\r", " ").split("\n"))
    return f"id: {call.number}\n{lines}\n"


def routes() -> list[Route]:
    """Paths of these pages."""
    control = Needs.CONTROL
    forms: Mapping[str, Any] = {
        "/fake/sign-in": enter,
        "/fake/leave": leave,
        "/fake/open": open_root,
        "/fake/enforcement": enforce,
        "/fake/clock": clock,
        "/fake/faults": fault,
        "/fake/faults/clear": no_faults,
        "/fake/calls/forget": forget,
    }
    return [
        page_route("/fake/sign-in", door, control),
        page_route("/fake/", room, control),
        page_route("/fake/calls", calls, control),
        Route("/fake/calls/events", events, methods=["GET"]),
        page_route("/fake/sessions", sessions, control),
        page_route("/fake/learned", learned, control),
        *(page_route(path, handler, control, method="POST") for path, handler in forms.items()),
    ]

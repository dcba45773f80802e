"""Signing in, switching identity, and signing out."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import segno
from starlette.responses import Response
from starlette.routing import Route

from alicloud_fakes.console.signin import Refused, SignIn, SignInError, SignInStep
from alicloud_fakes.console.web.context import Needs, Page, page_route
from ram_policies import arn

# What a visitor is told does not say whether the account, the user or a login profile exists; the call log does.
_WRONG = "The account, the user name or the password is wrong."
_TEXTS = {
    Refused.ACCOUNT: _WRONG,
    Refused.CREDENTIALS: _WRONG,
    Refused.NO_PROFILE: _WRONG,
    Refused.DISABLED: _WRONG,
    Refused.NETWORK: "Sign-in is not allowed from this address.",
    Refused.LOCKED: "Too many wrong attempts. Try again in an hour.",
    Refused.EXPIRED_PASSWORD: "The password has expired. Ask your administrator to set another one.",
    Refused.MFA_CODE: "The code is wrong, or was used before. Wait for the next one.",
}
_STEPS = {
    SignInStep.MFA_CODE: "/sign-in/code",
    SignInStep.NEW_PASSWORD: "/sign-in/password",
    SignInStep.MFA_DEVICE: "/sign-in/device",
}
_UNAUTHORIZED, _FORBIDDEN, _BAD = 401, 403, 400
_Then: TypeAlias = Callable[[Page, SignIn], Response]


def login(found: Page) -> Response:
    """The sign-in form."""
    if found.visit.signed_in:
        return found.go("/")
    return found.show("login.html", account=found.query("account"), user="")


def sign_in(found: Page) -> Response:
    """Check alias, name and password."""
    account, user = found.field("account"), found.field("user").strip()
    name, at, domain = user.rpartition("@")
    if at:
        # A whole sign-in name: AAA@company-b.onaliyun.com.
        user, account = name, account or domain
    try:
        attempt = found.console.door.start_sign_in(user, account, found.field("password"), source_ip=found.source_ip)
    except SignInError as error:
        found.console.changed()
        found.notice("bad", _TEXTS.get(error.reason, _WRONG))
        return found.show("login.html", status=_UNAUTHORIZED, account=account, user=user)
    found.console.cookies.visits.renew(found.visit)
    found.visit.begin_attempt(attempt)
    return _next(found, attempt)


def _next(found: Page, attempt: SignIn) -> Response:
    found.console.changed()
    step = attempt.step
    if step is not SignInStep.DONE:
        return found.go(_STEPS[step])
    session = found.console.door.complete(attempt, source_ip=found.source_ip)
    visit = found.visit
    after, visit.after = visit.after or "/", ""
    visit.attempt, visit.root, visit.sessions = None, None, [session]
    found.console.cookies.visits.renew(visit)
    found.console.changed()
    return found.go(after)


def step(found: Page) -> Response:
    """The form of the next step."""
    return _with_attempt(found, _show_step)


def _with_attempt(found: Page, then: _Then) -> Response:
    attempt = found.visit.pending()
    if attempt is None:
        return found.go("/login.htm")
    try:
        with found.console.cloud.lock:
            return then(found, attempt)
    except SignInError as error:
        found.console.door.refused(attempt, error, source_ip=found.source_ip)
        found.console.changed()
        if error.reason in {Refused.MFA_CODE, Refused.WEAK_PASSWORD}:
            found.notice("bad", error.more if error.reason is Refused.WEAK_PASSWORD else _TEXTS[error.reason])
            return _show_step(found, attempt, status=_BAD)
        found.visit.attempt = None
        found.notice("bad", _TEXTS.get(error.reason, _WRONG))
        return found.go("/login.htm")


def _show_step(found: Page, attempt: SignIn, status: int = 200) -> Response:
    wanted = attempt.step
    who = f"{attempt.user.name}@{attempt.account.alias}"
    if wanted is SignInStep.DONE:
        return _next(found, attempt)
    if found.request.url.path != _STEPS[wanted]:
        return found.go(_STEPS[wanted])
    if wanted is SignInStep.MFA_CODE:
        return found.show("mfa_code.html", status=status, who=who)
    if wanted is SignInStep.NEW_PASSWORD:
        return found.show("new_password.html", status=status, who=who)
    device = attempt.new_device()
    found.console.changed()
    uri = f"otpauth://totp/{attempt.user.name}@{attempt.account.id}?secret={device.seed}&issuer=FakeAlibabaCloud"
    picture = segno.make(uri, error="m").svg_inline(scale=4, border=2, svgclass="qr", lineclass="qr-line")
    seed = " ".join(device.seed[at : at + 4] for at in range(0, len(device.seed), 4))
    return found.show("mfa_device.html", status=status, who=who, picture=picture, seed=seed)


def enter_code(found: Page) -> Response:
    """Check a code of the MFA device."""

    def enter(found: Page, attempt: SignIn) -> Response:
        attempt.enter_code(found.field("code").strip())
        return _next(found, attempt)

    return _with_attempt(found, enter)


def change_password(found: Page) -> Response:
    """Take the new password."""

    def change(found: Page, attempt: SignIn) -> Response:
        if attempt.step is not SignInStep.NEW_PASSWORD:
            return _show_step(found, attempt)
        if found.field("password") != found.field("again"):
            found.notice("bad", "The two passwords are not the same.")
            return _show_step(found, attempt, status=_BAD)
        attempt.change_password(found.field("password"))
        return _next(found, attempt)

    return _with_attempt(found, change)


def bind_device(found: Page) -> Response:
    """Bind the device with two codes in a row."""

    def bind(found: Page, attempt: SignIn) -> Response:
        if attempt.step is not SignInStep.MFA_DEVICE:
            return _show_step(found, attempt)
        attempt.bind_device(found.field("first").strip(), found.field("second").strip())
        return _next(found, attempt)

    return _with_attempt(found, bind)


def sign_out(found: Page) -> Response:
    """End the visit."""
    found.console.cookies.visits.end(found.visit)
    found.visit = found.console.cookies.visits.begin()
    found.notice("good", "You are signed out.")
    return found.go("/login.htm")


def switch_form(found: Page) -> Response:
    """The form of *Switch Identity*; a link fills it in: ``?parentAlias=company-a&roleName=ecs-admin``."""
    return found.show("switch.html", account=found.query("parentAlias"), role=found.query("roleName"), refusal=None)


def switch(found: Page) -> Response:
    """Switch to a role."""
    account, role = found.field("account").strip(), found.field("role").strip()
    session = found.session
    if session is None:
        refusal = _Refusal("The root identity of an account can never assume a role.", "Sign in as a RAM user.")
        return found.show("switch.html", status=_FORBIDDEN, account=account, role=role, refusal=refusal)
    try:
        switched = session.switch_role(account, role)
    except SignInError as error:
        refusal = _refusal(error, session.arn, account, role)
        return found.show("switch.html", status=_FORBIDDEN, account=account, role=role, refusal=refusal)
    visits = found.console.cookies.visits
    # One level, as in the real console: switching on from a role replaces it, and switching back leads to the user.
    found.visit.sessions = [found.visit.sessions[0], switched]
    visits.renew(found.visit)
    found.console.sessions.switched(switched, session.arn)
    return found.go("/")


class _Refusal:
    """Reason of a refused switch, and what has to be there for it to pass."""

    def __init__(self, text: str, fix: str, needed: tuple[str, ...] = ()) -> None:
        self.text = text
        self.fix = fix
        self.needed = needed


def _refusal(error: SignInError, caller: str, account: str, role: str) -> _Refusal:
    if error.reason is Refused.ROLE_CONSOLE:
        return _Refusal("The role may not be used in the console.", "Assume it through the API, or choose another one.")
    who = arn.principal_arn(caller)
    needed = (
        f"the role {role} exists in {account}",
        f"a policy of {who} allows sts:AssumeRole on the role",
        f"the trust policy of the role names {who} or its account",
        "the conditions of both hold: the console sends no external ID, and MFA counts when you signed in with a code",
    )
    return _Refusal("You cannot switch to this role.", "All of these have to be true:", needed)


def switch_back(found: Page) -> Response:
    """Return from the role to the user."""
    if len(found.visit.sessions) > 1:
        del found.visit.sessions[1:]
        found.console.cookies.visits.renew(found.visit)
    return found.go("/")


def routes() -> list[Route]:
    """Paths of these pages; the two that end in ``.htm`` are those of the real site."""
    nothing = Needs.NOTHING
    return [
        page_route("/login.htm", login, nothing),
        page_route("/login.htm", sign_in, nothing, method="POST"),
        *(page_route(path, step, nothing) for path in _STEPS.values()),
        page_route("/sign-in/code", enter_code, nothing, method="POST"),
        page_route("/sign-in/password", change_password, nothing, method="POST"),
        page_route("/sign-in/device", bind_device, nothing, method="POST"),
        page_route("/switchRole.htm", switch_form),
        page_route("/switchRole.htm", switch, method="POST"),
        # Also from a session that has ended.
        page_route("/switch-back", switch_back, nothing, method="POST"),
        page_route("/sign-out", sign_out, nothing, method="POST"),
    ]

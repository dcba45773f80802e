"""Browser sessions: which cookie belongs to whom. They live in memory, and end with the process."""

from __future__ import annotations

import hmac
import secrets
import time
from collections import OrderedDict
from dataclasses import dataclass, field

from alicloud_fakes.console.apis import ApiCall
from alicloud_fakes.console.session import ConsoleSession
from alicloud_fakes.console.signin import SignIn
from alicloud_fakes.identity.session_tokens import TemporaryCredentials

_MOST = 2000
_ANONYMOUS_SECONDS = 1800.0
_ATTEMPT_SECONDS = 600.0


def _token() -> str:
    # Never from the cloud's entropy: that one is seeded, so that tests can foretell it.
    return secrets.token_urlsafe(32)


@dataclass(frozen=True, slots=True)
class Root:
    """The root identity of an account, opened from the control room.

    Attributes:
        account: account ID.
        title: what the page shows as name: ``root@company-a``.
        credentials: root's access key.
    """

    account: str
    title: str
    credentials: TemporaryCredentials


@dataclass(slots=True, eq=False)
class Visit:
    """One browser session.

    Attributes:
        token: value of the cookie.
        csrf: what every form has to carry.
        begun: when it began, by this machine's clock.
        attempt: a sign-in whose password was accepted; `attempt_until` is when it is forgotten.
        sessions: who is signed in: first the user, then each role that was switched to.
        root: the root identity, when the visit was opened from the control room.
        after: the page to go to after signing in.
        notices: messages for the next page.
        calls: API calls of a form that led to the next page, which shows them.
    """

    token: str = field(default_factory=_token)
    csrf: str = field(default_factory=_token)
    begun: float = field(default_factory=time.monotonic)
    attempt: SignIn | None = None
    attempt_until: float = 0.0
    sessions: list[ConsoleSession] = field(default_factory=list[ConsoleSession])
    root: Root | None = None
    control: bool = False
    after: str = ""
    notices: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    calls: list[ApiCall] = field(default_factory=list[ApiCall])

    @property
    def signed_in(self) -> bool:
        """True if a user, a role or root acts in this visit."""
        return bool(self.sessions) or self.root is not None

    @property
    def credentials(self) -> TemporaryCredentials | None:
        """Credentials with which the pages call the APIs."""
        if self.root is not None:
            return self.root.credentials
        return self.sessions[-1].credentials if self.sessions else None

    def begin_attempt(self, attempt: SignIn) -> None:
        """Remember a sign-in that needs further steps."""
        self.attempt, self.attempt_until = attempt, time.monotonic() + _ATTEMPT_SECONDS

    def pending(self) -> SignIn | None:
        """The sign-in that needs further steps; None when there is none, or it took too long."""
        if self.attempt is not None and time.monotonic() > self.attempt_until:
            self.attempt = None
        return self.attempt

    def carries(self, csrf: str) -> bool:
        """True if a form came from a page of this visit."""
        return hmac.compare_digest(self.csrf.encode(), csrf.encode("utf-8", "replace"))

    @property
    def stale(self) -> bool:
        """True if nobody has signed in for so long that the visit is forgotten."""
        idle = not self.signed_in and not self.control
        return idle and time.monotonic() - self.begun > _ANONYMOUS_SECONDS


class Visits:
    """All browser sessions of one kind; the oldest in which nobody is signed in go when there are too many."""

    def __init__(self) -> None:
        self._visits: OrderedDict[str, Visit] = OrderedDict()

    def find(self, token: str) -> Visit | None:
        """The visit of a cookie."""
        visit = self._visits.get(token)
        if visit is None:
            return None
        if visit.stale:
            self.end(visit)
            return None
        self._visits.move_to_end(token)
        return visit

    def begin(self) -> Visit:
        """A new visit, in which nobody is signed in."""
        while len(self._visits) >= _MOST:
            self._visits.pop(self._least_wanted())
        visit = Visit()
        self._visits[visit.token] = visit
        return visit

    def _least_wanted(self) -> str:
        """The oldest visit in which nobody is signed in: other sites can make a browser begin any number of them."""
        idle = (token for token, one in self._visits.items() if not one.signed_in and not one.control)
        return next(idle, next(iter(self._visits)))

    def renew(self, visit: Visit) -> None:
        """Give a visit another cookie and another form token, because its rights change."""
        self._visits.pop(visit.token, None)
        visit.token, visit.csrf = _token(), _token()
        self._visits[visit.token] = visit

    def end(self, visit: Visit) -> None:
        """Forget a visit."""
        self._visits.pop(visit.token, None)

    def all(self) -> list[Visit]:
        """Visits in which somebody is signed in."""
        return [visit for visit in self._visits.values() if visit.signed_in]

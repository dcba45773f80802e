"""Role sessions that are open, as far as this console has seen them begin or act.

The fake keeps no list of sessions: a session is in the token of whoever holds it. So this list is read from the call
log: what was assumed, by whom, until when, and when it was last used.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from alicloud_fakes.console.session import ConsoleSession
from ram_policies import arn, limits

if TYPE_CHECKING:
    from alicloud_fakes.pipeline.call_log import CallRecord

_MOST = 5000
_SUCCESS = 200
_BEGINS = frozenset({"AssumeRole", "AssumeRoleWithSAML", "AssumeRoleWithOIDC"})


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session of a role.

    Attributes:
        role: ARN of the role.
        name: name of the session.
        by: ARN of whoever assumed the role; empty for identity providers.
        began: seconds since the epoch, by the cloud's clock.
        until: when it ends.
        last_call: action of its last call; empty when it made none.
        last_seen: when that was.
        console: whether it is used in the console.
    """

    role: str
    name: str
    by: str
    began: float
    until: float
    last_call: str = ""
    last_seen: float = 0.0
    console: bool = False


class Sessions:
    """The sessions; one of the listeners of the call log."""

    def __init__(self) -> None:
        self._sessions: OrderedDict[tuple[str, str], OpenSession] = OrderedDict()

    def __call__(self, record: CallRecord) -> None:
        """Note what a call says about sessions."""
        if record.service == "sts" and record.action in _BEGINS and record.status == _SUCCESS:
            self._assumed(record)
        _, kind, rest = record.principal.partition(":assumed-role/")
        if kind:
            role, _, name = rest.partition("/")
            key = (arn.role_arn(record.account, role), name)
            found = self._sessions.get(key)
            if found is not None:
                call = f"{record.service}:{record.action}"
                self._sessions[key] = replace(found, last_call=call, last_seen=record.time)

    def _assumed(self, record: CallRecord) -> None:
        given = record.parameters
        role, name = given.get("RoleArn", ""), given.get("RoleSessionName", "")
        seconds = given.get("DurationSeconds", "")
        lasts = int(seconds) if seconds.isascii() and seconds.isdigit() else limits.DEFAULT_SESSION_DURATION
        self._add(OpenSession(role, name, record.principal, record.time, record.time + lasts))

    def switched(self, session: ConsoleSession, by: str) -> None:
        """Note a session that began by switching identity in the console."""
        caller, seal = session.caller, session.session
        if caller.role is None:
            return
        role = arn.role_arn(caller.account.id, caller.role.name)
        self._add(OpenSession(role, seal.name, by, float(seal.issued), float(seal.expires), console=True))

    def _add(self, session: OpenSession) -> None:
        key = (session.role, session.name)
        self._sessions[key] = session
        self._sessions.move_to_end(key)
        while len(self._sessions) > _MOST:
            self._sessions.popitem(last=False)

    def of_role(self, role: str, now: float) -> list[OpenSession]:
        """Sessions of a role that have not ended, latest first."""
        return [one for one in self.all(now) if one.role == role]

    def all(self, now: float) -> list[OpenSession]:
        """All sessions that have not ended, latest first."""
        return [one for one in reversed(self._sessions.values()) if one.until > now]

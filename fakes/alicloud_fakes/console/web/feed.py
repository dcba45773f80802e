"""The stream of calls: each call as it ends, with what was decided and why."""

from __future__ import annotations

import asyncio
import threading
from collections import OrderedDict, deque
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from alicloud_fakes.pipeline.judgement import Judgement
from ram_policies.conditions import ContextValue
from ram_policies.evaluation.decision import Decision, MatchedStatement
from ram_policies.evaluation.evaluate import authorize_assume_role
from ram_policies.evaluation.steps import explain_policies

if TYPE_CHECKING:
    from alicloud_fakes.pipeline.call_log import CallRecord

_KEPT = 300
_WAITING = 200
_EXTERNAL_ID = "sts:ExternalId"


@dataclass(frozen=True, slots=True)
class PartyJudgement:
    """Judgement of one party on a request.

    Attributes:
        title: whose policies they are.
        allows: whether this side alone lets the request pass.
        reasons: the statements that decided, or what was missing, in words.
    """

    title: str
    allows: bool
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SeenCall:
    """A call with its judgements.

    Attributes:
        number: counts the calls since the console started.
        record: the call.
        judgements: one for each resource that was judged; none where no permission decides.
    """

    number: int
    record: CallRecord
    judgements: tuple[Judgement, ...]

    @property
    def outcome(self) -> str:
        """``allowed``, ``denied``, ``let pass`` (soft mode), ``failed`` (another error) or ``ok`` (not judged)."""
        denied = [one for one in self.judgements if not one.decision.allowed]
        if any(one.enforced for one in denied):
            return "denied"
        if denied:
            return "let pass"
        if self.record.code:
            return "failed"
        return "allowed" if self.judgements else "ok"


def sides(judged: Judgement) -> list[PartyJudgement]:
    """Judgements of identity, session, trust policy, external ID and resource policy, each by itself."""
    request = judged.request
    found: list[PartyJudgement] = []
    if judged.session is not None:
        found.append(_side("Session policy", explain_policies(judged.session, request)))
    if judged.identity is not None and not request.principal.endswith(":root"):
        found.append(_side("Policies of the caller", explain_policies(judged.identity, request)))
    if judged.trust is not None:
        found.append(
            _side("Trust policy of the role", authorize_assume_role(request, identity=None, trust=judged.trust))
        )
        found += _external_id(judged)
    if judged.resource is not None:
        found.append(_side("Policy of the resource", explain_policies(judged.resource, request)))
    return found


def _side(title: str, decision: Decision) -> PartyJudgement:
    reasons = tuple(statement_title(match) for match in decision.matched) or decision.missing
    return PartyJudgement(title, decision.allowed, reasons)


def _external_id(judged: Judgement) -> Iterator[PartyJudgement]:
    assert judged.trust is not None  # noqa: S101 - asked before
    wanted = [
        value
        for policy in judged.trust.policies
        for statement in policy.document.statements
        for condition in statement.conditions
        if condition.key.lower() == _EXTERNAL_ID.lower()
        for value in condition.values
    ]
    given: ContextValue | None = judged.request.context.get(_EXTERNAL_ID)
    if not wanted and given is None:
        return
    sent = f"the request carries {given}" if given else "the request carries none"
    asked = (
        f"the trust policy asks for {' or '.join(dict.fromkeys(wanted))}"
        if wanted
        else "the trust policy asks for none"
    )
    yield PartyJudgement("External ID", not wanted or given in wanted, (asked, sent))


def statement_title(match: MatchedStatement) -> str:
    """A statement that decided: ``Deny, statement 0 of suspended``."""
    where = f" attached to {match.policy.attached_to}" if match.policy.attached_to else ""
    return f"{match.effect}: statement {match.index} of {match.policy.name}{where}"


class Feed:
    """The last calls, for pages and for browsers that listen."""

    def __init__(self) -> None:
        self._calls: deque[SeenCall] = deque(maxlen=_KEPT)
        self._judged: OrderedDict[str, list[Judgement]] = OrderedDict()
        self._lock = threading.Lock()
        self._number = 0
        self._wakers: dict[int, tuple[asyncio.AbstractEventLoop, asyncio.Event]] = {}

    def judged(self, judgement: Judgement) -> None:
        """Note a decision; a listener of ``cloud.on_judged``."""
        with self._lock:
            self._judged.setdefault(judgement.request_id, []).append(judgement)
            while len(self._judged) > _WAITING:
                self._judged.popitem(last=False)

    def called(self, record: CallRecord) -> None:
        """Note a call that has ended; a listener of the call log."""
        with self._lock:
            self._number += 1
            judgements = tuple(self._judged.pop(record.request_id, ()))
            self._calls.append(SeenCall(self._number, record, judgements))
            wakers = list(self._wakers.values())
        for loop, event in wakers:
            loop.call_soon_threadsafe(event.set)

    def after(self, number: int) -> list[SeenCall]:
        """The calls since a number, oldest first."""
        with self._lock:
            return [one for one in self._calls if one.number > number]

    def clear(self) -> None:
        """Forget the calls; numbers go on."""
        with self._lock:
            self._calls.clear()

    @property
    def last(self) -> int:
        """Number of the last call."""
        return self._number

    @property
    def listeners(self) -> int:
        """Number of browsers that listen."""
        return len(self._wakers)

    @contextmanager
    def listening(self) -> Generator[asyncio.Event]:
        """An event that is set whenever there are new calls. Only inside a running event loop."""
        event = asyncio.Event()
        with self._lock:
            self._wakers[id(event)] = (asyncio.get_running_loop(), event)
        try:
            yield event
        finally:
            with self._lock:
                self._wakers.pop(id(event), None)

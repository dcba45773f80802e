"""The steps of an evaluation, each with its reasons, and how they combine.

A step knows every outcome that unknown values leave open, as bits. Combining works on those sets, so that an answer is
only given when all of them agree.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum

from ram_policies.compiled import MAY_ALLOW, MAY_DENY, MAY_IGNORE, CompiledStatement, outcome_of
from ram_policies.conditions import UNKNOWN
from ram_policies.decision import Decision, DeniedBy, MatchedStatement, Outcome, Request
from ram_policies.document import Effect
from ram_policies.policyset import PolicySet

_SHOWN_NEAR_MISSES = 8
_NOT_DENIED = MAY_ALLOW | MAY_IGNORE


class Side(Enum):
    """Whose policies a step looks at: the name in a denial, and the words in an explanation."""

    CONTROL = (DeniedBy.CONTROL, "the control policies")
    SESSION = (DeniedBy.SESSION, "the session policy of the caller")
    IDENTITY = (DeniedBy.ACCOUNT, "the policies of the caller")
    RESOURCE = (DeniedBy.RESOURCE, "the policy of the resource")
    TRUST = (DeniedBy.TRUST, "the trust policy of the role, naming the caller")


class Step:
    """What one set of policies says about a request."""

    __slots__ = ("allow", "denied_by", "deny", "failed", "possible", "side", "unsure")

    def __init__(self, side: Side, possible: int, denied_by: DeniedBy) -> None:
        self.side = side
        self.possible = possible
        self.denied_by = denied_by
        self.allow: list[MatchedStatement] = []
        self.deny: list[MatchedStatement] = []
        self.unsure: list[CompiledStatement] = []
        self.failed: list[CompiledStatement] = []

    @classmethod
    def allowed(cls, side: Side) -> Step:
        """A step that allows without any policy."""
        return cls(side, MAY_ALLOW, side.value[0])


def look(policies: PolicySet, request: Request, side: Side) -> Step:
    """Ask one set of policies."""
    step = Step(side, 0, side.value[0])
    mask = _sort(policies.account_candidates(request), request, step)
    if mask & MAY_IGNORE:
        scoped = policies.group_candidates(request)
        if scoped:
            group = _sort(scoped, request, step)
            if group & MAY_DENY:
                step.denied_by = DeniedBy.RESOURCE_GROUP
            mask = (mask & (MAY_ALLOW | MAY_DENY)) | group
    step.possible = mask
    return step


def _sort(candidates: Iterable[CompiledStatement], request: Request, step: Step) -> int:
    may_deny = sure_allow = may_allow = False
    sure_deny = False
    for compiled in candidates:
        applies = compiled.applies(request)
        is_deny = compiled.statement.effect is Effect.DENY
        if applies is None:
            step.unsure.append(compiled)
            may_deny, may_allow = may_deny or is_deny, may_allow or not is_deny
        elif not applies:
            if not is_deny:
                step.failed.append(compiled)
        elif is_deny:
            sure_deny = True
            step.deny.append(compiled.matched)
        else:
            sure_allow = True
            step.allow.append(compiled.matched)
    if sure_deny:
        return MAY_DENY
    mask = MAY_DENY if may_deny else 0
    if sure_allow:
        return mask | MAY_ALLOW
    return mask | MAY_IGNORE | (MAY_ALLOW if may_allow else 0)


def either(own: int, other: int) -> int:
    """Identity policies and the resource's policy: one deny denies, else one allow is enough."""
    mask = (own | other) & MAY_DENY
    if (own & MAY_ALLOW and other & _NOT_DENIED) or (other & MAY_ALLOW and own & _NOT_DENIED):
        mask |= MAY_ALLOW
    return mask | (own & other & MAY_IGNORE)


def both(own: int, other: int) -> int:
    """Identity policies and trust policy: one deny denies, else both must allow."""
    mask = ((own | other) & MAY_DENY) | (own & other & MAY_ALLOW)
    if (own & MAY_IGNORE and other & _NOT_DENIED) or (other & MAY_IGNORE and own & _NOT_DENIED):
        mask |= MAY_IGNORE
    return mask


def conclude(request: Request, gates: Sequence[Step], steps: Sequence[Step], combined: int) -> Decision:
    """The decision of gates that must all allow, and then of steps with a combined set of possible outcomes."""
    possible = 0
    for number, gate in enumerate(gates, start=1):
        possible |= gate.possible & ~MAY_ALLOW
        if not gate.possible & MAY_ALLOW:
            return _decision(request, gates[:number], [gate], possible)
    looked = [*gates, *steps]
    return _decision(request, looked, steps, possible | combined)


def _decision(request: Request, looked: Sequence[Step], deciding: Sequence[Step], possible: int) -> Decision:
    outcome = outcome_of(possible)
    if outcome is Outcome.ALLOW:
        return Decision(outcome, None, tuple([m for step in looked for m in step.allow]))
    depends_on: tuple[str, ...] = ()
    if possible & (possible - 1):  # more than one outcome is open
        keys = [key for step in looked for compiled in step.unsure for key in compiled.unknown_keys(request)]
        depends_on = tuple(dict.fromkeys(keys))
    if outcome is Outcome.EXPLICIT_DENY:
        denying = next(step for step in deciding if step.possible == MAY_DENY)
        return Decision(outcome, denying.denied_by, tuple([m for step in deciding for m in step.deny]), (), depends_on)
    missing = tuple([text for step in deciding if step.possible != MAY_ALLOW for text in _missing(step, request)])
    if outcome is Outcome.IMPLICIT_DENY:
        # unconfirmed.DENIAL_ORDER
        lacking = next((step for step in deciding if not step.possible & MAY_ALLOW), deciding[0])
        return Decision(outcome, lacking.denied_by, (), missing, depends_on)
    matched = [m for step in looked for m in (*step.deny, *step.allow, *(c.matched for c in step.unsure))]
    return Decision(outcome, None, tuple(matched), missing, depends_on)


def _missing(step: Step, request: Request) -> list[str]:
    if step.possible & MAY_ALLOW:
        return []
    where = f"Allow for {request.action} on {request.resource} in {step.side.value[1]}"
    return [where, *[_near_miss(compiled, request) for compiled in step.failed[:_SHOWN_NEAR_MISSES]]]


def _near_miss(compiled: CompiledStatement, request: Request) -> str:
    where = f"statement {compiled.matched.index} of {compiled.matched.policy.name}"
    for compiled_condition in compiled.conditions:
        if compiled_condition.holds(request.context) is False:
            condition = compiled_condition.condition
            wanted = " or ".join(condition.values)
            value = request.context.get(condition.key)
            given = "has no such key" if not value or value is UNKNOWN else f"has {value}"
            return f"{where} allows it only with {condition.key} {condition.operator} {wanted}; the request {given}"
    named = ", ".join(compiled.statement.principals or ())
    return f"{where} allows it only for {named}; the caller is {request.principal}"

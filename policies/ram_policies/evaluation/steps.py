"""The steps of an evaluation, each with its reasons, and how they combine.

A step knows every outcome that unknown values leave open, as bits. Combining works on those sets, so that an answer is
only given when all of them agree.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from ram_policies.conditions import UNKNOWN
from ram_policies.evaluation.compiled import (
    MAY_ALLOW,
    MAY_DENY,
    MAY_IGNORE,
    CompiledStatement,
    StatementAnswer,
    possible_outcomes,
)
from ram_policies.evaluation.decision import Decision, DeniedBy, MatchedStatement, Outcome, Request
from ram_policies.evaluation.policyset import PolicySet

_LOOK_AT_GROUPS = {"oss", "cs"}  # unconfirmed.IMPLICIT_DENIAL_TYPE
"""Services whose real answers name the policies of resource groups where nothing allows."""
_SHOWN_NEAR_MISSES = 8
_NOT_DENIED = MAY_ALLOW | MAY_IGNORE


class PolicySide:
    """Side whose policies a step looks at: the name in a denial, and the words in an explanation."""

    __slots__ = ("denied_by", "description")

    def __init__(self, denied_by: DeniedBy, description: str) -> None:
        self.denied_by = denied_by
        self.description = description


CONTROL = PolicySide(DeniedBy.CONTROL, "the control policies")
SESSION = PolicySide(DeniedBy.SESSION, "the session policy of the caller")
IDENTITY = PolicySide(DeniedBy.ACCOUNT, "the policies of the caller")
FOREIGN_ACCOUNT = PolicySide(
    DeniedBy.ACCOUNT, "a policy of the resource: it is not in the caller's account, whose policies end there"
)
RESOURCE = PolicySide(DeniedBy.RESOURCE, "the policy of the resource")
TRUST = PolicySide(DeniedBy.TRUST, "the trust policy of the role, naming the caller")


class EvaluationStep:
    """Judgement of one set of policies on a request.

    Attributes:
        side: whose policies they are.
        possible: every outcome that unknown values leave open.
        answers: the statements about the request's action and resource, and whether each applies.
        denied_by: the policy type to name when this step denies.
    """

    __slots__ = ("answers", "denied_by", "possible", "side")

    def __init__(self, side: PolicySide, possible: int, answers: list[StatementAnswer], denied_by: DeniedBy) -> None:
        self.side = side
        self.possible = possible
        self.answers = answers
        self.denied_by = denied_by

    @property
    def allowing(self) -> list[MatchedStatement]:
        """The Allow statements that apply."""
        return [compiled.matched for compiled, applies in self.answers if applies and compiled.allows]

    @property
    def denying(self) -> list[MatchedStatement]:
        """The Deny statements that apply."""
        return [compiled.matched for compiled, applies in self.answers if applies and not compiled.allows]

    @property
    def unsure(self) -> list[CompiledStatement]:
        """The statements for which unknown values decide."""
        return [compiled for compiled, applies in self.answers if applies is None]


def evaluate_layer(policies: PolicySet, request: Request, side: PolicySide) -> EvaluationStep:
    """Ask one set of policies."""
    answers = policies.account_answers(request)
    mask = possible_outcomes(answers) if answers else MAY_IGNORE
    denied_by = side.denied_by
    if mask & MAY_IGNORE:
        scoped = policies.group_answers(request)
        if scoped:
            group = possible_outcomes(scoped)
            if group & MAY_DENY:
                denied_by = DeniedBy.RESOURCE_GROUP
            mask = (mask & ~MAY_IGNORE) | group
            answers = answers + scoped
    return EvaluationStep(side, mask, answers, denied_by)


def explain_policies(policies: PolicySet, request: Request) -> Decision:
    """The outcome of one set of policies alone, with the statements that decided and what was missing."""
    step = evaluate_layer(policies, request, IDENTITY)
    return conclude(request, [], [step], step.possible)


def any_allows(own: int, other: int) -> int:
    """Identity policies and the resource's policy: one deny denies, else one allow is enough."""
    mask = (own | other) & MAY_DENY
    if (own & MAY_ALLOW and other & _NOT_DENIED) or (other & MAY_ALLOW and own & _NOT_DENIED):
        mask |= MAY_ALLOW
    return mask | (own & other & MAY_IGNORE)


def all_allow(own: int, other: int) -> int:
    """Identity policies and trust policy: one deny denies, else both must allow."""
    mask = ((own | other) & MAY_DENY) | (own & other & MAY_ALLOW)
    if (own & MAY_IGNORE and other & _NOT_DENIED) or (other & MAY_IGNORE and own & _NOT_DENIED):
        mask |= MAY_IGNORE
    return mask


def conclude(
    request: Request, gates: Sequence[EvaluationStep], steps: Sequence[EvaluationStep], combined: int
) -> Decision:
    """The decision of gates that must all allow, and then of steps with a combined set of possible outcomes."""
    if not gates:
        return _decision(request, steps, steps, combined)
    possible = 0
    for number, gate in enumerate(gates, start=1):
        possible |= gate.possible & ~MAY_ALLOW
        if not gate.possible & MAY_ALLOW:
            return _decision(request, gates[:number], [gate], possible)
    return _decision(request, [*gates, *steps], steps, possible | combined)


def _decision(
    request: Request, looked: Sequence[EvaluationStep], deciding: Sequence[EvaluationStep], possible: int
) -> Decision:
    if possible == MAY_ALLOW:
        if len(looked) == 1 and len(looked[0].answers) == 1:
            return looked[0].answers[0][0].allowed_alone
        return Decision(Outcome.ALLOW, None, tuple([m for step in looked for m in step.allowing]))
    if possible == MAY_DENY:
        denied_by = next(step.denied_by for step in deciding if step.possible == MAY_DENY)
        return Decision(Outcome.EXPLICIT_DENY, denied_by, tuple([m for step in deciding for m in step.denying]))
    missing: list[str] = []
    lacking: DeniedBy | None = None
    for step in deciding:
        if not step.possible & MAY_ALLOW:
            missing += _missing(step, request)
            lacking = lacking or _implicit(step.denied_by, request)  # unconfirmed.DENIAL_ORDER
    if possible == MAY_IGNORE:
        return Decision(Outcome.IMPLICIT_DENY, lacking, (), tuple(missing))
    keys = [key for step in looked for compiled in step.unsure for key in compiled.unknown_keys(request)]
    depends_on = tuple(dict.fromkeys(keys))
    if not possible & MAY_ALLOW:
        return Decision(
            Outcome.IMPLICIT_DENY, lacking or _implicit(deciding[0].denied_by, request), (), tuple(missing), depends_on
        )
    matched = [compiled.matched for step in looked for compiled, applies in step.answers if applies is not False]
    return Decision(Outcome.DEPENDS, None, tuple(matched), tuple(missing), depends_on)


def nobody_mentions(request: Request) -> Decision:
    """The decision when the policies of the caller say nothing at all about the request."""
    missing = f"Allow for {request.action} on {request.resource} in {IDENTITY.description}"
    return Decision(Outcome.IMPLICIT_DENY, _implicit(IDENTITY.denied_by, request), (), (missing,))


def _implicit(denied_by: DeniedBy, request: Request) -> DeniedBy:
    """The policies named where nothing allows: those looked at last, in services that look at resource groups."""
    last = denied_by is DeniedBy.ACCOUNT and _looks_at_groups(request.action)
    return DeniedBy.RESOURCE_GROUP if last else denied_by


@lru_cache(maxsize=8192)
def _looks_at_groups(action: str) -> bool:
    return action.partition(":")[0].lower() in _LOOK_AT_GROUPS


def _missing(step: EvaluationStep, request: Request) -> list[str]:
    where = f"Allow for {request.action} on {request.resource} in {step.side.description}"
    if not step.answers:
        return [where]
    failed = [compiled for compiled, applies in step.answers if applies is False and compiled.allows]
    return [where, *[_near_miss(compiled, request) for compiled in failed[:_SHOWN_NEAR_MISSES]]]


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

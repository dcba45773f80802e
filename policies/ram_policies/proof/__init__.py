"""Proof about policy documents: answers for every request at once, not for examples.

A request is one that RAM can get: an action ``service:Name``, and as resource an ARN or ``*``. Actions, resources,
Deny, NotAction and principals are treated exactly as `evaluate` treats them. Conditions are treated so that "no
request" is never wrong: every value of every key is considered, and absence of the key; a key that requests can carry
more than once is considered with any number of values. Every counterexample is confirmed by the evaluator. Where the
wildcards or conditions of a question combine in too many ways, the answer says that it is open.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from ram_policies.catalogue.actions import expand, services
from ram_policies.document import UNKNOWN_DOCUMENT, Document, Effect, Statement
from ram_policies.evaluation.decision import Outcome, Policy, PolicyType, Request
from ram_policies.evaluation.policyset import PolicySet
from ram_policies.folding import fold
from ram_policies.pattern import has_wildcard
from ram_policies.proof.budget import Budget, TooMuchWorkError
from ram_policies.proof.question import contradiction, follows, no_value_passes
from ram_policies.proof.search import Search
from ram_policies.transform import statement_covers

__all__ = [
    "Documents",
    "Proof",
    "UnconfirmedError",
    "Verdict",
    "allows_at_most",
    "contradiction",
    "follows",
    "never_overlap",
    "no_value_passes",
]

_WELL_KNOWN = ("ecs", "rds", "ram")
_COMPARISONS = 400_000  # of patterns, before the long way is taken
_TRIED_PATTERNS = 100_000  # when looking for an action that exists

Documents = Document | Iterable[Document]
"""One document, or several that are attached together."""


class Verdict(StrEnum):
    """The answer to a question about all requests. OPEN: not decided, so never to be taken for a yes."""

    PROVED = "proved"
    REFUTED = "refuted"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Proof:
    """An answer with its evidence.

    Attributes:
        verdict: the answer.
        counterexample: when refuted, a request that shows it, confirmed by the evaluator.
        open_because: when open, what could not be decided.
    """

    verdict: Verdict
    counterexample: Request | None = None
    open_because: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """True if it is proved. False when refuted and when open."""
        return self.verdict is Verdict.PROVED


class UnconfirmedError(AssertionError):
    """The evaluator does not confirm a counterexample: a fault in this package, never a property of the documents."""


def allows_at_most(new: Documents, old: Documents) -> Proof:
    """Prove that every request that `new` allows is allowed by `old` too.

    Args:
        new: documents of one kind, attached together.
        old: documents of the same kind, attached together; the baseline.
    """
    known = _known(new, old)
    if isinstance(known, Proof):
        return known
    first, second = known
    budget = Budget()
    if _plainly_covered(first, second):
        return Proof(Verdict.PROVED)
    return _prove(first, second, (True, False), budget)


def never_overlap(one: Documents, other: Documents) -> Proof:
    """Prove that no request is allowed by both."""
    known = _known(one, other)
    return known if isinstance(known, Proof) else _prove(*known, (True, True), Budget())


def _known(one: Documents, other: Documents) -> tuple[tuple[Statement, ...], tuple[Statement, ...]] | Proof:
    """The statements of both sides; an open answer when one of the documents is not known."""
    sides = [[side] if isinstance(side, Document) else list(side) for side in (one, other)]
    if any(document == UNKNOWN_DOCUMENT for side in sides for document in side):
        return Proof(Verdict.OPEN, None, ("a document is not known yet",))
    first, second = (tuple(s for document in side for s in document.statements) for side in sides)
    return first, second


def _plainly_covered(new: Sequence[Statement], old: Sequence[Statement]) -> bool:
    """True if each Allow of `new` is covered by one of `old`, and each Deny of `old` by one of `new`."""
    budget = Budget(_COMPARISONS)
    try:
        return all(
            _covered(statement, [s for s in other if s.effect is effect], budget)
            for statements, other, effect in ((new, old, Effect.ALLOW), (old, new, Effect.DENY))
            for statement in statements
            if statement.effect is effect
        )
    except TooMuchWorkError:
        return False


def _covered(narrow: Statement, others: Sequence[Statement], budget: Budget) -> bool:
    budget.spend(1 + len(others) // 8)
    if narrow in others:
        return True
    size = len(narrow.actions) + len(narrow.not_actions) + len(narrow.resources)
    for wide in others:
        budget.spend(1 + size // 8 + sum(map(has_wildcard, (*wide.actions, *wide.not_actions, *wide.resources))) * size)
        if statement_covers(wide, narrow):
            return True
    return False


def _prove(first: Sequence[Statement], second: Sequence[Statement], goal: tuple[bool, bool], budget: Budget) -> Proof:
    search = Search((first, second), goal, budget)
    request = search.run()
    if request is not None:
        sides = [PolicySet([Policy("", PolicyType.CUSTOM, Document(tuple(side)))]) for side in (first, second)]
        if not _shows(request, sides, goal):
            raise UnconfirmedError(f"{request} should be answered {goal} by {first} and {second}")
        return Proof(Verdict.REFUTED, _with_real_action(request, sides, goal))
    if search.gave_up:
        return Proof(Verdict.OPEN, None, tuple(dict.fromkeys(search.gave_up)))
    return Proof(Verdict.PROVED)


def _shows(request: Request, sides: Sequence[PolicySet], goal: tuple[bool, bool]) -> bool:
    """True if the evaluator gives both answers."""
    return all((s.decide(request) is Outcome.ALLOW) is wanted for s, wanted in zip(sides, goal, strict=True))


def _with_real_action(request: Request, sides: Sequence[PolicySet], goal: tuple[bool, bool]) -> Request:
    """The same with an action that exists, where one of the catalogue shows it as well: easier to believe."""
    service = fold(request.action).partition(":")[0]
    patterns = sum(
        len(s.actions) + len(s.not_actions) for side in sides for p in side.policies for s in p.document.statements
    )
    tries = _TRIED_PATTERNS // (1 + patterns)
    for code in dict.fromkeys((service, *_WELL_KNOWN)):
        for action in expand(f"{code}:*") if code in services() else ():
            candidate = replace(request, action=action)
            if fold(action) == fold(request.action):
                return candidate
            tries -= 1
            if tries >= 0 and _shows(candidate, sides, goal):
                return candidate
    return request

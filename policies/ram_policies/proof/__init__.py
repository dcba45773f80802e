"""Proof about policy documents: answers for every request at once, not for examples.

A request is one that RAM can get: an action ``service:Name``, and as resource an ARN or ``*``. Actions, resources,
Deny, NotAction and principals are treated exactly as `evaluate` treats them. Conditions are treated so that "no
request" is never wrong: every value of every key is considered, and absence of the key; a key that requests can carry
more than once is considered with any number of values. An action that needs no permission (`evaluation.unchecked`) is
allowed to everybody, so that no document allows it anew; documents that have it in common overlap all the same. Every
counterexample is confirmed by the evaluator. Where the wildcards or conditions of a question combine in too many ways,
the answer says that it is open.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from ram_policies.document import UNKNOWN_DOCUMENT, Document, Effect, Statement
from ram_policies.evaluation.decision import Policy, PolicyType, Request
from ram_policies.evaluation.policyset import PolicySet
from ram_policies.pattern import has_wildcard
from ram_policies.proof.budget import Budget, TooMuchWorkError
from ram_policies.proof.evidence import Evidence
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

_COMPARISONS = 400_000  # of patterns, before the long way is taken

Documents = Document | Iterable[Document]
"""One document, or several that are attached together."""


class Verdict(StrEnum):
    """The answer to a question about all requests. OPEN: not decided; it never counts as proved."""

    PROVED = "proved"
    REFUTED = "refuted"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Proof:
    """An answer with its evidence.

    Attributes:
        verdict: the answer.
        found: when refuted, a request that shows it, confirmed by the evaluator.
        open_because: when open, what could not be decided.
        evidence: when refuted, what confirms it.
    """

    verdict: Verdict
    found: Request | None = None
    open_because: tuple[str, ...] = ()
    evidence: Evidence | None = field(default=None, repr=False, compare=False)

    @property
    def counterexample(self) -> Request | None:
        """A confirmed request that refutes, with an action that exists where one shows it as well."""
        if self.found is None or self.evidence is None:
            return self.found
        return self.evidence.with_real_action(self.found)

    @property
    def holds(self) -> bool:
        """True if it is proved. False when refuted and when open."""
        return self.verdict is Verdict.PROVED


class UnconfirmedError(AssertionError):
    """The evaluator does not confirm a counterexample: a fault in this package, never a property of the documents."""


def allows_at_most(new: Documents, old: Documents, budget: Budget | None = None) -> Proof:
    """Prove that every request that `new` allows is allowed by `old` too.

    Args:
        new: documents of one kind, attached together.
        old: documents of the same kind, attached together; the baseline.
        budget: the work that may be done, where several questions share it; otherwise that of one proof.
    """
    known = _known(new, old)
    if isinstance(known, Proof):
        return known
    first, second = known
    budget = budget or Budget()
    try:
        covered = _plainly_covered(first, second, budget)
    except TooMuchWorkError:
        return Proof(Verdict.OPEN, None, ("there are too many questions about these documents",))
    return Proof(Verdict.PROVED) if covered else _prove(first, second, (True, False), budget)


def never_overlap(one: Documents, other: Documents, budget: Budget | None = None) -> Proof:
    """Prove that no request is allowed by both; the arguments are those of `allows_at_most`."""
    known = _known(one, other)
    return known if isinstance(known, Proof) else _prove(*known, (True, True), budget or Budget())


def _known(one: Documents, other: Documents) -> tuple[tuple[Statement, ...], tuple[Statement, ...]] | Proof:
    """The statements of both sides; an open answer when one of the documents is not known."""
    sides = [[side] if isinstance(side, Document) else list(side) for side in (one, other)]
    if any(document == UNKNOWN_DOCUMENT for side in sides for document in side):
        return Proof(Verdict.OPEN, None, ("a document is not known yet",))
    first, second = (tuple(s for document in side for s in document.statements) for side in sides)
    return first, second


def _plainly_covered(new: Sequence[Statement], old: Sequence[Statement], shared: Budget) -> bool:
    """True if each Allow of `new` is covered by one of `old`, and each Deny of `old` by one of `new`."""
    budget = Budget(_COMPARISONS)
    shared.spend()
    try:
        return all(
            _covered(statement, [s for s in other if s.effect is effect], budget)
            for statements, other, effect in ((new, old, Effect.ALLOW), (old, new, Effect.DENY))
            for statement in statements
            if statement.effect is effect
        )
    except TooMuchWorkError:
        return False
    finally:
        shared.spend(budget.spent // 2)


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
        evidence = Evidence(sides, goal)
        if not evidence.confirms(request):
            raise UnconfirmedError(f"{request} should be answered {goal} by {first} and {second}")
        return Proof(Verdict.REFUTED, request, (), evidence)
    if search.gave_up:
        return Proof(Verdict.OPEN, None, tuple(dict.fromkeys(search.gave_up)))
    return Proof(Verdict.PROVED)

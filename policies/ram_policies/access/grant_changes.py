"""Changes of what a holder is granted: statements that allow more than before, and those that are gone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ram_policies.access.details import Hazards, hazards_of_statement, remaining
from ram_policies.access.marks import Mark
from ram_policies.access.model import Holder, attached_elsewhere
from ram_policies.access.phrases import statement_phrase
from ram_policies.access.scopes import ScopedDocument, grants_at_most, scoped_documents
from ram_policies.document import UNKNOWN_DOCUMENT, Document, Effect, Statement
from ram_policies.evaluation.decision import Policy
from ram_policies.evaluation.unchecked import changes_nothing
from ram_policies.proof.budget import Budget


@dataclass(frozen=True, slots=True)
class GrantChange:
    """A change of a grant, whoever holds it.

    Attributes:
        mark: added, removed, or unknown.
        what: what is gained or lost, as the rest of a sentence.
        hazards: of an added grant.
        remains: of a removed grant: what may still be done of it.
    """

    mark: Mark
    what: str
    hazards: Hazards = ()
    remains: tuple[str, ...] = ()


def grant_changes(before: Holder | None, after: Holder | None) -> Iterator[GrantChange]:
    """The changes from what a holder has before to what it has after; None holds nothing."""
    old, new = _policies(before), _policies(after)
    yield from _unknown(old, new)
    had, has = _known(old), _known(new)
    if had == has:
        return
    for phrase, one, statement in _gained(had, has, "may do", "no longer refused"):
        beside = [s for p in has if p.scope in {None, one.scope} for s in p.document.statements] if one else []
        yield GrantChange(Mark.ADDED, phrase, hazards_of_statement(statement, beside) if statement else ())
    for phrase, one, statement in _gained(has, had, "may no longer do", "refused now"):
        left: tuple[str, ...] = ()
        if one is not None and statement is not None and statement.effect is Effect.ALLOW:
            left = _left(one, statement, has)
        yield GrantChange(Mark.REMOVED, phrase, (), left)


def may_differ(before: Holder | None, after: Holder | None) -> bool:
    """True if the policies differ, or one of them is not known: then it may differ under the same name."""
    old, new = _policies(before), _policies(after)
    return old != new or any(p.document == UNKNOWN_DOCUMENT and not _elsewhere(p) for p in new)


def _left(policy: Policy, removed: Statement, held: Sequence[Policy]) -> tuple[str, ...]:
    """Permissions of a removed statement that remain: where it applied, in the account, or in one of its groups."""
    scopes = dict.fromkeys(p.scope for p in held if policy.scope is None or p.scope in {None, policy.scope})
    found: list[str] = []
    for scope in scopes:
        known = [(p.name, p.document) for p in held if p.scope == scope]
        tail = "" if scope is None else f", in resource group {scope}"
        found += [permission + tail for permission in remaining(removed, known)]
    return tuple(found)


def _unknown(old: Sequence[Policy], new: Sequence[Policy]) -> Iterator[GrantChange]:
    """Grants that are not known after the change; the same name before it says nothing about it."""
    before = {(p.name, p.scope) for p in old if p.document == UNKNOWN_DOCUMENT}
    for policy in new:
        if policy.document != UNKNOWN_DOCUMENT or (_elsewhere(policy) and policy in old):
            continue
        again = (policy.name, policy.scope) in before
        tail = ", which is not known before the change either" if again else ""
        yield GrantChange(Mark.UNKNOWN, f"may gain whatever {policy.name} will say{_place(policy)}{tail}")


def _elsewhere(policy: Policy) -> bool:
    """True if it stands for policies that are attached elsewhere, which the change does not touch."""
    return policy == replace(attached_elsewhere(policy.attached_to), scope=policy.scope)


def _policies(holder: Holder | None) -> tuple[Policy, ...]:
    return holder.policies if holder else ()


def _known(policies: Sequence[Policy]) -> list[Policy]:
    return [policy for policy in policies if policy.document != UNKNOWN_DOCUMENT]


Gain = tuple[str, Policy | None, Statement | None]
"""A difference in words, and the policy and the statement that make it, where one alone does."""


def _gained(old: Sequence[Policy], new: Sequence[Policy], may: str, freed: str) -> Iterator[Gain]:
    """Each Allow of `new` that allows something `old` did not, and each Deny of `old` that is gone."""
    if not any(p.document.statements for p in old) and not any(_has(p, Effect.DENY) for p in new):
        # Nothing was there and nothing is refused: each statement is new, without a proof.
        added = ((p, s) for p in new for s in p.document.statements if not changes_nothing(s.actions))
        yield from ((f"{may} {_phrase(s, p)}", p, s) for p, s in added)
        return
    budget = Budget()
    if not grants_at_most(scoped_documents(new), scoped_documents(old), budget).holds:
        yield from _gained_by_proof(old, new, may, freed)


def _gained_by_proof(old: Sequence[Policy], new: Sequence[Policy], may: str, freed: str) -> Iterator[Gain]:
    budget = Budget()  # shared by all statements; once it is used up, the rest counts as a difference
    named = False
    before, after = scoped_documents(old), scoped_documents(new)
    denies = [_only(one, Effect.DENY) for one in after]
    allowed_before = [_only(one, Effect.ALLOW) for one in before]
    for policy in new:
        for statement in policy.document.statements:
            if statement.effect is not Effect.ALLOW:
                continue
            alone = [ScopedDocument(Document((statement,)), policy.scope), *denies]
            # Requests that only a Deny refused before are reported with that Deny, below.
            if any(grants_at_most(alone, baseline, budget).holds for baseline in (before, allowed_before)):
                continue
            named = True
            yield f"{may} {_phrase(statement, policy)}", policy, statement
    for policy in old:
        for statement in policy.document.statements:
            if statement.effect is Effect.DENY and _matters(statement, policy, (before, after), budget):
                named = True
                yield f"{freed}: {_phrase(replace(statement, effect=Effect.ALLOW), policy)}", policy, statement
    if not named:
        yield f"{may} something that no statement alone accounts for", None, None


def _matters(
    deny: Statement, policy: Policy, grants: tuple[list[ScopedDocument], list[ScopedDocument]], budget: Budget
) -> bool:
    """True if a Deny of before refused something that is allowed now."""
    before, after = grants
    with_it = [*after, ScopedDocument(Document((deny,)), policy.scope)]
    return not grants_at_most(after, with_it, budget).holds and not grants_at_most(after, before, budget).holds


def _only(one: ScopedDocument, effect: Effect) -> ScopedDocument:
    kept = tuple(statement for statement in one.document.statements if statement.effect is effect)
    return replace(one, document=Document(kept))


def _has(policy: Policy, effect: Effect) -> bool:
    return any(statement.effect is effect for statement in policy.document.statements)


def _phrase(statement: Statement, policy: Policy) -> str:
    return f"{statement_phrase(statement)} ({policy.name}){_place(policy)}"


def _place(policy: Policy) -> str:
    return "" if policy.scope is None else f", in resource group {policy.scope}"

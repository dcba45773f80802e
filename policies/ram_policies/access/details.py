"""Details of a change beside the permission: hazards, what remains, how long sessions last."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from ram_policies.access.model import AccessModel, Role
from ram_policies.access.phrases import statement_phrase
from ram_policies.arn import role_arn
from ram_policies.catalogue.levels import Hazard, actions_with, pattern_hazards
from ram_policies.conditions import Unknown
from ram_policies.document import UNKNOWN_DOCUMENT, Document, Effect, Statement
from ram_policies.pattern import glob_matcher
from ram_policies.proof import never_overlap
from ram_policies.proof.budget import Budget

DEFAULT_SESSION = 3600
"""Seconds that a session of a role may last when nothing is set. Source: RAM API, CreateRole, MaxSessionDuration."""

Hazards = tuple[tuple[Hazard, tuple[str, ...]], ...]
"""Hazards, the most serious first, each with the actions that have it."""


def hazard_phrase(hazard: Hazard) -> str:
    """A hazard as it is written in answers."""
    return hazard.replace("_", " ")


def hazards_of_statement(statement: Statement, beside: Iterable[Statement] = ()) -> Hazards:
    """The hazards of the actions that a statement speaks about.

    Args:
        statement: of a grant.
        beside: statements attached together with it. What one of them denies everywhere and always does not count.
    """
    denied = [
        _matcher(other)
        for other in beside
        if other.effect is Effect.DENY and "*" in other.resources and not other.conditions
    ]
    found: dict[Hazard, dict[str, None]] = {}
    for hazard, actions in _pairs(statement):
        left = [action for action in actions if not any(denies(action) for denies in denied)]
        if left:
            found.setdefault(hazard, {}).update(dict.fromkeys(left))
    return tuple((hazard, tuple(found[hazard])) for hazard in Hazard if hazard in found)


def _pairs(statement: Statement) -> Iterator[tuple[Hazard, Iterable[str]]]:
    if statement.actions:
        for pattern in statement.actions:
            yield from pattern_hazards(pattern).items()
        return
    covers = _matcher(statement)
    for hazard in Hazard:
        yield hazard, [action for action in actions_with(hazard) if covers(action)]


def _matcher(statement: Statement) -> Callable[[str], bool]:
    patterns = [glob_matcher(pattern.lower()) for pattern in statement.actions or statement.not_actions]
    wanted = bool(statement.actions)
    return lambda action: any(matches(action.lower()) for matches in patterns) is wanted


def remaining(removed: Statement, held: Sequence[tuple[str, Document]]) -> tuple[str, ...]:
    """Statements that remain and allow some of what a removed one allowed, in words."""
    alone = Document((removed,))
    known = [document for _, document in held if document != UNKNOWN_DOCUMENT]
    denies = tuple(s for document in known for s in document.statements if s.effect is Effect.DENY)
    budget = Budget()

    def overlaps(statement: Statement) -> bool:
        return not never_overlap(alone, Document((statement, *denies)), budget).holds

    found: list[str] = []
    for name, document in held:
        for statement in document.statements if document != UNKNOWN_DOCUMENT else ():
            if statement.effect is Effect.ALLOW and overlaps(statement):
                single = [replace(statement, actions=(action,)) for action in statement.actions]
                left = [one.actions[0] for one in single if overlaps(one)] if len(single) > 1 else []
                shown = replace(statement, actions=tuple(left)) if left else statement
                found.append(f"{statement_phrase(shown)} ({name})")
    return tuple(found)


def session_changes(before: AccessModel, after: AccessModel) -> Iterator[tuple[str, str, bool | None, str]]:
    """Roles whose sessions may last longer or shorter than before.

    Yields:
        The role's title, its account's ID, whether sessions may last longer (None: not known yet), and how long.
    """
    old, new = _roles(before), _roles(after)
    for arn, (title, account, role) in new.items():
        was = old[arn][2].max_session_duration if arn in old else None
        now = role.max_session_duration
        if was == now:
            continue
        if isinstance(now, Unknown):
            yield title, account, None, "lets sessions last as long as only the deployment will tell"
            continue
        seconds = DEFAULT_SESSION if now is None else now
        known = DEFAULT_SESSION if was is None or isinstance(was, Unknown) else was
        if seconds != known:
            phrase = f"lets sessions last up to {_duration(seconds)}"
            there = f", before up to {_duration(known)}" if arn in old else f", by default {_duration(known)}"
            if arn in old or seconds > known:
                yield title, account, seconds > known, phrase + there


def _roles(model: AccessModel) -> Mapping[str, tuple[str, str, Role]]:
    return {
        role_arn(account.id, role.name).lower(): (f"role {role.name} of {account.title}", account.id, role)
        for account in model.accounts
        for role in account.roles
        if role.trust is not None
    }


def _duration(seconds: int) -> str:
    for unit, length in (("h", 3600), ("min", 60)):
        if seconds % length == 0:
            return f"{seconds // length} {unit}"
    return f"{seconds} s"

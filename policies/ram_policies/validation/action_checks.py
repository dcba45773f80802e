"""Suggestions on action names: typos, and patterns that stand for nothing."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from ram_policies.catalogue.actions import ActionLookup, Known, known_action, service_exists
from ram_policies.findings import Code
from ram_policies.pattern import has_wildcard
from ram_policies.validation.resource_checks import service_advice
from ram_policies.validation.statements import StatementNode

_LOOK_AT_MOST = 100
"""Looking for what was meant costs milliseconds; a document of normal length names fewer actions."""


def check_actions(statements: Iterable[StatementNode]) -> None:
    """Note actions that are in no catalogue although their service is, and services that do not exist."""
    named = ((statement, value) for statement in statements for value in (*statement.actions, *statement.not_actions))
    for statement, value in islice(named, _LOOK_AT_MOST):
        found = known_action(value.text)
        code = value.text.partition(":")[0]
        if found.status in {Known.MISSPELT, Known.NOT_LISTED}:
            if _is_one_of_many(found, statement):
                continue
            statement.note(Code.UNKNOWN_ACTION, value, action=repr(value.text), advice=_advice(found))
        elif ":" in value.text and not has_wildcard(code) and not service_exists(code):
            statement.note(Code.UNKNOWN_SERVICE, value, service=repr(code), advice=service_advice(code))


def _is_one_of_many(found: ActionLookup, statement: StatementNode) -> bool:
    """True of a pattern without actions beside another one of its service: people list all verbs that read."""
    service = found.action.lower().partition(":")[0]
    others = (value.text for value in (*statement.actions, *statement.not_actions))
    return (
        has_wildcard(found.action)
        and not found.suggestions
        and any(has_wildcard(o) and o.lower().startswith(f"{service}:") and known_action(o).known for o in others)
    )


def _advice(found: ActionLookup) -> str:
    if found.suggestions:
        return f"Did you mean {' or '.join(found.suggestions)}?"
    return "Compare it with the authorization page of the service; the catalogue is not complete."

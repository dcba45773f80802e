"""Suggestions on action names: typos, and patterns that stand for nothing."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from ram_policies.catalogue.actions import ActionLookup, Known, known_action
from ram_policies.findings import Code
from ram_policies.pattern import has_wildcard
from ram_policies.validation.jsontext import Kind, Node
from ram_policies.validation.reader import Notes

_LOOK_AT_MOST = 100
"""Looking for what was meant costs milliseconds; a document of normal length names fewer actions."""


def check_actions(root: Node, notes: Notes) -> None:
    """Note actions that are in no catalogue although their service is."""
    for path, item in islice(_actions(root), _LOOK_AT_MOST):
        found = known_action(item.text)
        if found.status in {Known.MISSPELT, Known.NOT_LISTED}:
            notes.add(Code.UNKNOWN_ACTION, item.offset, path, _message(found), _fix(found))


def _actions(root: Node) -> Iterator[tuple[str, Node]]:
    statements = next(value for key, value in root.members if key.text == "Statement")
    for index, statement in enumerate(statements.items):
        for key, value in statement.members:
            if key.text in {"Action", "NotAction"}:
                path = f"Statement[{index}].{key.text}"
                if value.kind is Kind.ARRAY:
                    yield from ((f"{path}[{number}]", item) for number, item in enumerate(value.items))
                else:
                    yield path, value


def _message(found: ActionLookup) -> str:
    code = found.action.partition(":")[0]
    if has_wildcard(found.action):
        return f"No action of {code} in the catalogue matches {found.action!r}."
    return f"The action {found.action!r} is not in the catalogue."


def _fix(found: ActionLookup) -> str:
    if found.suggestions:
        return f"Did you mean {' or '.join(found.suggestions)}?"
    return "Compare it with the authorization page of the service; the catalogue is not complete."

"""Warnings and suggestions: documents RAM takes, but that may not mean what was meant.

Each group of checks has a module of its own; all of them look at one document without its surroundings. What needs a
proof is in `ram_policies.review`.
"""

from __future__ import annotations

from ram_policies.document import DocumentKind
from ram_policies.validation.action_checks import check_actions
from ram_policies.validation.condition_checks import check_conditions
from ram_policies.validation.grant_checks import check_grant, check_trust
from ram_policies.validation.jsontext import JsonNode
from ram_policies.validation.reader import Notes
from ram_policies.validation.repetition_checks import check_repeated
from ram_policies.validation.resource_checks import check_resources
from ram_policies.validation.statements import statements_of


def check_statements(kind: DocumentKind, root: JsonNode, notes: Notes) -> None:
    """Note what is legal but doubtful in a document that has no error."""
    statements = statements_of(kind, root, notes)
    for statement in statements:
        if kind is DocumentKind.TRUST:
            check_trust(statement)
        else:
            check_grant(statement)
            check_resources(statement)
        check_conditions(statement)
        check_repeated(statement)
    if kind is not DocumentKind.TRUST:
        check_actions(statements)

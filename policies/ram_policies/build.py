"""Writing documents in Python, checked as RAM would check them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ram_policies.document import Condition, Document, DocumentKind, Effect, Principals, Statement
from ram_policies.validation.parse import read_document

Strings = str | Iterable[str]
Conditions = Mapping[str, Mapping[str, Strings]]
"""Operator, key, values, as in a document: ``{"Bool": {"acs:MFAPresent": "true"}}``."""


def allow(actions: Strings, resources: Strings = "*", *, conditions: Conditions | None = None) -> Statement:
    """A statement that allows actions on resources."""
    return Statement(Effect.ALLOW, _tuple(actions), (), _tuple(resources), None, _conditions(conditions))


def deny(actions: Strings, resources: Strings = "*", *, conditions: Conditions | None = None) -> Statement:
    """A statement that denies actions on resources."""
    return Statement(Effect.DENY, _tuple(actions), (), _tuple(resources), None, _conditions(conditions))


def deny_other_than(actions: Strings, resources: Strings = "*", *, conditions: Conditions | None = None) -> Statement:
    """A statement that denies everything but the actions."""
    return Statement(Effect.DENY, (), _tuple(actions), _tuple(resources), None, _conditions(conditions))


def trust(
    ram: Strings = (),
    *,
    service: Strings = (),
    federated: Strings = (),
    actions: Strings = "sts:AssumeRole",
    conditions: Conditions | None = None,
) -> Statement:
    """A statement of a trust policy that lets principals assume the role."""
    principals = Principals(_tuple(ram), _tuple(service), _tuple(federated))
    return Statement(Effect.ALLOW, _tuple(actions), (), (), principals, _conditions(conditions))


def document(*statements: Statement, kind: DocumentKind | str = DocumentKind.IDENTITY) -> Document:
    """A document of statements.

    Raises:
        InvalidDocumentError: RAM would refuse it; `findings` say why, with positions in its canonical text.
    """
    return read_document(Document(statements).to_json(), kind)


def _tuple(values: Strings) -> tuple[str, ...]:
    return (values,) if isinstance(values, str) else tuple(values)


def _conditions(conditions: Conditions | None) -> tuple[Condition, ...]:
    return tuple(
        Condition(operator, key, _tuple(values))
        for operator, keys in (conditions or {}).items()
        for key, values in keys.items()
    )

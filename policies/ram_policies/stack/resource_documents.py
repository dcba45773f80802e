"""The documents in resources: where they stand, also in deprecated fields, and what several of one name share."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from ram_policies.conditions import UNKNOWN, Unknown
from ram_policies.document import Document, DocumentKind, Effect, Statement
from ram_policies.stack.facts import ResourceFacts, Value, holds_unknown
from ram_policies.stack.views import DocumentView
from ram_policies.system_policies import system_policy
from ram_policies.validation.parse import Parsed


def read_view(
    facts: ResourceFacts, kind: DocumentKind, fields: tuple[str, ...], old: Mapping[str, str]
) -> DocumentView:
    """The document of a resource.

    Args:
        facts: the resource.
        kind: what the document is for.
        fields: the properties that may hold it, the first one set counts.
        old: the names of elements by the deprecated properties that stand for a document, `TRUST_FIELDS` or
            `STATEMENT_FIELDS`.
    """
    field = next((f for f in fields if facts.document(f) is not None), fields[0])
    text = facts.document(field)
    if text is None:
        text = _from_old_fields(facts, old)
    return DocumentView.read(facts.urn, field, kind, text)


TRUST_FIELDS: Mapping[str, str] = {"ramUsers": "RAM", "services": "Service"}
STATEMENT_FIELDS = {"effect": "Effect", "actions": "Action", "resources": "Resource"}


def _from_old_fields(facts: ResourceFacts, names: Mapping[str, str]) -> str | Unknown | None:
    """The document that deprecated fields of the provider stand for."""
    if names is TRUST_FIELDS:
        parts: dict[str, Value] = {
            name: facts.properties[field] for field, name in names.items() if facts.properties.get(field)
        }
        statements: Value = [{"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": parts}] if parts else None
    else:
        given = facts.properties.get("statements")
        statements = given
        if isinstance(given, Sequence) and not isinstance(given, str):
            statements = [_renamed(item, names) for item in given]
    if not statements:
        return None
    if holds_unknown(statements):
        return UNKNOWN
    return json.dumps({"Statement": statements, "Version": "1"}, ensure_ascii=False)


def _renamed(item: Value, names: Mapping[str, str]) -> Value:
    return {names.get(k, k): v for k, v in item.items()} if isinstance(item, Mapping) else item


def system_view(urn: str, name: str) -> DocumentView | None:
    """The document of a system policy, as that of the resource that names it; None when the catalogue has none."""
    policy = system_policy(name)
    if policy is None or not policy.known:
        return None
    text = policy.document.to_json()
    return DocumentView(urn, "policyName", DocumentKind.IDENTITY, text, Parsed(policy.document, ()))


def common_denies(views: Sequence[DocumentView]) -> tuple[DocumentView, ...]:
    """Documents of which one, not known yet, will count: each without the Deny statements that are not in all."""
    if len(views) < 2:
        return tuple(views)
    documents = [view.document for view in views]
    denied = [{s for s in (d.statements if d else ()) if s.effect is Effect.DENY} for d in documents]
    common = set[Statement].intersection(*denied)
    return tuple(_with_denies(view, common) for view in views)


def _with_denies(view: DocumentView, denies: set[Statement]) -> DocumentView:
    if view.document is None or view.parsed is None:
        return view
    kept = tuple(s for s in view.document.statements if s.effect is Effect.ALLOW or s in denies)
    return replace(view, parsed=replace(view.parsed, document=Document(kept, view.document.version)))

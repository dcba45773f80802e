"""Policy documents as values.

Source: Alibaba Cloud, RAM, "Policy structure and syntax" and "Policy elements".
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from ram_policies.errors import InvalidInputError

_HALF_CHARACTER = re.compile("[\ud800-\udfff]")


class Effect(StrEnum):
    """Effect of a statement on a request that it matches."""

    ALLOW = "Allow"
    DENY = "Deny"


class DocumentKind(StrEnum):
    """Kind of a document; it decides which elements the document must and may have."""

    IDENTITY = "identity"
    TRUST = "trust"
    SESSION = "session"
    CONTROL = "control"
    BUCKET = "bucket"


@dataclass(frozen=True, slots=True)
class Condition:
    """One test of one key.

    Attributes:
        operator: for example ``StringEquals`` or ``ForAnyValue:StringLike``.
        key: for example ``acs:SourceIp``.
        values: what the key is compared with; one match is enough.
    """

    operator: str
    key: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Principals:
    """Principals of a statement in a resource-based policy.

    Attributes:
        ram: ARNs of accounts (root), users and roles.
        service: names of cloud services, ``ecs.aliyuncs.com``.
        federated: ARNs of identity providers.
        uids: account IDs, user IDs or ``*``; only bucket policies of OSS write principals like that.
    """

    ram: tuple[str, ...] = ()
    service: tuple[str, ...] = ()
    federated: tuple[str, ...] = ()
    uids: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[str]:
        yield from self.ram
        yield from self.service
        yield from self.federated
        yield from self.uids


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement. Exactly one of `actions` and `not_actions` is filled.

    Attributes:
        effect: Allow or Deny.
        actions: patterns of actions it speaks about, ``ecs:Describe*``.
        not_actions: patterns of the only actions it does not speak about.
        resources: patterns of resources; empty in a trust policy.
        principals: whom it speaks about; only in trust and bucket policies.
        conditions: all of them must hold.
    """

    effect: Effect
    actions: tuple[str, ...] = ()
    not_actions: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    principals: Principals | None = None
    conditions: tuple[Condition, ...] = ()

    def __post_init__(self) -> None:
        # A second test of one key by one operator cannot be written in JSON: printing would silently widen it.
        pairs = [(condition.operator, condition.key) for condition in self.conditions]
        if len(set(pairs)) != len(pairs):
            twice = next(pair for pair in pairs if pairs.count(pair) > 1)
            raise InvalidInputError(
                "conditions",
                f"{twice[0]} {twice[1]}",
                "occurs twice in one statement",
                "merge the two lists of values",
                code="duplicate",
            )
        # Comparing patterns rests on it: halves of surrogate pairs stand for wildcards there (`pattern.as_text`).
        patterns = (*self.actions, *self.not_actions, *self.resources)
        if not "".join(patterns).isascii():
            _refuse_halves(patterns)

    def to_dict(self) -> dict[str, object]:
        """The statement as plain JSON values, one-element lists as the element alone (principals stay lists)."""
        out: dict[str, object] = {}
        if self.actions:
            out["Action"] = _scalar(self.actions)
        if self.conditions:
            out["Condition"] = _conditions(self.conditions)
        out["Effect"] = str(self.effect)
        if self.not_actions:
            out["NotAction"] = _scalar(self.not_actions)
        if self.principals is not None:
            out["Principal"] = _principals(self.principals)
        if self.resources:
            out["Resource"] = _scalar(self.resources)
        return out


@dataclass(frozen=True, slots=True)
class Document:
    """A policy document; `validation.parse.read_document` reads one.

    One whose content is not known yet, at preview for example, is `UNKNOWN_DOCUMENT`.

    Attributes:
        statements: in the order of the text; the order means nothing to RAM.
        version: the version of the policy language, always ``1``.
    """

    statements: tuple[Statement, ...]
    version: str = "1"

    def to_dict(self) -> dict[str, object]:
        """The document as plain JSON values, in the layout of Alibaba Cloud's documentation."""
        return {"Statement": [statement.to_dict() for statement in self.statements], "Version": self.version}

    def to_json(self) -> str:
        """The document as canonical text: sorted keys, no whitespace, characters unescaped."""
        return json.dumps(self.to_dict(), ensure_ascii=False, separators=(",", ":"), sort_keys=True)


UNKNOWN_DOCUMENT = Document((), "unknown")
"""Placeholder for a document that is not known: it may allow and deny anything, and answers depend on it."""


def _refuse_halves(patterns: tuple[str, ...]) -> None:
    for text in filter(_HALF_CHARACTER.search, patterns):
        raise InvalidInputError(
            "statement", text, "holds half of a surrogate pair", "write the whole character", code="invalid-form"
        )


def _scalar(values: tuple[str, ...]) -> object:
    return values[0] if len(values) == 1 else list(values)


def _conditions(conditions: tuple[Condition, ...]) -> dict[str, dict[str, object]]:
    out: dict[str, dict[str, object]] = {}
    for condition in conditions:
        out.setdefault(condition.operator, {})[condition.key] = _scalar(condition.values)
    return {operator: dict(sorted(keys.items())) for operator, keys in sorted(out.items())}


def _principals(principals: Principals) -> object:
    if principals.uids:
        return list(principals.uids)
    named = {"Federated": principals.federated, "RAM": principals.ram, "Service": principals.service}
    return {key: list(values) for key, values in named.items() if values}

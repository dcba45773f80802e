"""Baselines: who may do what today, as a file that a review has agreed to.

``python -m ram_policies.guardrails.baseline < state.json > baseline.json`` makes one from `pulumi stack export`;
``provider=account`` arguments say the accounts of providers that are not configured with ``accountId``.
The format is JSON: ``{"version": 1, "principals": {"<ARN>": {"grants": [document, …], "trust": document}}}``.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from ram_policies.arn import group_arn
from ram_policies.conditions import UNKNOWN, Unknown
from ram_policies.document import Condition, Document, DocumentKind, Statement
from ram_policies.errors import InvalidInputError
from ram_policies.stack.build import build_stack
from ram_policies.stack.state import resources_of_state
from ram_policies.stack.views import DocumentView, GrantView, GroupView, RoleView, StackView, UserView

VERSION = 1
_GROUP_KEY = "acs:ResourceGroupId"
_EQUAL = ("StringEquals", "StringLike", "ForAnyValue:StringEquals", "ForAnyValue:StringLike")
_FIX = "make it with `python -m ram_policies.guardrails.baseline` from the output of `pulumi stack export`"


@dataclass(frozen=True, slots=True)
class Principal:
    """A role, user or group of a stack with everything it is granted.

    Attributes:
        key: its ARN, or UNKNOWN.
        urn: its resource.
        title: in words.
        grants: a user's include those of its groups.
        trust: of a role.
    """

    key: str | Unknown
    urn: str
    title: str
    grants: tuple[GrantView, ...]
    trust: DocumentView | None = None


@dataclass(frozen=True, slots=True)
class Agreed:
    """What a baseline says about one principal."""

    grants: tuple[Document, ...] = ()
    trust: Document | None = None


def principals(stack: StackView) -> Iterator[Principal]:
    """Everybody in a stack who can hold access, and grants to holders that the stack does not describe."""
    for role in stack.roles:
        yield Principal(_key(role), role.urn, _title("role", role), role.grants, role.trust)
    for user in stack.users:
        yield Principal(_key(user), user.urn, _title("user", user), tuple(user.all_grants))
    for group in stack.groups:
        yield Principal(_key(group), group.urn, _title("group", group), group.grants)
    held = {grant.urn for holder in (*stack.roles, *stack.users, *stack.groups) for grant in holder.grants}
    outside: dict[str, list[GrantView]] = {}
    for grant in stack.grants:
        if grant.urn in held:
            continue
        if isinstance(grant.holder_name, Unknown) or isinstance(grant.account, Unknown):
            yield Principal(UNKNOWN, grant.urn, f"a {grant.holder} outside this stack", (grant,))
        else:
            arn = f"acs:ram::{grant.account}:{grant.holder}/{grant.holder_name.lower()}"
            outside.setdefault(arn, []).append(grant)
    for arn, grants in outside.items():
        yield Principal(arn, grants[0].urn, arn, tuple(grants))


def granted_document(grant: GrantView) -> Document | None:
    """What a grant allows, a limit to a resource group written as a condition; None when that is not known."""
    document = grant.document.document if grant.document else None
    if document is None or grant.unknown or isinstance(grant.scope, Unknown):
        return None
    if grant.scope is None:
        return document
    return Document(tuple(_limited(s, grant.scope) for s in document.statements), document.version)


def _limited(statement: Statement, group: str) -> Statement:
    """The statement under one more condition. An operator can test a key only once, so it takes a free one."""
    taken = {c.operator for c in statement.conditions if c.key == _GROUP_KEY}
    free = next(operator for operator in _EQUAL if operator not in taken)
    return replace(statement, conditions=(*statement.conditions, Condition(free, _GROUP_KEY, (group,))))


def _key(principal: RoleView | UserView | GroupView) -> str | Unknown:
    if isinstance(principal, GroupView):
        if isinstance(principal.account, Unknown) or isinstance(principal.name, Unknown):
            return UNKNOWN
        return group_arn(principal.account, principal.name).lower()
    return principal.arn if isinstance(principal.arn, Unknown) else principal.arn.lower()


def _title(kind: str, principal: RoleView | UserView | GroupView) -> str:
    return f"{kind} {principal.name if isinstance(principal.name, str) else 'whose name is not known yet'}"


def write_baseline(stack: StackView) -> str:
    """The baseline that a stack stands for, as text.

    Raises:
        InvalidInputError: something in the stack is not known, so nobody can have agreed to it.
    """
    entries: dict[str, dict[str, object]] = {}
    for principal in principals(stack):
        unread = [grant.urn for grant in principal.grants if granted_document(grant) is None]
        if unread:
            raise InvalidInputError("stack", unread[0], "grants what is not known", "deploy it first, then export")
        if isinstance(principal.key, Unknown):
            fix = "say the account of its provider (<provider>=<account ID>), or deploy it first"
            raise InvalidInputError("stack", principal.urn, "is in an account, or has a name, that is not known", fix)
        documents = [granted_document(grant) for grant in principal.grants]
        entry: dict[str, object] = {"grants": [document.to_dict() for document in documents if document]}
        if principal.trust and principal.trust.document:
            entry["trust"] = principal.trust.document.to_dict()
        entries[principal.key] = entry
    return json.dumps({"version": VERSION, "principals": entries}, ensure_ascii=False, indent=2, sort_keys=True)


def read_baseline(text: str, field: str = "baseline") -> Mapping[str, Agreed]:
    """A baseline, by principal.

    Raises:
        InvalidInputError: it is no baseline of this version.
    """
    try:
        content: object = json.loads(text)
    except ValueError as error:
        raise InvalidInputError(field, text, f"is not JSON ({error})", _FIX) from None
    given = cast("Mapping[str, object]", content if isinstance(content, dict) else {})
    if given.get("version") != VERSION or not isinstance(given.get("principals"), dict):
        raise InvalidInputError(field, given.get("version"), f"is no baseline of version {VERSION}", _FIX)
    entries = cast("Mapping[str, Mapping[str, object]]", given["principals"])
    return {arn.lower(): _agreed(entry) for arn, entry in entries.items()}


def _agreed(entry: Mapping[str, object]) -> Agreed:
    grants = cast("list[Mapping[str, object]]", entry.get("grants") or [])
    trust = cast("Mapping[str, object] | None", entry.get("trust"))
    return Agreed(
        tuple(Document.from_dict(document, DocumentKind.IDENTITY) for document in grants),
        None if trust is None else Document.from_dict(trust, DocumentKind.TRUST),
    )


def main(arguments: Sequence[str]) -> None:
    """Read an exported state from standard input and write its baseline.

    Raises:
        InvalidInputError: the input is no exported state, or an account in it is not known.
    """
    accounts = dict(argument.split("=", 1) for argument in arguments if "=" in argument)
    try:
        state = cast("Mapping[str, object]", json.load(sys.stdin))
    except ValueError as error:
        raise InvalidInputError("standard input", "", f"is not JSON ({error})", _FIX) from None
    sys.stdout.write(write_baseline(build_stack(resources_of_state(state), accounts)) + "\n")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except InvalidInputError as error:
        sys.exit(str(error))

"""Baselines: who may do what today, as a file that a review has agreed to.

``python -m ram_policies.guardrails.baseline < state.json > baseline.json`` makes one from `pulumi stack export`;
``provider=account`` arguments say the accounts of providers that are not configured with ``accountId``.
The format is JSON: ``{"version": 1, "principals": {"<ARN>": {"grants": [document, …], "trust": document}}}``. A grant
that is limited to a resource group is ``{"resourceGroup": "<ID>", "document": document}``.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from ram_policies.access.scopes import ScopedDocument
from ram_policies.arn import entity_arn, group_arn
from ram_policies.conditions import UNKNOWN, Unknown
from ram_policies.document import Document, DocumentKind
from ram_policies.errors import InvalidInputError
from ram_policies.file_text import json_in
from ram_policies.stack.assembly import build_stack
from ram_policies.stack.state import made_resources_of_state
from ram_policies.stack.views import (
    DocumentView,
    GrantView,
    GroupView,
    HolderKind,
    MembershipView,
    RoleView,
    StackView,
    UserView,
)
from ram_policies.validation.parse import read_document

VERSION = 1
_FIX = "make it with `python -m ram_policies.guardrails.baseline` from the output of `pulumi stack export`"


@dataclass(frozen=True, slots=True)
class BaselinePrincipal:
    """A role, user or group of a stack with everything it is granted.

    Attributes:
        key: its ARN, or UNKNOWN.
        urn: its resource.
        title: in words.
        grants: a user's include those of its groups.
        trust: of a role.
        elsewhere: memberships in groups that the stack does not make.
    """

    key: str | Unknown
    urn: str
    title: str
    grants: tuple[GrantView, ...]
    trust: DocumentView | None = None
    elsewhere: tuple[MembershipView, ...] = ()


@dataclass(frozen=True, slots=True)
class Agreed:
    """Agreements of a baseline about one principal."""

    grants: tuple[ScopedDocument, ...] = ()
    trust: Document | None = None


def principals(stack: StackView) -> Iterator[BaselinePrincipal]:
    """Everybody in a stack who can hold access, and grants to holders that the stack does not describe."""
    for role in stack.roles:
        yield BaselinePrincipal(_key(role), role.urn, _title("role", role), role.grants, role.trust)
    for user in stack.users:
        grants = tuple(user.all_grants)
        yield BaselinePrincipal(_key(user), user.urn, _title("user", user), grants, elsewhere=user.elsewhere)
    for group in stack.groups:
        yield BaselinePrincipal(_key(group), group.urn, _title("group", group), group.grants)
    yield from _outside(stack)


def _outside(stack: StackView) -> Iterator[BaselinePrincipal]:
    """Holders of grants, and members of groups, that the stack does not describe."""
    held = {grant.urn for holder in (*stack.roles, *stack.users, *stack.groups) for grant in holder.grants}
    groups = {(g.account, _folded(g.name)): g for g in stack.groups}
    users = {(u.account, _folded(u.name)) for u in stack.users}
    grants: dict[str, list[GrantView]] = {}
    joined: dict[str, list[MembershipView]] = {}
    for grant in stack.grants:
        if grant.urn not in held:
            key = _outside_key(grant.account, grant.holder, grant.holder_name)
            grants.setdefault(grant.urn if isinstance(key, Unknown) else key, []).append(grant)
    for member in stack.memberships:
        if isinstance(member.account, str) and (member.account, _folded(member.user_name)) in users:
            continue
        key = _outside_key(member.account, HolderKind.USER, member.user_name)
        group = groups.get((member.account, _folded(member.group_name)))
        where = member.urn if isinstance(key, Unknown) else key
        if group is None:
            joined.setdefault(where, []).append(member)
        else:
            grants.setdefault(where, []).extend(group.grants)
    for place in {**grants, **joined}:
        held_here, member_of = tuple(grants.get(place, ())), tuple(joined.get(place, ()))
        urn = (*held_here, *member_of)[0].urn
        known = place.startswith("acs:")
        title = place if known else "somebody outside this stack"
        yield BaselinePrincipal(place if known else UNKNOWN, urn, title, held_here, elsewhere=member_of)


def _outside_key(account: str | Unknown, holder: HolderKind, name: str | Unknown) -> str | Unknown:
    if isinstance(account, Unknown) or isinstance(name, Unknown):
        return UNKNOWN
    return entity_arn(f"acs:ram::{account}:{holder}/{name}")


def _folded(name: str | Unknown) -> str | Unknown:
    return name if isinstance(name, Unknown) else name.lower()


def group_title(membership: MembershipView) -> str:
    """The group of a membership in a sentence."""
    name = membership.group_name
    return f"the group {name}" if isinstance(name, str) else "a group whose name is not known yet"


def granted_document(grant: GrantView) -> ScopedDocument | None:
    """Document of a grant, with its resource group; None when that is not known."""
    document = grant.document.document if grant.document else None
    if document is None or grant.unknown or isinstance(grant.scope, Unknown):
        return None
    return ScopedDocument(document, grant.scope)


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
            raise InvalidInputError(
                "stack",
                unread[0],
                "grants what is not known",
                "deploy it first, then export",
                code="unknown-at-preview",
            )
        if isinstance(principal.key, Unknown):
            fix = "say the account of its provider (<provider>=<account ID>), or deploy it first"
            raise InvalidInputError(
                "stack",
                principal.urn,
                "is in an account, or has a name, that is not known",
                fix,
                code="unknown-at-preview",
            )
        documents = [granted_document(grant) for grant in principal.grants]
        entry: dict[str, object] = {"grants": [_written(document) for document in documents if document]}
        if principal.trust and principal.trust.document:
            entry["trust"] = principal.trust.document.to_dict()
        entries[principal.key] = entry
    return json.dumps({"version": VERSION, "principals": entries}, ensure_ascii=False, indent=2, sort_keys=True)


def _written(granted: ScopedDocument) -> dict[str, object]:
    document = granted.document.to_dict()
    return document if granted.scope is None else {"resourceGroup": granted.scope, "document": document}


def read_baseline(text: str, field: str = "baseline") -> Mapping[str, Agreed]:
    """A baseline, by principal.

    Raises:
        InvalidInputError: it is not a baseline of this version.
    """
    content = json_in(text, field, text, _FIX)
    given = cast("Mapping[str, object]", content if isinstance(content, dict) else {})
    if given.get("version") != VERSION or not isinstance(given.get("principals"), dict):
        raise InvalidInputError(
            field, given.get("version"), f"is not a baseline of version {VERSION}", _FIX, code="wrong-file"
        )
    entries = cast("Mapping[str, Mapping[str, object]]", given["principals"])
    return {arn.lower(): _agreed(entry) for arn, entry in entries.items()}


def _agreed(entry: Mapping[str, object]) -> Agreed:
    grants = cast("list[Mapping[str, object]]", entry.get("grants") or [])
    trust = cast("Mapping[str, object] | None", entry.get("trust"))
    return Agreed(
        tuple(map(_read, grants)),
        None if trust is None else read_document(trust, DocumentKind.TRUST),
    )


def _read(grant: Mapping[str, object]) -> ScopedDocument:
    scope, document = grant.get("resourceGroup"), grant
    if "document" in grant:
        document = cast("Mapping[str, object]", grant["document"])
    return ScopedDocument(read_document(document, DocumentKind.IDENTITY), str(scope) if scope else None)


def main(arguments: Sequence[str]) -> None:
    """Read an exported state from standard input and write its baseline.

    Raises:
        InvalidInputError: the input is not an exported state, or an account in it is not known.
    """
    accounts = dict(argument.split("=", 1) for argument in arguments if "=" in argument)
    try:
        state = cast("Mapping[str, object]", json.load(sys.stdin))
    except ValueError as error:
        raise InvalidInputError("standard input", "", f"is not JSON ({error})", _FIX, code="not-json") from None
    sys.stdout.write(write_baseline(build_stack(made_resources_of_state(state), accounts)) + "\n")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except InvalidInputError as error:
        sys.exit(str(error))

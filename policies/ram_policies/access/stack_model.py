"""A model from a Pulumi stack: its exported state, its preview, or what a policy pack sees of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from ram_policies.access.documents import system_grant
from ram_policies.access.model import (
    AccessModel,
    Account,
    Group,
    Role,
    User,
    attached_elsewhere,
    longest_session,
    possible_trust,
)
from ram_policies.arn import group_arn, role_arn, user_arn
from ram_policies.conditions import Unknown
from ram_policies.document import UNKNOWN_DOCUMENT, Document
from ram_policies.evaluation.decision import Policy, PolicyType
from ram_policies.stack.views import DocumentView, GrantView, HolderKind, MembershipView, StackView

_ARN = {HolderKind.ROLE: role_arn, HolderKind.USER: user_arn, HolderKind.GROUP: group_arn}


@dataclass(slots=True)
class _Building:
    """One account while it is put together; names are kept as they were first written, and compared without case."""

    users: dict[str, str] = field(default_factory=dict[str, str])
    groups: dict[str, str] = field(default_factory=dict[str, str])
    roles: dict[str, str] = field(default_factory=dict[str, str])
    trusts: dict[str, list[Document]] = field(default_factory=dict[str, list[Document]])
    sessions: dict[str, list[int | Unknown | None]] = field(default_factory=dict[str, "list[int | Unknown | None]"])
    joined: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    grants: dict[tuple[HolderKind, str], list[Policy]] = field(
        default_factory=dict[tuple[HolderKind, str], list[Policy]]
    )

    def names(self, holder: HolderKind) -> dict[str, str]:
        return {HolderKind.USER: self.users, HolderKind.GROUP: self.groups, HolderKind.ROLE: self.roles}[holder]

    def of(self, holder: HolderKind, name: str) -> tuple[Policy, ...]:
        return tuple(dict.fromkeys(self.grants.get((holder, name), ())))


def from_stack(stack: StackView, stand_in: Callable[[str], str] | None = None) -> AccessModel:
    """The model of the users, groups and roles that a stack makes, and of grants it makes to others.

    Args:
        stack: as `stack.assembly.build_stack` makes it.
        stand_in: what to write for the account of a provider whose account is not known, by the provider's name; by
            default an ID made of the name, with a gap that says how to tell the account.
    """
    return _Reader(stack, stand_in).read(stack)


class _Reader:
    def __init__(self, stack: StackView, stand_in: Callable[[str], str] | None) -> None:
        self.stack = stack
        self.stand_in = stand_in
        self.accounts: dict[str, _Building] = {}
        self.gaps: list[str] = []

    def read(self, stack: StackView) -> AccessModel:
        for user in stack.users:
            self.add(HolderKind.USER, user.urn, user.account, user.name)
        for group in stack.groups:
            self.add(HolderKind.GROUP, group.urn, group.account, group.name)
        for role in stack.roles:
            at, name = self.add(HolderKind.ROLE, role.urn, role.account, role.name)
            document = self.document(role.trust, f"the trust policy of {role.name}")
            at.trusts.setdefault(name, []).append(document)
            at.sessions.setdefault(name, []).append(role.max_session_duration)
        for group in stack.groups:
            at, name = self.add(HolderKind.GROUP, group.urn, group.account, group.name)
            for member in group.members:
                if isinstance(member, Unknown):
                    self.gaps.append(f"who else joins the group {at.groups[name]}: {_NOT_YET}")
                else:
                    at.users.setdefault(member.lower(), member)
                    at.joined.setdefault(member.lower(), []).append(at.groups[name])
        for membership in stack.memberships:
            if not membership.group_here:
                self.joins_elsewhere(membership)
        for grant in stack.grants:
            at, name = self.add(grant.holder, grant.urn, grant.account, grant.holder_name)
            account_id = self.account(grant.urn, grant.account)
            holder = _ARN[grant.holder](account_id, at.names(grant.holder)[name])
            at.grants.setdefault((grant.holder, name), []).append(self.policy(grant, holder))
        self.gaps += [f"what {named.title} gives: access does not look at it" for named in stack.named]
        return AccessModel(
            tuple(self.finished(account_id, at) for account_id, at in self.accounts.items()),
            tuple(dict.fromkeys(self.gaps)),
        )

    def finished(self, account_id: str, at: _Building) -> Account:
        roles: list[Role] = []
        for key, name in at.roles.items():
            trusts = at.trusts.get(key)
            trust = possible_trust(f"role {name} of {account_id}", trusts, self.gaps) if trusts else None
            roles.append(Role(name, trust, at.of(HolderKind.ROLE, key), longest_session(at.sessions.get(key, ()))))
        return Account(
            account_id,
            "",
            tuple(
                User(name, _each(at.joined.get(key, ())), at.of(HolderKind.USER, key)) for key, name in at.users.items()
            ),
            tuple(Group(name, at.of(HolderKind.GROUP, key)) for key, name in at.groups.items()),
            tuple(roles),
        )

    def joins_elsewhere(self, membership: MembershipView) -> None:
        """A user joins a group that the stack does not make: what the group allows is not known."""
        at, group = self.add(HolderKind.GROUP, membership.urn, membership.account, membership.group_name)
        _, user = self.add(HolderKind.USER, membership.urn, membership.account, membership.user_name)
        self.gaps.append(f"what the group {at.groups[group]} allows, which {at.users[user]} joins: {_NOT_HERE}")
        at.joined.setdefault(user, []).append(at.groups[group])
        holder = group_arn(self.account(membership.urn, membership.account), at.groups[group])
        at.grants.setdefault((HolderKind.GROUP, group), []).append(attached_elsewhere(holder))

    def add(self, holder: HolderKind, urn: str, account: str | Unknown, name: str | Unknown) -> tuple[_Building, str]:
        at = self.accounts.setdefault(self.account(urn, account), _Building())
        if isinstance(name, Unknown):
            name = f"(name known after the deployment: {urn.rpartition('::')[2]})"
        at.names(holder).setdefault(name.lower(), name)
        return at, name.lower()

    def account(self, urn: str, account: str | Unknown) -> str:
        if isinstance(account, str):
            return account
        provider = self.stack.provider_of.get(urn)
        name = provider.name if provider else ""
        if provider and provider.conflict:
            self.gaps.append(f"in which account the resources of {name} are: {provider.conflict}")
        elif self.stand_in is None:
            whose = name or "some provider"
            self.gaps.append(f"in which account the resources of {whose} are: tell it with --account PROVIDER=ID")
        return (self.stand_in or unknown_account)(name)

    def policy(self, grant: GrantView, holder: str) -> Policy:
        found = self._whole(grant, holder)
        if isinstance(grant.scope, Unknown):
            self.gaps.append(f"in which resource group {found.name} is granted: {_NOT_YET}")
        # Resource Manager writes the account's own ID where a grant is for the whole account.
        elif grant.scope and not grant.scope.isdigit():
            return replace(found, scope=grant.scope)
        return found

    def _whole(self, grant: GrantView, holder: str) -> Policy:
        if isinstance(grant.policy_name, Unknown):
            name = f"a policy attached by {grant.urn.rpartition('::')[2]}"
        else:
            name = grant.policy_name
        type_ = PolicyType.SYSTEM if grant.system is True else PolicyType.CUSTOM
        if grant.document is not None:
            return Policy(name, type_, self.document(grant.document, f"the policy {name}"), holder)
        if grant.system is True and not isinstance(grant.policy_name, Unknown):
            return system_grant(name, holder, self.gaps)
        self.gaps.append(f"what the policy {name} says: {_NOT_HERE}")
        return Policy(name, type_, UNKNOWN_DOCUMENT, holder)

    def document(self, view: DocumentView, what: str) -> Document:
        if view.document is not None:
            return view.document
        why = _NOT_YET if view.unknown else "it is not a valid document" if view.text else "there is none"
        self.gaps.append(f"what {what} says: {why}")
        return UNKNOWN_DOCUMENT


UNKNOWN_ACCOUNT = "account-not-known"
"""Placeholder for the account of resources whose account is not known."""


def unknown_account(provider: str) -> str:
    """Stands for the account of one provider, so that resources of two providers stay apart."""
    return f"{UNKNOWN_ACCOUNT}-{re.sub('[^A-Za-z0-9]+', '-', provider)}" if provider else UNKNOWN_ACCOUNT


_NOT_YET = "known after the deployment"
_NOT_HERE = "it is not made by this stack"


def _each(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))

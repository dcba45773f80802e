"""From resources to views: who belongs to which account, and what is attached to what.

A name that is not known at preview is followed to the resource it comes from: engines say which resources a property
depends on, and ``role_name=role.id`` depends on exactly one role. A name that depends on several is left unknown.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from ram_policies.catalogue import system_policy
from ram_policies.conditions import UNKNOWN, Unknown
from ram_policies.document import DocumentKind
from ram_policies.stack import resourcemanager
from ram_policies.stack.accounts import ProviderAccount, provider_accounts
from ram_policies.stack.facts import ResourceFacts, Value, holds_unknown
from ram_policies.stack.views import (
    DocumentView,
    GrantView,
    GroupView,
    Holder,
    KeyView,
    LoginView,
    PolicyView,
    PreferenceView,
    RoleView,
    StackView,
    UserView,
)
from ram_policies.validation.parse import Parsed

ROLE = "alicloud:ram/role:Role"
POLICY = "alicloud:ram/policy:Policy"
USER = "alicloud:ram/user:User"
GROUP = "alicloud:ram/group:Group"
LOGIN = "alicloud:ram/loginProfile:LoginProfile"
KEY = "alicloud:ram/accessKey:AccessKey"
MEMBERSHIP = "alicloud:ram/groupMembership:GroupMembership"
MEMBER = "alicloud:ram/userGroupAttachment:UserGroupAttachment"
PREFERENCE = "alicloud:ram/securityPreference:SecurityPreference"
ATTACHMENTS: Mapping[str, tuple[Holder, str, str]] = {
    "alicloud:ram/rolePolicyAttachment:RolePolicyAttachment": (Holder.ROLE, "roleName", ROLE),
    "alicloud:ram/userPolicyAttachment:UserPolicyAttachment": (Holder.USER, "userName", USER),
    "alicloud:ram/groupPolicyAttachment:GroupPolicyAttachment": (Holder.GROUP, "groupName", GROUP),
}
RAM_TYPES = frozenset({ROLE, POLICY, USER, GROUP, LOGIN, KEY, MEMBERSHIP, MEMBER, PREFERENCE, *ATTACHMENTS})
TYPES = RAM_TYPES | resourcemanager.TYPES
"""Type tokens of the resources that decide about access."""

_NAMES: Mapping[str, tuple[str, ...]] = {
    ROLE: ("roleName", "name"),
    POLICY: ("policyName", "name"),
    USER: ("name",),
    GROUP: ("groupName", "name"),
}
Owned = TypeVar("Owned", LoginView, KeyView)
_ENFORCED_MFA = ("mandatory", "true")


def build_stack(
    resources: Iterable[ResourceFacts],
    accounts: Mapping[str, str] | None = None,
    assumed: Mapping[str, str] | None = None,
) -> StackView:
    """The view of a stack; resources that have nothing to do with access are passed over.

    Args:
        resources: the stack.
        accounts: account IDs by the name or URN of a provider, as a reviewer says; see `stack.accounts`.
        assumed: account IDs by the URN of a provider, for providers about which nothing else says anything.
    """
    # Engines give resources in any order, but the same stack must always be judged in the same words.
    ours = (ram for facts in resources for ram in resourcemanager.as_ram(facts) if ram.type in RAM_TYPES)
    ordered = sorted(ours, key=lambda facts: facts.urn)
    return _Builder(ordered, provider_accounts(ordered, accounts, assumed)).stack()


class _Builder:
    def __init__(self, resources: Sequence[ResourceFacts], accounts: Mapping[str, ProviderAccount]) -> None:
        self.resources = resources
        self.accounts = accounts
        self.by_urn = {facts.urn: facts for facts in resources}
        self.by_name = {
            (facts.type, self.place(facts), _fold(self.name(facts))): facts.urn
            for facts in resources
            if facts.type in _NAMES and self.name(facts) is not UNKNOWN
        }

    def stack(self) -> StackView:
        policies = tuple(map(self.policy, self.of(POLICY)))
        documents = {policy.urn: policy for policy in policies}
        grants = {facts.urn: self.grant(facts, documents) for facts in self.resources if facts.type in ATTACHMENTS}
        logins = {facts.urn: self.login(facts) for facts in self.of(LOGIN)}
        keys = {facts.urn: self.key(facts) for facts in self.of(KEY)}
        held = self.held(grants)
        logins_of, keys_of = self.of_users(logins), self.of_users(keys)
        members = self.members()
        groups = tuple(
            GroupView(f.urn, self.account(f), self.name(f), tuple(held.get(f.urn, ())), tuple(members.get(f.urn, ())))
            for f in self.of(GROUP)
        )
        in_group = self.groups_of_users(groups)
        users = tuple(
            UserView(
                facts.urn,
                self.account(facts),
                self.name(facts),
                tuple(held.get(facts.urn, ())),
                tuple(in_group.get(facts.urn, ())),
                tuple(logins_of.get(facts.urn, ())),
                tuple(keys_of.get(facts.urn, ())),
            )
            for facts in self.of(USER)
        )
        roles = tuple(replace(self.role(facts), grants=tuple(held.get(facts.urn, ()))) for facts in self.of(ROLE))
        preferences = tuple(map(self.preference, self.of(PREFERENCE)))
        return StackView(
            roles, policies, tuple(grants.values()), groups, users,
            tuple(logins.values()), tuple(keys.values()), preferences,
            {facts.urn: self.accounts[facts.provider.urn] for facts in self.resources if facts.provider},
        )  # fmt: skip

    def of(self, *types: str) -> Iterator[ResourceFacts]:
        return (facts for facts in self.resources if facts.type in types)

    def place(self, facts: ResourceFacts) -> str:
        """What resources of one account have in common: the account, else the provider instance."""
        account = self.account(facts)
        return account if isinstance(account, str) else f"provider {facts.provider.urn if facts.provider else ''}"

    def account(self, facts: ResourceFacts) -> str | Unknown:
        return self.accounts[facts.provider.urn].account if facts.provider else UNKNOWN

    def name(self, facts: ResourceFacts) -> str | Unknown:
        return _known(facts.text(*_NAMES[facts.type]))

    def target(self, facts: ResourceFacts, field: str, target_type: str) -> str | None:
        """URN of the resource that a property names, when it is in the stack."""
        value = facts.text(field)
        if isinstance(value, str):
            return self.by_name.get((target_type, self.place(facts), value.lower()))
        return self.origin(facts, field, target_type) if value is UNKNOWN else None

    def origin(self, facts: ResourceFacts, field: str, target_type: str) -> str | None:
        """The one resource of a type that an unknown property comes from."""
        urns = {urn for urn in facts.depends_on.get(field, ()) if urn in self.by_urn}
        right = [urn for urn in urns if self.by_urn[urn].type == target_type]
        return right[0] if len(right) == 1 else None

    def referred(self, facts: ResourceFacts, field: str, target_type: str) -> str | Unknown:
        """The name in a property, followed to where it comes from when the property itself is not known."""
        value = facts.text(field)
        if isinstance(value, str):
            return value
        urn = self.target(facts, field, target_type)
        return UNKNOWN if urn is None else self.name(self.by_urn[urn])

    def role(self, facts: ResourceFacts) -> RoleView:
        trust = _document(facts, DocumentKind.TRUST, ("assumeRolePolicyDocument", "document"), _trust_of_old_fields)
        duration = facts.number("maxSessionDuration")
        return RoleView(facts.urn, self.account(facts), self.name(facts), trust, duration)

    def policy(self, facts: ResourceFacts) -> PolicyView:
        document = _document(facts, DocumentKind.IDENTITY, ("policyDocument", "document"), _statements_of_old_fields)
        return PolicyView(facts.urn, self.account(facts), self.name(facts), document)

    def grant(self, facts: ResourceFacts, policies: Mapping[str, PolicyView]) -> GrantView:
        holder, field, holder_type = ATTACHMENTS[facts.type]
        kind = facts.text("policyType")
        system: bool | Unknown = kind.lower() == "system" if isinstance(kind, str) else UNKNOWN
        name = _known(facts.text("policyName"))
        document: DocumentView | None = None
        if system is True and isinstance(name, str):
            document = _system_document(facts.urn, name)
        elif system is False:
            own = policies.get(self.target(facts, "policyName", POLICY) or "")
            if own is not None:
                name, document = own.name if isinstance(name, Unknown) else name, own.document
        holder_name = self.referred(facts, field, holder_type)
        scope = facts.text(resourcemanager.SCOPE)
        return GrantView(facts.urn, self.account(facts), holder, holder_name, name, system, document, scope)

    def held(self, grants: Mapping[str, GrantView]) -> dict[str, list[GrantView]]:
        """Grants by the URN of what holds them."""
        out: dict[str, list[GrantView]] = {}
        for urn, grant in grants.items():
            facts = self.by_urn[urn]
            _, field, holder_type = ATTACHMENTS[facts.type]
            target = self.target(facts, field, holder_type)
            if target is not None:
                out.setdefault(target, []).append(grant)
        return out

    def of_users(self, views: Mapping[str, Owned]) -> dict[str, list[Owned]]:
        """Passwords or keys by the URN of their user."""
        out: dict[str, list[Owned]] = {}
        for urn, view in views.items():
            user = self.target(self.by_urn[urn], "userName", USER)
            if user is not None:
                out.setdefault(user, []).append(view)
        return out

    def members(self) -> dict[str, list[str | Unknown]]:
        """Names of members by the URN of their group."""
        out: dict[str, list[str | Unknown]] = {}
        for facts in self.of(MEMBER, MEMBERSHIP):
            group = self.target(facts, "groupName", GROUP)
            if group is not None:
                out.setdefault(group, []).extend(self.member_names(facts))
        return out

    def member_names(self, facts: ResourceFacts) -> Iterator[str | Unknown]:
        if facts.type == MEMBER:
            yield self.referred(facts, "userName", USER)
            return
        names = facts.properties.get("userNames")
        if isinstance(names, str | Unknown) or not isinstance(names, Sequence):
            yield UNKNOWN
            return
        for name in names:
            yield name if isinstance(name, str) else UNKNOWN

    def groups_of_users(self, groups: Sequence[GroupView]) -> dict[str, list[GroupView]]:
        """Groups by the URN of their users."""
        out: dict[str, list[GroupView]] = {}
        for group in groups:
            place = self.place(self.by_urn[group.urn])
            for name in dict.fromkeys(_fold(member) for member in group.members):
                user = self.by_name.get((USER, place, name))
                if user is not None:
                    out.setdefault(user, []).append(group)
        return out

    def login(self, facts: ResourceFacts) -> LoginView:
        user = self.referred(facts, "userName", USER)
        return LoginView(facts.urn, self.account(facts), user, facts.flag("mfaBindRequired"))

    def key(self, facts: ResourceFacts) -> KeyView:
        named = facts.text("userName") is not None
        user = self.referred(facts, "userName", USER) if named else None
        return KeyView(facts.urn, self.account(facts), user)

    def preference(self, facts: ResourceFacts) -> PreferenceView:
        old, new = facts.flag("enforceMfaForLogin"), facts.text("mfaOperationForLogin")
        enforced = old is True or (isinstance(new, str) and new.lower() in _ENFORCED_MFA)
        unsure = UNKNOWN in {old, new}
        return PreferenceView(facts.urn, self.account(facts), mfa=True if enforced else UNKNOWN if unsure else False)


def _document(
    facts: ResourceFacts, kind: DocumentKind, fields: tuple[str, ...], old: Mapping[str, str]
) -> DocumentView:
    field = next((f for f in fields if facts.text(f) is not None), fields[0])
    text = facts.text(field)
    if text is None:
        text = _from_old_fields(facts, old)
    return DocumentView.read(facts.urn, field, kind, text)


_trust_of_old_fields = {"ramUsers": "RAM", "services": "Service"}
_statements_of_old_fields = {"effect": "Effect", "actions": "Action", "resources": "Resource"}


def _from_old_fields(facts: ResourceFacts, names: Mapping[str, str]) -> str | Unknown | None:
    """The document that deprecated fields of the provider stand for."""
    if names is _trust_of_old_fields:
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


def _system_document(urn: str, name: str) -> DocumentView | None:
    policy = system_policy(name)
    if policy is None:
        return None
    text = policy.document.to_json()
    return DocumentView(urn, "policyName", DocumentKind.IDENTITY, text, Parsed(policy.document, ()))


def _known(value: str | Unknown | None) -> str | Unknown:
    return UNKNOWN if value is None else value


def _fold(name: str | Unknown) -> str:
    return "" if isinstance(name, Unknown) else name.lower()

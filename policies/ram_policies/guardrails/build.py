"""From resources to views: who belongs to which account, and what is attached to what.

A name that is not known at preview is followed to the resource it comes from: engines say which resources a property
depends on, and ``role_name=role.id`` depends on exactly one role. A name that depends on several is left unknown.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from ram_policies.catalogue import system_policy
from ram_policies.conditions import UNKNOWN, Unknown
from ram_policies.document import DocumentKind
from ram_policies.guardrails.facts import ResourceFacts, Value
from ram_policies.guardrails.views import (
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
from ram_policies.parse import Parsed

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
TYPES = frozenset({ROLE, POLICY, USER, GROUP, LOGIN, KEY, MEMBERSHIP, MEMBER, PREFERENCE, *ATTACHMENTS})
"""Type tokens of the resources that decide about access."""

_NAMES: Mapping[str, tuple[str, ...]] = {
    ROLE: ("roleName", "name"),
    POLICY: ("policyName", "name"),
    USER: ("name",),
    GROUP: ("groupName", "name"),
}
_ENFORCED_MFA = ("mandatory", "true")


def build_stack(resources: Iterable[ResourceFacts], accounts: Mapping[str, str] | None = None) -> StackView:
    """The view of a stack; resources that have nothing to do with access are passed over.

    Args:
        resources: the stack.
        accounts: account IDs by the name of the provider instance, for providers that do not say it themselves.
    """
    # Engines give resources in any order, but the same stack must always be judged in the same words.
    ordered = sorted((facts for facts in resources if facts.type in TYPES), key=lambda facts: facts.urn)
    return _Builder(ordered, accounts or {}).stack()


class _Builder:
    def __init__(self, resources: Sequence[ResourceFacts], accounts: Mapping[str, str]) -> None:
        self.resources = resources
        self.by_urn = {facts.urn: facts for facts in resources}
        self.account_of_provider = dict(_accounts(resources, accounts))

    def stack(self) -> StackView:
        policies = tuple(map(self.policy, self.of(POLICY)))
        by_name = {(self.place(self.by_urn[p.urn]), _fold(p.name)): p for p in policies}
        grants = {facts.urn: self.grant(facts, by_name) for facts in self.resources if facts.type in ATTACHMENTS}
        logins = {facts.urn: self.login(facts) for facts in self.of(LOGIN)}
        keys = {facts.urn: self.key(facts) for facts in self.of(KEY)}
        held = self.held(grants)
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
                tuple(logins[f.urn] for f in self.of(LOGIN) if self.target(f, "userName", USER) == facts.urn),
                tuple(keys[f.urn] for f in self.of(KEY) if self.target(f, "userName", USER) == facts.urn),
            )
            for facts in self.of(USER)
        )
        roles = tuple(replace(self.role(facts), grants=tuple(held.get(facts.urn, ()))) for facts in self.of(ROLE))
        preferences = tuple(map(self.preference, self.of(PREFERENCE)))
        return StackView(
            roles, policies, tuple(grants.values()), groups, users,
            tuple(logins.values()), tuple(keys.values()), preferences,
        )  # fmt: skip

    def of(self, *types: str) -> Iterator[ResourceFacts]:
        return (facts for facts in self.resources if facts.type in types)

    def place(self, facts: ResourceFacts) -> str:
        """What resources of one account have in common: the account, else the provider instance."""
        account = self.account(facts)
        return account if isinstance(account, str) else f"provider {facts.provider.urn if facts.provider else ''}"

    def account(self, facts: ResourceFacts) -> str | Unknown:
        urn = facts.provider.urn if facts.provider else ""
        return self.account_of_provider.get(urn, UNKNOWN)

    def name(self, facts: ResourceFacts) -> str | Unknown:
        return _known(facts.text(*_NAMES[facts.type]))

    def target(self, facts: ResourceFacts, field: str, target_type: str) -> str | None:
        """URN of the resource that a property names, when it is in the stack."""
        value = facts.text(field)
        return self.by_value(facts, field, value, target_type)

    def by_value(self, facts: ResourceFacts, field: str, value: str | Unknown | None, target_type: str) -> str | None:
        if isinstance(value, str):
            for other in self.of(target_type):
                if _fold(self.name(other)) == value.lower() and self.place(other) == self.place(facts):
                    return other.urn
            return None
        if value is UNKNOWN:
            return self.origin(facts, field, target_type)
        return None

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
        urn = self.by_value(facts, field, value, target_type)
        return UNKNOWN if urn is None else self.name(self.by_urn[urn])

    def role(self, facts: ResourceFacts) -> RoleView:
        trust = _document(facts, DocumentKind.TRUST, ("assumeRolePolicyDocument", "document"), _trust_of_old_fields)
        duration = facts.number("maxSessionDuration")
        return RoleView(facts.urn, self.account(facts), self.name(facts), trust, duration)

    def policy(self, facts: ResourceFacts) -> PolicyView:
        document = _document(facts, DocumentKind.IDENTITY, ("policyDocument", "document"), _statements_of_old_fields)
        return PolicyView(facts.urn, self.account(facts), self.name(facts), document)

    def grant(self, facts: ResourceFacts, policies: Mapping[tuple[str, str], PolicyView]) -> GrantView:
        holder, field, holder_type = ATTACHMENTS[facts.type]
        name = facts.text("policyName")
        kind = facts.text("policyType")
        system: bool | Unknown = kind.lower() == "system" if isinstance(kind, str) else UNKNOWN
        document: DocumentView | None = None
        if isinstance(name, str) and system is not False:
            document = _system_document(facts.urn, name)
        if isinstance(name, str) and system is not True and document is None:
            found = policies.get((self.place(facts), name.lower()))
            document = found and found.document
        if name is UNKNOWN:
            urn = self.origin(facts, "policyName", POLICY)
            own = None if urn is None else next((p for p in policies.values() if p.urn == urn), None)
            if own is not None:
                name, document = own.name, own.document
        holder_name = self.referred(facts, field, holder_type)
        return GrantView(facts.urn, self.account(facts), holder, holder_name, _known(name), system, document)

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
        out: dict[str, list[GroupView]] = {}
        for group in groups:
            names = {_fold(member) for member in group.members}
            for facts in self.of(USER):
                same_place = self.place(facts) == self.place(self.by_urn[group.urn])
                if same_place and _fold(self.name(facts)) in names and self.name(facts) is not UNKNOWN:
                    out.setdefault(facts.urn, []).append(group)
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


def _accounts(resources: Iterable[ResourceFacts], given: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Account of each provider: what an ARN of its resources says, or better, what it is configured with or given."""
    better: dict[str, str] = {}
    for facts in resources:
        urn = facts.provider.urn if facts.provider else ""
        arn = facts.text("arn")
        if isinstance(arn, str) and arn.count(":") >= 4 and arn.split(":")[3]:
            yield urn, arn.split(":")[3]
        account = facts.provider.properties.get("accountId") if facts.provider else None
        said = account if isinstance(account, str) else given.get(urn.rpartition("::")[2])
        if said:
            better[urn] = said
    yield from better.items()


def _document(
    facts: ResourceFacts, kind: DocumentKind, fields: tuple[str, ...], old: Mapping[str, str]
) -> DocumentView:
    field = next((f for f in fields if facts.properties.get(f) not in {None, ""}), fields[0])
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
    if _holds_unknown(statements):
        return UNKNOWN
    return json.dumps({"Statement": statements, "Version": "1"}, ensure_ascii=False)


def _renamed(item: Value, names: Mapping[str, str]) -> Value:
    return {names.get(k, k): v for k, v in item.items()} if isinstance(item, Mapping) else item


def _holds_unknown(value: Value) -> bool:
    if isinstance(value, Unknown):
        return True
    if isinstance(value, Mapping):
        return any(_holds_unknown(item) for item in value.values())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return any(_holds_unknown(item) for item in value)
    return False


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

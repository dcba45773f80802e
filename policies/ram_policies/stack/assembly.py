"""From resources to views: who belongs to which account, and what is attached to what.

A name that is not known at preview is followed to the resource it comes from: engines say which resources a property
depends on, and ``role_name=role.id`` depends on exactly one role. A name that depends on several is left unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from ram_policies.conditions import UNKNOWN, Unknown
from ram_policies.document import DocumentKind
from ram_policies.stack import bucket_access, through_resource_manager
from ram_policies.stack.facts import ResourceFacts
from ram_policies.stack.provider_accounts import ProviderAccount, provider_accounts
from ram_policies.stack.resource_documents import STATEMENT_FIELDS, TRUST_FIELDS, common_denies, read_view, system_view
from ram_policies.stack.type_coverage import Coverage, coverage_of, subject_of
from ram_policies.stack.views import (
    DocumentView,
    GrantView,
    GroupView,
    HolderKind,
    KeyView,
    LoginView,
    MembershipView,
    NamedView,
    PolicyView,
    PreferenceView,
    RoleView,
    StackView,
    UserView,
)

ROLE = "alicloud:ram/role:Role"
POLICY = "alicloud:ram/policy:Policy"
USER = "alicloud:ram/user:User"
GROUP = "alicloud:ram/group:Group"
LOGIN = "alicloud:ram/loginProfile:LoginProfile"
KEY = "alicloud:ram/accessKey:AccessKey"
MEMBERSHIP = "alicloud:ram/groupMembership:GroupMembership"
MEMBER = "alicloud:ram/userGroupAttachment:UserGroupAttachment"
PREFERENCE = "alicloud:ram/securityPreference:SecurityPreference"
ATTACHMENTS: Mapping[str, tuple[HolderKind, str, str]] = {
    "alicloud:ram/rolePolicyAttachment:RolePolicyAttachment": (HolderKind.ROLE, "roleName", ROLE),
    "alicloud:ram/userPolicyAttachment:UserPolicyAttachment": (HolderKind.USER, "userName", USER),
    "alicloud:ram/groupPolicyAttachment:GroupPolicyAttachment": (HolderKind.GROUP, "groupName", GROUP),
}
RAM_TYPES = frozenset({ROLE, POLICY, USER, GROUP, LOGIN, KEY, MEMBERSHIP, MEMBER, PREFERENCE, *ATTACHMENTS})
TYPES = RAM_TYPES | through_resource_manager.TYPES | bucket_access.TYPES
"""Type tokens of the resources that decide about access."""

ROLE_TYPES = frozenset({ROLE, through_resource_manager.ROLE})
"""Type tokens of resources that are roles."""

DOCUMENT_TYPES = ROLE_TYPES | {POLICY, through_resource_manager.POLICY, through_resource_manager.VERSION}
"""Type tokens of resources that hold documents."""

NAME_FIELDS: Mapping[str, tuple[str, ...]] = {
    ROLE: ("roleName", "name"),
    POLICY: ("policyName", "name"),
    USER: ("name",),
    GROUP: ("groupName", "name"),
}
"""The properties that hold the name of a resource, by type; the first one that is set counts."""
Owned = TypeVar("Owned", LoginView, KeyView)
_ENFORCED_MFA = ("mandatory", "true")


def build_stack(
    resources: Iterable[ResourceFacts],
    accounts: Mapping[str, str] | None = None,
    assumed: Mapping[str, str] | None = None,
    *,
    partial: bool = False,
    reviewed_only: bool = False,
) -> StackView:
    """The view of a stack; resources that have nothing to do with access are passed over.

    Args:
        resources: the stack.
        accounts: account IDs by the name or URN of a provider, as a reviewer says; see `stack.provider_accounts`.
        assumed: account IDs by the URN of a provider, for providers about which nothing else says anything.
        partial: whether more resources may follow, so that what is missing here may be there.
        reviewed_only: whether the word of the program counts for nothing; see `stack.provider_accounts`.
    """
    resources = tuple(resources)
    named = tuple(
        NamedView(facts.urn, facts.type, subject_of(facts.type))
        for facts in sorted(resources, key=lambda facts: facts.urn)
        if coverage_of(facts.type) is Coverage.NAMED
    )
    # Engines give resources in any order, but the same stack must always be judged in the same words.
    switched = through_resource_manager.switched_policies(resources)
    ours = (
        ram for facts in resources for ram in through_resource_manager.as_ram(facts, switched) if ram.type in RAM_TYPES
    )
    ordered = sorted(ours, key=lambda facts: facts.urn)
    stored = sorted((facts for facts in resources if facts.type in bucket_access.TYPES), key=lambda facts: facts.urn)
    known = provider_accounts((*ordered, *stored), accounts, assumed, reviewed_only=reviewed_only)
    buckets = tuple(bucket_access.bucket_views(stored, known))
    return replace(_Builder(ordered, known).stack(), partial=partial, named=named, buckets=buckets)


class _Builder:
    def __init__(self, resources: Sequence[ResourceFacts], accounts: Mapping[str, ProviderAccount]) -> None:
        self.resources = resources
        self.accounts = accounts
        self.by_urn = {facts.urn: facts for facts in resources}
        self.by_name: dict[tuple[str, str, str], list[str]] = {}
        for facts in resources:
            if facts.type in NAME_FIELDS and isinstance(name := self.name(facts), str):
                self.by_name.setdefault((facts.type, self.place(facts), name.lower()), []).append(facts.urn)

    def stack(self) -> StackView:
        policies = tuple(map(self.policy, self.of(POLICY)))
        documents = {policy.urn: policy for policy in policies}
        grants = {f.urn: tuple(self.grants(f, documents)) for f in self.resources if f.type in ATTACHMENTS}
        logins = {facts.urn: self.login(facts) for facts in self.of(LOGIN)}
        keys = {facts.urn: self.key(facts) for facts in self.of(KEY)}
        held = self.held(grants)
        logins_of, keys_of = self.of_users(logins), self.of_users(keys)
        memberships = tuple(m for facts in self.of(MEMBER, MEMBERSHIP) for m in self.memberships(facts))
        members = self.members(memberships)
        elsewhere = self.elsewhere(memberships)
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
                tuple(elsewhere.get(facts.urn, ())),
            )
            for facts in self.of(USER)
        )
        roles = tuple(replace(self.role(facts), grants=tuple(held.get(facts.urn, ()))) for facts in self.of(ROLE))
        preferences = tuple(map(self.preference, self.of(PREFERENCE)))
        return StackView(
            roles, policies, tuple(grant for several in grants.values() for grant in several), groups, users,
            tuple(logins.values()), tuple(keys.values()), preferences, memberships,
            {facts.urn: self.accounts[facts.provider.urn] for facts in self.resources if facts.provider},
        )  # fmt: skip

    def of(self, *types: str) -> Iterator[ResourceFacts]:
        return (facts for facts in self.resources if facts.type in types)

    def place(self, facts: ResourceFacts) -> str:
        """Place that resources of one account share: the account, else the provider instance."""
        account = self.account(facts)
        return account if isinstance(account, str) else f"provider {facts.provider.urn if facts.provider else ''}"

    def account(self, facts: ResourceFacts) -> str | Unknown:
        return self.accounts[facts.provider.urn].account if facts.provider else UNKNOWN

    def name(self, facts: ResourceFacts) -> str | Unknown:
        return _known(facts.text(*NAME_FIELDS[facts.type]))

    def targets(self, facts: ResourceFacts, field: str, target_type: str) -> Sequence[str]:
        """URNs of the resources that a property names; several, where several resources define one thing."""
        value = facts.text(field)
        if isinstance(value, str):
            return self.by_name.get((target_type, self.place(facts), value.lower()), ())
        origin = self.origin(facts, field, target_type) if value is UNKNOWN else None
        return () if origin is None else (origin,)

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
        urns = self.targets(facts, field, target_type)
        return self.name(self.by_urn[urns[0]]) if urns else UNKNOWN

    def role(self, facts: ResourceFacts) -> RoleView:
        trust = read_view(facts, DocumentKind.TRUST, ("assumeRolePolicyDocument", "document"), TRUST_FIELDS)
        duration = facts.number("maxSessionDuration")
        return RoleView(facts.urn, self.account(facts), self.name(facts), trust, duration)

    def policy(self, facts: ResourceFacts) -> PolicyView:
        document = read_view(facts, DocumentKind.IDENTITY, ("policyDocument", "document"), STATEMENT_FIELDS)
        return PolicyView(facts.urn, self.account(facts), self.name(facts), document)

    def grants(self, facts: ResourceFacts, policies: Mapping[str, PolicyView]) -> Iterator[GrantView]:
        """Grants of an attachment: one policy, or each of several resources that define a policy of that name."""
        holder, field, holder_type = ATTACHMENTS[facts.type]
        kind = facts.text("policyType")
        system: bool | Unknown = kind.lower() == "system" if isinstance(kind, str) else UNKNOWN
        name = _known(facts.text("policyName"))
        documents: list[tuple[str | Unknown, DocumentView | None]] = [(name, None)]
        if system is True and isinstance(name, str):
            documents = [(name, system_view(facts.urn, name))]
        elif system is False:
            own = [policies[urn] for urn in self.targets(facts, "policyName", POLICY)]
            alternatives = common_denies([policy.document for policy in own])
            named = [policy.name if isinstance(name, Unknown) else name for policy in own]
            documents = list(zip(named, alternatives, strict=True)) or documents
        holder_name = self.referred(facts, field, holder_type)
        scope, others = facts.text(through_resource_manager.SCOPE), len(documents) - 1
        for policy_name, document in documents:
            account = self.account(facts)
            yield GrantView(facts.urn, account, holder, holder_name, policy_name, system, document, scope, others)

    def held(self, grants: Mapping[str, Sequence[GrantView]]) -> dict[str, list[GrantView]]:
        """Grants by the URN of what holds them."""
        out: dict[str, list[GrantView]] = {}
        for urn, several in grants.items():
            facts = self.by_urn[urn]
            _, field, holder_type = ATTACHMENTS[facts.type]
            for target in self.targets(facts, field, holder_type):
                out.setdefault(target, []).extend(several)
        return out

    def of_users(self, views: Mapping[str, Owned]) -> dict[str, list[Owned]]:
        """Passwords or keys by the URN of their user."""
        out: dict[str, list[Owned]] = {}
        for urn, view in views.items():
            for user in self.targets(self.by_urn[urn], "userName", USER):
                out.setdefault(user, []).append(view)
        return out

    def memberships(self, facts: ResourceFacts) -> Iterator[MembershipView]:
        here = bool(self.targets(facts, "groupName", GROUP))
        group = self.referred(facts, "groupName", GROUP)
        for user in self.member_names(facts):
            yield MembershipView(facts.urn, self.account(facts), group, user, here)

    def members(self, memberships: Iterable[MembershipView]) -> dict[str, list[str | Unknown]]:
        """Names of members by the URN of their group."""
        out: dict[str, list[str | Unknown]] = {}
        for membership in memberships:
            for group in self.targets(self.by_urn[membership.urn], "groupName", GROUP):
                out.setdefault(group, []).append(membership.user_name)
        return out

    def elsewhere(self, memberships: Iterable[MembershipView]) -> dict[str, list[MembershipView]]:
        """Memberships in groups that the stack does not make, by the URN of the user."""
        out: dict[str, list[MembershipView]] = {}
        for membership in memberships:
            if not membership.group_here and isinstance(membership.user_name, str):
                place = self.place(self.by_urn[membership.urn])
                for user in self.by_name.get((USER, place, membership.user_name.lower()), ()):
                    out.setdefault(user, []).append(membership)
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
            yield _known(replace(facts, properties={"name": name}).text("name"))

    def groups_of_users(self, groups: Sequence[GroupView]) -> dict[str, list[GroupView]]:
        """Groups by the URN of their users."""
        out: dict[str, list[GroupView]] = {}
        for group in groups:
            place = self.place(self.by_urn[group.urn])
            for name in dict.fromkeys(_fold(member) for member in group.members):
                for user in self.by_name.get((USER, place, name), ()):
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


def _known(value: str | Unknown | None) -> str | Unknown:
    return UNKNOWN if value is None else value


def _fold(name: str | Unknown) -> str:
    return "" if isinstance(name, Unknown) else name.lower()

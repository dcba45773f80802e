"""The stack as rules see it: roles, policies, grants, groups, users. `assembly.build_stack` makes it.

A value that is not known at preview is `UNKNOWN`; None means that the program does not set it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

from ram_policies.arn import role_arn, user_arn
from ram_policies.conditions import UNKNOWN, Unknown
from ram_policies.document import Document, DocumentKind
from ram_policies.findings import Finding
from ram_policies.stack.provider_accounts import ProviderAccount
from ram_policies.validation.parse import Parsed, parse


class HolderKind(StrEnum):
    """Kinds of holders, to which a policy can be attached."""

    ROLE = "role"
    USER = "user"
    GROUP = "group"


@lru_cache(maxsize=4096)
def _parsed(text: str, kind: DocumentKind) -> Parsed:
    """The same documents are read for every rule, and stand in many resources."""
    return parse(text, kind)


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A policy document in a resource.

    Attributes:
        urn: the resource it stands in.
        field: the property it stands in.
        kind: what it is for.
        text: its JSON; None when the resource has none.
        parsed: what came out of reading it; None when there was nothing to read.
    """

    urn: str
    field: str
    kind: DocumentKind
    text: str | Unknown | None
    parsed: Parsed | None

    @classmethod
    def read(cls, urn: str, field: str, kind: DocumentKind, text: str | Unknown | None) -> DocumentView:
        """The view of a text."""
        return cls(urn, field, kind, text, _parsed(text, kind) if isinstance(text, str) else None)

    @property
    def unknown(self) -> bool:
        """True if the document is not known at preview."""
        return self.text is UNKNOWN

    @property
    def unreadable(self) -> bool:
        """True if it is known, and not a valid document: absent, or a text that the parser refuses."""
        return not self.unknown and self.document is None

    @property
    def document(self) -> Document | None:
        """The document; None when it is not known, absent, or not valid."""
        return None if self.parsed is None else self.parsed.document

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Findings of the parser."""
        return () if self.parsed is None else self.parsed.findings


@dataclass(frozen=True, slots=True)
class PolicyView:
    """A custom policy."""

    urn: str
    account: str | Unknown
    name: str | Unknown
    document: DocumentView


@dataclass(frozen=True, slots=True)
class GrantView:
    """A policy attached to a role, user or group.

    Attributes:
        urn: the attachment.
        account: where it is made.
        holder: what kind of thing holds it.
        holder_name: its name.
        policy_name: the policy's name.
        system: whether it is a system policy.
        document: what the policy says; None when the policy is neither in the stack nor in the catalogue, or when it
            is not known which policy it is.
        scope: ID of the resource group it is limited to; None is the whole account.
        others: how many other resources define a policy of the same name. Nobody knows which of them will count, so
            each is a grant of its own, without the Deny statements that not all of them have.
    """

    urn: str
    account: str | Unknown
    holder: HolderKind
    holder_name: str | Unknown
    policy_name: str | Unknown
    system: bool | Unknown
    document: DocumentView | None
    scope: str | Unknown | None = None
    others: int = 0

    @property
    def unknown(self) -> bool:
        """True if what is granted is not known at preview."""
        nameless = isinstance(self.policy_name, Unknown) and self.document is None
        return nameless or isinstance(self.system, Unknown) or bool(self.document and self.document.unknown)

    @property
    def unreadable(self) -> bool:
        """True if what is granted is a document that is not valid."""
        return self.document is not None and self.document.unreadable

    @property
    def title(self) -> str:
        """The policy in words."""
        if isinstance(self.policy_name, Unknown):
            return "a policy whose name is not known yet"
        return f"the system policy {self.policy_name}" if self.system is True else f"the policy {self.policy_name}"


@dataclass(frozen=True, slots=True)
class RoleView:
    """A role with what it is granted in this stack.

    Attributes:
        grants: attachments of this stack. Others may exist outside it.
        max_session_duration: seconds; None is RAM's default.
    """

    urn: str
    account: str | Unknown
    name: str | Unknown
    trust: DocumentView
    max_session_duration: int | Unknown | None = None
    grants: tuple[GrantView, ...] = ()

    @property
    def arn(self) -> str | Unknown:
        """ARN of the role, when account and name are known."""
        if isinstance(self.account, Unknown) or isinstance(self.name, Unknown):
            return UNKNOWN
        return role_arn(self.account, self.name)


@dataclass(frozen=True, slots=True)
class GroupView:
    """A group with what it is granted and who is in it, as far as this stack says.

    Attributes:
        members: names of its users; UNKNOWN among them is a member whose name is not known yet.
    """

    urn: str
    account: str | Unknown
    name: str | Unknown
    grants: tuple[GrantView, ...] = ()
    members: tuple[str | Unknown, ...] = ()


@dataclass(frozen=True, slots=True)
class MembershipView:
    """A user in a group, whether this stack makes the two or not.

    Attributes:
        urn: the resource that puts the user into the group.
        account: where that is.
        group_name: the group.
        user_name: the user.
        group_here: whether the stack makes the group, so that what it is granted is known.
    """

    urn: str
    account: str | Unknown
    group_name: str | Unknown
    user_name: str | Unknown
    group_here: bool


@dataclass(frozen=True, slots=True)
class LoginView:
    """A password for the console. The password itself is never part of a view."""

    urn: str
    account: str | Unknown
    user_name: str | Unknown
    mfa_required: bool | Unknown | None


@dataclass(frozen=True, slots=True)
class KeyView:
    """An access key. Neither its ID nor its secret is ever part of a view."""

    urn: str
    account: str | Unknown
    user_name: str | Unknown | None


@dataclass(frozen=True, slots=True)
class UserView:
    """A RAM user.

    Attributes:
        grants: policies attached to the user itself.
        groups: the groups of this stack that the user is in.
        elsewhere: memberships in groups that the stack does not make: what those are granted is not known.
    """

    urn: str
    account: str | Unknown
    name: str | Unknown
    grants: tuple[GrantView, ...] = ()
    groups: tuple[GroupView, ...] = ()
    logins: tuple[LoginView, ...] = ()
    keys: tuple[KeyView, ...] = ()
    elsewhere: tuple[MembershipView, ...] = ()

    @property
    def arn(self) -> str | Unknown:
        """ARN of the user, when account and name are known."""
        if isinstance(self.account, Unknown) or isinstance(self.name, Unknown):
            return UNKNOWN
        return user_arn(self.account, self.name)

    @property
    def all_grants(self) -> Iterator[GrantView]:
        """The user's own grants, then those of its groups."""
        yield from self.grants
        for group in self.groups:
            yield from group.grants


@dataclass(frozen=True, slots=True)
class PreferenceView:
    """The security preference of an account; `mfa` is whether it makes every console user use MFA."""

    urn: str
    account: str | Unknown
    mfa: bool | Unknown


@dataclass(frozen=True, slots=True)
class BucketView:
    """A resource that may open a bucket to others.

    Attributes:
        urn: the resource.
        name: of the bucket.
        policy: the bucket policy in it; None when it has none.
        acl: the ACL in it; None when it has none.
        blocked: whether Block Public Access of the bucket or the account is known to keep out the public.
    """

    urn: str
    name: str | Unknown
    policy: DocumentView | None
    acl: str | Unknown | None
    blocked: bool


@dataclass(frozen=True, slots=True)
class NamedView:
    """A resource that gives access or decides about it, and that is not judged; see `stack.type_coverage`.

    Attributes:
        urn: the resource.
        kind: its type token.
        subject: what it is or decides about, in words.
    """

    urn: str
    kind: str
    subject: str

    @property
    def title(self) -> str:
        """The resource in a sentence."""
        return f"{self.kind.rpartition(':')[2]} {self.urn.rpartition('::')[2]} ({self.subject})"


@dataclass(frozen=True, slots=True)
class StackView:
    """Everything about access in a stack.

    Attributes:
        grants: every attachment.
        logins: every password, also of users that are not in the stack.
        keys: every access key, also of users that are not in the stack.
        memberships: every user in a group, also of users and groups that are not in the stack.
        provider_of: the provider of each resource, by the resource's URN.
        named: resources that give access and that nobody looks at.
        buckets: resources that may open a bucket to others.
        partial: whether more resources may follow, so that what is missing here may be there.
    """

    roles: tuple[RoleView, ...] = ()
    policies: tuple[PolicyView, ...] = ()
    grants: tuple[GrantView, ...] = ()
    groups: tuple[GroupView, ...] = ()
    users: tuple[UserView, ...] = ()
    logins: tuple[LoginView, ...] = ()
    keys: tuple[KeyView, ...] = ()
    preferences: tuple[PreferenceView, ...] = ()
    memberships: tuple[MembershipView, ...] = ()
    provider_of: Mapping[str, ProviderAccount] = field(default_factory=dict[str, ProviderAccount])
    partial: bool = False
    named: tuple[NamedView, ...] = ()
    buckets: tuple[BucketView, ...] = ()

    @property
    def providers(self) -> tuple[ProviderAccount, ...]:
        """Every provider with what is known about its account."""
        return tuple({provider.urn: provider for provider in self.provider_of.values()}.values())

    @property
    def documents(self) -> Iterator[DocumentView]:
        """Every document that the stack writes."""
        yield from (role.trust for role in self.roles)
        yield from (policy.document for policy in self.policies)

    @property
    def accounts(self) -> frozenset[str]:
        """The accounts whose number is known and that the stack has roles or users in."""
        return frozenset(x.account for x in (*self.roles, *self.users) if isinstance(x.account, str))

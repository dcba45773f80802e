"""State of RAM in an account: users, groups, roles, policies, and who has which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from alicloud_fakes.core.errors import malformed_policy
from alicloud_fakes.core.paging import NameIndex
from ram_policies import arn
from ram_policies.document import Document, DocumentKind
from ram_policies.errors import InvalidDocumentError
from ram_policies.evaluation.decision import Policy as EvaluatedPolicy
from ram_policies.evaluation.decision import PolicyType
from ram_policies.evaluation.policyset import PolicySet
from ram_policies.system_policies import system_policy
from ram_policies.validation import parse

if TYPE_CHECKING:
    from alicloud_fakes.identity.account import AccessKey, Account
    from alicloud_fakes.identity.passwords import PasswordPolicy

NOT_PUBLISHED = '{"Statement":[],"Version":"1"}'
"""The document of a system policy known by name only. It can be attached, and the fake grants nothing by it."""
SYSTEM_POLICY_DATE = "2015-04-28T11:15:21Z"


@lru_cache(maxsize=4096)
def document_as_ram_reads_it(text: str, kind: DocumentKind) -> Document:
    """Read a policy document as RAM does.

    Raises:
        ApiError: MalformedPolicyDocument.
    """
    try:
        return parse.read_document(text, kind)
    except InvalidDocumentError as error:
        first = error.first
        raise malformed_policy(f"{first.message} (line {first.line}, column {first.column})") from None


@dataclass(slots=True, eq=False)
class PolicyVersion:
    """One version of a policy."""

    id: str
    text: str
    created: str


@dataclass(slots=True, eq=False)
class Grant:
    """A policy that an entity has, for the whole account (empty scope) or for a resource group."""

    policy: Policy
    entity: Entity
    scope: str
    date: str


@dataclass(slots=True, eq=False)
class Policy:
    """A custom policy, or an account's view of a system policy."""

    name: str
    type: str
    description: str
    created: str
    updated: str
    versions: dict[str, PolicyVersion]
    default: str
    next_version: int = 2
    grants: list[Grant] = field(default_factory=list["Grant"])
    tags: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def key(self) -> tuple[str, str]:
        """Type and name, as compared."""
        return (self.type, self.name.lower())


@dataclass(slots=True, eq=False)
class Entity:
    """Common part of users, groups and roles.

    `stamp` changes with everything that changes what the entity's policies say; a compiled set of policies is good for
    as long as the stamps it was made of.
    """

    id: str
    name: str
    created: str
    updated: str
    grants: dict[tuple[str, str, str], Grant] = field(default_factory=dict[tuple[str, str, str], Grant], init=False)
    tags: dict[str, str] = field(default_factory=dict[str, str], init=False)
    stamp: int = field(default=0, init=False)


@dataclass(slots=True, eq=False)
class LoginProfile:
    """Login of a user for the console. The password is kept as a salted hash."""

    password: str
    created: str
    updated: str
    reset_required: bool
    mfa_required: bool
    password_set: float
    enabled: bool = True
    old_passwords: list[str] = field(default_factory=list[str])
    failures: int = 0
    last_failure: float = 0.0
    last_login: str = ""


@dataclass(slots=True, eq=False)
class VirtualMfa:
    """A virtual MFA device: a seed for one-time codes."""

    name: str
    serial: str
    seed: str
    user: User | None = None
    activated: str = ""
    last_counter: int = 0


@dataclass(slots=True, eq=False)
class User(Entity):
    """A RAM user."""

    display_name: str = ""
    mobile_phone: str = ""
    email: str = ""
    comments: str = ""
    last_login: str = ""
    keys: dict[str, AccessKey] = field(default_factory=dict[str, "AccessKey"])
    groups: dict[str, tuple[Group, str]] = field(default_factory=dict[str, "tuple[Group, str]"])
    login: LoginProfile | None = None
    mfa: VirtualMfa | None = None


@dataclass(slots=True, eq=False)
class Group(Entity):
    """A group of RAM users."""

    comments: str = ""
    display_name: str = ""
    members: NameIndex[tuple[User, str]] = field(default_factory=NameIndex["tuple[User, str]"])


@dataclass(slots=True, eq=False)
class Role(Entity):
    """A RAM role."""

    trust_text: str = ""
    description: str = ""
    max_session: int = 3600
    console_login: bool = True
    linked_service: str = ""
    deletion_task: tuple[str, str] | None = None

    def trust(self) -> PolicySet:
        """The trust policy, compiled."""
        return _trust(self.name, self.trust_text)


@lru_cache(maxsize=2048)
def _trust(role: str, text: str) -> PolicySet:
    return PolicySet([EvaluatedPolicy(role, PolicyType.TRUST, document_as_ram_reads_it(text, DocumentKind.TRUST))])


Stamps: TypeAlias = list[tuple[str, int]]


@dataclass(eq=False, repr=False)
class Ram:
    """RAM in one account.

    Attributes:
        account: the account.
        alias: account alias; empty when none was set.
        users: by name.
        users_by_id: by UserId.
        groups: by name.
        roles: by name.
        roles_by_id: by RoleId; a role of the same name that is created again has another.
        policies: custom policies by name.
        system: system policies that were looked at, by name in lower case.
        devices: virtual MFA devices by name.
        password_policy: None for the default.
        settings: security preference, by field, where it was changed.
    """

    account: Account
    alias: str = ""
    users: NameIndex[User] = field(default_factory=NameIndex["User"])
    users_by_id: dict[str, User] = field(default_factory=dict[str, User])
    groups: NameIndex[Group] = field(default_factory=NameIndex["Group"])
    roles: NameIndex[Role] = field(default_factory=NameIndex["Role"])
    roles_by_id: dict[str, Role] = field(default_factory=dict[str, Role])
    policies: NameIndex[Policy] = field(default_factory=NameIndex["Policy"])
    system: dict[str, Policy] = field(default_factory=dict[str, Policy])
    devices: NameIndex[VirtualMfa] = field(default_factory=NameIndex["VirtualMfa"])
    password_policy: PasswordPolicy | None = None
    settings: dict[str, int | bool | str] = field(default_factory=dict[str, int | bool | str])
    _stamp: int = 0
    _compiled: dict[str, tuple[Stamps, PolicySet]] = field(default_factory=dict[str, tuple[Stamps, PolicySet]])

    def __getstate__(self) -> dict[str, object]:
        return {**self.__dict__, "_compiled": {}}

    def now(self) -> str:
        """The time, as the API writes it."""
        return self.account.cloud.clock.stamp()

    def new_id(self, digits: int = 18) -> str:
        """A decimal ID."""
        return self.account.cloud.entropy.digits(digits)

    def policy(self, policy_type: str, name: str) -> Policy | None:
        """A policy of the account, or a system policy."""
        if policy_type != "System":
            return self.policies.get(name)
        found = self.system.get(name.lower())
        if found is None:
            published = system_policy(name)
            if published is None:
                return None
            date = SYSTEM_POLICY_DATE
            version = PolicyVersion("v1", published.document.to_json() if published.known else NOT_PUBLISHED, date)
            found = Policy(published.name, "System", published.description, date, date, {"v1": version}, "v1")
            self.system[name.lower()] = found
        return found

    def touch(self, entity: Entity) -> None:
        """Note that an entity's policies have changed."""
        self._stamp += 1
        entity.stamp = self._stamp

    def touch_policy(self, policy: Policy) -> None:
        """Note that the document of a policy has changed."""
        for grant in policy.grants:
            self.touch(grant.entity)

    def policies_of_user(self, user: User) -> PolicySet:
        """The policies of a user and of its groups."""
        return self._compile(user, [user, *(group for group, _ in user.groups.values())])

    def policies_of_role(self, role: Role) -> PolicySet:
        """The policies of a role."""
        return self._compile(role, [role])

    def _compile(self, owner: Entity, entities: Sequence[Entity]) -> PolicySet:
        stamps = [(entity.id, entity.stamp) for entity in entities]
        known = self._compiled.get(owner.id)
        if known is not None and known[0] == stamps:
            return known[1]
        compiled = PolicySet(
            _evaluated(grant, self.arn_of(entity)) for entity in entities for grant in entity.grants.values()
        )
        self._compiled[owner.id] = (stamps, compiled)
        return compiled

    def forget(self, entity: Entity) -> None:
        """Drop what was compiled for an entity that is deleted."""
        self._compiled.pop(entity.id, None)

    def arn_of(self, entity: Entity) -> str:
        """ARN of a user, group or role."""
        account = self.account.id
        if isinstance(entity, User):
            return arn.user_arn(account, entity.name)
        if isinstance(entity, Role):
            return arn.role_arn(account, entity.name)
        return arn.group_arn(account, entity.name)


def _evaluated(grant: Grant, attached_to: str) -> EvaluatedPolicy:
    policy = grant.policy
    text = policy.versions[policy.default].text
    return EvaluatedPolicy(
        policy.name,
        PolicyType(policy.type),
        Document(()) if text == NOT_PUBLISHED else document_as_ram_reads_it(text, DocumentKind.IDENTITY),
        attached_to,
        grant.scope or None,
        policy.default,
    )

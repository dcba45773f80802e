"""Accounts, their principals and what each of them holds, as values.

A model is made by a loader: `documents` (plain JSON), `stack` (a Pulumi stack's state or preview), or by hand.
What a policy says that is not known, at preview for example, is `document.UNKNOWN_DOCUMENT`: answers then depend on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ram_policies.arn import assumed_role_arn, role_arn, user_arn
from ram_policies.conditions import Unknown
from ram_policies.document import UNKNOWN_DOCUMENT, Document, Effect
from ram_policies.evaluation.decision import Policy, PolicyType


@dataclass(frozen=True, slots=True)
class Group:
    """A RAM group and the policies attached to it."""

    name: str
    grants: tuple[Policy, ...] = ()


@dataclass(frozen=True, slots=True)
class User:
    """A RAM user: the groups it is in, and the policies attached to the user itself."""

    name: str
    groups: tuple[str, ...] = ()
    grants: tuple[Policy, ...] = ()


@dataclass(frozen=True, slots=True)
class Role:
    """A RAM role: its trust policy and the policies attached to it.

    Attributes:
        trust: None when the model has grants to the role but not the role itself.
        max_session_duration: seconds that a session may last; None is RAM's default, UNKNOWN is not known yet.
    """

    name: str
    trust: Document | None
    grants: tuple[Policy, ...] = ()
    max_session_duration: int | Unknown | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """A session that is alive: it can do what its role can do, whatever the role's trust policy says by now.

    Attributes:
        role: name of the role.
        name: session name.
        policy: session policy, when it was begun with one.
    """

    role: str
    name: str
    policy: Document | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """One Alibaba Cloud account.

    Attributes:
        id: account ID.
        alias: as people write it; empty when none is known.
        control: control policies of the resource directory that bind the account; None when it is in none.
    """

    id: str
    alias: str = ""
    users: tuple[User, ...] = ()
    groups: tuple[Group, ...] = ()
    roles: tuple[Role, ...] = ()
    sessions: tuple[Session, ...] = ()
    control: tuple[Policy, ...] | None = None

    @property
    def title(self) -> str:
        """The account in a sentence: alias and ID."""
        return f"{self.alias} ({self.id})" if self.alias and self.alias != self.id else self.id

    def group(self, name: str) -> Group | None:
        """The group of that name."""
        return next((group for group in self.groups if group.name.lower() == name.lower()), None)

    def role(self, name: str) -> Role | None:
        """The role of that name."""
        return next((role for role in self.roles if role.name.lower() == name.lower()), None)


OUTSIDE = frozenset({"account", "service", "identity provider"})
"""Kinds of those who can assume a role without being users or roles of the model."""


@dataclass(frozen=True, slots=True)
class Holder:
    """A user, role or live session with everything it holds.

    Attributes:
        arn: ARN of the user, the role, or the session.
        kind: ``user``, ``role`` or ``session``; or one of `OUTSIDE`, for those that a trust policy names and the
            model has nothing else about.
        name: of the user, the role, or the session.
        account: where it is.
        policies: what decides about its requests: its own policies, and those of its groups.
        session: its session policy.
    """

    arn: str
    kind: str
    name: str
    account: Account
    policies: tuple[Policy, ...]
    session: Document | None = None

    @property
    def title(self) -> str:
        """The holder in a sentence."""
        if self.kind in OUTSIDE:
            return f"{self.kind} {self.name}"
        return f"{self.kind} {self.name} of {self.account.title}"


@dataclass(frozen=True, slots=True)
class AccessModel:
    """Accounts, and what could not be read about them.

    Attributes:
        accounts: each ID once.
        gaps: what the model does not know, in sentences.
    """

    accounts: tuple[Account, ...] = ()
    gaps: tuple[str, ...] = ()

    def account(self, account_id: str) -> Account | None:
        """The account of that ID."""
        return next((account for account in self.accounts if account.id == account_id), None)

    def holders(self) -> Iterator[Holder]:
        """Everybody who can make requests: users, roles, live sessions. Root is not among them: it may do anything."""
        for account in self.accounts:
            groups = {group.name.lower(): group for group in account.groups}
            for user in account.users:
                joined = [groups[name.lower()] for name in user.groups if name.lower() in groups]
                policies = (*user.grants, *(policy for group in joined for policy in group.grants))
                yield Holder(user_arn(account.id, user.name), "user", user.name, account, policies)
            roles = {role.name.lower(): role for role in account.roles}
            for role in account.roles:
                yield Holder(role_arn(account.id, role.name), "role", role.name, account, role.grants)
            for session in account.sessions:
                held = roles.get(session.role.lower())
                arn = assumed_role_arn(account.id, session.role, session.name)
                name = f"{session.role}/{session.name}"
                grants = held.grants if held else ()
                yield Holder(arn, "session", name, account, grants, session.policy)


def joined_models(*models: AccessModel) -> AccessModel:
    """One model of the accounts of several. An account that is in more than one takes what each knows of it."""
    by_id: dict[str, Account] = {}
    gaps = [gap for model in models for gap in model.gaps]
    for model in models:
        for account in model.accounts:
            known = by_id.get(account.id)
            by_id[account.id] = account if known is None else _both(known, account, gaps)
    return AccessModel(tuple(by_id.values()), tuple(dict.fromkeys(gaps)))


def possible_trust(role: str, trusts: Sequence[Document], gaps: list[str]) -> Document:
    """Trust policy to assume where several documents claim to be a role's; a gap is noted when they differ.

    It is not known which one counts, so it allows what one of them allows, and denies what all of them deny.
    """
    each = list(dict.fromkeys(trusts))
    if len(each) == 1:
        return each[0]
    gaps.append(f"which trust policy of {role} counts: there are {len(each)}, and whom one of them trusts may come in")
    if UNKNOWN_DOCUMENT in each:
        return UNKNOWN_DOCUMENT
    found = [
        statement
        for document in each
        for statement in document.statements
        if statement.effect is Effect.ALLOW or all(statement in other.statements for other in each)
    ]
    return Document(tuple(dict.fromkeys(found)))


def longest_session(given: Iterable[int | Unknown | None]) -> int | Unknown | None:
    """Longest session where several sources name one; UNKNOWN where one of them does not know yet."""
    durations = [duration for duration in given if duration is not None]
    unknown = next((duration for duration in durations if isinstance(duration, Unknown)), None)
    if unknown is not None:
        return unknown
    return max((duration for duration in durations if isinstance(duration, int)), default=None)


def attached_elsewhere(holder: str) -> Policy:
    """Placeholder for everything that a user, group or role is granted outside of the model."""
    return Policy("policies attached elsewhere", PolicyType.CUSTOM, UNKNOWN_DOCUMENT, holder)


def _both(one: Account, other: Account, gaps: list[str]) -> Account:
    groups = {group.name.lower(): group for group in one.groups}
    for group in other.groups:
        known = groups.get(group.name.lower())
        groups[group.name.lower()] = group if known is None else _both_groups(known, group)
    users = {user.name.lower(): user for user in one.users}
    for user in other.users:
        mine = users.get(user.name.lower(), User(user.name))
        joins = tuple(dict.fromkeys((*mine.groups, *user.groups)))
        users[user.name.lower()] = User(mine.name, joins, _each_once((*mine.grants, *user.grants)))
    roles = {role.name.lower(): role for role in one.roles}
    for role in other.roles:
        mine_role = roles.get(role.name.lower(), Role(role.name, None))
        trusts = [trust for trust in (mine_role.trust, role.trust) if trust is not None]
        trust = possible_trust(f"role {role.name} of {one.id}", trusts, gaps) if trusts else None
        roles[role.name.lower()] = Role(
            mine_role.name,
            trust,
            _each_once((*mine_role.grants, *role.grants)),
            longest_session((mine_role.max_session_duration, role.max_session_duration)),
        )
    return Account(
        one.id,
        one.alias or other.alias,
        tuple(users.values()),
        tuple(groups.values()),
        tuple(roles.values()),
        tuple(dict.fromkeys((*one.sessions, *other.sessions))),
        one.control if other.control is None else (*(one.control or ()), *other.control),
    )


def _both_groups(one: Group, other: Group) -> Group:
    """A group as two sources know it: grants that one of them does not know, the other may know."""
    known_to_both = set(one.grants) & set(other.grants)
    grants = [
        grant
        for grant in (*one.grants, *other.grants)
        if grant in known_to_both or grant != attached_elsewhere(grant.attached_to)
    ]
    return replace(one, grants=_each_once(tuple(grants)))


def _each_once(policies: tuple[Policy, ...]) -> tuple[Policy, ...]:
    return tuple(dict.fromkeys(policies))

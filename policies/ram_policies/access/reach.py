"""Who can become whom: which roles each holder can assume, directly and through other roles.

Users whom no document can tell apart (same account, groups and policies, named nowhere) are judged once, together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ram_policies.access.model import AccessModel, Account, Holder, Role
from ram_policies.access.words import conditions_words
from ram_policies.arn import assumed_role_arn, principal_arn, role_arn, role_resource, user_arn
from ram_policies.conditions import UNKNOWN, CompiledCondition, ContextValue
from ram_policies.decision import Decision, Policy, PolicyType, Request
from ram_policies.document import UNKNOWN_DOCUMENT, Document, Effect
from ram_policies.evaluate import authorize_assume_role
from ram_policies.policyset import PolicySet
from ram_policies.principals import account_of, caller_keys, principal_keys

ASSUME_ROLE = "sts:AssumeRole"
DEPTH = 3
"""How many roles may be assumed one after another, unless more is asked for."""

_PRINCIPAL = "acs:PrincipalARN"
_SESSION_NAME = "session"
_SOMEBODY = "somebody-there"
_EMPTY = Document(())


class OpenContext(Mapping[str, ContextValue]):
    """A request of which some keys are known; every other key may have any value, or be absent."""

    def __init__(self, known: Mapping[str, ContextValue]) -> None:
        self._known = known

    def __getitem__(self, key: str) -> ContextValue:
        return self._known.get(key, UNKNOWN)

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)


@dataclass(frozen=True, slots=True)
class Terms:
    """Under which terms a step is allowed.

    Attributes:
        conditions: each must hold, in words.
        depends_on: what is not known before the deployment and decides.
        through: who or what gives the permission, in words: ``group operators``, ``AliyunECSFullAccess``.
    """

    conditions: tuple[str, ...] = ()
    depends_on: tuple[str, ...] = ()
    through: tuple[str, ...] = ()

    @property
    def free(self) -> bool:
        """Whether nothing has to hold."""
        return not self.conditions and not self.depends_on


@dataclass(frozen=True, slots=True)
class Hop:
    """The assumption of one role."""

    account: Account
    role: Role
    terms: Terms

    @property
    def title(self) -> str:
        """The role in a sentence."""
        return f"role {self.role.name} of {self.account.title}"


@dataclass(frozen=True, slots=True)
class Crew:
    """Holders who can do the same.

    Attributes:
        holders: all of them.
        policies: what they hold.
        session: their session policy.
        control: control policies of their account.
    """

    holders: tuple[Holder, ...]
    policies: PolicySet
    session: PolicySet | None
    control: PolicySet | None

    @property
    def first(self) -> Holder:
        """One who stands for all."""
        return self.holders[0]

    @property
    def caller(self) -> str:
        """ARN under which requests are made: of a role that is the ARN of a session."""
        holder = self.first
        if holder.kind == "role":
            return assumed_role_arn(holder.account.id, holder.name, _SESSION_NAME)
        return holder.arn


@dataclass(slots=True)
class Reach:
    """Everybody in a model, and every role each can come to.

    Attributes:
        model: the accounts.
        known: condition keys whose values are given.
        depth: how many roles one after another.
    """

    model: AccessModel
    known: Mapping[str, ContextValue] = field(default_factory=dict[str, ContextValue])
    depth: int = DEPTH
    crews: tuple[Crew, ...] = field(default=(), init=False)
    roles: dict[str, Crew] = field(default_factory=dict[str, Crew], init=False)
    _trusts: dict[str, tuple[Account, Role, PolicySet, frozenset[str] | None]] = field(
        default_factory=dict[str, "tuple[Account, Role, PolicySet, frozenset[str] | None]"], init=False
    )
    _controls: dict[str, PolicySet | None] = field(default_factory=dict[str, "PolicySet | None"], init=False)
    _hops: dict[str, dict[str, Hop]] = field(default_factory=dict[str, "dict[str, Hop]"], init=False)

    def __post_init__(self) -> None:
        for account in self.model.accounts:
            self._controls[account.id] = None if account.control is None else PolicySet(account.control)
            for role in account.roles:
                if role.trust is None:
                    continue
                policy = Policy(f"the trust policy of {role.name}", PolicyType.TRUST, role.trust)
                keys = _named(role.trust)
                self._trusts[role_arn(account.id, role.name)] = (account, role, PolicySet([policy]), keys)
        self.crews = tuple(self._gather())
        self.roles = {crew.first.arn: crew for crew in self.crews if crew.first.kind == "role"}

    def _gather(self) -> Iterator[Crew]:
        told_apart = _told_apart(self.model)
        alike: dict[tuple[object, ...], list[Holder]] = {}
        for holder in self.model.holders():
            apart = holder.kind != "user" or told_apart is None or holder.arn.lower() in told_apart
            key = (holder.arn,) if apart else (holder.account.id, holder.policies)
            alike.setdefault(key, []).append(holder)
        for holders in alike.values():
            first = holders[0]
            session = None
            if first.session is not None:
                session = PolicySet([Policy("the session policy", PolicyType.SESSION, first.session)])
            control = self._controls.get(first.account.id)
            yield Crew(tuple(holders), PolicySet(first.policies), session, control)

    def context(self, caller: str) -> OpenContext:
        """What is known about a request of a caller."""
        return OpenContext({_PRINCIPAL: principal_arn(caller), **self.known})

    def hops(self, crew: Crew) -> Mapping[str, Hop]:
        """Roles that a crew can assume directly, by ARN."""
        found = self._hops.get(crew.first.arn)
        if found is None:
            found = self._hops[crew.first.arn] = dict(self._find_hops(crew))
        return found

    def _find_hops(self, crew: Crew) -> Iterator[tuple[str, Hop]]:
        caller = crew.caller
        keys = caller_keys(caller)
        context = self.context(caller)
        for arn, (account, role, trust, named) in self._trusts.items():
            if named is not None and named.isdisjoint(keys):
                continue
            request = Request(ASSUME_ROLE, role_resource(account.id, role.name), context, caller)
            decision = authorize_assume_role(
                request,
                identity=crew.policies,
                trust=trust,
                session=crew.session,
                control=self._controls[account.id],
            )
            if not decision.denied:
                yield arn, Hop(account, role, terms_of(decision, context))

    def outsiders(self) -> Iterator[tuple[Holder, str, Hop]]:
        """Whom trust policies name that the model has not: other accounts, services, identity providers.

        What the policies of those say is not known, so their side is taken to allow. Gives the ARN of the role, too.
        """
        there = {holder.arn.lower() for crew in self.crews for holder in crew.holders}
        accounts = {account.id for account in self.model.accounts if account.users or account.roles}
        for arn, (account, role, trust, _) in self._trusts.items():
            for name in dict.fromkeys(n for s in (role.trust or _EMPTY).statements for n in s.principals or ()):
                holder = _outsider(name)
                if name.lower() in there or (holder.kind == "account" and holder.account.id in accounts):
                    continue
                caller = user_arn(holder.account.id, _SOMEBODY) if holder.kind == "account" else name
                request = Request(ASSUME_ROLE, role_resource(account.id, role.name), self.context(caller), caller)
                control = self._controls[account.id]
                decision = authorize_assume_role(request, identity=None, trust=trust, control=control)
                if not decision.denied:
                    yield holder, arn, Hop(account, role, terms_of(decision, self.context(caller)))

    def chains(self, crew: Crew) -> Mapping[str, tuple[Hop, ...]]:
        """The shortest way from a crew to each role that it can come to, by ARN of the role."""
        found: dict[str, tuple[Hop, ...]] = {}
        edge: list[tuple[Crew, tuple[Hop, ...]]] = [(crew, ())]
        for _ in range(self.depth):
            following: list[tuple[Crew, tuple[Hop, ...]]] = []
            for at, way in edge:
                # Of ways of the same length, one without conditions comes first.
                for arn, hop in sorted(self.hops(at).items(), key=lambda item: not item[1].terms.free):
                    if arn not in found and arn != crew.first.arn:
                        found[arn] = (*way, hop)
                        following.append((self.roles[arn], found[arn]))
            edge = following
        return found

    def control_of(self, account_id: str) -> PolicySet | None:
        """Control policies that bind an account."""
        return self._controls.get(account_id)


def _outsider(principal: str) -> Holder:
    """Who a principal of a trust policy is."""
    account = Account(account_of(principal))
    kind, _, name = principal.split(":", 4)[-1].partition("/")
    if not account.id:
        return Holder(principal, "service", principal, account, ())
    if kind == "root":
        return Holder(principal, "account", account.id, account, ())
    if kind in {"user", "role"}:
        return Holder(principal, kind, name, account, ())
    return Holder(principal, "identity provider", f"{name} of {account.id}", account, ())


def _named(trust: Document) -> frozenset[str] | None:
    """Every principal a trust policy names; None when that is not known."""
    if trust == UNKNOWN_DOCUMENT:
        return None
    keys: set[str] = set()
    for statement in trust.statements:
        if statement.principals is not None:
            keys |= principal_keys(statement.principals)
    return frozenset(keys)


def _told_apart(model: AccessModel) -> frozenset[str] | None:
    """ARNs of users who are named in trust policies, in lower case; None when conditions may tell any user apart."""
    named: set[str] = set()
    documents: dict[int, Document] = {}
    for account in model.accounts:
        held = (*account.users, *account.groups, *account.roles)
        documents |= {id(policy.document): policy.document for holder in held for policy in holder.grants}
        documents |= {id(policy.document): policy.document for policy in account.control or ()}
        for role in account.roles:
            if role.trust is not None:
                documents[id(role.trust)] = role.trust
    for document in documents.values():
        if document == UNKNOWN_DOCUMENT:
            return None
        for statement in document.statements:
            named |= {arn.lower() for arn in statement.principals or ()}
            if any(condition.key == _PRINCIPAL for condition in statement.conditions):
                return None
    return frozenset(named)


def terms_of(decision: Decision, context: Mapping[str, ContextValue]) -> Terms:
    """Under which terms a decision that is not a denial allows."""
    conditions: list[str] = []
    through: list[str] = []
    sides: dict[str, list[tuple[Policy, str]]] = {}
    unknown = [f"the document of {m.policy.name}" for m in decision.matched if m.policy.document == UNKNOWN_DOCUMENT]
    for matched in decision.matched:
        if matched.policy.document == UNKNOWN_DOCUMENT:
            continue
        statement = matched.policy.document.statements[matched.index]
        words = conditions_words(c for c in statement.conditions if CompiledCondition(c).holds(context) is None)
        if statement.effect is Effect.DENY:
            conditions.append(f"refused {words}")
            continue
        kind = matched.policy.type
        side = "identity" if kind in {PolicyType.SYSTEM, PolicyType.CUSTOM} else str(kind)
        sides.setdefault(side, []).append((matched.policy, words))
    for side, allows in sides.items():
        free = [policy for policy, words in allows if not words]
        if side == "identity":
            through += [_giver(policy) for policy in (free or [policy for policy, _ in allows])]
        if not free:
            conditions.append(" or ".join(dict.fromkeys(words for _, words in allows)))
    return Terms(*(tuple(dict.fromkeys(words)) for words in (conditions, unknown, through)))


def _giver(policy: Policy) -> str:
    kind, _, name = policy.attached_to.split(":", 4)[-1].partition("/")
    return f"group {name} ({policy.name})" if kind == "group" else policy.name

"""Graph of role assumptions: the roles that each holder can assume, directly and through other roles.

Users whom no document can tell apart (same account, groups and policies, named nowhere) are judged once, together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ram_policies.access.holder_group import HolderGroup, Hop, OpenContext, environment_of, feasible
from ram_policies.access.index import PolicyIndex
from ram_policies.access.model import AccessModel, Account, Holder, Role
from ram_policies.access.phrases import listed
from ram_policies.access.service_ways import ServiceWays
from ram_policies.arn import Arn, principal_arn, role_arn, role_resource, user_arn
from ram_policies.conditions import ContextValue
from ram_policies.document import UNKNOWN_DOCUMENT, Document
from ram_policies.evaluation.decision import Decision, Outcome, Policy, PolicyType, Request
from ram_policies.evaluation.evaluate import authorize_assume_role
from ram_policies.evaluation.policyset import PolicySet
from ram_policies.principals import caller_keys, principal_keys

ASSUME_ROLE = "sts:AssumeRole"
DEPTH = 3
"""Number of roles that may be assumed one after another, unless more is asked for."""

_PRINCIPAL = "acs:PrincipalARN"
_ORDER = ("user", "session", "role")  # people before what they use
_USER_OF_ACCOUNT = "some-user"
_EMPTY = Document(())


@dataclass(slots=True)
class AssumeGraph:
    """Graph of the roles that the holders of a model can assume, directly and one through another.

    Attributes:
        model: the accounts.
        known: condition keys whose values are given.
        depth: how many roles one after another.
        holder_groups: everybody, those who can do the same together.
        roles: the group of each role, by ARN.
        index: which holder_groups may be allowed a request.
    """

    model: AccessModel
    known: Mapping[str, ContextValue] = field(default_factory=dict[str, ContextValue])
    depth: int = DEPTH
    holder_groups: tuple[HolderGroup, ...] = field(default=(), init=False)
    roles: dict[str, HolderGroup] = field(default_factory=dict[str, HolderGroup], init=False)
    _trusts: dict[str, tuple[Account, Role, PolicySet, frozenset[str] | None]] = field(
        default_factory=dict[str, "tuple[Account, Role, PolicySet, frozenset[str] | None]"], init=False
    )
    _controls: dict[str, PolicySet | None] = field(default_factory=dict[str, "PolicySet | None"], init=False)
    _hops: dict[str, dict[str, Hop]] | None = field(default=None, init=False)
    _service_hops: dict[str, dict[str, Hop]] | None = field(default=None, init=False)
    index: PolicyIndex = field(init=False)

    def __post_init__(self) -> None:
        for account in self.model.accounts:
            self._controls[account.id] = None if account.control is None else PolicySet(account.control)
            for role in account.roles:
                if role.trust is None:
                    continue
                policy = Policy(f"the trust policy of {role.name}", PolicyType.TRUST, role.trust)
                keys = _named(role.trust)
                self._trusts[role_arn(account.id, role.name)] = (account, role, PolicySet([policy]), keys)
        self.holder_groups = tuple(self._gather())
        self.index = PolicyIndex(self.holder_groups, OpenContext(self.known))
        self.roles = {group.first.arn: group for group in self.holder_groups if group.first.kind == "role"}

    def _gather(self) -> Iterator[HolderGroup]:
        told_apart = _told_apart(self.model)
        alike: dict[tuple[object, ...], list[Holder]] = {}
        for holder in self.model.holders():
            apart = holder.kind != "user" or told_apart is None or holder.arn.lower() in told_apart
            key = (holder.arn,) if apart else (holder.account.id, holder.policies)
            alike.setdefault(key, []).append(holder)
        for holders in sorted(alike.values(), key=lambda several: _ORDER.index(several[0].kind)):
            first = holders[0]
            session = None
            if first.session is not None:
                session = PolicySet([Policy("the session policy", PolicyType.SESSION, first.session)])
            control = self._controls.get(first.account.id)
            yield HolderGroup(tuple(holders), PolicySet(first.policies), session, control)

    def context(self, caller: str) -> OpenContext:
        """Context of a caller's request, as far as it is known."""
        return OpenContext({_PRINCIPAL: principal_arn(caller), **self.known})

    def hops(self, group: HolderGroup) -> Mapping[str, Hop]:
        """Roles that holders can assume directly, by ARN; those of `service_hops` are not among them."""
        if self._hops is None:
            self._hops = self._find_hops()
        return self._hops.get(group.first.arn, {})

    def service_hops(self, group: HolderGroup) -> Mapping[str, Hop]:
        """Roles that holders come to through a service that runs with them, by ARN."""
        if self._service_hops is None:
            self._service_hops = self._find_service_hops()
        return self._service_hops.get(group.first.arn, {})

    def _find_service_hops(self) -> dict[str, dict[str, Hop]]:
        ways = ServiceWays(self.holder_groups, self.index, OpenContext(self.known))
        found: dict[str, dict[str, Hop]] = {}
        for arn, (account, role, trust, _) in self._trusts.items():
            for group, hop in ways.to(account, role, trust):
                kept = found.setdefault(group.first.arn, {})
                if arn not in kept or (hop.environment.free and not kept[arn].environment.free):
                    kept[arn] = hop
        return found

    def _find_hops(self) -> dict[str, dict[str, Hop]]:
        found: dict[str, dict[str, Hop]] = {}
        for arn, (account, role, trust, named) in self._trusts.items():
            resource = role_resource(account.id, role.name)
            for position in sorted(self.index.may(ASSUME_ROLE, resource)):
                group = self.holder_groups[position]
                caller = group.caller
                if named is not None and named.isdisjoint(caller_keys(caller)):
                    continue
                request, decision = self._judge(group, arn)
                context = request.context
                sides = (group.policies, trust, group.session, self._controls[account.id])
                if decision.allowed or (not decision.denied and feasible(request, *sides)):
                    found.setdefault(group.first.arn, {})[arn] = Hop(account, role, environment_of(decision, context))
        # Of ways of the same length, one without conditions comes first.
        return {
            caller: dict(sorted(hops.items(), key=lambda item: not item[1].environment.free))
            for caller, hops in found.items()
        }

    def _judge(self, group: HolderGroup, role: str) -> tuple[Request, Decision]:
        account, held, trust, _ = self._trusts[role]
        request = Request(ASSUME_ROLE, role_resource(account.id, held.name), self.context(group.caller), group.caller)
        control = self._controls[account.id]
        return request, authorize_assume_role(
            request, identity=group.policies, trust=trust, session=group.session, control=control
        )

    def why_not(self, group: HolderGroup, role: str) -> str:
        """Reason that keeps holders from assuming a role directly, in words; empty when nothing is known about that."""
        if role not in self._trusts:
            return ""
        _, decision = self._judge(group, role)
        if decision.outcome is Outcome.EXPLICIT_DENY:
            denying = dict.fromkeys(_policy_title(matched.policy) for matched in decision.matched)
            return f"{listed(tuple(denying))} {'deny' if len(denying) > 1 else 'denies'} it"
        if decision.outcome is Outcome.IMPLICIT_DENY:
            return f"missing {'; '.join(decision.missing)}"
        return "its conditions cannot hold together"

    def outsiders(self) -> Iterator[tuple[Holder, str, Hop]]:
        """Principals of trust policies that are not in the model: other accounts, services, identity providers.

        What the policies of those say is not known, so their side is taken to allow. Each comes with the ARN of the
        role.
        """
        there = {holder.arn.lower() for group in self.holder_groups for holder in group.holders}
        accounts = {account.id for account in self.model.accounts if account.users or account.roles}
        for arn, (account, role, trust, _) in self._trusts.items():
            for name in dict.fromkeys(n for s in (role.trust or _EMPTY).statements for n in s.principals or ()):
                holder = _outsider(name)
                if name.lower() in there or (holder.kind == "account" and holder.account.id in accounts):
                    continue
                caller = user_arn(holder.account.id, _USER_OF_ACCOUNT) if holder.kind == "account" else name
                request = Request(ASSUME_ROLE, role_resource(account.id, role.name), self.context(caller), caller)
                control = self._controls[account.id]
                decision = authorize_assume_role(request, identity=None, trust=trust, control=control)
                if not decision.denied:
                    yield holder, arn, Hop(account, role, environment_of(decision, self.context(caller)))

    def chains(self, group: HolderGroup) -> Mapping[str, tuple[Hop, ...]]:
        """The shortest way from holders to each role that it can come to, by ARN of the role."""
        found: dict[str, tuple[Hop, ...]] = {}
        edge: list[tuple[HolderGroup, tuple[Hop, ...]]] = [(group, ())]
        for _ in range(self.depth):
            following: list[tuple[HolderGroup, tuple[Hop, ...]]] = []
            for at, way in edge:
                for arn, hop in (*self.hops(at).items(), *self.service_hops(at).items()):
                    if arn not in found and arn != group.first.arn:
                        found[arn] = (*way, hop)
                        following.append((self.roles[arn], found[arn]))
            edge = following
        return found


def _policy_title(policy: Policy) -> str:
    return policy.name if policy.type is PolicyType.TRUST else f"the policy {policy.name}"


def _outsider(principal: str) -> Holder:
    """The holder that a principal of a trust policy stands for."""
    arn = Arn.read(principal)
    if arn is None:
        return Holder(principal, "service", principal, Account(""), ())
    account = Account(arn.account)
    if arn.is_root:
        return Holder(principal, "account", account.id, account, ())
    if arn.resource_type in {"user", "role"}:
        return Holder(principal, arn.resource_type, arn.name, account, ())
    return Holder(principal, "identity provider", f"{arn.name} of {account.id}", account, ())


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

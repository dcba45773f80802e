"""Ways to roles through services: whoever may command a resource that runs with a role can do what the role may do.

People do not assume a role that trusts a service. But whoever may run a command on an instance that has the role, or
hand the role to a new function, acts as the role. The actions are data of the catalogue (`service_roles`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import product

from ram_policies.access.holder_group import (
    PASS_ROLE,
    Environment,
    HolderGroup,
    Hop,
    OpenContext,
    environment_of,
    feasible,
)
from ram_policies.access.index import PolicyIndex
from ram_policies.access.model import Account, Holder, Role
from ram_policies.arn import Arn, role_resource
from ram_policies.catalogue.service_roles import ServiceRole, service_roles
from ram_policies.document import UNKNOWN_DOCUMENT, Document, Effect
from ram_policies.evaluation.compiled import speaks_about
from ram_policies.evaluation.decision import Request
from ram_policies.evaluation.evaluate import authorize, authorize_assume_role
from ram_policies.evaluation.policyset import PolicySet
from ram_policies.folding import fold

_SHOWN = 3
_TRIED = 20  # resources of one action


@dataclass(slots=True)
class ServiceWays:
    """Finds the holders who reach a role through a service that the role trusts.

    Attributes:
        groups: holders who can do the same, together.
        index: which of them may be allowed an action.
        context: what is known about every request.
    """

    groups: Sequence[HolderGroup]
    index: PolicyIndex
    context: OpenContext
    _judged: dict[tuple[int, str], Environment | None] = field(
        default_factory=dict[tuple[int, str], "Environment | None"], init=False
    )

    def to(self, account: Account, role: Role, trust: PolicySet) -> Iterator[tuple[HolderGroup, Hop]]:
        """The holders of the role's account who come to it through a service, with the best way of each service."""
        for service in _trusted(role.trust):
            trusted_under = self._service_side(account, role, trust, service)
            if trusted_under is None:
                continue
            resource = role_resource(account.id, role.name)
            passing = self.index.may(PASS_ROLE, resource)
            for position in sorted(self.index.about({*service.uses, *service.hands_over})):
                group = self.groups[position]
                if group.first.account.id != account.id or _is_of(group.first, role):
                    continue
                pass_role = self._judge(position, PASS_ROLE, [resource]) if position in passing else None
                way = self._best(position, service, pass_role)
                if way is not None:
                    actions, environment = way
                    yield group, Hop(account, role, _both(environment, trusted_under), service.title, actions)

    def _service_side(self, account: Account, role: Role, trust: PolicySet, service: ServiceRole) -> Environment | None:
        """The conditions under which the trust policy allows the service; None when it never does."""
        resource = role_resource(account.id, role.name)
        request = Request("sts:AssumeRole", resource, self.context, service.principal)
        decision = authorize_assume_role(request, identity=None, trust=trust)
        if decision.denied or not (decision.allowed or feasible(request, trust)):
            return None
        found = environment_of(decision, self.context)
        return Environment(found.conditions, found.depends_on)

    def _best(
        self, position: int, service: ServiceRole, pass_role: Environment | None
    ) -> tuple[tuple[str, ...], Environment] | None:
        """The actions by which a holder commands the service; those first that need nothing to be there already."""
        if pass_role is not None:
            way = self._by(position, service.hands_over)
            if way is not None:
                return (*way[0], PASS_ROLE), _both(way[1], pass_role)
        way = self._by(position, service.uses)
        if way is None:
            return None
        there = Environment((f"where {service.title} has the role",))
        return way[0], _both(way[1], there)

    def _by(self, position: int, actions: Sequence[str]) -> tuple[tuple[str, ...], Environment] | None:
        """Some of the actions that a holder may do, those without conditions first, and what must hold for them."""
        found = [(a, e) for a in actions if (e := self._judge(position, a)) is not None]
        if not found:
            return None
        best = next((e for _, e in found if e.free), found[0][1])
        alike = [a for a, e in found if e == best]
        return tuple(alike[:_SHOWN]), best

    def _judge(self, position: int, action: str, resources: Sequence[str] | None = None) -> Environment | None:
        """Conditions under which a holder may do an action on some resource; None when it may do it on none."""
        key = (position, action if resources is None else f"{action} {resources[0]}")
        if key not in self._judged:
            group = self.groups[position]
            self._judged[key] = self._environment(group, action, resources or _resources(group, action))
        return self._judged[key]

    def _environment(self, group: HolderGroup, action: str, resources: Sequence[str]) -> Environment | None:
        found: Environment | None = None
        scopes = (None, *dict.fromkeys(p.scope for p in group.policies.policies if p.scope is not None))
        for resource, scope in product(resources[:_TRIED], scopes):
            request = Request(action, resource, self.context, group.caller, scope)
            decision = authorize(request, identity=group.policies, session=group.session, control=group.control)
            sides = (group.policies, group.session, group.control)
            if decision.denied or not (decision.allowed or feasible(request, *sides)):
                continue
            environment = environment_of(decision, self.context)
            if scope is not None:
                environment = _both(environment, Environment((f"in resource group {scope}",)))
            if environment.free:
                return environment
            found = found or environment
        return found


def _is_of(holder: Holder, role: Role) -> bool:
    """True if the holder is the role itself or a session of it."""
    return holder.kind != "user" and fold(holder.name.partition("/")[0]) == fold(role.name)


def _resources(group: HolderGroup, action: str) -> list[str]:
    """A resource of each pattern under which an Allow of the holder speaks about an action."""
    account, folded = group.first.account.id, fold(action)
    anything = f"acs:{action.partition(':')[0]}:*:{account}:*"
    found: dict[str, None] = {}
    for policy in group.policies.policies:
        if policy.document == UNKNOWN_DOCUMENT:
            found[anything] = None
        for statement in policy.document.statements:
            if statement.effect is Effect.ALLOW and speaks_about(statement, folded):
                found |= dict.fromkeys(_example(r, account) for r in statement.resources or ("*",))
    return [anything if example == "*" else example for example in found]


def _example(pattern: str, account: str) -> str:
    """A resource in an account that a pattern matches; its wildcards stand for themselves."""
    arn = Arn.read(pattern)
    if arn is None:
        return "*"
    account = account if arn.account in {"", "*"} else arn.account
    return str(replace(arn, region=arn.region or "*", account=account))


def _trusted(trust: Document | None) -> list[ServiceRole]:
    """The services of the catalogue that a trust policy names; nobody can list those of one that is not known yet."""
    named = {
        fold(name).rpartition("@")[2]
        for statement in (trust.statements if trust else ())
        if statement.effect is Effect.ALLOW and statement.principals is not None
        for name in statement.principals.service
    }
    return [service for service in service_roles() if service.principal in named]


def _both(one: Environment, other: Environment) -> Environment:
    def each(*several: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(value for values in several for value in values))

    return Environment(
        each(one.conditions, other.conditions), each(one.depends_on, other.depends_on), each(one.through, other.through)
    )

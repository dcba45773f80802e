"""Principals that may do an action on a resource, and the way of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from ram_policies.access.assume_graph import ASSUME_ROLE, DEPTH, AssumeGraph
from ram_policies.access.holder_group import Environment, HolderGroup, Hop, environment_of, feasible
from ram_policies.access.model import AccessModel, Holder
from ram_policies.arn import SYSTEM, Arn, account_of, is_in_account
from ram_policies.conditions import ContextValue
from ram_policies.document import UNKNOWN_DOCUMENT, Effect, Statement
from ram_policies.errors import InvalidInputError
from ram_policies.evaluation.decision import Decision, Outcome, Request
from ram_policies.evaluation.evaluate import authorize
from ram_policies.evaluation.policyset import PolicySet
from ram_policies.evaluation.unchecked import all_unchecked
from ram_policies.pattern import glob_matcher, has_wildcard, resource_matcher
from ram_policies.proof.budget import TooMuchWorkError
from ram_policies.proof.search import Search

_EXAMPLES = 64
"""Examples of a pattern that are tried for a better answer, once there is one."""
_ANYTHING = Statement(Effect.ALLOW, ("*",), (), ("*",))  # what a document that is not known may say
_FIX = "ask about one action or one resource"
_UNCHECKED = Environment(through=("no permission is needed",))


@dataclass(frozen=True, slots=True)
class Access:
    """One way by which a principal may do an action.

    Attributes:
        holder: the user, role or session that starts.
        hops: roles assumed on the way, in order; empty for direct access.
        environment: what must hold for the last one on the way to do the action.
        action: the action asked for.
        resource: the resource asked for.
        example: an action and a resource that may be used, where patterns were asked for.
        scope: resource group that the grant is limited to; None is the whole account.
    """

    holder: Holder
    hops: tuple[Hop, ...]
    environment: Environment
    action: str
    resource: str
    example: tuple[str, str] | None = None
    scope: str | None = None

    def by(self, holder: Holder, hops: tuple[Hop, ...]) -> Access:
        """The same permission, for another holder who comes to it through roles."""
        return Access(holder, hops, self.environment, self.action, self.resource, self.example, self.scope)

    @property
    def certain(self) -> bool:
        """True if it is allowed whatever the request's context; otherwise `conditions` or `depends_on` decide."""
        return not self.conditions and not self.depends_on

    @property
    def conditions(self) -> tuple[str, ...]:
        """Everything that must hold on the way, in words."""
        steps = [hop.environment for hop in self.hops] + [self.environment]
        scope = () if self.scope is None else (f"in resource group {self.scope}",)
        return tuple(dict.fromkeys([*(phrase for step in steps for phrase in step.conditions), *scope]))

    @property
    def depends_on(self) -> tuple[str, ...]:
        """Values that are not known before the deployment and decide."""
        steps = [hop.environment for hop in self.hops] + [self.environment]
        return tuple(dict.fromkeys(what for step in steps for what in step.depends_on))

    @property
    def path(self) -> tuple[str, ...]:
        """The way in words: ``user AAA of 12345678``, ``group operators (assume)``, ``role …``, the grant."""
        steps = [self.holder.title]
        for hop in self.hops:
            steps += [*_through(hop.environment), *hop.steps]
        return (*steps, *_through(self.environment))


def _through(environment: Environment) -> tuple[str, ...]:
    return (" or ".join(environment.through),) if environment.through else ()


@dataclass(slots=True)
class Explorer:
    """Answers questions about one model; what it finds out it keeps for the next question.

    Attributes:
        model: the accounts.
        known: condition keys whose values are given. Every other key is left open, and its conditions are named in the
            answers. An empty tuple stands for a key that is absent from the request.
        resource_group: the group the resource is in; None asks for all groups.
        depth: how many roles may be assumed one after another.
    """

    model: AccessModel
    known: Mapping[str, ContextValue] = field(default_factory=dict[str, ContextValue])
    resource_group: str | None = None
    depth: int = DEPTH
    _graph: AssumeGraph = field(init=False)
    _chains: dict[str, Mapping[str, tuple[Hop, ...]]] = field(
        default_factory=dict[str, "Mapping[str, tuple[Hop, ...]]"], init=False
    )

    _ways: dict[str, list[tuple[int, tuple[Hop, ...]]]] | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self._graph = AssumeGraph(self.model, self.known, self.depth)

    @property
    def holder_groups(self) -> tuple[HolderGroup, ...]:
        """Holders who can do the same, together."""
        return self._graph.holder_groups

    def context(self, group: HolderGroup) -> Mapping[str, ContextValue]:
        """Context of a request of a group of holders, as far as it is known."""
        return self._graph.context(group.caller)

    def chains(self, group: HolderGroup) -> Mapping[str, tuple[Hop, ...]]:
        """The shortest way from holders to each role it can come to, by ARN of the role."""
        found = self._chains.get(group.first.arn)
        if found is None:
            found = self._chains[group.first.arn] = self._graph.chains(group)
        return found

    def who_can(self, action: str, resource: str) -> Iterator[Access]:
        """Every way by which a user, a role or a live session may do an action on a resource.

        The root identity of the resource's account, which may do anything, is not listed.

        Args:
            action: for example ``ecs:StopInstance``; wildcards ask for any action that matches and needs a permission,
                unless none of them does.
            resource: an ARN, or a pattern that asks for any resource that matches. ``*`` is any resource at all. An
                empty or ``*`` account is every account, each holder being judged in its own.
        """
        if action.lower() == ASSUME_ROLE.lower():
            yield from self._who_can_assume(action, resource)
            return
        direct = dict(self._direct(action, resource))
        able = {
            group.first.arn: direct[i]
            for i, group in enumerate(self.holder_groups)
            if group.first.kind == "role" and i in direct and direct[i].environment is not _UNCHECKED
        }
        ways: dict[int, list[tuple[tuple[Hop, ...], Access]]] = {i: [((), found)] for i, found in direct.items()}
        for arn, last in able.items():
            for position, hops in self._ways_to(arn):
                ways.setdefault(position, []).append((hops, last))
        for position in sorted(ways):
            for holder in self.holder_groups[position].holders:
                for hops, last in ways[position]:
                    yield last.by(holder, hops)
        for holder, arn, hop in self._graph.outsiders() if able else ():
            further = {role: (hop, *way) for role, way in self.chains(self._graph.roles[arn]).items()}
            for role, hops in {arn: (hop,), **further}.items():
                if role in able:
                    yield able[role].by(holder, hops)

    def _direct(self, action: str, resource: str) -> Iterator[tuple[int, Access]]:
        """Groups of holders that may do it themselves, by position, with the best of what each has."""
        unchecked = all_unchecked(action)
        for account in self.model.accounts:
            asked = _in_account(resource, account.id)
            if asked is None:
                continue
            plain = not has_wildcard(action) and not has_wildcard(asked)
            some = plain and not unchecked
            positions = self._graph.index.may(action, asked) if some else range(len(self.holder_groups))
            for position in positions:
                group = self.holder_groups[position]
                if group.first.account.id != account.id:
                    continue
                if unchecked:
                    found: Access | None = Access(group.first, (), _UNCHECKED, unchecked[0], asked)
                else:
                    found = self._may(group, [(action, asked)] if plain else self._examples(group, action, asked))
                if found is not None:
                    example = None if plain else (found.action, found.resource)
                    yield position, replace(found, action=action, resource=resource, example=example)

    def _ways_to(self, arn: str) -> list[tuple[int, tuple[Hop, ...]]]:
        """Holders that can come to a role, by position, and the way of each."""
        if self._ways is None:
            self._ways = {}
            for position, group in enumerate(self.holder_groups):
                for role, hops in self.chains(group).items():
                    self._ways.setdefault(role, []).append((position, hops))
        return self._ways.get(arn, [])

    def _who_can_assume(self, action: str, resource: str) -> Iterator[Access]:
        """Assuming a role is judged with the role's trust policy."""
        matches = resource_matcher(resource.lower())
        ways = [(group.holders, arn, way) for group in self.holder_groups for arn, way in self.chains(group).items()]
        ways += [((holder,), arn, (hop,)) for holder, arn, hop in self._graph.outsiders()]
        for holders, arn, way in ways:
            if way[-1].service:
                continue  # a service assumes the role for the holder, who never calls AssumeRole
            asked = arn.replace(":ram::", ":ram:*:", 1)
            if resource == "*" or matches(asked):
                yield from (Access(holder, way[:-1], way[-1].environment, action, asked) for holder in holders)

    def _may(self, group: HolderGroup, candidates: Iterable[tuple[str, str]]) -> Access | None:
        """The best of what holders may do themselves: certain before conditional, account before resource group."""
        best: Access | None = None
        for number, candidate in enumerate(candidates):
            if best is not None and number >= _EXAMPLES:
                break  # some matching action is allowed; other examples could at most have fewer conditions
            for scope in self._scopes(group.policies):
                found = self._judge(group, *candidate, scope)
                if found is not None and found.certain:
                    return found
                best = best or found
        return best

    def _scopes(self, policies: PolicySet) -> list[str | None]:
        if self.resource_group is not None:
            return [self.resource_group]
        return [None, *dict.fromkeys(policy.scope for policy in policies.policies if policy.scope is not None)]

    def _judge(self, group: HolderGroup, action: str, resource: str, scope: str | None) -> Access | None:
        caller = group.caller
        context = self._graph.context(caller)
        request = Request(action, resource, context, caller, scope)
        decision = self.decide(group, request)
        possible = decision.allowed or feasible(request, group.policies, group.session, group.control)
        if decision.denied or not possible:
            return None
        shown = None if scope is None or self.resource_group is not None else scope
        return Access(group.first, (), environment_of(decision, context), action, resource, None, shown)

    def covers(self, resource: str) -> bool:
        """True if some account of the model may hold the resource; otherwise nothing is known about who can use it."""
        return any(_in_account(resource, account.id) is not None for account in self.model.accounts)

    def why_not_assumed(self, group: HolderGroup, action: str, resource: str) -> Iterator[str]:
        """For each role that may do an action itself and that a holder cannot come to: what keeps it from the role."""
        reached = self.chains(group)
        for position, _ in self._direct(action, resource):
            able = self.holder_groups[position].first
            if able.kind == "role" and able.arn != group.first.arn and able.arn not in reached:
                why = self._graph.why_not(group, able.arn)
                yield f"permission to assume {able.title}" + (f": {why}" if why else "")

    def decide(self, group: HolderGroup, request: Request) -> Decision:
        """Judge a request by what the holders themselves hold."""
        if not is_in_account(request.resource, group.first.account.id):
            # Policies of one account say nothing about resources of another.
            return Decision(Outcome.IMPLICIT_DENY, missing=("a role of the account that the resource is in",))
        return authorize(request, identity=group.policies, session=group.session, control=group.control)

    def _examples(self, group: HolderGroup, action: str, asked: str) -> Iterator[tuple[str, str]]:
        """One action and resource of every kind that holders' policies tell apart, of those that patterns match."""
        pattern = Statement(Effect.ALLOW, (action,), (), (asked,))
        held: list[Statement] = []
        for policy in group.policies.policies:
            unknown = policy.document == UNKNOWN_DOCUMENT
            held += (_ANYTHING,) if unknown else policy.document.statements
        search = Search(([pattern], held), (True, True))
        own = group.first.account.id
        try:
            for found in search.meetings():
                if account_of(found[1]) in {"", "*", own}:
                    yield found
        except TooMuchWorkError as error:
            raise InvalidInputError(
                "resource",
                f"{action} on {asked}",
                "has too many wildcards to be compared with the policies",
                _FIX,
                code="too-many-wildcards",
            ) from error


def _in_account(resource: str, account_id: str) -> str | None:
    """A resource or pattern with its open account filled in; None when it is in another account."""
    arn = Arn.read(resource)
    if arn is None or arn.account == SYSTEM:
        return resource
    if not glob_matcher(arn.account or "*")(account_id):
        return None
    return str(replace(arn, account=account_id))


def who_can(model: AccessModel, action: str, resource: str) -> list[Access]:
    """Every way by which a principal of a model may do an action on a resource; see `Explorer.who_can`."""
    return list(Explorer(model).who_can(action, resource))

"""Who may do an action on a resource, and by which way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice

from ram_policies.access.crew import Crew, Hop, Terms, feasible, terms_of
from ram_policies.access.model import AccessModel, Holder
from ram_policies.access.reach import ASSUME_ROLE, DEPTH, Reach
from ram_policies.arn import SYSTEM, Arn, account_of, is_in_account
from ram_policies.conditions import ContextValue
from ram_policies.document import UNKNOWN_DOCUMENT, Effect, Statement
from ram_policies.errors import InvalidInputError
from ram_policies.evaluation.decision import Decision, Outcome, Request
from ram_policies.evaluation.evaluate import authorize
from ram_policies.evaluation.policyset import PolicySet
from ram_policies.pattern import glob_matcher, has_wildcard, resource_matcher
from ram_policies.proof.budget import TooMuchWorkError
from ram_policies.proof.search import Search

_EXAMPLES = 64
_ANYTHING = Statement(Effect.ALLOW, ("*",), (), ("*",))  # what a document that is not known may say
_FIX = "ask about one action or one resource"


@dataclass(frozen=True, slots=True)
class Access:
    """One way by which somebody may do something.

    Attributes:
        holder: the user, role or session that starts.
        hops: roles assumed on the way, in order; empty for direct access.
        terms: under which terms the last one on the way may do the action.
        action: the action asked for.
        resource: the resource asked for.
        example: an action and a resource that may be used, where patterns were asked for.
        scope: resource group that the grant is limited to; None is the whole account.
    """

    holder: Holder
    hops: tuple[Hop, ...]
    terms: Terms
    action: str
    resource: str
    example: tuple[str, str] | None = None
    scope: str | None = None

    def by(self, holder: Holder, hops: tuple[Hop, ...]) -> Access:
        """The same at the end of another way."""
        return Access(holder, hops, self.terms, self.action, self.resource, self.example, self.scope)

    @property
    def certain(self) -> bool:
        """Whether it is allowed whatever the request's context; otherwise `conditions` or `depends_on` decide."""
        return not self.conditions and not self.depends_on

    @property
    def conditions(self) -> tuple[str, ...]:
        """Everything that must hold on the way, in words."""
        steps = [hop.terms for hop in self.hops] + [self.terms]
        scope = () if self.scope is None else (f"in resource group {self.scope}",)
        return tuple(dict.fromkeys([*(words for terms in steps for words in terms.conditions), *scope]))

    @property
    def depends_on(self) -> tuple[str, ...]:
        """What is not known before the deployment and decides."""
        steps = [hop.terms for hop in self.hops] + [self.terms]
        return tuple(dict.fromkeys(what for terms in steps for what in terms.depends_on))

    @property
    def path(self) -> tuple[str, ...]:
        """The way in words: ``user AAA of 12345678``, ``group operators (assume)``, ``role …``, the grant."""
        steps = [self.holder.title]
        for hop in self.hops:
            steps += [*_through(hop.terms), hop.title]
        return (*steps, *_through(self.terms))


def _through(terms: Terms) -> tuple[str, ...]:
    return (" or ".join(terms.through),) if terms.through else ()


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
    _reach: Reach = field(init=False)
    _chains: dict[str, Mapping[str, tuple[Hop, ...]]] = field(
        default_factory=dict[str, "Mapping[str, tuple[Hop, ...]]"], init=False
    )

    _ways: dict[str, list[tuple[int, tuple[Hop, ...]]]] | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self._reach = Reach(self.model, self.known, self.depth)

    @property
    def crews(self) -> tuple[Crew, ...]:
        """Holders who can do the same, together."""
        return self._reach.crews

    def context(self, crew: Crew) -> Mapping[str, ContextValue]:
        """What is known about a request of a crew."""
        return self._reach.context(crew.caller)

    def chains(self, crew: Crew) -> Mapping[str, tuple[Hop, ...]]:
        """The shortest way from a crew to each role it can come to, by ARN of the role."""
        found = self._chains.get(crew.first.arn)
        if found is None:
            found = self._chains[crew.first.arn] = self._reach.chains(crew)
        return found

    def who_can(self, action: str, resource: str) -> Iterator[Access]:
        """Every way by which a user, a role or a live session may do an action on a resource.

        The root identity of the resource's account, which may do anything, is not listed.

        Args:
            action: for example ``ecs:StopInstance``; wildcards ask for any action that matches.
            resource: an ARN, or a pattern that asks for any resource that matches. ``*`` is any resource at all. An
                empty or ``*`` account is every account, each holder being judged in its own.
        """
        if action.lower() == ASSUME_ROLE.lower():
            yield from self._who_can_assume(action, resource)
            return
        direct = dict(self._direct(action, resource))
        able = {
            crew.first.arn: direct[i] for i, crew in enumerate(self.crews) if crew.first.kind == "role" and i in direct
        }
        ways: dict[int, list[tuple[tuple[Hop, ...], Access]]] = {i: [((), found)] for i, found in direct.items()}
        for arn, last in able.items():
            for position, hops in self._ways_to(arn):
                ways.setdefault(position, []).append((hops, last))
        for position in sorted(ways):
            for holder in self.crews[position].holders:
                for hops, last in ways[position]:
                    yield last.by(holder, hops)
        for holder, arn, hop in self._reach.outsiders() if able else ():
            further = {role: (hop, *way) for role, way in self.chains(self._reach.roles[arn]).items()}
            for role, hops in {arn: (hop,), **further}.items():
                if role in able:
                    yield able[role].by(holder, hops)

    def _direct(self, action: str, resource: str) -> Iterator[tuple[int, Access]]:
        """Crews that may do it themselves, by position, with the best of what each has."""
        for account in self.model.accounts:
            asked = _in_account(resource, account.id)
            if asked is None:
                continue
            plain = not has_wildcard(action) and not has_wildcard(asked)
            positions = self._reach.index.may(action, asked) if plain else range(len(self.crews))
            for position in positions:
                crew = self.crews[position]
                if crew.first.account.id == account.id:
                    found = self._may(crew, [(action, asked)] if plain else self._examples(crew, action, asked))
                    if found is not None:
                        example = None if plain else (found.action, found.resource)
                        yield position, replace(found, action=action, resource=resource, example=example)

    def _ways_to(self, arn: str) -> list[tuple[int, tuple[Hop, ...]]]:
        """Who can come to a role, by position, and by which way."""
        if self._ways is None:
            self._ways = {}
            for position, crew in enumerate(self.crews):
                for role, hops in self.chains(crew).items():
                    self._ways.setdefault(role, []).append((position, hops))
        return self._ways.get(arn, [])

    def _who_can_assume(self, action: str, resource: str) -> Iterator[Access]:
        """Assuming a role is judged with the role's trust policy."""
        matches = resource_matcher(resource.lower())
        ways = [(crew.holders, arn, way) for crew in self.crews for arn, way in self.chains(crew).items()]
        ways += [((holder,), arn, (hop,)) for holder, arn, hop in self._reach.outsiders()]
        for holders, arn, way in ways:
            asked = arn.replace(":ram::", ":ram:*:", 1)
            if resource == "*" or matches(asked):
                yield from (Access(holder, way[:-1], way[-1].terms, action, asked) for holder in holders)

    def _may(self, crew: Crew, candidates: Iterable[tuple[str, str]]) -> Access | None:
        """The best of what a crew may do itself: without conditions before with, in all groups before in one."""
        best: Access | None = None
        for candidate in candidates:
            for scope in self._scopes(crew.policies):
                found = self._judge(crew, *candidate, scope)
                if found is not None and found.certain:
                    return found
                best = best or found
        return best

    def _scopes(self, policies: PolicySet) -> list[str | None]:
        if self.resource_group is not None:
            return [self.resource_group]
        return [None, *dict.fromkeys(policy.scope for policy in policies.policies if policy.scope is not None)]

    def _judge(self, crew: Crew, action: str, resource: str, scope: str | None) -> Access | None:
        caller = crew.caller
        context = self._reach.context(caller)
        request = Request(action, resource, context, caller, scope)
        decision = self.decide(crew, request)
        possible = decision.allowed or feasible(request, crew.policies, crew.session, crew.control)
        if decision.denied or not possible:
            return None
        shown = None if scope is None or self.resource_group is not None else scope
        return Access(crew.first, (), terms_of(decision, context), action, resource, None, shown)

    def decide(self, crew: Crew, request: Request) -> Decision:
        """Judge a request by what a crew holds itself."""
        if not is_in_account(request.resource, crew.first.account.id):
            # Policies of one account say nothing about resources of another.
            return Decision(Outcome.IMPLICIT_DENY, missing=("a role of the account that the resource is in",))
        return authorize(request, identity=crew.policies, session=crew.session, control=crew.control)

    def _examples(self, crew: Crew, action: str, asked: str) -> list[tuple[str, str]]:
        """One action and resource of every kind that a crew's policies tell apart, of those that patterns match."""
        pattern = Statement(Effect.ALLOW, (action,), (), (asked,))
        held: list[Statement] = []
        for policy in crew.policies.policies:
            unknown = policy.document == UNKNOWN_DOCUMENT
            held += (_ANYTHING,) if unknown else policy.document.statements
        search = Search(([pattern], held), (True, True))
        try:
            found = list(islice(search.meetings(), _EXAMPLES))
        except TooMuchWorkError as error:
            raise InvalidInputError(
                "resource", f"{action} on {asked}", "has too many wildcards to be compared with the policies", _FIX
            ) from error
        own = crew.first.account.id
        return [(a, r) for a, r in found if account_of(r) in {"", "*", own}]


def _in_account(resource: str, account_id: str) -> str | None:
    """A resource or pattern with its open account filled in; None when it is in another account."""
    arn = Arn.read(resource)
    if arn is None or arn.account == SYSTEM:
        return resource
    if not glob_matcher(arn.account or "*")(account_id):
        return None
    return str(replace(arn, account=account_id))


def who_can(model: AccessModel, action: str, resource: str) -> list[Access]:
    """Every way by which somebody in a model may do an action on a resource; see `Explorer.who_can`."""
    return list(Explorer(model).who_can(action, resource))

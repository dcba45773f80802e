"""The search for a request that one set of statements allows and another does not, or that both allow.

Actions are cut into regions by the patterns of both sides; for each region that matters, resources are cut by the
patterns of the statements left; what remains is a question about principals and conditions. All parts share one budget.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from ram_policies.arn import Arn, account_of, ignores_case, is_root
from ram_policies.document import Effect, Statement
from ram_policies.evaluation.compiled import speaks_about
from ram_policies.evaluation.decision import Request
from ram_policies.evaluation.unchecked import UNCHECKED_ACTIONS
from ram_policies.folding import fold
from ram_policies.pattern import Letters, Wild, action_tokens, exactly, resource_matcher, resource_tokens
from ram_policies.principals import spares_owner
from ram_policies.proof.budget import Budget, TooMuchWorkError
from ram_policies.proof.callers import CallerKind, caller_kinds
from ram_policies.proof.pattern_regions import pattern_regions
from ram_policies.proof.question import Question

_ANY_ACTION: Letters = (
    *(Wild.FIELD_ONE, Wild.FIELD_MANY, frozenset(":")),
    *(Wild.ONE, Wild.MANY),
)
_ANY_RESOURCE = exactly(resource_tokens("acs:?*:*:*:?*"))
# Names of RAM itself are compared without regard to case: the evaluator folds both sides (unconfirmed.RESOURCE_CASE).
_OWN_RESOURCES = tuple((*exactly(f"acs:{service}:"), Wild.MANY) for service in ("ram", "sts", "ims"))
_VALID, _OWN = 1, 2  # the first two lists of every cut of resources
_LEFT_OUT = 2  # the second list of actions
_TRIED_OWNERS = 4
_OTHER_ACCOUNTS = ("1000000001", "1000000002")
_NO_RESOURCE = "*"  # the resource of actions that have none

Sets = list[tuple[int, str]]
"""Sets of statements as bits, each with an example of what they all speak about."""


@dataclass(slots=True)
class Search:
    """One search over the statements of two sides.

    Attributes:
        sides: the statements of each side.
        goal: what each side must answer.
        budget: the work that may be done.
        gave_up: why parts of the question were left open; empty when nothing was.
    """

    sides: tuple[Sequence[Statement], Sequence[Statement]]
    goal: tuple[bool, bool]
    budget: Budget = field(default_factory=Budget)
    gave_up: list[str] = field(default_factory=list[str])
    _statements: list[Statement] = field(default_factory=list[Statement], init=False)
    _first: int = field(default=0, init=False)
    _allows: tuple[int, int] = field(default=(0, 0), init=False)
    _callers: list[CallerKind] = field(default_factory=list[CallerKind], init=False)
    _settled: set[int] = field(default_factory=set[int], init=False)
    _looked_at: str = field(default="", init=False)
    _answered: set[int] = field(default_factory=set[int], init=False)
    _cuts: dict[tuple[tuple[frozenset[str], ...], tuple[int, ...]], Sets] = field(
        default_factory=dict[tuple[tuple[frozenset[str], ...], tuple[int, ...]], Sets], init=False
    )

    def __post_init__(self) -> None:
        self._statements = [*self.sides[0], *self.sides[1]]
        self._first = (1 << len(self.sides[0])) - 1
        allows = sum(1 << i for i, s in enumerate(self._statements) if s.effect is Effect.ALLOW)
        self._allows = allows & self._first, allows & ~self._first

    def run(self) -> Request | None:
        """A request that meets the goal; None when none was found, and none exists unless `gave_up` says otherwise."""
        try:
            self._looked_at = "the principals can be told apart"
            self._callers = caller_kinds(self._statements, self.budget)
            for among, action, resource in self._meetings():
                found = self._with_caller(among, action, resource)
                if found is not None:
                    return found
        except TooMuchWorkError:
            self.gave_up.append(f"{self._looked_at} in too many ways")
        return None

    def meetings(self) -> Iterator[tuple[str, str]]:
        """An action and a resource for every set of statements that speak about them, conditions aside.

        Raises:
            TooMuchWorkError: there are more than can be looked at.
        """
        return ((action, resource) for _, action, resource in self._meetings())

    def _meetings(self) -> Iterator[tuple[int, str, str]]:
        self._looked_at = "the wildcards of the actions overlap"
        for about, action in self._action_sets():
            self._looked_at = f"the wildcards of the resources of {action} overlap"
            for among, resource in self._resource_sets(about):
                if among not in self._settled and self._may_meet(among):
                    self.budget.keep(1 + among.bit_length() // 64)
                    self._settled.add(among)
                    yield among, action, resource
            self._looked_at = "the wildcards of the actions overlap"

    def _action_sets(self) -> Iterator[tuple[int, str]]:
        """For each set of statements that speak about some action, such an action."""
        spelled = {fold(pattern): pattern for s in self._statements for pattern in (*s.actions, *s.not_actions)}
        owners: dict[tuple[frozenset[str], bool], int] = {}  # for each list of patterns, the statements that have it
        for index, statement in enumerate(self._statements):
            texts = frozenset(map(fold, statement.actions or statement.not_actions))
            group = (texts, bool(statement.not_actions))
            owners[group] = owners.get(group, 0) | 1 << index
        patterns = ([exactly(action_tokens(text)) for text in sorted(texts)] for texts, _ in owners)
        lists = [[_ANY_ACTION], self._left_out(), *patterns]
        groups = [(4 << index, mask, negated) for index, ((_, negated), mask) in enumerate(owners.items())]
        needed = [
            (
                sum(bit for bit, _, negated in relevant if not negated),
                sum(bit for bit, _, negated in relevant if negated),
            )
            for allows in self._needed
            for relevant in [[group for group in groups if group[1] & allows]]
        ]

        def matters(certain: int, possible: int) -> bool:
            return possible & _VALID != 0 and all(possible & named or ~certain & other for named, other in needed)

        seen: set[int] = set()
        for region in pattern_regions(lists, self.budget, matters):
            if not region.matches & _VALID or region.matches & _LEFT_OUT:
                continue
            self.budget.spend(len(groups))
            about = 0
            for bit, mask, negated in groups:
                if bool(region.matches & bit) is not negated:
                    about |= mask
            if about not in seen:
                self.budget.keep(1 + about.bit_length() // 64)
                seen.add(about)
                if self._may_meet(about):
                    yield about, spelled.get(region.example, region.example)

    def _left_out(self) -> list[Letters]:
        """The actions that cannot be an answer: everybody may do them, so no side refuses them.

        Only those that a statement of a side which must allow speaks about; no other action is asked for.
        """
        if all(self.goal):
            return []
        allowing = [self._statements[index] for allows in self._needed for index in _bits(allows)]
        unchecked = map(fold, UNCHECKED_ACTIONS)
        return [exactly(action) for action in unchecked if any(speaks_about(one, action) for one in allowing)]

    def _resource_sets(self, about: int) -> Iterator[tuple[int, str]]:
        """For each set of statements that speak about some resource, of those given as bits, such a resource."""
        owners: dict[frozenset[str], int] = {}
        for index in _bits(about):
            resources = frozenset(self._statements[index].resources or ("*",))
            owners[resources] = owners.get(resources, 0) | 1 << index
            self.budget.spend(len(resources))
        everywhere = 0
        for resources in [resources for resources in owners if "*" in resources]:
            everywhere |= owners.pop(resources)
        ordered = sorted(owners, key=sorted)
        needed = tuple(
            sum(1 << place for place, resources in enumerate(ordered) if owners[resources] & allows)
            for allows in self._needed
            if not everywhere & allows
        )
        for matches, example in self._cut(tuple(ordered), needed):
            self.budget.spend(len(ordered))
            among = everywhere
            for place, resources in enumerate(ordered):
                if matches >> place & 1:
                    among |= owners[resources]
            yield among, example

    def _cut(self, lists: tuple[frozenset[str], ...], needed: tuple[int, ...]) -> Sets:
        """The sets of lists that some resource matches, with the resource; kept, as many actions ask for the same."""
        kept = self._cuts.get((lists, needed))
        if kept is None:
            kept = list(_cut_resources(lists, needed, self.budget))
            self.budget.keep(sum(20 + matches.bit_length() // 64 + len(text) // 8 for matches, text in kept))
            self._cuts[lists, needed] = kept
        return kept

    def _with_caller(self, among: int, action: str, resource: str) -> Request | None:
        """A request of some caller that meets the goal; the statements given as bits speak about it."""
        before, self._looked_at = self._looked_at, f"the conditions on {action} on {resource} combine"
        for kind in self._callers:
            self.budget.spend()
            left = among & kind.matched
            if (left in self._answered and not kind.owners) or not self._may_meet(left):
                continue
            self._answered.add(left)
            sides = [(0 if self._first >> index & 1 else 1, self._statements[index]) for index in _bits(left)]
            question = Question.about(sides, self.goal, self.budget)
            context = question.answer()
            if context is not None:
                request = Request(action, resource, context, kind.arn, principal_id=kind.principal_id)
                placed = self._owned(request, kind.owners, among) if kind.owners else self._foreign(request, among)
                if placed is not None:
                    return placed
                self.gave_up.append(f"whether the owner may {action} depends on the account that {resource} is in")
            if question.maybe:
                self.gave_up.append(f"conditions of different types on one key decide about {action} on {resource}")
        self._looked_at = before
        return None

    def _owned(self, request: Request, owners: Sequence[str], among: int) -> Request | None:
        """The request as one of a root identity whose account the resource is in; None when it can be in none."""
        here = account_of(request.resource)
        for root in islice(sorted(owners, key=lambda root: account_of(root) != here), _TRIED_OWNERS):
            moved = self._moved(replace(request, principal=root), account_of(root), among)
            if moved is not None:
                return moved
        return None

    def _foreign(self, request: Request, among: int) -> Request | None:
        """The request, on a resource that is not the caller's own where it is a root identity; None if there is none.

        Statements may pass over the owner of a resource: somebody of such a kind is another caller.
        """
        own = account_of(request.principal)
        if not is_root(request.principal) or account_of(request.resource) != own:
            return request
        if not any(spares_owner(self._statements[index]) for index in _bits(among)):
            return request
        return next((moved for a in _OTHER_ACCOUNTS if a != own and (moved := self._moved(request, a, among))), None)

    def _moved(self, request: Request, account: str, among: int) -> Request | None:
        """The request on the resource of the same name in an account; None when other statements speak about it."""
        arn = Arn.read(request.resource)
        if arn is None:
            return None
        moved = str(replace(arn, account=account))
        return replace(request, resource=moved) if self._speaking_of(moved, request.action) == among else None

    def _speaking_of(self, resource: str, action: str) -> int:
        """The statements that speak about an action on a resource."""
        folded = fold(resource) if ignores_case(resource) else resource
        found = 0
        for index, statement in enumerate(self._statements):
            patterns = [fold(r) if ignores_case(resource) else r for r in statement.resources or ("*",)]
            if speaks_about(statement, fold(action)) and any(p == "*" or resource_matcher(p)(folded) for p in patterns):
                found |= 1 << index
        return found

    @property
    def _needed(self) -> list[int]:
        """For each side that must allow, its Allow statements."""
        return [allows for allows, wanted in zip(self._allows, self.goal, strict=True) if wanted]

    def _may_meet(self, among: int) -> bool:
        """True if the statements given as bits hold an Allow of every side that must allow."""
        return all(among & allows for allows in self._needed)


def _bits(mask: int) -> Iterator[int]:
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def _cut_resources(
    lists: tuple[frozenset[str], ...], needed: tuple[int, ...], budget: Budget
) -> Iterator[tuple[int, str]]:
    """The sets of lists, as bits, that some resource matches one pattern of, each once, with the resource."""
    seen: set[int] = set()
    first = (_VALID | _OWN).bit_length()

    def matters(certain: int, possible: int) -> bool:
        del certain
        return possible & _VALID != 0 and all(possible >> first & mask for mask in needed)

    for own in (False, True):
        patterns = [
            [exactly(resource_tokens(fold(text) if own else text)) for text in sorted(texts)] for texts in lists
        ]
        for region in pattern_regions([[_ANY_RESOURCE], _OWN_RESOURCES, *patterns], budget, matters):
            matches = region.matches >> first
            if region.matches & _VALID and bool(region.matches & _OWN) is own and matches not in seen:
                seen.add(matches)
                yield matches, region.example
    without = sum(1 << place for place, texts in enumerate(lists) if any(map(_matches_no_resource, texts)))
    if without not in seen:
        yield without, _NO_RESOURCE


def _matches_no_resource(pattern: str) -> bool:
    return bool(resource_matcher(pattern)(_NO_RESOURCE))

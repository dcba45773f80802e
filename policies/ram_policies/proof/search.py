"""The search for a request that one set of statements allows and another does not, or that both allow.

Actions are cut into regions by all patterns of both sides; for each region that matters, resources are cut by the
patterns of the statements left; what remains is a question about principals and conditions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ram_policies.document import Effect, Statement
from ram_policies.evaluation.decision import Request
from ram_policies.pattern import Wild, glob_tokens, resource_tokens
from ram_policies.principals import caller_keys, principal_keys
from ram_policies.proof.callers import callers
from ram_policies.proof.question import Question
from ram_policies.proof.regions import STATES, Budget, Pattern, Region, TooManyRegionsError, exactly, regions

_ANY_ACTION: Pattern = (
    *(Wild.FIELD_ONE, Wild.FIELD_MANY, frozenset(":")),
    *(Wild.ONE, Wild.MANY),
)
_ANY_RESOURCE = exactly(resource_tokens("acs:?*:*:*:?*"))
# Names of RAM itself are compared without regard to case: the evaluator lowers both sides (unconfirmed.RESOURCE_CASE).
_OWN_RESOURCES = tuple((*exactly(f"acs:{service}:"), Wild.MANY) for service in ("ram", "sts", "ims"))
_STATES = 4 * STATES  # of all regions of one search
_BRANCHES = 200_000  # of all questions about conditions of one search
_NO_RESOURCE = "*"  # the resource of actions that have none


@dataclass(slots=True)
class Search:
    """One search over the statements of two sides.

    Attributes:
        sides: the statements of each side.
        goal: what each side must answer.
        gave_up: why parts of the question were left open; empty when nothing was.
    """

    sides: tuple[Sequence[Statement], Sequence[Statement]]
    goal: tuple[bool, bool]
    gave_up: list[str] = field(default_factory=list[str])
    _statements: list[Statement] = field(default_factory=list[Statement], init=False)
    _first: int = field(default=0, init=False)
    _second: int = field(default=0, init=False)
    _settled: set[int] = field(default_factory=set[int], init=False)
    _resources: dict[tuple[tuple[str, ...], ...], list[tuple[int, str]]] = field(
        default_factory=dict[tuple[tuple[str, ...], ...], list[tuple[int, str]]], init=False
    )

    _states: Budget = field(default_factory=lambda: Budget(_STATES), init=False)
    _branches: Budget = field(default_factory=lambda: Budget(_BRANCHES), init=False)

    def __post_init__(self) -> None:
        self._statements = [*self.sides[0], *self.sides[1]]
        self._first = (1 << len(self.sides[0])) - 1
        self._second = (1 << len(self._statements)) - 1 - self._first

    def run(self) -> Request | None:
        """A request that meets the goal; None when none was found, and none exists unless `gave_up` says otherwise."""
        try:
            for about, action in self._action_regions():
                if self._may_meet(about):
                    request = self._with_action(about, action)
                    if request is not None:
                        return request
        except TooManyRegionsError:
            self.gave_up.append("the wildcards of the actions overlap in too many ways")
        return None

    def meetings(self) -> Iterator[tuple[str, str]]:
        """An action and a resource for every set of statements that speak about them, conditions aside.

        Raises:
            TooManyRegionsError: there are more than can be looked at.
        """
        for about, action in self._action_regions():
            if self._may_meet(about):
                for among, resource in self._resource_regions(about):
                    if among not in self._settled and self._may_meet(among):
                        self._settled.add(among)
                        yield action, resource

    def _action_regions(self) -> Iterator[tuple[int, str]]:
        """For each set of statements that speak about some action, such an action."""
        lists = [(s.actions or s.not_actions, bool(s.not_actions)) for s in self._statements]
        spelled = {pattern.lower(): pattern for patterns, _ in lists for pattern in patterns}
        texts = list(spelled)
        position = {text: index for index, text in enumerate(texts, start=1)}
        masks = [(sum({1 << position[p.lower()] for p in patterns}), negated) for patterns, negated in lists]
        seen: set[int] = set()
        for region in regions([_ANY_ACTION, *(exactly(glob_tokens(text)) for text in texts)], self._states):
            if not region.matches & 1:
                continue
            about = sum(1 << i for i, (mask, negated) in enumerate(masks) if bool(region.matches & mask) is not negated)
            if about not in seen:
                seen.add(about)
                yield about, spelled.get(region.example, region.example)

    def _with_action(self, about: int, action: str) -> Request | None:
        try:
            for among, resource in self._resource_regions(about):
                if among not in self._settled and self._may_meet(among):
                    self._settled.add(among)
                    found = self._with_conditions(self._select(among), action, resource)
                    if found is not None:
                        return found
        except TooManyRegionsError:
            self.gave_up.append(f"the wildcards of the resources of {action} overlap in too many ways")
        return None

    def _resource_regions(self, about: int) -> Iterator[tuple[int, str]]:
        """For each set of statements that speak about some resource, of those given as bits, such a resource."""
        chosen = [(index, self._statements[index].resources or ("*",)) for index in _bits(about)]
        key = tuple(resources for _, resources in chosen)
        kept = self._resources.get(key)
        if kept is None:
            kept = self._resources[key] = list(_cut_resources(key, self._states))
        for matches, example in kept:
            yield sum(1 << index for place, (index, _) in enumerate(chosen) if matches >> place & 1), example

    def _with_conditions(self, chosen: list[tuple[int, Statement]], action: str, resource: str) -> Request | None:
        for principal, principal_id in callers(statement for _, statement in chosen):
            keys = {*caller_keys(principal), f"uid {principal_id}"}
            left = [(i, s) for i, s in chosen if s.principals is None or keys & principal_keys(s.principals)]
            if not self._may_meet(sum(1 << index for index, _ in left)):
                continue
            try:
                sides = [(0 if self._first >> index & 1 else 1, statement) for index, statement in left]
                question = Question.about(sides, self.goal, budget=self._branches)
                context = question.answer()
            except TooManyRegionsError:
                self.gave_up.append(f"the conditions on {action} on {resource} combine in too many ways")
                continue
            if context is not None:
                return Request(action, resource, context, principal, principal_id=principal_id)
            if question.maybe:
                self.gave_up.append(f"conditions of different types on one key decide about {action} on {resource}")
        return None

    def _select(self, among: int) -> list[tuple[int, Statement]]:
        return [(index, self._statements[index]) for index in _bits(among)]

    def _may_meet(self, among: int) -> bool:
        """Whether the statements given as bits hold an Allow of every side that must allow."""
        allows = sum(1 << i for i in _bits(among) if self._statements[i].effect is Effect.ALLOW)
        return bool(allows & self._first or not self.goal[0]) and bool(allows & self._second or not self.goal[1])


def _bits(mask: int) -> Iterator[int]:
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def _cut_resources(lists: tuple[tuple[str, ...], ...], states: Budget) -> Iterator[tuple[int, str]]:
    """The sets of lists, as bits, that some resource matches one pattern of, each once, with the resource."""
    seen: set[int] = set()
    for folds in (False, True):
        texts = [[pattern.lower() if folds else pattern for pattern in patterns] for patterns in lists]
        unique = list(dict.fromkeys(text for patterns in texts for text in patterns))
        first = 1 + len(_OWN_RESOURCES)
        position = {text: index for index, text in enumerate(unique, start=first)}
        masks = [sum({1 << position[text] for text in patterns}) for patterns in texts]
        cut = regions([_ANY_RESOURCE, *_OWN_RESOURCES, *(exactly(resource_tokens(text)) for text in unique)], states)
        for region in _of_kind(cut, own=folds):
            matches = sum(1 << place for place, mask in enumerate(masks) if region.matches & mask)
            if matches not in seen:
                seen.add(matches)
                yield matches, region.example
    without = sum(1 << place for place, patterns in enumerate(lists) if "*" in patterns)
    if without not in seen:
        yield without, _NO_RESOURCE


def _of_kind(cut: Iterator[Region], *, own: bool) -> Iterator[Region]:
    own_mask = sum(2 << index for index in range(len(_OWN_RESOURCES)))
    return (region for region in cut if region.matches & 1 and bool(region.matches & own_mask) is own)

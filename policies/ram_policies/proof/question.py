"""The question that is left when action, resource and caller are settled: is there a context that makes it so?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ram_policies.conditions import CompiledCondition, ContextValue, Unknown
from ram_policies.document import Condition, Effect, Statement
from ram_policies.proof.contexts import ValueClass, value_classes
from ram_policies.proof.regions import Budget, TooManyRegionsError

_BRANCHES = 50_000


def possible_together(sides: Iterable[Sequence[Statement]], known: Mapping[str, ContextValue]) -> bool:
    """Whether some context makes every side allow. False is always right.

    Args:
        sides: statements that all speak about one request, conditions aside.
        known: keys whose values are settled; an empty tuple is an absent key.
    """
    numbered = [(side, statement) for side, statements in enumerate(sides) for statement in statements]
    try:
        question = Question.about(numbered, (True,) * (1 + max((side for side, _ in numbered), default=0)), known)
        return question.answer() is not None or question.maybe
    except TooManyRegionsError:
        return True


Answers = Mapping[str, ValueClass]


@dataclass(slots=True)
class Question:
    """Whether some context makes sides give the answers wanted.

    Attributes:
        rules: side, effect, and the conditions, as key and number, of each statement.
        classes: for each key, the classes of its values.
        goal: for each side, whether it must allow.
        budget: combinations that may be looked at.
        maybe: a context that would do may exist, but none could be written down.
    """

    rules: list[tuple[int, Effect, list[tuple[str, int]]]]
    classes: dict[str, list[ValueClass]]
    goal: tuple[bool, ...]
    maybe: bool = False
    budget: Budget = field(default_factory=lambda: Budget(_BRANCHES))

    @classmethod
    def about(
        cls,
        statements: Iterable[tuple[int, Statement]],
        goal: tuple[bool, ...],
        settled: Mapping[str, ContextValue] | None = None,
        budget: Budget | None = None,
    ) -> Question:
        """Ask about statements, each with the number of its side.

        Raises:
            TooManyRegionsError: the conditions cut values into more classes than can be looked at.
        """
        by_key: dict[str, dict[Condition, int]] = {}
        rules: list[tuple[int, Effect, list[tuple[str, int]]]] = []
        for side, statement in statements:
            tests: list[tuple[str, int]] = []
            for condition in statement.conditions:
                numbers = by_key.setdefault(condition.key, {})
                tests.append((condition.key, numbers.setdefault(condition, len(numbers))))
            rules.append((side, statement.effect, tests))
        classes = {key: _classes(key, tuple(conditions), settled or {}) for key, conditions in by_key.items()}
        return cls(rules, classes, goal, budget=budget or Budget(_BRANCHES))

    def answer(self) -> dict[str, ContextValue] | None:
        """A context that gives the answers wanted.

        Raises:
            TooManyRegionsError: there are more combinations than can be looked at.
        """
        found = self._search({}, list(self.classes))
        if found is None:
            return None
        return {key: chosen.value for key, chosen in found.items() if chosen.value is not None}

    def _search(self, chosen: dict[str, ValueClass], keys: list[str]) -> dict[str, ValueClass] | None:
        self.budget.spend()
        for side in range(len(self.goal)):
            answer = self._allows(side, chosen)
            if answer is not None and answer is not self.goal[side]:
                return None
        if not keys:
            if all(value.known for value in chosen.values()):
                return chosen
            self.maybe = True
            return None
        for value in self.classes[keys[0]]:
            found = self._search({**chosen, keys[0]: value}, keys[1:])
            if found is not None:
                return found
        return None

    def _allows(self, side: int, chosen: Answers) -> bool | None:
        """What a side answers; None while keys that decide are still open."""
        fired: dict[Effect, list[bool | None]] = {Effect.ALLOW: [], Effect.DENY: []}
        for whose, effect, tests in self.rules:
            if whose == side:
                fired[effect].append(_all(tests, chosen))
        denied, allowed = fired[Effect.DENY], fired[Effect.ALLOW]
        if any(denied) or not any(fires is not False for fires in allowed):
            return False
        return True if any(allowed) and None not in denied else None


def _all(tests: Sequence[tuple[str, int]], chosen: Answers) -> bool | None:
    answer: bool | None = True
    for key, number in tests:
        value = chosen.get(key)
        if value is None:
            answer = None
        elif not value.holds[number]:
            return False
    return answer


def _classes(key: str, conditions: tuple[Condition, ...], settled: Mapping[str, ContextValue]) -> list[ValueClass]:
    value = settled.get(key)
    if value is None or isinstance(value, Unknown):
        return list(value_classes(key, conditions))
    holds = tuple(CompiledCondition(condition).holds({key: value}) is True for condition in conditions)
    return [ValueClass(holds, known=True, value=value)]

"""The question that is left when action, resource and caller are settled: is there a context that makes it so?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ram_policies.conditions import CompiledCondition, ContextValue, has_unknown
from ram_policies.document import Condition, Effect, Statement
from ram_policies.operators import parse_operator
from ram_policies.proof.budget import Budget, TooMuchWorkError
from ram_policies.proof.contexts import ValueClass, comes_once, value_classes

_BRANCH_STEPS = 4
_BRANCH_WORDS = 12
_MOST_KEYS = 200  # the search goes as deep as there are keys
_LIKELY = 50  # values that are tried before all are looked at


def possible_together(sides: Iterable[Sequence[Statement]], known: Mapping[str, ContextValue]) -> bool:
    """True if some context makes every side allow. False is always right.

    Args:
        sides: statements that all speak about one request, conditions aside.
        known: keys whose values are settled; an empty tuple is an absent key.
    """
    numbered = [(side, statement) for side, statements in enumerate(sides) for statement in statements]
    goal = (True,) * (1 + max((side for side, _ in numbered), default=0))
    return _may_be_answered(numbered, goal, known)


def contradiction(conditions: Iterable[Condition], budget: Budget | None = None) -> tuple[Condition, ...]:
    """Conditions of one key that no request satisfies together; empty when there are none.

    Every value of every type is considered, absence of the key, and several values at once where a request can carry
    them. Conditions of more types on one key than can be worked out count as satisfiable.

    Args:
        conditions: those of one statement.
        budget: the work that may be done, where several questions share it; otherwise that of one proof.
    """
    return _contradiction(conditions, comes_once, budget or Budget())


def no_value_passes(conditions: Iterable[Condition], budget: Budget | None = None) -> tuple[Condition, ...]:
    """Conditions of one key that no value passes together; empty when there are none.

    As `contradiction`, but a key is taken to come once in a request unless a set operator tests it: good for telling
    people what they probably did not mean, not for relying on.
    """
    several = {c.key for c in conditions if (parsed := parse_operator(c.operator)) and parsed[0]}
    return _contradiction(conditions, lambda key: key not in several or comes_once(key), budget or Budget())


def follows(condition: Condition, given: Iterable[Condition], budget: Budget | None = None) -> bool:
    """True if every request that satisfies the given conditions satisfies this one, all on one key.

    True is always right. False may be wrong where the conditions have more cases than can be looked at.
    """
    premises = list(dict.fromkeys(given))
    if condition in premises:
        return True
    tests = [condition, *premises]
    others = (1 << len(tests)) - 2
    if others in _likely(tests):
        return False
    try:
        classes = value_classes(tests, budget or Budget(), once=comes_once(condition.key))
    except TooMuchWorkError:
        return False
    return all(found.holds & 1 for found in classes if found.holds & others == others)


def _likely(tests: Sequence[Condition]) -> set[int]:
    """Sets of conditions on one key that some value meets, as bits: absence, and values like those that they name."""
    compiled = [CompiledCondition(test) for test in tests]
    named = list(dict.fromkeys(value for test in tests for value in test.values))[:_LIKELY]
    filled = (value.replace("*", "").replace("?", "x") for value in named)
    contexts: list[dict[str, str]] = [{}, *({tests[0].key: text} for text in ("x", *named, *filled))]
    return {
        sum(1 << index for index, test in enumerate(compiled) if test.holds(context) is True) for context in contexts
    }


def _contradiction(
    conditions: Iterable[Condition], once: Callable[[str], bool], budget: Budget
) -> tuple[Condition, ...]:
    by_key: dict[str, list[Condition]] = {}
    for condition in conditions:
        by_key.setdefault(condition.key, []).append(condition)
    for key, several in by_key.items():
        tests = list(dict.fromkeys(several))
        all_of_them = (1 << len(tests)) - 1
        if all_of_them in _likely(tests):
            continue
        try:
            classes = value_classes(tests, budget, once=once(key))
        except TooMuchWorkError:
            continue
        if all(found.holds != all_of_them for found in classes):
            return tuple(tests)
    return ()


def _may_be_answered(
    statements: Sequence[tuple[int, Statement]], goal: tuple[bool, ...], known: Mapping[str, ContextValue]
) -> bool:
    try:
        question = Question.about(statements, goal, Budget(), known)
        return question.answer() is not None or question.maybe
    except TooMuchWorkError:
        return True


@dataclass(slots=True)
class Question:
    """Search for a context in which sides give the answers wanted. Statements are numbered; sets of them are bits.

    Attributes:
        allows: for each side, its Allow statements.
        denies: for each side, its Deny statements.
        goal: for each side, whether it must allow.
        keys: the condition keys, with the classes of their values and the statements that each class rules out.
        settled: for each number of keys that are chosen, the statements that need no further key.
        budget: the work that may be done.
        maybe: a context that would do may exist, but none could be written down.
    """

    allows: tuple[int, ...]
    denies: tuple[int, ...]
    goal: tuple[bool, ...]
    keys: list[tuple[str, list[tuple[int, ValueClass]]]]
    settled: list[int]
    budget: Budget
    maybe: bool = False
    _failed: set[tuple[int, int, bool]] = field(default_factory=set[tuple[int, int, bool]], init=False)

    @classmethod
    def about(
        cls,
        statements: Sequence[tuple[int, Statement]],
        goal: tuple[bool, ...],
        budget: Budget,
        given: Mapping[str, ContextValue] | None = None,
    ) -> Question:
        """Ask about statements, each with the number of its side.

        Raises:
            TooMuchWorkError: the conditions cut values into more classes than can be looked at.
        """
        allows, denies = [0] * len(goal), [0] * len(goal)
        tested: dict[str, dict[Condition, int]] = {}  # for each condition, the statements that have it
        for index, (side, statement) in enumerate(statements):
            budget.spend(1 + len(statement.conditions))
            (allows if statement.effect is Effect.ALLOW else denies)[side] |= 1 << index
            for condition in statement.conditions:
                tests = tested.setdefault(condition.key, {})
                tests[condition] = tests.get(condition, 0) | 1 << index
        question = cls(tuple(allows), tuple(denies), goal, [], [], budget)
        unconditional = (1 << len(statements)) - 1
        for tests in tested.values():
            for owners in tests.values():
                unconditional &= ~owners
        if question.refused((1 << len(statements)) - 1, unconditional):
            return question  # no context can change that, so values need not be looked at
        question._choose_keys(tested, unconditional, given or {})
        return question

    def _choose_keys(
        self, tested: Mapping[str, Mapping[Condition, int]], unconditional: int, given: Mapping[str, ContextValue]
    ) -> None:
        """Order the keys, those of most statements first, and find out what each class of their values rules out."""
        if len(tested) > _MOST_KEYS:
            raise TooMuchWorkError
        owners = {key: _union(tests.values()) for key, tests in tested.items()}
        ordered = sorted(tested, key=lambda key: -owners[key].bit_count())
        waiting = [0] * (len(ordered) + 1)  # statements that need one of the keys from there on
        for position in reversed(range(len(ordered))):
            waiting[position] = waiting[position + 1] | owners[ordered[position]]
        everything = unconditional | waiting[0]
        self.settled = [everything & ~waiting[position] for position in range(len(ordered) + 1)]
        for key in ordered:
            conditions = list(tested[key])
            members = [tested[key][condition] for condition in conditions]
            by_loss: dict[int, ValueClass] = {}
            for found in _classes(key, conditions, given, self.budget):
                self.budget.spend(len(members))
                lost = _union(m for index, m in enumerate(members) if not found.holds >> index & 1)
                kept = by_loss.get(lost)
                if kept is None or (found.known and not kept.known):
                    by_loss[lost] = found
            self.keys.append((key, list(by_loss.items())))

    def refused(self, alive: int, settled: int) -> bool:
        """True if some side gives the wrong answer, whatever values the other keys have.

        Args:
            alive: the statements that no value has ruled out so far.
            settled: the statements that depend on no further key.
        """
        for side, wanted in enumerate(self.goal):
            allows, denies = self.allows[side] & alive, self.denies[side] & alive
            if wanted and (denies & settled or not allows):
                return True
            if not wanted and allows & settled and not denies:
                return True
        return False

    def answer(self) -> dict[str, ContextValue] | None:
        """A context that gives the answers wanted.

        Raises:
            TooMuchWorkError: there are more combinations than can be looked at.
        """
        if not self.settled:
            return None
        everything = _union((*self.allows, *self.denies))
        found = self._search(0, everything, known=True)
        if found is None:
            return None
        return {key: value for key, value in found if value is not None}

    def _search(self, position: int, alive: int, *, known: bool) -> list[tuple[str, ContextValue | None]] | None:
        self.budget.spend(_BRANCH_STEPS)
        if self.refused(alive, self.settled[position]):
            return None
        if position == len(self.keys):
            self.maybe = self.maybe or not known
            return [] if known else None
        mark = (position, alive, known)
        if mark in self._failed:
            return None
        key, classes = self.keys[position]
        for lost, value in classes:
            found = self._search(position + 1, alive & ~lost, known=known and value.known)
            if found is not None:
                return [(key, value.value), *found]
        self.budget.keep(_BRANCH_WORDS)
        self._failed.add(mark)
        return None


def _union(sets: Iterable[int]) -> int:
    union = 0
    for one in sets:
        union |= one
    return union


def _classes(
    key: str, conditions: Sequence[Condition], given: Mapping[str, ContextValue], budget: Budget
) -> list[ValueClass]:
    value = given.get(key)
    if value is None or has_unknown(value):
        return value_classes(conditions, budget, once=comes_once(key))
    tests = (CompiledCondition(condition).holds({key: value}) is True for condition in conditions)
    return [ValueClass(sum(1 << index for index, holds in enumerate(tests) if holds), known=True, value=value)]

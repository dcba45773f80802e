"""Effects of the values of one condition key on the conditions about it.

For each key, the values are cut into classes that all conditions treat alike: texts along the regions of their
patterns, numbers, dates and addresses along the borders of their intervals. How values are cut is declared with the
operators; what an example of a class makes of the conditions is asked of the evaluator itself.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from typing import assert_never

from ram_policies.conditions import CompiledCondition, ContextValue, Unknown
from ram_policies.document import Condition
from ram_policies.operators import LineComparison, TextComparison
from ram_policies.proof.budget import Budget, TooMuchWorkError
from ram_policies.proof.pattern_regions import pattern_regions
from ram_policies.values import ValueLine

SINGLE_VALUED = frozenset(
    {
        "acs:AccessId",
        "acs:CurrentTime",
        "acs:MFAPresent",
        "acs:PrincipalARN",
        "acs:PrincipalRDId",
        "acs:PrincipalRDPath",
        "acs:ResourceGroupId",
        "acs:SecureTransport",
        "acs:Service",
        "acs:SourceIp",
        "acs:SourceVpc",
        "acs:UserAgent",
        "oidc:iss",
        "oidc:sub",
        "oss:Delimiter",
        "oss:Prefix",
        "ram:ServiceName",
        "saml:recipient",
        "sts:ExternalId",
        "sts:SourceIdentity",
    }
)
"""Keys that a request carries once or not at all. Any other key may carry several values."""

_TAG_PREFIXES = ("acs:RequestTag/", "acs:ResourceTag/", "ecs:tag/", "rds:ResourceTag/")
_MOST_FREE = 8
_UNREADABLE = "-"  # of no type but string
_CLASS_WORDS = 30

ConditionBits = int
"""The conditions that hold, as bits."""


@dataclass(frozen=True, slots=True)
class ValueClass:
    """Values of one key that all conditions treat alike.

    Attributes:
        holds: the conditions that hold, as bits.
        known: whether `value` is such a value; otherwise it is not known whether there is one.
        value: an example; None when the key is absent from the request.
    """

    holds: ConditionBits
    known: bool
    value: ContextValue | None


def value_classes(conditions: Sequence[Condition], budget: Budget, *, once: bool) -> list[ValueClass]:
    """All classes of values of one key, absence first, then single values, then several at once.

    Args:
        conditions: different conditions on the key.
        budget: the work that may be done.
        once: whether a request carries the key once at most.

    Raises:
        TooMuchWorkError: there are more classes than can be looked at.
    """
    compiled = [CompiledCondition(condition) for condition in conditions]
    absent = sum(1 << index for index, c in enumerate(compiled) if c.holds_when_absent)
    classes = {absent: ValueClass(absent, known=True, value=None)}
    singles: dict[ConditionBits, ValueClass] = {}
    for single in _singles(compiled, budget):
        kept = singles.get(single.holds)
        if kept is None or (single.known and not kept.known):
            budget.keep(_CLASS_WORDS)
            singles[single.holds] = single
    several = () if once else _sets(singles, compiled, budget)
    for found in (*singles.values(), *several):
        kept = classes.get(found.holds)
        if kept is None or (found.known and not kept.known):
            classes[found.holds] = found
    return list(classes.values())


def comes_once(key: str) -> bool:
    """True if a request carries the key once at most, so that it never has several values."""
    return key in SINGLE_VALUED or key.startswith(_TAG_PREFIXES)


def _singles(compiled: Sequence[CompiledCondition], budget: Budget) -> Iterator[ValueClass]:
    """A class for everything that one value can make of the conditions."""
    lines: dict[int, list[CompiledCondition]] = {}
    texts: list[CompiledCondition] = []
    for condition in compiled:
        comparison = condition.operator.comparison
        match comparison:
            case TextComparison():
                texts.append(condition)
            case LineComparison():
                lines.setdefault(id(comparison.line), []).append(condition)
            case _:
                assert_never(comparison)
    if not lines:
        yield from (_effect(text, compiled, budget) for text in _texts(texts, budget))
        return
    on_line = [_on_line(conditions, budget) for conditions in lines.values()]
    if not texts and len(on_line) == 1:
        yield from (_effect(text, compiled, budget) for text in (*on_line[0], _UNREADABLE))
        return
    yield from _mixed(compiled, texts, on_line, budget)


def _mixed(
    compiled: Sequence[CompiledCondition],
    texts: Sequence[CompiledCondition],
    on_line: Sequence[list[str]],
    budget: Budget,
) -> Iterator[ValueClass]:
    """Conditions of several types on one key.

    Where the texts are compared as a whole, each of them is looked at, and so is every interval of the other type, as
    a value that is none of them. Otherwise what one value makes of all the conditions is not worked out.
    """
    examples = [example for several in on_line for example in (*several, _UNREADABLE)]
    literals = dict.fromkeys(value for condition in texts for value in condition.condition.values)
    if len(on_line) == 1 and all(condition.operator.is_literal for condition in texts):
        for text in (*literals, *(example for example in examples if example not in literals)):
            yield _effect(text, compiled, budget)
        # An example that is one of the literals: others of its interval may be none of them.
        of_text = [(1 << i, c) for i, c in enumerate(compiled) if isinstance(c.operator.comparison, TextComparison)]
        whose = sum(bit for bit, _ in of_text)
        blank = sum(bit for bit, condition in of_text if condition.operator.negated)
        for text in (example for example in examples if example in literals):
            found = _effect(text, compiled, budget)
            yield ValueClass(found.holds & ~whose | blank, known=False, value=None)
        return
    for text in (*_texts(texts, budget), *examples):
        yield _effect(text, compiled, budget)
    if len(compiled) > _MOST_FREE:
        raise TooMuchWorkError
    for bits in product((0, 1), repeat=len(compiled)):
        yield ValueClass(sum(bit << index for index, bit in enumerate(bits)), known=False, value=None)


def _effect(text: str, compiled: Sequence[CompiledCondition], budget: Budget) -> ValueClass:
    budget.spend(1 + sum(2 + len(condition.condition.values) // 4 for condition in compiled))
    holds = sum(1 << index for index, condition in enumerate(compiled) if condition.holds({condition.key: text}))
    return ValueClass(holds, known=True, value=text)


def _texts(conditions: Sequence[CompiledCondition], budget: Budget) -> list[str]:
    """A text of every region that the conditions cut texts into, the empty one last."""
    patterns = [
        [comparison.pattern(value) for value in condition.condition.values]
        for condition in conditions
        if isinstance(comparison := condition.operator.comparison, TextComparison)
    ]
    return sorted(
        (region.example for region in pattern_regions(patterns, budget)), key=lambda text: (not text, len(text))
    )


def _on_line(conditions: Sequence[CompiledCondition], budget: Budget) -> list[str]:
    """A value of every interval that the conditions cut their line into."""
    borders: set[int] = set()
    line: ValueLine | None = None
    for condition in conditions:
        comparison = condition.operator.comparison
        if isinstance(comparison, LineComparison):
            line = comparison.line
            for value in condition.condition.values:
                borders.update(comparison.borders(value))
                budget.keep(2 * 8)
    ordered = sorted(borders)
    found: list[str] = []
    for first, last in line.segments if line is not None else ():
        inside = ordered[bisect_left(ordered, first + 1) : bisect_left(ordered, last + 1)]
        for start, end in pairwise((first, *inside, last + 1)):
            budget.spend(4)
            if line is not None:
                found.append(line.write(start, end - 1))
    return found


def _sets(
    singles: dict[ConditionBits, ValueClass], compiled: Sequence[CompiledCondition], budget: Budget
) -> Iterator[ValueClass]:
    """Sets of values, until no larger set makes a difference.

    Some conditions demand all values to pass, the others one of them, so the effect of a set follows from the effects
    of its parts. Growing known sets by single values until nothing new comes finds every effect.
    """
    all_of = sum(1 << index for index, condition in enumerate(compiled) if condition.needs_all)
    seen = dict(singles)
    growing = list(singles.values())
    while growing:
        grown = growing.pop(0)
        budget.spend(len(singles))
        for one in singles.values():
            effect = (grown.holds & one.holds & all_of) | ((grown.holds | one.holds) & ~all_of)
            known = grown.known and one.known
            kept = seen.get(effect)
            if kept is not None and (kept.known or not known):
                continue
            values = (*_as_tuple(grown.value), *_as_tuple(one.value)) if known else None
            seen[effect] = ValueClass(effect, known, values)
            budget.keep(_CLASS_WORDS + len(values or ()))
            growing.append(seen[effect])
            yield seen[effect]


def _as_tuple(value: ContextValue | None) -> tuple[str | Unknown, ...]:
    if isinstance(value, str):
        return (value,)
    return value if isinstance(value, tuple) else ()

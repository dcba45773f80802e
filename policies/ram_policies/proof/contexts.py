"""What the values of one condition key can make of the conditions on it.

For each key, the values are cut into classes that all conditions treat alike: strings along the regions of their
patterns, numbers, dates and addresses along their borders. What a value makes of the conditions is asked of the
evaluator itself.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal, localcontext
from functools import lru_cache
from itertools import product

from ram_policies.conditions import (
    Category,
    CompiledCondition,
    ContextValue,
    parse_date,
    parse_network,
    parse_number,
    parse_operator,
)
from ram_policies.document import Condition
from ram_policies.pattern import glob_tokens
from ram_policies.proof.regions import Pattern, TooManyRegionsError, exactly, in_any_case, regions

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
    }
)
"""Keys that a request carries once or not at all. Any other key may carry several values."""

Effect = tuple[bool, ...]
"""For each condition, whether it holds."""

_TAG_PREFIXES = ("acs:RequestTag/", "acs:ResourceTag/", "ecs:tag/", "rds:ResourceTag/")
_MOST_CLASSES = 512
_MOST_FREE = 8
_UNREADABLE = "-"  # of no type but string
_MAPPED = (1 << 32) * 0xFFFF  # where IPv4 addresses lie inside IPv6
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC).replace(tzinfo=None)
_BITS = {4: 32, 6: 128}
_DIGITS = 250  # more than the numbers of a policy can have


@dataclass(frozen=True, slots=True)
class ValueClass:
    """Values of one key that all conditions treat alike.

    Attributes:
        holds: for each condition, whether it holds.
        known: whether `value` is such a value; otherwise it is not known whether there is one.
        value: an example; None when the key is absent from the request.
    """

    holds: Effect
    known: bool
    value: ContextValue | None


@lru_cache(maxsize=1024)
def value_classes(key: str, conditions: tuple[Condition, ...]) -> tuple[ValueClass, ...]:
    """All classes of values of a key, absence first, then single values, then several at once.

    Args:
        key: the condition key.
        conditions: different conditions on that key.

    Raises:
        TooManyRegionsError: there are more classes than can be looked at.
    """
    compiled = [CompiledCondition(condition) for condition in conditions]
    categories = {_category(condition) for condition in conditions}
    classes: dict[Effect, ContextValue | None] = {}

    def add(value: ContextValue | None) -> None:
        context = {} if value is None else {key: value}
        classes.setdefault(tuple(c.holds(context) is True for c in compiled), value)
        if len(classes) > _MOST_CLASSES:
            raise TooManyRegionsError

    add(None)
    singles: dict[Effect, str] = {}
    for category in sorted(categories, key=lambda c: c.value):
        for text in _representatives(category, [c for c in conditions if _category(c) is category]):
            singles.setdefault(tuple(c.holds({key: text}) is True for c in compiled), text)
    for text in singles.values():
        add(text)
    if key not in SINGLE_VALUED and not key.startswith(_TAG_PREFIXES):
        for values in _sets(singles, lambda several: tuple(c.holds({key: several}) is True for c in compiled)):
            add(values)
    out = [ValueClass(holds, known=True, value=value) for holds, value in classes.items()]
    if len(categories) > 1:
        # Conditions of several types on one key: what one value makes of all of them is not worked out.
        if len(conditions) > _MOST_FREE:
            raise TooManyRegionsError
        free = (holds for holds in product((False, True), repeat=len(conditions)) if holds not in classes)
        out += [ValueClass(holds, known=False, value=None) for holds in free]
    return tuple(out)


def _sets(singles: Mapping[Effect, str], effect_of: Callable[[tuple[str, ...]], Effect]) -> Iterator[tuple[str, ...]]:
    """Sets of values, until no larger set makes a difference.

    A set's effect follows from the effects of its parts (any of them, or all of them), so growing known sets by single
    values until nothing new comes finds every effect.
    """
    seen = set(singles)
    growing: list[tuple[str, ...]] = [(text,) for text in singles.values()]
    while growing:
        values = growing.pop(0)
        for text in singles.values():
            if text not in values and (effect := effect_of((*values, text))) not in seen:
                seen.add(effect)
                growing.append((*values, text))
                yield (*values, text)


def _category(condition: Condition) -> Category:
    parsed = parse_operator(condition.operator)
    return parsed[1].category if parsed else Category.STRING


def _representatives(category: Category, conditions: Sequence[Condition]) -> Iterator[str]:
    if category is Category.STRING:
        patterns = [pattern for condition in conditions for pattern in _patterns(condition)]
        yield from sorted((region.example for region in regions(patterns)), key=lambda text: (not text, len(text)))
        return
    values = {value for condition in conditions for value in condition.values}
    if category is Category.BOOLEAN:
        yield from ("true", "false")
    elif category is Category.NUMBER:
        yield from _numbers({bound for bound in map(parse_number, values) if bound is not None})
    elif category is Category.DATE:
        yield from _dates({bound for bound in map(parse_date, values) if bound is not None})
    else:
        yield from _addresses({network for network in map(parse_network, values) if network is not None})
    yield _UNREADABLE


def _patterns(condition: Condition) -> Iterator[Pattern]:
    parsed = parse_operator(condition.operator)
    comparison = parsed[1].comparison if parsed else ""
    for value in condition.values:
        if comparison == "like":
            yield exactly(glob_tokens(value))
        elif comparison == "equals ignoring case":
            yield in_any_case(value)
        else:
            yield exactly(value)


def _numbers(bounds: Iterable[Decimal]) -> Iterator[str]:
    ordered = sorted(bounds)
    with localcontext(prec=_DIGITS):
        for index, bound in enumerate(ordered):
            below = ordered[index - 1] if index else bound - 2
            yield from (format(bound, "f"), format((below + bound) / 2, "f"))
        if ordered:
            yield format(ordered[-1] + 1, "f")


def _dates(bounds: Iterable[int]) -> Iterator[str]:
    for bound in sorted(bounds):
        for moment in (bound - 1, bound, bound + 1):
            try:
                at = _EPOCH + timedelta(microseconds=moment)
            except OverflowError:
                continue
            yield at.isoformat() + "Z"


def _addresses(networks: Iterable[tuple[int, int, int]]) -> Iterator[str]:
    borders: set[tuple[int, int]] = {(4, 0), (6, 0), (6, _MAPPED - 1), (6, _MAPPED + (1 << 32))}
    for version, base, mask in networks:
        size = (1 << _BITS[version]) - mask
        borders |= {(version, base), (version, base - 1), (version, base + size)}
    for version, number in sorted(borders):
        if 0 <= number < 1 << _BITS[version]:
            yield str(ipaddress.IPv4Address(number) if version == 4 else ipaddress.IPv6Address(number))

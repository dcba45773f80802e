"""Conditions that no request meets, and conditions that tell no two requests apart."""

from __future__ import annotations

from collections.abc import Sequence

from ram_policies.catalogue.condition_keys import Presence, find_key
from ram_policies.conditions import Category, CompiledCondition, parse_operator
from ram_policies.document import Condition
from ram_policies.proof.contexts import ValueClass, value_classes
from ram_policies.proof.regions import TooManyRegionsError

_ANYTHING = {
    Category.STRING: Condition("StringLike", "", ("*",)),
    Category.IP: Condition("IpAddress", "", ("0.0.0.0/0",)),
}
"""For each type of values, a condition that every value of a request meets."""


def never_holds(conditions: Sequence[Condition]) -> str | None:
    """The key of which no value, nor its absence, meets all the conditions on it; None where every key has one.

    None is also the answer where there are too many values to look at.
    """
    for key in dict.fromkeys(condition.key for condition in conditions):
        on_key = tuple(dict.fromkeys(condition for condition in conditions if condition.key == key))
        if not any(all(found.holds) for found in _classes(key, on_key)):
            return key
    return None


def always_holds(condition: Condition) -> str:
    """Why a condition holds for every request; empty where it does not, or where that is not known."""
    category = _category(condition)
    if not lets_every_value_through(condition):
        return ""
    if category is Category.IP:
        return "every IPv4 address meets it"
    without = CompiledCondition(condition).holds({}) is True or _is_always_present(condition.key)
    return "every value meets it" if without else ""


def lets_every_value_through(condition: Condition) -> bool:
    """Whether every value that a request can carry meets a condition; False where that is not known.

    Addresses are taken to be IPv4: a condition on 0.0.0.0/0 is not meant for those who have none.
    """
    anything = _ANYTHING.get(_category(condition))
    if anything is None:
        return False
    present = Condition(anything.operator, condition.key, anything.values)
    found = _classes(condition.key, (condition, present))
    return all(c.known and c.holds[0] for c in found if c.holds[1])


def _category(condition: Condition) -> Category:
    parsed = parse_operator(condition.operator)
    return Category.BOOLEAN if parsed is None else parsed[1].category


def _is_always_present(key: str) -> bool:
    known = find_key(key)
    return known is not None and known.presence is Presence.ALWAYS


def _classes(key: str, conditions: tuple[Condition, ...]) -> tuple[ValueClass, ...]:
    try:
        return value_classes(key, conditions)
    except TooManyRegionsError:
        return (ValueClass(tuple(True for _ in conditions), known=False, value=None),)

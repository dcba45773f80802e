"""Conditions that no request meets, and conditions that tell no two requests apart."""

from __future__ import annotations

from collections.abc import Sequence

from ram_policies.catalogue.condition_keys import Presence, documented_key
from ram_policies.conditions import CompiledCondition
from ram_policies.document import Condition
from ram_policies.operators import parse_operator
from ram_policies.proof import follows, no_value_passes
from ram_policies.proof.budget import Budget
from ram_policies.values import Category

_ANYTHING = {
    Category.STRING: Condition("StringLike", "", ("*",)),
    Category.IP: Condition("IpAddress", "", ("0.0.0.0/0",)),
}
"""For each type of values, a condition that every value of a request meets."""


def contradicted_key(conditions: Sequence[Condition], budget: Budget) -> str | None:
    """The key of which no value, nor its absence, meets all the conditions on it; None where every key has one.

    None is also the answer where there are too many values to look at.
    """
    found = no_value_passes(conditions, budget)
    return found[0].key if found else None


def always_holds(condition: Condition, budget: Budget) -> str:
    """Reason why a condition holds for every request; empty where it does not, or where that is not known."""
    category = _category(condition)
    if not lets_every_value_through(condition, budget):
        return ""
    if category is Category.IP:
        return "every IPv4 address meets it"
    without = CompiledCondition(condition).holds({}) is True or _is_always_present(condition.key)
    return "every value meets it" if without else ""


def lets_every_value_through(condition: Condition, budget: Budget | None = None) -> bool:
    """True if every value that a request can carry meets a condition; False where that is not known.

    Addresses are taken to be IPv4: a condition on 0.0.0.0/0 is not meant for those who have none.
    """
    anything = _ANYTHING.get(_category(condition))
    if anything is None:
        return False
    return follows(condition, [Condition(anything.operator, condition.key, anything.values)], budget)


def _category(condition: Condition) -> Category:
    parsed = parse_operator(condition.operator)
    return Category.BOOLEAN if parsed is None else parsed[1].category


def _is_always_present(key: str) -> bool:
    known = documented_key(key)
    return known is not None and known.presence is Presence.ALWAYS

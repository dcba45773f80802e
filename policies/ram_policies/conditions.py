"""Conditions, tested against the context of a request.

Source: Alibaba Cloud, RAM, "Policy elements". Values of one key are alternatives (for a negated operator: none may
match), keys and operators must all hold.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import replace
from enum import Enum
from typing import cast

from ram_policies.document import Condition, Statement
from ram_policies.errors import InvalidInputError
from ram_policies.operators import FOR_ALL, FOR_ANY, OPERATORS, Test, parse_operator

Unknown = Enum("Unknown", ["UNKNOWN"])
UNKNOWN = Unknown.UNKNOWN
"""A context value that is not known yet, at preview for example. Nothing is ever concluded from it."""

ContextValue = str | tuple[str | Unknown, ...] | Unknown
Context = Mapping[str, ContextValue]


def has_unknown(value: ContextValue) -> bool:
    """True if a value, or one of several values, is not known."""
    return isinstance(value, Unknown) or (isinstance(value, tuple) and UNKNOWN in value)


class CompiledCondition:
    """A condition ready to be tested against a context.

    Attributes:
        condition: what was compiled.
        key: its key.
        operator: its operator, without the set prefix.
        holds_when_absent: what it answers for a request that does not carry the key.
        needs_all: of several values, whether all must pass the operator; otherwise one is enough.
    """

    __slots__ = ("_combine", "_passes", "condition", "holds_when_absent", "key", "needs_all", "operator")

    def __init__(self, condition: Condition) -> None:
        parsed = parse_operator(condition.operator)
        if parsed is None:
            raise InvalidInputError(
                "condition",
                condition.operator,
                "is not a condition operator of RAM",
                f"use one of {', '.join(OPERATORS)}",
                code="not-a-choice",
            )
        prefix, operator = parsed
        self.condition = condition
        self.key = condition.key
        self.operator = operator
        test = operator.comparison.test(condition.values)
        self._passes: Test = (lambda text: not test(text)) if operator.negated else test
        # unconfirmed.SET_OPERATORS, unconfirmed.NEGATED_MISSING_KEY, unconfirmed.MULTIVALUED_PLAIN
        self.needs_all = prefix == FOR_ALL or (operator.negated and prefix != FOR_ANY)
        self.holds_when_absent = self.needs_all
        self._combine: Callable[[Iterable[bool]], bool] = all if self.needs_all else any

    def holds(self, context: Context) -> bool | None:
        """True, False, or None when the context's value is unknown."""
        value = context.get(self.key)
        if isinstance(value, str):
            return self._passes(value)
        if not value:
            return self.holds_when_absent
        if has_unknown(value):
            return None
        return self._combine([self._passes(item) for item in cast("tuple[str, ...]", value)])


def statements_about(
    statements: Iterable[Statement], keys: Container[str], known: Mapping[str, str]
) -> Iterator[Statement]:
    """The statements that are about requests with known values of some keys, without their conditions on those."""
    for statement in statements:
        if all(
            CompiledCondition(condition).holds(known) for condition in statement.conditions if condition.key in keys
        ):
            yield replace(statement, conditions=tuple(c for c in statement.conditions if c.key not in keys))

"""Rules that the value of a parameter has to satisfy beyond its type."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

from alicloud_fakes.core.errors import ApiError
from ram_policies.names import NAME_RULES, NameKind, NameProblem


class Problem(StrEnum):
    """Problem of a parameter's value."""

    CHARS = "chars"
    LENGTH = "length"
    FORMAT = "format"
    RANGE = "range"
    CHOICE = "choice"
    TYPE = "type"


@dataclass(frozen=True, slots=True)
class Wrong:
    """A parameter that is refused.

    Attributes:
        parameter: its name on the wire.
        problem: what is wrong.
        bounds: lower and upper bound, for ranges.
    """

    parameter: str
    problem: Problem
    bounds: tuple[int, int] = (0, 0)


Refusal: TypeAlias = Callable[[Wrong], ApiError]
"""Function that makes a product's error for a refused parameter."""


class ParameterRule:
    """Rule that a value has to satisfy beyond its type."""

    __slots__ = ()

    def problem(self, value: Any) -> Problem | None:  # noqa: ANN401 - the field's type says what comes in
        """Problem of the value; None when it satisfies the rule."""
        raise NotImplementedError

    @property
    def bounds(self) -> tuple[int, int]:
        """Lower and upper bound, for messages."""
        return (0, 0)


@dataclass(frozen=True, slots=True)
class Length(ParameterRule):
    """Bounds on the number of characters."""

    maximum: int
    minimum: int = 0

    def problem(self, value: str) -> Problem | None:
        """LENGTH outside of the bounds."""
        return None if self.minimum <= len(value) <= self.maximum else Problem.LENGTH


_NAME_PROBLEMS = {
    NameProblem.CHARACTERS: Problem.CHARS,
    NameProblem.LENGTH: Problem.LENGTH,
    NameProblem.FORM: Problem.FORMAT,
    NameProblem.RESERVED: Problem.FORMAT,
}


class RamName(ParameterRule):
    """A name, by the table and the checks of `ram_policies.names`."""

    __slots__ = ("_rule",)

    def __init__(self, kind: NameKind) -> None:
        self._rule = NAME_RULES[kind]

    def problem(self, value: str) -> Problem | None:
        """Characters first, then length, then form."""
        found = self._rule.problem(value)
        return None if found is None else _NAME_PROBLEMS[found]


class Pattern(ParameterRule):
    """A regular expression for the whole value."""

    __slots__ = ("_pattern",)

    def __init__(self, pattern: str) -> None:
        self._pattern = re.compile(pattern)

    def problem(self, value: str) -> Problem | None:
        """FORMAT unless the whole value matches."""
        return None if self._pattern.fullmatch(value) else Problem.FORMAT


@dataclass(frozen=True, slots=True)
class Range(ParameterRule):
    """A number between two bounds, both included."""

    low: int
    high: int

    def problem(self, value: int) -> Problem | None:
        """RANGE outside of the bounds."""
        return None if self.low <= value <= self.high else Problem.RANGE

    @property
    def bounds(self) -> tuple[int, int]:
        """The two bounds."""
        return (self.low, self.high)


class OneOf(ParameterRule):
    """One of a few words, compared exactly."""

    __slots__ = ("_choices",)

    def __init__(self, *choices: str) -> None:
        self._choices = frozenset(choices)

    def problem(self, value: str) -> Problem | None:
        """CHOICE for any other text."""
        return None if value in self._choices else Problem.CHOICE


@dataclass(frozen=True, slots=True)
class Items(ParameterRule):
    """Bound on the number of items of a list."""

    maximum: int

    def problem(self, value: list[object]) -> Problem | None:
        """LENGTH beyond the maximum."""
        return None if len(value) <= self.maximum else Problem.LENGTH

"""Values in the form that the engine gives them: every number a float, every date without quotes a text of Go's."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, cast

_MOMENT: Final = re.compile(r"(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?) ([+-]\d\d)(\d\d) \S+", re.ASCII)
"""A moment as Go prints it, and so a date or a time that stands unquoted in a stack file."""


def whole_number(value: object) -> object:
    """A float without a fraction as an integer; any other value as it is."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def whole_numbers(value: object) -> object:
    """A value whose mappings and lists hold integers instead of floats without a fraction, at any depth."""
    if isinstance(value, Mapping):
        return {key: whole_numbers(item) for key, item in cast("Mapping[object, object]", value).items()}
    if isinstance(value, list):
        return [whole_numbers(item) for item in cast("list[object]", value)]
    return whole_number(value)


def is_moment_of_engine(text: str) -> bool:
    """Tell whether a text is a date or a time that stood without quotes in a stack file."""
    return _MOMENT.fullmatch(text) is not None


def iso_moment(text: str) -> str:
    """A text with the engine's form of a moment in ISO 8601; any other text as it is."""
    return _MOMENT.sub(r"\1T\2\3:\4", text)

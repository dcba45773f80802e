"""Values in error messages: shortened, written as in Python, and never a secret."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from ram_policies.errors import InvalidInputError


def shown(value: object, field: str = "roles[0].name") -> str:
    message = str(InvalidInputError(field, value, "is wrong", "mend it", code="wrong-type"))
    return message.removeprefix(f"{field}: ").removesuffix(" is wrong. Fix: mend it. [wrong-type]")


@pytest.mark.parametrize(
    "value",
    [None, True, 3, 2.5, "text", 'a "quoted" one', [], [1, "a", [None]], {}, {"b": 1, "a": {"c": []}}, (1,), b"x"],
)
def test_a_short_value_is_shown_whole(value: object) -> None:
    assert shown(value) == repr(value)


@pytest.mark.parametrize("value", ["x" * 10**6, ["ab"] * 10**6, {str(n): n for n in range(1000)}])
def test_of_a_long_value_the_beginning_is_shown(value: object) -> None:
    assert shown(value) == f"{repr(value)[:79]}…"


def test_a_value_that_is_too_large_to_write_out_is_cut() -> None:
    nested: list[Any] = ["x"]
    for _ in range(400):
        nested = [nested] * 9
    assert shown(nested) == "[" * 79 + "…"
    endless: list[Any] = []
    endless.append(endless)
    assert shown(endless) == "[" * 79 + "…"


def test_a_number_that_python_does_not_write_out() -> None:
    assert shown(10 ** (sys.get_int_max_str_digits() + 1)) == "a number of thousands of digits"


@pytest.mark.parametrize("field", ["secretKey", "a.password", "operators[0].accessKeySecret", "security_token"])
def test_a_secret_is_hidden(field: str) -> None:
    assert shown("hush", field) == "(hidden)"


class Odd:
    """A value with a text of two lines, like that of a Pulumi Output."""

    def __repr__(self) -> str:
        return "two\nlines"


@pytest.mark.parametrize(
    ("value", "text"), [(Odd(), "Odd"), ([Odd()], "Odd"), (iter([]), "list_iterator"), ({"a": object()}, "object")]
)
def test_a_value_without_a_plain_text_of_its_own_is_named_by_its_type(value: object, text: str) -> None:
    assert f"a value of type {text}" in shown(value)


@pytest.mark.parametrize("text", ["a\nb", "a\x00b", "\ud800", "\x1b[2J", "\u2028", "x" * 100_000])
@pytest.mark.parametrize("part", [0, 1, 2])
def test_whatever_a_part_of_a_message_repeats_it_is_one_line_that_can_be_printed(text: str, part: int) -> None:
    field, problem, fix = (text if number == part else "plain" for number in range(3))
    message = str(InvalidInputError(field, "v", problem, fix, code="wrong-type"))
    assert (message.isprintable(), len(message) < 4000) == (True, True)

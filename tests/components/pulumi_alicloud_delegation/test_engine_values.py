"""Values in the form that the engine gives them."""

from __future__ import annotations

import pytest

from pulumi_alicloud_delegation.engine_values import is_moment_of_engine, iso_moment, whole_numbers


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (3600.0, 3600),
        (0.5, 0.5),
        (float("inf"), float("inf")),
        (True, True),
        ("3600.0", "3600.0"),
        (None, None),
        ({"a": [1.0, {"b": 2.0}], "c": 1.5}, {"a": [1, {"b": 2}], "c": 1.5}),
    ],
)
def test_floats_without_a_fraction_are_integers_at_any_depth(value: object, expected: object) -> None:
    found = whole_numbers(value)
    assert (found, repr(found)) == (expected, repr(expected))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-12-31 00:00:00 +0000 UTC", "2026-12-31T00:00:00+00:00"),
        ("2026-12-31 23:59:59.5 -0800 -0800", "2026-12-31T23:59:59.5-08:00"),
    ],
)
def test_a_moment_as_the_engine_prints_it_is_iso_8601(text: str, expected: str) -> None:
    assert is_moment_of_engine(text)
    assert iso_moment(text) == expected


@pytest.mark.parametrize("text", ["2026-12-31", "2026-12-31T00:00:00Z", "", "since 2026-12-31 00:00:00 +0000 UTC x"])
def test_other_texts_are_no_moments_of_the_engine(text: str) -> None:
    assert not is_moment_of_engine(text)

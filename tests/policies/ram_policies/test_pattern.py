"""Patterns: what they match, what they cover, and bounded time for every pattern."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ram_policies.pattern import as_text, cover, glob_matcher, glob_tokens, resource_matcher, resource_tokens

texts = st.text("ab:", max_size=10)
globs = st.text("ab:*?", max_size=8)
arn_fields = st.lists(st.text("ab*?", max_size=3), min_size=4, max_size=4)


def slow_match(pattern: str, text: str) -> bool:
    """The definition: * is any text, ? is one character."""

    @cache
    def match(p: int, t: int) -> bool:
        if p == len(pattern):
            return t == len(text)
        if pattern[p] == "*":
            return match(p + 1, t) or (t < len(text) and match(p, t + 1))
        return t < len(text) and pattern[p] in {"?", text[t]} and match(p + 1, t + 1)

    return match(0, 0)


@given(globs, texts)
def test_a_pattern_matches_as_defined(pattern: str, text: str) -> None:
    assert bool(glob_matcher(pattern)(text)) == slow_match(pattern, text)


@given(arn_fields, arn_fields, st.text("ab:*?", max_size=5), st.text("ab:", max_size=6))
def test_a_resource_pattern_matches_field_by_field(pattern: list[str], text: list[str], tail: str, end: str) -> None:
    given_fields = [field.replace("*", "").replace("?", "a") for field in text]
    expected = slow_match(tail, end) and all(
        slow_match(p or ("*" if number in {2, 3} else ""), t)
        for number, (p, t) in enumerate(zip(pattern, given_fields, strict=True))
    )
    matcher = resource_matcher(":".join([*pattern, tail]))
    assert bool(matcher(":".join([*given_fields, end]))) == expected


@given(globs, globs, texts)
def test_a_covering_pattern_matches_all_that_the_covered_one_matches(wide: str, narrow: str, text: str) -> None:
    if cover(glob_tokens(wide))(as_text(glob_tokens(narrow))) and glob_matcher(narrow)(text):
        assert glob_matcher(wide)(text)


@given(arn_fields, arn_fields, st.text("ab:*?", max_size=4), st.text("ab:*?", max_size=4), texts)
def test_covering_is_right_for_resources(
    wide: list[str], narrow: list[str], wide_end: str, narrow_end: str, text: str
) -> None:
    wider, narrower = ":".join([*wide, wide_end]), ":".join([*narrow, narrow_end])
    if cover(resource_tokens(wider))(as_text(resource_tokens(narrower))):
        for candidate in (text, narrower.replace("*", ""), narrower.replace("*", "a").replace("?", "b")):
            if resource_matcher(narrower)(candidate):
                assert resource_matcher(wider)(candidate)


@pytest.mark.parametrize(
    ("wide", "narrow", "expected"),
    [
        ("ecs:*", "ecs:Stop*", True),
        ("ecs:Stop*", "ecs:*", False),
        ("*", "ecs:*", True),
        ("ecs:?*", "ecs:*?", True),
        ("ecs:*a*", "ecs:ba?", True),
        ("ecs:??", "ecs:*", False),
        ("ecs:?", "ecs:a", True),
    ],
)
def test_a_pattern_covers_those_that_match_less(wide: str, narrow: str, expected: bool) -> None:
    assert cover(glob_tokens(wide))(as_text(glob_tokens(narrow))) is expected


def test_a_wildcard_does_not_leave_its_field() -> None:
    matches = resource_matcher("acs:ecs:*:1:instance/*")
    assert matches("acs:ecs:cn-hangzhou:1:instance/i-1")
    assert not matches("acs:ecs:cn-hangzhou:2:instance/x:1:instance/i-1")
    assert resource_matcher("acs:oss:*:1:logs/*")("acs:oss::1:logs/a:b")


@pytest.mark.parametrize("pattern", ["*a" * 1000 + "b", "*?" * 1000 + "b", "a*" * 1000 + "b", "?*a" * 700 + "b"])
def test_hostile_patterns_are_answered(pattern: str) -> None:
    """With backtracking, any of these would never end."""
    matcher = resource_matcher(f"acs:ecs:*a*a*a*a*:1:{pattern}")
    assert not matcher(f"acs:ecs:{'a' * 3000}:1:{'a' * 3000}")
    assert not glob_matcher(pattern)("a" * 6000)

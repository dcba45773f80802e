"""Regions of patterns: complete, never empty, and found within a bounded amount of work."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ram_policies.pattern import Letters, exactly, glob_tokens, in_any_case, resource_tokens, tokens_matcher
from ram_policies.proof.budget import Budget, TooMuchWorkError
from ram_policies.proof.pattern_regions import PatternRegion
from ram_policies.proof.pattern_regions import pattern_regions as regions_of_lists


def regions(patterns: Sequence[Letters], budget: Budget | None = None) -> Iterator[PatternRegion]:
    return regions_of_lists([[pattern] for pattern in patterns], budget or Budget())


globs = st.text(st.sampled_from("ab*?:"), max_size=5).map(glob_tokens)
arns = st.builds("acs:{}:{}:1:{}".format, *[st.text(st.sampled_from("ab*?"), max_size=3)] * 3).map(resource_tokens)
tokens = st.lists(st.one_of(globs, arns), min_size=1, max_size=4)
texts = st.one_of(
    st.text(st.sampled_from("ab:x"), max_size=6),
    st.builds("acs:{}:{}:1:{}".format, *[st.text(st.sampled_from("ab:x"), max_size=3)] * 3),
)


@given(tokens, st.lists(texts, max_size=30))
def test_every_text_is_in_a_region_and_every_region_has_its_example(patterns, given_texts) -> None:
    matchers = [tokens_matcher(pattern) for pattern in patterns]
    found = {region.matches: region.example for region in regions([exactly(pattern) for pattern in patterns])}
    for text in given_texts:
        assert sum(1 << i for i, matches in enumerate(matchers) if matches(text)) in found
    for matches, example in found.items():
        assert sum(1 << i for i, matcher in enumerate(matchers) if matcher(example)) == matches


def test_examples_are_shortest_and_harmless() -> None:
    found = {region.matches: region.example for region in regions([exactly(glob_tokens("ab*"))])}
    assert found == {0: "", 1: "ab"}
    assert [r.example for r in regions([exactly(glob_tokens("?"))])] == ["", "x"]


def test_patterns_without_and_with_case_share_a_region() -> None:
    found = {region.example for region in regions([in_any_case("a"), exactly("A")]) if region.matches == 3}
    assert found == {"A"}


def test_a_text_of_every_harmless_character_still_leaves_another() -> None:
    named = exactly("xyzwqvkju0123456789")
    other = next(region.example for region in regions([exactly(glob_tokens("?")), named]) if region.matches == 1)
    assert other not in "xyzwqvkju0123456789:"


def test_the_budget_ends_it_and_is_shared() -> None:
    budget = Budget(40)
    list(regions([exactly("abcd")], budget))
    with pytest.raises(TooMuchWorkError):
        list(regions([exactly("abcdef")], budget))

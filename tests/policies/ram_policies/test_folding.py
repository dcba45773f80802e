"""Letter case is ignored in one way, for matching and for proofs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ram_policies.conditions import CompiledCondition
from ram_policies.document import Condition
from ram_policies.folding import fold, same_but_for_case
from ram_policies.pattern import exactly, glob_matcher, glob_tokens

letters = st.one_of(
    st.characters(exclude_categories=["Cs"]),
    st.sampled_from("kKsSiI\u03a3\u03c3\u03c2\u00df\u1e9e\u212a\u0130\u0131\u017f\u01c4\u01c5\u01c6"),
)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Kelvin", "\u212aelvin", True),
        ("\u03a9\u03a3", "\u03c9\u03c2", True),
        ("\u03c9\u03c2", "\u03c9\u03c3", True),
        ("Straße", "STRASSE", False),
        ("\u1e9e", "ß", True),
        ("\u0130", "i", False),
        ("\u0131", "I", False),
        ("\u017f", "S", True),
        ("\u01c4", "\u01c5", True),
    ],
)
def test_which_letters_count_as_the_same(one: str, other: str, same: bool) -> None:
    assert (fold(one) == fold(other)) is same
    assert CompiledCondition(Condition("StringEqualsIgnoreCase", "k:v", (one,))).holds({"k:v": other}) is same


@given(st.text(letters), st.text(letters))
def test_folding_looks_at_one_character_at_a_time(one: str, other: str) -> None:
    assert fold(one + other) == fold(one) + fold(other)
    assert len(fold(one)) == len(one)
    assert fold(fold(one)) == fold(one)


@given(letters)
def test_the_counterparts_of_a_letter_are_those_that_fold_to_the_same(letter: str) -> None:
    found = same_but_for_case(letter)
    assert letter in found
    assert {fold(other) for other in found} == {fold(letter)}


def test_no_counterpart_is_missing() -> None:
    for code in range(0x110000):
        letter = chr(code)
        if fold(letter) != letter:
            assert letter in same_but_for_case(fold(letter))


@given(st.text(st.one_of(letters, st.sampled_from("*?"))), st.text(letters))
def test_a_pattern_can_be_folded_like_the_text(pattern: str, text: str) -> None:
    if glob_matcher(pattern)(text):
        assert glob_matcher(fold(pattern))(fold(text))
    assert len(exactly(glob_tokens(fold(pattern)))) == len(exactly(glob_tokens(pattern)))

"""Parameters that are names follow the table of `ram_policies.names`, and so does `check_name`."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alicloud_fakes.core.value_rules import Problem, RamName
from ram_policies import InvalidInputError, NameKind, check_name

ALPHABET = "aZ09._-@:/ +=,é_"
TEXTS = st.one_of(
    st.text(ALPHABET, max_size=8),
    st.builds("".join, st.lists(st.sampled_from(["acs:", "aliyun", "http://", "a", "-", "."]), max_size=4)),
    st.integers(60, 66).map("a".__mul__),
    st.integers(126, 130).map("a".__mul__),
)


@pytest.mark.parametrize("kind", list(NameKind))
@given(text=TEXTS)
def test_a_parameter_and_check_name_take_the_same_names(kind: NameKind, text: str) -> None:
    try:
        check_name(kind, text, "name")
    except InvalidInputError:
        taken = False
    else:
        taken = True
    assert (RamName(kind).problem(text) is None) is taken


@pytest.mark.parametrize(
    ("kind", "text", "problem"),
    [
        (NameKind.ROLE, "ops_admin", Problem.CHARS),
        (NameKind.ROLE, "_" * 65, Problem.CHARS),
        (NameKind.ROLE, "x" * 65, Problem.LENGTH),
        (NameKind.ALIAS, "Company", Problem.FORMAT),
        (NameKind.ALIAS, "X" * 33, Problem.LENGTH),
        (NameKind.IDENTITY_PROVIDER, "-idp", Problem.FORMAT),
        (NameKind.SOURCE_IDENTITY, "x", Problem.LENGTH),
        (NameKind.TAG_KEY, "ACS:team", Problem.FORMAT),
        (NameKind.TAG_VALUE, "see HTTPS://x", Problem.FORMAT),
    ],
)
def test_the_first_problem_of_a_name_decides(kind: NameKind, text: str, problem: Problem) -> None:
    assert RamName(kind).problem(text) is problem

"""Classes of values of a condition key: every value is in one, and every class has its example."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ram_policies.build import allow, deny
from ram_policies.conditions import UNKNOWN, CompiledCondition
from ram_policies.document import Condition, Document, Principals
from ram_policies.proof import Verdict
from ram_policies.proof.budget import Budget
from ram_policies.proof.contexts import value_classes
from ram_policies.proof.question import contradiction, follows, no_value_passes, possible_together
from ram_policies.proof.strangers import buckets_strangers

words = st.text(st.sampled_from("abA*?"), min_size=1, max_size=3)
numbers = st.sampled_from(["-1", "0", "1", "1.0", "1.5", "2", "100"])
dates = st.sampled_from(["2026-01-01", "2026-01-01T00:00:00Z", "2026-01-01T08:00:00+08:00", "2026-06-01T12:00:00.5Z"])
networks = st.sampled_from(["10.0.0.0/8", "10.0.0.1", "0.0.0.0/0", "::/0", "2001:db8::/32", "::ffff:0:0/95"])
addresses = st.sampled_from(["10.0.0.1", "10.0.0.2", "11.0.0.0", "2001:db8::1", "::1", "::ffff:10.0.0.1", "no address"])
KINDS = {
    "string": (
        ["StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "StringEqualsIgnoreCase"],
        words,
        st.text(st.sampled_from("abAx"), max_size=4),
    ),
    "number": (["NumericEquals", "NumericLessThan", "NumericGreaterThanEquals", "NumericNotEquals"], numbers, numbers),
    "date": (["DateEquals", "DateLessThan", "DateGreaterThan", "DateLessThanEquals"], dates, dates),
    "address": (["IpAddress", "NotIpAddress"], networks, addresses),
    "boolean": (["Bool"], st.sampled_from(["true", "false"]), st.sampled_from(["true", "false", "TRUE", "maybe"])),
}
MFA = {"Bool": {"acs:MFAPresent": "true"}}
PREFIXES = ["", "", "ForAllValues:", "ForAnyValue:"]


def bits(answers: Iterable[bool | None]) -> int:
    return sum(1 << index for index, answer in enumerate(answers) if answer)


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_every_value_is_in_a_class(kind: str, data: st.DataObject) -> None:
    operators, wanted, values = KINDS[kind]
    condition = st.builds(
        lambda prefix, operator, several: Condition(prefix + operator, "k:many", tuple(several)),
        st.sampled_from(PREFIXES),
        st.sampled_from(operators),
        st.lists(wanted, min_size=1, max_size=2),
    )
    conditions = tuple(data.draw(st.lists(condition, min_size=1, max_size=3, unique=True)))
    classes = value_classes(conditions, Budget(), once=False)
    compiled = [CompiledCondition(c) for c in conditions]
    value = data.draw(st.one_of(st.none(), values, st.lists(values, max_size=3).map(tuple)))
    context = {} if value is None else {"k:many": value}
    assert bits(c.holds(context) for c in compiled) in {c.holds for c in classes}
    for one in classes:
        example = {} if one.value is None else {"k:many": one.value}
        assert bits(c.holds(example) for c in compiled) == one.holds


@given(data=st.data())
def test_types_that_are_mixed_are_left_open(data: st.DataObject) -> None:
    one, other = data.draw(st.lists(st.sampled_from(sorted(KINDS)), min_size=2, max_size=2, unique=True))
    assume(one != other)
    conditions = tuple(
        Condition(KINDS[kind][0][0], "acs:SourceIp", (data.draw(KINDS[kind][1]),)) for kind in (one, other)
    )
    value = data.draw(st.one_of(KINDS[one][2], KINDS[other][2]))
    holds = bits(CompiledCondition(c).holds({"acs:SourceIp": value}) for c in conditions)
    assert holds in {c.holds for c in value_classes(conditions, Budget(), once=True)}


def test_a_key_that_comes_once_has_no_classes_of_several_values() -> None:
    both = tuple(Condition("StringEquals", "sts:ExternalId", (value,)) for value in ("a", "b"))
    assert 0b11 not in {c.holds for c in value_classes(both, Budget(), once=True)}
    several = tuple(Condition("StringEquals", "k:many", (value,)) for value in ("a", "b"))
    assert 0b11 in {c.holds for c in value_classes(several, Budget(), once=False)}


@pytest.mark.parametrize(
    ("settled", "possible"), [({}, True), ({"acs:MFAPresent": "true"}, True), ({"acs:MFAPresent": ()}, False)]
)
def test_possible_together(settled: dict[str, tuple[str, ...]], possible: bool) -> None:
    mfa = allow("ecs:*", conditions={"Bool": {"acs:MFAPresent": "true"}})
    without = deny("ecs:*", conditions={"Bool": {"acs:MFAPresent": "false"}})
    assert possible_together([[mfa], [allow("ecs:*"), without]], settled) is possible
    assert not possible_together([[mfa, deny("*")]], settled)


def test_a_value_that_is_not_known_among_others_leaves_it_possible() -> None:
    needs = allow("ecs:*", conditions={"StringEquals": {"k:many": "a"}})
    assert possible_together([[needs]], {"k:many": ("b", UNKNOWN)})
    assert not possible_together([[needs]], {"k:many": ("b", "c")})


HARD = "*a" + "?" * 60  # as an automaton it has more states than can be looked at
ON_ONE_KEY = [
    (Condition("StringLike", "sts:ExternalId", (HARD,)),),
    (Condition("StringNotLike", "sts:ExternalId", (HARD, "*b*")), Condition("StringLike", "sts:ExternalId", ("x*",))),
    (Condition("NotIpAddress", "acs:SourceIp", ("10.0.0.0/8",)), Condition("IpAddress", "acs:SourceIp", ("11.0.0.1",))),
]


@pytest.mark.parametrize("conditions", ON_ONE_KEY)
def test_conditions_that_a_likely_value_meets_are_told_without_a_search(conditions: tuple[Condition, ...]) -> None:
    budget = Budget()
    assert no_value_passes(conditions, budget) == contradiction(conditions, budget) == ()
    assert budget.spent == 0


def test_a_condition_that_plainly_does_not_follow_is_told_without_a_search() -> None:
    budget = Budget()
    anything = Condition("StringLike", "sts:ExternalId", ("*",))
    assert not follows(Condition("StringLike", "sts:ExternalId", (HARD,)), [anything], budget)
    assert budget.spent == 0


def test_questions_about_conditions_share_a_budget() -> None:
    exclude = (Condition("StringEquals", "k:a", ("x",)), Condition("StringNotLike", "k:a", ("?",)))
    assert no_value_passes(exclude, Budget()) == contradiction(exclude, Budget()) == exclude
    assert no_value_passes(exclude, Budget(1)) == contradiction(exclude, Budget(1)) == ()
    assert not follows(Condition("StringLike", "k:a", ("*", "b")), [Condition("StringLike", "k:a", ("*",))], Budget(1))


def test_proofs_about_a_bucket_share_a_budget() -> None:
    everybody = Document((replace(allow("oss:*"), principals=Principals(uids=("2",))),))
    assert buckets_strangers(everybody).holds
    assert buckets_strangers(everybody, Budget(1)).holds  # it names somebody: there is nothing to search
    narrow = Document((replace(allow("oss:*", conditions=MFA), principals=Principals(uids=("*",))), deny("*")))
    assert buckets_strangers(narrow).holds
    assert buckets_strangers(narrow, Budget(1)).verdict is Verdict.OPEN

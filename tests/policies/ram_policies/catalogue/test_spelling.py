"""The distance between names, and which name is nearest to a misspelt one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ram_policies.catalogue.spelling import distance, is_slip, nearest

FAR = 30
NAMES = st.text("abcXYZ014", max_size=9)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("StopInstance", "StopInstance", 0),
        ("StopInstance", "stopinstance", 0),
        ("StopInstnce", "StopInstance", 1),
        ("StopInstannce", "StopInstance", 1),
        ("StratInstance", "StartInstance", 1),
        ("StopInstence", "StopInstance", 1),
        ("esc", "ecs", 1),
        ("kitten", "sitting", 3),
        ("DescribeIpv4Gateways", "ListIpv4Gateways", 2),
        ("DescribeIpv4Gateways", "DescribeIpv6Gateways", 3),
        ("ListRole", "GetRoles", 3),
        ("DeleteRole", "CreateRole", 4),
        ("", "abc", 3),
    ],
)
def test_the_distance_of_two_names_is_symmetric(one: str, other: str, expected: int) -> None:
    assert distance(one, other, FAR) == expected
    assert distance(other, one, FAR) == expected


@given(NAMES, NAMES, st.integers(0, 6))
def test_a_bound_changes_no_distance_within_it(one: str, other: str, within: int) -> None:
    exact, bounded = distance(one, other, FAR), distance(one, other, within)
    assert bounded == exact if exact <= within else bounded > within


@given(NAMES, NAMES)
def test_a_distance_is_symmetric_and_zero_only_for_the_same_name(one: str, other: str) -> None:
    assert distance(one, other, FAR) == distance(other, one, FAR)
    assert (distance(one, other, FAR) == 0) == (one.lower() == other.lower())


def test_only_the_nearest_are_suggested() -> None:
    names = ["StartInstance", "StopInstance", "StopInstances", "ListIpv4Gateways", "DescribeIpv6Gateways"]
    assert nearest("StopInstnce", names, within=4) == ("StopInstance",)
    assert nearest("DescribeIpv4Gateways", names, within=4) == ("ListIpv4Gateways",)
    assert nearest("Stp", ["Sip", "Sap", "Top", "Stop", "Step"], within=2) == ("Sap", "Sip", "Step")
    assert nearest("Nothing", names, within=2) == ()


def test_a_verb_for_something_else_is_never_meant() -> None:
    names = ["PutBucket", "StopDisks", "DetachDisk", "ListTags", "RevokeRule"]
    assert [nearest(name, names, within=4) for name in ("GetBucket", "StartDisks", "AttachDisk", "GrantRule")] == [
        ()
    ] * 4
    assert nearest("DescribeTags", names, within=4) == ("ListTags",)


def test_a_slip_is_one_letter_in_a_short_name_and_two_in_a_long_one() -> None:
    assert is_slip("StopDisk", "StopDisks")
    assert not is_slip("StopDisk", "StopDesks")
    assert is_slip("DescribeInstnce", "DescribeInstances")
    assert not is_slip("DescribeIpv4Gateways", "ListIpv4Gateways")
    assert not is_slip("DescribeIpv4Gateways", "DescribeIpv6Gateways")

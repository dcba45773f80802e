"""Windows of time: properties that hold for all of them, and the bounds that a contract sets."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_alicloud_delegation.contract import moment_text, parse_period
from pulumi_alicloud_delegation.lifetimes import Lifetime, lifetimes, warnings, window_outputs
from pulumi_alicloud_delegation.plan import plan_delegation
from pulumi_alicloud_delegation.plan.windows import Status, Window, check_within, united, window
from pulumi_alicloud_delegation.specs import ContractSpec
from ram_policies import InvalidInputError
from ram_policies.build import allow
from ram_policies.document import Document
from ram_policies.evaluation.decision import Outcome, Policy, PolicyType, Request
from ram_policies.evaluation.policyset import PolicySet

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
MINUTES = st.integers(0, 200)
MOMENTS = MINUTES.map(lambda minutes: NOON + timedelta(minutes=minutes))


@st.composite
def windows(draw):
    begin, end = sorted((draw(MINUTES), draw(MINUTES)))
    open_ends = draw(st.sampled_from([(True, True), (False, True), (True, False), (True, True)]))
    moments = NOON + timedelta(minutes=begin), NOON + timedelta(minutes=end + 1)
    return Window(*(moment if there else None for moment, there in zip(moments, open_ends, strict=True)))


@given(st.lists(windows(), max_size=6), MOMENTS)
def test_windows_that_are_united_hold_exactly_the_same_moments(found, moment):
    assert any(moment in one for one in united(found)) == any(moment in one for one in found)


@given(st.lists(windows(), max_size=6))
def test_united_windows_neither_overlap_nor_touch_and_are_in_order(found):
    result = united(found)
    for earlier, later in pairwise(result):
        assert earlier.end is not None
        assert later.begin > earlier.end + timedelta(seconds=1)
    assert united(result) == result


@given(st.lists(windows(), min_size=1, max_size=5), MOMENTS)
def test_the_evaluator_allows_exactly_the_windows_of_the_policies(found, moment):
    """A later grant is never cut short by an earlier one that ends first."""
    statements = tuple(allow("sts:AssumeRole", "acs:ram::1:role/r", conditions=one.conditions) for one in united(found))
    policies = PolicySet([Policy("opened", PolicyType.CUSTOM, Document(statements))])
    request = Request("sts:AssumeRole", "acs:ram:*:1:role/r", {"acs:CurrentTime": moment_text(moment)})
    allowed = policies.decide(request) is Outcome.ALLOW
    assert allowed == any(moment in one for one in found)


@given(st.integers(0, 400), st.integers(0, 23), st.integers(1, 59))
def test_a_period_is_the_sum_of_its_days_hours_and_minutes(days, hours, minutes):
    text = "".join(f"{number}{unit}" for number, unit in ((days, "d"), (hours, "h"), (minutes, "m")) if number)
    assert parse_period(text, "period") == timedelta(days=days, hours=hours, minutes=minutes)


@pytest.mark.parametrize("text", ["", "4", "h", "-4h", "4h4h", "1m2h", "4 h", "0d", "٤h", "99999d"])
def test_a_value_that_is_not_a_period_is_refused(text):
    with pytest.raises(InvalidInputError, match="is not a period"):
        parse_period(text, "contract.longest_opening")


@pytest.mark.parametrize(
    ("begin", "end", "field"),
    [
        ("2026-06-01T12:00:00Z", "2026-06-01T11:00:00Z", "openings[0].not_after"),
        ("2026-06-01T12:00:00Z", "2026-06-01T12:00:00Z", "openings[0].not_after"),
        ("2026-06-01T12:00:00Z", "2026-06-01T14:00:00+02:00", "openings[0].not_after"),
        ("today", None, "openings[0].not_before"),
        (None, "2026-06-01T12:00:00", "openings[0].not_after"),
    ],
)
def test_a_window_that_cannot_be_is_explained(begin, end, field):
    with pytest.raises(InvalidInputError) as caught:
        window(begin, end, "openings[0]")
    assert caught.value.field == field


CONTRACT = ContractSpec(not_before="2026-06-01T00:00:00Z", not_after="2026-06-30T00:00:00Z", longest_opening="4h")


@pytest.mark.parametrize(
    ("begin", "end", "field", "problem"),
    [
        ("2026-05-31T23:00:00Z", "2026-06-01T01:00:00Z", "x.not_before", "is before the contract begins"),
        ("2026-06-29T23:00:00Z", "2026-06-30T01:00:00Z", "x.not_after", "is after the contract ends"),
        ("2026-06-02T00:00:00Z", None, "x.not_after", "is after the contract ends"),
        (None, "2026-06-02T00:00:00Z", "x.not_before", "write when it opens"),
        ("2026-06-02T00:00:00Z", "2026-06-02T04:00:01Z", "x", "is longer than the contract opens anything, 4h"),
    ],
)
def test_no_window_is_longer_than_the_contract_allows(begin, end, field, problem):
    with pytest.raises(InvalidInputError, match=problem) as caught:
        check_within(window(begin, end, "x"), CONTRACT, "x", limited=True)
    assert caught.value.field == field


def test_a_window_within_the_contract_is_taken():
    check_within(window("2026-06-02T00:00:00Z", "2026-06-02T04:00:00Z", "x"), CONTRACT, "x", limited=True)
    check_within(window("2026-06-02T00:00:00Z", "2026-06-20T04:00:00Z", "x"), CONTRACT, "x", limited=False)


@pytest.mark.parametrize(
    ("begin", "end", "status"),
    [
        (None, None, Status.OPEN),
        (timedelta(days=-1), timedelta(days=31), Status.OPEN),
        (timedelta(days=-1), timedelta(days=29), Status.ENDS_SOON),
        (timedelta(days=-2), timedelta(seconds=0), Status.ENDS_SOON),
        (timedelta(days=-2), timedelta(seconds=-1), Status.ENDED),
        (timedelta(days=1), timedelta(days=2), Status.NOT_YET),
    ],
)
def test_the_end_of_a_window_is_said_before_and_after(begin, end, status):
    period = Window(None if begin is None else NOON + begin, None if end is None else NOON + end)
    assert period.status(NOON) is status
    found = [Lifetime("role ecs-admin", period, "extend it", 3600)]
    warned = list(warnings(found, NOON))
    assert [text.startswith(f"role ecs-admin: {status} (") for text in warned] == (
        [True] if status in {Status.ENDS_SOON, Status.ENDED} else []
    )
    assert window_outputs(found, NOON)["role ecs-admin"].startswith(f"{period.text}: {status}")


def test_an_opening_that_ends_as_it_should_is_not_warned_of_before():
    period = Window(NOON, NOON + timedelta(hours=4))
    assert list(warnings([Lifetime("opening", period, "x", lasting=False)], NOON)) == []
    assert len(list(warnings([Lifetime("opening", period, "x", lasting=False)], NOON + timedelta(hours=5)))) == 1


def test_the_residual_time_of_a_session_is_said():
    told = window_outputs([Lifetime("role x", Window(None, NOON), "x", 7200)], NOON)
    assert told["role x"].endswith("(a session that is open at the end lasts up to 7200 seconds more)")


@pytest.mark.parametrize(("end", "said"), [("2026-06-10T00:00:00Z", "ends soon"), ("2026-05-01T00:00:00Z", "ended")])
def test_the_end_of_a_teams_window_is_said_with_the_residual_time_of_its_roles(end, said):
    plan = plan_delegation({
        "owner": {"id": "11223344"}, "delegate": {"id": "12345678"},
        "roles": [{"name": "watch", "system_policies": ["AliyunECSReadOnlyAccess"], "max_session_duration": 7200}],
        "teams": [{"name": "ops", "roles": ["watch"], "not_after": end}],
    })  # fmt: skip
    found = list(lifetimes([plan.contract], plan.owner.roles, plan.delegate))
    assert [one for one in warnings(found, NOON) if one.startswith(f"team ops: {said}")]
    assert window_outputs(found, NOON) == {
        "team ops": f"until {end}: {said} (a session that is open at the end lasts up to 7200 seconds more)"
    }

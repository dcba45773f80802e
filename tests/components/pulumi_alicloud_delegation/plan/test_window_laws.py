"""Windows on the fake's clock: what a planned opening lets somebody do, when, and for how long after its end."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alicloud_fakes import mock_alicloud
from alicloud_fakes.provider.api import ApiError, SdkApi
from alicloud_fakes.provider.configuration import ProviderSettings
from pulumi_alicloud_delegation.contract import moment_text
from pulumi_alicloud_delegation.cross_account_delegation import CrossAccountDelegation
from pulumi_alicloud_delegation.plan import plan_delegation
from pulumi_alicloud_delegation.testing import EchoMocks, run_program

A, B = "11223344", "12345678"
NIGHT = f"acs:ram::{A}:role/night"
NOON = datetime(2030, 6, 1, 12, tzinfo=UTC)
MINUTES = st.integers(0, 600)
WINDOWS = st.lists(st.tuples(MINUTES, st.integers(1, 240)), min_size=1, max_size=4)
DELEGATION = {
    "owner": {"id": A},
    "delegate": {"id": B},
    "roles": [
        {"name": "night", "system_policies": ["AliyunRAMReadOnlyAccess"], "tier": "on-request", "reason": "r",
         "ticket": "t", "trust": {"not_after": "2099-12-31T00:00:00Z"}},
        {"name": "watch", "system_policies": ["AliyunECSReadOnlyAccess"]},
    ],
    "teams": [{"name": "ops", "roles": ["night", "watch"]}, {"name": "audit", "roles": ["watch"]}],
    "operators": [{"name": "AAA", "teams": ["ops"]}],
}  # fmt: skip


def _moment(minutes):
    return NOON + timedelta(minutes=minutes)


def _openings(windows):
    return [
        {"operator": "AAA", "role": "night", "not_before": moment_text(_moment(begin)),
         "not_after": moment_text(_moment(begin + length)), "reason": "r", "ticket": "t"}
        for begin, length in windows
    ]  # fmt: skip


class Stage:
    """A's role and B's operator as the plan has them, on the fake."""

    def __init__(self, cloud, windows):
        self.cloud = cloud
        cloud.clock.set(NOON)
        cloud.clock.freeze()
        plan = plan_delegation({**DELEGATION, "openings": _openings(windows)})
        role, policy = plan.owner.roles[0], plan.delegate.openings[0].policy
        trust = {"RoleName": role.name, "AssumeRolePolicyDocument": role.trust.to_json()}
        self.act(A, "CreateRole", **trust)
        self.act(A, "AttachPolicyToRole", RoleName="night", PolicyType="System", PolicyName="AliyunRAMReadOnlyAccess")
        self.act(B, "CreateUser", UserName="AAA")
        self.act(B, "CreatePolicy", PolicyName=policy.name, PolicyDocument=policy.document)
        self.opened = {"UserName": "AAA", "PolicyType": "Custom", "PolicyName": policy.name}
        self.act(B, "AttachPolicyToUser", **self.opened)
        key = self.act(B, "CreateAccessKey", UserName="AAA")["AccessKey"]
        self.user = SdkApi(ProviderSettings(key["AccessKeyId"], key["AccessKeySecret"]), {})

    def act(self, account, action, **parameters):
        return self.cloud.act(self.cloud.account(account), "ram", action, parameters)

    def assume(self):
        asked = {"RoleArn": NIGHT, "RoleSessionName": "AAA"}
        got = self.user.call("AssumeRole", asked, product="sts")["Credentials"]
        return SdkApi(
            ProviderSettings(got["AccessKeyId"], got["AccessKeySecret"], security_token=got["SecurityToken"]), {}
        )

    def may_assume(self):
        return _works(self.assume)


def _works(call):
    try:
        call()
    except ApiError:
        return False
    return True


@settings(max_examples=15)
@given(WINDOWS, st.lists(MINUTES, min_size=1, max_size=4))
def test_a_role_is_open_exactly_in_its_windows_together(windows, minutes):
    with mock_alicloud({A: "company-a", B: "company-b"}) as cloud:
        stage = Stage(cloud, windows)
        for minute in sorted(minutes):
            cloud.clock.set(_moment(minute))
            assert stage.may_assume() == any(begin <= minute <= begin + length for begin, length in windows)


@settings(max_examples=10)
@given(st.integers(1, 240))
def test_a_session_outlives_the_end_by_no_more_than_its_own_duration(length):
    with mock_alicloud({A: "company-a", B: "company-b"}) as cloud:
        stage = Stage(cloud, [(0, length)])
        cloud.clock.set(_moment(length))
        session = stage.assume()
        cloud.clock.advance(timedelta(minutes=59))
        assert not stage.may_assume()
        assert _works(lambda: session.call("ListUsers"))
        cloud.clock.advance(timedelta(minutes=2))
        assert not _works(lambda: session.call("ListUsers"))


@settings(max_examples=6)
@given(st.sampled_from(["A takes the role away", "B takes the opening away"]), st.integers(2, 240))
def test_revoking_by_either_side_is_final(who, length):
    with mock_alicloud({A: "company-a", B: "company-b"}) as cloud:
        stage = Stage(cloud, [(0, length)])
        session = stage.assume()
        if who == "A takes the role away":
            granted = {"RoleName": "night", "PolicyType": "System", "PolicyName": "AliyunRAMReadOnlyAccess"}
            stage.act(A, "DetachPolicyFromRole", **granted)
            stage.act(A, "DeleteRole", RoleName="night")
            assert not _works(lambda: session.call("ListUsers"))
        else:
            stage.act(B, "DetachPolicyFromUser", **stage.opened)
        for minute in (1, length, length + 1):
            cloud.clock.set(_moment(minute))
            assert not stage.may_assume()


NAMES = st.sampled_from(["AAA", "BBB", "CCC"])
TEAMS = st.lists(st.sampled_from(["ops", "audit"]), min_size=1, max_size=2, unique=True)


@settings(max_examples=5)
@given(st.lists(st.dictionaries(NAMES, TEAMS, max_size=3), min_size=1, max_size=3))
def test_whoever_comes_moves_or_goes_in_b_nothing_changes_in_a(staffs):
    def owners(operators):
        def program():
            CrossAccountDelegation("d", {**DELEGATION, "operators": operators})

        accounts = {"d/owner": A, "d/delegate": B}
        runs = run_program(program, mocks=lambda preview: EchoMocks(accounts, preview=preview))
        made = [one for one in runs.preview if one.provider == "d/owner"]
        assert made
        return json.dumps(sorted((one.urn, sorted(one.inputs.items())) for one in made), default=str)

    before = owners(DELEGATION["operators"])
    for staff in staffs:
        assert owners([{"name": name, "teams": teams} for name, teams in staff.items()]) == before


def test_the_stage_refuses_who_was_not_opened_anything():
    with mock_alicloud({A: "company-a", B: "company-b"}) as cloud:
        stage = Stage(cloud, [(60, 60)])
        with pytest.raises(ApiError) as caught:
            stage.assume()
    assert caught.value.code.startswith("NoPermission")

"""Windows on the fake's clock: what a planned opening allows, when, and for how long after its end."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alicloud_fakes import mock_alicloud
from alicloud_fakes.provider.api import CallRefusedError, SdkApi
from alicloud_fakes.provider.provider_configuration import ProviderSettings
from pulumi_alicloud_delegation.contract import moment_text
from pulumi_alicloud_delegation.cross_account_delegation import CrossAccountDelegation
from pulumi_alicloud_delegation.plan import plan_delegation
from pulumi_alicloud_delegation.testing import EchoMocks, run_program
from ram_policies import InvalidInputError

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
    """A's role and B's operator of a plan, on the fake."""

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
    except CallRefusedError:
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
        with pytest.raises(CallRefusedError) as caught:
            stage.assume()
    assert caught.value.code.startswith("NoPermission")


class PeopleStage:
    """Both sides of a plan on the fake: roles, groups, users with a key each, and their openings."""

    def __init__(self, cloud, args):
        self.cloud = cloud
        cloud.clock.set(NOON)
        cloud.clock.freeze()
        plan = plan_delegation(args)
        for role in plan.owner.roles:
            self.act(A, "CreateRole", RoleName=role.name, AssumeRolePolicyDocument=role.trust.to_json())
        self.users = {one.name: self.user(one.name) for one in plan.delegate.operators}
        for team in plan.delegate.teams:
            self.act(B, "CreateGroup", GroupName=team.name)
            for policy in team.policies:
                self.attach(policy, "AttachPolicyToGroup", GroupName=team.name)
            for one in plan.delegate.operators:
                if team.name in one.teams:
                    self.act(B, "AddUserToGroup", GroupName=team.name, UserName=one.name)
        for opening in plan.delegate.openings:
            self.attach(opening.policy, "AttachPolicyToUser", UserName=opening.operator)

    def act(self, account, action, **parameters):
        return self.cloud.act(self.cloud.account(account), "ram", action, parameters)

    def user(self, name):
        self.act(B, "CreateUser", UserName=name)
        key = self.act(B, "CreateAccessKey", UserName=name)["AccessKey"]
        return SdkApi(ProviderSettings(key["AccessKeyId"], key["AccessKeySecret"]), {})

    def attach(self, policy, action, **holder):
        self.act(B, "CreatePolicy", PolicyName=policy.name, PolicyDocument=policy.document)
        self.act(B, action, PolicyName=policy.name, PolicyType="Custom", **holder)

    def may(self, user, role, minute):
        self.cloud.clock.set(_moment(minute))
        asked = {"RoleArn": f"acs:ram::{A}:role/{role}", "RoleSessionName": user}
        return _works(lambda: self.users[user].call("AssumeRole", asked, product="sts"))


def _between(begin, length):
    return {"not_before": moment_text(_moment(begin)), "not_after": moment_text(_moment(begin + length))}


@settings(max_examples=10)
@given(st.tuples(MINUTES, st.integers(1, 240)), WINDOWS, st.lists(MINUTES, min_size=1, max_size=3))
def test_a_team_and_a_membership_are_open_exactly_in_their_windows(team, memberships, minutes):
    args = {
        **DELEGATION,
        "roles": [{"name": name, "system_policies": ["AliyunECSReadOnlyAccess"]} for name in ("watch", "look")],
        "teams": [{"name": "ops", "roles": ["watch"], **_between(*team)}, {"name": "audit", "roles": ["look"]}],
        "operators": [{"name": "AAA", "teams": ["ops"]}, {"name": "guest", "teams": ["audit"]}],
        "openings": [{"operator": "guest", "team": "ops", **_between(*one)} for one in memberships],
    }
    with mock_alicloud({A: "company-a", B: "company-b"}) as cloud:
        stage = PeopleStage(cloud, args)
        for minute in sorted(minutes):
            assert stage.may("AAA", "watch", minute) == (team[0] <= minute <= sum(team))
            assert stage.may("guest", "watch", minute) == any(b <= minute <= b + n for b, n in memberships)
            assert stage.may("guest", "look", minute)
            assert not stage.may("AAA", "look", minute)


def _runs(windows):
    """Overlapping windows merged, in minutes."""
    found = []
    for begin, end in sorted((b, b + n) for b, n in windows):
        if found and begin <= found[-1][1]:
            found[-1][1] = max(found[-1][1], end)
        else:
            found.append([begin, end])
    return found


@settings(max_examples=40)
@given(WINDOWS)
def test_nothing_is_open_for_longer_than_the_contract_allows_however_often_it_is_opened(windows):
    contract = {"not_after": moment_text(_moment(480)), "longest_opening": "2h"}
    roles = [{**DELEGATION["roles"][0], "trust": {"not_after": moment_text(_moment(480))}}, DELEGATION["roles"][1]]
    args = {**DELEGATION, "roles": roles, "contract": contract, "openings": _openings(windows)}
    runs = _runs(windows)
    if any(end > 480 or end - begin > 120 for begin, end in runs):
        with pytest.raises(InvalidInputError, match="openings"):
            plan_delegation(args)
        return
    with mock_alicloud({A: "company-a", B: "company-b"}) as cloud:
        stage = PeopleStage(cloud, args)
        for begin, end in runs:
            assert stage.may("AAA", "night", end)
            assert not stage.may("AAA", "night", end + 1)
            assert begin == 0 or not stage.may("AAA", "night", begin - 1) or any(b <= begin - 1 <= e for b, e in runs)
        assert not stage.may("AAA", "night", 481)

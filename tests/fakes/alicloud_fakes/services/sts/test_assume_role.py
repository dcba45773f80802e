"""Permission to assume a role: both sides, every time. Through official clients and both doors."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from alibabacloud_ram20150501 import models as ram
from alibabacloud_sts20150401 import models as sts
from alibabacloud_tea_openapi.exceptions import ClientException

A, B, C = "11223344", "12345678", "99999999"
STS = ("sts", "2015-04-01")


def trust(*statements: dict[str, Any]) -> str:
    return json.dumps({"Statement": list(statements), "Version": "1"})


def allow(*principals: str, **conditions: Any) -> dict[str, Any]:
    out: dict[str, Any] = {"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"RAM": list(principals)}}
    return {**out, "Condition": conditions} if conditions else out


def named(*principals: str) -> dict[str, Any]:
    return {**allow(*principals), "Action": ["sts:AssumeRole", "sts:SetSourceIdentity"]}


def deny(*principals: str) -> dict[str, Any]:
    return {**allow(*principals), "Effect": "Deny"}


def identity(*statements: dict[str, Any]) -> str:
    return json.dumps({"Statement": list(statements), "Version": "1"})


MAY_ASSUME = {"Action": "sts:AssumeRole", "Effect": "Allow", "Resource": "*"}


class Stage:
    """Accounts A, B and C, with a user in each, and roles made in A."""

    def __init__(self, door: Any) -> None:
        self.door = door
        self.roots = {account: door.ram(door.cloud.account(account).root_key) for account in (A, B, C)}
        self.policies = 0

    def user(self, account: str, name: str, *statements: dict[str, Any]) -> Any:
        client = self.roots[account]
        client.create_user(ram.CreateUserRequest(user_name=name))
        self.grant(account, "User", name, *statements)
        return client.create_access_key(ram.CreateAccessKeyRequest(user_name=name)).body.access_key

    def grant(self, account: str, kind: str, name: str, *statements: dict[str, Any]) -> None:
        if statements:
            self.policies += 1
            policy = f"p{self.policies}"
            client = self.roots[account]
            client.create_policy(ram.CreatePolicyRequest(policy_name=policy, policy_document=identity(*statements)))
            key = self.door.cloud.account(account).root_key
            parameters = {"PolicyType": "Custom", "PolicyName": policy, f"{kind}Name": name}
            self.door.call(key, "ram", "2015-05-01", f"AttachPolicyTo{kind}", **parameters)

    def role(self, name: str, document: str, *statements: dict[str, Any], longest: int = 3600) -> str:
        request = ram.CreateRoleRequest(
            role_name=name, assume_role_policy_document=document, max_session_duration=longest
        )
        self.roots[A].create_role(request)
        self.grant(A, "Role", name, *statements)
        return f"acs:ram::{A}:role/{name}"

    def assume(self, key: Any, arn: str | None, **more: Any) -> Any:
        request = sts.AssumeRoleRequest(role_arn=arn, **{"role_session_name": "session", **more})
        return self.door.sts(key).assume_role(request).body

    def allowed(self, key: Any, arn: str, **more: Any) -> bool:
        try:
            self.assume(key, arn, **more)
        except ClientException as error:
            if (error.code, error.data["statusCode"]) != ("NoPermission", 403):
                raise
            return False
        return True


@pytest.fixture
def stage(door: Any) -> Stage:
    return Stage(door)


EXTERNAL = {"StringEquals": {"sts:ExternalId": "right"}}
MFA = {"Bool": {"acs:MFAPresent": "true"}}

# A well-known fake of another cloud was measured with these rows; seven of its twelve answers were wrong.
TABLE = [
    ("the exact user, one account", A, [allow(f"acs:ram::{A}:user/caller")], {}, True),
    ("another user, one account", A, [allow(f"acs:ram::{A}:user/other")], {}, False),
    ("the whole account, one account", A, [allow(f"acs:ram::{A}:root")], {}, True),
    ("a deny for the caller", A, [allow(f"acs:ram::{A}:root"), deny(f"acs:ram::{A}:user/caller")], {}, False),
    ("the second statement", A, [allow(f"acs:ram::{A}:user/other"), allow(f"acs:ram::{A}:user/caller")], {}, True),
    ("MFA, which a key never has", A, [allow(f"acs:ram::{A}:root", **MFA)], {}, False),
    ("an external ID, omitted", A, [allow(f"acs:ram::{A}:root", **EXTERNAL)], {}, False),
    ("an external ID, wrong", A, [allow(f"acs:ram::{A}:root", **EXTERNAL)], {"external_id": "wrong"}, False),
    ("an external ID, right", A, [allow(f"acs:ram::{A}:root", **EXTERNAL)], {"external_id": "right"}, True),
    (
        "a deny for the caller of another account",
        B,
        [allow(f"acs:ram::{B}:root"), deny(f"acs:ram::{B}:root")],
        {},
        False,
    ),
    ("a deny that comes first", B, [deny(f"acs:ram::{B}:user/caller"), allow(f"acs:ram::{B}:root")], {}, False),
    ("an external ID that nobody asks for", B, [allow(f"acs:ram::{B}:root")], {"external_id": "any"}, True),
    ("the caller comes from a third account", C, [allow(f"acs:ram::{A}:root", f"acs:ram::{B}:root")], {}, False),
    ("a third account is trusted", B, [allow(f"acs:ram::{C}:root")], {}, False),
    ("the caller's account is trusted", B, [allow(f"acs:ram::{B}:root")], {}, True),
]


@pytest.mark.parametrize(("row", "account", "statements", "more", "expected"), TABLE, ids=[row[0] for row in TABLE])
def test_the_trust_policy_decides_who_assumes_a_role(
    stage: Stage, row: str, account: str, statements: Any, more: Any, expected: bool
) -> None:
    stage.user(A, "other")
    key = stage.user(account, "caller", MAY_ASSUME)
    assert stage.allowed(key, stage.role("r", trust(*statements)), **more) is expected, row


def test_without_an_identity_policy_nobody_may(stage: Stage) -> None:
    arn = stage.role("r", trust(allow(f"acs:ram::{A}:root", f"acs:ram::{B}:root")))
    assert not stage.allowed(stage.user(A, "mine"), arn)
    assert not stage.allowed(stage.user(B, "theirs"), arn)


def test_a_session_policy_is_a_gate_and_a_long_session_an_error(stage: Stage, refused: Any) -> None:
    key = stage.user(B, "caller", MAY_ASSUME)
    arn = stage.role("r", trust(allow(f"acs:ram::{B}:root")), {"Action": "*", "Effect": "Allow", "Resource": "*"})
    only_ecs = identity({"Action": "ecs:Describe*", "Effect": "Allow", "Resource": "*"})
    gated = stage.assume(key, arn, policy=only_ecs).credentials
    with refused("NoPermission", 403) as denial:
        stage.door.ram(gated).list_users(ram.ListUsersRequest())
    assert denial.error.data["AccessDeniedDetail"]["PolicyType"] == "SessionPolicy"
    stage.door.call(gated, "ecs", "2014-05-26", "DescribeInstances", RegionId="cn-hangzhou")
    stage.door.ram(stage.assume(key, arn).credentials).list_users(ram.ListUsersRequest())
    with refused("InvalidParameter.DurationSeconds", 400, "The Min/Max value of DurationSeconds is 15min/1hr."):
        stage.assume(key, arn, duration_seconds=43200)


def test_root_never_assumes_a_role(stage: Stage, refused: Any) -> None:
    arn = stage.role("r", trust(allow(f"acs:ram::{A}:root", f"acs:ram::{B}:root")))
    for account in (A, B):
        with refused("NoPermission", 403, "Roles may not be assumed by root accounts."):
            stage.assume(stage.door.cloud.account(account).root_key, arn)


def test_an_explicit_deny_of_the_callers_own_side_wins(stage: Stage) -> None:
    arn = stage.role("r", trust(allow(f"acs:ram::{B}:root")))
    not_this = {"Action": "sts:AssumeRole", "Effect": "Deny", "Resource": f"acs:ram:*:{A}:role/r"}
    assert not stage.allowed(stage.user(B, "caller", MAY_ASSUME, not_this), arn)


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        (f"acs:ram::{A}:role/r", True),
        (f"acs:ram:*:{A}:role/R", True),
        (f"acs:ram:*:{A}:role/*", True),
        (f"acs:ram:*:{B}:role/r", False),
        (f"acs:ram:*:{A}:role/other", False),
        ("acs:ram:*:*:*", True),
    ],
)
def test_the_identity_policy_names_the_role(stage: Stage, resource: str, expected: bool) -> None:
    key = stage.user(B, "caller", {**MAY_ASSUME, "Resource": resource})
    assert stage.allowed(key, stage.role("R", trust(allow(f"acs:ram::{B}:root")))) is expected


def test_time_and_address(stage: Stage) -> None:
    key = stage.user(B, "caller", MAY_ASSUME)
    late = {"DateGreaterThan": {"acs:CurrentTime": "2099-01-01T00:00:00Z"}}
    here = {"IpAddress": {"acs:SourceIp": "127.0.0.0/8"}}
    there = {"IpAddress": {"acs:SourceIp": "192.0.2.0/24"}}
    secure = {"Bool": {"acs:SecureTransport": "true"}}
    for number, (condition, expected) in enumerate(
        [(late, False), (here, True), (there, False), (secure, stage.door.protocol == "HTTPS")]
    ):
        arn = stage.role(f"r{number}", trust(allow(f"acs:ram::{B}:root", **condition)))
        assert stage.allowed(key, arn) is expected, condition
    stage.door.cloud.clock.set(dt.datetime(2099, 6, 1, tzinfo=dt.UTC))
    assert stage.allowed(key, f"acs:ram::{A}:role/r0")


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"IpAddress": {"acs:SourceIp": "127.0.0.0/8"}}, True),
        ({"IpAddress": {"acs:SourceIp": "192.0.2.0/24"}}, False),
        ({"Bool": {"acs:MFAPresent": "true"}}, False),
        ({"DateLessThan": {"acs:CurrentTime": "2001-01-01T00:00:00Z"}}, False),
        ({"DateGreaterThan": {"acs:CurrentTime": "2001-01-01T00:00:00Z"}}, True),
    ],
)
def test_conditions_of_the_callers_own_side_count(stage: Stage, condition: Any, expected: bool) -> None:
    key = stage.user(B, "caller", {**MAY_ASSUME, "Condition": condition})
    assert stage.allowed(key, stage.role("r", trust(allow(f"acs:ram::{B}:root")))) is expected


def test_a_session_policy_cannot_be_left_behind_in_a_chain(stage: Stage) -> None:
    """Only the assumed role counts afterwards, and the session policy of the first session must allow assuming it."""
    key = stage.user(B, "caller", MAY_ASSUME)
    first = stage.role("first", trust(allow(f"acs:ram::{B}:root")), MAY_ASSUME)
    second = stage.role("second", trust(allow(f"acs:ram::{A}:role/first")))
    denied = identity(MAY_ASSUME, {**MAY_ASSUME, "Effect": "Deny", "Resource": f"acs:ram:*:{A}:role/second"})
    assert not stage.allowed(stage.assume(key, first, policy=denied).credentials, second)


def test_a_denial_says_which_side_it_was(stage: Stage, refused: Any) -> None:
    arn = stage.role("r", trust(allow(f"acs:ram::{C}:root")))
    with refused("NoPermission", 403, "You should be authorized by RAM.") as denial:
        stage.assume(stage.user(B, "trusted-by-nobody", MAY_ASSUME), arn)
    assert denial.error.data["AccessDeniedDetail"]["PolicyType"] == "AssumeRolePolicy"
    with refused("NoPermission", 403) as denial:
        stage.assume(stage.user(C, "permitted-by-nobody"), arn)
    detail = denial.error.data["AccessDeniedDetail"]
    assert (detail["PolicyType"], detail["NoPermissionType"]) == ("AccountLevelIdentityBasedPolicy", "ImplicitDeny")
    assert detail["AuthAction"] == "sts:AssumeRole"


def test_a_role_session_can_assume_a_further_role(stage: Stage) -> None:
    key = stage.user(B, "caller", MAY_ASSUME)
    first = stage.role("first", trust(allow(f"acs:ram::{B}:root")), MAY_ASSUME)
    second = stage.role("second", trust(allow(f"acs:ram::{A}:role/first")))
    assert not stage.allowed(key, second), "only sessions of the first role"
    session = stage.assume(key, first).credentials
    assert stage.assume(session, second).assumed_role_user.arn == f"acs:ram::{A}:role/second/session"
    only_ecs = identity({"Action": "ecs:*", "Effect": "Allow", "Resource": "*"})
    assert not stage.allowed(stage.assume(key, first, policy=only_ecs).credentials, second)
    may = identity(MAY_ASSUME)
    assert stage.allowed(stage.assume(key, first, policy=may).credentials, second)
    everybody = stage.role("third", trust(allow(f"acs:ram::{A}:root")))
    assert stage.allowed(session, everybody), "the account's root stands for its roles too"
    assert not stage.allowed(key, everybody)


def test_source_identity_is_echoed_when_sent_and_stays_with_the_chain(stage: Stage, refused: Any) -> None:
    key = stage.user(B, "caller", MAY_ASSUME)
    arn = stage.role("r", trust(named(f"acs:ram::{B}:root", f"acs:ram::{A}:root")), MAY_ASSUME)
    assert stage.assume(key, arn).source_identity is None
    body = stage.assume(key, arn, source_identity="alice")
    assert body.source_identity == "alice"
    with refused("InvalidParameter.SourceIdentity", 400):
        stage.assume(body.credentials, arn, source_identity="mallory")
    assert stage.assume(body.credentials, arn, source_identity="alice").source_identity == "alice"
    silent = stage.assume(body.credentials, arn)
    assert silent.source_identity is None, "echoed only when it is sent"
    with refused("InvalidParameter.SourceIdentity", 400):
        stage.assume(silent.credentials, arn, source_identity="mallory")


def test_a_source_identity_that_the_trust_policy_does_not_take_is_refused(stage: Stage) -> None:
    key = stage.user(B, "caller", MAY_ASSUME)
    arn = stage.role("r", trust(allow(f"acs:ram::{B}:root")))
    assert stage.allowed(key, arn)
    assert not stage.allowed(key, arn, source_identity="alice")
    first = stage.role("first", trust(named(f"acs:ram::{B}:root")), MAY_ASSUME)
    second = stage.role("second", trust(allow(f"acs:ram::{A}:role/first")))
    session = stage.assume(key, first, source_identity="alice").credentials
    assert not stage.allowed(session, second), "it would be handed on, and the second role takes none"


def test_a_demanded_source_identity_and_one_that_is_pinned_to_the_caller(stage: Stage) -> None:
    demanding = {**named(f"acs:ram::{B}:root"), "Condition": {"StringLike": {"sts:SourceIdentity": "?*"}}}
    arn = stage.role("r", trust(demanding))
    pinned = {"StringEqualsIgnoreCase": {"sts:SourceIdentity": "alice"}}
    alice = stage.user(B, "alice", {**MAY_ASSUME, "Condition": pinned})
    assert not stage.allowed(alice, arn), "none is sent"
    assert not stage.allowed(alice, arn, source_identity="bob"), "another person's name"
    assert stage.assume(alice, arn, source_identity="Alice").source_identity == "Alice"


@pytest.mark.parametrize("wrong", ["acs:x", "aliyun:x", "alibabacloud:x", "x", "a b", "x" * 65])
def test_source_identities_that_cannot_be(stage: Stage, refused: Any, wrong: str) -> None:
    key = stage.user(B, "caller", MAY_ASSUME)
    arn = stage.role("r", trust(allow(f"acs:ram::{B}:root")))
    with refused("InvalidParameter.SourceIdentity", 400):
        stage.assume(key, arn, source_identity=wrong)


def test_maximum_session_duration(stage: Stage, refused: Any) -> None:
    key = stage.user(B, "caller", MAY_ASSUME)
    arn = stage.role("r", trust(allow(f"acs:ram::{B}:root")), longest=7200)
    stage.assume(key, arn, duration_seconds=7200)
    stage.assume(key, arn, duration_seconds=900)
    for wrong in (899, 7201):
        with refused("InvalidParameter.DurationSeconds", 400):
            stage.assume(key, arn, duration_seconds=wrong)


@pytest.mark.parametrize(
    ("changes", "status", "code", "message"),
    [
        ({"arn": "nonsense"}, 400, "InvalidParameter.RoleArn", "The parameter RoleArn is wrongly formed."),
        ({"arn": f"acs:ram::{A}:user/x"}, 400, "InvalidParameter.RoleArn", ""),
        ({"arn": f"acs:ecs::{A}:role/x"}, 400, "InvalidParameter.RoleArn", ""),
        ({"role_session_name": "x"}, 400, "InvalidParameter.RoleSessionName", "is wrongly formed."),
        ({"role_session_name": "x" * 65}, 400, "InvalidParameter.RoleSessionName", ""),
        ({"role_session_name": "a b"}, 400, "InvalidParameter.RoleSessionName", ""),
        ({"arn": None}, 400, "MissingRoleArn", "RoleArn is mandatory for this action."),
        ({"role_session_name": None}, 400, "MissingRoleSessionName", ""),
        ({"policy": "{"}, 400, "InvalidParameter.PolicyGrammar", "has not passed grammar check."),
        ({"policy": "x" * 2049}, 400, "InvalidParameter.PolicySize", "must be smaller than 2048 bytes."),
        ({"external_id": "?"}, 400, "InvalidParameter.ExternalId", ""),
        (
            {"arn": f"acs:ram::{A}:role/none"},
            404,
            "EntityNotExist.Role",
            f"The role not exists: acs:ram::{A}:role/none",
        ),
        ({"arn": "acs:ram::555:role/none"}, 404, "EntityNotExist.Role", ""),
    ],
)
def test_a_wrong_parameter_is_refused_with_the_documented_error(
    stage: Stage, refused: Any, changes: Any, status: int, code: str, message: str
) -> None:
    key = stage.user(B, "caller", MAY_ASSUME)
    arn = stage.role("r", trust(allow(f"acs:ram::{B}:root")))
    with refused(code, status, message):
        stage.assume(key, **{"arn": arn, **changes})


def test_sessions_outlive_the_key_that_began_them(stage: Stage) -> None:
    key = stage.user(B, "caller", MAY_ASSUME)
    live = stage.assume(key, stage.role("r", trust(allow(f"acs:ram::{B}:root")))).credentials
    delete = ram.DeleteAccessKeyRequest(user_name="caller", user_access_key_id=key.access_key_id)
    stage.roots[B].delete_access_key(delete)
    assert stage.door.sts(live).get_caller_identity().body.identity_type == "AssumedRoleUser"


def test_who_am_i_cannot_be_denied(stage: Stage) -> None:
    key = stage.user(B, "caller", {"Action": "*", "Effect": "Deny", "Resource": "*"})
    assert stage.door.sts(key).get_caller_identity().body.identity_type == "RAMUser"


def test_the_case_of_role_names(stage: Stage) -> None:
    key = stage.user(B, "caller", MAY_ASSUME)
    stage.role("Ops-Role", trust(allow(f"acs:ram::{B}:root")))
    for written in ("Ops-Role", "ops-role", "OPS-ROLE"):
        body = stage.assume(key, f"acs:ram::{A}:role/{written}")
        assert body.assumed_role_user.arn == f"acs:ram::{A}:role/ops-role/session"


def test_a_service_role_is_not_for_users(stage: Stage) -> None:
    key = stage.user(A, "caller", MAY_ASSUME)
    service = {"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"Service": ["ecs.aliyuncs.com"]}}
    assert not stage.allowed(key, stage.role("r", trust(service)))

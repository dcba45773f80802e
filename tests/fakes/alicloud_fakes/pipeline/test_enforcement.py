"""Listeners of a cloud receive each decision; soft mode reports the denial and lets the call pass."""

from __future__ import annotations

import json
from typing import Any

import pytest
from alibabacloud_ram20150501 import models as ram
from alibabacloud_sts20150401 import models as sts

from alicloud_fakes.cloud.fake_cloud import Enforcement
from alicloud_fakes.console.apis import Apis
from alicloud_fakes.identity.session_tokens import TemporaryCredentials
from alicloud_fakes.pipeline.judgement import Judgement

ROLE = "acs:ram::11223344:role/ops"


@pytest.fixture
def judged(door: Any) -> list[Judgement]:
    found: list[Judgement] = []
    door.cloud.on_judged.append(found.append)
    return found


@pytest.fixture
def user(door: Any) -> Any:
    """A user of B, without any policy, and a role of A that trusts B with an external ID."""
    trust = {
        "Version": "1",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": "sts:AssumeRole",
                "Principal": {"RAM": ["acs:ram::12345678:root"]},
                "Condition": {"StringEquals": {"sts:ExternalId": "agreed"}},
            }
        ],
    }
    owner = door.ram(door.cloud.account("company-a").root_key)
    owner.create_role(ram.CreateRoleRequest(role_name="ops", assume_role_policy_document=json.dumps(trust)))
    delegate = door.ram(door.cloud.account("company-b").root_key)
    delegate.create_user(ram.CreateUserRequest(user_name="AAA"))
    return delegate.create_access_key(ram.CreateAccessKeyRequest(user_name="AAA")).body.access_key


def test_a_denied_call_is_told_with_what_was_missing(
    door: Any, user: Any, judged: list[Judgement], refused: Any
) -> None:
    with refused("NoPermission", 403):
        door.ram(user).list_users(ram.ListUsersRequest())
    [told] = judged[-1:]
    assert told.enforced
    assert told.request.action == "ram:ListUsers"
    assert told.decision.missing == (
        "Allow for ram:ListUsers on acs:ram:*:12345678:user/* in the policies of the caller",
    )
    assert told.request_id == door.cloud.calls.records[-1].request_id


def test_an_allowed_call_is_told_with_the_statement_that_decided(door: Any, user: Any, judged: list[Judgement]) -> None:
    root = door.ram(door.cloud.account("company-b").root_key)
    root.attach_policy_to_user(
        ram.AttachPolicyToUserRequest(policy_type="System", policy_name="AliyunRAMReadOnlyAccess", user_name="AAA")
    )
    door.ram(user).list_users(ram.ListUsersRequest())
    assert [match.policy.name for match in judged[-1].decision.matched] == ["AliyunRAMReadOnlyAccess"]


def test_the_call_log_explains_both_sides_of_assume_role(
    door: Any, user: Any, judged: list[Judgement], refused: Any
) -> None:
    with refused("NoPermission", 403):
        door.sts(user).assume_role(sts.AssumeRoleRequest(role_arn=ROLE, role_session_name="AAA"))
    told = judged[-1]
    assert told.trust is not None
    assert told.identity is not None
    assert len(told.decision.missing) == 3
    assert "sts:ExternalId StringEquals agreed; the request has no such key" in told.decision.missing[2]


def test_soft_mode_lets_a_denied_call_pass_and_records_the_denial(
    door: Any, user: Any, judged: list[Judgement]
) -> None:
    door.cloud.enforcement = Enforcement.SOFT
    assumed = door.sts(user).assume_role(sts.AssumeRoleRequest(role_arn=ROLE, role_session_name="AAA"))
    door.call(assumed.body.credentials, "ecs", "2014-05-26", "DescribeInstances", RegionId="cn-hangzhou")
    assert [(one.request.action, one.decision.allowed, one.enforced) for one in judged[-2:]] == [
        ("sts:AssumeRole", False, False),
        ("ecs:DescribeInstances", False, False),
    ]


def test_soft_mode_lets_oss_pass_and_records_the_denial(door: Any, user: Any, judged: list[Judgement]) -> None:
    apis = Apis(door.cloud, TemporaryCredentials(user.access_key_id, user.access_key_secret, "", ""), "127.0.0.1")
    assert apis.oss("ListBuckets").code == "AccessDenied"
    door.cloud.enforcement = Enforcement.SOFT
    assert apis.oss("ListBuckets").ok
    assert [one.enforced for one in judged if one.request.action == "oss:ListBuckets"] == [True, False]

"""System policies known by name only: they exist, can be attached, and grant nothing here."""

from __future__ import annotations

import json

import pytest

from alicloud_fakes import Cloud
from alicloud_fakes.core.errors import ApiError

NAMED = "AliyunMNSFullAccess"


def test_a_policy_that_is_known_by_name_is_found_and_attached(cloud: Cloud) -> None:
    account = cloud.account("11223344")
    cloud.act(account, "ram", "CreateUser", {"UserName": "ana"})
    found = cloud.act(account, "ram", "GetPolicy", {"PolicyName": NAMED, "PolicyType": "System"})
    assert found["Policy"]["PolicyName"] == NAMED
    assert found["Policy"]["Description"].endswith("not published.")
    assert json.loads(found["DefaultPolicyVersion"]["PolicyDocument"])["Statement"] == []
    attach = {"PolicyName": NAMED, "PolicyType": "System", "UserName": "ana"}
    cloud.act(account, "ram", "AttachPolicyToUser", attach)
    listed = cloud.act(account, "ram", "ListPoliciesForUser", {"UserName": "ana"})
    assert [policy["PolicyName"] for policy in listed["Policies"]["Policy"]] == [NAMED]


def test_a_system_policy_known_by_name_alone_counts_as_attached(cloud: Cloud) -> None:
    account = cloud.account("11223344")
    cloud.act(account, "ram", "CreateUser", {"UserName": "ana"})
    user = account.ram.users.get("ana")
    assert user is not None
    attach = {"PolicyType": "System", "UserName": "ana"}
    cloud.act(account, "ram", "AttachPolicyToUser", {**attach, "PolicyName": NAMED})
    cloud.act(account, "ram", "AttachPolicyToUser", {**attach, "PolicyName": "AliyunECSReadOnlyAccess"})
    policies = account.ram.policies_of_user(user)
    assert [policy.name for policy in policies.policies] == [NAMED, "AliyunECSReadOnlyAccess"]
    assert policies.policies[0].document.statements == ()


def test_a_name_that_nobody_documents_does_not_exist(cloud: Cloud) -> None:
    account = cloud.account("11223344")
    with pytest.raises(ApiError) as error:
        cloud.act(account, "ram", "GetPolicy", {"PolicyName": "AliyunMadeUpFullAccess", "PolicyType": "System"})
    assert error.value.code == "EntityNotExist.Policy"

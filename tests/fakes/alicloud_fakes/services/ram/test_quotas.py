"""Quotas: the last resource that is allowed, and the first that is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from alicloud_fakes import Cloud
from alicloud_fakes.core.errors import ApiError
from ram_policies import limits
from ram_policies.system_policies import system_policies

TRUST = (
    '{"Statement":[{"Action":"sts:AssumeRole","Effect":"Allow","Principal":{"Service":["ecs.aliyuncs.com"]}}],'
    '"Version":"1"}'
)
POLICY = '{"Version":"1","Statement":[{"Effect":"Allow","Action":"ecs:*","Resource":"*"}]}'


class Direct:
    """Actions without the gateway, for tests that need thousands of calls."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud, self.account = cloud, cloud.account("11223344")

    def __call__(self, action: str, **parameters: str) -> Any:
        return self.cloud.act(self.account, "ram", action, parameters)

    def code(self, action: str, **parameters: str) -> str:
        with pytest.raises(ApiError) as error:
            self(action, **parameters)
        return error.value.code


@pytest.fixture
def call(cloud: Cloud) -> Direct:
    return Direct(cloud)


@pytest.mark.parametrize(
    ("action", "key", "more", "limit", "code"),
    [
        ("CreateUser", "UserName", {}, limits.USERS_PER_ACCOUNT, "LimitExceeded.User"),
        ("CreateGroup", "GroupName", {}, limits.GROUPS_PER_ACCOUNT, "LimitExceeded.Group"),
        ("CreateRole", "RoleName", {"AssumeRolePolicyDocument": TRUST}, limits.ROLES_PER_ACCOUNT, "LimitExceeded.Role"),
        (
            "CreatePolicy",
            "PolicyName",
            {"PolicyDocument": POLICY},
            limits.CUSTOM_POLICIES_PER_ACCOUNT,
            "LimitExceeded.Policy",
        ),
        (
            "CreateVirtualMFADevice",
            "VirtualMFADeviceName",
            {},
            limits.MFA_DEVICES_PER_ACCOUNT,
            "LimitExceeded.VirtualMFADevice",
        ),
    ],
)
def test_quotas_of_the_account(call: Direct, action: str, key: str, more: Any, limit: int, code: str) -> None:
    for number in range(limit):
        call(action, **{key: f"n{number}"}, **more)
    assert call.code(action, **{key: "one-more"}, **more) == code


def test_groups_of_a_user_and_keys(call: Direct) -> None:
    call("CreateUser", UserName="u")
    for number in range(limits.GROUPS_PER_USER + 1):
        call("CreateGroup", GroupName=f"g{number}")
    for number in range(limits.GROUPS_PER_USER):
        call("AddUserToGroup", UserName="u", GroupName=f"g{number}")
    last = {"UserName": "u", "GroupName": f"g{limits.GROUPS_PER_USER}"}
    assert call.code("AddUserToGroup", **last) == "LimitExceeded.User.Group"
    for _ in range(limits.ACCESS_KEYS_PER_USER):
        call("CreateAccessKey", UserName="u")
    assert call.code("CreateAccessKey", UserName="u") == "LimitExceeded.User.AccessKey"


def test_keys_of_root_are_its_own_and_five(call: Direct) -> None:
    present = len(call("ListAccessKeys")["AccessKeys"]["AccessKey"])
    for _ in range(5 - present):
        call("CreateAccessKey")
    assert call.code("CreateAccessKey").startswith("LimitExceeded.")
    assert len(call("ListAccessKeys")["AccessKeys"]["AccessKey"]) == 5


@pytest.mark.parametrize(
    ("kind", "create"), [("User", {}), ("Group", {}), ("Role", {"AssumeRolePolicyDocument": TRUST})]
)
def test_attachments_system_and_custom_apart(call: Direct, kind: str, create: Any) -> None:
    call(f"Create{kind}", **{f"{kind}Name": "e"}, **create)
    attach = f"AttachPolicyTo{kind}"
    names = list(system_policies())[: limits.SYSTEM_POLICIES_PER_USER + 1]
    assert len(names) == 21
    for name in names[:-1]:
        call(attach, **{f"{kind}Name": "e"}, PolicyType="System", PolicyName=name)
    refused = {f"{kind}Name": "e", "PolicyType": "System", "PolicyName": names[-1]}
    assert call.code(attach, **refused) == f"LimitExceeded.{kind}.Policy"
    for number in range(limits.CUSTOM_POLICIES_PER_USER + 1):
        call("CreatePolicy", PolicyName=f"p{number}", PolicyDocument=POLICY)
    for number in range(limits.CUSTOM_POLICIES_PER_USER):
        call(attach, **{f"{kind}Name": "e"}, PolicyType="Custom", PolicyName=f"p{number}")
    refused = {f"{kind}Name": "e", "PolicyType": "Custom", "PolicyName": f"p{limits.CUSTOM_POLICIES_PER_USER}"}
    assert call.code(attach, **refused) == f"LimitExceeded.{kind}.Policy"


def test_more_tags_than_the_quota_are_refused(call: Direct) -> None:
    call("CreateRole", RoleName="r", AssumeRolePolicyDocument=TRUST)
    tags = [{"Key": f"k{number}", "Value": ""} for number in range(limits.TAGS_PER_RESOURCE)]
    call("TagResources", ResourceType="role", ResourceNames='["r"]', Tag=json.dumps(tags))
    more = json.dumps([{"Key": "one-more", "Value": ""}])
    parameters = {"ResourceType": "role", "ResourceNames": '["r"]', "Tag": more}
    assert call.code("TagResources", **parameters) == "LimitExceeded.Tag"
    assert len(call.account.ram.roles.get("r").tags) == limits.TAGS_PER_RESOURCE

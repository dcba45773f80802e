"""Every action of RAM is checked, for the resource that the documentation names."""

from __future__ import annotations

import json
from typing import Any

import pytest
from alibabacloud_ram20150501 import models as ram
from alibabacloud_tea_openapi.exceptions import ClientException

from alicloud_fakes.pipeline.registry import AllowedCallers
from alicloud_fakes.services import services

ACCOUNT = "11223344"
RAM = ("ram", "2015-05-01")
TRUST = (
    '{"Statement":[{"Action":"sts:AssumeRole","Effect":"Allow","Principal":{"Service":["ecs.aliyuncs.com"]}}],'
    '"Version":"1"}'
)
POLICY = '{"Version":"1","Statement":[{"Effect":"Allow","Action":"ecs:*","Resource":"*"}]}'
SYSTEM = {"PolicyType": "System", "PolicyName": "ReadOnlyAccess"}
CUSTOM = {"PolicyType": "Custom", "PolicyName": "p"}

# action: (parameters, resources checked), Alibaba Cloud, RAM, "RAM authentication"
TABLE: dict[str, tuple[dict[str, str], tuple[str, ...]]] = {
    "CreateUser": ({"UserName": "new"}, ("user/*",)),
    "ListUsers": ({}, ("user/*",)),
    "GetUser": ({"UserName": "u"}, ("user/u",)),
    "UpdateUser": ({"UserName": "u"}, ("user/u",)),
    "DeleteUser": ({"UserName": "u"}, ("user/u",)),
    "CreateLoginProfile": ({"UserName": "u", "Password": "Password-1"}, ("user/u",)),
    "GetLoginProfile": ({"UserName": "u"}, ("user/u",)),
    "UpdateLoginProfile": ({"UserName": "u"}, ("user/u",)),
    "DeleteLoginProfile": ({"UserName": "u"}, ("user/u",)),
    "CreateAccessKey": ({"UserName": "u"}, ("user/u",)),
    "ListAccessKeys": ({"UserName": "u"}, ("user/u",)),
    "UpdateAccessKey": ({"UserName": "u", "UserAccessKeyId": "x", "Status": "Active"}, ("user/u",)),
    "DeleteAccessKey": ({"UserName": "u", "UserAccessKeyId": "x"}, ("user/u",)),
    "GetAccessKeyLastUsed": ({"UserName": "u", "UserAccessKeyId": "x"}, ("user/u",)),
    "UnbindMFADevice": ({"UserName": "u"}, ("user/u",)),
    "GetUserMFAInfo": ({"UserName": "u"}, ("user/u",)),
    "BindMFADevice": (
        {"UserName": "u", "SerialNumber": "x", "AuthenticationCode1": "123456", "AuthenticationCode2": "123456"},
        ("user/u",),
    ),
    "ListGroupsForUser": ({"UserName": "u"}, ("user/u",)),
    "ListPoliciesForUser": ({"UserName": "u"}, ("user/u",)),
    "CreateGroup": ({"GroupName": "new"}, ("group/*",)),
    "ListGroups": ({}, ("group/*",)),
    "GetGroup": ({"GroupName": "g"}, ("group/g",)),
    "UpdateGroup": ({"GroupName": "g"}, ("group/g",)),
    "DeleteGroup": ({"GroupName": "g"}, ("group/g",)),
    "ListUsersForGroup": ({"GroupName": "g"}, ("group/g",)),
    "ListPoliciesForGroup": ({"GroupName": "g"}, ("group/g",)),
    "AddUserToGroup": ({"UserName": "u", "GroupName": "g"}, ("user/u", "group/g")),
    "RemoveUserFromGroup": ({"UserName": "u", "GroupName": "g"}, ("user/u", "group/g")),
    "CreateRole": ({"RoleName": "New", "AssumeRolePolicyDocument": TRUST}, ("role/new",)),
    "ListRoles": ({}, ("role/*",)),
    "GetRole": ({"RoleName": "R"}, ("role/r",)),
    "UpdateRole": ({"RoleName": "r"}, ("role/r",)),
    "DeleteRole": ({"RoleName": "r"}, ("role/r",)),
    "ListPoliciesForRole": ({"RoleName": "r"}, ("role/r",)),
    "CreateServiceLinkedRole": ({"ServiceName": "hdr.aliyuncs.com"}, ("role/*",)),
    "DeleteServiceLinkedRole": ({"RoleName": "r"}, ("role/r",)),
    "GetServiceLinkedRoleTemplate": ({"ServiceName": "hdr.aliyuncs.com"}, ("role/*",)),
    "CreatePolicy": ({"PolicyName": "new", "PolicyDocument": POLICY}, ("policy/*",)),
    "ListPolicies": ({}, ("policy/*",)),
    "GetPolicy": (SYSTEM, ("system:policy/ReadOnlyAccess",)),
    "ListPolicyVersions": (CUSTOM, ("policy/p",)),
    "GetPolicyVersion": ({**CUSTOM, "VersionId": "v1"}, ("policy/p",)),
    "ListEntitiesForPolicy": (CUSTOM, ("policy/p",)),
    "DeletePolicy": ({"PolicyName": "p"}, ("policy/p",)),
    "CreatePolicyVersion": ({"PolicyName": "p", "PolicyDocument": POLICY}, ("policy/p",)),
    "DeletePolicyVersion": ({"PolicyName": "p", "VersionId": "v1"}, ("policy/p",)),
    "SetDefaultPolicyVersion": ({"PolicyName": "p", "VersionId": "v1"}, ("policy/p",)),
    "UpdatePolicyDescription": ({"PolicyName": "p", "NewDescription": "d"}, ("policy/p",)),
    "AttachPolicyToUser": ({**CUSTOM, "UserName": "u"}, ("user/u", "policy/p")),
    "AttachPolicyToGroup": ({**SYSTEM, "GroupName": "g"}, ("group/g", "system:policy/ReadOnlyAccess")),
    "AttachPolicyToRole": ({**CUSTOM, "RoleName": "r"}, ("role/r", "policy/p")),
    "DetachPolicyFromUser": ({**CUSTOM, "UserName": "u"}, ("user/u", "policy/p")),
    "DetachPolicyFromGroup": ({**CUSTOM, "GroupName": "g"}, ("group/g", "policy/p")),
    "DetachPolicyFromRole": ({**SYSTEM, "RoleName": "r"}, ("role/r", "system:policy/ReadOnlyAccess")),
    "CreateVirtualMFADevice": ({"VirtualMFADeviceName": "new"}, ("mfa/*",)),
    "ListVirtualMFADevices": ({}, ("mfa/*",)),
    "DeleteVirtualMFADevice": ({"SerialNumber": f"acs:ram::{ACCOUNT}:mfa/m"}, (f"acs:ram::{ACCOUNT}:mfa/m",)),
    "SetAccountAlias": ({"AccountAlias": "alias"}, ("*",)),
    "GetAccountAlias": ({}, ("*",)),
    "ClearAccountAlias": ({}, ("*",)),
    "SetPasswordPolicy": ({}, ("*",)),
    "GetPasswordPolicy": ({}, ("*",)),
    "SetSecurityPreference": ({}, ("*",)),
    "GetSecurityPreference": ({}, ("*",)),
    "TagResources": (
        {"ResourceType": "role", "ResourceNames": '["r","R2"]', "Tag": '[{"Key":"k","Value":"v"}]'},
        ("role/r", "role/r2"),
    ),
    "UntagResources": ({"ResourceType": "policy", "ResourceNames": '["p"]', "All": "true"}, ("policy/p",)),
    "ListTagResources": ({"ResourceType": "role"}, ("role/*",)),
    "DecodeDiagnosticMessage": ({"EncodedDiagnosticMessage": "x"}, ("*",)),
}


def whole(resource: str) -> str:
    if resource.startswith("acs:"):
        return resource
    account, _, relative = resource.rpartition(":")
    return f"acs:ram:*:{account or ACCOUNT}:{relative}"


class Stage:
    def __init__(self, door: Any) -> None:
        self.door = door
        self.root = door.cloud.account(ACCOUNT).root_key
        self.made = 0

    def user(self, name: str, *statements: dict[str, Any]) -> Any:
        self.door.call(self.root, *RAM, "CreateUser", UserName=name)
        for statement in statements:
            self.made += 1
            policy = {
                "PolicyName": f"made{self.made}",
                "PolicyDocument": json.dumps({"Version": "1", "Statement": [statement]}),
            }
            self.door.call(self.root, *RAM, "CreatePolicy", **policy)
            attach = {"PolicyType": "Custom", "PolicyName": policy["PolicyName"], "UserName": name}
            self.door.call(self.root, *RAM, "AttachPolicyToUser", **attach)
        key = self.door.call(self.root, *RAM, "CreateAccessKey", UserName=name)["AccessKey"]
        return self.door.cloud.keys[key["AccessKeyId"]]


@pytest.fixture
def stage(door: Any) -> Stage:
    return Stage(door)


def answer(stage: Stage, key: Any, action: str, parameters: dict[str, str]) -> tuple[str, Any]:
    try:
        stage.door.call(key, *RAM, action, **parameters)
    except ClientException as error:
        return error.code, error.data.get("AccessDeniedDetail")
    return "", None


def test_the_table_names_every_action_that_policies_govern() -> None:
    governed = {name for name, action in services()["ram"].actions.items() if action.access is AllowedCallers.POLICY}
    assert governed == set(TABLE)
    assert set(services()["ram"].actions) - governed == {"ChangePassword"}


def test_each_action_is_denied_without_a_permission_and_checked_for_its_resources(stage: Stage) -> None:
    nobody = stage.user("nobody")
    for action, (parameters, resources) in TABLE.items():
        code, detail = answer(stage, nobody, action, parameters)
        assert code == "NoPermission", action
        assert detail["AuthAction"] == f"ram:{action}"
        assert stage.door.cloud.calls.records[-1].resources == tuple(map(whole, resources)), action
    assert len(stage.door.cloud.account(ACCOUNT).ram.users) == 1


def test_a_permission_for_all_of_its_resources_is_enough_and_for_one_of_two_is_not(stage: Stage) -> None:
    for number, (action, (parameters, resources)) in enumerate(TABLE.items()):
        statement = {"Effect": "Allow", "Action": f"ram:{action}", "Resource": [whole(one) for one in resources]}
        assert answer(stage, stage.user(f"all{number}", statement), action, parameters)[0] != "NoPermission", action
        if len(resources) > 1:
            for index in range(len(resources)):
                part = {**statement, "Resource": whole(resources[index])}
                key = stage.user(f"part{number}.{index}", part)
                assert answer(stage, key, action, parameters)[0] == "NoPermission", (action, index)


@pytest.mark.parametrize(
    ("condition", "trust", "expected"),
    [
        (
            {"ForAllValues:StringEquals": {"ram:TrustedPrincipalTypes": "Service"}},
            {"Service": ["ecs.aliyuncs.com"]},
            "",
        ),
        (
            {"ForAllValues:StringEquals": {"ram:TrustedPrincipalTypes": "Service"}},
            {"RAM": ["acs:ram::1:root"]},
            "NoPermission",
        ),
        ({"StringEquals": {"ram:ServiceNames": "fc.aliyuncs.com"}}, {"Service": ["ecs.aliyuncs.com"]}, "NoPermission"),
        ({"StringEquals": {"ram:ServiceNames": "ecs.aliyuncs.com"}}, {"Service": ["ecs.aliyuncs.com"]}, ""),
    ],
)
def test_conditions_of_create_role(stage: Stage, condition: Any, trust: Any, expected: str) -> None:
    statement = {"Effect": "Allow", "Action": "ram:CreateRole", "Resource": "*", "Condition": condition}
    document = {"Version": "1", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": trust}]}
    parameters = {"RoleName": "new", "AssumeRolePolicyDocument": json.dumps(document)}
    assert answer(stage, stage.user("u", statement), "CreateRole", parameters)[0] == expected


def test_groups_count_and_stop_counting(stage: Stage) -> None:
    key = stage.user("u")
    call = lambda action, **given: stage.door.call(stage.root, *RAM, action, **given)  # noqa: E731 - one line that the cases below read as a sentence
    call("CreateGroup", GroupName="g")
    call("AttachPolicyToGroup", GroupName="g", **SYSTEM)
    assert answer(stage, key, "ListUsers", {})[0] == "NoPermission"
    call("AddUserToGroup", UserName="u", GroupName="g")
    assert answer(stage, key, "ListUsers", {})[0] == ""
    call("DetachPolicyFromGroup", GroupName="g", **SYSTEM)
    assert answer(stage, key, "ListUsers", {})[0] == "NoPermission"
    call("AttachPolicyToGroup", GroupName="g", **SYSTEM)
    call("RemoveUserFromGroup", UserName="u", GroupName="g")
    assert answer(stage, key, "ListUsers", {})[0] == "NoPermission"


def test_versions_of_a_policy_count_at_once(stage: Stage) -> None:
    key = stage.user("u", {"Effect": "Allow", "Action": "ram:ListUsers", "Resource": "*"})
    assert answer(stage, key, "ListUsers", {})[0] == ""
    nothing = json.dumps({"Version": "1", "Statement": [{"Effect": "Allow", "Action": "ecs:*", "Resource": "*"}]})
    version = {"PolicyName": "made1", "PolicyDocument": nothing}
    stage.door.call(stage.root, *RAM, "CreatePolicyVersion", **version)
    assert answer(stage, key, "ListUsers", {})[0] == ""
    stage.door.call(stage.root, *RAM, "SetDefaultPolicyVersion", PolicyName="made1", VersionId="v2")
    assert answer(stage, key, "ListUsers", {})[0] == "NoPermission"


def test_a_key_for_oneself(stage: Stage, refused: Any) -> None:
    own = {"Effect": "Allow", "Action": "ram:*AccessKey*", "Resource": f"acs:ram:*:{ACCOUNT}:user/u"}
    key = stage.user("u", own)
    stage.user("v")
    made = stage.door.call(key, *RAM, "CreateAccessKey")["AccessKey"]
    assert len(stage.door.call(key, *RAM, "ListAccessKeys")["AccessKeys"]["AccessKey"]) == 2
    stage.door.call(key, *RAM, "DeleteAccessKey", UserAccessKeyId=made["AccessKeyId"])
    with refused("NoPermission", 403):
        stage.door.call(key, *RAM, "CreateAccessKey", UserName="v")


def test_a_denial_explains_itself(stage: Stage, refused: Any) -> None:
    deny = {
        "Effect": "Deny",
        "Action": "ram:Delete*",
        "Resource": "*",
        "Condition": {"IpAddress": {"acs:SourceIp": "127.0.0.1"}},
    }
    key = stage.user("u", {"Effect": "Allow", "Action": "*", "Resource": "*"}, deny)
    user = stage.door.cloud.account(ACCOUNT).ram.users.get("u")
    with refused("NoPermission", 403, "You are not authorized to do this action.") as denial:
        stage.door.call(key, *RAM, "DeleteUser", UserName="u")
    detail = dict(denial.error.data["AccessDeniedDetail"])
    message = detail.pop("EncodedDiagnosticMessage")
    assert detail == {
        "AuthAction": "ram:DeleteUser",
        "AuthPrincipalDisplayName": user.id,
        "AuthPrincipalOwnerId": ACCOUNT,
        "AuthPrincipalType": "SubUser",
        "NoPermissionType": "ExplicitDeny",
        "PolicyType": "AccountLevelIdentityBasedPolicy",
    }
    decoded = stage.door.call(key, *RAM, "DecodeDiagnosticMessage", EncodedDiagnosticMessage=message)[
        "DecodedDiagnosticMessage"
    ]
    assert decoded["ExplicitDeny"] is True
    assert decoded["AuthResource"] == f"acs:ram:*:{ACCOUNT}:user/u"
    assert decoded["NoPermissionPolicyType"] == "AccountLevelIdentityBasedPolicy"
    assert decoded["AuthPrincipal"]["AuthPrincipalType"] == "SubUser"
    assert {"ConditionKey": "acs:SourceIp", "ConditionValues": ["127.0.0.1"]} in decoded["AuthConditions"]
    assert [(one["PolicyIdentifier"], one["Effect"], one["PolicyType"]) for one in decoded["MatchedPolicies"]] == [
        ("made2", "Deny", "Custom")
    ]
    with refused("InvalidParameter.EncodedDiagnosticMessage", 400):
        tampered = message[:20] + ("A" if message[20] != "A" else "B") + message[21:]
        stage.door.call(key, *RAM, "DecodeDiagnosticMessage", EncodedDiagnosticMessage=tampered)
    stranger = stage.door.cloud.account("12345678").root_key
    with refused("InvalidParameter.EncodedDiagnosticMessage", 400):
        stage.door.call(stranger, *RAM, "DecodeDiagnosticMessage", EncodedDiagnosticMessage=message)


def test_the_official_model_reads_the_explanation(stage: Stage, refused: Any) -> None:
    with refused("NoPermission", 403) as denial:
        stage.door.call(stage.user("u"), *RAM, "ListUsers")
    encoded = denial.error.data["AccessDeniedDetail"]["EncodedDiagnosticMessage"]
    request = ram.DecodeDiagnosticMessageRequest(encoded_diagnostic_message=encoded)
    decoded = stage.door.ram(stage.root).decode_diagnostic_message(request).body.decoded_diagnostic_message
    assert decoded.auth_action == "ram:ListUsers"
    assert decoded.explicit_deny is False

"""Resource Manager: resource groups, and RAM's roles and policies through another API."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from alibabacloud_ram20150501 import models as ram

TRUST = json.dumps(
    {
        "Version": "1",
        "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": ["ecs.aliyuncs.com"]}}],
    }
)
DOCUMENT = json.dumps({"Version": "1", "Statement": [{"Effect": "Allow", "Action": "ecs:*", "Resource": "*"}]})


@pytest.fixture
def call(door: Any, root: Any) -> Callable[..., dict[str, Any]]:
    def ask(action: str, **parameters: str) -> dict[str, Any]:
        return door.call(root, "resourcemanager", "2020-03-31", action, **parameters)

    return ask


def code_of(call: Callable[..., Any], action: str, **parameters: str) -> str:
    with pytest.raises(Exception) as refused:  # noqa: PT011 - what the client raises depends on the door
        call(action, **parameters)
    return str(getattr(refused.value, "code", ""))


def test_the_roles_are_those_of_ram(door: Any, root: Any, call: Any) -> None:
    made = call("CreateRole", RoleName="ops", AssumeRolePolicyDocument=TRUST, Description="d")["Role"]
    assert made["RolePrincipalName"] == "ops@role.11223344.onaliyunservice.com"
    assert door.ram(root).get_role(ram.GetRoleRequest(role_name="ops")).body.role.arn == made["Arn"]
    call("UpdateRole", RoleName="ops", NewMaxSessionDuration="7200")
    shown = call("GetRole", RoleName="ops")["Role"]
    assert (shown["MaxSessionDuration"], shown["Description"]) == (7200, "d")
    assert [one["RoleName"] for one in call("ListRoles")["Roles"]["Role"]] == ["ops"]
    call("DeleteRole", RoleName="ops")
    assert code_of(call, "GetRole", RoleName="ops") == "EntityNotExist.Role"


def test_policies_have_versions(call: Any) -> None:
    call("CreatePolicy", PolicyName="p", PolicyDocument=DOCUMENT)
    version = call("CreatePolicyVersion", PolicyName="p", PolicyDocument=DOCUMENT, SetAsDefault="true")
    assert version["PolicyVersion"]["VersionId"] == "v2"
    assert call("GetPolicy", PolicyName="p", PolicyType="Custom")["Policy"]["DefaultVersion"] == "v2"
    call("SetDefaultPolicyVersion", PolicyName="p", VersionId="v1")
    call("DeletePolicyVersion", PolicyName="p", VersionId="v2")
    listed = call("ListPolicyVersions", PolicyName="p", PolicyType="Custom")["PolicyVersions"]["PolicyVersion"]
    assert [one["VersionId"] for one in listed] == ["v1"]


def test_policies_are_listed_page_by_page(call: Any) -> None:
    for number in range(3):
        call("CreatePolicy", PolicyName=f"p{number}", PolicyDocument=DOCUMENT)
    second = call("ListPolicies", PolicyType="Custom", PageSize="2", PageNumber="2")
    assert [one["PolicyName"] for one in second["Policies"]["Policy"]] == ["p2"]
    both = call("ListPolicies", PageSize="1")
    assert both["Policies"]["Policy"][0]["PolicyType"] == "System"
    assert both["TotalCount"] > 100


PRINCIPALS = [
    ("IMSUser", "AAA@company-a.onaliyun.com"),
    ("IMSUser", "AAA@11223344.onaliyun.com"),
    ("IMSGroup", "team@group.company-a.onaliyun.com"),
    ("ServiceRole", "ops@role.11223344.onaliyunservice.com"),
]
NOBODY = [
    ("IMSUser", "AAA@company-b.onaliyun.com", "EntityNotExist.User"),
    ("IMSUser", "BBB@company-a.onaliyun.com", "EntityNotExist.User"),
    ("IMSGroup", "team@company-a.onaliyun.com", "EntityNotExist.Group"),
    ("ServiceRole", "ops@role.12345678.onaliyunservice.com", "EntityNotExist.Role"),
]


@pytest.fixture
def people(door: Any, root: Any, call: Any) -> str:
    """A user, a group, a role, a policy and a resource group; gives the ID of the last."""
    client = door.ram(root)
    client.create_user(ram.CreateUserRequest(user_name="AAA"))
    client.create_group(ram.CreateGroupRequest(group_name="team"))
    call("CreateRole", RoleName="ops", AssumeRolePolicyDocument=TRUST)
    call("CreatePolicy", PolicyName="p", PolicyDocument=DOCUMENT)
    return call("CreateResourceGroup", Name="prod", DisplayName="Production")["ResourceGroup"]["Id"]


@pytest.mark.parametrize(("kind", "name"), PRINCIPALS)
@pytest.mark.parametrize("scope", ["group", "account"])
def test_a_policy_is_attached_in_a_group_or_in_the_account(
    call: Any, people: str, kind: str, name: str, scope: str
) -> None:
    where = people if scope == "group" else "11223344"
    policy = {"PolicyName": "p", "PolicyType": "Custom", "PrincipalType": kind, "PrincipalName": name}
    call("AttachPolicy", ResourceGroupId=where, **policy)
    for filters in ({"PrincipalName": name}, {"PrincipalType": kind}, {"PrincipalName": name, "PrincipalType": kind}):
        assert call("ListPolicyAttachments", **filters)["TotalCount"] == 1
    assert call("ListPolicyAttachments", PrincipalName=f"other-{name}")["TotalCount"] == 0
    (shown,) = call("ListPolicyAttachments", ResourceGroupId=where)["PolicyAttachments"]["PolicyAttachment"]
    assert (shown["ResourceGroupId"], shown["PolicyName"], shown["PrincipalType"]) == (where, "p", kind)
    assert code_of(call, "DeletePolicy", PolicyName="p").startswith("DeleteConflict.Policy")
    if scope == "group":
        assert code_of(call, "DeleteResourceGroup", ResourceGroupId=people) == "DeleteConflict.ResourceGroup.Policy"
    call("DetachPolicy", ResourceGroupId=where, **policy)
    assert call("ListPolicyAttachments")["TotalCount"] == 0


@pytest.mark.parametrize(("kind", "name", "code"), NOBODY)
def test_a_policy_is_attached_to_nobody_else(call: Any, people: str, kind: str, name: str, code: str) -> None:
    policy = {"PolicyName": "p", "PolicyType": "Custom", "PrincipalType": kind, "PrincipalName": name}
    assert code_of(call, "AttachPolicy", ResourceGroupId=people, **policy) == code


def test_a_policy_attached_here_counts_in_its_group_only(door: Any, call: Any, people: str, user: Any) -> None:
    key = user("company-a", "worker")
    policy = {"PolicyName": "p", "PolicyType": "Custom", "PrincipalType": "IMSUser"}
    call("AttachPolicy", ResourceGroupId=people, PrincipalName="worker@company-a.onaliyun.com", **policy)
    parameters = {"RegionId": "cn-hangzhou"}
    inside = {**parameters, "ResourceGroupId": people}
    assert door.call(key, "ecs", "2014-05-26", "DescribeInstances", **inside)["TotalCount"] == 0
    with pytest.raises(Exception, match=r"Forbidden\.RAM"):
        door.call(key, "ecs", "2014-05-26", "DescribeInstances", **parameters)


def test_resource_groups_from_creation_to_deletion(call: Any) -> None:
    def names() -> list[str]:
        return [one["Name"] for one in call("ListResourceGroups")["ResourceGroups"]["ResourceGroup"]]

    group = call("CreateResourceGroup", Name="prod", DisplayName="Production")["ResourceGroup"]["Id"]
    assert names() == ["default", "prod"]
    assert code_of(call, "CreateResourceGroup", Name="PROD", DisplayName="x") == "EntityAlreadyExists.ResourceGroup"
    call("UpdateResourceGroup", ResourceGroupId=group, NewDisplayName="Live")
    shown = call("GetResourceGroup", ResourceGroupId=group)["ResourceGroup"]
    assert (shown["DisplayName"], shown["Status"]) == ("Live", "OK")
    call("DeleteResourceGroup", ResourceGroupId=group)
    assert names() == ["default"]
    assert code_of(call, "GetResourceGroup", ResourceGroupId=group) == "EntityNotExists.ResourceGroup"


def test_the_default_group_stays(call: Any) -> None:
    (default,) = call("ListResourceGroups", Name="default")["ResourceGroups"]["ResourceGroup"]
    code = code_of(call, "DeleteResourceGroup", ResourceGroupId=default["Id"])
    assert code == "DeleteConflict.ResourceGroup.Default"


@pytest.mark.parametrize("untag", ["UntagResources", "UnTagResources", "untagresources"])
def test_tags_of_groups_whatever_the_case_of_the_action(call: Any, untag: str) -> None:
    group = call("CreateResourceGroup", Name="prod", DisplayName="x", **{"Tag.1.Key": "a", "Tag.1.Value": "1"})
    ids = {"ResourceType": "ResourceGroup", "ResourceId.1": group["ResourceGroup"]["Id"]}
    call("TagResources", **ids, **{"Tag.1.Key": "b", "Tag.1.Value": "2"})
    assert {row["TagKey"]: row["TagValue"] for row in call("ListTagResources", **ids)["TagResources"]} == {
        "a": "1",
        "b": "2",
    }
    assert "NextToken" not in call("ListTagResources", **ids)
    call(untag, **ids, **{"TagKey.1": "a"})
    assert [row["TagKey"] for row in call("ListTagResources", **ids)["TagResources"]] == ["b"]


def test_the_role_of_a_service_comes_and_goes(call: Any) -> None:
    made = call("CreateServiceLinkedRole", ServiceName="engine.dataworks.aliyuncs.com")["Role"]
    assert made["RoleName"] == "AliyunServiceRoleForDataworksEngine"
    assert code_of(call, "DeleteRole", RoleName=made["RoleName"]) == "NotSupport.ServiceLinkedRole"
    task = call("DeleteServiceLinkedRole", RoleName=made["RoleName"])["DeletionTaskId"]
    assert call("GetServiceLinkedRoleDeletionStatus", DeletionTaskId=task)["Status"] == "SUCCEEDED"
    code = code_of(call, "GetServiceLinkedRoleDeletionStatus", DeletionTaskId="task/none")
    assert code == "EntityNotExist.DeletionTask"


def test_permissions_are_those_of_ram(door: Any, user: Any) -> None:
    statement = {"Effect": "Allow", "Action": "ram:GetRole", "Resource": "acs:ram:*:11223344:role/ops"}
    key = user("company-a", "reader", statement)
    with pytest.raises(Exception, match=r"EntityNotExist\.Role"):
        door.call(key, "resourcemanager", "2020-03-31", "GetRole", RoleName="ops")
    with pytest.raises(Exception, match="NoPermission"):
        door.call(key, "resourcemanager", "2020-03-31", "GetRole", RoleName="other")
    with pytest.raises(Exception, match="NoPermission"):
        door.call(key, "resourcemanager", "2020-03-31", "ListResourceGroups")

"""A learned policy is sufficient: a user with nothing else can make the same calls, and no others."""

from __future__ import annotations

import json
from typing import Any

import pytest
from alibabacloud_tea_openapi.exceptions import ClientException

from alicloud_fakes.cloud.learned import Learner

RAM = ("ram", "2015-05-01")
ECS = ("ecs", "2014-05-26")
TRUST = {
    "Version": "1",
    "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"RAM": ["acs:ram::11223344:root"]}}],
}
OWN = {"Version": "1", "Statement": [{"Effect": "Allow", "Action": "oss:GetObject", "Resource": "*"}]}


@pytest.fixture
def learner(door: Any) -> Learner:
    learning = Learner()
    door.cloud.calls.listeners.append(learning)
    return learning


def made(door: Any, name: str, *policies: tuple[str, str]) -> Any:
    """A user with policies, made by root; its key."""
    root = door.cloud.account("company-a").root_key
    door.call(root, *RAM, "CreateUser", UserName=name)
    for policy, kind in policies:
        door.call(root, *RAM, "AttachPolicyToUser", UserName=name, PolicyName=policy, PolicyType=kind)
    key = door.call(root, *RAM, "CreateAccessKey", UserName=name)["AccessKey"]
    return door.cloud.keys[key["AccessKeyId"]]


def program(door: Any, key: Any) -> None:
    """Program to learn from: calls of several services and resources, with both resources of an attachment."""
    door.call(key, *RAM, "CreateRole", RoleName="worker", AssumeRolePolicyDocument=json.dumps(TRUST))
    door.call(key, *RAM, "CreatePolicy", PolicyName="own", PolicyDocument=json.dumps(OWN))
    door.call(key, *RAM, "AttachPolicyToRole", RoleName="worker", PolicyName="own", PolicyType="Custom")
    door.call(key, *RAM, "AttachPolicyToRole", RoleName="worker", PolicyName="AliyunECSFullAccess", PolicyType="System")
    door.call(key, *RAM, "ListPoliciesForRole", RoleName="worker")
    door.call(key, *RAM, "ListRoles")
    worker = {"RoleArn": "acs:ram::11223344:role/worker", "RoleSessionName": "run"}
    door.call(key, "sts", "2015-04-01", "AssumeRole", **worker)
    door.call(key, "sts", "2015-04-01", "GetCallerIdentity")
    instance = door.call(
        key,
        *ECS,
        "RunInstances",
        RegionId="cn-hangzhou",
        ImageId="img",
        InstanceType="ecs.g6.large",
        InstanceName="web",
    )["InstanceIdSets"]["InstanceIdSet"][0]
    door.call(key, *ECS, "DescribeInstances", RegionId="cn-hangzhou")
    door.call(key, *ECS, "StopInstance", InstanceId=instance)
    door.call(key, "rds", "2014-08-15", "DescribeDBInstances", RegionId="cn-hangzhou")
    door.call(key, *ECS, "DeleteInstance", InstanceId=instance)
    door.call(key, *RAM, "DetachPolicyFromRole", RoleName="worker", PolicyName="own", PolicyType="Custom")
    door.call(
        key, *RAM, "DetachPolicyFromRole", RoleName="worker", PolicyName="AliyunECSFullAccess", PolicyType="System"
    )
    door.call(key, *RAM, "DeletePolicy", PolicyName="own")
    door.call(key, *RAM, "DeleteRole", RoleName="worker")


def test_the_learned_policy_allows_the_same_calls_to_somebody_new(door: Any, learner: Learner, refused: Any) -> None:
    program(door, made(door, "teacher", ("AdministratorAccess", "System")))
    document = learner.policy("acs:ram::11223344:user/teacher")
    assert document is not None
    text = document.to_json()
    root = door.cloud.account("company-a").root_key
    # An instance has another ID each time it is made, so that grants about one are given for all instances of the run.
    again = json.loads(text)
    for statement in again["Statement"]:
        resources = statement["Resource"]
        listed = [resources] if isinstance(resources, str) else resources
        statement["Resource"] = [one.rpartition("/")[0] + "/*" if ":instance/" in one else one for one in listed]
    door.call(root, *RAM, "CreatePolicy", PolicyName="learned", PolicyDocument=json.dumps(again))
    pupil = made(door, "pupil", ("learned", "Custom"))
    program(door, pupil)
    for product, version, action, parameters in [
        (*RAM, "ListUsers", {}),
        (*RAM, "DeleteRole", {"RoleName": "other"}),
        (*RAM, "CreateUser", {"UserName": "eve"}),
    ]:
        with refused("NoPermission", 403):
            door.call(pupil, product, version, action, **parameters)
    with refused("Forbidden.RAM", 403):
        door.call(pupil, *ECS, "DescribeSecurityGroups", RegionId="cn-hangzhou")


def test_word_for_word_where_names_stay_the_same(door: Any, learner: Learner) -> None:
    def calls(key: Any) -> None:
        door.call(key, *RAM, "CreateRole", RoleName="worker", AssumeRolePolicyDocument=json.dumps(TRUST))
        worker = {"RoleArn": "acs:ram::11223344:role/worker", "RoleSessionName": "run"}
        door.call(key, "sts", "2015-04-01", "AssumeRole", **worker)
        door.call(key, *RAM, "DeleteRole", RoleName="worker")

    calls(made(door, "teacher", ("AdministratorAccess", "System")))
    document = learner.policy("acs:ram::11223344:user/teacher")
    assert document is not None
    root = door.cloud.account("company-a").root_key
    door.call(root, *RAM, "CreatePolicy", PolicyName="learned", PolicyDocument=document.to_json())
    calls(made(door, "pupil", ("learned", "Custom")))


def test_no_statement_of_a_learned_policy_can_go(door: Any, learner: Learner, refused: Any) -> None:
    """Minimality: without any one of its statements, one of the calls is refused."""
    teacher = made(door, "teacher", ("AdministratorAccess", "System"))
    calls = [("ListUsers", {}), ("GetUser", {"UserName": "teacher"}), ("ListRoles", {})]
    for action, parameters in calls:
        door.call(teacher, *RAM, action, **parameters)
    document = learner.policy("acs:ram::11223344:user/teacher")
    assert document is not None
    whole = json.loads(document.to_json())
    root = door.cloud.account("company-a").root_key
    assert len(whole["Statement"]) > 1
    for number in range(len(whole["Statement"])):
        less = {**whole, "Statement": [one for at, one in enumerate(whole["Statement"]) if at != number]}
        door.call(root, *RAM, "CreatePolicy", PolicyName=f"less{number}", PolicyDocument=json.dumps(less))
        key = made(door, f"pupil{number}", (f"less{number}", "Custom"))
        refusals = 0
        for action, parameters in calls:
            try:
                door.call(key, *RAM, action, **parameters)
            except ClientException as error:
                if error.code != "NoPermission":
                    raise
                refusals += 1
        assert refusals, less


def test_sessions_of_a_role_are_learned_together(door: Any, learner: Learner) -> None:
    operator = made(door, "operator", ("AliyunSTSAssumeRoleAccess", "System"))
    root = door.cloud.account("company-a").root_key
    door.call(root, *RAM, "CreateRole", RoleName="worker", AssumeRolePolicyDocument=json.dumps(TRUST))
    door.call(
        root, *RAM, "AttachPolicyToRole", RoleName="worker", PolicyName="AdministratorAccess", PolicyType="System"
    )
    for name, action in (("one", "ListUsers"), ("two", "ListGroups")):
        worker = {"RoleArn": "acs:ram::11223344:role/worker", "RoleSessionName": name}
        given = door.call(operator, "sts", "2015-04-01", "AssumeRole", **worker)["Credentials"]
        session = type("Session", (), {})
        session.access_key_id, session.access_key_secret = given["AccessKeyId"], given["AccessKeySecret"]
        session.security_token = given["SecurityToken"]
        door.call(session, *RAM, action)
    document = learner.policy("acs:ram::11223344:assumed-role/worker/*")
    assert document is not None
    assert [one.actions for one in document.statements] != []
    assert {action for one in document.statements for action in one.actions} == {"ram:ListUsers", "ram:ListGroups"}

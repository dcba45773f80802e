"""Roles of instances, and the permission to hand them over."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ram_policies import arn

ECS = ("ecs", "2014-05-26")
REGION = {"RegionId": "cn-hangzhou"}


def trust(principal: dict[str, Any]) -> str:
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal}
    return json.dumps({"Version": "1", "Statement": [statement]})


@pytest.fixture
def call(door: Any, root: Any) -> Any:
    for name, principal in {
        "worker": {"Service": ["ecs.aliyuncs.com"]},
        "other": {"Service": ["ecs.aliyuncs.com"]},
        "people": {"RAM": ["acs:ram::12345678:root"]},
    }.items():
        given = {"RoleName": name, "AssumeRolePolicyDocument": trust(principal)}
        door.call(root, "ram", "2015-05-01", "CreateRole", **given)
    return lambda action, **parameters: door.call(root, *ECS, action, **REGION, **parameters)


@pytest.fixture
def ids(door: Any) -> list[str]:
    return [door.cloud.account("company-a").ecs.run(name).id for name in ("one", "two")]


def roles(call: Any, **parameters: Any) -> dict[str, str]:
    sets = call("DescribeInstanceRamRole", **parameters)["InstanceRamRoleSets"]["InstanceRamRoleSet"]
    return {one["InstanceId"]: one["RamRoleName"] for one in sets}


def test_a_role_is_attached_shown_and_detached(call: Any, ids: list[str]) -> None:
    attached = call("AttachInstanceRamRole", InstanceIds=json.dumps(ids), RamRoleName="worker")
    assert (attached["TotalCount"], attached["FailCount"]) == (2, 0)
    assert roles(call) == dict.fromkeys(ids, "worker")
    call("DetachInstanceRamRole", InstanceIds=json.dumps(ids[:1]), RamRoleName="worker")
    assert roles(call, InstanceIds=json.dumps(ids)) == {ids[0]: "", ids[1]: "worker"}
    assert roles(call, RamRoleName="worker") == {ids[1]: "worker"}


def test_an_instance_keeps_the_role_it_has(call: Any, ids: list[str]) -> None:
    call("AttachInstanceRamRole", InstanceIds=json.dumps(ids[:1]), RamRoleName="worker")
    again = call("AttachInstanceRamRole", InstanceIds=json.dumps(ids), RamRoleName="other")
    results = again["AttachInstanceRamRoleResults"]["AttachInstanceRamRoleResult"]
    assert (again["FailCount"], results[0]["Code"]) == (1, "InvalidInstance.RamRoleExist")
    assert roles(call) == {ids[0]: "worker", ids[1]: "other"}


@pytest.mark.parametrize(
    ("role", "code", "status"),
    [("nobody", "InvalidRamRole.NotFound", 404), ("people", "InvalidRamRole.NotEcsRole", 403)],
)
def test_only_a_role_that_ecs_may_assume(
    call: Any, ids: list[str], refused: Any, role: str, code: str, status: int
) -> None:
    with refused(code, status):
        call("AttachInstanceRamRole", InstanceIds=json.dumps(ids), RamRoleName=role)


def test_handing_a_role_over_takes_pass_role(door: Any, call: Any, ids: list[str], user: Any, refused: Any) -> None:
    everything = {"Effect": "Allow", "Action": "ecs:*", "Resource": "*"}
    passes = {"Effect": "Allow", "Action": "ram:PassRole", "Resource": arn.role_arn("11223344", "worker")}
    without, having = user("company-a", "without", everything), user("company-a", "having", everything, passes)
    attach = {**REGION, "InstanceIds": json.dumps(ids), "RamRoleName": "worker"}
    run = {**REGION, "ImageId": "m-1", "InstanceType": "ecs.g6.large", "RamRoleName": "worker"}
    for action, given in (("AttachInstanceRamRole", attach), ("RunInstances", run)):
        with refused("Forbidden.RAM", 403):
            door.call(without, *ECS, action, **given)
        door.call(having, *ECS, action, **given)
    with refused("Forbidden.RAM", 403):
        door.call(having, *ECS, "AttachInstanceRamRole", **{**attach, "RamRoleName": "other"})
    assert set(roles(call).values()) == {"worker"}
    assert len(roles(call)) == 3

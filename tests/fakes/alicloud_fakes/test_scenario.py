"""The scenario, through official clients and both doors."""

from __future__ import annotations

import json
from typing import Any

import pytest
from alibabacloud_ram20150501 import models as ram
from alibabacloud_sts20150401 import models as sts

TRUST_B = json.dumps(
    {
        "Statement": [
            {"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"RAM": ["acs:ram::12345678:root"]}},
        ],
        "Version": "1",
    }
)
ECS = ("ecs", "2014-05-26")
RDS = ("rds", "2014-08-15")


def setup(door: Any) -> Any:
    """A makes the role; B's AAA may assume it. AAA's session."""
    a, b = door.cloud.account("company-a"), door.cloud.account("company-b")
    owner, delegate = door.ram(a.root_key), door.ram(b.root_key)
    owner.create_role(ram.CreateRoleRequest(role_name="ecs-admin", assume_role_policy_document=TRUST_B))
    owner.attach_policy_to_role(
        ram.AttachPolicyToRoleRequest(policy_name="AliyunECSFullAccess", policy_type="System", role_name="ecs-admin")
    )
    delegate.create_user(ram.CreateUserRequest(user_name="AAA"))
    delegate.attach_policy_to_user(
        ram.AttachPolicyToUserRequest(policy_name="AliyunSTSAssumeRoleAccess", policy_type="System", user_name="AAA")
    )
    return delegate.create_access_key(ram.CreateAccessKeyRequest(user_name="AAA")).body.access_key


def assume(door: Any, key: Any, role: str = "acs:ram::11223344:role/ecs-admin", **more: Any) -> Any:
    request = sts.AssumeRoleRequest(role_arn=role, role_session_name="AAA", **more)
    return door.sts(key).assume_role(request).body


def test_an_operator_of_b_stops_an_instance_of_a_and_is_refused_at_rds(door: Any, refused: Any) -> None:
    key = setup(door)
    instance = door.cloud.account("company-a").ecs.run("web")
    door.cloud.account("company-a").rds.create("orders")
    answer = assume(door, key)
    assert answer.assumed_role_user.arn == "acs:ram::11223344:role/ecs-admin/AAA"
    session = answer.credentials

    listed = door.call(session, *ECS, "DescribeInstances", RegionId="cn-hangzhou")
    assert [one["InstanceId"] for one in listed["Instances"]["Instance"]] == [instance.id]
    door.call(session, *ECS, "StopInstance", InstanceId=instance.id)
    assert instance.status == "Stopped"
    with refused("Forbidden.RAM", 403) as denial:
        door.call(session, *RDS, "DescribeDBInstances", RegionId="cn-hangzhou")
    detail = denial.error.data["AccessDeniedDetail"]
    assert detail["AuthAction"] == "rds:DescribeDBInstances"
    assert detail["AuthPrincipalType"] == "AssumedRoleUser"
    assert detail["AuthPrincipalDisplayName"] == "ecs-admin:AAA"
    with refused("Forbidden.RAM", 403):
        door.call(key, *ECS, "DescribeInstances", RegionId="cn-hangzhou")


def test_who_am_i(door: Any) -> None:
    key = setup(door)
    a = door.cloud.account("company-a")
    user = door.sts(key).get_caller_identity().body
    assert (user.identity_type, user.arn) == ("RAMUser", "acs:ram::12345678:user/AAA")
    assert user.user_id == user.principal_id
    role = door.sts(assume(door, key).credentials).get_caller_identity().body
    assert (role.identity_type, role.account_id) == ("AssumedRoleUser", "11223344")
    assert role.arn == "acs:ram::11223344:assumed-role/ecs-admin/AAA"
    assert role.principal_id == f"{role.role_id}:AAA"
    root = door.sts(a.root_key).get_caller_identity().body
    assert (root.identity_type, root.arn, root.user_id) == ("Account", "acs:ram::11223344:root", "11223344")


def test_taking_grants_away_stops_live_sessions_and_editing_the_trust_does_not(door: Any, refused: Any) -> None:
    key = setup(door)
    a = door.cloud.account("company-a")
    owner = door.ram(a.root_key)
    live = assume(door, key).credentials
    describe = ("ecs", "2014-05-26", "DescribeInstances")

    # An edit of the trust policy prevents new sessions, and leaves open ones.
    closed = TRUST_B.replace("12345678", "99999999")
    owner.update_role(ram.UpdateRoleRequest(role_name="ecs-admin", new_assume_role_policy_document=closed))
    with refused("NoPermission", 403):
        assume(door, key)
    door.call(live, *describe, RegionId="cn-hangzhou")

    # Detaching the grant takes effect on the live session at its next request.
    detach = ram.DetachPolicyFromRoleRequest(
        policy_name="AliyunECSFullAccess", policy_type="System", role_name="ecs-admin"
    )
    owner.detach_policy_from_role(detach)
    with refused("Forbidden.RAM", 403):
        door.call(live, *describe, RegionId="cn-hangzhou")
    assert door.sts(live).get_caller_identity().body.role_id

    # Deleting the role ends the session, and a new role of the same name does not bring it back.
    owner.delete_role(ram.DeleteRoleRequest(role_name="ecs-admin"))
    with refused("InvalidSecurityToken.Expired", 400):
        door.sts(live).get_caller_identity()
    owner.create_role(ram.CreateRoleRequest(role_name="ecs-admin", assume_role_policy_document=TRUST_B))
    with refused("InvalidSecurityToken.Expired", 400):
        door.sts(live).get_caller_identity()


def test_a_session_ends_in_time(door: Any, refused: Any) -> None:
    door.cloud.clock.freeze()  # on a slow machine the session must not expire before that
    live = assume(door, setup(door), duration_seconds=900).credentials
    door.cloud.clock.advance(899)
    assert door.sts(live).get_caller_identity().body.role_id
    door.cloud.clock.advance(2)
    with refused("InvalidSecurityToken.Expired", 400):
        door.sts(live).get_caller_identity()


@pytest.mark.parametrize("algorithm", ["v2", "ACS3-HMAC-SHA256"])
def test_both_signature_versions_take_every_character(door: Any, algorithm: str) -> None:
    client = door.ram(door.cloud.account("company-a").root_key, algorithm=algorithm)
    text = "a+b c*~/é%20&=?\u2603 'quoted' \"double\""
    client.create_user(ram.CreateUserRequest(user_name="u", comments=text, display_name="x y"))
    user = client.get_user(ram.GetUserRequest(user_name="u")).body.user
    assert (user.comments, user.display_name) == (text, "x y")

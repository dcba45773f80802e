"""The access that the fake exports is the access that it enforces."""

from __future__ import annotations

import json

from alibabacloud_ram20150501 import models as ram

from alicloud_fakes.cloud.access_export import access_of
from ram_policies.access.documents import from_documents
from ram_policies.access.who import who_can

INSTANCE = "acs:ecs:cn-hangzhou:11223344:instance/i-1"
TRUST = {
    "Version": "1",
    "Statement": [
        {"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"RAM": ["acs:ram::12345678:root"]}},
    ],
}


def deploy(door):
    """The scenario, through the official client."""
    a, b = (door.ram(door.cloud.account(name).root_key) for name in ("company-a", "company-b"))
    a.create_role(ram.CreateRoleRequest(role_name="ecs-admin", assume_role_policy_document=json.dumps(TRUST)))
    a.attach_policy_to_role(
        ram.AttachPolicyToRoleRequest(role_name="ecs-admin", policy_name="AliyunECSFullAccess", policy_type="System")
    )
    document = {"Version": "1", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}]}
    b.create_policy(ram.CreatePolicyRequest(policy_name="assume", policy_document=json.dumps(document)))
    b.create_group(ram.CreateGroupRequest(group_name="operators"))
    b.attach_policy_to_group(
        ram.AttachPolicyToGroupRequest(group_name="operators", policy_name="assume", policy_type="Custom")
    )
    for name in ("AAA", "BBB"):
        b.create_user(ram.CreateUserRequest(user_name=name))
    b.add_user_to_group(ram.AddUserToGroupRequest(user_name="AAA", group_name="operators"))
    key = b.create_access_key(ram.CreateAccessKeyRequest(user_name="AAA")).body.access_key
    return a, key.access_key_secret


def test_who_can_do_what_in_the_fake(door):
    a, _ = deploy(door)
    found = who_can(from_documents(access_of(door.cloud)), "ecs:StopInstance", INSTANCE)
    assert found[0].path == (
        "user AAA of company-b (12345678)",
        "group operators (assume)",
        "role ecs-admin of company-a (11223344)",
        "AliyunECSFullAccess",
    )
    assert [access.holder.name for access in found] == ["AAA", "ecs-admin"]
    a.detach_policy_from_role(
        ram.DetachPolicyFromRoleRequest(role_name="ecs-admin", policy_name="AliyunECSFullAccess", policy_type="System")
    )
    assert who_can(from_documents(access_of(door.cloud)), "ecs:StopInstance", INSTANCE) == []


def test_nothing_secret_is_exported(door):
    _, secret = deploy(door)
    text = json.dumps(access_of(door.cloud))
    assert secret not in text
    assert "FAKE" not in text

"""A new role or grant is visible only after a delay; a deleted one may still be listed."""

from __future__ import annotations

import pytest

from alicloud_fakes.cloud.accounts import account_from
from alicloud_fakes.cloud.consistency import EventualConsistency

TRUST = (
    '{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":["acs:ram::5:root"]}}]}'
)


@pytest.fixture
def lagging(door):
    account_from(
        door.cloud,
        {
            "id": "5",
            "alias": "five",
            "users": [
                {"name": "op", "policies": ["AdministratorAccess"], "accessKey": {"id": "FAKEOP", "secret": "s"}}
            ],
        },
        "account",
    )
    consistency = EventualConsistency(door.cloud, 10)
    consistency.install()
    yield door
    consistency.remove()


def test_a_new_role_is_there_after_the_delay(lagging, refused):
    root = lagging.cloud.account("five").root_key
    lagging.call(root, "ram", "2015-05-01", "CreateRole", RoleName="r", AssumeRolePolicyDocument=TRUST)
    with refused("EntityNotExist.Role", 404):
        lagging.call(root, "ram", "2015-05-01", "GetRole", RoleName="r")
    operator = lagging.cloud.keys["FAKEOP"]
    with refused("EntityNotExist.Role"):
        lagging.call(operator, "sts", "2015-04-01", "AssumeRole", RoleArn="acs:ram::5:role/r", RoleSessionName="op")
    lagging.cloud.clock.advance(10)
    assert lagging.call(root, "ram", "2015-05-01", "GetRole", RoleName="r")["Role"]["RoleName"] == "r"
    assumed = lagging.call(
        operator, "sts", "2015-04-01", "AssumeRole", RoleArn="acs:ram::5:role/r", RoleSessionName="op"
    )
    assert assumed["AssumedRoleUser"]["Arn"] == "acs:ram::5:role/r/op"


def test_a_new_grant_counts_after_the_delay(lagging, refused):
    root = lagging.cloud.account("five").root_key
    lagging.call(root, "ram", "2015-05-01", "CreateUser", UserName="eve")
    key = lagging.call(root, "ram", "2015-05-01", "CreateAccessKey", UserName="eve")["AccessKey"]
    eve = lagging.cloud.keys[key["AccessKeyId"]]
    lagging.call(
        root,
        "ram",
        "2015-05-01",
        "AttachPolicyToUser",
        UserName="eve",
        PolicyName="AliyunECSReadOnlyAccess",
        PolicyType="System",
    )
    lagging.cloud.clock.advance(10)
    assert lagging.call(eve, "ecs", "2014-05-26", "DescribeInstances", RegionId="cn-hangzhou")["TotalCount"] == 0
    lagging.call(
        root,
        "ram",
        "2015-05-01",
        "DetachPolicyFromUser",
        UserName="eve",
        PolicyName="AliyunECSReadOnlyAccess",
        PolicyType="System",
    )
    listed = lagging.call(root, "ram", "2015-05-01", "ListPoliciesForUser", UserName="eve")["Policies"]["Policy"]
    assert [policy["PolicyName"] for policy in listed] == ["AliyunECSReadOnlyAccess"]


def test_an_account_that_is_added_meanwhile_can_be_used(lagging):
    account_from(lagging.cloud, {"id": "6", "users": [{"name": "late"}]}, "account")
    root = lagging.cloud.account("6").root_key
    listed = lagging.call(root, "ram", "2015-05-01", "ListUsers")["Users"]["User"]
    assert [user["UserName"] for user in listed] == ["late"]


def test_the_log_of_calls_names_the_resources_of_what_the_copy_answered(lagging):
    operator = lagging.cloud.keys["FAKEOP"]
    lagging.call(operator, "ram", "2015-05-01", "GetUser", UserName="op")
    assert lagging.cloud.calls.records[-1].resources == ("acs:ram:*:5:user/op",)

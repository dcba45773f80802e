"""ECS through its official client: instances and who may do what with them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from alibabacloud_ram20150501 import models as ram

models = pytest.importorskip("alibabacloud_ecs20140526.models", reason="the official ECS client is not installed")
client_module = pytest.importorskip(
    "alibabacloud_ecs20140526.client", reason="the official ECS client is not installed"
)

REGION = "cn-hangzhou"


@pytest.fixture
def client(door: Any, root: Any) -> Any:
    return client_module.Client(door.config(root, "ecs"))


def as_user(door: Any, key: Any) -> Any:
    return client_module.Client(door.config(key, "ecs"))


def run(client: Any, name: str, **more: Any) -> str:
    request = models.RunInstancesRequest(
        region_id=REGION, image_id="img", instance_type="ecs.g6.xlarge", instance_name=name, **more
    )
    return client.run_instances(request).body.instance_id_sets.instance_id_set[0]


def names(client: Any, **filters: Any) -> list[str]:
    request = models.DescribeInstancesRequest(region_id=REGION, **filters)
    return [one.instance_name for one in client.describe_instances(request).body.instances.instance]


def status(client: Any, instance: str) -> str:
    request = models.DescribeInstancesRequest(region_id=REGION, instance_ids=json.dumps([instance]))
    return client.describe_instances(request).body.instances.instance[0].status


def tags(**values: str) -> list[Any]:
    return [models.RunInstancesRequestTag(key=key, value=value) for key, value in values.items()]


def test_an_instance_from_start_to_release(client: Any, refused: Any) -> None:
    instance = run(client, "web")
    assert status(client, instance) == "Running"
    with refused("IncorrectInstanceStatus", 403):
        client.start_instance(models.StartInstanceRequest(instance_id=instance))
    client.stop_instance(models.StopInstanceRequest(instance_id=instance, stopped_mode="StopCharging"))
    assert status(client, instance) == "Stopped"
    with refused("IncorrectInstanceStatus", 403):
        client.reboot_instance(models.RebootInstanceRequest(instance_id=instance))
    client.start_instance(models.StartInstanceRequest(instance_id=instance))
    client.reboot_instance(models.RebootInstanceRequest(instance_id=instance))
    with refused("IncorrectInstanceStatus", 403):
        client.delete_instance(models.DeleteInstanceRequest(instance_id=instance))
    client.delete_instance(models.DeleteInstanceRequest(instance_id=instance, force=True))
    with refused("InvalidInstanceId.NotFound", 404):
        client.start_instance(models.StartInstanceRequest(instance_id=instance))


def test_several_instances_at_once_are_all_or_none(client: Any, refused: Any) -> None:
    one, two = run(client, "one"), run(client, "two")
    client.stop_instance(models.StopInstanceRequest(instance_id=one))
    request = models.StopInstancesRequest(region_id=REGION, instance_id=[one, two])
    with refused("IncorrectInstanceStatus", 403):
        client.stop_instances(request)
    assert status(client, two) == "Running"
    request.batch_optimization = "SuccessFirst"
    rows = client.stop_instances(request).body.instance_responses.instance_response
    assert [(row.code, row.previous_status, row.current_status) for row in rows] == [
        ("IncorrectInstanceStatus", "Stopped", "Stopped"),
        ("200", "Running", "Stopped"),
    ]
    client.start_instances(models.StartInstancesRequest(region_id=REGION, instance_id=[one, two]))
    client.reboot_instances(models.RebootInstancesRequest(region_id=REGION, instance_id=[one, two]))
    client.delete_instances(models.DeleteInstancesRequest(region_id=REGION, instance_id=[one, two], force=True))
    assert names(client) == []


def test_lists_are_filtered_and_paged(client: Any, refused: Any) -> None:
    for number in range(5):
        run(client, f"web-{number}", tag=tags(tier="web"), zone_id="cn-hangzhou-g" if number else "cn-hangzhou-i")
    run(client, "db")
    assert names(client, page_number=2, page_size=4) == ["web-4", "db"]
    first = client.describe_instances(models.DescribeInstancesRequest(region_id=REGION, max_results=4)).body
    rest = client.describe_instances(
        models.DescribeInstancesRequest(region_id=REGION, max_results=4, next_token=first.next_token)
    ).body
    assert [len(page.instances.instance) for page in (first, rest)] == [4, 2]
    assert (rest.next_token, rest.total_count) == ("", 6)
    assert names(client, instance_name="db") == ["db"]
    assert names(client, instance_name="*-3") == ["web-3"]
    assert names(client, zone_id="cn-hangzhou-i") == ["web-0"]
    wanted = models.DescribeInstancesRequestTag(key="tier", value="web")
    assert len(names(client, tag=[wanted])) == 5
    elsewhere = models.DescribeInstancesRequest(region_id="cn-beijing")
    assert client.describe_instances(elsewhere).body.total_count == 0
    with refused("InvalidRegionId.NotFound", 404):
        client.describe_instances(models.DescribeInstancesRequest(region_id="cn-nowhere"))


def test_a_client_token_starts_once(client: Any) -> None:
    assert run(client, "web", client_token="t") == run(client, "web", client_token="t")
    assert names(client) == ["web"]


def test_a_protected_instance_stays(client: Any, refused: Any) -> None:
    instance = run(client, "web", deletion_protection=True)
    with refused("InvalidOperation.DeletionProtection", 403):
        client.delete_instance(models.DeleteInstanceRequest(instance_id=instance, force=True))


def test_a_dry_run_changes_nothing(client: Any, refused: Any) -> None:
    with refused("DryRunOperation", 400):
        run(client, "web", dry_run=True)
    assert names(client) == []


def test_permission_for_one_instance(door: Any, client: Any, user: Any, refused: Any) -> None:
    mine, other = run(client, "mine"), run(client, "other")
    own = as_user(
        door,
        user(
            "company-a",
            "one",
            {"Effect": "Allow", "Action": "ecs:*Instance", "Resource": f"acs:ecs:{REGION}:*:instance/{mine}"},
        ),
    )
    own.stop_instance(models.StopInstanceRequest(instance_id=mine))
    with refused("Forbidden.RAM", 403) as denied:
        own.stop_instance(models.StopInstanceRequest(instance_id=other))
    assert denied.error.data["AccessDeniedDetail"]["AuthAction"] == "ecs:StopInstance"
    with refused("Forbidden.RAM", 403):
        own.describe_instances(models.DescribeInstancesRequest(region_id=REGION))


def test_a_region_in_a_policy_holds(door: Any, client: Any, user: Any, refused: Any) -> None:
    instance = run(client, "here")
    own = as_user(
        door, user("company-a", "far", {"Effect": "Allow", "Action": "ecs:*", "Resource": "acs:ecs:cn-beijing:*:*"})
    )
    with refused("Forbidden.RAM", 403):
        own.stop_instance(models.StopInstanceRequest(instance_id=instance))
    assert own.describe_instances(models.DescribeInstancesRequest(region_id="cn-beijing")).body.total_count == 0


@pytest.mark.parametrize("key", ["ecs:tag/team", "acs:ResourceTag/team"])
def test_permission_by_tag(door: Any, client: Any, user: Any, refused: Any, key: str) -> None:
    ours, theirs = run(client, "ours", tag=tags(team="ops")), run(client, "theirs", tag=tags(team="dev"))
    statement = {"Effect": "Allow", "Action": "ecs:*", "Resource": "*", "Condition": {"StringEquals": {key: "ops"}}}
    own = as_user(door, user("company-a", "ops", statement))
    own.reboot_instances(models.RebootInstancesRequest(region_id=REGION, instance_id=[ours]))
    with refused("Forbidden.RAM", 403):
        own.reboot_instances(models.RebootInstancesRequest(region_id=REGION, instance_id=[ours, theirs]))
    assert names(own, tag=[models.DescribeInstancesRequestTag(key="team", value="ops")]) == ["ours"]
    with refused("Forbidden.RAM", 403):
        names(own)


def test_a_policy_can_demand_tags_of_new_instances(door: Any, client: Any, user: Any, refused: Any) -> None:
    statements = [
        {"Effect": "Allow", "Action": "ecs:RunInstances", "Resource": "*"},
        {
            "Effect": "Deny",
            "Action": "ecs:RunInstances",
            "Resource": "acs:ecs:*:*:instance/*",
            "Condition": {"StringNotEquals": {"acs:RequestTag/team": "ops"}},
        },
    ]
    own = as_user(door, user("company-a", "launcher", *statements))
    with refused("Forbidden.RAM", 403):
        run(own, "untagged")
    run(own, "tagged", tag=tags(team="ops"))
    assert names(client) == ["tagged"]


def test_starting_instances_needs_their_security_group_as_well(door: Any, client: Any, user: Any, refused: Any) -> None:
    group = client.create_security_group(models.CreateSecurityGroupRequest(region_id=REGION)).body.security_group_id
    resources = [f"acs:ecs:{REGION}:*:instance/*", f"acs:ecs:{REGION}:*:image/*"]
    own = as_user(
        door, user("company-a", "half", {"Effect": "Allow", "Action": "ecs:RunInstances", "Resource": resources})
    )
    run(own, "without")
    with refused("Forbidden.RAM", 403):
        run(own, "with", security_group_id=group)


def test_a_grant_for_a_resource_group_ends_at_the_group(door: Any, client: Any, user: Any, refused: Any) -> None:
    ours, other = run(client, "ours", resource_group_id="rg-ours"), run(client, "other")
    key = user("company-a", "grouped")
    door.ram(door.cloud.account("company-a").root_key).attach_policy_to_user(
        ram.AttachPolicyToUserRequest(
            user_name="grouped", policy_name="AliyunECSFullAccess", policy_type="System", resource_group_id="rg-ours"
        )
    )
    own = as_user(door, key)
    own.stop_instance(models.StopInstanceRequest(instance_id=ours))
    assert names(own, resource_group_id="rg-ours") == ["ours"]
    with refused("Forbidden.RAM", 403):
        own.stop_instance(models.StopInstanceRequest(instance_id=other))


def test_instances_of_another_account_do_not_exist(door: Any, client: Any, user: Any, refused: Any) -> None:
    instance = run(client, "web")
    foreign = as_user(door, user("company-b", "all", {"Effect": "Allow", "Action": "*", "Resource": "*"}))
    with refused("InvalidInstanceId.NotFound", 404):
        foreign.stop_instance(models.StopInstanceRequest(instance_id=instance))
    assert status(client, instance) == "Running"

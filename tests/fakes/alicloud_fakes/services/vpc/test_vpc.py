"""VPC through its official client."""

from __future__ import annotations

from typing import Any

import pytest

models = pytest.importorskip("alibabacloud_vpc20160428.models", reason="the official VPC client is not installed")
client_module = pytest.importorskip(
    "alibabacloud_vpc20160428.client", reason="the official VPC client is not installed"
)

REGION, ZONE = "cn-hangzhou", "cn-hangzhou-h"


@pytest.fixture
def client(door: Any, root: Any) -> Any:
    return client_module.Client(door.config(root, "vpc"))


def create(client: Any, **more: Any) -> str:
    request = models.CreateVpcRequest(region_id=REGION, **{"cidr_block": "10.0.0.0/16", "vpc_name": "net", **more})
    return client.create_vpc(request).body.vpc_id


def switch(client: Any, vpc: str, cidr: str, **more: Any) -> str:
    request = models.CreateVSwitchRequest(region_id=REGION, vpc_id=vpc, zone_id=ZONE, cidr_block=cidr, **more)
    return client.create_vswitch(request).body.v_switch_id


def listed(client: Any, **more: Any) -> list[str]:
    request = models.DescribeVpcsRequest(region_id=REGION, **more)
    return [one.vpc_id for one in client.describe_vpcs(request).body.vpcs.vpc]


def tag(key: str, value: str) -> Any:
    return models.CreateVpcRequestTag(key=key, value=value)


def test_a_network_and_its_vswitches_from_creation_to_deletion(client: Any, refused: Any) -> None:
    vpc = create(client, description="for tests")
    one = switch(client, vpc, "10.0.1.0/24", v_switch_name="one")
    shown = client.describe_vpc_attribute(models.DescribeVpcAttributeRequest(region_id=REGION, vpc_id=vpc)).body
    assert (shown.vpc_name, shown.cidr_block, shown.status) == ("net", "10.0.0.0/16", "Available")
    assert shown.v_switch_ids.v_switch_id == [one]
    found = client.describe_vswitches(models.DescribeVSwitchesRequest(vpc_id=vpc)).body.v_switches.v_switch
    assert [(row.v_switch_id, row.zone_id, row.available_ip_address_count) for row in found] == [(one, ZONE, 252)]
    with refused("DependencyViolation.VSwitch", 400):
        client.delete_vpc(models.DeleteVpcRequest(region_id=REGION, vpc_id=vpc))
    client.delete_vswitch(models.DeleteVSwitchRequest(region_id=REGION, v_switch_id=one))
    client.delete_vpc(models.DeleteVpcRequest(region_id=REGION, vpc_id=vpc))
    assert listed(client) == []
    with refused("InvalidVpcId.NotFound", 404):
        client.describe_vpc_attribute(models.DescribeVpcAttributeRequest(region_id=REGION, vpc_id=vpc))
    with refused("InvalidVSwitchId.NotFound", 404):
        client.delete_vswitch(models.DeleteVSwitchRequest(region_id=REGION, v_switch_id=one))


def test_a_forced_deletion_takes_the_vswitches_along(client: Any) -> None:
    vpc = create(client)
    switch(client, vpc, "10.0.1.0/24")
    client.delete_vpc(models.DeleteVpcRequest(region_id=REGION, vpc_id=vpc, force_delete=True))
    request = models.DescribeVSwitchesRequest(region_id=REGION)
    assert client.describe_vswitches(request).body.total_count == 0


@pytest.mark.parametrize("cidr", ["10.0.0.0/7", "10.0.0.0/29", "11.0.0.0/16", "10.0.0.1/16", "nonsense"])
def test_blocks_of_networks_that_are_refused(client: Any, refused: Any, cidr: str) -> None:
    with refused("InvalidCidrBlock.Malformed", 400):
        create(client, cidr_block=cidr)


@pytest.mark.parametrize(
    ("cidr", "code"),
    [
        ("10.0.0.0/30", "InvalidCidrBlock.Malformed"),
        ("10.1.0.0/24", "InvalidCidrBlock.Malformed"),
        ("10.0.1.128/25", "InvalidCidrBlock.Overlapped"),
    ],
)
def test_blocks_of_vswitches_that_are_refused(client: Any, refused: Any, cidr: str, code: str) -> None:
    vpc = create(client)
    switch(client, vpc, "10.0.1.0/24")
    with refused(code, 400):
        switch(client, vpc, cidr)


def test_a_client_token_creates_one_network(client: Any) -> None:
    assert create(client, client_token="again") == create(client, client_token="again")
    assert len(listed(client)) == 1


def test_lists_are_narrowed_and_paged(client: Any) -> None:
    first, second = create(client, tag=[tag("team", "ops")]), create(client, vpc_name="other", resource_group_id="rg-1")
    assert listed(client, vpc_name="other") == [second]
    assert listed(client, resource_group_id="rg-1") == [second]
    assert listed(client, tag=[models.DescribeVpcsRequestTag(key="team", value="ops")]) == [first]
    assert listed(client, page_size=1, page_number=2) == [second]


def test_tags_come_and_go(client: Any, refused: Any) -> None:
    vpc = create(client)
    add = models.TagResourcesRequest(
        region_id=REGION,
        resource_type="VPC",
        resource_id=[vpc],
        tag=[models.TagResourcesRequestTag(key=key, value="1") for key in ("a", "b")],
    )
    client.tag_resources(add)
    remove = models.UnTagResourcesRequest(region_id=REGION, resource_type="VPC", resource_id=[vpc], tag_key=["a"])
    client.un_tag_resources(remove)
    ask = models.ListTagResourcesRequest(region_id=REGION, resource_type="VPC")
    rows = client.list_tag_resources(ask).body.tag_resources.tag_resource
    assert [(row.resource_id, row.tag_key, row.tag_value) for row in rows] == [(vpc, "b", "1")]
    add.tag = [models.TagResourcesRequestTag(key="acs:x", value="1")]
    with refused("InvalidTagKey.Malformed", 400):
        client.tag_resources(add)


def test_permissions_follow_the_network_its_tags_and_its_group(door: Any, root: Any, user: Any, refused: Any) -> None:
    owner = client_module.Client(door.config(root, "vpc"))
    mine, other = create(owner, tag=[tag("team", "ops")]), create(owner)
    allowed = {"StringEquals": {"acs:ResourceTag/team": "ops"}}
    key = user(
        "company-a",
        "ops",
        {"Effect": "Allow", "Action": "vpc:DeleteVpc", "Resource": "acs:vpc:cn-hangzhou:*:vpc/*", "Condition": allowed},
        {
            "Effect": "Allow",
            "Action": "vpc:CreateVSwitch",
            "Resource": [f"acs:vpc:*:*:vpc/{other}", "acs:vpc:*:*:vswitch/*"],
        },
    )
    ops = client_module.Client(door.config(key, "vpc"))
    with refused("Forbidden.RAM", 403):
        ops.delete_vpc(models.DeleteVpcRequest(region_id=REGION, vpc_id=other))
    with refused("Forbidden.RAM", 403):
        switch(ops, mine, "10.0.1.0/24")
    assert switch(ops, other, "10.0.1.0/24").startswith("vsw-")
    ops.delete_vpc(models.DeleteVpcRequest(region_id=REGION, vpc_id=mine))
    assert listed(owner) == [other]


def test_a_vswitch_that_is_gone_is_shown_empty(client: Any) -> None:
    vpc = create(client)
    one = switch(client, vpc, "10.0.1.0/24")

    def shown() -> str:
        request = models.DescribeVSwitchAttributesRequest(region_id=REGION, v_switch_id=one)
        return client.describe_vswitch_attributes(request).body.v_switch_id

    assert shown() == one
    client.delete_vswitch(models.DeleteVSwitchRequest(region_id=REGION, v_switch_id=one))
    assert shown() == ""


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        ({}, 2),
        ({"vpc_id": "$vpc"}, 1),
        ({"vpc_id": "vpc-none"}, 0),
        ({"route_table_type": "System"}, 2),
        ({"route_table_type": "Custom"}, 0),
        ({"tag": [models.DescribeRouteTableListRequestTag(key="k", value="v")]}, 0),
    ],
)
def test_each_network_has_the_route_table_of_the_system(client: Any, filters: dict[str, Any], count: int) -> None:
    vpc, _ = create(client), create(client)
    wanted = {name: vpc if value == "$vpc" else value for name, value in filters.items()}
    request = models.DescribeRouteTableListRequest(region_id=REGION, **wanted)
    found = client.describe_route_table_list(request).body.router_table_list.router_table_list_type
    assert len(found) == count
    assert {one.route_table_type for one in found} <= {"System"}

"""ECS through its official client: security groups, tags, regions."""

from __future__ import annotations

from typing import Any

import pytest

models = pytest.importorskip("alibabacloud_ecs20140526.models", reason="the official ECS client is not installed")
client_module = pytest.importorskip(
    "alibabacloud_ecs20140526.client", reason="the official ECS client is not installed"
)

REGION = "cn-hangzhou"


@pytest.fixture
def client(door: Any, root: Any) -> Any:
    return client_module.Client(door.config(root, "ecs"))


@pytest.fixture
def group(client: Any) -> str:
    request = models.CreateSecurityGroupRequest(region_id=REGION, security_group_name="web", vpc_id="vpc-1")
    return client.create_security_group(request).body.security_group_id


def permissions(client: Any, group: str, direction: str = "all") -> list[Any]:
    request = models.DescribeSecurityGroupAttributeRequest(
        region_id=REGION, security_group_id=group, direction=direction
    )
    return client.describe_security_group_attribute(request).body.permissions.permission


def test_rules_come_flat_or_as_a_list(client: Any, group: str, refused: Any) -> None:
    flat = models.AuthorizeSecurityGroupRequest(
        region_id=REGION, security_group_id=group, ip_protocol="tcp", port_range="22/22", source_cidr_ip="10.0.0.0/8"
    )
    client.authorize_security_group(flat)
    with refused("InvalidPermission.Duplicate", 400):
        client.authorize_security_group(flat)
    listed = models.AuthorizeSecurityGroupRequest(
        region_id=REGION,
        security_group_id=group,
        permissions=[
            models.AuthorizeSecurityGroupRequestPermissions(
                ip_protocol="udp", port_range=f"{port}/{port}", source_cidr_ip="0.0.0.0/0", policy="drop", priority="2"
            )
            for port in (53, 123)
        ],
    )
    client.authorize_security_group(listed)
    client.authorize_security_group_egress(
        models.AuthorizeSecurityGroupEgressRequest(
            region_id=REGION, security_group_id=group, ip_protocol="all", dest_cidr_ip="0.0.0.0/0"
        )
    )
    shown = permissions(client, group)
    assert [(one.direction, one.ip_protocol, one.port_range, one.policy) for one in shown] == [
        ("ingress", "TCP", "22/22", "Accept"),
        ("ingress", "UDP", "53/53", "Drop"),
        ("ingress", "UDP", "123/123", "Drop"),
        ("egress", "ALL", "-1/-1", "Accept"),
    ]
    client.revoke_security_group(
        models.RevokeSecurityGroupRequest(
            region_id=REGION, security_group_id=group, security_group_rule_id=[shown[1].security_group_rule_id]
        )
    )
    client.revoke_security_group(models.RevokeSecurityGroupRequest(**vars(flat)))
    assert [one.port_range for one in permissions(client, group, "ingress")] == ["123/123"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"ip_protocol": "tcpp"}, "InvalidParameter.IpProtocol"),
        ({"ip_protocol": None}, "MissingIpProtocol"),
        ({"port_range": "22"}, "InvalidParameter.PortRange"),
        ({"port_range": "23/22"}, "InvalidParameter.PortRange"),
        ({"port_range": "1/65536"}, "InvalidParameter.PortRange"),
        ({"source_cidr_ip": "10.0.0.0/33"}, "InvalidParameter.SourceCidrIp"),
        ({"source_cidr_ip": None}, "MissingSourceCidrIp"),
        ({"policy": "maybe"}, "InvalidParameter.Policy"),
        ({"priority": "101"}, "InvalidParameter.Priority"),
        ({"security_group_id": "sg-none"}, "InvalidSecurityGroupId.NotFound"),
    ],
)
def test_rules_that_cannot_be(client: Any, group: str, refused: Any, change: dict[str, Any], code: str) -> None:
    fields = {
        "region_id": REGION,
        "security_group_id": group,
        "ip_protocol": "tcp",
        "port_range": "22/22",
        "source_cidr_ip": "10.0.0.0/8",
        **change,
    }
    with refused(code):
        client.authorize_security_group(models.AuthorizeSecurityGroupRequest(**fields))
    assert permissions(client, group) == []


def test_a_group_in_use_stays(client: Any, group: str, refused: Any) -> None:
    instance = client.run_instances(
        models.RunInstancesRequest(
            region_id=REGION, image_id="img", instance_type="ecs.c6.large", security_group_id=group
        )
    ).body.instance_id_sets.instance_id_set[0]
    listed = models.DescribeSecurityGroupsRequest(region_id=REGION, vpc_id="vpc-1")
    found = client.describe_security_groups(listed).body.security_groups.security_group
    assert [(one.security_group_id, one.ecs_count) for one in found] == [(group, 1)]
    gone = models.DeleteSecurityGroupRequest(region_id=REGION, security_group_id=group)
    with refused("DependencyViolation", 403):
        client.delete_security_group(gone)
    client.delete_instance(models.DeleteInstanceRequest(instance_id=instance, force=True))
    client.delete_security_group(gone)
    assert client.describe_security_groups(listed).body.total_count == 0


def test_tags_are_added_listed_counted_and_removed(client: Any, group: str, refused: Any) -> None:
    def tag(resource: str, **values: str) -> None:
        pairs = [models.TagResourcesRequestTag(key=key, value=value) for key, value in values.items()]
        request = models.TagResourcesRequest(
            region_id=REGION, resource_type="securitygroup", resource_id=[resource], tag=pairs
        )
        client.tag_resources(request)

    tag(group, team="ops", stage="test")
    listed = client.list_tag_resources(
        models.ListTagResourcesRequest(region_id=REGION, resource_type="securitygroup", resource_id=[group])
    ).body.tag_resources.tag_resource
    assert [(one.tag_key, one.tag_value) for one in listed] == [("stage", "test"), ("team", "ops")]
    counted = client.describe_tags(models.DescribeTagsRequest(region_id=REGION)).body.tags.tag
    assert [(one.tag_key, one.resource_type_count.securitygroup) for one in counted] == [("stage", 1), ("team", 1)]
    client.untag_resources(
        models.UntagResourcesRequest(
            region_id=REGION, resource_type="securitygroup", resource_id=[group], tag_key=["team"]
        )
    )
    wanted = [models.DescribeSecurityGroupsRequestTag(key="team", value="ops")]
    request = models.DescribeSecurityGroupsRequest(region_id=REGION, tag=wanted)
    assert client.describe_security_groups(request).body.total_count == 0
    with refused("InvalidTagKey.Malformed", 400):
        tag(group, **{"acs:x": "y"})
    with refused("InvalidResourceId.NotFound", 404):
        tag("sg-none", team="ops")
    with refused("InvalidResourceType.NotFound", 404):
        client.list_tag_resources(models.ListTagResourcesRequest(region_id=REGION, resource_type="disk"))


def test_regions_and_zones(client: Any) -> None:
    regions = client.describe_regions(models.DescribeRegionsRequest()).body.regions.region
    assert {one.region_id: one.region_endpoint for one in regions}[REGION] == "ecs.cn-hangzhou.aliyuncs.com"
    zones = client.describe_zones(models.DescribeZonesRequest(region_id=REGION)).body.zones.zone
    assert [one.zone_id for one in zones] == ["cn-hangzhou-g", "cn-hangzhou-h", "cn-hangzhou-i"]

"""Calls that clients make before the first call of a program."""

from __future__ import annotations

from typing import Any

import pytest

from alicloud_fakes.services.bss.models import Site
from alicloud_fakes.services.location.endpoints import endpoint_of


def endpoint(door: Any, key: Any, product: str, region: str = "cn-hangzhou") -> Any:
    found = door.call(
        key, "location", "2015-06-12", "DescribeEndpoints", Id=region, ServiceCode=product, Type="openAPI"
    )
    return found["Endpoints"]["Endpoint"][0]


def test_location_keeps_clients_at_the_fake(door: Any, root: Any) -> None:
    found = endpoint(door, root, "ecs")
    if door.protocol == "HTTP":
        assert found["Endpoint"] == door.endpoint("ecs")
    else:
        assert found["Endpoint"] == "ecs-cn-hangzhou.aliyuncs.com"
        assert endpoint(door, root, "ram")["Endpoint"] == "ram.aliyuncs.com"
    assert found["SerivceCode"] == "ecs"


@pytest.mark.parametrize(
    ("product", "region", "host"),
    [
        ("oss", "cn-hangzhou", "oss-cn-hangzhou.aliyuncs.com"),
        ("oss", "eu-central-1", "oss-eu-central-1.aliyuncs.com"),
        ("ecs", "cn-beijing", "ecs-cn-hangzhou.aliyuncs.com"),
        ("ecs", "eu-central-1", "ecs.eu-central-1.aliyuncs.com"),
        ("rds", "cn-shanghai", "rds.aliyuncs.com"),
        ("vpc", "ap-southeast-5", "vpc.ap-southeast-5.aliyuncs.com"),
        ("sts", "cn-hangzhou", "sts.cn-hangzhou.aliyuncs.com"),
        ("ram", "cn-hangzhou", "ram.aliyuncs.com"),
    ],
)
def test_public_endpoints(product: str, region: str, host: str) -> None:
    assert endpoint_of(product, region) == host


def test_regions_and_zones_need_no_permission(door: Any, user: Any) -> None:
    nobody = user("company-a", "nobody")
    regions = door.call(nobody, "ecs", "2014-05-26", "DescribeRegions")["Regions"]["Region"]
    assert "cn-hangzhou" in [region["RegionId"] for region in regions]
    zones = door.call(nobody, "ecs", "2014-05-26", "DescribeZones", RegionId="cn-hangzhou")["Zones"]["Zone"]
    assert len(zones) == 3


def test_location_refuses_what_is_no_region(door: Any, root: Any, refused: Any) -> None:
    with refused("InvalidRegionId", 404):
        endpoint(door, root, "ecs", "nowhere")


def test_an_account_is_international_unless_it_is_not(door: Any, root: Any, refused: Any) -> None:
    query = {
        "PageNum": "1",
        "PageSize": "50",
        "ProductCode": "vipcloudfw",
        "ProductType": "vipcloudfw",
        "SubscriptionType": "Subscription",
    }
    with refused("NotApplicable", 400):
        door.call(root, "bss", "2017-12-14", "QueryAvailableInstances", **query)
    door.cloud.account("company-a").bss.site = Site.CHINA
    body = door.call(root, "bss", "2017-12-14", "QueryAvailableInstances", **query)
    assert (body["Success"], body["Data"]["InstanceList"]) == (True, [])

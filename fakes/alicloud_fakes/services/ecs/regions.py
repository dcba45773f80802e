"""Regions and zones, as far as clients ask for them."""

from __future__ import annotations

from typing import Annotated, Any

from alicloud_fakes.pipeline.declare import OneOf, Request
from alicloud_fakes.pipeline.registry import Reply
from alicloud_fakes.services.ecs import ecs
from alicloud_fakes.services.ecs.errors import fail
from alicloud_fakes.services.ecs.models import Ecs

# ID: name in English. Source: Alibaba Cloud, ECS, "Regions and zones".
REGIONS: dict[str, str] = {
    "cn-qingdao": "China (Qingdao)",
    "cn-beijing": "China (Beijing)",
    "cn-zhangjiakou": "China (Zhangjiakou)",
    "cn-huhehaote": "China (Hohhot)",
    "cn-wulanchabu": "China (Ulanqab)",
    "cn-hangzhou": "China (Hangzhou)",
    "cn-shanghai": "China (Shanghai)",
    "cn-nanjing": "China (Nanjing - Local Region)",
    "cn-fuzhou": "China (Fuzhou - Local Region)",
    "cn-wuhan-lr": "China (Wuhan - Local Region)",
    "cn-shenzhen": "China (Shenzhen)",
    "cn-heyuan": "China (Heyuan)",
    "cn-guangzhou": "China (Guangzhou)",
    "cn-chengdu": "China (Chengdu)",
    "cn-hongkong": "China (Hong Kong)",
    "ap-southeast-1": "Singapore",
    "ap-southeast-3": "Malaysia (Kuala Lumpur)",
    "ap-southeast-5": "Indonesia (Jakarta)",
    "ap-southeast-6": "Philippines (Manila)",
    "ap-southeast-7": "Thailand (Bangkok)",
    "ap-northeast-1": "Japan (Tokyo)",
    "ap-northeast-2": "South Korea (Seoul)",
    "us-west-1": "US (Silicon Valley)",
    "us-east-1": "US (Virginia)",
    "eu-central-1": "Germany (Frankfurt)",
    "eu-west-1": "UK (London)",
    "me-east-1": "UAE (Dubai)",
    "me-central-1": "SAU (Riyadh - Partner Region)",
}
_ZONES = "ghi"


class DescribeRegions(Request):
    accept_language: Annotated[str, OneOf("zh-CN", "en-US", "ja")] = "en-US"


class DescribeZones(Request):
    region_id: str
    accept_language: Annotated[str, OneOf("zh-CN", "en-US", "ja")] = "en-US"


def check_region(region: str) -> None:
    """Refuse a region that does not exist."""
    if region not in REGIONS:
        raise fail("InvalidRegionId.NotFound")


@ecs.action(DescribeRegions)
def describe_regions(_: Ecs, __: DescribeRegions) -> Reply:
    """List regions. Their names are in English, whatever language is asked for."""
    regions = [
        {"RegionId": region, "LocalName": name, "RegionEndpoint": f"ecs.{region}.aliyuncs.com", "Status": "available"}
        for region, name in REGIONS.items()
    ]
    return {"Regions": {"Region": regions}}


@ecs.action(DescribeZones)
def describe_zones(_: Ecs, request: DescribeZones) -> Reply:
    """List zones of a region; the fake gives each region three."""
    check_region(request.region_id)
    zones: list[dict[str, Any]] = [
        {
            "ZoneId": f"{request.region_id}-{letter}",
            "LocalName": f"{REGIONS[request.region_id]} Zone {letter.upper()}",
            "ZoneType": "AvailabilityZone",
            "AvailableResourceCreation": {"ResourceTypes": ["VSwitch", "IoOptimized", "Instance", "Disk"]},
        }
        for letter in _ZONES
    ]
    return {"Zones": {"Zone": zones}}

"""Regions and zones, as far as clients ask for them."""

from __future__ import annotations

from typing import Annotated, Any

from alicloud_fakes.core.regions import REGIONS
from alicloud_fakes.pipeline.declare import OneOf, Request
from alicloud_fakes.pipeline.registry import Access, Reply
from alicloud_fakes.services.ecs import ecs
from alicloud_fakes.services.ecs.errors import fail
from alicloud_fakes.services.ecs.models import Ecs

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


@ecs.action(DescribeRegions, access=Access.SIGNED)
def describe_regions(_: Ecs, __: DescribeRegions) -> Reply:
    """List regions. Their names are in English, whatever language is asked for."""
    regions = [
        {"RegionId": region, "LocalName": name, "RegionEndpoint": f"ecs.{region}.aliyuncs.com", "Status": "available"}
        for region, name in REGIONS.items()
    ]
    return {"Regions": {"Region": regions}}


@ecs.action(DescribeZones, access=Access.SIGNED)
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

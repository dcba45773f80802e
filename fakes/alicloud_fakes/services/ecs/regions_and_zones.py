"""Regions and zones, as far as clients ask for them."""

from __future__ import annotations

from typing import Annotated, Any

from alicloud_fakes.core.region_names import REGIONS
from alicloud_fakes.pipeline.declare import ActionRequest, OneOf
from alicloud_fakes.pipeline.registry import AllowedCallers, Reply
from alicloud_fakes.services.ecs import ecs
from alicloud_fakes.services.ecs.errors import fail
from alicloud_fakes.services.ecs.models import DISK_CATEGORIES, TYPES, Ecs

_ZONES = "ghi"


class DescribeRegions(ActionRequest):
    accept_language: Annotated[str, OneOf("zh-CN", "en-US", "ja")] = "en-US"


class DescribeZones(ActionRequest):
    region_id: str
    accept_language: Annotated[str, OneOf("zh-CN", "en-US", "ja")] = "en-US"


def check_region(region: str) -> None:
    """Refuse a region that does not exist."""
    if region not in REGIONS:
        raise fail("InvalidRegionId.NotFound")


def zones_of(region: str) -> list[str]:
    """The zones of a region: the fake gives each region three.

    Raises:
        ApiError: there is no such region.
    """
    check_region(region)
    return [f"{region}-{letter}" for letter in _ZONES]


@ecs.action(DescribeRegions, access=AllowedCallers.SIGNED)
def describe_regions(_: Ecs, __: DescribeRegions) -> Reply:
    """List regions. Their names are in English, whatever language is asked for."""
    regions = [
        {"RegionId": region, "LocalName": name, "RegionEndpoint": f"ecs.{region}.aliyuncs.com", "Status": "available"}
        for region, name in REGIONS.items()
    ]
    return {"Regions": {"Region": regions}}


@ecs.action(DescribeZones, access=AllowedCallers.SIGNED)
def describe_zones(_: Ecs, request: DescribeZones) -> Reply:
    """List zones of a region; each has every resource."""
    zones: list[dict[str, Any]] = [
        {
            "ZoneId": zone,
            "LocalName": f"{REGIONS[request.region_id]} Zone {zone[-1].upper()}",
            "ZoneType": "AvailabilityZone",
            "AvailableResourceCreation": {"ResourceTypes": ["VSwitch", "IoOptimized", "Instance", "Disk"]},
            "AvailableInstanceTypes": {"InstanceTypes": list(TYPES)},
            "AvailableDiskCategories": {"DiskCategories": list(DISK_CATEGORIES)},
        }
        for zone in zones_of(request.region_id)
    ]
    return {"Zones": {"Zone": zones}}

"""Public images, instance types, and where they are available.

The fake knows a few of each, and accepts others: an instance may be started from any image and type.

Source: Alibaba Cloud, ECS, DescribeImages, DescribeInstanceTypes, DescribeImageSupportInstanceTypes,
DescribeAvailableResource.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from alicloud_fakes.core.paging import page_of, paged
from alicloud_fakes.pipeline.declare import ActionRequest, Clamp, Items, OneOf, Pattern, Tag, Wire
from alicloud_fakes.pipeline.registry import Reply
from alicloud_fakes.services.ecs import ecs
from alicloud_fakes.services.ecs.models import DISK_CATEGORIES, TYPES, Ecs, cpus_of, family_of, memory_of
from alicloud_fakes.services.ecs.parameters import PageNumber, PageSize
from alicloud_fakes.services.ecs.regions_and_zones import check_region, zones_of

_MIB = 1024
_ALIYUN = "Alibaba Cloud Linux 3.2104 LTS 64bit"
_WINDOWS_ID = "win2022_21H2_x64_dtc_en-us_40G_alibase_20240514.vhd"
_WINDOWS = "Windows Server 2022 Datacenter Edition 64bit English Edition"


@dataclass(frozen=True, slots=True)
class Image:
    """A public image."""

    id: str
    created: str
    system: str
    os_name: str
    platform: str
    size: int = 20


IMAGES = (
    Image("aliyun_3_x64_20G_alibase_20240528.vhd", "2024-05-29T02:20:13Z", "linux", _ALIYUN, "Aliyun"),
    Image("centos_7_9_x64_20G_alibase_20240403.vhd", "2024-04-08T01:55:24Z", "linux", "CentOS 7.9 64bit", "CentOS"),
    Image("ubuntu_22_04_x64_20G_alibase_20240508.vhd", "2024-05-13T02:45:33Z", "linux", "Ubuntu 22.04 64bit", "Ubuntu"),
    Image(_WINDOWS_ID, "2024-05-20T03:03:31Z", "windows", _WINDOWS, "Windows Server 2022", 40),
)


class DescribeImages(ActionRequest):
    region_id: str
    image_id: str = ""
    image_name: str = ""
    image_owner_alias: Annotated[str, OneOf("system", "self", "others", "marketplace")] = ""
    status: str = "Available"
    architecture: str = ""
    os_type: Annotated[str, OneOf("windows", "linux"), Wire("OSType")] = ""
    snapshot_id: str = ""
    image_family: str = ""
    resource_group_id: str = ""
    usage: str = ""
    tag: Annotated[list[Tag], Items(20)] | None = None
    page_number: PageNumber = 1
    page_size: PageSize = 10


class DescribeInstanceTypes(ActionRequest):
    instance_type_family: str = ""
    instance_types: Annotated[list[str], Items(10)] | None = None
    max_results: Annotated[int, Clamp(1, 1600)] = 1600
    next_token: str = ""


class DescribeImageSupportInstanceTypes(ActionRequest):
    region_id: str
    image_id: str = ""


class DescribeAvailableResource(ActionRequest):
    region_id: str
    destination_resource: Annotated[str, OneOf("Zone", "IoOptimized", "InstanceType", "SystemDisk", "DataDisk")]
    zone_id: str = ""
    instance_type: str = ""
    system_disk_category: str = ""
    cores: int | None = None
    memory: Annotated[str, Pattern(r"\d{1,6}(\.\d{1,6})?")] = ""


def _shown_image(image: Image) -> dict[str, Any]:
    return {
        "ImageId": image.id,
        "ImageName": image.id,
        "ImageVersion": "",
        "ImageOwnerAlias": "system",
        "Description": "",
        "CreationTime": image.created,
        "Architecture": "x86_64",
        "OSType": image.system,
        "OSName": image.os_name,
        "OSNameEn": image.os_name,
        "Platform": image.platform,
        "Size": image.size,
        "Status": "Available",
        "Usage": "instance",
        "Progress": "100%",
        "ProductCode": "",
        "IsCopied": False,
        "IsSelfShared": "",
        "IsSubscribed": False,
        "IsSupportCloudinit": True,
        "IsSupportIoOptimized": True,
        "ResourceGroupId": "",
        "DiskDeviceMappings": {"DiskDeviceMapping": []},
        "Tags": {"Tag": []},
    }


@ecs.action(DescribeImages, on=lambda _: "image/*")
def describe_images(_: Ecs, request: DescribeImages) -> Reply:
    """List images: a few public ones; an account has none of its own."""
    check_region(request.region_id)
    wanted = {
        "ImageOwnerAlias": request.image_owner_alias,
        "ImageName": request.image_name,
        "Architecture": request.architecture,
        "OSType": request.os_type,
        "Usage": request.usage,
    }
    narrowed = request.snapshot_id or request.image_family or request.resource_group_id or request.tag
    offered = [] if narrowed else [_shown_image(image) for image in IMAGES]
    ids, statuses = request.image_id.split(","), request.status.split(",")
    found = [
        image
        for image in offered
        if (not request.image_id or image["ImageId"] in ids)
        and image["Status"] in statuses
        and all(value in {"", image[name]} for name, value in wanted.items())
    ]
    page, counts = paged(found, request)
    return {
        "RegionId": request.region_id,
        **counts,
        "Images": {"Image": page},
    }


def _shown_type(name: str) -> dict[str, Any]:
    return {
        "InstanceTypeId": name,
        "InstanceTypeFamily": family_of(name),
        "CpuCoreCount": cpus_of(name),
        "CpuArchitecture": "X86",
        "MemorySize": memory_of(name) / _MIB,
        "EniQuantity": 2 + cpus_of(name) // 4,
        "EniPrivateIpAddressQuantity": 6,
        "EniIpv6AddressQuantity": 1,
        "GPUAmount": 0,
        "GPUSpec": "",
        "InitialCredit": 0,
        "BaselineCredit": 0,
        "LocalStorageCategory": "",
    }


@ecs.action(DescribeInstanceTypes)
def describe_instance_types(_: Ecs, request: DescribeInstanceTypes) -> Reply:
    """List instance types."""
    found = [
        name
        for name in TYPES
        if request.instance_type_family in {"", family_of(name)}
        and (request.instance_types is None or name in request.instance_types)
    ]
    page, token, _size = page_of(found, 1, request.max_results, request.next_token, request.max_results)
    return {"NextToken": token, "InstanceTypes": {"InstanceType": [_shown_type(name) for name in page]}}


@ecs.action(DescribeImageSupportInstanceTypes, on=lambda _: "image/*")
def describe_image_support_instance_types(_: Ecs, request: DescribeImageSupportInstanceTypes) -> Reply:
    """List the instance types that an image runs on: all of them."""
    check_region(request.region_id)
    rows = [
        {
            "InstanceTypeId": name,
            "InstanceTypeFamily": family_of(name),
            "CpuCoreCount": cpus_of(name),
            "MemorySize": memory_of(name) / _MIB,
        }
        for name in TYPES
    ]
    return {"RegionId": request.region_id, "ImageId": request.image_id, "InstanceTypes": {"InstanceType": rows}}


def _values(request: DescribeAvailableResource, zone: str) -> list[str]:
    match request.destination_resource:
        case "Zone":
            return [zone]
        case "IoOptimized":
            return ["optimized"]
        case "InstanceType":
            return [
                name
                for name in TYPES
                if request.instance_type in {"", name}
                and request.cores in {None, cpus_of(name)}
                and (not request.memory or float(request.memory) * _MIB == memory_of(name))
            ]
        case _:
            return [one for one in DISK_CATEGORIES if request.system_disk_category in {"", one}]


@ecs.action(DescribeAvailableResource, on=lambda _: "*")
def describe_available_resource(_: Ecs, request: DescribeAvailableResource) -> Reply:
    """List the resources that are available in each zone: all of them."""
    zones = [zone for zone in zones_of(request.region_id) if request.zone_id in {"", zone}]
    stock = {"Status": "Available", "StatusCategory": "WithStock"}
    rows = [
        {
            "RegionId": request.region_id,
            "ZoneId": zone,
            **stock,
            "AvailableResources": {
                "AvailableResource": [
                    {
                        "Type": request.destination_resource,
                        "SupportedResources": {
                            "SupportedResource": [{"Value": one, **stock} for one in _values(request, zone)]
                        },
                    }
                ]
            },
        }
        for zone in zones
    ]
    return {"AvailableZones": {"AvailableZone": rows}}

"""Parts of instances: system disk, primary network interface, user data, settings that all of them have.

Source: Alibaba Cloud, ECS, DescribeDisks, DescribeNetworkInterfaces, DescribeInstanceAttribute, DescribeUserData,
DescribeInstanceMaintenanceAttributes, DescribeInstanceAttachmentAttributes.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

from alicloud_fakes.core.paging import paged, paged_by_token
from alicloud_fakes.pipeline.declare import ActionRequest, Items, OneOf
from alicloud_fakes.pipeline.registry import Reply
from alicloud_fakes.services.ecs import ecs, ecs_targets
from alicloud_fakes.services.ecs.instances import find, shared_view
from alicloud_fakes.services.ecs.models import Ecs, Instance
from alicloud_fakes.services.ecs.parameters import InstanceId, MaxResults, PageNumber, PageSize
from alicloud_fakes.services.ecs.regions_and_zones import check_region

Ids = Annotated[list[str], Items(100)]


class DescribeDisks(ActionRequest):
    region_id: str
    instance_id: str = ""
    disk_ids: Ids | None = None
    disk_type: Annotated[str, OneOf("all", "system", "data")] = "all"
    category: str = ""
    disk_name: str = ""
    status: str = ""
    zone_id: str = ""
    resource_group_id: str = ""
    page_number: PageNumber = 1
    page_size: PageSize = 10
    max_results: MaxResults | None = None
    next_token: str = ""


class DescribeNetworkInterfaces(ActionRequest):
    region_id: str
    network_interface_id: Ids | None = None
    instance_id: str = ""
    type: str = ""
    status: str = ""
    v_switch_id: str = ""
    vpc_id: str = ""
    security_group_id: str = ""
    resource_group_id: str = ""
    private_ip_address: Ids | None = None
    page_number: PageNumber = 1
    page_size: PageSize = 10
    max_results: MaxResults | None = None
    next_token: str = ""


class DescribeInstanceAttribute(ActionRequest):
    instance_id: InstanceId


class DescribeUserData(ActionRequest):
    region_id: str
    instance_id: InstanceId


class DescribeInstanceMaintenanceAttributes(ActionRequest):
    region_id: str
    instance_id: Ids | None = None
    page_number: PageNumber = 1
    page_size: PageSize = 10


class DescribeInstanceAttachmentAttributes(ActionRequest):
    region_id: str
    instance_ids: Ids
    page_number: PageNumber = 1
    page_size: PageSize = 10


def _there(ecs: Ecs, region: str, only: str | Iterable[str] | None = None) -> list[Instance]:
    """Instances of a region, all of them or some."""
    check_region(region)
    there = ecs.in_region.get(region, {})
    if not only:
        return list(there.values())
    ids = [only] if isinstance(only, str) else only
    return [there[one] for one in dict.fromkeys(ids) if one in there]


def _matches(found: dict[str, Any], **wanted: str) -> bool:
    return all(value in {"", found[name]} for name, value in wanted.items())


def _shown_disk(instance: Instance) -> dict[str, Any]:
    disk = instance.system_disk
    return {
        "DiskId": instance.disk_id,
        "DiskName": disk.name,
        "Description": disk.description,
        "RegionId": instance.region,
        "ZoneId": instance.zone,
        "InstanceId": instance.id,
        "Type": "system",
        "Device": "/dev/xvda",
        "Category": disk.category,
        "Size": disk.size,
        "Status": "In_use",
        "ImageId": instance.image,
        "DiskChargeType": instance.charge_type,
        "CreationTime": instance.created,
        "DeleteWithInstance": True,
        "Encrypted": False,
        "Portable": False,
        "ResourceGroupId": instance.resource_group,
        "Tags": {"Tag": []},
    }


@ecs.action(DescribeDisks, on=lambda _: "disk/*")
def describe_disks(ecs: Ecs, request: DescribeDisks) -> Reply:
    """List disks: each instance has its system disk, and there are no others."""
    disks = [
        disk
        for disk in map(_shown_disk, _there(ecs, request.region_id, request.instance_id))
        if (request.disk_ids is None or disk["DiskId"] in request.disk_ids)
        and request.disk_type != "data"
        and _matches(
            disk,
            Category=request.category,
            DiskName=request.disk_name,
            Status=request.status,
            ZoneId=request.zone_id,
            ResourceGroupId=request.resource_group_id,
        )
    ]
    page, counts = paged_by_token(disks, request)
    return {
        **counts,
        "Disks": {"Disk": page},
    }


def _shown_interface(ecs: Ecs, instance: Instance) -> dict[str, Any]:
    return {
        "NetworkInterfaceId": instance.interface_id,
        "NetworkInterfaceName": "",
        "Description": "",
        "InstanceId": instance.id,
        "Type": "Primary",
        "Status": "InUse",
        "OwnerId": ecs.account.id,
        "VpcId": instance.vpc,
        "VSwitchId": instance.vswitch,
        "ZoneId": instance.zone,
        "PrivateIpAddress": instance.private_ip,
        "PrivateIpSets": {"PrivateIpSet": [{"PrivateIpAddress": instance.private_ip, "Primary": True}]},
        "Ipv6Sets": {"Ipv6Set": []},
        "SecurityGroupIds": {"SecurityGroupId": list(instance.security_groups)},
        "ResourceGroupId": instance.resource_group,
        "NetworkInterfaceTrafficMode": "Standard",
        "SourceDestCheck": False,
        "CreationTime": instance.created,
        "Tags": {"Tag": []},
    }


@ecs.action(DescribeNetworkInterfaces, on=lambda _: "eni/*")
def describe_network_interfaces(ecs: Ecs, request: DescribeNetworkInterfaces) -> Reply:
    """List network interfaces: each instance has its primary one, and there are no others."""
    interfaces = [
        one
        for instance in _there(ecs, request.region_id, request.instance_id)
        if not request.security_group_id or request.security_group_id in instance.security_groups
        for one in [_shown_interface(ecs, instance)]
        if (request.network_interface_id is None or one["NetworkInterfaceId"] in request.network_interface_id)
        and (request.private_ip_address is None or instance.private_ip in request.private_ip_address)
        and _matches(
            one,
            Type=request.type,
            Status=request.status,
            VSwitchId=request.v_switch_id,
            VpcId=request.vpc_id,
            ResourceGroupId=request.resource_group_id,
        )
    ]
    page, counts = paged_by_token(interfaces, request)
    return {
        **counts,
        "NetworkInterfaceSets": {"NetworkInterfaceSet": page},
    }


@ecs.action(DescribeInstanceAttribute, on=lambda r: ecs_targets.instance_targets(r, [r.instance_id]))
def describe_instance_attribute(ecs: Ecs, request: DescribeInstanceAttribute) -> Reply:
    """Show one instance."""
    instance = find(ecs, request.instance_id)
    return {**shared_view(instance), "IoOptimized": "optimized", "EnableJumboFrame": False}


@ecs.action(DescribeUserData, on=lambda r: ecs_targets.instance_targets(r, [r.instance_id]))
def describe_user_data(ecs: Ecs, request: DescribeUserData) -> Reply:
    """Show the user data of an instance. The fake keeps it; nothing runs it."""
    check_region(request.region_id)
    instance = find(ecs, request.instance_id)
    return {"RegionId": instance.region, "InstanceId": instance.id, "UserData": instance.user_data}


@ecs.action(
    DescribeInstanceMaintenanceAttributes,
    on=lambda r: ecs_targets.instance_targets(r, r.instance_id) if r.instance_id else "instance/*",
)
def describe_instance_maintenance_attributes(ecs: Ecs, request: DescribeInstanceMaintenanceAttributes) -> Reply:
    """List maintenance settings of instances: those of the fake restart by themselves, at any time."""
    found = _there(ecs, request.region_id, request.instance_id)
    page, counts = paged(found, request)
    rows: list[dict[str, Any]] = [
        {
            "InstanceId": one.id,
            "NotifyOnMaintenance": False,
            "MaintenanceWindows": {"MaintenanceWindow": []},
            "ActionOnMaintenance": {
                "Value": "AutoRecover",
                "DefaultValue": "AutoRecover",
                "SupportedValues": {"SupportedValue": ["Stop", "AutoRecover", "AutoRedeploy"]},
            },
        }
        for one in page
    ]
    return {
        **counts,
        "MaintenanceAttributes": {"MaintenanceAttribute": rows},
    }


@ecs.action(DescribeInstanceAttachmentAttributes, on=lambda r: ecs_targets.instance_targets(r, r.instance_ids))
def describe_instance_attachment_attributes(ecs: Ecs, request: DescribeInstanceAttachmentAttributes) -> Reply:
    """List private pools of instances: those of the fake use an open one where there is one."""
    found = _there(ecs, request.region_id, request.instance_ids)
    page, counts = paged(found, request)
    rows = [
        {"InstanceId": one.id, "PrivatePoolOptionsId": "", "PrivatePoolOptionsMatchCriteria": "Open"} for one in page
    ]
    return {
        **counts,
        "Instances": {"Instance": rows},
    }

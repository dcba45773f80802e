"""Instances: lists and descriptions."""

from __future__ import annotations

from collections.abc import Collection
from typing import Annotated, Any

from alicloud_fakes.core.paging import paged, paged_by_token
from alicloud_fakes.pipeline import tags
from alicloud_fakes.pipeline.declare import ActionRequest, Items
from alicloud_fakes.pipeline.registry import Reply
from alicloud_fakes.pipeline.targets import Target
from alicloud_fakes.services.ecs import ecs, ecs_targets
from alicloud_fakes.services.ecs.errors import fail
from alicloud_fakes.services.ecs.models import Ecs, Instance
from alicloud_fakes.services.ecs.parameters import (
    MaxResults,
    PageNumber,
    PageSize,
    Tags,
)
from alicloud_fakes.services.ecs.regions_and_zones import check_region


class DescribeInstances(ActionRequest):
    region_id: str
    instance_ids: Annotated[list[str], Items(100)] | None = None
    instance_name: str = ""
    instance_type: str = ""
    instance_type_family: str = ""
    instance_charge_type: str = ""
    instance_network_type: str = ""
    internet_charge_type: str = ""
    status: str = ""
    image_id: str = ""
    key_pair_name: str = ""
    private_ip_addresses: Annotated[list[str], Items(100)] | None = None
    public_ip_addresses: Annotated[list[str], Items(100)] | None = None
    inner_ip_addresses: Annotated[list[str], Items(100)] | None = None
    eip_addresses: Annotated[list[str], Items(100)] | None = None
    rdma_ip_addresses: Annotated[list[str], Items(100)] | None = None
    ipv6_address: Annotated[list[str], Items(100)] | None = None
    hpc_cluster_id: str = ""
    lock_reason: str = ""
    resource_group_id: str = ""
    security_group_id: str = ""
    vpc_id: str = ""
    v_switch_id: str = ""
    zone_id: str = ""
    tag: Tags | None = None
    dry_run: bool = False
    page_number: PageNumber = 1
    page_size: PageSize = 10
    max_results: MaxResults | None = None
    next_token: str = ""


# What instances of the fake never have: whoever asks for one of these gets none.
_NOBODY_HAS = (
    "inner_ip_addresses",
    "eip_addresses",
    "rdma_ip_addresses",
    "ipv6_address",
    "hpc_cluster_id",
    "lock_reason",
)


class DescribeInstanceStatus(ActionRequest):
    region_id: str
    zone_id: str = ""
    instance_id: Annotated[list[str], Items(100)] | None = None
    page_number: PageNumber = 1
    page_size: PageSize = 10


def shared_view(instance: Instance) -> dict[str, Any]:
    """The part of an instance that DescribeInstances and DescribeInstanceAttribute answer alike."""
    return {
        "InstanceId": instance.id,
        "InstanceName": instance.name,
        "HostName": instance.host_name,
        "Description": instance.description,
        "RegionId": instance.region,
        "ZoneId": instance.zone,
        "InstanceType": instance.type,
        "Cpu": instance.cpus,
        "Memory": instance.memory,
        "ImageId": instance.image,
        "Status": instance.status,
        "StoppedMode": instance.stopped_mode,
        "CreationTime": instance.created,
        "ExpiredTime": "2099-12-31T15:59Z",
        "InstanceChargeType": instance.charge_type,
        "InstanceNetworkType": "vpc",
        "InternetChargeType": instance.internet_charge_type,
        "InternetMaxBandwidthIn": instance.bandwidth_out,
        "InternetMaxBandwidthOut": instance.bandwidth_out,
        "VpcAttributes": {
            "VpcId": instance.vpc,
            "VSwitchId": instance.vswitch,
            "NatIpAddress": "",
            "PrivateIpAddress": {"IpAddress": [instance.private_ip]},
        },
        "InnerIpAddress": {"IpAddress": []},
        "PublicIpAddress": {"IpAddress": [instance.public_ip] if instance.public_ip else []},
        "EipAddress": {"AllocationId": "", "InternetChargeType": "", "IpAddress": ""},
        "OperationLocks": {"LockReason": []},
        "SecurityGroupIds": {"SecurityGroupId": list(instance.security_groups)},
    }


def shown(instance: Instance) -> dict[str, Any]:
    """An instance, as DescribeInstances answers it."""
    return {
        **shared_view(instance),
        "InstanceTypeFamily": instance.family,
        "OSType": "linux",
        "StartTime": instance.started,
        "IoOptimized": True,
        "DeletionProtection": instance.deletion_protection,
        "DeviceAvailable": True,
        "KeyPairName": instance.key_pair,
        "ResourceGroupId": instance.resource_group,
        "NetworkInterfaces": {
            "NetworkInterface": [
                {
                    "NetworkInterfaceId": instance.interface_id,
                    "PrimaryIpAddress": instance.private_ip,
                    "Type": "Primary",
                }
            ]
        },
        "Tags": tags.shown_tags(instance.tags),
    }


def _asked(request: DescribeInstances) -> str | Target | tuple[str | Target, ...]:
    if request.instance_ids:
        return ecs_targets.instance_targets(request, request.instance_ids)
    # unconfirmed.INSTANCE_TAGS_WITHOUT_IDS: what can be seen carries the tags, so a policy that demands them is kept.
    wanted = {tag.key: tag.value for tag in request.tag or ()}
    return ecs_targets.INSTANCE.listed(wanted, request.resource_group_id)


@ecs.action(DescribeInstances, on=_asked)
def describe_instances(ecs: Ecs, request: DescribeInstances) -> Reply:
    """List instances of a region."""
    check_region(request.region_id)
    if request.dry_run:
        raise fail("DryRunOperation")
    found = _matching(ecs, request)
    page, counts = paged_by_token(found, request)
    return {
        **counts,
        "Instances": {"Instance": [shown(instance) for instance in page]},
    }


def _matching(ecs: Ecs, request: DescribeInstances) -> Collection[Instance]:
    if any(getattr(request, name) for name in _NOBODY_HAS) or not _suits(request):
        return []
    there = ecs.in_region.get(request.region_id, {})
    found: Collection[Instance] = there.values()
    if request.instance_ids is not None:
        found = [there[name] for name in dict.fromkeys(request.instance_ids) if name in there]
    if request.security_group_id:
        members = ecs.in_group.get(request.security_group_id, {})
        found = [one for one in found if one.id in members] if request.instance_ids else members.values()
    wanted = {
        "name": request.instance_name,
        "type": request.instance_type,
        "family": request.instance_type_family,
        "charge_type": request.instance_charge_type,
        "status": request.status,
        "image": request.image_id,
        "key_pair": request.key_pair_name,
        "resource_group": request.resource_group_id,
        "vpc": request.vpc_id,
        "vswitch": request.v_switch_id,
        "zone": request.zone_id,
        "internet_charge_type": request.internet_charge_type,
    }
    for name, value in wanted.items():
        if value:
            found = [one for one in found if _equal(name, getattr(one, name), value)]
    for name, addresses in (("private_ip", request.private_ip_addresses), ("public_ip", request.public_ip_addresses)):
        if addresses:
            found = [one for one in found if getattr(one, name) in addresses]
    if request.tag:
        found = [one for one in found if tags.carries(one.tags, request.tag)]
    return found


def _suits(request: DescribeInstances) -> bool:
    """True if the instance asked for has the features that all instances of the fake have."""
    return request.instance_network_type in {"", "vpc"}


def _equal(field: str, value: str, wanted: str) -> bool:
    if field == "name" and "*" in wanted:
        # A star stands at the beginning, at the end, or both.
        middle = wanted.strip("*")
        return (
            middle in value
            if wanted.startswith("*") and wanted.endswith("*")
            else value.endswith(middle)
            if wanted.startswith("*")
            else value.startswith(middle)
        )
    return value == wanted


@ecs.action(
    DescribeInstanceStatus,
    on=lambda r: ecs_targets.instance_targets(r, r.instance_id) if r.instance_id else "instance/*",
)
def describe_instance_status(ecs: Ecs, request: DescribeInstanceStatus) -> Reply:
    """List the statuses of instances of a region."""
    check_region(request.region_id)
    there = ecs.in_region.get(request.region_id, {})
    ids = dict.fromkeys(request.instance_id) if request.instance_id is not None else there
    found = [there[name] for name in ids if name in there and request.zone_id in {"", there[name].zone}]
    page, counts = paged(found, request)
    return {
        **counts,
        "InstanceStatuses": {
            "InstanceStatus": [{"InstanceId": instance.id, "Status": instance.status} for instance in page]
        },
    }


def find(ecs: Ecs, instance_id: str) -> Instance:
    """An instance, or InvalidInstanceId.NotFound."""
    instance = ecs.instances.get(instance_id)
    if instance is None:
        raise fail("InvalidInstanceId.NotFound")
    return instance

"""Instances: start new ones."""

from __future__ import annotations

import base64
import binascii
from dataclasses import replace
from typing import Annotated, Any, ClassVar

from alicloud_fakes.core.errors import missing
from alicloud_fakes.pipeline.declare import ActionRequest, Items, Length, OneOf, Pattern, Range, Secret
from alicloud_fakes.pipeline.registry import Reply
from alicloud_fakes.pipeline.targets import Target
from alicloud_fakes.services.ecs import ecs, ecs_targets
from alicloud_fakes.services.ecs.errors import fail
from alicloud_fakes.services.ecs.instanceroles import check_role
from alicloud_fakes.services.ecs.models import DEFAULT_CATEGORY, DISK_CATEGORIES, Ecs, SystemDisk
from alicloud_fakes.services.ecs.parameters import TAG_RULES, Description, GroupId, ResourceName, Tags, structure
from alicloud_fakes.services.ecs.regions_and_zones import check_region
from alicloud_fakes.services.ecs.securitygroups import find_group

_DISK_SIZES = range(20, 32769)


class _New(ActionRequest):
    also_reads: ClassVar[tuple[str, ...]] = ("SystemDisk",)
    region_id: str
    image_id: Annotated[str, Length(128)] = ""
    instance_type: Annotated[str, Pattern(r"ecs\.[a-z0-9.-]{2,60}")] = ""
    instance_name: ResourceName | None = None
    host_name: Annotated[str, Length(64)] = ""
    description: Description = ""
    zone_id: Annotated[str, Length(64)] = ""
    security_group_id: GroupId | None = None
    v_switch_id: Annotated[str, Length(64)] = ""
    private_ip_address: Annotated[str, Length(15)] = ""
    instance_charge_type: Annotated[str, OneOf("PostPaid", "PrePaid")] = "PostPaid"
    key_pair_name: Annotated[str, Length(128)] = ""
    password: Annotated[str, Length(30), Secret()] | None = None
    resource_group_id: Annotated[str, Length(64)] = ""
    deletion_protection: bool = False
    ram_role_name: Annotated[str, Length(64, 1)] | None = None
    tag: Tags | None = None
    internet_charge_type: Annotated[str, OneOf("PayByTraffic", "PayByBandwidth")] = "PayByTraffic"
    internet_max_bandwidth_out: Annotated[int, Range(0, 100)] = 0
    user_data: Annotated[str, Length(32768)] = ""
    client_token: Annotated[str, Length(64)] = ""
    dry_run: bool = False


class RunInstances(_New):
    security_group_ids: Annotated[list[str], Items(16)] | None = None
    amount: Annotated[int, Range(1, 100)] = 1
    min_amount: Annotated[int, Range(1, 100)] | None = None
    unique_suffix: bool = False


class CreateInstance(_New):
    pass


def _groups(request: _New) -> list[str]:
    several = request.security_group_ids if isinstance(request, RunInstances) else None
    return [*((request.security_group_id,) if request.security_group_id else ()), *(several or ())]


def _needed(request: _New) -> tuple[str | Target, ...]:
    needed: list[str | Target] = [ecs_targets.INSTANCE.new(request.tag, request.resource_group_id)]
    if request.image_id:
        needed.append(f"image/{request.image_id}")
    if request.key_pair_name:
        needed.append(f"keypair/{request.key_pair_name}")
    if request.v_switch_id:
        account = request.call.signed_by.account.id
        needed.append(f"acs:vpc:{request.region_id}:{account}:vswitch/{request.v_switch_id}")
    return (*needed, *ecs_targets.security_group_targets(request, _groups(request)))


@ecs.action(RunInstances, on=_needed)
def run_instances(ecs: Ecs, request: RunInstances) -> Reply:
    """Start instances. They run at once. A client token that was used already gives what it gave then."""
    if request.security_group_id and request.security_group_ids:
        raise fail("InvalidParameter.Conflict")
    fields = _checked(ecs, request)
    several = request.unique_suffix and request.amount > 1
    suffixes = [f"{number:03}" if several else "" for number in range(1, request.amount + 1)]
    return {"InstanceIdSets": {"InstanceIdSet": _started(ecs, request, fields, suffixes)}}


@ecs.action(CreateInstance, on=_needed)
def create_instance(ecs: Ecs, request: CreateInstance) -> Reply:
    """Create one instance. It is stopped until it is started."""
    (created,) = _started(ecs, request, {**_checked(ecs, request), "status": "Stopped", "started": ""}, [""])
    return {"InstanceId": created}


def _checked(ecs: Ecs, request: _New) -> dict[str, Any]:
    """Fields of the new instances, after everything that they name has been found.

    Raises:
        ApiError: something is missing, or not there.
    """
    check_region(request.region_id)
    if not request.instance_type:
        raise missing("InstanceType")
    if not request.image_id:
        raise missing("ImageId")
    groups = _groups(request)
    for group in groups:
        find_group(ecs, request.region_id, group)
    role = check_role(ecs, request, request.ram_role_name).name if request.ram_role_name else ""
    fields = {
        "instance_type": request.instance_type,
        "image": request.image_id,
        "tags": TAG_RULES.added({}, request.tag),
        "description": request.description,
        "charge_type": request.instance_charge_type,
        "deletion_protection": request.deletion_protection,
        "vswitch": request.v_switch_id,
        "key_pair": request.key_pair_name,
        "resource_group": request.resource_group_id,
        "security_groups": groups,
        "ram_role": role,
        "internet_charge_type": request.internet_charge_type,
        "bandwidth_out": request.internet_max_bandwidth_out,
        "user_data": _user_data(request.user_data),
        "system_disk": _system_disk(request),
        **_placed(ecs, request),
    }
    if request.dry_run:
        raise fail("DryRunOperation")
    return fields


def _placed(ecs: Ecs, request: _New) -> dict[str, str]:
    """Zone, network and address, as far as they are known: a vSwitch has a zone and a network."""
    switch = ecs.account.state("vpc").switches.get(request.v_switch_id)
    given = {
        "zone": request.zone_id or (switch.zone if switch else ""),
        "vpc": switch.vpc if switch else "",
        "private_ip": request.private_ip_address,
    }
    return {name: value for name, value in given.items() if value}


def _user_data(text: str) -> str:
    try:
        base64.b64decode(text, validate=True)
    except binascii.Error:
        raise fail("InvalidUserData.Base64FormatInvalid") from None
    return text


def _system_disk(request: _New) -> SystemDisk:
    given = structure(request.call.parameters, "SystemDisk")
    category, size = given.get("Category", "") or DEFAULT_CATEGORY, given.get("Size", "") or "40"
    if category not in DISK_CATEGORIES:
        raise fail("InvalidSystemDiskCategory.ValueNotSupported")
    if not size.isascii() or not size.isdigit() or len(size) > 6 or int(size) not in _DISK_SIZES:
        raise fail("InvalidSystemDiskSize.ValueNotSupported")
    return SystemDisk(category, int(size), given.get("DiskName", ""), given.get("Description", ""))


def _started(ecs: Ecs, request: _New, fields: dict[str, Any], suffixes: list[str]) -> list[str]:
    if request.client_token and request.client_token in ecs.tokens:
        return ecs.tokens[request.client_token]
    started = [_start(ecs, request, fields, suffix) for suffix in suffixes]
    if request.client_token:
        ecs.tokens[request.client_token] = started
    return started


def _start(ecs: Ecs, request: _New, fields: dict[str, Any], suffix: str) -> str:
    own: dict[str, Any] = {
        **fields,
        "tags": dict(fields["tags"]),
        "security_groups": list(fields["security_groups"]),
        "system_disk": replace(fields["system_disk"]),
    }
    if request.host_name:
        own["host_name"] = request.host_name + suffix
    name = request.instance_name + suffix if request.instance_name else ""
    instance = ecs.run(name, region=request.region_id, **own)
    if not request.instance_name:
        instance.name = instance.id
    return instance.id

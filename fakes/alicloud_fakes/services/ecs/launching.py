"""Instances: start new ones."""

from __future__ import annotations

from typing import Annotated, Any

from alicloud_fakes.core.errors import missing
from alicloud_fakes.pipeline.declare import Items, Length, OneOf, Pattern, Range, Request, Secret
from alicloud_fakes.pipeline.registry import Reply
from alicloud_fakes.pipeline.targets import Target
from alicloud_fakes.services.ecs import access, ecs
from alicloud_fakes.services.ecs.errors import fail
from alicloud_fakes.services.ecs.instanceroles import check_role
from alicloud_fakes.services.ecs.models import Ecs
from alicloud_fakes.services.ecs.parameters import TAG_RULES, Description, GroupId, ResourceName, Tags
from alicloud_fakes.services.ecs.regions import check_region
from alicloud_fakes.services.ecs.securitygroups import find_group


class RunInstances(Request):
    region_id: str
    image_id: Annotated[str, Length(128)] = ""
    instance_type: Annotated[str, Pattern(r"ecs\.[a-z0-9.-]{2,60}")] = ""
    instance_name: ResourceName | None = None
    host_name: Annotated[str, Length(64)] = ""
    description: Description = ""
    zone_id: Annotated[str, Length(64)] = ""
    security_group_id: GroupId | None = None
    security_group_ids: Annotated[list[str], Items(16)] | None = None
    v_switch_id: Annotated[str, Length(64)] = ""
    private_ip_address: Annotated[str, Length(15)] = ""
    instance_charge_type: Annotated[str, OneOf("PostPaid", "PrePaid")] = "PostPaid"
    key_pair_name: Annotated[str, Length(128)] = ""
    password: Annotated[str, Length(30), Secret()] | None = None
    resource_group_id: Annotated[str, Length(64)] = ""
    deletion_protection: bool = False
    ram_role_name: Annotated[str, Length(64, 1)] | None = None
    tag: Tags | None = None
    amount: Annotated[int, Range(1, 100)] = 1
    min_amount: Annotated[int, Range(1, 100)] | None = None
    unique_suffix: bool = False
    client_token: Annotated[str, Length(64)] = ""
    dry_run: bool = False


def _groups(request: RunInstances) -> list[str]:
    return [*((request.security_group_id,) if request.security_group_id else ()), *(request.security_group_ids or ())]


def _needed(request: RunInstances) -> tuple[str | Target, ...]:
    needed: list[str | Target] = [access.INSTANCE.new(request.tag, request.resource_group_id)]
    if request.image_id:
        needed.append(f"image/{request.image_id}")
    if request.key_pair_name:
        needed.append(f"keypair/{request.key_pair_name}")
    if request.v_switch_id:
        account = request.call.signed_by.account.id
        needed.append(f"acs:vpc:{request.region_id}:{account}:vswitch/{request.v_switch_id}")
    return (*needed, *access.security_groups(request, _groups(request)))


@ecs.action(RunInstances, on=_needed)
def run_instances(ecs: Ecs, request: RunInstances) -> Reply:
    """Start instances. They run at once. A client token that was used already gives what it gave then."""
    check_region(request.region_id)
    if not request.instance_type:
        raise missing("InstanceType")
    if not request.image_id:
        raise missing("ImageId")
    if request.security_group_id and request.security_group_ids:
        raise fail("InvalidParameter.Conflict")
    groups = _groups(request)
    for group in groups:
        find_group(ecs, request.region_id, group)
    role = check_role(ecs, request, request.ram_role_name).name if request.ram_role_name else ""
    new_tags = TAG_RULES.added({}, request.tag)
    if request.dry_run:
        raise fail("DryRunOperation")
    if request.client_token in ecs.tokens:
        return _started(ecs.tokens[request.client_token])
    started = [_start(ecs, request, number, groups, new_tags, role) for number in range(1, request.amount + 1)]
    if request.client_token:
        ecs.tokens[request.client_token] = started
    return _started(started)


def _start(  # what was checked before, each
    ecs: Ecs, request: RunInstances, number: int, groups: list[str], tags: dict[str, str], role: str
) -> str:
    suffix = f"{number:03}" if request.unique_suffix and request.amount > 1 else ""
    more: dict[str, Any] = {
        name: value
        for name, value in {
            "zone": request.zone_id,
            "private_ip": request.private_ip_address,
            "host_name": request.host_name + suffix if request.host_name else "",
        }.items()
        if value
    }
    instance = ecs.run(
        (request.instance_name or "") + suffix if request.instance_name else "",
        region=request.region_id,
        instance_type=request.instance_type,
        image=request.image_id,
        tags=tags,
        description=request.description,
        charge_type=request.instance_charge_type,
        deletion_protection=request.deletion_protection,
        vswitch=request.v_switch_id,
        key_pair=request.key_pair_name,
        resource_group=request.resource_group_id,
        security_groups=list(groups),
        ram_role=role,
        **more,
    )
    if not request.instance_name:
        instance.name = instance.id
    return instance.id


def _started(ids: list[str]) -> Reply:
    return {"InstanceIdSets": {"InstanceIdSet": ids}}

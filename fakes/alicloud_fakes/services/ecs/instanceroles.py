"""Roles of instances: what runs on an instance may be the role that it has. Handing one over takes ``ram:PassRole``.

Source: Alibaba Cloud, ECS, AttachInstanceRamRole, DetachInstanceRamRole, DescribeInstanceRamRole.
"""

from __future__ import annotations

from typing import Annotated, Any

from alicloud_fakes.core.paging import page_of
from alicloud_fakes.identity.models import Role, document_as_ram_reads_it
from alicloud_fakes.pipeline.authorization import demand_also
from alicloud_fakes.pipeline.declare import ActionRequest, Length
from alicloud_fakes.pipeline.registry import Reply
from alicloud_fakes.services.ecs import ecs, ecs_targets
from alicloud_fakes.services.ecs.errors import fail
from alicloud_fakes.services.ecs.instances import find
from alicloud_fakes.services.ecs.models import Ecs, Instance
from alicloud_fakes.services.ecs.parameters import InstanceIds, PageNumber, PageSize
from alicloud_fakes.services.ecs.regions_and_zones import check_region
from ram_policies import arn
from ram_policies.document import DocumentKind
from ram_policies.names import NAME_RULES, NameKind

SERVICE = "ecs.aliyuncs.com"

RoleName = Annotated[str, Length(NAME_RULES[NameKind.ROLE].maximum, 1)]


class AttachInstanceRamRole(ActionRequest):
    region_id: str
    instance_ids: InstanceIds
    ram_role_name: RoleName


class DetachInstanceRamRole(ActionRequest):
    region_id: str
    instance_ids: InstanceIds
    ram_role_name: RoleName | None = None


class DescribeInstanceRamRole(ActionRequest):
    region_id: str
    instance_ids: InstanceIds | None = None
    ram_role_name: RoleName | None = None
    page_number: PageNumber = 1
    page_size: PageSize = 10


def check_role(ecs: Ecs, request: ActionRequest, name: str) -> Role:
    """The role of that name, when the caller may hand it over and ECS may assume it.

    Raises:
        ApiError: InvalidRamRole.NotFound or InvalidRamRole.NotEcsRole.
        DeniedError: the caller lacks ram:PassRole.
    """
    role = ecs.account.ram.roles.get(name)
    if role is None:
        raise fail("InvalidRamRole.NotFound")
    demand_also(request.call, "ram:PassRole", arn.role_arn(ecs.account.id, role.name))
    document = document_as_ram_reads_it(role.trust_text, DocumentKind.TRUST)
    services = [name for one in document.statements if one.principals for name in one.principals.service]
    if SERVICE not in services:
        raise fail("InvalidRamRole.NotEcsRole")
    return role


def _result(instance: Instance, problem: str = "") -> dict[str, Any]:
    if problem:
        return {"Code": problem, "Message": fail(problem).message, "InstanceId": instance.id, "Success": False}
    return {"Code": "200", "Message": "success", "InstanceId": instance.id, "Success": True}


def _answer(name: str, role: str, results: list[dict[str, Any]]) -> Reply:
    return {
        "RamRoleName": role,
        "TotalCount": len(results),
        "FailCount": sum(not one["Success"] for one in results),
        f"{name}Results": {f"{name}Result": results},
    }


@ecs.action(AttachInstanceRamRole, on=lambda r: ecs_targets.instance_targets(r, r.instance_ids))
def attach_instance_ram_role(ecs: Ecs, request: AttachInstanceRamRole) -> Reply:
    """Give instances a role; one that has another role keeps it, and is reported."""
    check_region(request.region_id)
    role = check_role(ecs, request, request.ram_role_name)
    instances = [find(ecs, one) for one in dict.fromkeys(request.instance_ids)]
    results: list[dict[str, Any]] = []
    for instance in instances:
        if instance.ram_role not in {"", role.name}:
            results.append(_result(instance, "InvalidInstance.RamRoleExist"))
            continue
        instance.ram_role = role.name
        results.append(_result(instance))
    return _answer("AttachInstanceRamRole", role.name, results)


@ecs.action(DetachInstanceRamRole, on=lambda r: ecs_targets.instance_targets(r, r.instance_ids))
def detach_instance_ram_role(ecs: Ecs, request: DetachInstanceRamRole) -> Reply:
    """Take the role from instances; where one is named, only that one."""
    check_region(request.region_id)
    instances = [find(ecs, one) for one in dict.fromkeys(request.instance_ids)]
    results: list[dict[str, Any]] = []
    for instance in instances:
        had = instance.ram_role
        if request.ram_role_name is None or had.lower() == request.ram_role_name.lower():
            instance.ram_role = ""
        held = [{"InstanceId": instance.id, "RamRoleName": had}] if had else []
        results.append({**_result(instance), "InstanceRamRoleSets": {"InstanceRamRoleSet": held}})
    return _answer("DetachInstanceRamRole", request.ram_role_name or "", results)


@ecs.action(
    DescribeInstanceRamRole,
    on=lambda r: ecs_targets.instance_targets(r, r.instance_ids) if r.instance_ids else "instance/*",
)
def describe_instance_ram_role(ecs: Ecs, request: DescribeInstanceRamRole) -> Reply:
    """List instances with their roles; instances that are named are listed without one, too."""
    check_region(request.region_id)
    there = ecs.in_region.get(request.region_id, {})
    ids = there if request.instance_ids is None else [one for one in request.instance_ids if one in there]
    found = [there[one] for one in ids if request.instance_ids is not None or there[one].ram_role]
    if request.ram_role_name:
        found = [one for one in found if one.ram_role.lower() == request.ram_role_name.lower()]
    page, _, _ = page_of(found, request.page_number, request.page_size, "", None)
    shown = [{"InstanceId": one.id, "RamRoleName": one.ram_role} for one in page]
    return {
        "RegionId": request.region_id,
        "TotalCount": len(found),
        "InstanceRamRoleSets": {"InstanceRamRoleSet": shown},
    }

"""Security groups."""

from __future__ import annotations

from typing import Annotated, Any

from alicloud_fakes.core.paging import paged_by_token
from alicloud_fakes.pipeline import tags
from alicloud_fakes.pipeline.declare import ActionRequest, Items, Length, OneOf
from alicloud_fakes.pipeline.registry import Reply
from alicloud_fakes.pipeline.targets import Target, Targets
from alicloud_fakes.services.ecs import ecs, ecs_targets
from alicloud_fakes.services.ecs.errors import fail
from alicloud_fakes.services.ecs.models import Ecs, SecurityGroup
from alicloud_fakes.services.ecs.parameters import (
    TAG_RULES,
    Description,
    GroupId,
    MaxResults,
    PageNumber,
    PageSize,
    ResourceName,
    Tags,
)
from alicloud_fakes.services.ecs.regions_and_zones import check_region


class CreateSecurityGroup(ActionRequest):
    region_id: str
    security_group_name: ResourceName = ""
    description: Description = ""
    vpc_id: Annotated[str, Length(64)] = ""
    security_group_type: Annotated[str, OneOf("normal", "enterprise")] = "normal"
    resource_group_id: Annotated[str, Length(64)] = ""
    tag: Tags | None = None
    client_token: Annotated[str, Length(64)] = ""


class DescribeSecurityGroups(ActionRequest):
    region_id: str
    security_group_id: GroupId | None = None
    security_group_ids: Annotated[list[str], Items(100)] | None = None
    security_group_name: str = ""
    security_group_type: str = ""
    vpc_id: str = ""
    resource_group_id: str = ""
    tag: Tags | None = None
    dry_run: bool = False
    page_number: PageNumber = 1
    page_size: PageSize = 10
    max_results: MaxResults | None = None
    next_token: str = ""


class DeleteSecurityGroup(ActionRequest):
    region_id: str
    security_group_id: GroupId


def find_group(ecs: Ecs, region: str, group_id: str) -> SecurityGroup:
    """A security group of a region, or InvalidSecurityGroupId.NotFound."""
    group = ecs.security_groups.get(group_id)
    if group is None or group.region != region:
        raise fail("InvalidSecurityGroupId.NotFound")
    return group


def _created(request: CreateSecurityGroup) -> Target:
    return ecs_targets.SECURITY_GROUP.new(request.tag, request.resource_group_id)


@ecs.action(CreateSecurityGroup, on=_created)
def create_security_group(ecs: Ecs, request: CreateSecurityGroup) -> Reply:
    """Create a security group."""
    check_region(request.region_id)
    known = ecs.tokens.get(request.client_token)
    if known:
        return {"SecurityGroupId": known[0]}
    group = SecurityGroup(
        ecs.new_id("sg"),
        request.security_group_name,
        request.region_id,
        ecs.account.cloud.clock.stamp(),
        request.description,
        request.vpc_id,
        request.security_group_type,
        request.resource_group_id,
        TAG_RULES.added({}, request.tag),
    )
    ecs.security_groups[group.id] = group
    if request.client_token:
        ecs.tokens[request.client_token] = [group.id]
    return {"SecurityGroupId": group.id}


def _asked(request: DescribeSecurityGroups) -> Targets:
    ids = [*((request.security_group_id,) if request.security_group_id else ()), *(request.security_group_ids or ())]
    if ids:
        return ecs_targets.security_group_targets(request, ids)
    wanted = {tag.key: tag.value for tag in request.tag or ()}
    return ecs_targets.SECURITY_GROUP.listed(wanted, request.resource_group_id)


def _shown(ecs: Ecs, group: SecurityGroup) -> dict[str, Any]:
    return {
        "SecurityGroupId": group.id,
        "SecurityGroupName": group.name,
        "Description": group.description,
        "SecurityGroupType": group.type,
        "VpcId": group.vpc,
        "CreationTime": group.created,
        "ResourceGroupId": group.resource_group,
        "RuleCount": len(group.rules),
        "EcsCount": len(ecs.in_group.get(group.id, ())),
        "ServiceManaged": False,
        "Tags": tags.shown_tags(group.tags),
    }


@ecs.action(DescribeSecurityGroups, on=_asked)
def describe_security_groups(ecs: Ecs, request: DescribeSecurityGroups) -> Reply:
    """List security groups of a region."""
    check_region(request.region_id)
    if request.dry_run:
        raise fail("DryRunOperation")
    ids = {*((request.security_group_id,) if request.security_group_id else ()), *(request.security_group_ids or ())}
    found = [
        group
        for group in ([ecs.security_groups[one] for one in ids if one in ecs.security_groups] if ids else _all(ecs))
        if group.region == request.region_id
        and request.security_group_name in {"", group.name}
        and request.security_group_type in {"", group.type}
        and request.vpc_id in {"", group.vpc}
        and request.resource_group_id in {"", group.resource_group}
        and tags.carries(group.tags, request.tag)
    ]
    page, counts = paged_by_token(found, request)
    return {
        "RegionId": request.region_id,
        **counts,
        "SecurityGroups": {"SecurityGroup": [_shown(ecs, group) for group in page]},
    }


def _all(ecs: Ecs) -> list[SecurityGroup]:
    return list(ecs.security_groups.values())


@ecs.action(DeleteSecurityGroup, on=lambda r: ecs_targets.security_group_targets(r, [r.security_group_id]))
def delete_security_group(ecs: Ecs, request: DeleteSecurityGroup) -> Reply:
    """Delete a security group that no instance is in and no rule of another group names."""
    group = find_group(ecs, request.region_id, request.security_group_id)
    named = any(
        rule.get("SourceGroupId") == group.id or rule.get("DestGroupId") == group.id
        for other in ecs.security_groups.values()
        if other is not group
        for rule in other.rules
    )
    if ecs.in_group.get(group.id) or named:
        raise fail("DependencyViolation")
    del ecs.security_groups[group.id]
    return None

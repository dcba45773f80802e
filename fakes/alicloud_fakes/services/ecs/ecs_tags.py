"""Tags of instances and security groups."""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Any

from alicloud_fakes.core.paging import paged
from alicloud_fakes.pipeline import tags
from alicloud_fakes.pipeline.declare import ActionRequest, Items, Wire
from alicloud_fakes.pipeline.registry import Reply
from alicloud_fakes.pipeline.targets import Targets, keys_of_request_tags
from alicloud_fakes.services.ecs import ecs, ecs_targets
from alicloud_fakes.services.ecs.errors import fail
from alicloud_fakes.services.ecs.models import Ecs, Instance, SecurityGroup
from alicloud_fakes.services.ecs.parameters import TAG_RULES, PageNumber, PageSize, Tags
from alicloud_fakes.services.ecs.regions_and_zones import check_region

_PAGE = 50
_INSTANCE, _GROUP = "instance", "securitygroup"
Ids = Annotated[list[str], Items(50)]


class TagResources(ActionRequest):
    region_id: str
    resource_type: str
    resource_id: Ids
    tag: Tags


class UntagResources(ActionRequest):
    region_id: str
    resource_type: str
    resource_id: Ids
    tag_key: Annotated[list[str], Items(20), Wire("TagKey")] | None = None
    all: bool = False


class ListTagResources(ActionRequest):
    region_id: str
    resource_type: str
    resource_id: Ids | None = None
    tag: Tags | None = None
    next_token: str = ""


class DescribeTags(ActionRequest):
    region_id: str
    resource_type: str = ""
    resource_id: str = ""
    tag: Tags | None = None
    page_number: PageNumber = 1
    page_size: PageSize = 50


def _resources(request: TagResources | UntagResources | ListTagResources) -> Targets:
    ids = request.resource_id
    kind = request.resource_type.lower()
    if not ids or kind not in {_INSTANCE, _GROUP}:
        return f"{kind}/*"
    return (
        ecs_targets.instance_targets(request, ids)
        if kind == _INSTANCE
        else ecs_targets.security_group_targets(request, ids)
    )


def _index(ecs: Ecs, resource_type: str) -> dict[str, Instance] | dict[str, SecurityGroup]:
    kind = resource_type.lower()
    if kind == _INSTANCE:
        return ecs.instances
    if kind == _GROUP:
        return ecs.security_groups
    raise fail("InvalidResourceType.NotFound")


def _found(ecs: Ecs, request: TagResources | UntagResources) -> list[Instance | SecurityGroup]:
    check_region(request.region_id)
    index = _index(ecs, request.resource_type)
    found = [index.get(one) for one in dict.fromkeys(request.resource_id)]
    there = [one for one in found if one is not None and one.region == request.region_id]
    if len(there) < len(found):
        raise fail("InvalidResourceId.NotFound")
    return there


@ecs.action(TagResources, on=_resources, context=lambda r: keys_of_request_tags(r.tag))
def tag_resources(ecs: Ecs, request: TagResources) -> Reply:
    """Add tags, or overwrite them, on all of the resources or on none."""
    TAG_RULES.add(_found(ecs, request), request.tag)
    return None


@ecs.action(UntagResources, on=_resources)
def untag_resources(ecs: Ecs, request: UntagResources) -> Reply:
    """Remove tags, some or all. Keys win over All."""
    tags.check_keys(request.tag_key, request.all)
    tags.remove_tags(_found(ecs, request), request.tag_key)
    return None


@ecs.action(ListTagResources, on=_resources)
def list_tag_resources(ecs: Ecs, request: ListTagResources) -> Reply:
    """List tags, of some resources or of all that carry some tags."""
    check_region(request.region_id)
    index = _index(ecs, request.resource_type)
    some = [index.get(one) for one in request.resource_id] if request.resource_id is not None else index.values()
    there = [(one.id, one) for one in some if one is not None and one.region == request.region_id]
    page = tags.tag_page(there, request.tag, request.next_token, _PAGE)
    return {"NextToken": page.following, "TagResources": {"TagResource": page.shown(request.resource_type.lower())}}


@ecs.action(DescribeTags, on=lambda r: f"{r.resource_type.lower() or '*'}/{r.resource_id or '*'}")
def describe_tags(ecs: Ecs, request: DescribeTags) -> Reply:
    """List tags with how many resources of each kind carry them."""
    check_region(request.region_id)
    kinds = [request.resource_type.lower()] if request.resource_type else [_INSTANCE, _GROUP]
    counts: dict[tuple[str, str], Counter[str]] = {}
    for kind in kinds:
        for one in _index(ecs, kind).values():
            if one.region != request.region_id or request.resource_id not in {"", one.id}:
                continue
            for pair in one.tags.items():
                if tags.carries(dict([pair]), request.tag):
                    counts.setdefault(pair, Counter())[kind] += 1
    found: list[dict[str, Any]] = [
        {
            "TagKey": key,
            "TagValue": value,
            "ResourceTypeCount": {"Instance": count[_INSTANCE], "Securitygroup": count[_GROUP]},
        }
        for (key, value), count in sorted(counts.items())
    ]
    page, fields = paged(found, request)
    return {**fields, "Tags": {"Tag": page}}

"""Tags of resource groups.

Source: Alibaba Cloud, Resource Management, TagResources, UntagResources, ListTagResources.
"""

from __future__ import annotations

from typing import Annotated

from alicloud_fakes.core.errors import missing
from alicloud_fakes.pipeline import tags
from alicloud_fakes.pipeline.declare import ActionRequest, Clamp, Items, Pattern, Wire
from alicloud_fakes.pipeline.registry import Reply
from alicloud_fakes.services.ram.ram_tags import TAG_RULES
from alicloud_fakes.services.resourcemanager import resourcemanager
from alicloud_fakes.services.resourcemanager.groups import Tags, find_group
from alicloud_fakes.services.resourcemanager.models import ResourceGroup, ResourceManager

Ids = Annotated[list[str], Items(50)]
# Of the kinds that have tags, the fake has resource groups.
TaggedType = Annotated[str, Pattern(r"(?i:resourcegroup)")]


class TagResources(ActionRequest):
    resource_id: Ids
    tag: Tags
    resource_type: TaggedType = "ResourceGroup"


class UntagResources(ActionRequest):
    resource_id: Ids
    resource_type: TaggedType = "ResourceGroup"
    tag_key: Annotated[list[str], Items(20), Wire("TagKey")] | None = None
    all: bool = False


class ListTagResources(ActionRequest):
    resource_type: TaggedType = "ResourceGroup"
    resource_id: Ids | None = None
    tag: Tags | None = None
    next_token: str = ""
    max_results: Annotated[int, Clamp(1, 100)] = 20


def _targets(request: TagResources | UntagResources | ListTagResources) -> tuple[str, ...]:
    return tuple(f"resourcegroup/{one}" for one in request.resource_id or ["*"])


def _named(state: ResourceManager, request: TagResources | UntagResources) -> list[ResourceGroup]:
    return [find_group(state, one) for one in dict.fromkeys(request.resource_id)]


@resourcemanager.action(TagResources, on=_targets)
def tag_resources(state: ResourceManager, request: TagResources) -> Reply:
    """Add tags, or overwrite them, on all of the groups or on none."""
    TAG_RULES.add(_named(state, request), request.tag)
    return None


@resourcemanager.action(UntagResources, on=_targets)
def untag_resources(state: ResourceManager, request: UntagResources) -> Reply:
    """Remove tags, some or all."""
    if not request.tag_key and not request.all:
        raise missing("TagKey")
    tags.remove_tags(_named(state, request), request.tag_key)
    return None


@resourcemanager.action(ListTagResources, on=_targets)
def list_tag_resources(state: ResourceManager, request: ListTagResources) -> Reply:
    """List tags, of some groups or of all that carry some tags."""
    known = state.all_groups()
    ids = dict.fromkeys(request.resource_id) if request.resource_id is not None else known
    there = [(one, known[one]) for one in ids if one in known]
    page = tags.tag_page(there, request.tag, request.next_token, request.max_results)
    rows = [
        {"ResourceType": "ResourceGroup", "ResourceId": one, "TagKey": key, "TagValue": value}
        for one, key, value in page.rows
    ]
    # The provider asks on until there is no token, an empty one included.
    following = {"NextToken": page.following} if page.following else {}
    return {**following, "TagResources": rows}

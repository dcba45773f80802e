"""Tagging roles and policies."""

from __future__ import annotations

from typing import Annotated, Any

from alicloud_fakes.core.errors import missing
from alicloud_fakes.core.paging import make_marker, open_marker
from alicloud_fakes.identity.models import Policy, Ram, Role
from alicloud_fakes.pipeline.declare import Clamp, Items, OneOf, Request, Wire
from alicloud_fakes.pipeline.registry import Reply
from alicloud_fakes.services.ram import ram
from alicloud_fakes.services.ram.lookup import policy_of, role_of
from alicloud_fakes.services.ram.parameters import Tags, role_resource
from alicloud_fakes.services.ram.tags import carries, new_tags

_MOST_NAMES = 50

ResourceType = Annotated[str, OneOf("role", "policy")]
Names = Annotated[list[str], Items(_MOST_NAMES), Wire("ResourceNames", also=("ResourceName",))]


class TagResources(Request):
    resource_type: ResourceType
    resource_names: Names
    tag: Tags


class UntagResources(Request):
    resource_type: ResourceType
    resource_names: Names
    tag_keys: Annotated[list[str], Items(20), Wire("TagKeys", also=("TagKey",))] | None = None
    all: bool = False


class ListTagResources(Request):
    resource_type: ResourceType
    resource_names: Names | None = None
    tag: Tags | None = None
    next_token: str = ""
    page_size: Annotated[int, Clamp(1, 100)] = 20


def _resources(request: TagResources | UntagResources | ListTagResources) -> tuple[str, ...]:
    names = request.resource_names or ["*"]
    if request.resource_type == "role":
        return tuple(role_resource(name) for name in names)
    return tuple(f"policy/{name}" for name in names)


def _named(ram: Ram, request: TagResources | UntagResources) -> list[Role | Policy]:
    if request.resource_type == "role":
        return [role_of(ram, name) for name in request.resource_names]
    return [policy_of(ram, "Custom", name) for name in request.resource_names]


@ram.action(TagResources, on=_resources)
def tag_resources(ram: Ram, request: TagResources) -> Reply:
    """Add tags, or overwrite them, on all of the resources or on none."""
    changed = [(resource, new_tags(resource.tags, request.tag)) for resource in _named(ram, request)]
    for resource, tags in changed:
        resource.tags = tags
    return None


@ram.action(UntagResources, on=_resources)
def untag_resources(ram: Ram, request: UntagResources) -> Reply:
    """Remove tags, some or all. Keys win over All, which clients send as false beside them."""
    if not request.tag_keys and not request.all:
        raise missing("TagKeys")
    for resource in _named(ram, request):
        for key in request.tag_keys or list(resource.tags):
            resource.tags.pop(key, None)
    return None


@ram.action(ListTagResources, on=_resources)
def list_tag_resources(ram: Ram, request: ListTagResources) -> Reply:
    """List tags, of some resources or of all that carry some tags."""
    wanted = request.tag or []
    index: Any = ram.roles if request.resource_type == "role" else ram.policies
    if request.resource_names is None:
        resources = list(index)
    else:
        unique = sorted({name.lower() for name in request.resource_names})
        resources = [resource for name in unique if (resource := index.get(name)) is not None]
    after = open_marker(request.next_token, "NextToken") if request.next_token else ""
    rows = [
        (f"{resource.name.lower()}\0{key}", resource.name, key, value)
        for resource in resources
        if carries(resource.tags, wanted)
        for key, value in sorted(resource.tags.items())
    ]
    rows = [row for row in rows if row[0] > after]
    page = rows[: request.page_size]
    reply: dict[str, Any] = {
        "TagResources": [
            {"ResourceType": request.resource_type, "ResourceName": name, "TagKey": key, "TagValue": value}
            for _, name, key, value in page
        ]
    }
    if len(rows) > len(page):
        reply["NextToken"] = make_marker(page[-1][0])
    return reply

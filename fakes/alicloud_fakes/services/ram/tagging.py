"""Tagging roles and policies."""

from __future__ import annotations

from typing import Annotated, Any

from alicloud_fakes.identity.models import Policy, Ram, Role
from alicloud_fakes.pipeline import tags
from alicloud_fakes.pipeline.declare import ActionRequest, Clamp, Items, OneOf, Wire
from alicloud_fakes.pipeline.registry import Reply
from alicloud_fakes.services.ram import ram
from alicloud_fakes.services.ram.lookup import policy_of, role_of
from alicloud_fakes.services.ram.parameters import Tags, role_target
from alicloud_fakes.services.ram.ram_tags import TAG_RULES

_MOST_NAMES = 50

TaggedType = Annotated[str, OneOf("role", "policy")]
Names = Annotated[list[str], Items(_MOST_NAMES), Wire("ResourceNames", also=("ResourceName",))]


class TagResources(ActionRequest):
    resource_type: TaggedType
    resource_names: Names
    tag: Tags


class UntagResources(ActionRequest):
    resource_type: TaggedType
    resource_names: Names
    tag_keys: Annotated[list[str], Items(20), Wire("TagKeys", also=("TagKey",))] | None = None
    all: bool = False


class ListTagResources(ActionRequest):
    resource_type: TaggedType
    resource_names: Names | None = None
    tag: Tags | None = None
    next_token: str = ""
    page_size: Annotated[int, Clamp(1, 100)] = 20


def _resources(request: TagResources | UntagResources | ListTagResources) -> tuple[str, ...]:
    names = request.resource_names or ["*"]
    if request.resource_type == "role":
        return tuple(role_target(name) for name in names)
    return tuple(f"policy/{name}" for name in names)


def _named(ram: Ram, request: TagResources | UntagResources) -> list[Role | Policy]:
    if request.resource_type == "role":
        return [role_of(ram, name) for name in request.resource_names]
    return [policy_of(ram, "Custom", name) for name in request.resource_names]


@ram.action(TagResources, on=_resources)
def tag_resources(ram: Ram, request: TagResources) -> Reply:
    """Add tags, or overwrite them, on all of the resources or on none."""
    TAG_RULES.add(_named(ram, request), request.tag)
    return None


@ram.action(UntagResources, on=_resources)
def untag_resources(ram: Ram, request: UntagResources) -> Reply:
    """Remove tags, some or all. Keys win over All, which clients send as false beside them."""
    tags.check_keys(request.tag_keys, request.all, "TagKeys")
    tags.remove_tags(_named(ram, request), request.tag_keys)
    return None


@ram.action(ListTagResources, on=_resources)
def list_tag_resources(ram: Ram, request: ListTagResources) -> Reply:
    """List tags, of some resources or of all that carry some tags."""
    index: Any = ram.roles if request.resource_type == "role" else ram.policies
    if request.resource_names is None:
        resources = list(index)
    else:
        unique = sorted({name.lower() for name in request.resource_names})
        resources = [resource for name in unique if (resource := index.get(name)) is not None]
    page = tags.tag_page(((one.name, one) for one in resources), request.tag, request.next_token, request.page_size)
    reply: dict[str, Any] = {
        "TagResources": [
            {"ResourceType": request.resource_type, "ResourceName": name, "TagKey": key, "TagValue": value}
            for name, key, value in page.rows
        ]
    }
    if page.following:
        reply["NextToken"] = page.following
    return reply

"""Resource groups: create, show, rename, delete. They are ready at once, and gone at once.

Source: Alibaba Cloud, Resource Management, CreateResourceGroup, GetResourceGroup, ListResourceGroups,
UpdateResourceGroup, DeleteResourceGroup.
"""

from __future__ import annotations

from typing import Annotated, Any, TypeAlias

from alicloud_fakes.core.errors import ApiError
from alicloud_fakes.core.paging import paged
from alicloud_fakes.core.region_names import REGIONS
from alicloud_fakes.pipeline import tags
from alicloud_fakes.pipeline.declare import ActionRequest, Items, Length, Pattern, Tag
from alicloud_fakes.pipeline.registry import Reply
from alicloud_fakes.services.ram.ram_tags import TAG_RULES
from alicloud_fakes.services.resourcemanager import resourcemanager
from alicloud_fakes.services.resourcemanager.models import ResourceGroup, ResourceManager
from alicloud_fakes.services.resourcemanager.parameters import PageNumber, PageSize

GroupId: TypeAlias = Annotated[str, Pattern(r"rg-[A-Za-z0-9]{1,30}")]
DisplayName: TypeAlias = Annotated[str, Length(50, 1)]
Tags: TypeAlias = Annotated[list[Tag], Items(20)]
_MOST = 100


class CreateResourceGroup(ActionRequest):
    name: Annotated[str, Pattern(r"[A-Za-z][A-Za-z0-9-]{2,49}")]
    display_name: DisplayName
    tag: Tags | None = None


class GetResourceGroup(ActionRequest):
    resource_group_id: GroupId
    include_tags: bool = False


class ListResourceGroups(ActionRequest):
    resource_group_id: str = ""
    resource_group_ids: Annotated[list[str], Items(100)] | None = None
    name: str = ""
    display_name: str = ""
    status: str = ""
    tag: Tags | None = None
    include_tags: bool = False
    page_number: PageNumber = 1
    page_size: PageSize = 10


class UpdateResourceGroup(ActionRequest):
    resource_group_id: GroupId
    new_display_name: DisplayName


class DeleteResourceGroup(ActionRequest):
    resource_group_id: GroupId


def find_group(state: ResourceManager, group_id: str) -> ResourceGroup:
    """The group of an ID, or EntityNotExists.ResourceGroup."""
    found = state.all_groups().get(group_id)
    if found is None:
        raise ApiError(404, "EntityNotExists.ResourceGroup", "The specified resource group does not exist.")
    return found


def _shown(state: ResourceManager, group: ResourceGroup) -> dict[str, Any]:
    return {
        "Id": group.id,
        "Name": group.name,
        "DisplayName": group.display_name,
        "AccountId": state.account.id,
        "CreateDate": group.created,
    }


def _regions(status: str) -> dict[str, Any]:
    return {"RegionStatus": [{"RegionId": region, "Status": status} for region in REGIONS]}


@resourcemanager.action(CreateResourceGroup, on=lambda _: "resourcegroup/*")
def create_resource_group(state: ResourceManager, request: CreateResourceGroup) -> Reply:
    """Create a resource group."""
    if any(group.name.lower() == request.name.lower() for group in state.all_groups().values()):
        raise ApiError(409, "EntityAlreadyExists.ResourceGroup", "The specified resource group already exists.")
    if len(state.groups) >= _MOST:
        raise ApiError(409, "LimitExceeded.ResourceGroup", "The number of resource groups exceeds the limit.")
    given = TAG_RULES.added({}, request.tag)
    cloud = state.account.cloud
    group = ResourceGroup(
        f"rg-{cloud.entropy.base32(15).lower()}", request.name, request.display_name, cloud.clock.stamp(), given
    )
    state.groups[group.id] = group
    return {"ResourceGroup": {**_shown(state, group), "Status": "Creating", "RegionStatuses": _regions("Creating")}}


@resourcemanager.action(GetResourceGroup, on=lambda r: f"resourcegroup/{r.resource_group_id}")
def get_resource_group(state: ResourceManager, request: GetResourceGroup) -> Reply:
    """Show a resource group."""
    group = find_group(state, request.resource_group_id)
    shown = {**_shown(state, group), "Status": "OK", "RegionStatuses": _regions("OK")}
    if request.include_tags:
        shown["Tags"] = _tags(group)
    return {"ResourceGroup": shown}


def _tags(group: ResourceGroup) -> dict[str, Any]:
    return {"Tag": [{"TagKey": key, "TagValue": value} for key, value in group.tags.items()]}


@resourcemanager.action(ListResourceGroups, on=lambda _: "resourcegroup/*")
def list_resource_groups(state: ResourceManager, request: ListResourceGroups) -> Reply:
    """List resource groups, the default one first."""
    found = [
        group
        for group in state.all_groups().values()
        if request.resource_group_id in {"", group.id}
        and (request.resource_group_ids is None or group.id in request.resource_group_ids)
        and request.name in {"", group.name}
        and request.display_name in {"", group.display_name}
        and request.status in {"", "OK"}
        and tags.carries(group.tags, request.tag)
    ]
    page, counts = paged(found, request)
    rows = [
        {**_shown(state, one), "Status": "OK", **({"Tags": _tags(one)} if request.include_tags else {})} for one in page
    ]
    return {
        **counts,
        "ResourceGroups": {"ResourceGroup": rows},
    }


@resourcemanager.action(UpdateResourceGroup, on=lambda r: f"resourcegroup/{r.resource_group_id}")
def update_resource_group(state: ResourceManager, request: UpdateResourceGroup) -> Reply:
    """Change the display name of a resource group; that of the default one stays."""
    group = find_group(state, request.resource_group_id)
    group.display_name = request.new_display_name
    return {"ResourceGroup": _shown(state, group)}


@resourcemanager.action(DeleteResourceGroup, on=lambda r: f"resourcegroup/{r.resource_group_id}")
def delete_resource_group(state: ResourceManager, request: DeleteResourceGroup) -> Reply:
    """Delete a resource group that no policy is attached in; the default one cannot be deleted."""
    group = find_group(state, request.resource_group_id)
    if group.id not in state.groups:
        raise ApiError(409, "DeleteConflict.ResourceGroup.Default", "The default resource group cannot be deleted.")
    held = (*state.ram.users, *state.ram.groups, *state.ram.roles)
    if any(grant.scope == group.id for entity in held for grant in entity.grants.values()):
        raise ApiError(409, "DeleteConflict.ResourceGroup.Policy", "Policies are attached in the resource group.")
    del state.groups[group.id]
    return {
        "ResourceGroup": {
            **_shown(state, group),
            "Status": "PendingDelete",
            "RegionStatuses": _regions("PendingDelete"),
        }
    }

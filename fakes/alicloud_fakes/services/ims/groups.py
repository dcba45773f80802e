"""Groups, and who is in them."""

from __future__ import annotations

from typing import Any

from alicloud_fakes.identity.models import Group
from alicloud_fakes.pipeline.declare import ActionRequest
from alicloud_fakes.pipeline.registry import Reply
from alicloud_fakes.services.ims import ims
from alicloud_fakes.services.ims.models import Ims
from alicloud_fakes.services.ims.parameters import DisplayName, OfUser, find_user, user_resource
from alicloud_fakes.services.ram.errors import fail
from alicloud_fakes.services.ram.groups import join, leave, new_group, rename_group
from alicloud_fakes.services.ram.lookup import group_of
from alicloud_fakes.services.ram.parameters import Comments, GroupName, MaxGroups, MaxItems
from alicloud_fakes.services.ram.users import list_page


class CreateGroup(ActionRequest):
    group_name: GroupName
    display_name: DisplayName | None = None
    comments: Comments = ""


class GetGroup(ActionRequest):
    group_name: GroupName


class UpdateGroup(ActionRequest):
    group_name: GroupName
    new_group_name: GroupName | None = None
    new_display_name: DisplayName | None = None
    new_comments: Comments | None = None


class DeleteGroup(ActionRequest):
    group_name: GroupName


class ListGroups(ActionRequest):
    marker: str = ""
    max_items: MaxGroups = 100


class AddUserToGroup(OfUser):
    group_name: GroupName


class RemoveUserFromGroup(AddUserToGroup):
    pass


class ListGroupsForUser(OfUser):
    pass


class ListUsersForGroup(ActionRequest):
    group_name: GroupName
    marker: str = ""
    max_items: MaxItems = 100


def basics(group: Group) -> dict[str, Any]:
    """A group, as IMS answers it."""
    return {
        "GroupId": group.id,
        "GroupName": group.name,
        "DisplayName": group.display_name,
        "Comments": group.comments,
        "CreateDate": group.created,
        "UpdateDate": group.updated,
    }


def _both(request: AddUserToGroup) -> tuple[str, str]:
    return user_resource(request), f"group/{request.group_name}"


@ims.action(CreateGroup, on=lambda _: "group/*")
def create_group(ims: Ims, request: CreateGroup) -> Reply:
    """Create a group."""
    group = new_group(ims.ram, request.group_name, request.comments)
    group.display_name = request.display_name or ""
    return {"Group": basics(group)}


@ims.action(GetGroup, on=lambda r: f"group/{r.group_name}")
def get_group(ims: Ims, request: GetGroup) -> Reply:
    """Show a group."""
    return {"Group": basics(group_of(ims.ram, request.group_name))}


@ims.action(UpdateGroup, on=lambda r: f"group/{r.group_name}")
def update_group(ims: Ims, request: UpdateGroup) -> Reply:
    """Change a group; fields that are not sent stay."""
    group = group_of(ims.ram, request.group_name)
    if request.new_group_name is not None:
        rename_group(ims.ram, group, request.new_group_name)
    if request.new_display_name is not None:
        group.display_name = request.new_display_name
    if request.new_comments is not None:
        group.comments = request.new_comments
    group.updated = ims.ram.now()
    return {"Group": basics(group)}


@ims.action(DeleteGroup, on=lambda r: f"group/{r.group_name}")
def delete_group(ims: Ims, request: DeleteGroup) -> Reply:
    """Delete a group without members and policies."""
    group = group_of(ims.ram, request.group_name)
    if len(group.members):
        raise fail("DeleteConflict.Group.User")
    if group.grants:
        raise fail("DeleteConflict.Group.Policy")
    ims.ram.groups.remove(group.name)
    return None


@ims.action(ListGroups, on=lambda _: "group/*")
def list_groups(ims: Ims, request: ListGroups) -> Reply:
    """List groups by name."""
    groups, marker = ims.ram.groups.page(request.marker, request.max_items)
    return list_page("Groups", "Group", [basics(group) for group in groups], marker)


@ims.action(AddUserToGroup, on=_both)
def add_user_to_group(ims: Ims, request: AddUserToGroup) -> Reply:
    """Put a user into a group."""
    join(ims.ram, find_user(ims, request), group_of(ims.ram, request.group_name))
    return None


@ims.action(RemoveUserFromGroup, on=_both)
def remove_user_from_group(ims: Ims, request: RemoveUserFromGroup) -> Reply:
    """Take a user out of a group."""
    leave(find_user(ims, request), group_of(ims.ram, request.group_name))
    return None


@ims.action(ListGroupsForUser, on=user_resource)
def list_groups_for_user(ims: Ims, request: ListGroupsForUser) -> Reply:
    """List the groups a user is in."""
    groups = [
        {
            "GroupId": group.id,
            "GroupName": group.name,
            "DisplayName": group.display_name,
            "Comments": group.comments,
            "JoinDate": date,
        }
        for group, date in find_user(ims, request).groups.values()
    ]
    return {"Groups": {"Group": groups}}


@ims.action(ListUsersForGroup, on=lambda r: f"group/{r.group_name}")
def list_users_for_group(ims: Ims, request: ListUsersForGroup) -> Reply:
    """List the users in a group."""
    members, marker = group_of(ims.ram, request.group_name).members.page(request.marker, request.max_items)
    users = [
        {
            "UserId": user.id,
            "UserPrincipalName": ims.principal_name(user.name),
            "DisplayName": user.display_name,
            "JoinDate": date,
        }
        for user, date in members
    ]
    return list_page("Users", "User", users, marker)

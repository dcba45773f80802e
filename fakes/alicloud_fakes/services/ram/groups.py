"""Groups, and who is in them."""

from __future__ import annotations

from typing import Any

from alicloud_fakes.identity.models import Group, Ram, User
from alicloud_fakes.pipeline.declare import ActionRequest
from alicloud_fakes.pipeline.registry import Reply
from alicloud_fakes.services.ram import ram
from alicloud_fakes.services.ram.errors import fail
from alicloud_fakes.services.ram.lookup import group_of, user_of
from alicloud_fakes.services.ram.parameters import Comments, GroupName, MaxGroups, MaxItems, UserName
from alicloud_fakes.services.ram.users import list_page
from ram_policies import limits


class CreateGroup(ActionRequest):
    group_name: GroupName
    comments: Comments = ""


class GetGroup(ActionRequest):
    group_name: GroupName


class UpdateGroup(ActionRequest):
    group_name: GroupName
    new_group_name: GroupName | None = None
    new_comments: Comments | None = None


class DeleteGroup(ActionRequest):
    group_name: GroupName


class ListGroups(ActionRequest):
    marker: str = ""
    max_items: MaxGroups = 100


class AddUserToGroup(ActionRequest):
    user_name: UserName
    group_name: GroupName


class RemoveUserFromGroup(AddUserToGroup):
    pass


class ListGroupsForUser(ActionRequest):
    user_name: UserName


class ListUsersForGroup(ActionRequest):
    group_name: GroupName
    marker: str = ""
    max_items: MaxItems = 100


def basics(group: Group) -> dict[str, Any]:
    """A group, as CreateGroup answers it."""
    return {
        "GroupId": group.id,
        "GroupName": group.name,
        "Comments": group.comments,
        "CreateDate": group.created,
    }


def _both(request: AddUserToGroup) -> tuple[str, str]:
    return f"user/{request.user_name}", f"group/{request.group_name}"


@ram.action(CreateGroup, on=lambda _: "group/*")
def create_group(ram: Ram, request: CreateGroup) -> Reply:
    """Create a group."""
    return {"Group": basics(new_group(ram, request.group_name, request.comments))}


def new_group(ram: Ram, name: str, comments: str) -> Group:
    """Create a group."""
    if name in ram.groups:
        raise fail("EntityAlreadyExists.Group")
    if len(ram.groups) >= limits.GROUPS_PER_ACCOUNT:
        raise fail("LimitExceeded.Group")
    now = ram.now()
    group = Group(f"g-{ram.account.cloud.entropy.letters(16)}", name, now, now, comments=comments)
    ram.groups.add(name, group)
    return group


@ram.action(GetGroup, on=lambda r: f"group/{r.group_name}")
def get_group(ram: Ram, request: GetGroup) -> Reply:
    """Show a group."""
    group = group_of(ram, request.group_name)
    return {"Group": {**basics(group), "UpdateDate": group.updated}}


@ram.action(UpdateGroup, on=lambda r: f"group/{r.group_name}")
def update_group(ram: Ram, request: UpdateGroup) -> Reply:
    """Change a group; fields that are not sent stay."""
    group = group_of(ram, request.group_name)
    if request.new_group_name is not None:
        rename_group(ram, group, request.new_group_name)
    if request.new_comments is not None:
        group.comments = request.new_comments
    group.updated = ram.now()
    return {"Group": {**basics(group), "UpdateDate": group.updated}}


def rename_group(ram: Ram, group: Group, name: str) -> None:
    """Give a group another name; the same name is not a conflict."""
    other = ram.groups.get(name)
    if other is not None and other is not group:
        raise fail("EntityAlreadyExists.Group")
    ram.groups.remove(group.name)
    group.name = name
    ram.groups.add(name, group)
    ram.touch(group)


@ram.action(DeleteGroup, on=lambda r: f"group/{r.group_name}")
def delete_group(ram: Ram, request: DeleteGroup) -> Reply:
    """Delete a group without members and policies."""
    group = group_of(ram, request.group_name)
    if len(group.members):
        raise fail("DeleteConflict.Group.User")
    if group.grants:
        raise fail("DeleteConflict.Group.Policy")
    ram.groups.remove(group.name)
    return None


@ram.action(ListGroups, on=lambda _: "group/*")
def list_groups(ram: Ram, request: ListGroups) -> Reply:
    """List groups by name."""
    groups, marker = ram.groups.page(request.marker, request.max_items)
    return list_page("Groups", "Group", [{**basics(group), "UpdateDate": group.updated} for group in groups], marker)


@ram.action(AddUserToGroup, on=_both)
def add_user_to_group(ram: Ram, request: AddUserToGroup) -> Reply:
    """Put a user into a group."""
    user, group = user_of(ram, request.user_name), group_of(ram, request.group_name)
    join(ram, user, group)
    return None


def join(ram: Ram, user: User, group: Group) -> None:
    """Put a user into a group."""
    if group.id in user.groups:
        raise fail("EntityAlreadyExists.User.Group")
    if len(user.groups) >= limits.GROUPS_PER_USER:
        raise fail("LimitExceeded.User.Group")
    date = ram.now()
    user.groups[group.id] = (group, date)
    group.members.add(user.name, (user, date))


@ram.action(RemoveUserFromGroup, on=_both)
def remove_user_from_group(ram: Ram, request: RemoveUserFromGroup) -> Reply:
    """Take a user out of a group."""
    leave(user_of(ram, request.user_name), group_of(ram, request.group_name))
    return None


def leave(user: User, group: Group) -> None:
    """Take a user out of a group."""
    if group.id not in user.groups:
        raise fail("EntityNotExist.User.Group")
    del user.groups[group.id]
    group.members.remove(user.name)


@ram.action(ListGroupsForUser, on=lambda r: f"user/{r.user_name}")
def list_groups_for_user(ram: Ram, request: ListGroupsForUser) -> Reply:
    """List the groups a user is in."""
    user = user_of(ram, request.user_name)
    return {
        "Groups": {
            "Group": [
                {"GroupId": group.id, "GroupName": group.name, "Comments": group.comments, "JoinDate": date}
                for group, date in user.groups.values()
            ]
        }
    }


@ram.action(ListUsersForGroup, on=lambda r: f"group/{r.group_name}")
def list_users_for_group(ram: Ram, request: ListUsersForGroup) -> Reply:
    """List the users in a group."""
    members, marker = group_of(ram, request.group_name).members.page(request.marker, request.max_items)
    users = [{"UserName": user.name, "DisplayName": user.display_name, "JoinDate": date} for user, date in members]
    return list_page("Users", "User", users, marker)

"""Users."""

from __future__ import annotations

from typing import Annotated, Any

from alicloud_fakes.identity.models import User
from alicloud_fakes.pipeline import tags
from alicloud_fakes.pipeline.declare import ActionRequest, Length
from alicloud_fakes.pipeline.registry import Reply
from alicloud_fakes.services.ims import ims
from alicloud_fakes.services.ims.models import Ims
from alicloud_fakes.services.ims.parameters import (
    DisplayName,
    MaxUsers,
    OfUserOrId,
    Tags,
    Upn,
    UserStatus,
    find_user,
    new_name,
    user_resource,
)
from alicloud_fakes.services.ram.errors import fail
from alicloud_fakes.services.ram.parameters import Comments, Email, MobilePhone
from alicloud_fakes.services.ram.ram_tags import TAG_RULES, tagged_page
from alicloud_fakes.services.ram.users import change_user, list_page, new_user, remove_user, rename_user


class CreateUser(ActionRequest):
    user_principal_name: Upn
    display_name: DisplayName
    mobile_phone: MobilePhone = ""
    email: Email = ""
    comments: Comments = ""
    tag: Tags | None = None


class GetUser(OfUserOrId):
    user_access_key_id: Annotated[str, Length(128, 1)] | None = None


class UpdateUser(OfUserOrId):
    new_user_principal_name: Upn | None = None
    new_display_name: DisplayName | None = None
    new_mobile_phone: MobilePhone | None = None
    new_email: Email | None = None
    new_comments: Comments | None = None


class DeleteUser(OfUserOrId):
    pass


class ListUsers(ActionRequest):
    marker: str = ""
    max_items: MaxUsers = 1000
    status: UserStatus = ""
    tag: Tags | None = None


class ListUserBasicInfos(ListUsers):
    pass


def basics(ims: Ims, user: User) -> dict[str, Any]:
    """A user, as UpdateUser answers it."""
    return {
        "UserId": user.id,
        "UserPrincipalName": ims.principal_name(user.name),
        "DisplayName": user.display_name,
        "MobilePhone": user.mobile_phone,
        "Email": user.email,
        "Comments": user.comments,
        "CreateDate": user.created,
        "UpdateDate": user.updated,
        "LastLoginDate": user.last_login,
        "ProvisionType": "Manual",
    }


@ims.action(CreateUser, on=lambda _: "user/*")
def create_user(ims: Ims, request: CreateUser) -> Reply:
    """Create a user."""
    name = new_name(ims, request.user_principal_name, "UserPrincipalName")
    new_tags = TAG_RULES.added({}, request.tag)
    user = new_user(ims.ram, name, request)
    user.tags = new_tags
    return {"User": {**basics(ims, user), "Tags": tags.shown_tags(user.tags)}}


def _user_of(ims: Ims, request: GetUser) -> User:
    if request.user_access_key_id is None or request.user_principal_name or request.user_id:
        return find_user(ims, request)
    key = ims.account.cloud.keys.get(request.user_access_key_id)
    if key is None or key.user is None or key.account is not ims.account:
        raise fail("EntityNotExist.User")
    return key.user


def _resource(request: GetUser) -> str:
    if request.user_access_key_id is None or request.user_principal_name or request.user_id:
        return user_resource(request)
    account = request.call.signed_by.account
    key = request.call.cloud.keys.get(request.user_access_key_id)
    return f"user/{key.user.name}" if key is not None and key.user is not None and key.account is account else "user/*"


@ims.action(GetUser, on=_resource)
def get_user(ims: Ims, request: GetUser) -> Reply:
    """Show a user: by name, by ID, or by one of its access keys."""
    user = _user_of(ims, request)
    return {"User": {**basics(ims, user), "UserName": user.name, "Tags": tags.shown_tags(user.tags)}}


@ims.action(UpdateUser, on=user_resource)
def update_user(ims: Ims, request: UpdateUser) -> Reply:
    """Change a user; fields that are not sent stay."""
    user = find_user(ims, request)
    if request.new_user_principal_name is not None:
        rename_user(ims.ram, user, new_name(ims, request.new_user_principal_name, "NewUserPrincipalName"))
    change_user(ims.ram, user, request)
    return {"User": basics(ims, user)}


@ims.action(DeleteUser, on=user_resource)
def delete_user(ims: Ims, request: DeleteUser) -> Reply:
    """Delete a user that has no keys, login, device, groups or policies."""
    remove_user(ims.ram, find_user(ims, request))
    return None


def _page(ims: Ims, request: ListUsers) -> tuple[list[User], str]:
    # No user is ever frozen: the fake has no recycle bin.
    if request.status == "freeze":
        return [], ""
    return tagged_page(ims.ram.users, request.tag, request.marker, request.max_items)


@ims.action(ListUsers, on=lambda _: "user/*")
def list_users(ims: Ims, request: ListUsers) -> Reply:
    """List users by name, all or those that carry some tags."""
    users, marker = _page(ims, request)
    listed = [{**basics(ims, user), "Status": "active", "Tags": tags.shown_tags(user.tags)} for user in users]
    return list_page("Users", "User", listed, marker)


@ims.action(ListUserBasicInfos, on=lambda _: "user/*")
def list_user_basic_infos(ims: Ims, request: ListUserBasicInfos) -> Reply:
    """List users by name, with little about each."""
    users, marker = _page(ims, request)
    listed = [
        {
            "UserId": user.id,
            "UserPrincipalName": ims.principal_name(user.name),
            "DisplayName": user.display_name,
            "Status": "active",
        }
        for user in users
    ]
    return list_page("UserBasicInfos", "UserBasicInfo", listed, marker)

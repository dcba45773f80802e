"""Users."""

from __future__ import annotations

from typing import Any

from alicloud_fakes.identity.models import Ram, User
from alicloud_fakes.pipeline.declare import ActionRequest
from alicloud_fakes.pipeline.registry import Reply
from alicloud_fakes.services.ram import ram
from alicloud_fakes.services.ram.errors import fail
from alicloud_fakes.services.ram.lookup import user_of
from alicloud_fakes.services.ram.parameters import Comments, DisplayName, Email, MaxItems, MobilePhone, UserName
from ram_policies import limits


class CreateUser(ActionRequest):
    user_name: UserName
    display_name: DisplayName = ""
    mobile_phone: MobilePhone = ""
    email: Email = ""
    comments: Comments = ""


class GetUser(ActionRequest):
    user_name: UserName


class UpdateUser(ActionRequest):
    user_name: UserName
    new_user_name: UserName | None = None
    new_display_name: DisplayName | None = None
    new_mobile_phone: MobilePhone | None = None
    new_email: Email | None = None
    new_comments: Comments | None = None


class DeleteUser(ActionRequest):
    user_name: UserName


class ListUsers(ActionRequest):
    marker: str = ""
    max_items: MaxItems = 100


def basics(user: User) -> dict[str, Any]:
    """A user, as CreateUser answers it."""
    return {
        "UserId": user.id,
        "UserName": user.name,
        "DisplayName": user.display_name,
        "MobilePhone": user.mobile_phone,
        "Email": user.email,
        "Comments": user.comments,
        "CreateDate": user.created,
    }


def list_page(key: str, item: str, values: list[Any], marker: str) -> dict[str, Any]:
    """One page of a list."""
    reply: dict[str, Any] = {"IsTruncated": bool(marker), key: {item: values}}
    if marker:
        reply["Marker"] = marker
    return reply


@ram.action(CreateUser, on=lambda _: "user/*")
def create_user(ram: Ram, request: CreateUser) -> Reply:
    """Create a user."""
    return {"User": basics(new_user(ram, request.user_name, request))}


def new_user(ram: Ram, name: str, request: Any) -> User:  # noqa: ANN401 - RAM's request or IMS's, with the same fields
    """Create a user from the fields of a request."""
    if name in ram.users:
        raise fail("EntityAlreadyExists.User")
    if len(ram.users) >= limits.USERS_PER_ACCOUNT:
        raise fail("LimitExceeded.User")
    now = ram.now()
    user = User(
        ram.new_id(),
        name,
        now,
        now,
        display_name=request.display_name,  # stays empty where it is not given
        mobile_phone=request.mobile_phone,
        email=request.email,
        comments=request.comments,
    )
    ram.users.add(name, user)
    ram.users_by_id[user.id] = user
    return user


@ram.action(GetUser, on=lambda r: f"user/{r.user_name}")
def get_user(ram: Ram, request: GetUser) -> Reply:
    """Show a user."""
    user = user_of(ram, request.user_name)
    return {"User": {**basics(user), "UpdateDate": user.updated, "LastLoginDate": user.last_login}}


@ram.action(UpdateUser, on=lambda r: f"user/{r.user_name}")
def update_user(ram: Ram, request: UpdateUser) -> Reply:
    """Change a user; fields that are not sent stay."""
    user = user_of(ram, request.user_name)
    if request.new_user_name is not None:
        rename_user(ram, user, request.new_user_name)
    change_user(ram, user, request)
    return {"User": {**basics(user), "UpdateDate": user.updated}}


def change_user(ram: Ram, user: User, request: Any) -> None:  # noqa: ANN401 - RAM's request or IMS's, with the same fields
    """Change the fields of a user that a request carries."""
    for name in ("display_name", "mobile_phone", "email", "comments"):
        value = getattr(request, f"new_{name}")
        if value is not None:
            setattr(user, name, value)
    user.updated = ram.now()


def rename_user(ram: Ram, user: User, name: str) -> None:
    """Give a user another name; the same name, or another case of it, is not a conflict."""
    other = ram.users.get(name)
    if other is not None and other is not user:
        raise fail("EntityAlreadyExists.User")
    ram.users.remove(user.name)
    for group, date in user.groups.values():
        group.members.remove(user.name)
        group.members.add(name, (user, date))
    user.name = name
    ram.users.add(name, user)
    ram.touch(user)


@ram.action(DeleteUser, on=lambda r: f"user/{r.user_name}")
def delete_user(ram: Ram, request: DeleteUser) -> Reply:
    """Delete a user that has no keys, login, device, groups or policies."""
    remove_user(ram, user_of(ram, request.user_name))
    return None


def remove_user(ram: Ram, user: User) -> None:
    """Delete a user, or refuse and name what it still has."""
    for what, hangs in (
        ("AccessKey", user.keys),
        ("Group", user.groups),
        ("Policy", user.grants),
        ("LoginProfile", user.login),
        ("MFADevice", user.mfa),
    ):
        if hangs:
            raise fail(f"DeleteConflict.User.{what}")
    ram.users.remove(user.name)
    del ram.users_by_id[user.id]
    ram.forget(user)


@ram.action(ListUsers, on=lambda _: "user/*")
def list_users(ram: Ram, request: ListUsers) -> Reply:
    """List users by name."""
    users, marker = ram.users.page(request.marker, request.max_items)
    return list_page("Users", "User", [{**basics(user), "UpdateDate": user.updated} for user in users], marker)

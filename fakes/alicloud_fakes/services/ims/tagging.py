"""Tags of users."""

from __future__ import annotations

from typing import Annotated, Any

from alicloud_fakes.core.errors import missing
from alicloud_fakes.identity.models import User
from alicloud_fakes.pipeline import tags
from alicloud_fakes.pipeline.declare import ActionRequest, Clamp, Items, OneOf, Wire
from alicloud_fakes.pipeline.registry import Reply
from alicloud_fakes.services.ims import ims
from alicloud_fakes.services.ims.models import Ims
from alicloud_fakes.services.ims.parameters import Tags, user_by_name
from alicloud_fakes.services.ram.errors import fail
from alicloud_fakes.services.ram.ram_tags import TAG_RULES

_MOST = 50

Several = Annotated[list[str], Items(_MOST)]


class _OfUsers(ActionRequest):
    resource_type: Annotated[str, OneOf("user")]
    resource_id: Several | None = None
    resource_principal_name: Several | None = None


class TagResources(_OfUsers):
    tag: Tags


class UntagResources(_OfUsers):
    tag_key: Annotated[list[str], Items(20), Wire("TagKey", also=("TagKeys",))] | None = None
    all: bool = False


class ListTagResources(_OfUsers):
    tag: Tags | None = None
    next_token: str = ""
    page_size: Annotated[int, Clamp(1, 100)] = 20


def _resources(request: _OfUsers) -> tuple[str, ...]:
    account = request.call.signed_by.account
    named = [name.rpartition("@")[0] for name in request.resource_principal_name or ()]
    for user_id in request.resource_id or ():
        user = account.ram.users_by_id.get(user_id)
        named.append(user.name if user else "*")
    return tuple(f"user/{name}" for name in named or ["*"])


def _users(ims: Ims, request: _OfUsers) -> list[User]:
    found = [user_by_name(ims, name) for name in request.resource_principal_name or ()]
    found += [ims.ram.users_by_id.get(user_id) for user_id in request.resource_id or ()]
    if not found:
        raise missing("ResourceId")
    users = [user for user in found if user is not None]
    if len(users) < len(found):
        raise fail("EntityNotExist.User")
    return users


@ims.action(TagResources, on=_resources)
def tag_resources(ims: Ims, request: TagResources) -> Reply:
    """Add tags, or overwrite them, on all of the users or on none."""
    TAG_RULES.add(_users(ims, request), request.tag)
    return None


@ims.action(UntagResources, on=_resources)
def untag_resources(ims: Ims, request: UntagResources) -> Reply:
    """Remove tags, some or all. Keys win over All, which clients send as false beside them."""
    tags.check_keys(request.tag_key, request.all)
    tags.remove_tags(_users(ims, request), request.tag_key)
    return None


@ims.action(ListTagResources, on=_resources)
def list_tag_resources(ims: Ims, request: ListTagResources) -> Reply:
    """List tags, of some users or of all that carry some tags."""
    some = request.resource_id or request.resource_principal_name
    users = {user.id: user for user in (_users(ims, request) if some else ims.ram.users)}
    page = tags.tag_page(users.items(), request.tag, request.next_token, request.page_size)
    reply: dict[str, Any] = {
        "IsTruncated": bool(page.following),
        "TagResources": {"TagResource": page.shown("user")},
    }
    if page.following:
        reply["NextToken"] = page.following
    return reply

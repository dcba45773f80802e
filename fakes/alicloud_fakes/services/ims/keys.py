"""Access keys of users, and of root."""

from __future__ import annotations

from typing import Any

from alicloud_fakes.identity.account import AccessKey
from alicloud_fakes.identity.caller import IdentityType
from alicloud_fakes.identity.models import User
from alicloud_fakes.pipeline.declare import ActionRequest
from alicloud_fakes.pipeline.registry import Reply
from alicloud_fakes.services.ims import ims
from alicloud_fakes.services.ims.models import Ims
from alicloud_fakes.services.ims.parameters import Upn, find_user, own_resource
from alicloud_fakes.services.ram.errors import fail
from alicloud_fakes.services.ram.keys import basics, drop_key, find_key, keys_of, new_key, set_status
from alicloud_fakes.services.ram.parameters import KeyId, KeyStatus


class CreateAccessKey(ActionRequest):
    user_principal_name: Upn | None = None


class ListAccessKeys(CreateAccessKey):
    pass


class DeleteAccessKey(CreateAccessKey):
    user_access_key_id: KeyId


class UpdateAccessKey(DeleteAccessKey):
    status: KeyStatus


class GetAccessKeyLastUsed(DeleteAccessKey):
    pass


def _owner(ims: Ims, request: CreateAccessKey) -> User | None:
    """The user that a request is about: the one it names, else the caller; None for root's own keys."""
    if request.user_principal_name:
        return find_user(ims, request)
    caller = request.call.signed_by
    if caller.type is IdentityType.ROLE:
        # A role session has no keys of its own.
        raise fail("EntityNotExist.User")
    return caller.user


def key_of(ims: Ims, request: DeleteAccessKey) -> AccessKey:
    """The key that a request names, or EntityNotExist.User.AccessKey."""
    return find_key(ims.ram, _owner(ims, request), request.user_access_key_id)


@ims.action(CreateAccessKey, on=own_resource)
def create_access_key(ims: Ims, request: CreateAccessKey) -> Reply:
    """Create a key for a user, or for the caller itself. Its secret is shown only now."""
    key = new_key(ims.ram, _owner(ims, request))
    return {"AccessKey": {**basics(key), "AccessKeySecret": key.secret}}


@ims.action(ListAccessKeys, on=own_resource)
def list_access_keys(ims: Ims, request: ListAccessKeys) -> Reply:
    """List the keys of a user, or of the caller itself."""
    keys: list[dict[str, Any]] = [
        {**basics(key), "UpdateDate": key.updated or key.created}
        for key in keys_of(ims.ram, _owner(ims, request)).values()
    ]
    return {"AccessKeys": {"AccessKey": keys}}


@ims.action(UpdateAccessKey, on=own_resource)
def update_access_key(ims: Ims, request: UpdateAccessKey) -> Reply:
    """Enable or disable a key."""
    set_status(ims.ram, key_of(ims, request), request.status)
    return None


@ims.action(DeleteAccessKey, on=own_resource)
def delete_access_key(ims: Ims, request: DeleteAccessKey) -> Reply:
    """Delete a key. Sessions that were begun with it go on."""
    drop_key(ims.ram, key_of(ims, request))
    return None


@ims.action(GetAccessKeyLastUsed, on=own_resource)
def get_access_key_last_used(ims: Ims, request: GetAccessKeyLastUsed) -> Reply:
    """Time and product of a key's last use."""
    key = key_of(ims, request)
    return {"AccessKeyLastUsed": {"LastUsedDate": key.last_used, "ServiceName": key.last_service.capitalize()}}

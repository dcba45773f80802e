"""Access keys of users, and of root."""

from __future__ import annotations

from typing import Any

from alicloud_fakes.identity.account import AccessKey
from alicloud_fakes.identity.caller import IdentityType
from alicloud_fakes.identity.models import Ram, User
from alicloud_fakes.pipeline.declare import ActionRequest
from alicloud_fakes.pipeline.registry import Reply
from alicloud_fakes.services.ram import ram
from alicloud_fakes.services.ram.errors import fail
from alicloud_fakes.services.ram.lookup import user_of
from alicloud_fakes.services.ram.parameters import KeyId, KeyStatus, UserName
from ram_policies import limits

ROOT_KEYS = 5  # unconfirmed.ROOT_KEYS


class CreateAccessKey(ActionRequest):
    user_name: UserName | None = None


class ListAccessKeys(CreateAccessKey):
    pass


class DeleteAccessKey(CreateAccessKey):
    user_access_key_id: KeyId


class UpdateAccessKey(DeleteAccessKey):
    status: KeyStatus


class GetAccessKeyLastUsed(DeleteAccessKey):
    pass


def _whose(request: CreateAccessKey) -> str:
    if request.user_name:
        return f"user/{request.user_name}"
    user = request.call.signed_by.user
    return f"user/{user.name}" if user else "user/*"


def _owner(ram: Ram, request: CreateAccessKey) -> User | None:
    """The user that a request is about: the one it names, else the caller; None for root's own keys."""
    if request.user_name:
        return user_of(ram, request.user_name)
    caller = request.call.signed_by
    if caller.user is None and caller.type is not IdentityType.ACCOUNT:
        # A role session has no keys of its own.
        raise fail("EntityNotExist.User")
    return caller.user


def keys_of(ram: Ram, user: User | None) -> dict[str, AccessKey]:
    """The keys of a user, or of root."""
    if user is not None:
        return user.keys
    account = ram.account
    return {key.id: key for key in account.cloud.keys.values() if key.account is account and key.user is None}


def new_key(ram: Ram, user: User | None) -> AccessKey:
    """Make an access key. Its secret is shown only now."""
    if len(keys_of(ram, user)) >= (limits.ACCESS_KEYS_PER_USER if user else ROOT_KEYS):
        raise fail("LimitExceeded.User.AccessKey")
    cloud = ram.account.cloud
    key = AccessKey(f"FAKE{cloud.entropy.letters(20)}", cloud.entropy.letters(30), ram.account, user, ram.now())
    cloud.keys[key.id] = key
    if user is not None:
        user.keys[key.id] = key
    return key


def find_key(ram: Ram, user: User | None, key_id: str) -> AccessKey:
    """A key of a user, or EntityNotExist.User.AccessKey."""
    key = keys_of(ram, user).get(key_id)
    if key is None:
        raise fail("EntityNotExist.User.AccessKey")
    return key


def drop_key(ram: Ram, key: AccessKey) -> None:
    """Delete a key."""
    del ram.account.cloud.keys[key.id]
    if key.user is not None:
        del key.user.keys[key.id]


def basics(key: AccessKey) -> dict[str, Any]:
    """A key, without its secret."""
    return {"AccessKeyId": key.id, "Status": key.status, "CreateDate": key.created}


@ram.action(CreateAccessKey, on=_whose)
def create_access_key(ram: Ram, request: CreateAccessKey) -> Reply:
    """Create a key for a user, or for the caller itself, root included (unconfirmed.ROOT_ACCESS_KEY)."""
    key = new_key(ram, _owner(ram, request))
    return {"AccessKey": {**basics(key), "AccessKeySecret": key.secret}}


@ram.action(ListAccessKeys, on=_whose)
def list_access_keys(ram: Ram, request: ListAccessKeys) -> Reply:
    """List the keys of a user, or of the caller itself."""
    keys = keys_of(ram, _owner(ram, request))
    return {"AccessKeys": {"AccessKey": [basics(key) for key in keys.values()]}}


@ram.action(UpdateAccessKey, on=_whose)
def update_access_key(ram: Ram, request: UpdateAccessKey) -> Reply:
    """Enable or disable a key."""
    set_status(ram, find_key(ram, _owner(ram, request), request.user_access_key_id), request.status)
    return None


def set_status(ram: Ram, key: AccessKey, status: str) -> None:
    """Enable or disable a key."""
    key.status, key.updated = status, ram.now()


@ram.action(DeleteAccessKey, on=_whose)
def delete_access_key(ram: Ram, request: DeleteAccessKey) -> Reply:
    """Delete a key. Sessions that were begun with it go on."""
    drop_key(ram, find_key(ram, _owner(ram, request), request.user_access_key_id))
    return None


@ram.action(GetAccessKeyLastUsed, on=_whose)
def get_access_key_last_used(ram: Ram, request: GetAccessKeyLastUsed) -> Reply:
    """Show when a key was last used; nothing for one that never was (unconfirmed.LAST_USED_NEVER)."""
    key = find_key(ram, _owner(ram, request), request.user_access_key_id)
    return {"AccessKeyLastUsed": {"LastUsedDate": key.last_used}}

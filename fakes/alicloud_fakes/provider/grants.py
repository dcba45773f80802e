"""Logins, access keys, attachments, memberships and the account alias.

Each method makes the calls that the real provider makes for the type (resource_alicloud_ram_*.go, 1.285).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Final, cast

from alicloud_fakes.provider.api import Api, CallRefusedError
from alicloud_fakes.provider.check_and_diff import Properties, PropertyValue
from alicloud_fakes.provider.entities import GroupHandler, PolicyHandler, RoleHandler, UserHandler
from alicloud_fakes.provider.handlers import ResourceHandler, ResourceUpdate, first_text, list_at, unless_gone
from alicloud_fakes.provider.schema import RESOURCE_TYPES


class LoginProfileHandler:
    """`alicloud.ram.LoginProfile`; its identifier is the user's name."""

    kind = RESOURCE_TYPES["alicloud:ram/loginProfile:LoginProfile"]

    def create(self, api: Api, inputs: Mapping[str, PropertyValue]) -> tuple[str, Properties]:
        """Give the user a password for the console."""
        parameters = {
            "UserName": inputs["userName"],
            "Password": inputs["password"],
            "PasswordResetRequired": inputs.get("passwordResetRequired"),
            "MFABindRequired": inputs.get("mfaBindRequired"),
        }
        return str(api.call("CreateLoginProfile", parameters)["LoginProfile"]["UserName"]), {}

    def read(self, api: Api, identifier: str, state: Mapping[str, PropertyValue]) -> Properties | None:
        """The profile; the cloud never tells the password."""
        reply = api.call("GetLoginProfile", {"UserName": identifier})
        profile = cast("dict[str, Any]", reply["LoginProfile"])
        return {
            "userName": identifier,
            "createTime": profile.get("CreateDate"),
            "mfaBindRequired": profile.get("MFABindRequired"),
            "passwordResetRequired": profile.get("PasswordResetRequired"),
        }

    def update(self, api: Api, change: ResourceUpdate) -> None:
        """Change the flags. A new password alone changes nothing in the cloud: so does the real provider."""
        flags = {"passwordResetRequired": "PasswordResetRequired", "mfaBindRequired": "MFABindRequired"}
        changed = {wire: bool(change.wanted.get(name)) for name, wire in flags.items() if name in change.changed}
        if changed:
            api.call(
                "UpdateLoginProfile", {"UserName": change.id, "Password": change.wanted.get("password"), **changed}
            )

    def delete(self, api: Api, identifier: str, state: Mapping[str, PropertyValue]) -> None:
        """Take the password away."""
        unless_gone(lambda: api.call("DeleteLoginProfile", {"UserName": identifier}))


class AccessKeyHandler:
    """`alicloud.ram.AccessKey`; its identifier is the key's ID, its secret is shown once."""

    kind = RESOURCE_TYPES["alicloud:ram/accessKey:AccessKey"]

    def create(self, api: Api, inputs: Mapping[str, PropertyValue]) -> tuple[str, Properties]:
        """Make a key, and switch it off when that is wanted."""
        user = first_text(inputs, "userName") or None
        key = cast("dict[str, str]", api.call("CreateAccessKey", {"UserName": user})["AccessKey"])
        if inputs.get("status") == "Inactive":
            self._set_status(api, key["AccessKeyId"], user, "Inactive")
        if path := first_text(inputs, "secretFile"):
            _write_key(Path(path).expanduser(), key)
        return key["AccessKeyId"], {"secret": key["AccessKeySecret"], "encryptedSecret": None, "keyFingerprint": None}

    def read(self, api: Api, identifier: str, state: Mapping[str, PropertyValue]) -> Properties | None:
        """The key's date and status."""
        reply = api.call("ListAccessKeys", {"UserName": first_text(state, "userName") or None})
        keys = list_at(reply, "AccessKeys", "AccessKey")
        key = next((each for each in keys if each["AccessKeyId"] == identifier), None)
        return None if key is None else {"createTime": key.get("CreateDate"), "status": key.get("Status")}

    def update(self, api: Api, change: ResourceUpdate) -> None:
        """Switch the key on or off."""
        if status := change.new("status", "Active"):
            self._set_status(api, change.id, first_text(change.state, "userName") or None, str(status))

    def delete(self, api: Api, identifier: str, state: Mapping[str, PropertyValue]) -> None:
        """Delete the key."""
        user = first_text(state, "userName") or None
        unless_gone(lambda: api.call("DeleteAccessKey", {"UserAccessKeyId": identifier, "UserName": user}))

    def _set_status(self, api: Api, identifier: str, user: str | None, status: str) -> None:
        api.call("UpdateAccessKey", {"UserAccessKeyId": identifier, "UserName": user, "Status": status})


def _write_key(path: Path, key: Mapping[str, str]) -> None:
    """The file that a program wants the key in. As the real provider writes it, but for its owner's eyes only."""
    path.unlink(missing_ok=True)
    path.touch(0o600)
    path.write_text(json.dumps(dict(sorted(key.items())), indent="\t"), "utf-8")


class PolicyAttachmentHandler:
    """`alicloud.ram.{Role,User,Group}PolicyAttachment`; identifier `role:<policy>:<type>:<role>`."""

    def __init__(self, entity: str) -> None:
        self._entity, self._key = entity, f"{entity.lower()}Name"
        self.kind = RESOURCE_TYPES[f"alicloud:ram/{entity.lower()}PolicyAttachment:{entity}PolicyAttachment"]

    def create(self, api: Api, inputs: Mapping[str, PropertyValue]) -> tuple[str, Properties]:
        """Attach the policy."""
        name, kind, holder = (first_text(inputs, key) for key in ("policyName", "policyType", self._key))
        parameters = {"PolicyName": name, "PolicyType": kind, f"{self._entity}Name": holder}
        api.call(f"AttachPolicyTo{self._entity}", parameters)
        return f"{self._entity.lower()}:{name}:{kind}:{holder}", {}

    def read(self, api: Api, identifier: str, state: Mapping[str, PropertyValue]) -> Properties | None:
        """The attachment, as long as the policy is listed under exactly this name and type."""
        _, name, kind, holder = identifier.split(":", 3)
        reply = api.call(f"ListPoliciesFor{self._entity}", {f"{self._entity}Name": holder})
        attached = {(each["PolicyName"], each["PolicyType"]) for each in list_at(reply, "Policies", "Policy")}
        return {"policyName": name, "policyType": kind, self._key: holder} if (name, kind) in attached else None

    def update(self, api: Api, change: ResourceUpdate) -> None:
        """Nothing of it changes in place."""

    def delete(self, api: Api, identifier: str, state: Mapping[str, PropertyValue]) -> None:
        """Detach the policy."""
        _, name, kind, holder = identifier.split(":", 3)
        parameters = {"PolicyName": name, "PolicyType": kind, f"{self._entity}Name": holder}
        unless_gone(lambda: api.call(f"DetachPolicyFrom{self._entity}", parameters))


def _members(api: Api, group: str) -> list[str]:
    names: list[str] = []
    marker: str | None = None
    while True:
        reply = api.call("ListUsersForGroup", {"GroupName": group, "Marker": marker})
        names += [str(user["UserName"]) for user in list_at(reply, "Users", "User")]
        marker = reply.get("Marker")
        if not reply.get("IsTruncated") or not marker:
            return names


class UserGroupAttachmentHandler:
    """`alicloud.ram.UserGroupAttachment`; identifier `<group>:<user>`."""

    kind = RESOURCE_TYPES["alicloud:ram/userGroupAttachment:UserGroupAttachment"]

    def create(self, api: Api, inputs: Mapping[str, PropertyValue]) -> tuple[str, Properties]:
        """Put the user into the group; it may be there already."""
        group, user = first_text(inputs, "groupName"), first_text(inputs, "userName")
        try:
            api.call("AddUserToGroup", {"GroupName": group, "UserName": user})
        except CallRefusedError as error:
            if error.status != 409:
                raise
        return f"{group}:{user}", {}

    def read(self, api: Api, identifier: str, state: Mapping[str, PropertyValue]) -> Properties | None:
        """The membership."""
        group, user = identifier.split(":", 1)
        found = user in _members(api, group)
        return {"groupName": group, "userName": user} if found else None

    def update(self, api: Api, change: ResourceUpdate) -> None:
        """Nothing of it changes in place."""

    def delete(self, api: Api, identifier: str, state: Mapping[str, PropertyValue]) -> None:
        """Take the user out of the group."""
        group, user = identifier.split(":", 1)
        unless_gone(lambda: api.call("RemoveUserFromGroup", {"GroupName": group, "UserName": user}))


class GroupMembershipHandler:
    """`alicloud.ram.GroupMembership`: all members of a group; its identifier is the group's name."""

    kind = RESOURCE_TYPES["alicloud:ram/groupMembership:GroupMembership"]

    def create(self, api: Api, inputs: Mapping[str, PropertyValue]) -> tuple[str, Properties]:
        """Put the users into the group."""
        group = first_text(inputs, "groupName")
        self._add(api, group, _names(inputs))
        return group, {}

    def read(self, api: Api, identifier: str, state: Mapping[str, PropertyValue]) -> Properties | None:
        """The members; an empty group counts as gone."""
        members = _members(api, identifier)
        if not members:
            return None
        known = [name for name in _names(state) if name in members]
        names: list[PropertyValue] = [*known, *sorted(set(members) - set(known))]
        return {"groupName": identifier, "userNames": names}

    def update(self, api: Api, change: ResourceUpdate) -> None:
        """Add and remove what differs."""
        old, new = _names(change.state), _names(change.wanted)
        self._remove(api, change.id, [name for name in old if name not in new])
        self._add(api, change.id, [name for name in new if name not in old])

    def delete(self, api: Api, identifier: str, state: Mapping[str, PropertyValue]) -> None:
        """Take the users out of the group."""
        self._remove(api, identifier, _names(state))

    def _add(self, api: Api, group: str, users: Collection[str]) -> None:
        for user in users:
            api.call("AddUserToGroup", {"GroupName": group, "UserName": user})

    def _remove(self, api: Api, group: str, users: Collection[str]) -> None:
        for user in users:
            member = {"GroupName": group, "UserName": user}
            unless_gone(lambda member=member: api.call("RemoveUserFromGroup", member))


def _names(values: Mapping[str, PropertyValue]) -> list[str]:
    found = values.get("userNames")
    return [str(each) for each in found] if isinstance(found, list) else []


class AccountAliasHandler:
    """`alicloud.ram.AccountAlias`; its identifier is the account's id, and a deletion leaves the alias."""

    kind = RESOURCE_TYPES["alicloud:ram/accountAlias:AccountAlias"]

    def create(self, api: Api, inputs: Mapping[str, PropertyValue]) -> tuple[str, Properties]:
        """Set the alias."""
        api.call("SetAccountAlias", {"AccountAlias": inputs["accountAlias"]})
        return str(api.call("GetCallerIdentity", product="sts")["AccountId"]), {}

    def read(self, api: Api, identifier: str, state: Mapping[str, PropertyValue]) -> Properties | None:
        """The alias."""
        return {"accountAlias": api.call("GetAccountAlias").get("AccountAlias")}

    def update(self, api: Api, change: ResourceUpdate) -> None:
        """Set another alias."""
        api.call("SetAccountAlias", {"AccountAlias": change.wanted["accountAlias"]})

    def delete(self, api: Api, identifier: str, state: Mapping[str, PropertyValue]) -> None:
        """Nothing is called: the real provider calls nothing either."""


_ALL: Final[tuple[ResourceHandler, ...]] = (
    RoleHandler(),
    PolicyHandler(),
    UserHandler(),
    GroupHandler(),
    LoginProfileHandler(),
    AccessKeyHandler(),
    PolicyAttachmentHandler("Role"),
    PolicyAttachmentHandler("User"),
    PolicyAttachmentHandler("Group"),
    GroupMembershipHandler(),
    UserGroupAttachmentHandler(),
    AccountAliasHandler(),
)

HANDLERS: Final[Mapping[str, ResourceHandler]] = {handler.kind.token: handler for handler in _ALL}
"""The handler of every resource type, by token."""

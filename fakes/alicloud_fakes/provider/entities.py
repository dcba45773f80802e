"""Roles, policies, users and groups.

Each method makes the calls that the real provider makes for the type (resource_alicloud_ram_*.go, 1.285).
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast

from alicloud_fakes.provider.api import Api, CallRefusedError
from alicloud_fakes.provider.check_and_diff import Properties, PropertyValue
from alicloud_fakes.provider.handlers import (
    CONFLICT_PATIENCE,
    ResourceUpdate,
    first_text,
    given,
    is_gone,
    list_at,
    unless_gone,
)
from alicloud_fakes.provider.schema import RESOURCE_TYPES


def _tag_list(tags: PropertyValue) -> str | None:
    pairs = cast("dict[str, str]", tags) if isinstance(tags, dict) else {}
    return json.dumps([{"Key": key, "Value": value} for key, value in pairs.items()]) if pairs else None


def _retag(api: Api, kind: str, name: str, change: ResourceUpdate) -> None:
    if "tags" not in change.changed:
        return
    old = cast("dict[str, str]", change.state.get("tags") or {})
    new = cast("dict[str, str]", change.wanted.get("tags") or {})
    names = json.dumps([name])
    if removed := [key for key in old if key not in new]:
        api.call("UntagResources", {"ResourceType": kind, "ResourceNames": names, "TagKeys": json.dumps(removed)})
    added: dict[str, PropertyValue] = {key: value for key, value in new.items() if old.get(key) != value}
    if added:
        api.call("TagResources", {"ResourceType": kind, "ResourceNames": names, "Tag": _tag_list(added)})


def _tags(api: Api, kind: str, name: str) -> Properties:
    reply = api.call("ListTagResources", {"ResourceType": kind, "ResourceNames": json.dumps([name])})
    return {item["TagKey"]: item["TagValue"] for item in list_at(reply, "TagResources")}


def _present(**values: PropertyValue) -> Properties:
    """Outputs as the cloud tells them, empty texts, lists and maps included: the provider keeps them."""
    return {name: value for name, value in values.items() if value is not None}


def _as_list(value: PropertyValue) -> list[PropertyValue]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _patiently(delete: Callable[[], object]) -> None:
    """Delete; when something is still attached, wait a little and try again. Gone already is fine."""
    end = time.monotonic() + CONFLICT_PATIENCE
    while True:
        try:
            delete()
        except CallRefusedError as error:
            if is_gone(error):
                return
            if not error.code.startswith("DeleteConflict") or time.monotonic() > end:
                raise
            time.sleep(0.3)
        else:
            return


def _detach_all(api: Api, kind: str, name: str) -> None:
    """Take every policy from a role, user or group, for `force`."""
    for each in list_at(api.call(f"ListPoliciesFor{kind}", {f"{kind}Name": name}), "Policies", "Policy"):
        wanted = {"PolicyName": each["PolicyName"], "PolicyType": each["PolicyType"], f"{kind}Name": name}
        unless_gone(lambda wanted=wanted: api.call(f"DetachPolicyFrom{kind}", wanted))


class RoleHandler:
    """`alicloud.ram.Role`; its identifier is the role's name."""

    kind = RESOURCE_TYPES["alicloud:ram/role:Role"]

    def create(self, api: Api, inputs: Mapping[str, PropertyValue]) -> tuple[str, Properties]:
        """Make the role."""
        name = first_text(inputs, "roleName", "name")
        parameters = {
            "RoleName": name,
            "AssumeRolePolicyDocument": _trust(inputs),
            "Description": given(inputs, "description"),
            "MaxSessionDuration": inputs.get("maxSessionDuration"),
            "Tag": _tag_list(inputs.get("tags")),
        }
        reply = api.call("CreateRole", parameters)
        return str(reply["Role"]["RoleName"]), {}

    def read(self, api: Api, identifier: str, state: Mapping[str, PropertyValue]) -> Properties | None:
        """The role and its tags."""
        role = cast("dict[str, Any]", api.call("GetRole", {"RoleName": identifier})["Role"])
        document = role.get("AssumeRolePolicyDocument", "")
        principal, version = _principal(document)
        return _present(
            arn=role.get("Arn"),
            assumeRolePolicyDocument=document,
            document=document,
            createTime=role.get("CreateDate"),
            description=role.get("Description"),
            maxSessionDuration=role.get("MaxSessionDuration"),
            name=role.get("RoleName"),
            roleName=role.get("RoleName"),
            roleId=role.get("RoleId"),
            ramUsers=_as_list(principal.get("RAM")),
            services=_as_list(principal.get("Service")),
            version=version,
            tags=_tags(api, "role", identifier),
        )

    def update(self, api: Api, change: ResourceUpdate) -> None:
        """Change what can be changed in place."""
        trust = change.new("assumeRolePolicyDocument") or change.new("document")
        if {"ramUsers", "services", "version"} & set(change.changed):
            trust = _trust(change.wanted)
        parameters = {
            "NewAssumeRolePolicyDocument": trust,
            "NewDescription": change.new("description"),
            "NewMaxSessionDuration": change.new("maxSessionDuration", None),
        }
        if any(value is not None for value in parameters.values()):
            api.call("UpdateRole", {"RoleName": change.id, **parameters})
        _retag(api, "role", change.id, change)

    def delete(self, api: Api, identifier: str, state: Mapping[str, PropertyValue]) -> None:
        """Delete the role; with `force`, what is attached goes first."""
        if state.get("force") is True:
            unless_gone(lambda: _detach_all(api, "Role", identifier))
        _patiently(lambda: api.call("DeleteRole", {"RoleName": identifier}))


def _trust(inputs: Mapping[str, PropertyValue]) -> str | None:
    """The trust policy of a role: given as a document, else made of the deprecated lists of users and services."""
    document = first_text(inputs, "assumeRolePolicyDocument", "document")
    users, services = inputs.get("ramUsers"), inputs.get("services")
    if document or not (users or services):
        return document or None
    # To the letter as the real provider writes it: programs read the document back. Both lists are there, empty or not.
    principal = {"Service": services or [], "RAM": users or []}
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal}
    trust = {"Statement": [statement], "Version": first_text(inputs, "version") or "1"}
    return json.dumps(trust, separators=(",", ":"))


def _principal(document: str) -> tuple[dict[str, Any], str | None]:
    """Principal of the first statement, and the version; the deprecated outputs show them."""
    try:
        parsed = json.loads(document)
        return dict(parsed["Statement"][0].get("Principal") or {}), parsed.get("Version")
    except (ValueError, LookupError, TypeError, AttributeError):
        return {}, None


def _statements(document: str) -> tuple[list[PropertyValue], str | None]:
    """The statements of a policy document and its version; the deprecated outputs show them."""
    try:
        parsed = json.loads(document)
        found: list[PropertyValue] = [
            {
                "actions": _as_list(one.get("Action")),
                "effect": str(one.get("Effect")),
                "resources": _as_list(one.get("Resource")),
            }
            for one in parsed["Statement"]
        ]
        return found, parsed.get("Version")
    except (ValueError, LookupError, TypeError, AttributeError):
        return [], None


def _of_statements(inputs: Mapping[str, PropertyValue]) -> str | None:
    """The document of a policy that is given as the deprecated list of statements, as the real provider writes it."""
    statements = [one for one in _as_list(inputs.get("statements")) if isinstance(one, dict)]
    if not statements:
        return None
    written = [
        {"Effect": one.get("effect"), "Action": one.get("actions"), "Resource": one.get("resources")}
        for one in statements
    ]
    return json.dumps({"Statement": written, "Version": first_text(inputs, "version") or "1"}, separators=(",", ":"))


class PolicyHandler:
    """`alicloud.ram.Policy`; its identifier is the policy's name."""

    kind = RESOURCE_TYPES["alicloud:ram/policy:Policy"]

    def create(self, api: Api, inputs: Mapping[str, PropertyValue]) -> tuple[str, Properties]:
        """Make the policy with its first version."""
        parameters = {
            "PolicyName": first_text(inputs, "policyName", "name"),
            "PolicyDocument": first_text(inputs, "policyDocument", "document") or _of_statements(inputs),
            "Description": given(inputs, "description"),
            "Tag": _tag_list(inputs.get("tags")),
        }
        return str(api.call("CreatePolicy", parameters)["Policy"]["PolicyName"]), {}

    def read(self, api: Api, identifier: str, state: Mapping[str, PropertyValue]) -> Properties | None:
        """The policy, its default version and its tags."""
        reply = api.call("GetPolicy", {"PolicyName": identifier, "PolicyType": "Custom"})
        policy, version = (
            cast("dict[str, Any]", reply["Policy"]),
            cast("dict[str, Any]", reply["DefaultPolicyVersion"]),
        )
        document = version.get("PolicyDocument")
        statements, meaning = _statements(str(document))
        return _present(
            policyDocument=document,
            document=document,
            statements=statements,
            version=meaning,
            versionId=version.get("VersionId"),
            createTime=policy.get("CreateDate"),
            description=policy.get("Description"),
            policyName=policy.get("PolicyName"),
            name=policy.get("PolicyName"),
            defaultVersion=policy.get("DefaultVersion"),
            type=policy.get("PolicyType"),
            attachmentCount=policy.get("AttachmentCount", 0),
            tags=_tags(api, "policy", identifier),
        )

    def update(self, api: Api, change: ResourceUpdate) -> None:
        """A new document is a new default version."""
        document = change.new("policyDocument") or change.new("document")
        if not document and {"statements", "version"} & set(change.changed):
            document = _of_statements(change.wanted)
        if document:
            strategy = given(change.wanted, "rotateStrategy")
            parameters = {"PolicyName": change.id, "PolicyDocument": document, "SetAsDefault": True}
            api.call("CreatePolicyVersion", {**parameters, "RotateStrategy": strategy})
        if "description" in change.changed:
            api.call("UpdatePolicyDescription", {"PolicyName": change.id, "NewDescription": change.new("description")})
        _retag(api, "policy", change.id, change)

    def delete(self, api: Api, identifier: str, state: Mapping[str, PropertyValue]) -> None:
        """Delete the policy with all its versions; with `force`, it is detached everywhere first."""
        if state.get("force") is True:
            unless_gone(lambda: self._detach_everywhere(api, identifier))
        _patiently(lambda: api.call("DeletePolicy", {"PolicyName": identifier, "CascadingDelete": True}))

    def _detach_everywhere(self, api: Api, identifier: str) -> None:
        wanted = {"PolicyName": identifier, "PolicyType": "Custom"}
        entities = api.call("ListEntitiesForPolicy", wanted)
        for kind in ("User", "Group", "Role"):
            for each in list_at(entities, f"{kind}s", kind):
                call = {**wanted, f"{kind}Name": each[f"{kind}Name"]}
                unless_gone(lambda kind=kind, call=call: api.call(f"DetachPolicyFrom{kind}", call))


class UserHandler:
    """`alicloud.ram.User`; its identifier is the user's id, so a rename keeps it."""

    kind = RESOURCE_TYPES["alicloud:ram/user:User"]

    def create(self, api: Api, inputs: Mapping[str, PropertyValue]) -> tuple[str, Properties]:
        """Make the user."""
        parameters = {
            "UserName": first_text(inputs, "name"),
            "DisplayName": given(inputs, "displayName"),
            "MobilePhone": given(inputs, "mobile"),
            "Email": given(inputs, "email"),
            "Comments": given(inputs, "comments"),
        }
        return str(api.call("CreateUser", parameters)["User"]["UserId"]), {}

    def read(self, api: Api, identifier: str, state: Mapping[str, PropertyValue]) -> Properties | None:
        """The user, found by its id in the list of all."""
        name = self._name(api, identifier)
        if name is None:
            return None
        user = cast("dict[str, Any]", api.call("GetUser", {"UserName": name})["User"])
        return _present(
            name=user.get("UserName"),
            displayName=user.get("DisplayName"),
            mobile=user.get("MobilePhone"),
            email=user.get("Email"),
            comments=user.get("Comments"),
        )

    def update(self, api: Api, change: ResourceUpdate) -> None:
        """Change it in place, its name too."""
        names = {"UserName": change.state.get("name"), "NewUserName": first_text(change.wanted, "name")}
        parameters = {
            "NewDisplayName": change.new("displayName"),
            "NewMobilePhone": change.new("mobile"),
            "NewEmail": change.new("email"),
            "NewComments": change.new("comments"),
        }
        if "name" in change.changed or any(value is not None for value in parameters.values()):
            api.call("UpdateUser", {**names, **parameters})

    def delete(self, api: Api, identifier: str, state: Mapping[str, PropertyValue]) -> None:
        """Delete the user; with `force`, its keys, login, groups and policies go first."""
        name = self._name(api, identifier)
        if name is None:
            return
        if state.get("force") is True:
            self._empty(api, name)
        unless_gone(lambda: api.call("DeleteUser", {"UserName": name}))

    def _name(self, api: Api, identifier: str) -> str | None:
        """The name of the user with this id (or name: an import may give that)."""
        found = (u for u in all_pages(api, "ListUsers", "Users", "User") if identifier in {u["UserId"], u["UserName"]})
        return next((str(user["UserName"]) for user in found), None)

    def _empty(self, api: Api, name: str) -> None:
        user = {"UserName": name}
        for key in list_at(api.call("ListAccessKeys", user), "AccessKeys", "AccessKey"):
            api.call("DeleteAccessKey", {**user, "UserAccessKeyId": key["AccessKeyId"]})
        _detach_all(api, "User", name)
        for group in list_at(api.call("ListGroupsForUser", user), "Groups", "Group"):
            api.call("RemoveUserFromGroup", {**user, "GroupName": group["GroupName"]})
        for action in ("DeleteLoginProfile", "UnbindMFADevice"):
            unless_gone(lambda action=action: api.call(action, user))


def all_pages(api: Api, action: str, *path: str) -> Iterator[dict[str, Any]]:
    """Everything that an action lists, on all its pages."""
    marker: str | None = None
    while True:
        reply = api.call(action, {"MaxItems": 100, "Marker": marker})
        yield from list_at(reply, *path)
        marker = reply.get("Marker")
        if not reply.get("IsTruncated") or not marker:
            return


class GroupHandler:
    """`alicloud.ram.Group`; its identifier is the group's name."""

    kind = RESOURCE_TYPES["alicloud:ram/group:Group"]

    def create(self, api: Api, inputs: Mapping[str, PropertyValue]) -> tuple[str, Properties]:
        """Make the group."""
        name = first_text(inputs, "groupName", "name")
        reply = api.call("CreateGroup", {"GroupName": name, "Comments": given(inputs, "comments")})
        return str(reply["Group"]["GroupName"]), {}

    def read(self, api: Api, identifier: str, state: Mapping[str, PropertyValue]) -> Properties | None:
        """The group."""
        group = cast("dict[str, Any]", api.call("GetGroup", {"GroupName": identifier})["Group"])
        name = group.get("GroupName")
        create_time, comments = group.get("CreateDate"), group.get("Comments")
        return _present(name=name, groupName=name, createTime=create_time, comments=comments)

    def update(self, api: Api, change: ResourceUpdate) -> None:
        """Change the comments."""
        if "comments" in change.changed:
            api.call("UpdateGroup", {"GroupName": change.id, "NewComments": change.new("comments")})

    def delete(self, api: Api, identifier: str, state: Mapping[str, PropertyValue]) -> None:
        """Delete the group; with `force`, its members and policies go first."""
        if state.get("force") is True:
            unless_gone(lambda: self._empty(api, identifier))
        _patiently(lambda: api.call("DeleteGroup", {"GroupName": identifier}))

    def _empty(self, api: Api, name: str) -> None:
        for user in list_at(api.call("ListUsersForGroup", {"GroupName": name}), "Users", "User"):
            api.call("RemoveUserFromGroup", {"GroupName": name, "UserName": user["UserName"]})
        _detach_all(api, "Group", name)

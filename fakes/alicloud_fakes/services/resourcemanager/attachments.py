"""Policies of users, groups and roles, in the whole account or in one resource group.

Source: Alibaba Cloud, Resource Management, AttachPolicy, DetachPolicy, ListPolicyAttachments.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from alicloud_fakes.core.paging import paged
from alicloud_fakes.identity.models import Entity, Grant, Group, Role, User
from alicloud_fakes.pipeline.declare import ActionRequest, Length, OneOf
from alicloud_fakes.pipeline.registry import Reply
from alicloud_fakes.services.ims.models import DOMAIN
from alicloud_fakes.services.ram.attachments import attach, detach
from alicloud_fakes.services.ram.errors import fail
from alicloud_fakes.services.ram.lookup import group_of, role_of, user_of
from alicloud_fakes.services.ram.parameters import PolicyName, PolicyTypeName, policy_target
from alicloud_fakes.services.resourcemanager import resourcemanager
from alicloud_fakes.services.resourcemanager.groups import find_group
from alicloud_fakes.services.resourcemanager.models import ResourceManager
from alicloud_fakes.services.resourcemanager.parameters import Language, PageNumber, PageSize
from alicloud_fakes.services.resourcemanager.roles import principal_name

_USER, _GROUP, _ROLE = "IMSUser", "IMSGroup", "ServiceRole"
PrincipalType = Annotated[str, OneOf(_USER, _GROUP, _ROLE)]


class AttachPolicy(ActionRequest):
    resource_group_id: Annotated[str, Length(64, 1)]
    policy_type: PolicyTypeName
    policy_name: PolicyName
    principal_type: PrincipalType
    principal_name: Annotated[str, Length(256, 1)]


class DetachPolicy(AttachPolicy):
    pass


class ListPolicyAttachments(ActionRequest):
    resource_group_id: str = ""
    policy_type: PolicyTypeName | None = None
    policy_name: str = ""
    principal_type: PrincipalType | None = None
    principal_name: str = ""
    language: Language = "en"
    page_number: PageNumber = 1
    page_size: PageSize = 10


def _entity(state: ResourceManager, kind: str, name: str) -> Entity:
    """The principal of a name: ``AAA@company-a.onaliyun.com``, ``ops@group.company-a.onaliyun.com``, or of a role."""
    local, _, domain = name.partition("@")
    own = {state.account.alias.lower(), state.account.id}
    if kind == _ROLE:
        if domain != f"role.{state.account.id}.onaliyunservice.com":
            raise fail("EntityNotExist.Role")
        return role_of(state.ram, local)
    if kind == _GROUP:
        if domain.lower().removeprefix("group.").removesuffix(DOMAIN) not in own or not domain.startswith("group."):
            raise fail("EntityNotExist.Group")
        return group_of(state.ram, local)
    if domain.lower().removesuffix(DOMAIN) not in own:
        raise fail("EntityNotExist.User")
    return user_of(state.ram, local)


def _principal(state: ResourceManager, entity: Entity) -> tuple[str, str]:
    match entity:
        case User():
            return _USER, f"{entity.name}@{state.account.alias}{DOMAIN}"
        case Group():
            return _GROUP, f"{entity.name}@group.{state.account.alias}{DOMAIN}"
        case _:
            return _ROLE, principal_name(state, entity.name)


def _by_alias(state: ResourceManager, name: str) -> str:
    """The name of a user or group with the domain of the account's alias, where it has that of the account's ID."""
    local, _, domain = name.partition("@")
    prefix = "group." if domain.startswith("group.") else ""
    own = domain.removeprefix(prefix).removesuffix(DOMAIN) == state.account.id
    return f"{local}@{prefix}{state.account.alias}{DOMAIN}" if own else name


def _scope(state: ResourceManager, given: str) -> str:
    """The group of an attachment; the account's own ID stands for all groups."""
    return "" if given == state.account.id else find_group(state, given).id


def _with_policy(request: AttachPolicy) -> tuple[str, ...]:
    account = request.call.signed_by.account.id
    return policy_target(account, request.policy_type, request.policy_name), "*"


@resourcemanager.action(AttachPolicy, on=_with_policy)
def attach_policy(state: ResourceManager, request: AttachPolicy) -> Reply:
    """Give a principal a policy."""
    group = _scope(state, request.resource_group_id)
    entity = _entity(state, request.principal_type, request.principal_name)
    attach(state.ram, entity, request.policy_type, request.policy_name, group)
    return None


@resourcemanager.action(DetachPolicy, on=_with_policy)
def detach_policy(state: ResourceManager, request: DetachPolicy) -> Reply:
    """Take a policy from a principal."""
    group = _scope(state, request.resource_group_id)
    entity = _entity(state, request.principal_type, request.principal_name)
    detach(state.ram, entity, request.policy_type, request.policy_name, group)
    return None


def _grants(state: ResourceManager) -> Iterator[Grant]:
    ram = state.ram
    entities: list[User | Group | Role] = [*ram.users, *ram.groups, *ram.roles]
    for entity in entities:
        yield from entity.grants.values()


def _shown(state: ResourceManager, grant: Grant) -> dict[str, Any]:
    kind, name = _principal(state, grant.entity)
    return {
        "ResourceGroupId": grant.scope or state.account.id,
        "PolicyType": grant.policy.type,
        "PolicyName": grant.policy.name,
        "Description": grant.policy.description,
        "PrincipalType": kind,
        "PrincipalName": name,
        "AttachDate": grant.date,
    }


@resourcemanager.action(ListPolicyAttachments, on=lambda _: "*")
def list_policy_attachments(state: ResourceManager, request: ListPolicyAttachments) -> Reply:
    """List who has which policy where."""
    wanted = {
        "ResourceGroupId": request.resource_group_id,
        "PolicyType": request.policy_type,
        "PolicyName": request.policy_name,
        "PrincipalType": request.principal_type,
    }
    found = [
        row
        for row in (_shown(state, grant) for grant in _grants(state))
        if all(value in {"", None, row[name]} for name, value in wanted.items())
    ]
    if request.principal_name:
        principal = _by_alias(state, request.principal_name)
        found = [row for row in found if row["PrincipalName"] == principal]
    page, counts = paged(found, request)
    return {
        **counts,
        "PolicyAttachments": {"PolicyAttachment": page},
    }

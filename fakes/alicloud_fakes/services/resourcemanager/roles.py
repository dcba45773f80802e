"""Roles as Resource Manager shows them, service-linked ones among them.

Source: Alibaba Cloud, Resource Management, CreateRole, GetRole, ListRoles, UpdateRole, DeleteRole,
CreateServiceLinkedRole, DeleteServiceLinkedRole, GetServiceLinkedRoleDeletionStatus.
"""

from __future__ import annotations

from typing import Annotated, Any

from alicloud_fakes.core.errors import ApiError
from alicloud_fakes.core.paging import paged
from alicloud_fakes.identity.models import Role
from alicloud_fakes.pipeline.declare import ActionRequest, Length
from alicloud_fakes.pipeline.registry import Reply
from alicloud_fakes.services.ram import linked as ram_linked
from alicloud_fakes.services.ram import roles as ram_roles
from alicloud_fakes.services.ram.parameters import (
    Description,
    RoleName,
    SessionSeconds,
    TrustText,
    role_target,
)
from alicloud_fakes.services.resourcemanager import resourcemanager
from alicloud_fakes.services.resourcemanager.models import ResourceManager
from alicloud_fakes.services.resourcemanager.parameters import Language, PageNumber, PageSize, by_ram, pick
from ram_policies import limits

_BRIEF = ("RoleId", "RoleName", "Arn", "Description", "CreateDate")
_BASICS = (*_BRIEF, "MaxSessionDuration", "AssumeRolePolicyDocument")


class CreateRole(ActionRequest):
    role_name: RoleName
    assume_role_policy_document: TrustText
    description: Description = ""
    max_session_duration: SessionSeconds = limits.DEFAULT_SESSION_DURATION


class GetRole(ActionRequest):
    role_name: RoleName
    language: Language = "en"


class ListRoles(ActionRequest):
    language: Language = "en"
    page_number: PageNumber = 1
    page_size: PageSize = 10


class UpdateRole(ActionRequest):
    role_name: RoleName
    new_assume_role_policy_document: TrustText | None = None
    new_description: Description | None = None
    new_max_session_duration: SessionSeconds | None = None


class DeleteRole(ActionRequest):
    role_name: RoleName


class CreateServiceLinkedRole(ActionRequest):
    service_name: str
    custom_suffix: Annotated[str, Length(64)] = ""
    description: Description = ""


class DeleteServiceLinkedRole(ActionRequest):
    role_name: RoleName


class GetServiceLinkedRoleDeletionStatus(ActionRequest):
    deletion_task_id: Annotated[str, Length(256, 1)]


def principal_name(state: ResourceManager, role_name: str) -> str:
    """Name of a role as a principal."""
    return f"{role_name}@role.{state.account.id}.onaliyunservice.com"


def _shown(state: ResourceManager, found: Any, names: tuple[str, ...]) -> dict[str, Any]:  # noqa: ANN401 - RAM's answer
    return {**pick(found, names), "RolePrincipalName": principal_name(state, found["RoleName"])}


@resourcemanager.action(CreateRole, on=lambda r: role_target(r.role_name))
def create_role(state: ResourceManager, request: CreateRole) -> Reply:
    """Create a role."""
    made = by_ram(ram_roles.create_role, ram_roles.CreateRole, request)
    return {"Role": _shown(state, made["Role"], _BASICS)}


@resourcemanager.action(GetRole, on=lambda r: role_target(r.role_name))
def get_role(state: ResourceManager, request: GetRole) -> Reply:
    """Show a role."""
    found = by_ram(ram_roles.get_role, ram_roles.GetRole, request)["Role"]
    return {"Role": _shown(state, found, (*_BASICS, "UpdateDate", "IsServiceLinkedRole", "LatestDeletionTask"))}


def _listed(state: ResourceManager, role: Role) -> dict[str, Any]:
    return {
        **_shown(state, ram_roles.basics(state.ram, role), (*_BRIEF, "MaxSessionDuration")),
        "UpdateDate": role.updated,
        "IsServiceLinkedRole": bool(role.linked_service),
    }


@resourcemanager.action(ListRoles, on=lambda _: "role/*")
def list_roles(state: ResourceManager, request: ListRoles) -> Reply:
    """List roles by name."""
    roles = list(state.ram.roles)
    page, counts = paged(roles, request)
    return {
        **counts,
        "Roles": {"Role": [_listed(state, role) for role in page]},
    }


@resourcemanager.action(UpdateRole, on=lambda r: role_target(r.role_name))
def update_role(state: ResourceManager, request: UpdateRole) -> Reply:
    """Change a role; fields that are not sent stay."""
    found = by_ram(ram_roles.update_role, ram_roles.UpdateRole, request)["Role"]
    return {"Role": _shown(state, found, (*_BASICS, "UpdateDate"))}


@resourcemanager.action(DeleteRole, on=lambda r: role_target(r.role_name))
def delete_role(_: ResourceManager, request: DeleteRole) -> Reply:
    """Delete a role without policies."""
    return by_ram(ram_roles.delete_role, ram_roles.DeleteRole, request)


@resourcemanager.action(
    CreateServiceLinkedRole, on=lambda _: "role/*", context=lambda r: {"ram:ServiceName": r.service_name}
)
def create_service_linked_role(state: ResourceManager, request: CreateServiceLinkedRole) -> Reply:
    """Create the role of a service."""
    made = by_ram(ram_linked.create_service_linked_role, ram_linked.CreateServiceLinkedRole, request)["Role"]
    return {"Role": _shown(state, made, (*_BRIEF, "AssumeRolePolicyDocument", "IsServiceLinkedRole"))}


@resourcemanager.action(DeleteServiceLinkedRole, on=lambda r: role_target(r.role_name))
def delete_service_linked_role(state: ResourceManager, request: DeleteServiceLinkedRole) -> Reply:
    """Delete the role of a service. Its task is over at once."""
    reply = by_ram(ram_linked.delete_service_linked_role, ram_linked.DeleteServiceLinkedRole, request)
    state.tasks[reply["DeletionTaskId"]] = request.role_name
    return reply


@resourcemanager.action(GetServiceLinkedRoleDeletionStatus, on=lambda _: "role/*")
def get_service_linked_role_deletion_status(
    state: ResourceManager, request: GetServiceLinkedRoleDeletionStatus
) -> Reply:
    """Show how far a deletion is: all of them are over."""
    if request.deletion_task_id not in state.tasks:
        raise ApiError(404, "EntityNotExist.DeletionTask", "The deletion task does not exist.")
    return {"Status": "SUCCEEDED", "Reason": {"Message": "", "RoleUsages": {"RoleUsage": []}}}

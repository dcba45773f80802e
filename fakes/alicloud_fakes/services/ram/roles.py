"""Roles."""

from __future__ import annotations

from typing import Any

from alicloud_fakes.core.errors import malformed_policy
from alicloud_fakes.identity.models import Ram, Role, document_as_ram_reads_it
from alicloud_fakes.pipeline import tags
from alicloud_fakes.pipeline.declare import ActionRequest
from alicloud_fakes.pipeline.registry import Reply
from alicloud_fakes.services.ram import ram
from alicloud_fakes.services.ram.errors import fail
from alicloud_fakes.services.ram.lookup import role_of
from alicloud_fakes.services.ram.parameters import (
    Description,
    MaxItems,
    RoleName,
    SessionSeconds,
    Tags,
    TrustText,
    role_target,
)
from alicloud_fakes.services.ram.ram_tags import TAG_RULES, tagged_page
from alicloud_fakes.services.ram.users import list_page
from ram_policies import arn, limits
from ram_policies.document import Document, DocumentKind
from ram_policies.errors import InvalidInputError


class CreateRole(ActionRequest):
    role_name: RoleName
    assume_role_policy_document: TrustText
    description: Description = ""
    max_session_duration: SessionSeconds = limits.DEFAULT_SESSION_DURATION
    allow_console_login: bool = True
    tag: Tags | None = None


class GetRole(ActionRequest):
    role_name: RoleName


class UpdateRole(ActionRequest):
    role_name: RoleName
    new_assume_role_policy_document: TrustText | None = None
    new_description: Description | None = None
    new_max_session_duration: SessionSeconds | None = None
    new_allow_console_login: bool | None = None


class DeleteRole(ActionRequest):
    role_name: RoleName


class ListRoles(ActionRequest):
    marker: str = ""
    max_items: MaxItems = 100
    tag: Tags | None = None


def _listed(ram: Ram, role: Role) -> dict[str, Any]:
    return {
        "RoleId": role.id,
        "RoleName": role.name,
        "Arn": arn.role_arn(ram.account.id, role.name),
        "Description": role.description,
        "MaxSessionDuration": role.max_session,
        "AllowConsoleLogin": role.console_login,
        "CreateDate": role.created,
    }


def basics(ram: Ram, role: Role) -> dict[str, Any]:
    """A role, as CreateRole answers it."""
    return {**_listed(ram, role), "AssumeRolePolicyDocument": role.trust_text}


def _trust_context(request: CreateRole) -> dict[str, tuple[str, ...]]:
    try:
        document = document_as_ram_reads_it(request.assume_role_policy_document, DocumentKind.TRUST)
    except Exception:  # noqa: BLE001 - whatever is wrong with it is said when the role is created
        return {}
    kinds: set[str] = set()
    services: set[str] = set()
    for statement in document.statements:
        if statement.principals is not None:
            kinds |= {"RAM"} if statement.principals.ram else set()
            kinds |= {"Service"} if statement.principals.service else set()
            kinds |= {"Federated"} if statement.principals.federated else set()
            services |= set(statement.principals.service)
    return {"ram:TrustedPrincipalTypes": tuple(sorted(kinds)), "ram:ServiceNames": tuple(sorted(services))}


@ram.action(CreateRole, on=lambda r: role_target(r.role_name), context=_trust_context)
def create_role(ram: Ram, request: CreateRole) -> Reply:
    """Create a role."""
    if request.role_name in ram.roles:
        raise fail("EntityAlreadyExists.Role")
    refuse_bad_trust(ram, request.assume_role_policy_document)
    if len(ram.roles) >= limits.ROLES_PER_ACCOUNT:
        raise fail("LimitExceeded.Role")
    new_tags = TAG_RULES.added({}, request.tag)
    now = ram.now()
    role = Role(
        ram.new_id(),
        request.role_name,
        now,
        now,
        trust_text=request.assume_role_policy_document,
        description=request.description,
        max_session=request.max_session_duration,
        console_login=request.allow_console_login,
    )
    role.tags = new_tags
    add_role(ram, role)
    return {"Role": basics(ram, role)}


def add_role(ram: Ram, role: Role) -> None:
    """Store a new role."""
    ram.roles.add(role.name, role)
    ram.roles_by_id[role.id] = role


def refuse_bad_trust(ram: Ram, text: str) -> None:
    """Refuse a trust policy that is malformed, or names a user or role that does not exist."""
    document = document_as_ram_reads_it(text, DocumentKind.TRUST)
    for principal in _named(document):
        try:
            name = arn.Arn.parse(principal)
        except InvalidInputError:
            continue
        account = ram.account.cloud.accounts.get(name.account)
        if account is None:
            # Other accounts of the real cloud cannot be looked into; only what is here can be known to be missing.
            continue
        known = {"user": account.ram.users, "role": account.ram.roles}.get(name.resource_type)
        if known is not None and name.name not in known:
            # unconfirmed.TRUST_PRINCIPAL_MISSING
            raise malformed_policy(f"The principal {principal} does not exist.")


def _named(document: Document) -> list[str]:
    return [name for statement in document.statements if statement.principals for name in statement.principals.ram]


@ram.action(GetRole, on=lambda r: role_target(r.role_name))
def get_role(ram: Ram, request: GetRole) -> Reply:
    """Show a role."""
    role = role_of(ram, request.role_name)
    reply = {
        **basics(ram, role),
        "UpdateDate": role.updated,
        "IsServiceLinkedRole": bool(role.linked_service),
        "RolePrincipalName": f"{role.name}@role.{ram.account.id}.onaliyunservice.com",
    }
    if role.deletion_task is not None:
        task, date = role.deletion_task
        reply["LatestDeletionTask"] = {"DeletionTaskId": task, "CreateDate": date}
    return {"Role": reply}


@ram.action(UpdateRole, on=lambda r: role_target(r.role_name))
def update_role(ram: Ram, request: UpdateRole) -> Reply:
    """Change a role; fields that are not sent stay. Sessions that exist already do not notice."""
    role = role_of(ram, request.role_name)
    if role.linked_service:
        raise fail("NotSupport.ServiceLinkedRole")
    if request.new_assume_role_policy_document is not None:
        refuse_bad_trust(ram, request.new_assume_role_policy_document)
        role.trust_text = request.new_assume_role_policy_document
    if request.new_description is not None:
        role.description = request.new_description
    if request.new_max_session_duration is not None:
        role.max_session = request.new_max_session_duration
    if request.new_allow_console_login is not None:
        role.console_login = request.new_allow_console_login
    role.updated = ram.now()
    return {"Role": {**basics(ram, role), "UpdateDate": role.updated}}


@ram.action(DeleteRole, on=lambda r: role_target(r.role_name))
def delete_role(ram: Ram, request: DeleteRole) -> Reply:
    """Delete a role without policies. Its sessions end with it."""
    role = role_of(ram, request.role_name)
    if role.linked_service:
        raise fail("NotSupport.ServiceLinkedRole")
    if role.grants:
        raise fail("DeleteConflict.Role.Policy")
    remove_role(ram, role)
    return None


def remove_role(ram: Ram, role: Role) -> None:
    """Delete a role."""
    ram.roles.remove(role.name)
    del ram.roles_by_id[role.id]
    ram.forget(role)


@ram.action(ListRoles, on=lambda _: "role/*")
def list_roles(ram: Ram, request: ListRoles) -> Reply:
    """List roles by name, all or those that carry some tags."""
    roles, marker = tagged_page(ram.roles, request.tag, request.marker, request.max_items)
    listed = [{**_listed(ram, role), "UpdateDate": role.updated, "Tags": tags.shown_tags(role.tags)} for role in roles]
    return list_page("Roles", "Role", listed, marker)

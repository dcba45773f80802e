"""Service-linked roles: roles that a cloud service makes for itself, after a template."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from alicloud_fakes.identity.models import Ram, Role
from alicloud_fakes.pipeline.declare import ActionRequest, Problem, Wrong
from alicloud_fakes.pipeline.registry import Reply
from alicloud_fakes.services.ram import ram
from alicloud_fakes.services.ram.errors import fail, refuse
from alicloud_fakes.services.ram.lookup import role_of
from alicloud_fakes.services.ram.parameters import Description, RoleName, role_target
from alicloud_fakes.services.ram.roles import add_role, basics, remove_role
from ram_policies import limits


@dataclass(frozen=True, slots=True)
class Template:
    """Template of a service-linked role."""

    service: str
    prefix: str
    policy: str
    description: str
    several: bool = False


def _template(service: str, name: str) -> tuple[str, Template]:
    principal = f"{service}.aliyuncs.com"
    return principal, Template(
        principal,
        f"AliyunServiceRoleFor{name}",
        f"AliyunServiceRolePolicyFor{name}",
        f"{name} uses this role to access your resources in other cloud products.",
    )


# Alibaba Cloud, RAM, "Cloud services that support service-linked roles": some of them.
TEMPLATES = dict(
    (
        _template("actiontrail", "ActionTrail"),
        _template("alb", "Alb"),
        _template("config", "Config"),
        _template("engine.dataworks", "DataworksEngine"),
        _template("ess", "AutoScaling"),
        _template("fc", "FC"),
        _template("hdr", "HDR"),
        _template("mongodb", "MongoDB"),
        _template("nlb", "Nlb"),
        _template("polardb", "PolarDB"),
        _template("r-kvstore", "Kvstore"),
        _template("resourcecenter", "ResourceCenter"),
    )
)


class CreateServiceLinkedRole(ActionRequest):
    service_name: str
    custom_suffix: str = ""
    description: Description = ""


class DeleteServiceLinkedRole(ActionRequest):
    role_name: RoleName


class GetServiceLinkedRoleTemplate(ActionRequest):
    service_name: str


def template_of(service: str) -> Template:
    """The template of a service, or EntityNotExist.ServiceLinkedRoleTemplate."""
    template = TEMPLATES.get(service)
    if template is None:
        raise fail("EntityNotExist.ServiceLinkedRoleTemplate")
    return template


@ram.action(CreateServiceLinkedRole, on=lambda _: "role/*", context=lambda r: {"ram:ServiceName": r.service_name})
def create_service_linked_role(ram: Ram, request: CreateServiceLinkedRole) -> Reply:
    """Create the role of a service."""
    return {"Role": linked_basics(ram, new_linked_role(ram, request))}


def new_linked_role(ram: Ram, request: CreateServiceLinkedRole) -> Role:
    """Create the role of a service."""
    template = template_of(request.service_name)
    if request.custom_suffix and not template.several:
        raise refuse(Wrong("CustomSuffix", Problem.CHOICE))
    name = template.prefix + (f"_{request.custom_suffix}" if request.custom_suffix else "")
    if name in ram.roles:
        raise fail("EntityAlreadyExists.Role")
    if len(ram.roles) >= limits.ROLES_PER_ACCOUNT:
        raise fail("LimitExceeded.Role")
    statement = {"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"Service": [template.service]}}
    now = ram.now()
    role = Role(
        ram.new_id(),
        name,
        now,
        now,
        trust_text=json.dumps({"Statement": [statement], "Version": "1"}, separators=(",", ":")),
        description=request.description if template.several else template.description,
        console_login=False,
        linked_service=template.service,
    )
    add_role(ram, role)
    return role


def linked_basics(ram: Ram, role: Role) -> dict[str, Any]:
    """A service-linked role, as CreateServiceLinkedRole answers it."""
    shown = basics(ram, role)
    del shown["MaxSessionDuration"], shown["AllowConsoleLogin"]
    return {**shown, "IsServiceLinkedRole": True}


def _linked_context(request: DeleteServiceLinkedRole) -> dict[str, str]:
    role = request.call.signed_by.account.ram.roles.get(request.role_name)
    return {"ram:ServiceName": role.linked_service} if role is not None else {}


@ram.action(DeleteServiceLinkedRole, on=lambda r: role_target(r.role_name), context=_linked_context)
def delete_service_linked_role(ram: Ram, request: DeleteServiceLinkedRole) -> Reply:
    """Delete the role of a service. The task that the real cloud runs for it is over at once."""
    role = role_of(ram, request.role_name)
    if not role.linked_service:
        raise fail("EntityNotExist.Role")
    for grant in list(role.grants.values()):
        grant.policy.grants.remove(grant)
    remove_role(ram, role)
    return {"DeletionTaskId": f"task/{role.name.lower()}/{ram.account.cloud.entropy.bytes(16).hex()}"}


@ram.action(GetServiceLinkedRoleTemplate, on=lambda _: "role/*")
def get_service_linked_role_template(_: Ram, request: GetServiceLinkedRoleTemplate) -> Reply:
    """Show the template of a service."""
    template = template_of(request.service_name)
    return {
        "ServiceLinkedRoleTemplate": {
            "ServiceName": template.service,
            "RoleNamePrefix": template.prefix,
            "SystemPolicyName": template.policy,
            "MultipleRolesAllowed": template.several,
            "RoleDescriptions": {"RoleDescription": [{"Language": "en", "Description": template.description}]},
        }
    }

"""Policies of users, groups and roles."""

from __future__ import annotations

from alicloud_fakes.identity.models import Entity, Grant, Ram
from alicloud_fakes.pipeline.declare import ActionRequest
from alicloud_fakes.pipeline.registry import Reply
from alicloud_fakes.services.ram import ram
from alicloud_fakes.services.ram.errors import fail
from alicloud_fakes.services.ram.lookup import group_of, policy_of, role_of, user_of
from alicloud_fakes.services.ram.parameters import (
    GroupName,
    PolicyName,
    PolicyTypeName,
    ResourceGroupId,
    RoleName,
    UserName,
    policy_target,
    role_target,
)
from ram_policies import limits

# (entity, policy type): quota
_QUOTAS = {
    ("User", "Custom"): limits.CUSTOM_POLICIES_PER_USER,
    ("User", "System"): limits.SYSTEM_POLICIES_PER_USER,
    ("Group", "Custom"): limits.CUSTOM_POLICIES_PER_GROUP,
    ("Group", "System"): limits.SYSTEM_POLICIES_PER_GROUP,
    ("Role", "Custom"): limits.CUSTOM_POLICIES_PER_ROLE,
    ("Role", "System"): limits.SYSTEM_POLICIES_PER_ROLE,
}


class _PolicyOf(ActionRequest):
    policy_name: PolicyName
    policy_type: PolicyTypeName
    resource_group_id: ResourceGroupId = ""


class AttachPolicyToUser(_PolicyOf):
    user_name: UserName


class DetachPolicyFromUser(AttachPolicyToUser):
    pass


class AttachPolicyToGroup(_PolicyOf):
    group_name: GroupName


class DetachPolicyFromGroup(AttachPolicyToGroup):
    pass


class AttachPolicyToRole(_PolicyOf):
    role_name: RoleName


class DetachPolicyFromRole(AttachPolicyToRole):
    pass


class ListPoliciesForUser(ActionRequest):
    user_name: UserName


class ListPoliciesForGroup(ActionRequest):
    group_name: GroupName


class ListPoliciesForRole(ActionRequest):
    role_name: RoleName


def _with(entity: str, request: _PolicyOf) -> tuple[str, str]:
    account = request.call.signed_by.account.id
    return entity, policy_target(account, request.policy_type, request.policy_name)


def attach(ram: Ram, entity: Entity, policy_type: str, policy_name: str, resource_group: str) -> None:
    """Give a user, group or role a policy.

    Raises:
        ApiError: there is no such policy, it is attached already, or there are too many.
    """
    policy = policy_of(ram, policy_type, policy_name)
    kind = type(entity).__name__
    key = (*policy.key, resource_group)
    if key in entity.grants:
        raise fail(f"EntityAlreadyExists.{kind}.Policy")
    if sum(1 for grant in entity.grants.values() if grant.policy.type == policy.type) >= _QUOTAS[kind, policy.type]:
        raise fail(f"LimitExceeded.{kind}.Policy")
    grant = Grant(policy, entity, resource_group, ram.now())
    entity.grants[key] = grant
    policy.grants.append(grant)
    ram.touch(entity)


def detach(ram: Ram, entity: Entity, policy_type: str, policy_name: str, resource_group: str) -> None:
    """Take a policy from a user, group or role.

    Raises:
        ApiError: there is no such policy, or it is not attached.
    """
    policy = policy_of(ram, policy_type, policy_name)
    grant = entity.grants.pop((*policy.key, resource_group), None)
    if grant is None:
        raise fail(f"EntityNotExist.{type(entity).__name__}.Policy")
    policy.grants.remove(grant)
    ram.touch(entity)


def _attach(ram: Ram, entity: Entity, request: _PolicyOf) -> Reply:
    attach(ram, entity, request.policy_type, request.policy_name, request.resource_group_id)
    return None


def _detach(ram: Ram, entity: Entity, request: _PolicyOf) -> Reply:
    detach(ram, entity, request.policy_type, request.policy_name, request.resource_group_id)
    return None


def _list(entity: Entity) -> Reply:
    return {
        "Policies": {
            "Policy": [
                {
                    "PolicyName": grant.policy.name,
                    "PolicyType": grant.policy.type,
                    "Description": grant.policy.description,
                    "DefaultVersion": grant.policy.default,
                    "AttachDate": grant.date,
                }
                for grant in entity.grants.values()
            ]
        }
    }


@ram.action(AttachPolicyToUser, on=lambda r: _with(f"user/{r.user_name}", r))
def attach_policy_to_user(ram: Ram, request: AttachPolicyToUser) -> Reply:
    """Give a user a policy."""
    return _attach(ram, user_of(ram, request.user_name), request)


@ram.action(DetachPolicyFromUser, on=lambda r: _with(f"user/{r.user_name}", r))
def detach_policy_from_user(ram: Ram, request: DetachPolicyFromUser) -> Reply:
    """Take a policy from a user."""
    return _detach(ram, user_of(ram, request.user_name), request)


@ram.action(AttachPolicyToGroup, on=lambda r: _with(f"group/{r.group_name}", r))
def attach_policy_to_group(ram: Ram, request: AttachPolicyToGroup) -> Reply:
    """Give a group a policy."""
    return _attach(ram, group_of(ram, request.group_name), request)


@ram.action(DetachPolicyFromGroup, on=lambda r: _with(f"group/{r.group_name}", r))
def detach_policy_from_group(ram: Ram, request: DetachPolicyFromGroup) -> Reply:
    """Take a policy from a group."""
    return _detach(ram, group_of(ram, request.group_name), request)


@ram.action(AttachPolicyToRole, on=lambda r: _with(role_target(r.role_name), r))
def attach_policy_to_role(ram: Ram, request: AttachPolicyToRole) -> Reply:
    """Give a role a policy."""
    return _attach(ram, role_of(ram, request.role_name), request)


@ram.action(DetachPolicyFromRole, on=lambda r: _with(role_target(r.role_name), r))
def detach_policy_from_role(ram: Ram, request: DetachPolicyFromRole) -> Reply:
    """Take a policy from a role. Its sessions notice at their next request."""
    return _detach(ram, role_of(ram, request.role_name), request)


@ram.action(ListPoliciesForUser, on=lambda r: f"user/{r.user_name}")
def list_policies_for_user(ram: Ram, request: ListPoliciesForUser) -> Reply:
    """List the policies of a user."""
    return _list(user_of(ram, request.user_name))


@ram.action(ListPoliciesForGroup, on=lambda r: f"group/{r.group_name}")
def list_policies_for_group(ram: Ram, request: ListPoliciesForGroup) -> Reply:
    """List the policies of a group."""
    return _list(group_of(ram, request.group_name))


@ram.action(ListPoliciesForRole, on=lambda r: role_target(r.role_name))
def list_policies_for_role(ram: Ram, request: ListPoliciesForRole) -> Reply:
    """List the policies of a role."""
    return _list(role_of(ram, request.role_name))

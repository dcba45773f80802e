"""Finding things, or answering that they do not exist."""

from __future__ import annotations

from alicloud_fakes.identity.models import Group, Policy, PolicyVersion, Ram, Role, User
from alicloud_fakes.services.ram.errors import fail


def user_of(ram: Ram, name: str) -> User:
    """The user of that name, or EntityNotExist.User."""
    user = ram.users.get(name)
    if user is None:
        raise fail("EntityNotExist.User")
    return user


def group_of(ram: Ram, name: str) -> Group:
    """The group of that name, or EntityNotExist.Group."""
    group = ram.groups.get(name)
    if group is None:
        raise fail("EntityNotExist.Group")
    return group


def role_of(ram: Ram, name: str) -> Role:
    """The role of that name, or EntityNotExist.Role."""
    role = ram.roles.get(name)
    if role is None:
        raise fail("EntityNotExist.Role")
    return role


def policy_of(ram: Ram, policy_type: str, name: str) -> Policy:
    """The policy of that name, or EntityNotExist.Policy."""
    policy = ram.policy(policy_type, name)
    if policy is None:
        raise fail("EntityNotExist.Policy")
    return policy


def version_of(policy: Policy, version: str) -> PolicyVersion:
    """The version of a policy, or EntityNotExist.Policy.Version."""
    found = policy.versions.get(version)
    if found is None:
        raise fail("EntityNotExist.Policy.Version")
    return found

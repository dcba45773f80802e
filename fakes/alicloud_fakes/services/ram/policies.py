"""Policies and their versions."""

from __future__ import annotations

from bisect import bisect_right
from functools import cache
from typing import Annotated, Any

from alicloud_fakes.core.paging import make_marker, open_marker
from alicloud_fakes.identity.models import Group, Policy, PolicyVersion, Ram, Role, User, document_as_ram_reads_it
from alicloud_fakes.pipeline import tags
from alicloud_fakes.pipeline.declare import ActionRequest, OneOf
from alicloud_fakes.pipeline.registry import Reply
from alicloud_fakes.services.ram import ram
from alicloud_fakes.services.ram.errors import fail
from alicloud_fakes.services.ram.lookup import policy_of, version_of
from alicloud_fakes.services.ram.parameters import (
    Description,
    MaxItems,
    PolicyName,
    PolicyText,
    PolicyTypeName,
    Tags,
    VersionId,
    policy_target,
)
from alicloud_fakes.services.ram.ram_tags import TAG_RULES
from alicloud_fakes.services.ram.users import list_page
from ram_policies import arn, limits
from ram_policies.document import DocumentKind
from ram_policies.system_policies import system_policies

ROTATE = "DeleteOldestNonDefaultVersionWhenLimitExceeded"


class CreatePolicy(ActionRequest):
    policy_name: PolicyName
    policy_document: PolicyText
    description: Description = ""
    tag: Tags | None = None


class GetPolicy(ActionRequest):
    policy_name: PolicyName
    policy_type: PolicyTypeName


class UpdatePolicyDescription(ActionRequest):
    policy_name: PolicyName
    new_description: Description


class DeletePolicy(ActionRequest):
    policy_name: PolicyName
    cascading_delete: bool = False


class ListPolicies(ActionRequest):
    policy_type: PolicyTypeName | None = None
    marker: str = ""
    max_items: MaxItems = 100
    tag: Tags | None = None


class CreatePolicyVersion(ActionRequest):
    policy_name: PolicyName
    policy_document: PolicyText
    set_as_default: bool = False
    rotate_strategy: Annotated[str, OneOf("None", ROTATE)] = "None"


class GetPolicyVersion(ActionRequest):
    policy_name: PolicyName
    policy_type: PolicyTypeName
    version_id: VersionId


class DeletePolicyVersion(ActionRequest):
    policy_name: PolicyName
    version_id: VersionId


class SetDefaultPolicyVersion(DeletePolicyVersion):
    pass


class ListPolicyVersions(ActionRequest):
    policy_name: PolicyName
    policy_type: PolicyTypeName


class ListEntitiesForPolicy(ListPolicyVersions):
    pass


def basics(policy: Policy) -> dict[str, Any]:
    """A policy, as CreatePolicy answers it."""
    return {
        "PolicyName": policy.name,
        "PolicyType": policy.type,
        "Description": policy.description,
        "DefaultVersion": policy.default,
        "CreateDate": policy.created,
    }


def _version(policy: Policy, version: PolicyVersion) -> dict[str, Any]:
    return {
        "VersionId": version.id,
        "IsDefaultVersion": version.id == policy.default,
        "PolicyDocument": version.text,
        "CreateDate": version.created,
    }


def _policy_of_request(request: GetPolicy | GetPolicyVersion | ListPolicyVersions) -> str:
    return policy_target(request.call.signed_by.account.id, request.policy_type, request.policy_name)


@ram.action(CreatePolicy, on=lambda _: "policy/*")
def create_policy(ram: Ram, request: CreatePolicy) -> Reply:
    """Create a custom policy; its first version is the default."""
    if request.policy_name in ram.policies:
        raise fail("EntityAlreadyExists.Policy")
    document_as_ram_reads_it(request.policy_document, DocumentKind.IDENTITY)
    if len(ram.policies) >= limits.CUSTOM_POLICIES_PER_ACCOUNT:
        raise fail("LimitExceeded.Policy")
    new_tags = TAG_RULES.added({}, request.tag)
    now = ram.now()
    first = PolicyVersion("v1", request.policy_document, now)
    policy = Policy(request.policy_name, "Custom", request.description, now, now, {"v1": first}, "v1", tags=new_tags)
    ram.policies.add(policy.name, policy)
    return {"Policy": basics(policy)}


@ram.action(GetPolicy, on=_policy_of_request)
def get_policy(ram: Ram, request: GetPolicy) -> Reply:
    """Show a policy and its default version."""
    policy = policy_of(ram, request.policy_type, request.policy_name)
    default = policy.versions[policy.default]
    return {
        "Policy": {
            **basics(policy),
            "UpdateDate": policy.updated,
            "AttachmentCount": len(policy.grants),
            "PolicyDocument": default.text,
        },
        "DefaultPolicyVersion": _version(policy, default),
    }


@ram.action(UpdatePolicyDescription, on=lambda r: f"policy/{r.policy_name}")
def update_policy_description(ram: Ram, request: UpdatePolicyDescription) -> Reply:
    """Change a policy's description."""
    policy = policy_of(ram, "Custom", request.policy_name)
    policy.description = request.new_description
    policy.updated = ram.now()
    return {"Policy": {**basics(policy), "UpdateDate": policy.updated}}


@ram.action(DeletePolicy, on=lambda r: f"policy/{r.policy_name}")
def delete_policy(ram: Ram, request: DeletePolicy) -> Reply:
    """Delete a policy that is attached to nothing. Cascading deletes its versions too; it never detaches."""
    policy = policy_of(ram, "Custom", request.policy_name)
    for grant in policy.grants:
        raise fail(f"DeleteConflict.Policy.{type(grant.entity).__name__}")
    if len(policy.versions) > 1 and not request.cascading_delete:
        raise fail("DeleteConflict.Policy.Version")
    ram.policies.remove(policy.name)
    return None


@ram.action(ListPolicies, on=lambda _: "policy/*")
def list_policies(ram: Ram, request: ListPolicies) -> Reply:
    """List policies: system policies first, then the account's own, each by name."""
    policies, marker = _policy_page(ram, request)
    listed = [
        {
            **basics(policy),
            "UpdateDate": policy.updated,
            "AttachmentCount": len(policy.grants),
            "Tags": tags.shown_tags(policy.tags),
        }
        for policy in policies
    ]
    return list_page("Policies", "Policy", listed, marker)


@cache
def _system_names() -> list[str]:
    return sorted(name.lower() for name in system_policies())


def _policy_page(ram: Ram, request: ListPolicies) -> tuple[list[Policy], str]:
    """System policies have the marker keys ``s:<name>``, custom ones ``u:<name>``: system sorts first."""
    after = open_marker(request.marker) if request.marker else ""
    wanted = request.tag or []
    found: list[Policy] = []
    if request.policy_type != "Custom" and not wanted and not after.startswith("u:"):
        names = _system_names()
        start = bisect_right(names, after[2:]) if after.startswith("s:") else 0
        system = [ram.policy("System", name) for name in names[start : start + request.max_items + 1]]
        found += [policy for policy in system if policy is not None]
    if request.policy_type != "System":
        marker = make_marker(after[2:]) if after.startswith("u:") else ""
        while len(found) <= request.max_items:
            values, marker = ram.policies.page(marker, request.max_items + 1)
            found += [policy for policy in values if tags.carries(policy.tags, wanted)]
            if not marker:
                break
    if len(found) <= request.max_items:
        return found, ""
    found = found[: request.max_items]
    last = found[-1]
    return found, make_marker(("s:" if last.type == "System" else "u:") + last.name.lower())


@ram.action(CreatePolicyVersion, on=lambda r: f"policy/{r.policy_name}")
def create_policy_version(ram: Ram, request: CreatePolicyVersion) -> Reply:
    """Add a version, at most five; the oldest that is not the default makes room when asked to."""
    policy = policy_of(ram, "Custom", request.policy_name)
    document_as_ram_reads_it(request.policy_document, DocumentKind.IDENTITY)
    if len(policy.versions) >= limits.VERSIONS_PER_POLICY:
        if request.rotate_strategy != ROTATE:
            raise fail("LimitExceeded.Policy.Version")
        del policy.versions[next(version for version in policy.versions if version != policy.default)]
    now = ram.now()
    version = PolicyVersion(f"v{policy.next_version}", request.policy_document, now)
    policy.next_version += 1  # unconfirmed.VERSION_NUMBERS
    policy.versions[version.id] = version
    if request.set_as_default:
        _set_default(ram, policy, version.id)
    policy.updated = now
    return {"PolicyVersion": _version(policy, version)}


def _set_default(ram: Ram, policy: Policy, version: str) -> None:
    policy.default = version
    ram.touch_policy(policy)


@ram.action(GetPolicyVersion, on=_policy_of_request)
def get_policy_version(ram: Ram, request: GetPolicyVersion) -> Reply:
    """Show a version."""
    policy = policy_of(ram, request.policy_type, request.policy_name)
    return {"PolicyVersion": _version(policy, version_of(policy, request.version_id))}


@ram.action(DeletePolicyVersion, on=lambda r: f"policy/{r.policy_name}")
def delete_policy_version(ram: Ram, request: DeletePolicyVersion) -> Reply:
    """Delete a version that is not the default."""
    policy = policy_of(ram, "Custom", request.policy_name)
    version = version_of(policy, request.version_id)
    if version.id == policy.default:
        raise fail("DeleteConflict.Policy.Version.Default")
    del policy.versions[version.id]
    policy.updated = ram.now()
    return None


@ram.action(SetDefaultPolicyVersion, on=lambda r: f"policy/{r.policy_name}")
def set_default_policy_version(ram: Ram, request: SetDefaultPolicyVersion) -> Reply:
    """Make a version the one that counts."""
    policy = policy_of(ram, "Custom", request.policy_name)
    _set_default(ram, policy, version_of(policy, request.version_id).id)
    policy.updated = ram.now()
    return None


@ram.action(ListPolicyVersions, on=_policy_of_request)
def list_policy_versions(ram: Ram, request: ListPolicyVersions) -> Reply:
    """List the versions of a policy."""
    policy = policy_of(ram, request.policy_type, request.policy_name)
    return {"PolicyVersions": {"PolicyVersion": [_version(policy, one) for one in policy.versions.values()]}}


@ram.action(ListEntitiesForPolicy, on=_policy_of_request)
def list_entities_for_policy(ram: Ram, request: ListEntitiesForPolicy) -> Reply:
    """List who has a policy."""
    policy = policy_of(ram, request.policy_type, request.policy_name)
    users: list[dict[str, Any]] = []
    groups: list[dict[str, Any]] = []
    roles: list[dict[str, Any]] = []
    for grant in policy.grants:
        match grant.entity:
            case User() as user:
                shown = {"UserId": user.id, "UserName": user.name, "DisplayName": user.display_name}
                users.append({**shown, "AttachDate": grant.date})
            case Group() as group:
                groups.append({"GroupName": group.name, "Comments": group.comments, "AttachDate": grant.date})
            case Role() as role:
                shown = {"RoleId": role.id, "RoleName": role.name, "Arn": arn.role_arn(ram.account.id, role.name)}
                roles.append({**shown, "Description": role.description, "AttachDate": grant.date})
            case _:
                pass
    return {"Users": {"User": users}, "Groups": {"Group": groups}, "Roles": {"Role": roles}}

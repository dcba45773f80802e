"""Policies and their versions as Resource Manager shows them.

Source: Alibaba Cloud, Resource Management, CreatePolicy, GetPolicy, ListPolicies, DeletePolicy, CreatePolicyVersion,
GetPolicyVersion, ListPolicyVersions, SetDefaultPolicyVersion, DeletePolicyVersion.
"""

from __future__ import annotations

from alicloud_fakes.core.paging import paged
from alicloud_fakes.identity.models import Policy
from alicloud_fakes.pipeline.declare import ActionRequest
from alicloud_fakes.pipeline.registry import Reply
from alicloud_fakes.services.ram import policies as ram_policies_of
from alicloud_fakes.services.ram.parameters import (
    Description,
    PolicyName,
    PolicyText,
    PolicyTypeName,
    VersionId,
    policy_target,
)
from alicloud_fakes.services.resourcemanager import resourcemanager
from alicloud_fakes.services.resourcemanager.models import ResourceManager
from alicloud_fakes.services.resourcemanager.parameters import Language, PageNumber, PageSize, by_ram, pick
from ram_policies.system_policies import system_policies

_VERSION = ("VersionId", "IsDefaultVersion", "CreateDate")


class CreatePolicy(ActionRequest):
    policy_name: PolicyName
    policy_document: PolicyText
    description: Description = ""


class GetPolicy(ActionRequest):
    policy_name: PolicyName
    policy_type: PolicyTypeName
    language: Language = "en"


class ListPolicies(ActionRequest):
    policy_type: PolicyTypeName | None = None
    language: Language = "en"
    page_number: PageNumber = 1
    page_size: PageSize = 10


class DeletePolicy(ActionRequest):
    policy_name: PolicyName


class CreatePolicyVersion(ActionRequest):
    policy_name: PolicyName
    policy_document: PolicyText
    set_as_default: bool = False


class GetPolicyVersion(ActionRequest):
    policy_name: PolicyName
    policy_type: PolicyTypeName
    version_id: VersionId


class ListPolicyVersions(ActionRequest):
    policy_name: PolicyName
    policy_type: PolicyTypeName


class DeletePolicyVersion(ActionRequest):
    policy_name: PolicyName
    version_id: VersionId


class SetDefaultPolicyVersion(DeletePolicyVersion):
    pass


def _policy_of_request(request: GetPolicy | GetPolicyVersion | ListPolicyVersions) -> str:
    return policy_target(request.call.signed_by.account.id, request.policy_type, request.policy_name)


@resourcemanager.action(CreatePolicy, on=lambda _: "policy/*")
def create_policy(_: ResourceManager, request: CreatePolicy) -> Reply:
    """Create a custom policy."""
    return by_ram(ram_policies_of.create_policy, ram_policies_of.CreatePolicy, request)


@resourcemanager.action(GetPolicy, on=_policy_of_request)
def get_policy(_: ResourceManager, request: GetPolicy) -> Reply:
    """Show a policy."""
    return pick(by_ram(ram_policies_of.get_policy, ram_policies_of.GetPolicy, request), ("Policy",))


@resourcemanager.action(ListPolicies, on=lambda _: "policy/*")
def list_policies(state: ResourceManager, request: ListPolicies) -> Reply:
    """List policies: those of the system first, then the account's own, each by name."""
    found: list[Policy] = []
    if request.policy_type != "Custom":
        system = (state.ram.policy("System", name) for name in sorted(system_policies(), key=str.lower))
        found += [policy for policy in system if policy is not None]
    if request.policy_type != "System":
        found += list(state.ram.policies)
    page, counts = paged(found, request)
    rows = [
        {**ram_policies_of.basics(one), "UpdateDate": one.updated, "AttachmentCount": len(one.grants)} for one in page
    ]
    return {
        **counts,
        "Policies": {"Policy": rows},
    }


@resourcemanager.action(DeletePolicy, on=lambda r: f"policy/{r.policy_name}")
def delete_policy(_: ResourceManager, request: DeletePolicy) -> Reply:
    """Delete a policy that is attached to nothing."""
    return by_ram(ram_policies_of.delete_policy, ram_policies_of.DeletePolicy, request)


@resourcemanager.action(CreatePolicyVersion, on=lambda r: f"policy/{r.policy_name}")
def create_policy_version(_: ResourceManager, request: CreatePolicyVersion) -> Reply:
    """Add a version."""
    made = by_ram(ram_policies_of.create_policy_version, ram_policies_of.CreatePolicyVersion, request)
    return {"PolicyVersion": pick(made["PolicyVersion"], _VERSION)}


@resourcemanager.action(GetPolicyVersion, on=_policy_of_request)
def get_policy_version(_: ResourceManager, request: GetPolicyVersion) -> Reply:
    """Show a version."""
    return by_ram(ram_policies_of.get_policy_version, ram_policies_of.GetPolicyVersion, request)


@resourcemanager.action(ListPolicyVersions, on=_policy_of_request)
def list_policy_versions(_: ResourceManager, request: ListPolicyVersions) -> Reply:
    """List the versions of a policy."""
    found = by_ram(ram_policies_of.list_policy_versions, ram_policies_of.ListPolicyVersions, request)
    rows = [pick(one, _VERSION) for one in found["PolicyVersions"]["PolicyVersion"]]
    return {"PolicyVersions": {"PolicyVersion": rows}}


@resourcemanager.action(SetDefaultPolicyVersion, on=lambda r: f"policy/{r.policy_name}")
def set_default_policy_version(_: ResourceManager, request: SetDefaultPolicyVersion) -> Reply:
    """Make a version the one that counts."""
    return by_ram(ram_policies_of.set_default_policy_version, ram_policies_of.SetDefaultPolicyVersion, request)


@resourcemanager.action(DeletePolicyVersion, on=lambda r: f"policy/{r.policy_name}")
def delete_policy_version(_: ResourceManager, request: DeletePolicyVersion) -> Reply:
    """Delete a version that is not the default."""
    return by_ram(ram_policies_of.delete_policy_version, ram_policies_of.DeletePolicyVersion, request)

"""Summaries of an account: its contents, its limits, and how safe it is."""

from __future__ import annotations

from typing import Any

from alicloud_fakes.pipeline.declare import NoParameters
from alicloud_fakes.pipeline.registry import Reply
from alicloud_fakes.services.ims import ims
from alicloud_fakes.services.ims.models import Ims
from alicloud_fakes.services.ram.keys import ROOT_KEYS, keys_of
from ram_policies import limits


class GetAccountSummary(NoParameters):
    pass


class GetAccountSecurityPracticeReport(NoParameters):
    pass


_QUOTAS: dict[str, int] = {
    "AccessKeysPerUserQuota": limits.ACCESS_KEYS_PER_USER,
    "AccountAccessKeysPerAccountQuota": ROOT_KEYS,
    "AttachedPoliciesPerGroupQuota": limits.CUSTOM_POLICIES_PER_GROUP,
    "AttachedPoliciesPerRoleQuota": limits.CUSTOM_POLICIES_PER_ROLE,
    "AttachedPoliciesPerUserQuota": limits.CUSTOM_POLICIES_PER_USER,
    "AttachedSystemPoliciesPerGroupQuota": limits.SYSTEM_POLICIES_PER_GROUP,
    "AttachedSystemPoliciesPerRoleQuota": limits.SYSTEM_POLICIES_PER_ROLE,
    "AttachedSystemPoliciesPerUserQuota": limits.SYSTEM_POLICIES_PER_USER,
    "AuthorizedClientPerUserQuota": 20,
    "ConditionsPerAKPolicyQuota": 8,
    "GroupsPerUserQuota": limits.GROUPS_PER_USER,
    "GroupsQuota": limits.GROUPS_PER_ACCOUNT,
    "IPItemsPerAKPolicyQuota": 50,
    "PoliciesQuota": limits.CUSTOM_POLICIES_PER_ACCOUNT,
    "PolicySizeQuota": limits.POLICY_DOCUMENT_LENGTH,
    "RolesQuota": limits.ROLES_PER_ACCOUNT,
    "ServiceCredentialsPerUserPerServiceQuota": 2,
    "UsersQuota": limits.USERS_PER_ACCOUNT,
    "VersionsPerPolicyQuota": limits.VERSIONS_PER_POLICY,
    "VirtualMFADevicesQuota": limits.MFA_DEVICES_PER_ACCOUNT,
}


@ims.action(GetAccountSummary, on=lambda _: "*")
def get_account_summary(ims: Ims, _: GetAccountSummary) -> Reply:
    """Number of entities of each kind, and their limits."""
    ram = ims.ram
    counts = {
        "Users": len(ram.users),
        "Groups": len(ram.groups),
        "Roles": len(ram.roles),
        "Policies": len(ram.policies),
        "MFADevices": len(ram.devices),
        "MFADevicesInUse": sum(1 for device in ram.devices if device.user is not None),
    }
    return {"SummaryMap": {**_QUOTAS, **counts}}


@ims.action(GetAccountSecurityPracticeReport, on=lambda _: "*")
def get_account_security_practice_report(ims: Ims, _: GetAccountSecurityPracticeReport) -> Reply:
    """Report on good practice in the account. The score is the fake's own: the formula is not published."""
    ram = ims.ram
    users = list(ram.users)
    root = list(keys_of(ram, None).values())
    unused = sum(1 for user in users if any(not key.last_used for key in user.keys.values()))
    counts: dict[str, Any] = {
        "BindMfa": False,
        "RootWithAccessKey": len(root),
        "OldAkNum": 0,
        "UnusedAkNum": sum(1 for key in root if not key.last_used),
        "SubUser": len(users),
        "SubUserBindMfa": sum(1 for user in users if user.mfa is not None),
        "SubUserPwdLevel": "low" if ram.password_policy is None else "mid",
        "SubUserWithOldAccessKey": 0,
        "SubUserWithUnusedAccessKey": unused,
    }
    score = 100 - 20 * bool(root) - 20 * bool(unused) - 20 * (ram.password_policy is None)
    return {"AccountSecurityPracticeInfo": {"Score": score, "AccountSecurityPracticeUserInfo": counts}}

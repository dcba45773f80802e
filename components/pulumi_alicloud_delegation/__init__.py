"""Cross-account delegation on Alibaba Cloud: DelegatedRole, OperatorTeam and CrossAccountDelegation.

Names are imported on first use, so that importing the package (pytest does, for its plugin) costs next to nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pulumi_alicloud_delegation.args import AccountArgs as AccountArgs
    from pulumi_alicloud_delegation.args import CrossAccountDelegationArgs as CrossAccountDelegationArgs
    from pulumi_alicloud_delegation.args import DelegatedRoleArgs as DelegatedRoleArgs
    from pulumi_alicloud_delegation.args import DocumentArgs as DocumentArgs
    from pulumi_alicloud_delegation.args import ExistingPolicyArgs as ExistingPolicyArgs
    from pulumi_alicloud_delegation.args import OperatorArgs as OperatorArgs
    from pulumi_alicloud_delegation.args import OperatorTeamArgs as OperatorTeamArgs
    from pulumi_alicloud_delegation.args import RoleArgs as RoleArgs
    from pulumi_alicloud_delegation.args import TeamArgs as TeamArgs
    from pulumi_alicloud_delegation.args import TrustArgs as TrustArgs
    from pulumi_alicloud_delegation.cross_account_delegation import CrossAccountDelegation as CrossAccountDelegation
    from pulumi_alicloud_delegation.delegated_role import DelegatedRole as DelegatedRole
    from pulumi_alicloud_delegation.operator_resources import AccessKeyPair as AccessKeyPair
    from pulumi_alicloud_delegation.operator_team import OperatorTeam as OperatorTeam
    from ram_policies.errors import InvalidInputError as InvalidInputError

_ARGS = (
    "AccountArgs",
    "CrossAccountDelegationArgs",
    "DelegatedRoleArgs",
    "DocumentArgs",
    "ExistingPolicyArgs",
    "OperatorArgs",
    "OperatorTeamArgs",
    "RoleArgs",
    "TeamArgs",
    "TrustArgs",
)
_HOMES = {
    **dict.fromkeys(_ARGS, "pulumi_alicloud_delegation.args"),
    "AccessKeyPair": "pulumi_alicloud_delegation.operator_resources",
    "CrossAccountDelegation": "pulumi_alicloud_delegation.cross_account_delegation",
    "DelegatedRole": "pulumi_alicloud_delegation.delegated_role",
    "InvalidInputError": "ram_policies.errors",
    "OperatorTeam": "pulumi_alicloud_delegation.operator_team",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'pulumi_alicloud_delegation' has no attribute {name!r}")
    value = getattr(importlib.import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})

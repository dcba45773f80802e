"""A delegated role that is used alone."""

from __future__ import annotations

from collections.abc import Mapping

from pulumi_alicloud_delegation.args import DelegatedRoleArgs
from pulumi_alicloud_delegation.plan.access_model import check_never
from pulumi_alicloud_delegation.plan.plan_checks import two_accounts
from pulumi_alicloud_delegation.plan.role import RolePlan, role_plan
from pulumi_alicloud_delegation.spec_reader import read_spec
from pulumi_alicloud_delegation.specs import DelegatedRoleSpec


def plan_role(args: DelegatedRoleArgs | Mapping[str, object]) -> RolePlan:
    """Plan one role.

    Raises:
        InvalidInputError: an argument is invalid, or `never` is not proved; nothing was created.
    """
    spec = read_spec(DelegatedRoleSpec, args)
    two_accounts(spec.owner_account_id, spec.delegate_account_id, "owner_account_id", "delegate_account_id")
    plan = role_plan(spec.role, spec.owner_account_id, spec.delegate_account_id, spec.state, "role")
    check_never((plan,), (), "role")
    return plan

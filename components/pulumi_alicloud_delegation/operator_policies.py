"""Resources that let single operators assume roles: for a while, or under their own name alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pulumi
from pulumi_alicloud import ram

from pulumi_alicloud_delegation.delegated_role import own_policy
from pulumi_alicloud_delegation.naming import child
from pulumi_alicloud_delegation.operator_resources import Operator
from pulumi_alicloud_delegation.plan import DelegatePlan
from pulumi_alicloud_delegation.plan.named import NamedPlan
from pulumi_alicloud_delegation.plan.role import PolicyPlan


def make_operator_policies(
    name: str, plan: DelegatePlan, operators: Mapping[str, Operator], opts: pulumi.ResourceOptions
) -> None:
    """Make the policies of single operators: what is opened to them, and roles that they assume under their own name.

    Args:
        name: what the resources are named after.
        plan: of the delegate's side.
        operators: who is made in the same program, by user name.
        opts: parent and provider.
    """
    for opening in plan.openings:
        resource = child(name, opening.operator.lower(), "opened", opening.owner)
        _attached(resource, opening.operator, opening.policy, operators, opts)
    make_named(name, plan.named, operators, opts)


def make_named(
    name: str, plans: Iterable[NamedPlan], operators: Mapping[str, Operator], opts: pulumi.ResourceOptions
) -> None:
    """Make the policies that let operators assume roles under their own name; see `make_operator_policies`."""
    for plan in plans:
        for policy in plan.policies:
            _attached(child(name, plan.operator.lower(), policy.name), plan.operator, policy, operators, opts)


def _attached(
    resource: str, operator: str, plan: PolicyPlan, operators: Mapping[str, Operator], opts: pulumi.ResourceOptions
) -> None:
    # A policy keeps its name: where only the letter case of the user's name changes, RAM would refuse a second one.
    policy = own_policy(
        resource, plan, pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(ignore_changes=["policyName"]))
    )
    user = operators[operator].user
    # Where only the letter case of the user's name changes, it is the same user.
    same = pulumi.ResourceOptions(depends_on=[user] if user else [], ignore_changes=["userName"])
    ram.UserPolicyAttachment(
        resource,
        user_name=operator,
        policy_name=policy.policy_name,
        policy_type="Custom",
        opts=pulumi.ResourceOptions.merge(opts, same),
    )

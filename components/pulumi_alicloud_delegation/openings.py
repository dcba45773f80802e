"""Resources that open something to an operator for a while."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pulumi
from pulumi_alicloud import ram

from pulumi_alicloud_delegation.delegated_role import own_policy
from pulumi_alicloud_delegation.naming import child
from pulumi_alicloud_delegation.operators import Operator
from pulumi_alicloud_delegation.plan.openings import OpeningPlan


def make_openings(
    name: str, plans: Iterable[OpeningPlan], operators: Mapping[str, Operator], opts: pulumi.ResourceOptions
) -> None:
    """Make one policy for each operator to whom something is opened.

    Args:
        name: what the resources are named after.
        plans: the openings.
        operators: who is made in the same program, by user name.
        opts: parent and provider.
    """
    for plan in plans:
        resource = child(name, plan.operator, "opened")
        policy = own_policy(resource, plan.policy, opts)
        user = operators[plan.operator].user
        ram.UserPolicyAttachment(
            resource,
            user_name=plan.operator,
            policy_name=policy.policy_name,
            policy_type="Custom",
            opts=pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=[user] if user else [])),
        )

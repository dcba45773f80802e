"""`DelegatedRole`: what the owner makes.

Annotations stay evaluated here: the schema of the plugin is read from them.
"""

from typing import Self

import pulumi
from pulumi_alicloud import ram

from pulumi_alicloud_delegation.accounts import check_own_account
from pulumi_alicloud_delegation.args import DelegatedRoleArgs
from pulumi_alicloud_delegation.mendable import mendable_errors
from pulumi_alicloud_delegation.naming import DELEGATED_ROLE, child
from pulumi_alicloud_delegation.plan import PolicyPlan, RolePlan, plan_role


class DelegatedRole(pulumi.ComponentResource):
    """A RAM role in the owner's account that operators of the delegate's account may assume.

    The trust is in the delegate's account, which chooses the people, narrowed by the conditions of `role.trust`. The
    role carries system policies and policies of the owner's own. Suspending it takes the grants away and closes the
    trust; destroying it ends live sessions, too.
    """

    arn: pulumi.Output[str]
    """ARN of the role, what AssumeRole is called with: `acs:ram::11223344:role/ecs-admin`."""
    role_name: pulumi.Output[str]
    """Name of the role, what is typed on the console's switch-role page."""
    trust_policy: pulumi.Output[str]
    """The trust policy as JSON text."""
    granted: pulumi.Output[list[str]]
    """Names of the policies that are attached now; empty while the role is suspended."""
    live_sessions: pulumi.Output[str]
    """What somebody who holds a session of this role can still do, in words."""

    def __init__(self, name: str, args: DelegatedRoleArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the role.

        Args:
            name: of the component; its children are named after it.
            args: see `DelegatedRoleArgs`.
            opts: the provider of the owner's account goes here.

        Raises:
            InputError: an argument cannot be, or the provider is another account's; nothing was created.
        """
        with mendable_errors():
            self._make(name, plan_role(args), opts)

    @classmethod
    def planned(cls, name: str, plan: RolePlan, opts: pulumi.ResourceOptions | None = None) -> Self:
        """The role of a plan that is made already, of a whole delegation for instance.

        Args:
            name: of the component.
            plan: of the role.
            opts: the provider of the owner's account goes here.

        Raises:
            InvalidInputError: the provider is another account's.
        """
        role = cls.__new__(cls)
        role._make(name, plan, opts)
        return role

    def _make(self, name: str, plan: RolePlan, opts: pulumi.ResourceOptions | None) -> None:
        super().__init__(DELEGATED_ROLE, name, {}, opts)
        check_own_account(plan.owner, self, "owner_account_id")
        below = pulumi.ResourceOptions(parent=self)
        role = ram.Role(
            name,
            role_name=plan.name,
            assume_role_policy_document=plan.trust.to_json(),
            description=plan.description or None,
            max_session_duration=plan.max_session_duration,
            tags=dict(plan.tags) or None,
            # Ending a delegation must not fail because somebody attached a policy to the role by hand.
            force=True,
            opts=below,
        )
        made = {policy.name: own_policy(child(name, policy.name), policy, below) for policy in plan.policies}
        for grant in plan.granted:
            ram.RolePolicyAttachment(
                child(name, grant.type, grant.name),
                role_name=role.role_name,
                policy_name=made[grant.name].policy_name if grant.created else grant.name,
                policy_type=grant.type,
                opts=below,
            )
        self.arn = role.arn
        self.role_name = role.role_name
        self.trust_policy = pulumi.Output.from_input(plan.trust.to_json())
        self.granted = pulumi.Output.from_input([grant.name for grant in plan.granted])
        self.live_sessions = pulumi.Output.from_input(plan.live_sessions)
        self.register_outputs(
            {
                "arn": self.arn,
                "roleName": self.role_name,
                "trustPolicy": self.trust_policy,
                "granted": self.granted,
                "liveSessions": self.live_sessions,
            }
        )


def own_policy(name: str, plan: PolicyPlan, opts: pulumi.ResourceOptions) -> ram.Policy:
    """A custom policy. RAM keeps five versions of one, so the oldest makes room at the sixth change."""
    return ram.Policy(
        name,
        policy_name=plan.name,
        policy_document=plan.document,
        description=plan.description or None,
        rotate_strategy="DeleteOldestNonDefaultVersionWhenLimitExceeded",
        force=True,
        opts=opts,
    )

"""`DelegatedRole`: what the owner makes.

Annotations stay evaluated here: the schema of the plugin is read from them.
"""

from collections.abc import Mapping
from typing import Self

import pulumi
from pulumi_alicloud import ram

from pulumi_alicloud_delegation.account_providers import check_own_account
from pulumi_alicloud_delegation.args import DelegatedRoleArgs
from pulumi_alicloud_delegation.deployed import deployed_state
from pulumi_alicloud_delegation.mendable import mendable_errors
from pulumi_alicloud_delegation.naming import DELEGATED_ROLE, child
from pulumi_alicloud_delegation.plan import PolicyPlan, RolePlan, plan_role
from pulumi_alicloud_delegation.spelled import check_role_spelling
from ram_policies import InvalidInputError, limits


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
    """Access that remains to somebody who holds a session of this role, in words."""

    def __init__(self, name: str, args: DelegatedRoleArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the role.

        Args:
            name: of the component; its children are named after it.
            args: see `DelegatedRoleArgs`.
            opts: the provider of the owner's account goes here.

        Raises:
            InputError: an argument is invalid, or the provider is another account's; nothing was created.
        """
        with mendable_errors():
            self._make(name, plan_role(args), opts)

    @classmethod
    def planned(cls, name: str, plan: RolePlan, opts: pulumi.ResourceOptions | None = None) -> Self:
        """Make a role whose plan exists already, for instance as part of a whole delegation.

        Its resources are replaced when the plan's account changes; see `account_providers.bound_to`.

        Args:
            name: of the component.
            plan: of the role.
            opts: the provider of the owner's account goes here.

        Raises:
            InvalidInputError: the provider is another account's.
        """
        role = cls.__new__(cls)
        role._make(name, plan, opts, plan.owner)
        return role

    def _make(self, name: str, plan: RolePlan, opts: pulumi.ResourceOptions | None, account: str | None = None) -> None:
        super().__init__(DELEGATED_ROLE, name, {}, opts)
        check_own_account(plan.owner, self, "owner_account_id")
        if account is None:
            check_role_spelling({"role.name": plan.name}, self)
        by_hand = _attached_by_hand(plan, self)  # before anything is registered: it may refuse
        below = pulumi.ResourceOptions(parent=self, replacement_trigger=account)
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
                opts=_in_place_of(_suspension(name, plan), below) if grant == plan.gives_way else below,
            )
        if plan.state == "suspended":
            deny = own_policy(child(name, plan.suspension.name), plan.suspension, below, force=False)
            way = plan.gives_way
            ram.RolePolicyAttachment(
                _suspension(name, plan),
                role_name=role.role_name,
                policy_name=deny.policy_name,
                policy_type="Custom",
                opts=_in_place_of(child(name, way.type, way.name), below) if way else below,
            )
        self.arn = role.arn
        self.role_name = role.role_name
        self.trust_policy = pulumi.Output.from_input(plan.trust.to_json())
        self.granted = pulumi.Output.from_input([grant.name for grant in plan.granted])
        self.live_sessions = pulumi.Output.from_input(plan.live_sessions + by_hand)
        self.register_outputs(
            {
                "arn": self.arn,
                "roleName": self.role_name,
                "trustPolicy": self.trust_policy,
                "granted": self.granted,
                "liveSessions": self.live_sessions,
            }
        )


def _attached_by_hand(plan: RolePlan, component: pulumi.ComponentResource) -> str:
    """A sentence about policies of a suspended role that this component did not attach; empty for none.

    They grant nothing while the Deny is there, but would again once the delegation is resumed.

    Raises:
        InvalidInputError: they leave no room for the Deny.
    """
    if plan.state != "suspended":
        return ""
    try:
        found = ram.get_policies(role_name=plan.name, opts=pulumi.InvokeOptions(parent=component)).policies or ()
    except Exception:  # noqa: BLE001 - Pulumi raises this and nothing narrower, where there is no such role yet
        return ""
    attached = {(policy.type, policy.name.lower()): policy.name for policy in found}
    _check_room(plan, attached, component)
    own = {(grant.type, grant.name.lower()) for grant in plan.granted_when_active}
    own.add(("Custom", plan.suspension.name.lower()))
    foreign = sorted(name for key, name in attached.items() if key not in own)
    if not foreign:
        return ""
    names = ", ".join(foreign)
    pulumi.log.warn(
        f"role {plan.name}: {names} attached by hand; refused while suspended, in force again when resumed", component
    )
    return f" Attached by hand, and in force again when resumed unless they are detached: {names}."


def _check_room(plan: RolePlan, attached: Mapping[tuple[str, str], str], component: pulumi.ComponentResource) -> None:
    """Refuse to suspend where RAM would, and warn where somebody has undone it by hand.

    Args:
        plan: of the role.
        attached: policies of the role as it is: names by type and name in lower case.
        component: for the warning.

    Raises:
        InvalidInputError: the role carries as many custom policies as RAM attaches, and not all are the component's.
    """
    if ("Custom", plan.suspension.name.lower()) in attached:
        return
    custom = {key: name for key, name in attached.items() if key[0] == "Custom"}
    if plan.gives_way is None and len(custom) >= limits.CUSTOM_POLICIES_PER_ROLE:
        own = {grant.name.lower() for grant in plan.granted_when_active}
        by_hand = ", ".join(sorted(name for (_, key), name in custom.items() if key not in own))
        raise InvalidInputError(
            "state",
            "suspended",
            f"needs a place on the role {plan.name}, to which RAM attaches no further custom policy",
            f"detach one of those that were attached by hand: {by_hand}",
            code="too-many",
        )
    if deployed_state() == "suspended":
        pulumi.log.warn(
            f"role {plan.name}: {plan.suspension.name} is not attached, so what else is attached works. "
            "Fix: pulumi refresh, then pulumi up",
            component,
        )


def _suspension(name: str, plan: RolePlan) -> str:
    return child(name, "Custom", plan.suspension.name)


def _in_place_of(other: str, opts: pulumi.ResourceOptions) -> pulumi.ResourceOptions:
    """Options of an attachment that takes the place of another: that one is detached first.

    For a role that carries as many custom policies as RAM attaches: one more would be refused.
    """
    place = pulumi.ResourceOptions(aliases=[pulumi.Alias(name=other)], delete_before_replace=True)
    return pulumi.ResourceOptions.merge(opts, place)


def own_policy(name: str, plan: PolicyPlan, opts: pulumi.ResourceOptions, *, force: bool = True) -> ram.Policy:
    """A custom policy. RAM keeps five versions of one, so the oldest makes room at the sixth change.

    Args:
        name: of the resource.
        plan: of the policy.
        opts: parent and provider.
        force: whether the policy is detached from whatever it is attached to when it is deleted. The provider then
            takes a detachment that came too late for success, and leaves the policy in the account.
    """
    return ram.Policy(
        name,
        policy_name=plan.name,
        policy_document=plan.document,
        description=plan.description or None,
        rotate_strategy="DeleteOldestNonDefaultVersionWhenLimitExceeded",
        force=force,
        opts=opts,
    )

"""`OperatorTeam`: what the delegate makes.

Annotations stay evaluated here: the schema of the plugin is read from them.
"""

from collections.abc import Sequence
from typing import Self
from weakref import WeakKeyDictionary

import pulumi
from pulumi.runtime.settings import get_root_resource
from pulumi_alicloud import ram

from pulumi_alicloud_delegation.account_providers import check_own_account
from pulumi_alicloud_delegation.args import OperatorTeamArgs
from pulumi_alicloud_delegation.delegated_role import own_policy
from pulumi_alicloud_delegation.mendable import mendable_errors
from pulumi_alicloud_delegation.naming import OPERATOR_TEAM, child
from pulumi_alicloud_delegation.operator_policies import make_named
from pulumi_alicloud_delegation.operator_resources import (
    AccessKeyPair,
    FormerPlace,
    Operator,
    access_keys_of,
    make_operators,
    passwords_of,
)
from pulumi_alicloud_delegation.plan import OperatorPlan, TeamPlan, plan_team
from pulumi_alicloud_delegation.plan.named import named_plans
from pulumi_alicloud_delegation.spelled import check_group_spelling
from ram_policies import InvalidInputError

_USER = "alicloud:ram/user:User"
_made: WeakKeyDictionary[pulumi.Resource, dict[tuple[str, str], str]] = WeakKeyDictionary()
"""The team that makes an operator, by account and user name in lower case, for each stack that is being run."""


class OperatorTeam(pulumi.ComponentResource):
    """A RAM group in the delegate's account that may assume exactly the roles named, and its operators."""

    group_name: pulumi.Output[str]
    """Name of the RAM group."""
    role_arns: pulumi.Output[list[str]]
    """ARNs of the roles that the team may assume, sorted."""
    policies: pulumi.Output[list[str]]
    """Names of the policies that are attached to the group."""
    first_passwords: pulumi.Output[dict[str, str]]
    """First passwords of the persons made with the team, by user name. A secret."""
    access_keys: pulumi.Output[dict[str, dict[str, AccessKeyPair]]]
    """Access keys of the applications made with the team, by user name and label. A secret."""

    def __init__(self, name: str, args: OperatorTeamArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the team.

        Args:
            name: of the component; its children are named after it.
            args: see `OperatorTeamArgs`.
            opts: the provider of the delegate's account goes here.

        Raises:
            InputError: an argument is invalid, or the provider is another account's; nothing was created.
        """
        with mendable_errors():
            plan, operators = plan_team(args)
            self._make(name, plan, operators, opts)

    @classmethod
    def planned(cls, name: str, plan: TeamPlan, opts: pulumi.ResourceOptions | None = None) -> Self:
        """Make a team whose plan exists already, without operators.

        Its resources are replaced when the plan's account changes; see `account_providers.bound_to`.

        Args:
            name: of the component.
            plan: of the team.
            opts: the provider of the delegate's account goes here.

        Raises:
            InvalidInputError: the provider is another account's.
        """
        team = cls.__new__(cls)
        team._make(name, plan, (), opts, plan.account)
        return team

    def _make(
        self,
        name: str,
        plan: TeamPlan,
        operators: Sequence[OperatorPlan],
        opts: pulumi.ResourceOptions | None,
        account: str | None = None,
    ) -> None:
        named = named_plans((plan,), operators)
        super().__init__(OPERATOR_TEAM, name, {}, opts)
        check_own_account(plan.account, self, "account_id")
        if account is None:
            check_group_spelling({"name": plan.name}, self, self.get_provider(_USER))
        below = pulumi.ResourceOptions(parent=self, replacement_trigger=account)
        group = ram.Group(name, group_name=plan.name, force=True, opts=below)
        made = {policy.name: own_policy(child(name, policy.name), policy, below) for policy in plan.policies}
        for grant in plan.granted:
            ram.GroupPolicyAttachment(
                child(name, grant.type, grant.name),
                group_name=group.group_name,
                policy_name=made[grant.name].policy_name if grant.created else grant.name,
                policy_type=grant.type,
                opts=below,
            )
        people = self._make_operators(name, plan, operators, group, opts or pulumi.ResourceOptions())
        make_named(name, named, people, below)
        self.group = group
        self.group_name = group.group_name
        self.role_arns = pulumi.Output.from_input(list(plan.role_arns))
        self.policies = pulumi.Output.from_input([grant.name for grant in plan.granted])
        self.first_passwords = passwords_of(people)
        self.access_keys = access_keys_of(people)
        self.register_outputs(
            {
                "groupName": self.group_name,
                "roleArns": self.role_arns,
                "policies": self.policies,
                "firstPasswords": self.first_passwords,
                "accessKeys": self.access_keys,
            }
        )

    def _make_operators(
        self,
        name: str,
        plan: TeamPlan,
        operators: Sequence[OperatorPlan],
        group: ram.Group,
        opts: pulumi.ResourceOptions,
    ) -> dict[str, Operator]:
        """Make the operators beside the team, not below it, so that they stay who they are when they change teams."""
        beside = pulumi.ResourceOptions(
            parent=opts.parent, provider=self.get_provider(_USER), depends_on=opts.depends_on, protect=opts.protect
        )
        _one_place_for_each(plan, operators)
        return make_operators(plan.account, operators, {plan.name: group}, beside, FormerPlace(name, self))


def _one_place_for_each(plan: TeamPlan, operators: Sequence[OperatorPlan]) -> None:
    """Refuse an operator that another team of the same program makes already.

    Raises:
        InvalidInputError: there is one.
    """
    stack = get_root_resource()
    if stack is None:  # a plugin has none; there the engine refuses the second resource of one name
        return
    made = _made.setdefault(stack, {})
    for index, operator in enumerate(operators):
        if operator.existing:
            continue
        team = made.setdefault((plan.account, operator.name.lower()), plan.name)
        if team != plan.name:
            raise InvalidInputError(
                f"operators[{index}].name",
                operator.name,
                f"is made by the team {team} already",
                f"add {plan.name} to its 'teams' there, or write 'existing': true here",
                code="made-elsewhere",
            )

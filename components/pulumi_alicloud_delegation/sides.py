"""The two sides of a delegation as groups of components, each side with its own provider in `opts`.

`CrossAccountDelegation` makes both under itself; the program makes one alone when the other enterprise runs its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from pulumi_alicloud_delegation.delegated_role import DelegatedRole
from pulumi_alicloud_delegation.naming import child
from pulumi_alicloud_delegation.operator_resources import Operator
from pulumi_alicloud_delegation.operator_team import OperatorTeam
from pulumi_alicloud_delegation.plan import DelegatePlan, OwnerPlan
from pulumi_alicloud_delegation.spelled import check_group_spelling
from ram_policies.arn import user_arn


@dataclass(frozen=True, slots=True)
class OwnerSide:
    """The roles that were made, by name."""

    roles: Mapping[str, DelegatedRole]

    @property
    def role_arns(self) -> pulumi.Output[dict[str, str]]:
        """ARN of each role, by role name."""
        return pulumi.Output.all(**{name: role.arn for name, role in self.roles.items()})

    @property
    def trust_policies(self) -> pulumi.Output[dict[str, str]]:
        """Trust policy of each role as JSON text, by role name."""
        return pulumi.Output.all(**{name: role.trust_policy for name, role in self.roles.items()})

    @property
    def live_sessions(self) -> pulumi.Output[dict[str, str]]:
        """Access that remains to somebody who holds a session, by role name."""
        return pulumi.Output.all(**{name: role.live_sessions for name, role in self.roles.items()})


def make_owner_side(
    name: str,
    plan: OwnerPlan,
    opts: pulumi.ResourceOptions,
    people: Mapping[str, Operator] | None = None,
) -> OwnerSide:
    """Make the roles.

    Args:
        name: what the components are named after.
        plan: of these roles.
        opts: parent and provider.
        people: operators that are made in the same program. RAM refuses a trust policy that names a user who does not
            exist yet, so a role that names one of them waits for it.
    """
    made: dict[str, DelegatedRole] = {}
    for role in plan.roles:
        named = {text.lower() for text in role.conditions.principals or ()}
        made_here = {name: one.user for name, one in (people or {}).items() if one.user is not None}
        first = [user for name, user in made_here.items() if user_arn(role.delegate, name).lower() in named]
        waiting = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=first)) if first else opts
        made[role.name] = DelegatedRole.planned(child(name, role.name), role, waiting)
    return OwnerSide(made)


def make_teams(name: str, plan: DelegatePlan, opts: pulumi.ResourceOptions) -> dict[str, OperatorTeam]:
    """Make the teams, without operators: whoever moves between teams keeps user, password and keys.

    Args:
        name: what the components are named after.
        plan: of the teams.
        opts: parent and provider.

    Returns:
        The teams by name.

    Raises:
        InvalidInputError: the account has a group of that name in another letter case.
    """
    names = {f"teams[{index}].name": team.name for index, team in enumerate(plan.teams)}
    check_group_spelling(names, opts.parent, opts.provider)
    return {team.name: OperatorTeam.planned(child(name, team.name), team, opts) for team in plan.teams}

"""Policies that let one operator assume roles under his or her own name, and under no other.

A trust policy that demands a source identity makes sure that a session has a name, and not whose name it is. RAM
documents no variables in policies, so a group's policy cannot say "their own name": each member has a policy.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pulumi_alicloud_delegation.plan.operator import OperatorPlan
from pulumi_alicloud_delegation.plan.plan_checks import at_most
from pulumi_alicloud_delegation.plan.role import PolicyPlan
from pulumi_alicloud_delegation.plan.team import TeamPlan, assume_policies
from pulumi_alicloud_delegation.plan.trust import NAMED_ACTIONS
from ram_policies import NameKind, check_name, limits
from ram_policies.build import allow
from ram_policies.document import Statement

_DESCRIPTION = "Lets one member of the team assume roles under the member's own name, and under no other."


@dataclass(frozen=True, slots=True)
class NamedPlan:
    """Policies of an operator for the roles of a team that demand a source identity.

    Attributes:
        operator: name of the operator.
        team: name of the team.
        policies: let the operator assume the roles.
    """

    operator: str
    team: str
    policies: tuple[PolicyPlan, ...]


def allow_assuming(
    operator: str, role_arns: Sequence[str], named: frozenset[str], conditions: Mapping[str, Mapping[str, str]]
) -> Iterator[Statement]:
    """Statements that let an operator assume roles, those that demand a source identity under the operator's own name.

    RAM does not tell upper from lower case in user names, so the statement does not either.
    """
    plain = [arn for arn in role_arns if arn not in named]
    own = [arn for arn in role_arns if arn in named]
    if plain:
        yield allow("sts:AssumeRole", plain, conditions=conditions)
    if own:
        under = {"StringEqualsIgnoreCase": {"sts:SourceIdentity": operator.lower()}}
        yield allow(NAMED_ACTIONS, own, conditions={**conditions, **under})


def named_plans(
    teams: Iterable[TeamPlan], operators: Sequence[OperatorPlan], field: str = "operators"
) -> tuple[NamedPlan, ...]:
    """Plan what each member of each team needs for the team's roles that demand a source identity.

    Args:
        teams: the teams.
        operators: the operators.
        field: where the operators stand, for messages.

    Raises:
        InvalidInputError: a user's name cannot be a source identity, or the policies are more than RAM attaches.
    """
    by_team = [(team, tuple(arn for arn in team.standing if arn in team.named)) for team in teams]
    plans: list[NamedPlan] = []
    for index, operator in enumerate(operators):
        at = f"{field}[{index}].name"
        mine = [_named(operator, team, arns, at) for team, arns in by_team if arns and team.name in operator.teams]
        count, fix = sum(len(plan.policies) for plan in mine), "put the operator in fewer teams"
        at_most(count, limits.CUSTOM_POLICIES_PER_USER, at, "policies of one user", fix)
        plans += mine
    return tuple(plans)


def _named(operator: OperatorPlan, team: TeamPlan, arns: Sequence[str], at: str) -> NamedPlan:
    check_name(NameKind.SOURCE_IDENTITY, operator.name, at)
    statements = tuple(allow_assuming(operator.name, arns, team.named, team.period.conditions))
    # RAM does not tell upper from lower case in user names: another spelling is no change.
    policies = assume_policies(f"{team.name}-{operator.name.lower()}", statements, at, _DESCRIPTION)
    return NamedPlan(operator.name, team.name, policies)

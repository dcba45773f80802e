"""A team: a RAM group that may assume exactly the roles named."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pulumi_alicloud_delegation.args import OperatorTeamArgs
from pulumi_alicloud_delegation.plan.checks import account_id, at_most, each_once, ram_arn, some
from pulumi_alicloud_delegation.plan.operator import OperatorPlan, operator_plan
from pulumi_alicloud_delegation.plan.role import Attachment, PolicyPlan
from pulumi_alicloud_delegation.plan.windows import Window
from pulumi_alicloud_delegation.spec_reader import read
from pulumi_alicloud_delegation.specs import AssumePermission, OperatorTeamSpec
from ram_policies import InvalidInputError, NameKind, check_name, limits
from ram_policies.build import allow, document
from ram_policies.document import Document
from ram_policies.transform import split

_PART = "-assume-role"
PEOPLE_GONE = (
    "No new session begins. A session that began earlier is one of the owner's account and stays valid until it ends "
    "by itself; the owner ends it earlier by suspending or terminating."
)
"""Sentence about sessions that are still live once the delegate has given the roles back."""


@dataclass(frozen=True, slots=True)
class TeamPlan:
    """A RAM group to be created in the delegate's account.

    Attributes:
        account: account ID of the delegate.
        name: of the group.
        role_arns: the roles it is for, each once, sorted.
        assume_permission: how it may assume them.
        on_request: those of the roles that members may assume only while they are opened to them.
        policies: custom policies created with it.
        granted: what is attached to the group.
    """

    account: str
    name: str
    role_arns: tuple[str, ...]
    assume_permission: AssumePermission
    policies: tuple[PolicyPlan, ...]
    granted: tuple[Attachment, ...]
    on_request: frozenset[str] = frozenset()

    @property
    def standing(self) -> tuple[str, ...]:
        """The roles that members may assume at any time, or in the team's window."""
        return tuple(arn for arn in self.role_arns if arn not in self.on_request)


def plan_team(args: OperatorTeamArgs | Mapping[str, object]) -> tuple[TeamPlan, tuple[OperatorPlan, ...]]:
    """Plan one team and the operators that are created with it.

    Raises:
        InvalidInputError: something in the arguments cannot be; nothing was created.
    """
    spec = read(OperatorTeamSpec, args)
    account_id(spec.account_id, "account_id")
    for index, text in enumerate(spec.role_arns):
        field = f"role_arns[{index}]"
        arn = ram_arn(text, field, ("role",))
        check_name(NameKind.ROLE, arn.name, field)
    team = team_plan(spec.account_id, spec.name, spec.role_arns, spec.assume_permission, "", "role_arns")
    operators = tuple(
        operator_plan(operator.model_copy(update={"teams": joined(spec.name, operator.teams)}), f"operators[{index}]")
        for index, operator in enumerate(spec.operators)
    )
    fields = [f"operators[{index}].name" for index in range(len(operators))]
    each_once([operator.name for operator in operators], fields, "name")
    return team, operators


def joined(team: str, others: Iterable[str]) -> tuple[str, ...]:
    """The team itself first, then the others."""
    return (team, *(other for other in others if other != team))


def team_plan(
    account: str,
    name: str,
    role_arns: Sequence[str],
    assume_permission: AssumePermission,
    prefix: str,
    roles_field: str,
    period: Window | None = None,
    on_request: frozenset[str] = frozenset(),
) -> TeamPlan:
    """Plan one team.

    Args:
        account: account ID of the delegate.
        name: of the team.
        role_arns: roles it may assume.
        assume_permission: how it may.
        prefix: where the team stands, with a dot at the end, for messages.
        roles_field: where its roles stand, for messages.
        period: when its members may assume roles; None for always.
        on_request: roles that are only usable while they are opened to somebody.

    Raises:
        InvalidInputError: a name that RAM refuses, no roles, or more of them than RAM lets one group assume.
    """
    check_name(NameKind.GROUP, name, f"{prefix}name")
    some(role_arns, roles_field, f"leaves the team {name} without a role to assume", "name a role, or drop the team")
    arns = tuple(sorted(set(role_arns)))
    requested = on_request.intersection(arns)
    if assume_permission != "scoped":
        limits_it = (
            "a window" if period is not None and period.conditions else "an on-request role" if requested else ""
        )
        if limits_it:
            problem = f"lets members assume every role at any time, and the team has {limits_it}"
            raise InvalidInputError(
                f"{prefix}assume_permission", assume_permission, problem, "write scoped", code="unlimited-assume"
            )
        return TeamPlan(account, name, arns, assume_permission, (), (Attachment(assume_permission, "System"),))
    standing = tuple(arn for arn in arns if arn not in requested)
    policies = assume_policies(name, standing, roles_field, period or Window()) if standing else ()
    granted = tuple(Attachment(policy.name, "Custom", created=True) for policy in policies)
    return TeamPlan(account, name, arns, assume_permission, policies, granted, requested)


def assume_policies(team: str, role_arns: tuple[str, ...], field: str, period: Window) -> tuple[PolicyPlan, ...]:
    """As few policies as RAM's limits allow that let a group assume exactly these roles.

    Raises:
        InvalidInputError: the roles need more policies than RAM attaches to one group.
    """
    try:
        parts = split(Document((allow("sts:AssumeRole", role_arns, conditions=period.conditions),)))
    except InvalidInputError as error:
        raise InvalidInputError(field, len(role_arns), error.problem, error.fix, code=error.code) from None
    at_most(
        len(parts),
        limits.CUSTOM_POLICIES_PER_GROUP,
        field,
        f"policies, which {len(role_arns)} roles need,",
        "divide the team, or merge some roles",
    )
    # Names of groups may hold . and _, names of policies may not.
    stem = team.replace(".", "-").replace("_", "-") + _PART
    return tuple(
        PolicyPlan(
            stem if number == 1 else f"{stem}-{number}",
            document(*part.statements).to_json(),
            f"Lets the team {team} assume the roles it was given, and no other.",
        )
        for number, part in enumerate(parts, 1)
    )

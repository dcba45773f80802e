"""A team: a RAM group that may assume exactly the roles named."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pulumi_alicloud_delegation.args import OperatorTeamArgs
from pulumi_alicloud_delegation.plan.known import KnownRoles
from pulumi_alicloud_delegation.plan.operator import OperatorPlan, operator_plan
from pulumi_alicloud_delegation.plan.plan_checks import account_id, at_most, each_once, ram_arn, some
from pulumi_alicloud_delegation.plan.role import Attachment, PolicyPlan
from pulumi_alicloud_delegation.plan.windows import ALWAYS, Window
from pulumi_alicloud_delegation.spec_reader import read_spec
from pulumi_alicloud_delegation.specs import AssumePermission, OperatorTeamSpec
from ram_policies import InvalidInputError, NameKind, check_name, limits
from ram_policies.build import allow, document
from ram_policies.document import Document, Statement
from ram_policies.transform import split

_PART = "-assume-role"
_NAMED = "a role that demands a source identity"
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
        named: those of the roles that demand a source identity; each member has a policy for them (`plan.named`).
        period: when members may assume roles.
    """

    account: str
    name: str
    role_arns: tuple[str, ...]
    assume_permission: AssumePermission
    policies: tuple[PolicyPlan, ...]
    granted: tuple[Attachment, ...]
    on_request: frozenset[str] = frozenset()
    named: frozenset[str] = frozenset()
    period: Window = ALWAYS

    @property
    def standing(self) -> tuple[str, ...]:
        """The roles that members may assume at any time, or in the team's window."""
        return tuple(arn for arn in self.role_arns if arn not in self.on_request)


def plan_team(args: OperatorTeamArgs | Mapping[str, object]) -> tuple[TeamPlan, tuple[OperatorPlan, ...]]:
    """Plan one team and the operators that are created with it.

    Raises:
        InvalidInputError: an argument is invalid; nothing was created.
    """
    spec = read_spec(OperatorTeamSpec, args)
    account_id(spec.account_id, "account_id")
    for index, text in enumerate(spec.role_arns):
        field = f"role_arns[{index}]"
        arn = ram_arn(text, field, ("role",))
        check_name(NameKind.ROLE, arn.name, field)
    for index, text in enumerate(spec.source_identity_role_arns):
        if text not in spec.role_arns:
            problem = "is not one of 'role_arns'"
            raise InvalidInputError(
                f"source_identity_role_arns[{index}]", text, problem, "add it there, too", code="unknown-name"
            )
    known = KnownRoles({}, named=frozenset(spec.source_identity_role_arns))
    team = team_plan(spec.account_id, spec.name, spec.role_arns, spec.assume_permission, "", "role_arns", known=known)
    operators = tuple(
        operator_plan(
            operator.model_copy(update={"teams": with_team_first(spec.name, operator.teams)}), f"operators[{index}]"
        )
        for index, operator in enumerate(spec.operators)
    )
    fields = [f"operators[{index}].name" for index in range(len(operators))]
    each_once([operator.name for operator in operators], fields, "name")
    return team, operators


def with_team_first(team: str, others: Iterable[str]) -> tuple[str, ...]:
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
    known: KnownRoles | None = None,
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
        known: which roles are on request, and which demand a source identity.

    Raises:
        InvalidInputError: a name that RAM refuses, no roles, or more of them than RAM lets one group assume.
    """
    check_name(NameKind.GROUP, name, f"{prefix}name")
    some(role_arns, roles_field, f"leaves the team {name} without a role to assume", "name a role, or drop the team")
    arns = tuple(sorted(set(role_arns)))
    known, period = known or KnownRoles({}), period or ALWAYS
    requested, named = known.on_request.intersection(arns), known.named.intersection(arns)
    if assume_permission != "scoped":
        special = ((period.conditions, "a window"), (requested, "an on-request role"), (named, _NAMED))
        for found, noun in special:
            if found:
                problem = f"lets members assume every role at any time and under any name, and the team has {noun}"
                field = f"{prefix}assume_permission"
                raise InvalidInputError(field, assume_permission, problem, "write scoped", code="unlimited-assume")
        return TeamPlan(account, name, arns, assume_permission, (), (Attachment(assume_permission, "System"),))
    standing = tuple(arn for arn in arns if arn not in requested and arn not in named)
    description = f"Lets the team {name} assume the roles it was given, and no other."
    statements = (allow("sts:AssumeRole", standing, conditions=period.conditions),) if standing else ()
    policies = assume_policies(name, statements, roles_field, description)
    granted = tuple(Attachment(policy.name, "Custom", created=True) for policy in policies)
    return TeamPlan(account, name, arns, assume_permission, policies, granted, requested, named, period)


def assume_policies(stem: str, statements: Sequence[Statement], field: str, description: str) -> tuple[PolicyPlan, ...]:
    """As few policies as RAM's limits allow that let a group or a user assume exactly these roles.

    Args:
        stem: what the policies are named after: the team, or the team and its member.
        statements: what they allow; none for no policy.
        field: where the roles stand, for messages.
        description: of the policies.

    Raises:
        InvalidInputError: the roles need more policies than RAM attaches, or a policy's name would be too long.
    """
    if not statements:
        return ()
    count = sum(len(statement.resources) for statement in statements)
    try:
        parts = split(Document(tuple(statements)))
    except InvalidInputError as error:
        raise InvalidInputError(field, count, error.problem, error.fix, code=error.code) from None
    at_most(
        len(parts),
        limits.CUSTOM_POLICIES_PER_GROUP,
        field,
        f"policies, which {count} roles need,",
        "divide the team, or merge some roles",
    )
    # Names of groups and users may hold . and _, names of policies may not.
    first = stem.replace(".", "-").replace("_", "-") + _PART
    names = [first, *(f"{first}-{number}" for number in range(2, len(parts) + 1))]
    return tuple(
        PolicyPlan(check_name(NameKind.POLICY, name, field), document(*part.statements).to_json(), description)
        for name, part in zip(names, parts, strict=True)
    )

"""Both sides of a delegation, with the checks that need both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pulumi_alicloud_delegation.args import CrossAccountDelegationArgs
from pulumi_alicloud_delegation.contract import check_contract
from pulumi_alicloud_delegation.plan.access_model import check_never
from pulumi_alicloud_delegation.plan.known import Assumable, KnownRoles
from pulumi_alicloud_delegation.plan.named import NamedPlan, named_plans
from pulumi_alicloud_delegation.plan.openings import OpeningPlan, openings_plan
from pulumi_alicloud_delegation.plan.operator import OperatorPlan, operator_plan
from pulumi_alicloud_delegation.plan.plan_checks import at_most, each_once, some, two_accounts
from pulumi_alicloud_delegation.plan.provider_setup import AccountPlan, account_plan
from pulumi_alicloud_delegation.plan.role import RolePlan, role_plan
from pulumi_alicloud_delegation.plan.team import TeamPlan, team_plan
from pulumi_alicloud_delegation.plan.trust import for_the_api_alone
from pulumi_alicloud_delegation.plan.windows import check_within, window
from pulumi_alicloud_delegation.spec_reader import read_spec
from pulumi_alicloud_delegation.specs import (
    NO_CONTRACT,
    ContractSpec,
    DelegationSpec,
    OpeningSpec,
    OperatorSpec,
    RoleSpec,
    State,
    TeamSpec,
)
from ram_policies import InvalidInputError, limits
from ram_policies.arn import user_arn


@dataclass(frozen=True, slots=True)
class OwnerPlan:
    """Plan of everything that is created in A.

    Attributes:
        account: A.
        roles: in the order they were given.
    """

    account: AccountPlan
    roles: tuple[RolePlan, ...]

    @property
    def state(self) -> State:
        """State of the delegation: its roles are suspended all together or not at all."""
        return "suspended" if any(role.state == "suspended" for role in self.roles) else "active"


@dataclass(frozen=True, slots=True)
class DelegatePlan:
    """Plan of everything that is created in B.

    Attributes:
        account: B.
        teams: in the order they were given.
        operators: in the order they were given.
        openings: what is opened to single operators for a while.
        named: what single operators need for roles that demand a source identity.
    """

    account: AccountPlan
    teams: tuple[TeamPlan, ...]
    operators: tuple[OperatorPlan, ...]
    openings: tuple[OpeningPlan, ...] = ()
    named: tuple[NamedPlan, ...] = ()

    def roles_of(self, operator: OperatorPlan) -> tuple[str, ...]:
        """ARNs of the roles that an operator may assume, through whichever team, sorted."""
        return tuple(sorted({arn for team in self.teams if team.name in operator.teams for arn in team.role_arns}))


@dataclass(frozen=True, slots=True)
class DelegationPlan:
    """A whole delegation.

    Attributes:
        owner: what is created in A.
        delegate: what is created in B.
        notes: sentences about settings that are allowed and may surprise.
        contract: the contract.
        never: actions that no role may ever allow.
    """

    owner: OwnerPlan
    delegate: DelegatePlan
    notes: tuple[str, ...]
    contract: ContractSpec = NO_CONTRACT
    never: tuple[str, ...] = ()


def plan_delegation(args: CrossAccountDelegationArgs | Mapping[str, object]) -> DelegationPlan:
    """Plan both sides.

    Raises:
        InvalidInputError: an argument is invalid; nothing was created.
    """
    return delegation_plan(read_spec(DelegationSpec, args))


def delegation_plan(spec: DelegationSpec) -> DelegationPlan:
    """Plan both sides from their spec.

    Raises:
        InvalidInputError: something in it is invalid.
    """
    two_accounts(spec.owner.id, spec.delegate.id, "owner.id", "delegate.id")
    owner = account_plan(spec.owner, "owner")
    delegate = account_plan(spec.delegate, "delegate")
    roles = roles_plan(spec.roles, owner.id, delegate.id, spec.state, spec.contract, spec.never)
    known = KnownRoles.of(roles, dict.fromkeys((role.arn for role in roles), spec.contract))
    people = people_plan(delegate, spec.teams, spec.operators, spec.openings, roles, known)
    check_roles_used(roles, people.teams)
    notes = console_notes(roles, people.teams, people.operators)
    return DelegationPlan(OwnerPlan(owner, roles), people, notes, spec.contract, spec.never)


def roles_plan(
    specs: Sequence[RoleSpec],
    owner: str,
    delegate: str,
    state: State,
    contract: ContractSpec | None = None,
    never: Sequence[str] = (),
) -> tuple[RolePlan, ...]:
    """Plan the roles of one account.

    Args:
        specs: the roles.
        owner: account ID of the owner.
        delegate: account ID of the delegate.
        state: active or suspended.
        contract: what no role's window may outlast.
        never: actions that no role may ever allow.

    Raises:
        InvalidInputError: there is none, one is invalid, two conflict, or `never` is not proved.
    """
    contract = contract or NO_CONTRACT
    check_contract(contract, "contract")
    some(specs, "roles", "delegates nothing: there is no role", "add a role")
    at_most(len(specs), limits.ROLES_PER_ACCOUNT, "roles", "roles in one account", "merge some")
    roles = tuple(role_plan(spec, owner, delegate, state, f"roles[{index}]") for index, spec in enumerate(specs))
    each_once([role.name for role in roles], [f"roles[{n}].name" for n in range(len(roles))], "name")
    own = [(policy.name, f"roles[{n}].policies") for n, role in enumerate(roles) for policy in role.policies]
    at_most(len(own), limits.CUSTOM_POLICIES_PER_ACCOUNT, "roles", "custom policies in one account", "merge some")
    # The policies that would suspend the roles are not there yet, but their names must be free when they are needed.
    names = [(name, f"{field} ({name}, #{n})") for n, (name, field) in enumerate(own)]
    names += [(role.suspension.name, f"roles[{n}].name ({role.suspension.name})") for n, role in enumerate(roles)]
    each_once([name for name, _ in names], [field for _, field in names], "name")
    for index, spec in enumerate(specs):
        if spec.trust.not_before or spec.trust.not_after:
            field = f"roles[{index}].trust"
            check_within(window(spec.trust.not_before, spec.trust.not_after, field), contract, field, limited=False)
    check_never(roles, never)
    return roles


def people_plan(
    account: AccountPlan,
    teams: Sequence[TeamSpec],
    operators: Sequence[OperatorSpec],
    openings: Sequence[OpeningSpec],
    roles: Sequence[Assumable],
    known: KnownRoles,
) -> DelegatePlan:
    """Plan the delegate's side.

    Args:
        account: the delegate's account.
        teams: the teams.
        operators: the operators.
        openings: what is opened to operators for a while.
        roles: every role.
        known: the roles by the names that teams and openings use, with the contracts that limit their windows.

    Raises:
        InvalidInputError: something in it is invalid, or names something that does not exist.
    """
    at_most(len(teams), limits.GROUPS_PER_ACCOUNT, "teams", "groups in one account", "merge some teams")
    at_most(len(operators), limits.USERS_PER_ACCOUNT, "operators", "users in one account", "divide the operators")
    team_plans = tuple(_team(account.id, team, f"teams[{index}]", known) for index, team in enumerate(teams))
    each_once([team.name for team in teams], [f"teams[{n}].name" for n in range(len(teams))], "name")
    plans = tuple(operator_plan(spec, f"operators[{index}]") for index, spec in enumerate(operators))
    each_once([plan.name for plan in plans], [f"operators[{n}].name" for n in range(len(plans))], "name")
    names = {team.name for team in teams}
    for index, plan in enumerate(plans):
        for number, team in enumerate(plan.teams):
            if team not in names:
                raise InvalidInputError(
                    f"operators[{index}].teams[{number}]",
                    team,
                    "is not a team",
                    _one_of(names, "a team of that name"),
                    code="unknown-name",
                )
    named = named_plans(team_plans, plans)
    opened = openings_plan(openings, team_plans, plans, known)
    for index, plan in enumerate(plans):
        policies = sum(len(one.policies) for one in named if one.operator == plan.name)
        policies += sum(one.operator == plan.name for one in opened)
        fix = "open fewer owners' roles at a time, or put the operator in fewer teams"
        at_most(policies, limits.CUSTOM_POLICIES_PER_USER, f"operators[{index}].name", "policies of one user", fix)
    made = [(policy.name, f"teams[{n}].name") for n, team in enumerate(team_plans) for policy in team.policies]
    made += [(policy.name, f"operators ({plan.operator})") for plan in named for policy in plan.policies]
    made += [(plan.policy.name, f"openings ({plan.operator})") for plan in opened]
    each_once([name for name, _ in made], [field for _, field in made], "policy name")
    check_operators(roles, team_plans, plans, account.id)
    return DelegatePlan(account, team_plans, plans, opened, named)


def _team(
    account: str,
    spec: TeamSpec,
    field: str,
    roles: KnownRoles,
) -> TeamPlan:
    for index, name in enumerate(spec.roles):
        if name.lower() not in roles.arns:
            raise InvalidInputError(
                f"{field}.roles[{index}]",
                name,
                "is not a role",
                _one_of(roles.arns, "a role of that name"),
                code="unknown-name",
            )
    arns = [roles.arns[name.lower()] for name in spec.roles]
    period = window(spec.not_before, spec.not_after, field)
    if period.conditions:
        for arn in arns:
            check_within(period, roles.contract(arn), field, limited=False)
    return team_plan(account, spec.name, arns, spec.assume_permission, f"{field}.", f"{field}.roles", period, roles)


def _one_of(names: Mapping[str, str] | set[str], otherwise: str) -> str:
    listed = ", ".join(sorted(names)[:10])
    return f"name one of {listed}, or define {otherwise}" if listed else f"define {otherwise}"


def check_roles_used(roles: Sequence[Assumable], teams: Sequence[TeamPlan]) -> None:
    """Check that every role belongs to a team.

    Raises:
        InvalidInputError: nobody may assume one.
    """
    for index, role in enumerate(roles):
        if not any(role.arn in team.role_arns for team in teams):
            raise InvalidInputError(
                f"roles[{index}].name",
                role.name,
                "is a role that nobody may assume",
                "give it to a team, or drop it",
                code="unused-role",
            )


def check_operators(
    roles: Sequence[Assumable],
    teams: Sequence[TeamPlan],
    operators: Sequence[OperatorPlan],
    delegate: str,
) -> None:
    """Check that every operator can meet the conditions of the roles of its teams.

    Raises:
        InvalidInputError: one never can.
    """
    for index, role in enumerate(roles):
        field = f"roles[{index}].trust"
        allowed = {team.name for team in teams if role.arn in team.role_arns}
        for operator in operators:
            if allowed.isdisjoint(operator.teams):
                continue
            if role.conditions.mfa and operator.kind == "application":
                raise InvalidInputError(
                    f"{field}.mfa",
                    True,  # noqa: FBT003 - the value of the field
                    f"shuts out the application {operator.name}, whose team has the role {role.name}: a call with an "
                    "access key never carries MFA",
                    f"give {operator.name} a role of its own that requires an 'external_id' or 'source_ips' instead",
                    code="mfa-for-application",
                )
            _check_named(role, operator, delegate, f"{field}.principals")


def _check_named(role: Assumable, operator: OperatorPlan, delegate: str, field: str) -> None:
    named = role.conditions.principals
    if named is None or any(":role/" in text for text in named):
        return
    arn = user_arn(delegate, operator.name)
    if arn.lower() not in {text.lower() for text in named}:
        raise InvalidInputError(
            field,
            list(named),
            f"leaves out the operator {operator.name}, whose team has the role {role.name}",
            f"add {arn}, or move the operator to another team",
            code="operator-left-out",
        )


def console_notes(
    roles: Sequence[Assumable], teams: Sequence[TeamPlan], operators: Sequence[OperatorPlan]
) -> tuple[str, ...]:
    """Sentences about people who hold a role that the console's switch-role page cannot reach."""
    people = {team for operator in operators if operator.kind == "person" for team in operator.teams}
    held = {arn for team in teams if team.name in people for arn in team.role_arns}
    return role_notes(role for role in roles if role.arn in held)


def role_notes(roles: Iterable[Assumable]) -> tuple[str, ...]:
    """Sentences about roles that the console's switch-role page cannot reach.

    Source: Alibaba Cloud, RAM, "Assume a RAM role": the page has two fields, the account and the role's name
    (`unconfirmed.CONSOLE_EXTERNAL_ID`, `unconfirmed.CONSOLE_SOURCE_IDENTITY`).
    """
    return tuple(
        f"role {role.name} requires {' and '.join(asked)}, which the console's switch-role page cannot send: people "
        "reach it through AssumeRole only"
        for role in roles
        if (asked := for_the_api_alone(role.conditions))
    )

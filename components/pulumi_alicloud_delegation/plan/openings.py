"""Plans of openings for single operators: of on-request roles, or of membership of a team, for a limited time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from pulumi_alicloud_delegation.plan.known import KnownRoles
from pulumi_alicloud_delegation.plan.named import allow_assuming
from pulumi_alicloud_delegation.plan.operator import OperatorPlan
from pulumi_alicloud_delegation.plan.role import PolicyPlan
from pulumi_alicloud_delegation.plan.team import TeamPlan
from pulumi_alicloud_delegation.plan.windows import Window, check_within, united, window
from pulumi_alicloud_delegation.specs import OpeningSpec
from ram_policies import InvalidInputError, NameKind, check_name
from ram_policies.arn import Arn
from ram_policies.build import document
from ram_policies.names import NAME_RULES

_DESCRIPTION = NAME_RULES[NameKind.DESCRIPTION].maximum


@dataclass(frozen=True, slots=True)
class OpeningPlan:
    """Everything of one owner's that is opened to one operator.

    Attributes:
        operator: name of the operator.
        owner: account ID of the owner.
        policy: lets the operator assume the roles, each in its windows.
        windows: the windows of each role, by its ARN.
    """

    operator: str
    owner: str
    policy: PolicyPlan
    windows: Mapping[str, tuple[Window, ...]]


@dataclass(slots=True)
class _Opened:
    windows: dict[str, list[Window]] = field(default_factory=dict[str, list[Window]])
    reasons: dict[str, None] = field(default_factory=dict[str, None])


def openings_plan(
    specs: Sequence[OpeningSpec],
    teams: Sequence[TeamPlan],
    operators: Sequence[OperatorPlan],
    roles: KnownRoles,
) -> tuple[OpeningPlan, ...]:
    """Plan the openings of one account.

    Args:
        specs: the openings.
        teams: the teams.
        operators: the operators.
        roles: each role there is, and the contract that its openings are held to.

    Raises:
        InvalidInputError: an opening would do nothing, is for somebody it cannot be for, or its window cannot be.
    """
    people = {operator.name.lower(): operator for operator in operators}
    opened: dict[tuple[str, str], _Opened] = {}
    for index, spec in enumerate(specs):
        at = f"openings[{index}]"
        operator = people.get(spec.operator.lower())
        if operator is None:
            raise InvalidInputError(
                f"{at}.operator",
                spec.operator,
                "is in no team, so nothing can be opened",
                "name one of the operators",
                code="unknown-name",
            )
        period = window(spec.not_before, spec.not_after, at)
        details = " ".join(part for part in (spec.role or spec.team, spec.reason, spec.ticket) if part)
        for arn in _arns(spec, at, operator, teams, roles.arns):
            check_within(period, roles.contract(arn), at, limited=True)
            # Another stack may serve another owner with the same person, so each owner has a policy of its own.
            found = opened.setdefault((operator.name, Arn.parse(arn).account), _Opened())
            found.windows.setdefault(arn, []).append(period)
            found.reasons[f"{details}, {period.text}"] = None
    for (name, _), one in opened.items():
        for arn, found_for in one.windows.items():
            for period in united(found_for):
                # Openings that follow each other without a gap are one that is as long as all of them.
                check_within(period, roles.contract(arn), f"openings ({name}, {Arn.parse(arn).name})", limited=True)
    return tuple(_plan(people[name.lower()], owner, one, roles.named) for (name, owner), one in opened.items())


def _arns(
    spec: OpeningSpec, at: str, operator: OperatorPlan, teams: Sequence[TeamPlan], roles: Mapping[str, str]
) -> Sequence[str]:
    if (spec.role is None) == (spec.team is None):
        raise InvalidInputError(
            f"{at}.role",
            spec.role,
            "is missing, and a team as well" if spec.role is None else "is given together with a team",
            "give one of the two",
            code="conflicting-values",
        )
    if spec.team is not None:
        return _of_team(spec.team, f"{at}.team", operator, teams)
    role = str(spec.role)
    arn = roles.get(role.lower())
    if arn is None:
        names = ", ".join(sorted(roles)) or "none"
        raise InvalidInputError(f"{at}.role", role, "is not a role", f"name one of {names}", code="unknown-name")
    mine = [team for team in teams if team.name in operator.teams and arn in team.role_arns]
    if not mine:
        raise InvalidInputError(
            f"{at}.operator",
            operator.name,
            f"is in no team that has the role {role}",
            "join the operator to one first",
            code="nothing-to-open",
        )
    if not any(arn in team.on_request for team in mine):
        raise InvalidInputError(
            f"{at}.role",
            role,
            f"is standing, so {operator.name} may assume it at any time",
            "take the opening away",
            code="nothing-to-open",
        )
    for key in ("reason", "ticket"):
        if getattr(spec, key) is None:
            raise InvalidInputError(
                f"{at}.{key}", None, f"is missing: {role} is on-request", f"say the {key}", code="missing-value"
            )
    return (arn,)


def _of_team(name: str, at: str, operator: OperatorPlan, teams: Sequence[TeamPlan]) -> Sequence[str]:
    team = next((team for team in teams if team.name.lower() == name.lower()), None)
    if team is None:
        names = ", ".join(team.name for team in teams) or "none"
        raise InvalidInputError(at, name, "is not a team", f"name one of {names}", code="unknown-name")
    if team.name in operator.teams:
        raise InvalidInputError(
            at, name, f"has {operator.name} among its members already", "take the opening away", code="nothing-to-open"
        )
    if not team.standing:
        raise InvalidInputError(
            at, name, "has on-request roles alone", "open one of its roles instead", code="nothing-to-open"
        )
    return team.standing


def _plan(person: OperatorPlan, owner: str, opened: _Opened, named: frozenset[str]) -> OpeningPlan:
    operator = person.name
    windows = {arn: united(found) for arn, found in sorted(opened.windows.items())}
    by_window: dict[Window, list[str]] = {}
    for arn, found in windows.items():
        for period in found:
            by_window.setdefault(period, []).append(arn)
    statements = [
        statement
        for period, arns in by_window.items()
        for statement in allow_assuming(operator, arns, named, period.conditions)
    ]
    name = _policy_name(person, owner)
    text = f"Opened to {operator}: {'; '.join(opened.reasons)}"
    description = text if len(text) <= _DESCRIPTION else text[: _DESCRIPTION - 1] + "…"
    check_name(NameKind.POLICY, name, "openings")
    return OpeningPlan(operator, owner, PolicyPlan(name, document(*statements).to_json(), description), windows)


def _policy_name(person: OperatorPlan, owner: str) -> str:
    """Name of the policy that opens an owner's roles to somebody.

    A user whom another stack makes may have a policy for the same owner from there. Each team is made by one stack, so
    a team of the user's tells the two apart.
    """
    # Names of users may hold . and _, names of policies may not.
    name = person.name.replace(".", "-").replace("_", "-") + f"-opened-{owner}"
    if not person.existing:
        return name
    team = min(team.lower() for team in person.teams)
    return f"{name}-{sha256(team.encode()).hexdigest()[:8]}"

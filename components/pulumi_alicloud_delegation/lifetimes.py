"""Ends of contracts, roles and openings: sentences for outputs, and warnings of a preview."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pulumi_alicloud_delegation.plan.delegation import DelegatePlan
from pulumi_alicloud_delegation.plan.known import Assumable
from pulumi_alicloud_delegation.plan.windows import Status, Window, window
from pulumi_alicloud_delegation.specs import ContractSpec
from ram_policies.arn import Arn


@dataclass(frozen=True, slots=True)
class Lifetime:
    """Something that lasts for a while.

    Attributes:
        what: the thing, ``role ecs-admin``.
        period: when it counts.
        fix: what to do when it has ended, or ends soon.
        residual: for how many seconds a session that is open at the end may go on.
        lasting: whether its end should be reported beforehand; what is opened for hours ends as it should.
    """

    what: str
    period: Window
    fix: str
    residual: int = 0
    lasting: bool = True


def lifetimes(
    contracts: Iterable[ContractSpec], roles: Sequence[Assumable], people: DelegatePlan | None = None
) -> Iterator[Lifetime]:
    """Everything of a delegation that has a window."""
    for contract in contracts:
        whole = window(contract.not_before, contract.not_after, "contract")
        if whole.conditions:
            fix = "agree on a new end, or destroy the stack"
            yield Lifetime(f"contract {contract.name or ''}".rstrip(), whole, fix)
    for role in roles:
        trust = role.conditions
        period = window(trust.not_before, trust.not_after, f"{role.name}.trust")
        if period.conditions:
            fix = "extend it, or take the role away"
            yield Lifetime(f"role {role.name}", period, fix, role.max_session_duration)
        if trust.previous_external_id_until is not None:
            until = window(None, trust.previous_external_id_until, role.name)
            fix = "have every caller send the new one, then take 'previous_external_id' away"
            what = f"previous external ID of role {role.name}"
            yield Lifetime(what, until, fix, role.max_session_duration)
    if people is not None:
        yield from _of_people(people, {role.arn: role.max_session_duration for role in roles})


def _of_people(people: DelegatePlan, longest: Mapping[str, int]) -> Iterator[Lifetime]:
    """Windows of teams, and openings.

    Args:
        people: the delegate's side.
        longest: longest session of each role in seconds, by its ARN.
    """
    for team in people.teams:
        if team.period.conditions:
            residual = max(longest[arn] for arn in team.role_arns)
            yield Lifetime(f"team {team.name}", team.period, "extend it, or take the team away", residual)
    for opening in people.openings:
        for arn, periods in opening.windows.items():
            for period in periods:
                what = f"opening of {Arn.parse(arn).name} to {opening.operator}"
                yield Lifetime(what, period, "take the opening away", longest[arn], lasting=False)


def window_outputs(found: Iterable[Lifetime], now: datetime) -> dict[str, str]:
    """The output `windows`: each window and its status at present, by the name of its contract, role or opening.

    Conditions on time are looked at when a session begins, so its residual time is reported.
    """
    notes: dict[str, str] = {}
    for one in found:
        text = f"{one.period.text}: {one.period.status(now)}"
        if one.residual and one.period.end is not None:
            text += f" (a session that is open at the end lasts up to {one.residual} seconds more)"
        notes[one.what] = f"{notes[one.what]}; {text}" if one.what in notes else text
    return notes


def warnings(found: Iterable[Lifetime], now: datetime) -> Iterator[str]:
    """Warnings of a preview: of what has ended, and of what ends soon."""
    for one in found:
        status = one.period.status(now)
        if status is Status.ENDED:
            yield f"{one.what}: ended ({one.period.text}). Fix: {one.fix}."
        elif status is Status.ENDS_SOON and one.lasting:
            yield f"{one.what}: ends soon ({one.period.text}). Fix: {one.fix}."

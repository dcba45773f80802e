"""Arguments of the components, taken from the other enterprise's file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from pulumi_alicloud_delegation.args import OperatorArgs, OperatorTeamArgs, RoleArgs
from pulumi_alicloud_delegation.handover.formats import Acceptance, Offer
from pulumi_alicloud_delegation.plan.known import KnownRoles
from ram_policies import InvalidInputError


def roles_from_offer(offer: Offer) -> list[RoleArgs]:
    """Arguments for A's `DelegatedRole`s, one for each role that B wants."""
    return [
        cast("RoleArgs", role.model_dump(mode="json", by_alias=False, exclude_defaults=True, exclude_none=True))
        for role in offer.roles
    ]


def team_from_acceptance(
    acceptance: Acceptance, name: str, roles: Iterable[str], operators: Iterable[OperatorArgs] = ()
) -> OperatorTeamArgs:
    """Arguments for B's `OperatorTeam` that may assume some of the roles that A has made.

    Raises:
        InvalidInputError: a role is not among them.
    """
    known = KnownRoles.of(acceptance.roles, {})
    arns = known.arns
    for index, role in enumerate(names := list(roles)):
        if role.lower() not in arns:
            there = ", ".join(accepted.name for accepted in acceptance.roles)
            raise InvalidInputError(
                f"roles[{index}]", role, "is not in the acceptance", f"name one of {there}", code="unknown-name"
            )
    made: OperatorTeamArgs = {
        "account_id": acceptance.delegate.id,
        "name": name,
        "role_arns": [arns[role.lower()] for role in names],
        "operators": list(operators),
    }
    named = known.named.intersection(made["role_arns"])
    return {**made, "source_identity_role_arns": sorted(named)} if named else made

"""Offers and acceptances made from plans."""

from __future__ import annotations

from collections.abc import Sequence

from pulumi_alicloud_delegation.contract import ContractSpec, check_contract
from pulumi_alicloud_delegation.handover.files import sealed
from pulumi_alicloud_delegation.handover.formats import (
    Acceptance,
    AcceptanceState,
    AcceptedRole,
    Offer,
    OfferedRole,
    Party,
    Tier,
)
from pulumi_alicloud_delegation.handover.granted import granted_policies
from pulumi_alicloud_delegation.plan.account import AccountPlan
from pulumi_alicloud_delegation.plan.delegation import roles_plan
from pulumi_alicloud_delegation.plan.role import RolePlan
from pulumi_alicloud_delegation.specs import RoleSpec

NO_OWNER_YET = "0"
"""Stands for the owner of an offer that is for whoever takes it."""


def offer_of(
    delegate: Party,
    roles: Sequence[RoleSpec],
    owner: Party | None = None,
    contract: ContractSpec | None = None,
    never: Sequence[str] = (),
) -> Offer:
    """B's offer, sealed. What A would refuse is refused here already.

    Raises:
        InvalidInputError: a role, a document, a condition or the contract cannot be.
    """
    contract = contract or ContractSpec()
    check_contract(contract, "contract")
    planned_roles(roles, owner.id if owner else NO_OWNER_YET, delegate.id)
    return sealed(
        Offer(
            kind="alicloud-delegation/offer",
            version=2,
            delegate=delegate,
            owner=owner,
            contract=contract,
            never=tuple(never),
            roles=tuple(_offered(role) for role in roles),
        )
    )


def _offered(role: RoleSpec) -> OfferedRole:
    if isinstance(role, OfferedRole):
        return role
    return OfferedRole(**{name: getattr(role, name) for name in type(role).model_fields})


def planned_roles(roles: Sequence[RoleSpec], owner: str, delegate: str) -> tuple[RolePlan, ...]:
    """Plans of the roles of an offer, for an owner who may not be known yet.

    Raises:
        InvalidInputError: one of them cannot be.
    """
    return roles_plan(roles, owner, delegate, "active")


def acceptance_of(
    owner: AccountPlan, delegate: Party, roles: Sequence[RolePlan], offer: Offer | None = None
) -> Acceptance:
    """A's acceptance of what a plan makes, sealed: known before anything exists, so that a review can read it."""
    tiers: dict[str, Tier] = {role.name.lower(): role.tier for role in offer.roles} if offer else {}
    state: AcceptanceState = "suspended" if any(role.state == "suspended" for role in roles) else "active"
    return sealed(
        Acceptance(
            kind="alicloud-delegation/acceptance",
            version=2,
            offer=(offer.answers or offer.digest) if offer else None,
            owner=party_of(owner),
            delegate=delegate,
            contract=offer.contract if offer else ContractSpec(),
            state=state,
            never=offer.never if offer else (),
            roles=tuple(
                AcceptedRole(
                    name=role.name,
                    arn=role.arn,
                    granted=granted_policies(role, role.granted),
                    trust=role.conditions,
                    max_session_duration=role.max_session_duration,
                    tier=tiers.get(role.name.lower(), "standing"),
                )
                for role in roles
            ),
        )
    )


def party_of(account: AccountPlan) -> Party:
    """An account as the other enterprise sees it: without credentials and endpoints."""
    return Party(id=account.id, alias=None if account.alias == account.id else account.alias, site=account.site)

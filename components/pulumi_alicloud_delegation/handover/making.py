"""Offers and acceptances made from plans."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pulumi_alicloud_delegation.handover.files import sealed
from pulumi_alicloud_delegation.handover.formats import (
    Acceptance,
    AcceptanceState,
    AcceptedRole,
    Offer,
    Party,
)
from pulumi_alicloud_delegation.handover.granted import granted_policies
from pulumi_alicloud_delegation.plan.delegation import roles_plan
from pulumi_alicloud_delegation.plan.provider_setup import AccountPlan
from pulumi_alicloud_delegation.plan.role import RolePlan
from pulumi_alicloud_delegation.specs import NO_CONTRACT, ContractSpec, RoleSpec

NO_OWNER_YET = "0"
"""Placeholder for the owner of an offer that is not addressed to one account."""


def offer_of(
    delegate: Party,
    roles: Sequence[RoleSpec],
    owner: Party | None = None,
    contract: ContractSpec | None = None,
    never: Sequence[str] = (),
) -> Offer:
    """B's offer, sealed. What A would refuse is refused here already.

    Raises:
        InvalidInputError: a role, a document, a condition or the contract is invalid.
    """
    contract = contract or NO_CONTRACT
    roles_plan(roles, owner.id if owner else NO_OWNER_YET, delegate.id, "active", contract)
    return sealed(
        Offer(
            kind="alicloud-delegation/offer",
            version=2,
            delegate=delegate,
            owner=owner,
            contract=contract,
            never=tuple(never),
            roles=tuple(roles),
        )
    )


def planned_roles(roles: Sequence[RoleSpec], owner: str, delegate: str) -> tuple[RolePlan, ...]:
    """Plans of the roles of an offer, for an owner who may not be known yet.

    Raises:
        InvalidInputError: one of them is invalid.
    """
    return roles_plan(roles, owner, delegate, "active")


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreements beside the roles.

    Attributes:
        contract: the contract.
        never: actions that no role allows.
        offer: digest of the offer that is accepted; None without an offer.
        ended: whether the owner has ended the contract.
    """

    contract: ContractSpec = NO_CONTRACT
    never: tuple[str, ...] = ()
    offer: str | None = None
    ended: bool = False


def acceptance_of(
    owner: AccountPlan, delegate: Party, roles: Sequence[RolePlan], agreement: Agreement | None = None
) -> Acceptance:
    """A's acceptance of what a plan makes, sealed: known before anything exists, so that a review can read it.

    Once the contract has ended, the roles are still named, so that B knows what to clear away, and carry nothing.
    """
    agreement = agreement or Agreement()
    state: AcceptanceState = "suspended" if any(role.state == "suspended" for role in roles) else "active"
    return sealed(
        Acceptance(
            kind="alicloud-delegation/acceptance",
            version=2,
            offer=agreement.offer,
            owner=party_of(owner),
            delegate=delegate,
            contract=agreement.contract,
            state="terminated" if agreement.ended else state,
            never=agreement.never,
            roles=tuple(
                AcceptedRole(
                    name=role.name,
                    arn=role.arn,
                    granted=() if agreement.ended else granted_policies(role, role.granted),
                    trust=role.conditions,
                    max_session_duration=role.max_session_duration,
                    tier=role.tier,
                    reason=role.reason,
                    ticket=role.ticket,
                )
                for role in roles
            ),
        )
    )


def relinquished(delegate: Party, owner: Party, contract: ContractSpec) -> Offer:
    """The message by which B tells A that it gives every role back, sealed."""
    return sealed(
        Offer(
            kind="alicloud-delegation/offer",
            version=2,
            state="relinquished",
            delegate=delegate,
            owner=owner,
            contract=contract,
            roles=(),
        )
    )


def party_of(account: AccountPlan) -> Party:
    """An account as the other enterprise sees it: without credentials and endpoints."""
    return Party(id=account.id, alias=None if account.alias == account.id else account.alias, site=account.site)

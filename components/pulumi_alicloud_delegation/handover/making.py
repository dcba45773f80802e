"""Offers and acceptances made from plans."""

from __future__ import annotations

from collections.abc import Sequence

from pulumi_alicloud_delegation.handover.formats import Acceptance, AcceptedPolicy, AcceptedRole, Offer, Party
from pulumi_alicloud_delegation.plan.account import AccountPlan
from pulumi_alicloud_delegation.plan.delegation import roles_plan
from pulumi_alicloud_delegation.plan.role import RolePlan
from pulumi_alicloud_delegation.reading import camel
from pulumi_alicloud_delegation.specs import RoleSpec

_NO_OWNER_YET = "0"


def offer_of(delegate: Party, roles: Sequence[RoleSpec], owner: Party | None = None) -> Offer:
    """B's offer. What A would refuse is refused here already.

    Raises:
        InvalidInputError: a role, a document or a condition cannot be.
    """
    roles_plan(roles, owner.id if owner else _NO_OWNER_YET, delegate.id, "active", camel)
    return Offer(kind="alicloud-delegation/offer", version=1, delegate=delegate, owner=owner, roles=tuple(roles))


def acceptance_of(owner: AccountPlan, delegate: Party, roles: Sequence[RolePlan]) -> Acceptance:
    """A's acceptance of what a plan makes: known before anything exists, so that a review can read it."""
    return Acceptance(
        kind="alicloud-delegation/acceptance",
        version=1,
        owner=party_of(owner),
        delegate=delegate,
        state="suspended" if any(role.state == "suspended" for role in roles) else "active",
        roles=tuple(
            AcceptedRole(
                name=role.name,
                arn=role.arn,
                granted=tuple(AcceptedPolicy(name=grant.name, type=grant.type) for grant in role.attachments),
                trust=role.conditions,
                max_session_duration=role.max_session_duration,
            )
            for role in roles
        ),
    )


def party_of(account: AccountPlan) -> Party:
    """An account as the other enterprise sees it: without credentials and endpoints."""
    return Party(id=account.id, alias=None if account.alias == account.id else account.alias, site=account.site)

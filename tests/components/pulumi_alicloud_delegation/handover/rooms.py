"""An offer and acceptances of it, for the contract room."""

from __future__ import annotations

from typing import Any

from pulumi_alicloud_delegation.handover import Acceptance, Agreement, Offer, acceptance_of, party_of
from pulumi_alicloud_delegation.handover.files import sealed
from pulumi_alicloud_delegation.plan.delegation import roles_plan
from pulumi_alicloud_delegation.plan.provider_setup import account_plan
from pulumi_alicloud_delegation.specs import AccountSpec

OWNER, DELEGATE = "11223344", "12345678"
READING = {"name": "read-databases", "document": {
    "Version": "1",
    "Statement": [
        {"Effect": "Allow", "Action": ["rds:Describe*"], "Resource": "*"},
        {"Effect": "Allow", "Action": ["slb:Describe*"], "Resource": "*"},
    ],
}}  # fmt: skip
LESS = {"name": "read-databases", "document": {
    "Version": "1",
    "Statement": [
        {"Effect": "Allow", "Action": ["rds:DescribeDBInstances"], "Resource": "*"},
    ],
}}  # fmt: skip


def role(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, **more}


ADMIN = role("ecs-admin", systemPolicies=["AliyunECSFullAccess"], trust={"externalId": "c-7", "mfa": True})
READER = role("db-reader", policies=[READING], maxSessionDuration=7200)
BILLS = role(
    "bill-reader",
    systemPolicies=["AliyunBSSReadOnlyAccess"],
    tier="on-request",
    reason="Budget review",
    ticket="FIN-7",
    trust={"notAfter": "2099-12-31T23:59:59Z"},
)


def offer(*roles: dict[str, Any], **more: Any) -> Offer:
    content = {
        "kind": "alicloud-delegation/offer",
        "version": 2,
        "delegate": {"id": DELEGATE, "alias": "company-b"},
        "owner": {"id": OWNER, "alias": "company-a"},
        "contract": {"name": "c-7", "notBefore": "2026-01-01T00:00:00Z", "notAfter": "2026-12-31T23:59:59Z"},
        "never": ["bss:PayOrder"],
        "roles": list(roles),
        "issued": "2026-05-01T00:00:00Z",
    }
    return sealed(Offer.model_validate(content | more))


def accepted(asked: Offer, *roles: dict[str, Any], **more: Any) -> Acceptance:
    """The acceptance that A's stack writes with these roles, for an offer."""
    granted = offer(*roles).roles if roles else asked.roles
    found = acceptance_of(
        account_plan(AccountSpec(id=OWNER, alias="company-a"), "owner"),
        party_of(account_plan(AccountSpec(id=DELEGATE, alias="company-b"), "delegate")),
        roles_plan(granted, OWNER, DELEGATE, "active"),
        Agreement(asked.contract, asked.never, asked.digest),
    )
    return sealed(found.model_copy(update={"issued": "2026-05-02T00:00:00Z", **more}))

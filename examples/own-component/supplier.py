"""Access of suppliers, as this company grants it: always with MFA, at most for a year, named and tagged alike."""

from typing import TypedDict

import pulumi

from pulumi_alicloud_delegation import DelegatedRole

ACCOUNT = "11223344"


class SupplierAccessArgs(TypedDict):
    """Inputs of `SupplierAccess`."""

    supplier: str
    """Short name of the supplier, part of the role's name."""
    account_id: str
    """The supplier's account."""
    system_policies: list[str]
    """System policies that the supplier gets."""
    until: str
    """Last day of the contract: `2027-12-31`."""


class SupplierAccess(pulumi.ComponentResource):
    """A role for one supplier, by this company's rules."""

    role_arn: pulumi.Output[str]
    """ARN of the role that the supplier's people assume."""

    def __init__(self, name: str, args: SupplierAccessArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("our-company:index:SupplierAccess", name, {}, opts)
        role = DelegatedRole(
            name,
            {
                "owner_account_id": ACCOUNT,
                "delegate_account_id": args["account_id"],
                "role": {
                    "name": f"supplier-{args['supplier']}",
                    "system_policies": args["system_policies"],
                    "trust": {"mfa": True, "not_after": f"{args['until']}T23:59:59Z"},
                    "tags": {"supplier": args["supplier"], "contract-end": args["until"]},
                },
            },
            pulumi.ResourceOptions(parent=self),
        )
        self.role_arn = role.arn
        self.register_outputs({"roleArn": self.role_arn})

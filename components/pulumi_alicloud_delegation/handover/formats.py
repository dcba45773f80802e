"""The two formats, version 2. Their JSON Schema is published in docs/schemas.

A change that an older reader would misunderstand gets a new version; a reader refuses versions that it does not know.
Version 1 is still read (`handover.version1`).
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, StrictStr

from pulumi_alicloud_delegation.specs import ContractSpec, PolicyTypeName, RoleSpec, Site, Spec, Tier, TrustSpec

VERSION = 2
OfferState = Literal["open", "relinquished"]
AcceptanceState = Literal["active", "suspended", "terminated"]

_DIGEST = "SHA-256 of the content without this key, as canonical JSON: `sha256:` and 64 hexadecimal digits."
_ISSUED = "When the file was written, `2026-01-01T00:00:00Z`. Of two files, the later one counts."


class Party(Spec):
    """One of the two enterprises."""

    id: StrictStr = Field(description="Account ID, digits only.")
    alias: StrictStr | None = Field(default=None, description="Account alias, what people type in the console.")
    site: Site = Field(default="international", description="The Alibaba Cloud site of the account.")


class Offer(Spec):
    """B's offer: who B is, and which roles with which grants B asks A to make."""

    kind: Literal["alicloud-delegation/offer"] = Field(description="Which file this is.")
    version: Literal[2] = Field(description="Version of the format.")
    digest: StrictStr | None = Field(default=None, description=_DIGEST)
    issued: StrictStr | None = Field(default=None, description=_ISSUED)
    answers: StrictStr | None = Field(
        default=None, description="Digest of the offer that this one narrows: A's answer to it."
    )
    state: OfferState = Field(default="open", description="`relinquished`: B gives back every role of this contract.")
    delegate: Party = Field(description="B, the account that asks to be trusted.")
    owner: Party | None = Field(default=None, description="A, when the offer is for one owner only.")
    contract: ContractSpec = Field(default=ContractSpec(), description="The contract that the roles are for.")
    never: tuple[StrictStr, ...] = Field(
        default=(), description="Patterns of actions that no role may allow, alone or through others: `bss:*`."
    )
    roles: tuple[RoleSpec, ...] = Field(description="The roles wanted, with grants, external ID and contract window.")


class AcceptedPolicy(Spec):
    """A policy that a role carries."""

    name: StrictStr = Field(description="Name of the policy.")
    type: PolicyTypeName = Field(description="Who maintains it: Alibaba Cloud (System) or A (Custom).")
    document: dict[str, object] | None = Field(
        default=None,
        description="What the policy says. Absent when it was there before and A's stack does not know it.",
    )


class AcceptedRole(Spec):
    """A role that A has made."""

    name: StrictStr = Field(description="Name of the role, what people type on the switch-role page.")
    arn: StrictStr = Field(description="ARN of the role, what AssumeRole is called with.")
    granted: tuple[AcceptedPolicy, ...] = Field(description="What the role carries now; empty while suspended.")
    trust: TrustSpec = Field(default=TrustSpec(), description="What a caller has to bring along.")
    max_session_duration: int = Field(default=3600, description="Longest session in seconds.")
    tier: Tier = Field(default="standing", description="Whether the role is usable at any time, or on request.")
    reason: StrictStr | None = Field(default=None, description="What an on-request role is for.")
    ticket: StrictStr | None = Field(default=None, description="Where an on-request role was asked for.")

    @property
    def conditions(self) -> TrustSpec:
        """Conditions that a caller has to meet."""
        return self.trust


class Acceptance(Spec):
    """A's acceptance: which roles exist for B, and what they carry."""

    kind: Literal["alicloud-delegation/acceptance"] = Field(description="Which file this is.")
    version: Literal[2] = Field(description="Version of the format.")
    digest: StrictStr | None = Field(default=None, description=_DIGEST)
    issued: StrictStr | None = Field(default=None, description=_ISSUED)
    offer: StrictStr | None = Field(default=None, description="Digest of the offer that is accepted.")
    owner: Party = Field(description="A, the account that the roles belong to.")
    delegate: Party = Field(description="B, the account that is trusted.")
    contract: ContractSpec = Field(default=ContractSpec(), description="The contract that the roles are for.")
    state: AcceptanceState = Field(
        default="active", description="Whether A has suspended the delegation, or has ended it."
    )
    never: tuple[StrictStr, ...] = Field(default=(), description="Patterns of actions that no role allows.")
    roles: tuple[AcceptedRole, ...] = Field(description="The roles that B may assume.")

"""The two formats, version 1. Their JSON Schema is published in docs/schemas.

A change that an older reader would misunderstand gets a new version; a reader refuses versions that it does not know.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, StrictStr

from pulumi_alicloud_delegation.specs import PolicyTypeName, RoleSpec, Site, Spec, State, TrustSpec


class Party(Spec):
    """One of the two enterprises."""

    id: StrictStr = Field(description="Account ID, digits only.")
    alias: StrictStr | None = Field(default=None, description="Account alias, what people type in the console.")
    site: Site = Field(default="international", description="The Alibaba Cloud site of the account.")


class Offer(Spec):
    """B's offer: who B is, and which roles with which grants B asks A to make."""

    kind: Literal["alicloud-delegation/offer"] = Field(description="Which file this is.")
    version: Literal[1] = Field(description="Version of the format.")
    delegate: Party = Field(description="B, the account that asks to be trusted.")
    owner: Party | None = Field(default=None, description="A, when the offer is for one owner only.")
    roles: tuple[RoleSpec, ...] = Field(description="The roles wanted, with grants, external ID and contract window.")


class AcceptedPolicy(Spec):
    """A policy that a role carries."""

    name: StrictStr = Field(description="Name of the policy.")
    type: PolicyTypeName = Field(description="Who maintains it: Alibaba Cloud (System) or A (Custom).")


class AcceptedRole(Spec):
    """A role that A has made."""

    name: StrictStr = Field(description="Name of the role, what people type on the switch-role page.")
    arn: StrictStr = Field(description="ARN of the role, what AssumeRole is called with.")
    granted: tuple[AcceptedPolicy, ...] = Field(description="What the role carries now; empty while suspended.")
    trust: TrustSpec = Field(default=TrustSpec(), description="What a caller has to bring along.")
    max_session_duration: int = Field(default=3600, description="Longest session in seconds.")

    @property
    def conditions(self) -> TrustSpec:
        """What a caller has to bring along."""
        return self.trust


class Acceptance(Spec):
    """A's acceptance: which roles exist for B, and what they carry."""

    kind: Literal["alicloud-delegation/acceptance"] = Field(description="Which file this is.")
    version: Literal[1] = Field(description="Version of the format.")
    owner: Party = Field(description="A, the account that the roles belong to.")
    delegate: Party = Field(description="B, the account that is trusted.")
    state: State = Field(default="active", description="Whether A has suspended the delegation.")
    roles: tuple[AcceptedRole, ...] = Field(description="The roles that B may assume.")

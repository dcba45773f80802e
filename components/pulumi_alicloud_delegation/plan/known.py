"""Roles as the delegate knows them: planned here, asked for, or accepted by the other enterprise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, Self

from pulumi_alicloud_delegation.specs import NO_CONTRACT, ContractSpec, Tier, TrustSpec


class Assumable(Protocol):
    """A role as the delegate knows it: planned here, asked for, or accepted by the other enterprise."""

    @property
    def name(self) -> str:
        """Name of the role."""
        ...

    @property
    def arn(self) -> str:
        """ARN of the role."""
        ...

    @property
    def conditions(self) -> TrustSpec:
        """Conditions that narrow the trust."""
        ...

    @property
    def tier(self) -> Tier:
        """Tier: usable at any time, or only while it is opened to somebody."""
        ...

    @property
    def max_session_duration(self) -> int:
        """Longest session in seconds."""
        ...


@dataclass(frozen=True, slots=True)
class KnownRoles:
    """The roles, with what the planning of teams and operators needs.

    Attributes:
        arns: ARN of each role, by what teams and openings may call it, in lower case.
        on_request: ARNs of those that are usable only while they are opened to somebody.
        named: ARNs of those that demand a source identity.
        contracts: the contract of each role, by its ARN.
    """

    arns: Mapping[str, str]
    on_request: frozenset[str] = frozenset()
    named: frozenset[str] = frozenset()
    contracts: Mapping[str, ContractSpec] = field(default_factory=dict[str, ContractSpec])

    @classmethod
    def of(
        cls, roles: Iterable[Assumable], contracts: Mapping[str, ContractSpec], arns: Mapping[str, str] | None = None
    ) -> Self:
        """The known roles, made of roles that are planned here or accepted from an owner.

        Args:
            roles: each role there is.
            contracts: the contract of each, by its ARN; no window may outlast it.
            arns: ARN of each role by its names; by default a role goes by its own name.
        """
        known = list(roles)
        return cls(
            {role.name.lower(): role.arn for role in known} if arns is None else arns,
            frozenset(role.arn for role in known if role.tier == "on-request"),
            frozenset(role.arn for role in known if role.conditions.source_identity == "required"),
            contracts,
        )

    def contract(self, arn: str) -> ContractSpec:
        """The contract that windows of a role are held to."""
        return self.contracts.get(arn, NO_CONTRACT)

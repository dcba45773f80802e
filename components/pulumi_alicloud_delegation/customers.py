"""The owners that a delegate works for, and what is known of the roles they give.

In a stack with one owner a role goes by its name. With several it goes by its owner's alias, or account ID, and its
name: ``company-a/ecs-admin``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from pulumi_alicloud_delegation.configuration import DelegateConfiguration
from pulumi_alicloud_delegation.handover import Acceptance, read_acceptance
from pulumi_alicloud_delegation.handover.verifying import check_parties
from pulumi_alicloud_delegation.plan.delegation import DelegatePlan, people_plan
from pulumi_alicloud_delegation.plan.known import Assumable, KnownRoles
from pulumi_alicloud_delegation.plan.plan_checks import some, two_accounts
from pulumi_alicloud_delegation.plan.provider_setup import AccountPlan, account_plan
from pulumi_alicloud_delegation.specs import (
    NO_CONTRACT,
    AccountSpec,
    ContractSpec,
    CustomerSpec,
    RoleSpec,
    Tier,
    TrustSpec,
)
from ram_policies import InvalidInputError, NameKind, check_name
from ram_policies.arn import Arn, role_arn


@dataclass(frozen=True, slots=True)
class KnownRole:
    """A role of an owner, as far as the delegate knows it.

    Attributes:
        name: what teams and openings call it.
        arn: its ARN.
        conditions: what narrows the trust.
        tier: whether it is usable at any time.
        max_session_duration: longest session in seconds.
    """

    name: str
    arn: str
    conditions: TrustSpec
    tier: Tier
    max_session_duration: int


@dataclass(frozen=True, slots=True)
class Customer:
    """One owner.

    Attributes:
        owner: its account.
        spec: what the stack file says of it.
        field: where it stands there, with a dot at the end; empty in a stack with one owner.
        acceptance: what it granted, where the stack file names the file.
        contract: from the acceptance, where there is one.
        roles: its roles.
    """

    owner: AccountPlan
    spec: CustomerSpec
    field: str
    acceptance: Acceptance | None
    contract: ContractSpec
    roles: tuple[Assumable, ...]

    @property
    def relinquished(self) -> bool:
        """True if the delegate has given the roles back."""
        return self.spec.state == "relinquished"


@dataclass(frozen=True, slots=True)
class Customers:
    """All owners of a stack.

    Attributes:
        every: in the order of the stack file, those included whose roles are given back.
        references: ARN of each role that can be used, by what teams and openings may call it, in lower case.
    """

    every: tuple[Customer, ...]
    references: Mapping[str, str]

    @property
    def current(self) -> tuple[Customer, ...]:
        """Those whose roles are used."""
        return tuple(one for one in self.every if not one.relinquished)

    @property
    def roles(self) -> tuple[Assumable, ...]:
        """The roles that can be used."""
        return tuple(role for one in self.current for role in one.roles)

    def people(self, configuration: DelegateConfiguration) -> DelegatePlan:
        """Plan the teams, operators and openings for these owners' roles.

        Raises:
            InvalidInputError: one of them is invalid, or names something that does not exist.
        """
        contracts = {role.arn: one.contract for one in self.current for role in one.roles}
        return people_plan(
            account_plan(configuration.delegate, "delegate"),
            configuration.teams,
            configuration.operators,
            configuration.openings,
            self.roles,
            KnownRoles.of(self.roles, contracts, self.references),
        )


def customers_of(
    configuration: DelegateConfiguration, read: Callable[[str], Acceptance] = read_acceptance
) -> Customers:
    """Read what is known of each owner.

    Args:
        configuration: of the stack.
        read: reads an acceptance file.

    Raises:
        InvalidInputError: an owner is named twice, is the delegate itself, or its acceptance cannot be used.
    """
    some(configuration.owners, "owners", "is empty: there is nobody to work for", "add an owner")
    several = configuration.several
    every = tuple(
        _customer(spec, f"owners[{index}]." if several else "", configuration, read)
        for index, spec in enumerate(configuration.owners)
    )
    _no_owner_twice(every)
    references = {
        text: role.arn
        for one in every
        if not one.relinquished
        for role in one.roles
        for text in references_to(Arn.parse(role.arn).name, one.spec, several=several)
    }
    return Customers(every, references)


def references_to(role: str, owner: CustomerSpec, *, several: bool) -> tuple[str, ...]:
    """Names that teams and openings may give a role, in lower case.

    Args:
        role: its name.
        owner: the owner of the role.
        several: whether the stack has several owners.
    """
    if not several:
        return (role.lower(),)
    return tuple(f"{name}/{role}".lower() for name in (owner.alias, owner.id) if name)


def _no_owner_twice(customers: Sequence[Customer]) -> None:
    seen: dict[str, tuple[Customer, str]] = {}
    for one in customers:
        for key, name in {"id": one.owner.id, "alias": one.owner.alias}.items():
            field = f"{one.field}{key}"
            first, named = seen.setdefault(name.lower(), (one, field))
            if first is not one:
                raise InvalidInputError(
                    field, name, f"is '{named}' already", "keep one entry for each owner", code="duplicate"
                )


def _customer(
    spec: CustomerSpec, field: str, configuration: DelegateConfiguration, read: Callable[[str], Acceptance]
) -> Customer:
    at = field or "owner."
    owner = account_plan(AccountSpec(id=spec.id, alias=spec.alias, site=spec.site), at.removesuffix("."))
    two_accounts(owner.id, configuration.delegate.id, f"{at}id", "delegate.id")
    acceptance = _acceptance(spec, field, configuration.delegate.id, read)
    contract = spec.contract if acceptance is None else acceptance.contract
    known: Sequence[Assumable] = acceptance.roles if acceptance else _asked_for(owner, spec, field, configuration)
    if field:
        known = [
            KnownRole(f"{owner.alias}/{role.name}", role.arn, role.conditions, role.tier, role.max_session_duration)
            for role in known
        ]
    return Customer(owner, spec, field, acceptance, contract, tuple(known))


def _asked_for(
    owner: AccountPlan, spec: CustomerSpec, field: str, configuration: DelegateConfiguration
) -> Sequence[KnownRole]:
    """The roles that the delegate asks for; without any, those that the teams name."""
    prefixes = tuple(f"{name.lower()}/" for name in (owner.alias, owner.id)) if field else ("",)
    named = dict.fromkeys(
        name[len(prefix) :]
        for team in configuration.teams
        for name in team.roles
        for prefix in prefixes
        if name.lower().startswith(prefix)
    )
    return [
        KnownRole(
            check_name(NameKind.ROLE, role.name, "teams.roles"),
            role_arn(owner.id, role.name),
            role.trust,
            role.tier,
            role.max_session_duration,
        )
        for role in spec.roles or [RoleSpec(name=name) for name in named]
    ]


def _acceptance(spec: CustomerSpec, field: str, delegate: str, read: Callable[[str], Acceptance]) -> Acceptance | None:
    if spec.acceptance is None:
        return None
    if spec.contract != NO_CONTRACT:
        problem = "is given beside an acceptance, which has its own"
        raise InvalidInputError(
            f"{field}contract", spec.contract.name, problem, "leave it out", code="conflicting-values"
        )
    acceptance = read(spec.acceptance)
    check_parties(acceptance, spec.id, delegate, f"{field}acceptance")
    return acceptance

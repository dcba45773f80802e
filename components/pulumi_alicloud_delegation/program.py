"""The program: stack configuration in, one delegation out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import pulumi
from pulumi.runtime import config as runtime_config

from pulumi_alicloud_delegation.account_providers import ProviderCredentials, bound_to, check_account, provider_for
from pulumi_alicloud_delegation.configuration import (
    Configuration,
    DelegateConfiguration,
    delegate_of,
    read_stack,
)
from pulumi_alicloud_delegation.console_addresses import console_links
from pulumi_alicloud_delegation.cross_account_delegation import CrossAccountDelegation, outputs_of
from pulumi_alicloud_delegation.customers import Customer, Customers, customers_of
from pulumi_alicloud_delegation.deployed import deployed_acceptances
from pulumi_alicloud_delegation.handover import (
    Agreement,
    Offer,
    acceptance_of,
    offer_of,
    party_of,
    read_offer,
    relinquished,
    to_plain,
)
from pulumi_alicloud_delegation.handover.verifying import check_letter_case, check_newer, check_rotation
from pulumi_alicloud_delegation.lifetimes import lifetimes, warnings, window_outputs
from pulumi_alicloud_delegation.mendable import mendable_errors
from pulumi_alicloud_delegation.operator_policies import make_operator_policies
from pulumi_alicloud_delegation.operator_resources import access_keys_of, make_operators, passwords_of
from pulumi_alicloud_delegation.plan.delegation import (
    DelegatePlan,
    OwnerPlan,
    console_notes,
    delegation_plan,
    role_notes,
    roles_plan,
)
from pulumi_alicloud_delegation.plan.known import Assumable
from pulumi_alicloud_delegation.plan.plan_checks import two_accounts
from pulumi_alicloud_delegation.plan.provider_setup import AccountPlan, account_plan
from pulumi_alicloud_delegation.plan.role import ROLE_GONE, RolePlan
from pulumi_alicloud_delegation.plan.team import PEOPLE_GONE
from pulumi_alicloud_delegation.sides import make_owner_side, make_teams
from pulumi_alicloud_delegation.specs import NO_CONTRACT, ContractSpec
from ram_policies import InvalidInputError

_SIDE_OF = {"offer": "owner", "acceptance": "delegate"}
NAME = "delegation"
"""Name that the names of the program's components begin with."""


def run() -> None:
    """Read the stack's configuration, make its side of the delegation, export the outputs.

    Raises:
        InputError: the configuration is invalid; nothing was created. Keys are spelled as in the stack file.
    """
    with mendable_errors(in_stack_file=True):
        configuration = read_stack(_stack_values())
        several = isinstance(configuration, DelegateConfiguration)
        outputs = _delegate(configuration) if several else _make(configuration)
    for key, value in outputs.items():
        pulumi.export(key, value)


def _make(configuration: Configuration) -> Mapping[str, object]:
    two_accounts(configuration.owner.id, configuration.delegate.id, "owner.id", "delegate.id")
    if configuration.side == "both":
        return _both(configuration)
    if configuration.side == "owner":
        return _owner(configuration)
    _only_for("delegate", configuration, ("offer",))
    return _delegate(delegate_of(configuration))


def _stack_values() -> dict[str, object]:
    prefix = f"{pulumi.get_project()}:"
    everything = {**runtime_config.get_config_env(), **runtime_config.CONFIG.get()}
    return {key.removeprefix(prefix): value for key, value in everything.items() if key.startswith(prefix)}


def _both(configuration: Configuration) -> Mapping[str, object]:
    for key, side in _SIDE_OF.items():
        path = getattr(configuration, key)
        if path is not None:
            raise InvalidInputError(
                key,
                path,
                "is for one side of a delegation",
                f"leave it out, or write side: {side}",
                code="out-of-place",
            )
    plan = delegation_plan(configuration)
    _check_deployed(plan.owner.account.id, plan.owner.roles)
    made = CrossAccountDelegation.planned(NAME, plan, _credentials("owner"), _credentials("delegate"))
    return {**outputs_of(made), **_windows([configuration.contract], plan.owner.roles, plan.delegate)}


def _check_deployed(owner: str, roles: Sequence[RolePlan]) -> None:
    """Compare names and external IDs with the deployed ones, unless the contract has ended and the roles are gone."""
    deployed = deployed_acceptances().get(owner)
    if deployed is not None and deployed.state != "terminated":
        check_letter_case(roles, deployed)
        check_rotation(roles, deployed, datetime.now(UTC))


def _windows(
    contracts: Sequence[ContractSpec], roles: Sequence[Assumable], people: DelegatePlan | None = None
) -> dict[str, object]:
    """The output `windows`, where there are any; what has ended or ends soon is warned of."""
    now, found = datetime.now(UTC), list(lifetimes(contracts, roles, people))
    for text in warnings(found, now):
        pulumi.log.warn(text)
    return {"windows": window_outputs(found, now)} if found else {}


def _owner(configuration: Configuration) -> Mapping[str, object]:
    _only_for("owner", configuration, ("teams", "operators", "openings", "acceptance"))
    account = account_plan(configuration.owner, "owner")
    other = account_plan(configuration.delegate, "delegate")
    offer = _offer(configuration)
    agreement = _agreement(configuration, offer)
    wanted = configuration.roles if offer is None else offer.roles
    roles = roles_plan(wanted, account.id, other.id, configuration.state, agreement.contract, agreement.never)
    _check_deployed(account.id, roles)
    # A contract that has ended leaves no role behind, and a file that says so.
    plan = OwnerPlan(account, () if configuration.ended else roles)
    # The owner does not know who holds a role, so only the surprise is noted: a source identity shuts out the console.
    for note in role_notes(role for role in plan.roles if role.conditions.source_identity == "required"):
        pulumi.log.warn(note)
    side = make_owner_side(NAME, plan, pulumi.ResourceOptions(provider=_provider(account, "owner")))
    return {
        "state": "terminated" if configuration.ended else configuration.state,
        "roleArns": side.role_arns,
        "trustPolicies": side.trust_policies,
        "liveSessions": dict.fromkeys((role.name for role in roles), ROLE_GONE)
        if configuration.ended
        else side.live_sessions,
        "acceptance": to_plain(acceptance_of(account, party_of(other), roles, agreement)),
        **_windows([agreement.contract], plan.roles),
    }


def _agreement(configuration: Configuration, offer: Offer | None) -> Agreement:
    """Agreements beside the roles: the offer's contract, and the actions that either side never allows."""
    if offer is None:
        return Agreement(configuration.contract, configuration.never, None, configuration.ended)
    if configuration.contract != NO_CONTRACT:
        name = configuration.contract.name
        raise InvalidInputError(
            "contract", name, "is given beside an offer, which has its own", "leave it out", code="conflicting-values"
        )
    never = tuple(dict.fromkeys((*offer.never, *configuration.never)))
    return Agreement(offer.contract, never, offer.answers or offer.digest, configuration.ended)


def _offer(configuration: Configuration) -> Offer | None:
    if configuration.offer is None:
        return None
    if configuration.roles:
        raise InvalidInputError(
            "roles",
            len(configuration.roles),
            "are given beside an offer",
            "keep one of the two",
            code="conflicting-values",
        )
    offer = read_offer(configuration.offer)
    for party, declared in ((offer.delegate, configuration.delegate), (offer.owner, configuration.owner)):
        if party is not None and party.id != declared.id:
            raise InvalidInputError(
                "offer", party.id, f"is not {declared.id}, as the configuration says", "compare", code="other-party"
            )
    if offer.state == "relinquished":
        raise InvalidInputError(
            "offer",
            configuration.offer,
            "gives every role back",
            "keep the earlier offer, and write state: terminated",
            code="grants-nothing",
        )
    return offer


def _delegate(configuration: DelegateConfiguration) -> Mapping[str, object]:
    account = account_plan(configuration.delegate, "delegate")
    customers = customers_of(configuration)
    deployed = deployed_acceptances() if any(one.acceptance for one in customers.every) else {}
    for one in customers.current:
        if one.acceptance is not None and one.owner.id in deployed:
            check_newer(one.acceptance, deployed[one.owner.id])
    opts = pulumi.ResourceOptions(provider=_provider(account, "delegate"))
    if not configuration.several and not customers.current:
        return _relinquished(account, customers.every[0])
    plan, known = customers.people(configuration), customers.roles
    states = (note for one in customers.current for note in _state_notes(one))
    for note in (*console_notes(known, plan.teams, plan.operators), *states):
        pulumi.log.warn(note)
    groups = {team: one.group for team, one in make_teams(NAME, plan, opts).items()}
    made = make_operators(NAME, plan.operators, groups, bound_to(account, opts))
    make_operator_policies(NAME, plan, made, bound_to(account, opts))
    owners = {one.owner.id: one.owner.alias for one in customers.every}
    links = console_links(plan, owners, {role.arn: role.name for role in known})
    return {
        "roleArns": {role.name: role.arn for role in known},
        "signInUrls": links.sign_in_urls,
        "signInNames": links.sign_in_names,
        "switchRoleUrls": links.switch_role_urls,
        "firstPasswords": passwords_of(made),
        "accessKeys": access_keys_of(made),
        **_windows([one.contract for one in customers.current], known, plan),
        **_files(account, customers, several=configuration.several),
    }


def _relinquished(account: AccountPlan, customer: Customer) -> Mapping[str, object]:
    """The outputs of a stack that has given back the roles of its one owner."""
    return {
        "state": "relinquished",
        "liveSessions": {role.name: PEOPLE_GONE for role in customer.roles},
        "offer": _offer_to(account, customer),
    }


def _files(account: AccountPlan, customers: Customers, *, several: bool) -> dict[str, object]:
    """The files for the owners and those that came from them, by owner where there are several."""
    offers = {one.owner.alias: _offer_to(account, one) for one in customers.every if one.spec.roles or one.relinquished}
    accepted = {one.owner.alias: to_plain(one.acceptance) for one in customers.current if one.acceptance is not None}
    if several:
        found = {"offers": offers, "acceptances": accepted}
    else:
        found = {"offer": next(iter(offers.values()), None), "acceptance": next(iter(accepted.values()), None)}
    return {key: value for key, value in found.items() if value}


def _offer_to(account: AccountPlan, one: Customer) -> dict[str, object]:
    if one.relinquished:
        return to_plain(relinquished(party_of(account), party_of(one.owner), one.contract))
    return to_plain(offer_of(party_of(account), one.spec.roles, party_of(one.owner), one.contract, one.spec.never))


def _state_notes(customer: Customer) -> Sequence[str]:
    """Notes for the delegate about the state that the owner has put the delegation in."""
    acceptance = customer.acceptance
    if acceptance is None or acceptance.state == "active":
        return ()
    owner = f"the owner {customer.owner.alias}" if customer.field else "the owner"
    if acceptance.state == "suspended":
        return (f"{owner} has suspended the delegation: nobody can do anything until the owner resumes it",)
    return (f"{owner} has ended the contract: its roles do not exist any more. Fix: write state: relinquished",)


def _only_for(side: str, configuration: Configuration, others: Sequence[str]) -> None:
    for key in others:
        if getattr(configuration, key):
            raise InvalidInputError(
                key,
                key,
                f"has no effect with side: {side}",
                "leave it out: it belongs to the other enterprise's stack",
                code="out-of-place",
            )
    if side == "delegate" and configuration.state != "active":
        raise InvalidInputError(
            "state", configuration.state, "is decided by the owner of the roles", "leave it out", code="out-of-place"
        )


def _provider(account: AccountPlan, side: str) -> pulumi.ProviderResource:
    provider = provider_for(account, f"{NAME}/{side}", _credentials(side))
    check_account(account.id, provider, None, f"{side}.id")
    return provider


def _credentials(side: str) -> ProviderCredentials:
    return ProviderCredentials(_secret(f"{side}SecretKey"), _secret(f"{side}SecurityToken"))


def _secret(key: str) -> pulumi.Output[str] | None:
    """A secret of the configuration; None where it is left out.

    Raises:
        InvalidInputError: the stack file holds it in plain text.
    """
    if not _stack_values().get(key):
        return None
    if not runtime_config.is_config_secret(f"{pulumi.get_project()}:{key}"):
        raise InvalidInputError(
            key,
            "(not shown)",
            "is in plain text in the stack's configuration",
            f"pulumi config set --secret {key}",
            code="plain-secret",
        )
    return pulumi.Config().get_secret(key)

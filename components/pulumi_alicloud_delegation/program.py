"""The program: stack configuration in, one delegation out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import pulumi
from pulumi.runtime import config as runtime_config

from pulumi_alicloud_delegation.accounts import Credentials, bound_to, check_account, provider_for
from pulumi_alicloud_delegation.configuration import Configuration, read_configuration
from pulumi_alicloud_delegation.console import console_links
from pulumi_alicloud_delegation.cross_account_delegation import CrossAccountDelegation, outputs_of
from pulumi_alicloud_delegation.deployed import deployed_acceptance
from pulumi_alicloud_delegation.handover import (
    Acceptance,
    Offer,
    Terms,
    acceptance_of,
    offer_of,
    party_of,
    read_acceptance,
    read_offer,
    relinquished,
    to_plain,
)
from pulumi_alicloud_delegation.handover.verifying import check_newer, check_parties
from pulumi_alicloud_delegation.lifetimes import lifetimes, warnings, window_outputs
from pulumi_alicloud_delegation.mendable import mendable_errors
from pulumi_alicloud_delegation.openings import make_openings
from pulumi_alicloud_delegation.operators import access_keys_of, make_operators, passwords_of
from pulumi_alicloud_delegation.plan.account import AccountPlan, account_plan
from pulumi_alicloud_delegation.plan.checks import two_accounts
from pulumi_alicloud_delegation.plan.delegation import (
    Assumable,
    DelegatePlan,
    OwnerPlan,
    check_operators,
    console_notes,
    delegation_plan,
    people_plan,
    roles_plan,
)
from pulumi_alicloud_delegation.plan.openings import OpeningPlan, openings_plan
from pulumi_alicloud_delegation.plan.role import ROLE_GONE
from pulumi_alicloud_delegation.plan.team import PEOPLE_GONE
from pulumi_alicloud_delegation.sides import make_owner_side, make_teams
from pulumi_alicloud_delegation.specs import NO_CONTRACT, ContractSpec, RoleSpec, Tier, TrustSpec
from ram_policies import InvalidInputError, NameKind, check_name
from ram_policies.arn import role_arn

_SIDE_OF = {"offer": "owner", "acceptance": "delegate"}
NAME = "delegation"
"""Name that the names of the program's components begin with."""


def run() -> None:
    """Read the stack's configuration, make its side of the delegation, export the outputs.

    Raises:
        InputError: the configuration cannot be; nothing was created. Keys are spelled as in the stack file.
    """
    with mendable_errors(in_stack_file=True):
        outputs = _make(read_configuration(_stack_values()))
    for key, value in outputs.items():
        pulumi.export(key, value)


def _make(configuration: Configuration) -> Mapping[str, object]:
    two_accounts(configuration.owner.id, configuration.delegate.id, "owner.id", "delegate.id")
    makers: dict[str, Callable[[Configuration], Mapping[str, object]]] = {
        "both": _both,
        "owner": _owner,
        "delegate": _delegate,
    }
    return makers[configuration.side](configuration)


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
    made = CrossAccountDelegation.planned(NAME, plan, _credentials("owner"), _credentials("delegate"))
    return {**outputs_of(made), **_windows(configuration.contract, plan.owner.roles, plan.delegate.openings)}


def _windows(
    contract: ContractSpec, roles: Sequence[Assumable], openings: Sequence[OpeningPlan] = ()
) -> dict[str, object]:
    """The output `windows`, where there are any; what has ended or ends soon is warned of."""
    now, found = datetime.now(UTC), list(lifetimes(contract, roles, openings))
    for text in warnings(found, now):
        pulumi.log.warn(text)
    return {"windows": window_outputs(found, now)} if found else {}


def _owner(configuration: Configuration) -> Mapping[str, object]:
    _only_for("owner", configuration, ("teams", "operators", "openings", "acceptance"))
    account = account_plan(configuration.owner, "owner")
    other = account_plan(configuration.delegate, "delegate")
    offer = _offer(configuration)
    terms = _terms(configuration, offer)
    wanted = configuration.roles if offer is None else offer.roles
    roles = roles_plan(wanted, account.id, other.id, configuration.state, terms.contract, terms.never)
    # A contract that has ended leaves no role behind, and a file that says so.
    plan = OwnerPlan(account, () if configuration.ended else roles)
    side = make_owner_side(NAME, plan, pulumi.ResourceOptions(provider=_provider(account, "owner")))
    return {
        "state": "terminated" if configuration.ended else configuration.state,
        "roleArns": side.role_arns,
        "trustPolicies": side.trust_policies,
        "liveSessions": dict.fromkeys((role.name for role in roles), ROLE_GONE)
        if configuration.ended
        else side.live_sessions,
        "acceptance": to_plain(acceptance_of(account, party_of(other), roles, terms)),
        **_windows(terms.contract, plan.roles),
    }


def _terms(configuration: Configuration, offer: Offer | None) -> Terms:
    """Agreements beside the roles: the offer's contract, and the actions that either side never allows."""
    if offer is None:
        return Terms(configuration.contract, configuration.never, None, configuration.ended)
    if configuration.contract != NO_CONTRACT:
        name = configuration.contract.name
        raise InvalidInputError(
            "contract", name, "is given beside an offer, which has its own", "leave it out", code="conflicting-values"
        )
    never = tuple(dict.fromkeys((*offer.never, *configuration.never)))
    return Terms(offer.contract, never, offer.answers or offer.digest, configuration.ended)


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


def _delegate(configuration: Configuration) -> Mapping[str, object]:
    _only_for("delegate", configuration, ("offer",))
    account = account_plan(configuration.delegate, "delegate")
    owner = account_plan(configuration.owner, "owner")
    acceptance = _acceptance(configuration)
    contract = configuration.contract if acceptance is None else acceptance.contract
    known = _known_roles(configuration, owner) if acceptance is None else acceptance.roles
    opts = pulumi.ResourceOptions(provider=_provider(account, "delegate"))
    if configuration.ended:
        return {
            "state": "relinquished",
            "liveSessions": {role.name: PEOPLE_GONE for role in known},
            "offer": to_plain(relinquished(party_of(account), party_of(owner), contract)),
        }
    arns = {role.name.lower(): role.arn for role in known}
    requested = frozenset(role.arn for role in known if role.tier == "on-request")
    teams, operators = people_plan(account.id, configuration.teams, configuration.operators, arns, requested, contract)
    openings = openings_plan(configuration.openings, teams, operators, arns, contract)
    check_operators(known, teams, operators, account.id)
    for note in (*console_notes(known, teams, operators), *_state_notes(acceptance)):
        pulumi.log.warn(note)
    plan = DelegatePlan(account, teams, operators, openings)
    groups = {team: one.group for team, one in make_teams(NAME, plan, opts).items()}
    made = make_operators(NAME, plan.operators, groups, bound_to(account, opts))
    make_openings(NAME, plan.openings, made, bound_to(account, opts))
    links = console_links(plan, owner.alias, {role.arn: role.name for role in known})
    outputs: dict[str, object] = {
        "roleArns": {role.name: role.arn for role in known},
        "signInUrls": links.sign_in_urls,
        "signInNames": links.sign_in_names,
        "switchRoleUrls": links.switch_role_urls,
        "firstPasswords": passwords_of(made),
        "accessKeys": access_keys_of(made),
        **_windows(contract, known, openings),
    }
    if configuration.roles:
        outputs["offer"] = to_plain(
            offer_of(party_of(account), configuration.roles, party_of(owner), contract, configuration.never)
        )
    if acceptance is not None:
        outputs["acceptance"] = to_plain(acceptance)
    return outputs


def _state_notes(acceptance: Acceptance | None) -> Sequence[str]:
    """Notes for the delegate about the state that the owner has put the delegation in."""
    if acceptance is None or acceptance.state == "active":
        return ()
    if acceptance.state == "suspended":
        return ("the owner has suspended the delegation: nobody can do anything until the owner resumes it",)
    return ("the owner has ended the contract: its roles do not exist any more. Fix: write state: relinquished",)


@dataclass(frozen=True, slots=True)
class _NamedRole:
    """A role of which B knows the name, and what B asked for, but has no acceptance yet."""

    name: str
    arn: str
    conditions: TrustSpec
    tier: Tier
    max_session_duration: int


def _known_roles(configuration: Configuration, owner: AccountPlan) -> Sequence[Assumable]:
    wanted = configuration.roles or tuple(
        RoleSpec(name=name) for name in dict.fromkeys(name for team in configuration.teams for name in team.roles)
    )
    return [
        _NamedRole(
            check_name(NameKind.ROLE, role.name, "teams.roles"),
            role_arn(owner.id, role.name),
            role.trust,
            role.tier,
            role.max_session_duration,
        )
        for role in wanted
    ]


def _acceptance(configuration: Configuration) -> Acceptance | None:
    if configuration.acceptance is None:
        return None
    if configuration.contract != NO_CONTRACT:
        name = configuration.contract.name
        raise InvalidInputError(
            "contract",
            name,
            "is given beside an acceptance, which has its own",
            "leave it out",
            code="conflicting-values",
        )
    acceptance = read_acceptance(configuration.acceptance)
    check_parties(acceptance, configuration.owner.id, configuration.delegate.id)
    if (deployed := deployed_acceptance()) is not None:
        check_newer(acceptance, deployed)
    return acceptance


def _only_for(side: str, configuration: Configuration, others: Sequence[str]) -> None:
    for key in others:
        if getattr(configuration, key):
            raise InvalidInputError(
                key,
                key,
                f"is of no use with side: {side}",
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


def _credentials(side: str) -> Credentials:
    return Credentials(_secret(f"{side}SecretKey"), _secret(f"{side}SecurityToken"))


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

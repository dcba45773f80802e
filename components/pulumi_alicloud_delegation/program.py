"""The program: stack configuration in, one delegation out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pulumi
from pulumi.runtime import config as runtime_config

from pulumi_alicloud_delegation.accounts import Credentials, check_account, provider_for
from pulumi_alicloud_delegation.configuration import Configuration, read_configuration
from pulumi_alicloud_delegation.console import console_links
from pulumi_alicloud_delegation.cross_account_delegation import CrossAccountDelegation, outputs_of
from pulumi_alicloud_delegation.handover import (
    Acceptance,
    Offer,
    acceptance_of,
    offer_of,
    party_of,
    read_acceptance,
    read_offer,
    to_plain,
    wanted_roles,
)
from pulumi_alicloud_delegation.mendable import mendable_errors
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
from pulumi_alicloud_delegation.sides import make_owner_side, make_teams
from pulumi_alicloud_delegation.specs import TrustSpec
from ram_policies import InvalidInputError, NameKind, check_name
from ram_policies.arn import role_arn

_SIDE_OF = {"offer": "owner", "acceptance": "delegate"}
NAME = "delegation"
"""What the program's components are named after."""


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
                key, path, "is for one side of a delegation", f"leave it out, or write side: {side}"
            )
    plan = delegation_plan(configuration)
    return outputs_of(CrossAccountDelegation.planned(NAME, plan, _credentials("owner"), _credentials("delegate")))


def _owner(configuration: Configuration) -> Mapping[str, object]:
    _only_for("owner", configuration, ("teams", "operators", "acceptance"))
    account = account_plan(configuration.owner, "owner")
    other = account_plan(configuration.delegate, "delegate")
    offer = _offer(configuration)
    wanted = configuration.roles if offer is None else wanted_roles(offer)
    roles = roles_plan(wanted, account.id, other.id, configuration.state)
    plan = OwnerPlan(account, roles)
    side = make_owner_side(NAME, plan, pulumi.ResourceOptions(provider=_provider(account, "owner")))
    return {
        "state": configuration.state,
        "roleArns": side.role_arns,
        "trustPolicies": side.trust_policies,
        "liveSessions": side.live_sessions,
        "acceptance": to_plain(acceptance_of(account, party_of(other), roles, offer)),
    }


def _offer(configuration: Configuration) -> Offer | None:
    if configuration.offer is None:
        return None
    if configuration.roles:
        raise InvalidInputError("roles", len(configuration.roles), "are given beside an offer", "keep one of the two")
    offer = read_offer(configuration.offer)
    for party, declared in ((offer.delegate, configuration.delegate), (offer.owner, configuration.owner)):
        if party is not None and party.id != declared.id:
            raise InvalidInputError("offer", party.id, f"is not {declared.id}, as the configuration says", "compare")
    return offer


def _delegate(configuration: Configuration) -> Mapping[str, object]:
    _only_for("delegate", configuration, ("offer",))
    account = account_plan(configuration.delegate, "delegate")
    owner = account_plan(configuration.owner, "owner")
    known = _known_roles(configuration, owner)
    arns = {role.name.lower(): role.arn for role in known}
    teams, operators = people_plan(account.id, configuration.teams, configuration.operators, arns)
    check_operators(known, teams, operators, account.id)
    for note in console_notes(known, teams, operators):
        pulumi.log.warn(note)
    plan = DelegatePlan(account, teams, operators)
    opts = pulumi.ResourceOptions(provider=_provider(account, "delegate"))
    groups = {team: one.group for team, one in make_teams(NAME, plan, opts).items()}
    made = make_operators(NAME, plan.operators, groups, opts)
    links = console_links(plan, owner.alias, {role.arn: role.name for role in known})
    outputs: dict[str, object] = {
        "roleArns": {role.name: role.arn for role in known},
        "signInUrls": links.sign_in_urls,
        "signInNames": links.sign_in_names,
        "switchRoleUrls": links.switch_role_urls,
        "firstPasswords": passwords_of(made),
        "accessKeys": access_keys_of(made),
    }
    if configuration.roles:
        outputs["offer"] = to_plain(offer_of(party_of(account), configuration.roles, party_of(owner)))
    return outputs


class _NamedRole:
    """A role of which B knows the name, and what B asked for, but has no acceptance yet."""

    def __init__(self, owner: str, name: str, conditions: TrustSpec) -> None:
        self.name = check_name(NameKind.ROLE, name, "teams.roles")
        self.arn = role_arn(owner, name)
        self.conditions = conditions


def _known_roles(configuration: Configuration, owner: AccountPlan) -> Sequence[Assumable]:
    if configuration.acceptance is not None:
        return _accepted(read_acceptance(configuration.acceptance), configuration)
    if configuration.roles:
        return [_NamedRole(owner.id, role.name, role.trust) for role in configuration.roles]
    names = dict.fromkeys(name for team in configuration.teams for name in team.roles)
    return [_NamedRole(owner.id, name, TrustSpec()) for name in names]


def _accepted(acceptance: Acceptance, configuration: Configuration) -> Sequence[Assumable]:
    for party, declared in ((acceptance.owner, configuration.owner), (acceptance.delegate, configuration.delegate)):
        if party.id != declared.id:
            raise InvalidInputError(
                "acceptance", party.id, f"is not {declared.id}, as the configuration says", "compare the two accounts"
            )
    return acceptance.roles


def _only_for(side: str, configuration: Configuration, others: Sequence[str]) -> None:
    for key in others:
        if getattr(configuration, key):
            raise InvalidInputError(
                key, key, f"is of no use with side: {side}", "leave it out: it belongs to the other enterprise's stack"
            )
    if side == "delegate" and configuration.state != "active":
        raise InvalidInputError("state", configuration.state, "is decided by the owner of the roles", "leave it out")


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
            key, "(not shown)", "is in plain text in the stack's configuration", f"pulumi config set --secret {key}"
        )
    return pulumi.Config().get_secret(key)

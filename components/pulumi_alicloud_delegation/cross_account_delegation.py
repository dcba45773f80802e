"""`CrossAccountDelegation`: both sides.

Annotations stay evaluated here: the schema of the plugin is read from them.
"""

from collections.abc import Mapping
from typing import Any, Self

import pulumi
from pydantic.alias_generators import to_camel

from pulumi_alicloud_delegation.account_providers import ProviderCredentials, bound_to, check_account, provider_for
from pulumi_alicloud_delegation.args import CrossAccountDelegationArgs
from pulumi_alicloud_delegation.console_addresses import console_links
from pulumi_alicloud_delegation.handover import Agreement, acceptance_of, party_of, to_plain
from pulumi_alicloud_delegation.mendable import mendable_errors
from pulumi_alicloud_delegation.naming import CROSS_ACCOUNT_DELEGATION, child
from pulumi_alicloud_delegation.operator_policies import make_operator_policies
from pulumi_alicloud_delegation.operator_resources import AccessKeyPair, access_keys_of, make_operators, passwords_of
from pulumi_alicloud_delegation.plan import DelegationPlan, delegation_plan
from pulumi_alicloud_delegation.sides import make_owner_side, make_teams
from pulumi_alicloud_delegation.spec_reader import read_spec
from pulumi_alicloud_delegation.specs import DelegationSpec
from pulumi_alicloud_delegation.spelled import check_role_spelling


class CrossAccountDelegation(pulumi.ComponentResource):
    """An owner's account delegates the operation of its resources to the operators of another account.

    It makes one provider for each account, proves that each is the account it is declared to be, then makes the roles
    in the owner's account and the teams and operators in the delegate's.
    """

    state: pulumi.Output[str]
    """`active` or `suspended`."""
    role_arns: pulumi.Output[dict[str, str]]
    """ARN of each role, by role name."""
    trust_policies: pulumi.Output[dict[str, str]]
    """Trust policy of each role as JSON text, by role name."""
    live_sessions: pulumi.Output[dict[str, str]]
    """Access that remains to somebody who holds a session, in words, by role name."""
    sign_in_urls: pulumi.Output[dict[str, str]]
    """URL at which each person signs in to the console, by user name."""
    sign_in_names: pulumi.Output[dict[str, str]]
    """Name that each person types to sign in, by user name: `AAA@company-b.onaliyun.com`."""
    switch_role_urls: pulumi.Output[dict[str, dict[str, str]]]
    """URL at which each person takes on a role, by user name and role name."""
    first_passwords: pulumi.Output[dict[str, str]]
    """First password of each person, by user name. A secret."""
    access_keys: pulumi.Output[dict[str, dict[str, AccessKeyPair]]]
    """Access keys of each application, by user name and label. A secret."""
    acceptance: pulumi.Output[dict[str, Any]]
    """The acceptance that the owner hands to the delegate: the roles and what was granted, as in an acceptance file."""

    def __init__(self, name: str, args: CrossAccountDelegationArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make both sides.

        Args:
            name: of the component; its children are named after it.
            args: see `CrossAccountDelegationArgs`.
            opts: no provider: each side's is made from its account settings.

        Raises:
            InputError: an argument is invalid, or a provider is another account's; nothing was created.
        """
        with mendable_errors():
            spec = read_spec(DelegationSpec, args)
            owner = ProviderCredentials(spec.owner_secret_key, spec.owner_security_token)
            delegate = ProviderCredentials(spec.delegate_secret_key, spec.delegate_security_token)
            plan = delegation_plan(spec)
            roles = {f"roles[{index}].name": role.name for index, role in enumerate(plan.owner.roles)}
            self._make(name, plan, owner, delegate, opts, roles)

    @classmethod
    def planned(
        cls,
        name: str,
        plan: DelegationPlan,
        owner_credentials: ProviderCredentials,
        delegate_credentials: ProviderCredentials,
        opts: pulumi.ResourceOptions | None = None,
    ) -> Self:
        """Make a delegation whose plan exists already, by a program that compares roles with what it has deployed.

        Args:
            name: of the component.
            plan: of both sides.
            owner_credentials: secrets of the owner's provider.
            delegate_credentials: secrets of the delegate's provider.
            opts: no provider: each side's is made from its account settings.

        Raises:
            InvalidInputError: a provider is another account's; nothing was created.
        """
        delegation = cls.__new__(cls)
        delegation._make(name, plan, owner_credentials, delegate_credentials, opts)
        return delegation

    def _make(
        self,
        name: str,
        plan: DelegationPlan,
        owner_credentials: ProviderCredentials,
        delegate_credentials: ProviderCredentials,
        opts: pulumi.ResourceOptions | None,
        spelled: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(CROSS_ACCOUNT_DELEGATION, name, {}, opts)
        owner = provider_for(plan.owner.account, child(name, "owner"), owner_credentials, self)
        delegate = provider_for(plan.delegate.account, child(name, "delegate"), delegate_credentials, self)
        check_account(plan.owner.account.id, owner, self, "owner.id")
        check_account(plan.delegate.account.id, delegate, self, "delegate.id")
        check_role_spelling(spelled or {}, self, owner)
        for note in plan.notes:
            pulumi.log.warn(note, self)
        in_delegate = pulumi.ResourceOptions(parent=self, provider=delegate)
        teams = make_teams(name, plan.delegate, in_delegate)
        groups = {team: one.group for team, one in teams.items()}
        operators = make_operators(name, plan.delegate.operators, groups, bound_to(plan.delegate.account, in_delegate))
        make_operator_policies(name, plan.delegate, operators, bound_to(plan.delegate.account, in_delegate))
        in_owner = pulumi.ResourceOptions(parent=self, provider=owner)
        roles = make_owner_side(name, plan.owner, in_owner, operators)
        names = {role.arn: role.name for role in plan.owner.roles}
        owner_account = plan.owner.account
        links = console_links(plan.delegate, {owner_account.id: owner_account.alias}, names)
        self.state = pulumi.Output.from_input(plan.owner.state)
        self.role_arns = roles.role_arns
        self.trust_policies = roles.trust_policies
        self.live_sessions = roles.live_sessions
        self.sign_in_urls = pulumi.Output.from_input(dict(links.sign_in_urls))
        self.sign_in_names = pulumi.Output.from_input(dict(links.sign_in_names))
        self.switch_role_urls = pulumi.Output.from_input(
            {person: dict(urls) for person, urls in links.switch_role_urls.items()}
        )
        self.first_passwords = passwords_of(operators)
        self.access_keys = access_keys_of(operators)
        self.acceptance = pulumi.Output.from_input(
            to_plain(
                acceptance_of(
                    plan.owner.account,
                    party_of(plan.delegate.account),
                    plan.owner.roles,
                    Agreement(plan.contract, plan.never),
                )
            )
        )
        self.register_outputs(outputs_of(self))


_OUTPUTS = tuple(CrossAccountDelegation.__annotations__)


def outputs_of(delegation: CrossAccountDelegation) -> dict[str, Any]:
    """The outputs by the names they have in other languages and in stack outputs."""
    return {to_camel(key): getattr(delegation, key) for key in _OUTPUTS}

"""The provider of one account, and the proof that it is that account's."""

from __future__ import annotations

from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

import pulumi
import pulumi_alicloud as alicloud

from pulumi_alicloud_delegation.plan.provider_setup import AccountPlan
from ram_policies import InvalidInputError

_PROBE = "alicloud:index/getCallerIdentity:getCallerIdentity"
_checked: WeakKeyDictionary[pulumi.ProviderResource, str] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class ProviderCredentials:
    """Credentials of a provider for an account, beside the access key ID or the profile in its plan.

    Attributes:
        secret_key: access key secret; None where the environment or a profile has it.
        security_token: STS token of temporary credentials; None for lasting ones.
    """

    secret_key: pulumi.Input[str] | None = field(default=None, repr=False)
    security_token: pulumi.Input[str] | None = field(default=None, repr=False)


def provider_for(
    account: AccountPlan, name: str, credentials: ProviderCredentials, parent: pulumi.Resource | None = None
) -> alicloud.Provider:
    """Make the provider of one account.

    The account's ID is not among its settings: a provider that is given its ID no longer asks the cloud for it, and
    then nothing would notice credentials of another account.
    """
    return alicloud.Provider(
        name,
        region=account.region,
        profile=account.profile,
        access_key=account.access_key,
        secret_key=_secret(credentials.secret_key),
        security_token=_secret(credentials.security_token),
        account_type=account.account_type,
        protocol=account.protocol if account.endpoints else None,
        endpoints=[alicloud.ProviderEndpointArgs(**dict(account.endpoints))] if account.endpoints else None,
        skip_region_validation=True if account.endpoints else None,
        # Another account needs another provider: what the old one made is then replaced, with the credentials that made
        # it. Without this, an update would take the new account's credentials for resources of the old one.
        opts=pulumi.ResourceOptions(parent=parent, replacement_trigger=account.id),
    )


def bound_to(account: AccountPlan, opts: pulumi.ResourceOptions) -> pulumi.ResourceOptions:
    """Options of resources that are replaced when another account takes the place of this one.

    For resources of a provider that `provider_for` made: it is replaced at the same time, so what there was is deleted
    with the credentials that made it.
    """
    return pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(replacement_trigger=account.id))


def _secret(value: pulumi.Input[str] | None) -> pulumi.Output[str] | None:
    return None if value is None else pulumi.Output.secret(value)


def check_own_account(expected: str, component: pulumi.ComponentResource, field: str) -> None:
    """Compare an account ID with the account behind the provider that a component's children get.

    Raises:
        InvalidInputError: the provider's credentials belong to another account.
    """
    check_account(expected, component.get_provider(_PROBE), component, field)


def check_account(
    expected: str, provider: pulumi.ProviderResource | None, parent: pulumi.Resource | None, field: str
) -> None:
    """Compare an account ID with the account behind a provider, the default one when None.

    Each provider is asked once, before any child is registered.

    Raises:
        InvalidInputError: the provider's credentials belong to another account.
    """
    found = None if provider is None else _checked.get(provider)
    if found is None:
        found = alicloud.get_caller_identity(opts=pulumi.InvokeOptions(parent=parent, provider=provider)).account_id
        if not found:
            # Credentials that are themselves unknown until the update: the provider cannot say yet, and the update
            # asks again before anything is created.
            pulumi.log.warn(f"{field}: the account behind the provider is not known yet", parent)
            return
        if provider is not None:
            _checked[provider] = found
    if found != expected:
        raise InvalidInputError(
            field,
            expected,
            f"is not the account of the provider, whose credentials belong to {found}",
            f"use credentials of {expected}, or declare {found}",
            code="wrong-account",
        )

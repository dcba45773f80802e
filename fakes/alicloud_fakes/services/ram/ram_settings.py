"""Settings of an account: alias, password policy, security preference."""

from __future__ import annotations

from typing import Annotated, Any

from alicloud_fakes.identity import passwords
from alicloud_fakes.identity.models import Ram
from alicloud_fakes.pipeline.declare import (
    ActionRequest,
    Length,
    NoParameters,
    Problem,
    RamName,
    Range,
    Wrong,
    wire_name,
)
from alicloud_fakes.pipeline.registry import Reply
from alicloud_fakes.services.ram import ram
from alicloud_fakes.services.ram.errors import fail, refuse
from alicloud_fakes.services.ram.preference import masks, preference_of
from ram_policies.names import NameKind

_MOST_MASKS = 40


class SetAccountAlias(ActionRequest):
    account_alias: Annotated[str, RamName(NameKind.ALIAS)]


class GetAccountAlias(NoParameters):
    pass


class ClearAccountAlias(NoParameters):
    pass


class GetPasswordPolicy(NoParameters):
    pass


class SetPasswordPolicy(ActionRequest):
    hard_expiry: bool | None = None
    max_login_attemps: Annotated[int, Range(0, 32)] | None = None
    max_password_age: Annotated[int, Range(0, 1095)] | None = None
    minimum_password_length: Annotated[int, Range(8, 32)] | None = None
    password_reuse_prevention: Annotated[int, Range(0, 24)] | None = None
    require_lowercase_characters: bool | None = None
    require_numbers: bool | None = None
    require_symbols: bool | None = None
    require_uppercase_characters: bool | None = None


class GetSecurityPreference(NoParameters):
    pass


class SetSecurityPreference(ActionRequest):
    allow_user_to_change_password: bool | None = None
    allow_user_to_manage_access_keys: bool | None = None
    allow_user_to_manage_mfa_devices: bool | None = None
    allow_user_to_manage_public_keys: bool | None = None
    enable_save_mfa_ticket: bool | None = None
    login_network_masks: Annotated[str, Length(512)] | None = None
    login_session_duration: Annotated[int, Range(1, 24)] | None = None


@ram.action(SetAccountAlias, on=lambda _: "*")
def set_account_alias(ram: Ram, request: SetAccountAlias) -> Reply:
    """Set the alias; it is part of every sign-in name of the account, and of no other account's."""
    cloud = ram.account.cloud
    if cloud.aliases.get(request.account_alias, ram.account) is not ram.account:
        raise fail("EntityAlreadyExists.AccountAlias")
    cloud.set_alias(ram.account, request.account_alias)
    return None


@ram.action(GetAccountAlias, on=lambda _: "*")
def get_account_alias(ram: Ram, _: GetAccountAlias) -> Reply:
    """Show the alias; the account ID where none was set (unconfirmed.ALIAS_UNSET)."""
    return {"AccountAlias": ram.account.alias}


@ram.action(ClearAccountAlias, on=lambda _: "*")
def clear_account_alias(ram: Ram, _: ClearAccountAlias) -> Reply:
    """Take the alias away."""
    ram.account.cloud.set_alias(ram.account, "")
    return None


_PASSWORD_FIELDS = tuple(field.name for field in SetPasswordPolicy.fields())


def _password_policy(ram: Ram) -> dict[str, Any]:
    policy = passwords.password_policy_of(ram)
    return {"PasswordPolicy": {wire_name(name): getattr(policy, name) for name in _PASSWORD_FIELDS}}


@ram.action(GetPasswordPolicy, on=lambda _: "*")
def get_password_policy(ram: Ram, _: GetPasswordPolicy) -> Reply:
    """Show the password policy."""
    return _password_policy(ram)


@ram.action(SetPasswordPolicy, on=lambda _: "*")
def set_password_policy(ram: Ram, request: SetPasswordPolicy) -> Reply:
    """Replace the password policy."""
    given = {name: getattr(request, name) for name in _PASSWORD_FIELDS}
    passwords.set_policy(ram, {name: value for name, value in given.items() if value is not None})
    return _password_policy(ram)


def check_masks(text: str) -> None:
    """Refuse texts that are not networks, and too many networks."""
    try:
        networks = masks(text)
    except ValueError:
        raise refuse(Wrong("LoginNetworkMasks", Problem.FORMAT)) from None
    if len(networks) > _MOST_MASKS:
        raise refuse(Wrong("LoginNetworkMasks", Problem.LENGTH))


def _preference(ram: Ram) -> dict[str, Any]:
    now = preference_of(ram)
    return {
        "SecurityPreference": {
            "LoginProfilePreference": {
                "EnableSaveMFATicket": now["enable_save_mfa_ticket"],
                "AllowUserToChangePassword": now["allow_user_to_change_password"],
                "LoginSessionDuration": now["login_session_duration"],
                "LoginNetworkMasks": now["login_network_masks"],
            },
            "AccessKeyPreference": {"AllowUserToManageAccessKeys": now["allow_user_to_manage_access_keys"]},
            "MFAPreference": {"AllowUserToManageMFADevices": now["allow_user_to_manage_mfa_devices"]},
            "PublicKeyPreference": {"AllowUserToManagePublicKeys": now["allow_user_to_manage_public_keys"]},
        }
    }


@ram.action(GetSecurityPreference, on=lambda _: "*")
def get_security_preference(ram: Ram, _: GetSecurityPreference) -> Reply:
    """Show the security preference."""
    return _preference(ram)


@ram.action(SetSecurityPreference, on=lambda _: "*")
def set_security_preference(ram: Ram, request: SetSecurityPreference) -> Reply:
    """Change the security preference; fields that are not sent stay."""
    if request.login_network_masks:
        check_masks(request.login_network_masks)
    for field in SetSecurityPreference.fields():
        value = getattr(request, field.name)
        if value is not None:
            ram.settings[field.name] = value
    return _preference(ram)

"""Settings of an account: password policy, security preference, default domain, single sign-on."""

from __future__ import annotations

from typing import Annotated, Any

from alicloud_fakes.identity import passwords
from alicloud_fakes.pipeline.declare import (
    ActionRequest,
    Items,
    Length,
    NoParameters,
    OneOf,
    Problem,
    Range,
    Wrong,
    wire_name,
)
from alicloud_fakes.pipeline.registry import Reply
from alicloud_fakes.services.ims import ims
from alicloud_fakes.services.ims.models import DOMAIN, Ims
from alicloud_fakes.services.ram.errors import fail, refuse
from alicloud_fakes.services.ram.preference import DEFAULT_PREFERENCE, preference_of
from alicloud_fakes.services.ram.ram_settings import check_masks
from ram_policies.errors import InvalidInputError
from ram_policies.names import NameKind, check_name

_DAYS = Annotated[int, Range(0, 730)]
# what IMS has beyond RAM's security preference
_MORE: dict[str, int | bool | str] = {
    "allow_user_to_login_with_passkey": True,
    "allow_user_to_manage_personal_ding_talk": True,
    "allow_user_to_manage_service_credentials": False,
    "mfa_operation_for_login": "independent",
    "operation_for_risk_login": "autonomous",
    "max_idle_days_for_access_keys": 730,
    "max_idle_days_for_users": 730,
    "verification_types": "",
}
_IDLE_DAYS = frozenset({90, 180, 365, 730})
_VERIFICATION_TYPES = frozenset({"sms", "email", "mfa"})
_SSO: dict[str, bool | str] = {
    "sso_enabled": False,
    "sso_login_with_domain": True,
    "auxiliary_domain": "",
    "metadata_document": "",
    "authn_sign_algo": "rsa-sha1",
}


class GetPasswordPolicy(NoParameters):
    pass


class SetPasswordPolicy(ActionRequest):
    hard_expire: bool | None = None
    initial_password_age: Annotated[int, Range(0, 90)] | None = None
    intercept_risk_password_on_api: bool | None = None
    max_login_attemps: Annotated[int, Range(0, 32)] | None = None
    max_password_age: Annotated[int, Range(0, 1095)] | None = None
    minimum_password_different_character: Annotated[int, Range(0, 8)] | None = None
    minimum_password_length: Annotated[int, Range(8, 32)] | None = None
    password_not_contain_user_name: bool | None = None
    password_reuse_prevention: Annotated[int, Range(0, 24)] | None = None
    require_lowercase_characters: bool | None = None
    require_numbers: bool | None = None
    require_symbols: bool | None = None
    require_uppercase_characters: bool | None = None


class GetSecurityPreference(NoParameters):
    pass


class SetSecurityPreference(ActionRequest):
    allow_user_to_change_password: bool | None = None
    allow_user_to_login_with_passkey: bool | None = None
    allow_user_to_manage_access_keys: bool | None = None
    allow_user_to_manage_mfa_devices: bool | None = None
    allow_user_to_manage_personal_ding_talk: bool | None = None
    allow_user_to_manage_service_credentials: bool | None = None
    enable_save_mfa_ticket: bool | None = None
    login_network_masks: Annotated[str, Length(1024)] | None = None
    login_session_duration: Annotated[int, Range(1, 24)] | None = None
    mfa_operation_for_login: Annotated[str, OneOf("mandatory", "independent", "adaptive")] | None = None
    max_idle_days_for_access_keys: _DAYS | None = None
    max_idle_days_for_users: _DAYS | None = None
    operation_for_risk_login: Annotated[str, OneOf("autonomous", "enforceVerify")] | None = None
    verification_types: Annotated[list[str], Items(3)] | None = None


class GetDefaultDomain(NoParameters):
    pass


class SetDefaultDomain(ActionRequest):
    default_domain_name: Annotated[str, Length(64, 1)]


class GetUserSsoSettings(NoParameters):
    pass


class SetUserSsoSettings(ActionRequest):
    sso_enabled: bool | None = None
    sso_login_with_domain: bool | None = None
    auxiliary_domain: Annotated[str, Length(64)] | None = None
    metadata_document: Annotated[str, Length(102400)] | None = None
    authn_sign_algo: Annotated[str, OneOf("rsa-sha1", "rsa-sha256")] | None = None


# IMS calls RAM's HardExpiry HardExpire.
_PASSWORD_FIELDS = {
    field.name: "hard_expiry" if field.name == "hard_expire" else field.name for field in SetPasswordPolicy.fields()
}


def _password_policy(ims: Ims) -> dict[str, Any]:
    policy = passwords.password_policy_of(ims.ram)
    return {"PasswordPolicy": {wire_name(name): getattr(policy, own) for name, own in _PASSWORD_FIELDS.items()}}


@ims.action(GetPasswordPolicy, on=lambda _: "*")
def get_password_policy(ims: Ims, _: GetPasswordPolicy) -> Reply:
    """Show the password policy."""
    return _password_policy(ims)


@ims.action(SetPasswordPolicy, on=lambda _: "*")
def set_password_policy(ims: Ims, request: SetPasswordPolicy) -> Reply:
    """Replace the password policy."""
    given = {own: getattr(request, name) for name, own in _PASSWORD_FIELDS.items()}
    passwords.set_policy(ims.ram, {name: value for name, value in given.items() if value is not None})
    return _password_policy(ims)


def _preference(ims: Ims) -> dict[str, Any]:
    now = {**_MORE, **ims.preference, **preference_of(ims.ram)}
    return {
        "SecurityPreference": {
            "LoginProfilePreference": _named(
                now,
                "allow_user_to_change_password",
                "allow_user_to_login_with_passkey",
                "enable_save_mfa_ticket",
                "login_network_masks",
                "login_session_duration",
                "mfa_operation_for_login",
                "operation_for_risk_login",
            ),
            "AccessKeyPreference": _named(
                now, "allow_user_to_manage_access_keys", "allow_user_to_manage_service_credentials"
            ),
            "MFAPreference": _named(now, "allow_user_to_manage_mfa_devices"),
            "PersonalInfoPreference": _named(now, "allow_user_to_manage_personal_ding_talk"),
            "MaxIdleDays": _named(now, "max_idle_days_for_access_keys", "max_idle_days_for_users"),
            "VerificationPreference": {
                "VerificationTypes": [one for one in str(now["verification_types"]).split(",") if one]
            },
        }
    }


def _named(values: dict[str, int | bool | str], *names: str) -> dict[str, Any]:
    return {wire_name(name): values[name] for name in names}


@ims.action(GetSecurityPreference, on=lambda _: "*")
def get_security_preference(ims: Ims, _: GetSecurityPreference) -> Reply:
    """Show the security preference."""
    return _preference(ims)


@ims.action(SetSecurityPreference, on=lambda _: "*")
def set_security_preference(ims: Ims, request: SetSecurityPreference) -> Reply:
    """Change the security preference; fields that are not sent stay."""
    if request.login_network_masks:
        check_masks(request.login_network_masks)
    for name in ("max_idle_days_for_access_keys", "max_idle_days_for_users"):
        days = getattr(request, name)
        if days is not None and days not in _IDLE_DAYS:
            raise refuse(Wrong(wire_name(name), Problem.CHOICE))
    if request.verification_types is not None and not _VERIFICATION_TYPES.issuperset(request.verification_types):
        raise refuse(Wrong("VerificationTypes", Problem.CHOICE))
    for field in SetSecurityPreference.fields():
        value = getattr(request, field.name)
        if value is not None and field.name != "verification_types":
            kept = ims.ram.settings if field.name in DEFAULT_PREFERENCE else ims.preference
            kept[field.name] = value
    if request.verification_types is not None:
        ims.preference["verification_types"] = ",".join(request.verification_types)
    return _preference(ims)


@ims.action(GetDefaultDomain, on=lambda _: "*")
def get_default_domain(ims: Ims, _: GetDefaultDomain) -> Reply:
    """Show the default domain."""
    return {"DefaultDomainName": ims.domain}


def _can_be_alias(ims: Ims, alias: str) -> bool:
    if alias == ims.account.id:
        return True
    try:
        check_name(NameKind.ALIAS, alias, "DefaultDomainName")
    except InvalidInputError:
        return False
    return True


@ims.action(SetDefaultDomain, on=lambda _: "*")
def set_default_domain(ims: Ims, request: SetDefaultDomain) -> Reply:
    """Set the default domain, and with it the alias and all sign-in names."""
    name = request.default_domain_name
    alias = name.removesuffix(DOMAIN)
    if alias == name or not _can_be_alias(ims, alias):
        raise refuse(Wrong("DefaultDomainName", Problem.FORMAT))
    cloud = ims.account.cloud
    if cloud.aliases.get(alias, ims.account) is not ims.account:
        raise fail("EntityAlreadyExists.AccountAlias")
    cloud.set_alias(ims.account, "" if alias == ims.account.id else alias)
    return {"DefaultDomainName": ims.domain}


def _sso(ims: Ims) -> dict[str, Any]:
    return {"UserSsoSettings": {wire_name(name): value for name, value in {**_SSO, **ims.sso}.items()}}


@ims.action(GetUserSsoSettings, on=lambda _: "*")
def get_user_sso_settings(ims: Ims, _: GetUserSsoSettings) -> Reply:
    """Show the settings of single sign-on."""
    return _sso(ims)


@ims.action(SetUserSsoSettings, on=lambda _: "*")
def set_user_sso_settings(ims: Ims, request: SetUserSsoSettings) -> Reply:
    """Change the settings of single sign-on. The fake keeps them and does not use them."""
    for field in SetUserSsoSettings.fields():
        value = getattr(request, field.name)
        if value is not None:
            ims.sso[field.name] = value
    return _sso(ims)

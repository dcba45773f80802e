"""Signing in: what is checked, in which order, and how it is refused."""

from __future__ import annotations

import ipaddress
from enum import StrEnum

from alicloud_fakes.cloud.cloud import Cloud
from alicloud_fakes.core.errors import ApiError
from alicloud_fakes.identity import totp
from alicloud_fakes.identity.account import Account
from alicloud_fakes.identity.models import LoginProfile, User
from alicloud_fakes.services.ram import passwords
from alicloud_fakes.services.ram.logins import replace_password
from alicloud_fakes.services.ram.settings import masks, preference_of

_HOUR = 3600.0
_DOMAIN = ".onaliyun.com"


class Refused(StrEnum):
    """Why somebody was not let in."""

    ACCOUNT = "no such account"
    CREDENTIALS = "wrong name or password"
    NO_PROFILE = "the user has no login profile"
    DISABLED = "console sign-in is disabled for the user"
    NETWORK = "sign-in is not allowed from this address"
    LOCKED = "too many wrong passwords within an hour"
    NEW_PASSWORD = "the password must be changed: give new_password"  # noqa: S105 - a reason
    WEAK_PASSWORD = "the new password is refused"  # noqa: S105 - a reason
    EXPIRED_PASSWORD = "the password has expired and an administrator has to set another"  # noqa: S105 - a reason
    MFA_CODE = "a code of the MFA device is missing or wrong"
    MFA_DEVICE = "the user has to bind an MFA device first"
    ROLE = "no such role, or no permission to assume it"
    ROLE_CONSOLE = "the role may not be used in the console"


class SignInError(Exception):
    """The console did not let somebody in, or did not let them switch.

    Attributes:
        reason: why.
    """

    def __init__(self, reason: Refused, more: str = "") -> None:
        super().__init__(f"{reason}{f': {more}' if more else ''}")
        self.reason = reason


def account_of(cloud: Cloud, name: str) -> Account:
    """The account of an ID, an alias or a default domain.

    Raises:
        SignInError: there is none.
    """
    try:
        return cloud.account(name.lower().removesuffix(_DOMAIN))
    except KeyError:
        raise SignInError(Refused.ACCOUNT, name) from None


def check_network(account: Account, source_ip: str) -> None:
    """Refuse addresses outside of the account's sign-in networks, where it has some."""
    networks = masks(str(preference_of(account.ram)["login_network_masks"]))
    if networks and not any(ipaddress.ip_address(source_ip) in network for network in networks):
        raise SignInError(Refused.NETWORK, source_ip)


def check_password(account: Account, name: str, password: str, new_password: str) -> User:
    """The user of a name and password, which may have to be replaced by a new one.

    Raises:
        SignInError: it is not let in.
    """
    user = account.ram.users.get(name)
    if user is None:
        raise SignInError(Refused.CREDENTIALS)
    profile = user.login
    if profile is None:
        raise SignInError(Refused.NO_PROFILE)
    if not profile.enabled:
        raise SignInError(Refused.DISABLED)
    _check_attempt(account, profile, password)
    expired = passwords.expired(account.ram, profile)
    if expired and passwords.policy_of(account.ram).hard_expiry:
        raise SignInError(Refused.EXPIRED_PASSWORD)
    if expired or profile.reset_required:
        if not new_password:
            raise SignInError(Refused.NEW_PASSWORD)
        try:
            replace_password(account.ram, user, new_password)
        except ApiError as error:
            raise SignInError(Refused.WEAK_PASSWORD, error.message) from None
    return user


def _check_attempt(account: Account, profile: LoginProfile, password: str) -> None:
    now = account.cloud.clock.time()
    most = passwords.policy_of(account.ram).max_login_attemps
    if now - profile.last_failure > _HOUR:
        profile.failures = 0
    if most and profile.failures >= most:
        raise SignInError(Refused.LOCKED)
    if not passwords.same(password, profile.password):
        profile.failures += 1
        profile.last_failure = now
        raise SignInError(Refused.CREDENTIALS)
    profile.failures = 0


def check_second_factor(account: Account, user: User, mfa_code: str) -> bool:
    """Whether a second factor was used.

    Raises:
        SignInError: it is needed and was not given, or is wrong, or is used for the second time.
    """
    device = user.mfa
    if device is None:
        if user.login is not None and user.login.mfa_required:
            raise SignInError(Refused.MFA_DEVICE)
        return False
    counter = totp.matching(device.seed, mfa_code, account.cloud.clock.time(), device.last_counter)
    if counter is None:
        raise SignInError(Refused.MFA_CODE)
    device.last_counter = counter
    return True

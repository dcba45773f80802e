"""Signing in: what is checked, in which order, and how it is refused.

The order: network, password, second factor, new password, binding of a device. A password alone never changes a
password that a second factor protects.
"""

from __future__ import annotations

import ipaddress
from enum import StrEnum

from alicloud_fakes.cloud.fake_cloud import Cloud
from alicloud_fakes.core.errors import ApiError
from alicloud_fakes.identity import passwords, totp
from alicloud_fakes.identity.account import Account
from alicloud_fakes.identity.models import LoginProfile, User, VirtualMfa
from alicloud_fakes.services.ram import mfa
from alicloud_fakes.services.ram.logins import replace_password
from alicloud_fakes.services.ram.preference import masks, preference_of

_HOUR = 3600.0
_DOMAIN = ".onaliyun.com"


class Refused(StrEnum):
    """Reason of a refused sign-in."""

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


class SignInStep(StrEnum):
    """Next step of a sign-in."""

    MFA_CODE = "MFA code"
    NEW_PASSWORD = "new password"  # noqa: S105 - a step
    MFA_DEVICE = "MFA device"
    DONE = "done"


class SignInError(Exception):
    """A sign-in or a switch of roles was refused.

    Attributes:
        reason: why.
        more: what it is about: a name, an address, the rule that a password breaks.
    """

    def __init__(self, reason: Refused, more: str = "") -> None:
        super().__init__(f"{reason}{f': {more}' if more else ''}")
        self.reason = reason
        self.more = more


def account_named(cloud: Cloud, name: str) -> Account:
    """The account of an ID, an alias or a default domain.

    Raises:
        SignInError: there is none.
    """
    try:
        return cloud.account(name.strip().lower().removesuffix(_DOMAIN))
    except KeyError:
        raise SignInError(Refused.ACCOUNT, name) from None


class SignIn:
    """A sign-in after the password was accepted.

    Attributes:
        account: the account that is signed in to.
        user: the user who signs in.
        mfa: whether a second factor was used.
    """

    def __init__(self, account: Account, name: str, password: str, source_ip: str) -> None:
        """Check the address and the password.

        Raises:
            SignInError: the user may not sign in.
        """
        self.account = account
        self.mfa = False
        self._device: VirtualMfa | None = None
        with account.cloud.lock:
            _check_network(account, source_ip)
            self.user, self._profile = _checked_user(account, name, password)
            self._password = self._profile.password
            if self._expired and passwords.password_policy_of(account.ram).hard_expiry:
                raise SignInError(Refused.EXPIRED_PASSWORD)

    @property
    def step(self) -> SignInStep:
        """The next step of this sign-in.

        Raises:
            SignInError: the user or its password is not what it was when the sign-in began.
        """
        self._check_unchanged()
        if self.user.mfa is not None and not self.mfa:
            return SignInStep.MFA_CODE
        if self.needs_new_password:
            return SignInStep.NEW_PASSWORD
        return SignInStep.MFA_DEVICE if self._profile.mfa_required and not self.mfa else SignInStep.DONE

    @property
    def needs_new_password(self) -> bool:
        """True if the password has expired, or is a first password that must be changed."""
        return self._profile.reset_required or self._expired

    @property
    def _expired(self) -> bool:
        return passwords.expired(self.account.ram, self._profile)

    def _check_unchanged(self) -> None:
        profile = self._profile
        same_user = self.account.ram.users_by_id.get(self.user.id) is self.user
        if not same_user or self.user.login is not profile or profile.password != self._password:
            raise SignInError(Refused.CREDENTIALS)
        if not profile.enabled:
            raise SignInError(Refused.DISABLED)

    def enter_code(self, code: str) -> None:
        """Enter a code of the user's MFA device. Wrong codes count like wrong passwords.

        Raises:
            SignInError: the code is missing, wrong, or was used before; or there were too many.
        """
        device = self.user.mfa
        if device is None:
            return
        _check_attempts(self.account, self._profile)
        counter = totp.matching_step(device.seed, code, self._time, device.last_counter)
        if counter is None:
            if code:
                _count_failure(self.account, self._profile)
            raise SignInError(Refused.MFA_CODE)
        device.last_counter = counter
        self.mfa = True

    def change_password(self, new_password: str) -> None:
        """Replace the password.

        Raises:
            SignInError: the new one breaks the account's password policy.
        """
        try:
            replace_password(self.account.ram, self.user, new_password)
        except ApiError as error:
            raise SignInError(Refused.WEAK_PASSWORD, error.message) from None
        self._password = self._profile.password

    def new_device(self) -> VirtualMfa:
        """A device for the user to bind; the same one until it is bound. Its seed goes into an authenticator app."""
        ram = self.account.ram
        if self._device is None or ram.devices.get(self._device.name) is not self._device:
            left = ram.devices.get(self.user.name)
            if left is not None and left.user is None:
                # From a sign-in that was not completed: its seed may have been seen, so it is not used again.
                ram.devices.remove(left.name)
            name = self.user.name if ram.devices.get(self.user.name) is None else f"{self.user.name}-{ram.new_id(6)}"
            self._device = mfa.new_device(ram, name)
        return self._device

    def bind_device(self, first_code: str, second_code: str) -> None:
        """Bind the device of `new_device`, proved by two codes in a row.

        Raises:
            SignInError: the codes are not two in a row of this device.
        """
        device = self.new_device()
        counter = totp.in_a_row(device.seed, first_code, second_code, self._time)
        if counter is None:
            raise SignInError(Refused.MFA_CODE)
        mfa.give(self.account.ram, self.user, device, counter)
        self.mfa = True

    def finish(self) -> None:
        """Note that the user has signed in.

        Raises:
            SignInError: a step is missing.
        """
        missing = {
            SignInStep.MFA_CODE: Refused.MFA_CODE,
            SignInStep.NEW_PASSWORD: Refused.NEW_PASSWORD,
            SignInStep.MFA_DEVICE: Refused.MFA_DEVICE,
        }.get(self.step)
        if missing is not None:
            raise SignInError(missing)
        self._profile.failures = 0
        self.user.last_login = self._profile.last_login = self.account.ram.now()

    @property
    def _time(self) -> float:
        return self.account.cloud.clock.time()


def _check_network(account: Account, source_ip: str) -> None:
    """Refuse addresses outside of the account's sign-in networks, where it has some."""
    networks = masks(str(preference_of(account.ram)["login_network_masks"]))
    if networks and not any(ipaddress.ip_address(source_ip) in network for network in networks):
        raise SignInError(Refused.NETWORK, source_ip)


def _checked_user(account: Account, name: str, password: str) -> tuple[User, LoginProfile]:
    user = account.ram.users.get(name)
    if user is None:
        raise SignInError(Refused.CREDENTIALS)
    profile = user.login
    if profile is None:
        raise SignInError(Refused.NO_PROFILE)
    if not profile.enabled:
        raise SignInError(Refused.DISABLED)
    _check_attempts(account, profile)
    if not passwords.is_password(password, profile.password):
        _count_failure(account, profile)
        raise SignInError(Refused.CREDENTIALS)
    return user, profile


def _check_attempts(account: Account, profile: LoginProfile) -> None:
    most = passwords.password_policy_of(account.ram).max_login_attemps
    if account.cloud.clock.time() - profile.last_failure > _HOUR:
        profile.failures = 0
    if most and profile.failures >= most:
        raise SignInError(Refused.LOCKED)


def _count_failure(account: Account, profile: LoginProfile) -> None:
    profile.failures += 1
    profile.last_failure = account.cloud.clock.time()

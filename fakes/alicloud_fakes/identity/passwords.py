"""Passwords: the policy they have to follow, and how they are kept.

Source: Alibaba Cloud, RAM and IMS, SetPasswordPolicy.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from dataclasses import dataclass, fields, replace

from alicloud_fakes.identity.models import LoginProfile, Ram

_SYMBOLS = set("!@#$%^&*()_+-=[]{}|;':\",./<>?`~\\")
_DAY = 86400.0
_ROUNDS = 1000  # a fake need not withstand an attack; a plain-text password in a state file would still be a leak


@dataclass(frozen=True, slots=True)
class PasswordPolicy:
    """Password policy of an account. Field names follow the API, misspelling included.

    Attributes:
        hard_expiry: whether a user with an expired password is locked out, rather than asked to change it.
        max_login_attemps: wrong passwords within an hour before signing in is blocked for an hour; 0 for any number.
        max_password_age: days; 0 for ever.
        minimum_password_length: characters.
        password_reuse_prevention: how many former passwords may not come back.
        require_lowercase_characters: whether there must be one.
        require_numbers: whether there must be one.
        require_symbols: whether there must be one.
        require_uppercase_characters: whether there must be one.
        minimum_password_different_character: how many different characters there must be (IMS).
        password_not_contain_user_name: whether the user's name may not be in it (IMS).
        initial_password_age: days a first password is good for; 0 for ever (IMS).
        intercept_risk_password_on_api: whether known bad passwords are refused (IMS).
    """

    hard_expiry: bool = False
    max_login_attemps: int = 0
    max_password_age: int = 0
    minimum_password_length: int = 8
    password_reuse_prevention: int = 0
    require_lowercase_characters: bool = False
    require_numbers: bool = False
    require_symbols: bool = False
    require_uppercase_characters: bool = False
    minimum_password_different_character: int = 0
    password_not_contain_user_name: bool = False
    initial_password_age: int = 14
    intercept_risk_password_on_api: bool = False

    def problem(self, password: str, user_name: str) -> str:
        """Problem of a password; empty when it satisfies the policy."""
        checks = (
            (len(password) < self.minimum_password_length, f"has fewer than {self.minimum_password_length} characters"),
            (self.require_lowercase_characters and not any(c.islower() for c in password), "has no lower-case letter"),
            (self.require_uppercase_characters and not any(c.isupper() for c in password), "has no upper-case letter"),
            (self.require_numbers and not any(c.isdigit() for c in password), "has no digit"),
            (self.require_symbols and not set(password) & _SYMBOLS, "has no symbol"),
            (len(set(password)) < self.minimum_password_different_character, "has too few different characters"),
            (
                self.password_not_contain_user_name and user_name.lower() in password.lower(),
                "contains the name of the user",
            ),
        )
        return next((text for wrong, text in checks if wrong), "")


_DEFAULT = PasswordPolicy()
FIELDS = tuple(field.name for field in fields(PasswordPolicy))


def password_policy_of(ram: Ram) -> PasswordPolicy:
    """The password policy of an account."""
    return ram.password_policy or _DEFAULT


def set_policy(ram: Ram, values: dict[str, int | bool]) -> PasswordPolicy:
    """Replace the password policy; what is not given goes back to its default (unconfirmed.PASSWORD_POLICY_RESET)."""
    ram.password_policy = replace(_DEFAULT, **values)
    return ram.password_policy


def hashed(password: str, salt: bytes | None = None) -> str:
    """A password as it is kept."""
    salt = os.urandom(8) if salt is None else salt
    return f"{salt.hex()}:{hashlib.pbkdf2_hmac('sha256', password.encode('utf-8', 'replace'), salt, _ROUNDS).hex()}"


def is_password(password: str, kept: str) -> bool:
    """True if a password is the one that is kept."""
    return hmac.compare_digest(hashed(password, bytes.fromhex(kept.partition(":")[0])), kept)


def reused(ram: Ram, profile: LoginProfile, password: str) -> bool:
    """True if a password is one of the former ones that may not come back."""
    kept = [profile.password, *profile.old_passwords]
    return any(is_password(password, old) for old in kept[: password_policy_of(ram).password_reuse_prevention])


def change(ram: Ram, profile: LoginProfile, password: str) -> None:
    """Give a login profile another password."""
    profile.old_passwords = [profile.password, *profile.old_passwords][:24]
    profile.password = hashed(password, ram.account.cloud.entropy.bytes(8))
    profile.password_set = ram.account.cloud.clock.time()
    profile.failures = 0


def expired(ram: Ram, profile: LoginProfile) -> bool:
    """True if a password is older than the policy lets it be."""
    days = password_policy_of(ram).max_password_age
    return bool(days) and ram.account.cloud.clock.time() - profile.password_set > days * _DAY

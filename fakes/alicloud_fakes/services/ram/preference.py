"""The security preference of an account: its values, read by actions and by the console."""

from __future__ import annotations

import ipaddress

from alicloud_fakes.identity.models import Ram

# Only the first is looked at by an action, ChangePassword: unconfirmed.SELF_SERVICE
DEFAULT_PREFERENCE: dict[str, int | bool | str] = {
    "allow_user_to_change_password": True,
    "allow_user_to_manage_access_keys": False,
    "allow_user_to_manage_mfa_devices": True,
    "allow_user_to_manage_public_keys": False,
    "enable_save_mfa_ticket": False,
    "login_network_masks": "",
    "login_session_duration": 6,
}


def preference_of(ram: Ram) -> dict[str, int | bool | str]:
    """The security preference of an account, by field name."""
    return {**DEFAULT_PREFERENCE, **ram.settings}


def masks(text: str) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    """Networks from which one may sign in to the console, separated by semicolons.

    Raises:
        ValueError: one of them is not a network.
    """
    return [ipaddress.ip_network(part.strip(), strict=False) for part in text.split(";") if part.strip()]

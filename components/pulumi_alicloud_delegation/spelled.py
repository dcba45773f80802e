"""Names as they are spelled in an account: RAM does not tell upper from lower case in them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from weakref import WeakKeyDictionary

import pulumi
from pulumi_alicloud import ram

from ram_policies import InvalidInputError

_CASE = "and RAM does not tell upper from lower case"
_Names = dict[str, str] | None
_groups: WeakKeyDictionary[pulumi.ProviderResource, _Names] = WeakKeyDictionary()
"""The groups of each provider's account, which is asked once."""


def spelled_users(opts: pulumi.ResourceOptions) -> Mapping[str, str] | None:
    """The name of each user of an account, by the name in lower case; None where the account does not tell.

    Args:
        opts: parent and provider of users of that account.
    """
    asked = _invoke(opts.parent, opts.provider)
    return _names(lambda asked: ram.get_users(opts=asked).names, asked, "users", "ram:ListUsers")


def check_group_spelling(
    names: Mapping[str, str], parent: pulumi.Resource | None, provider: pulumi.ProviderResource | None
) -> None:
    """Refuse a group that the account has in another letter case.

    Args:
        names: of groups to be made, by the field in which each stands.
        parent: the component that makes them.
        provider: of their account.

    Raises:
        InvalidInputError: there is one.
    """
    if provider is not None and provider in _groups:
        found = _groups[provider]
    else:
        asked = _invoke(parent, provider)
        found = _names(lambda asked: ram.get_groups(opts=asked).names, asked, "groups", "ram:ListGroups")
        if provider is not None:
            _groups[provider] = found
    _refuse_other_case(names, found)


def check_role_spelling(
    names: Mapping[str, str], parent: pulumi.Resource, provider: pulumi.ProviderResource | None = None
) -> None:
    """Refuse a role that the account has in another letter case.

    Args:
        names: of roles to be made, by the field in which each stands; none asks nothing.
        parent: the component that makes them.
        provider: of their account; by default the parent's.

    Raises:
        InvalidInputError: there is one.
    """
    if not names:
        return
    # The provider reads each role that it names, so it is asked for these alone.
    pattern = f"(?i)^({'|'.join(map(re.escape, names.values()))})$"
    asked = _invoke(parent, provider)
    found = _names(
        lambda asked: ram.get_roles(name_regex=pattern, opts=asked).names,
        asked,
        "roles",
        "ram:ListRoles and ram:GetRole",
    )
    _refuse_other_case(names, found)


def _refuse_other_case(names: Mapping[str, str], found: Mapping[str, str] | None) -> None:
    for field, name in names.items():
        there = (found or {}).get(name.lower(), name)
        if there != name:
            problem = f"is {there!r} in the account, {_CASE}"
            raise InvalidInputError(field, name, problem, f"write {there}", code="letter-case")


def _invoke(parent: pulumi.Resource | None, provider: pulumi.ProviderResource | None) -> pulumi.InvokeOptions:
    return pulumi.InvokeOptions(parent=parent, provider=provider)


def _names(
    ask: Callable[[pulumi.InvokeOptions], Sequence[str] | None], opts: pulumi.InvokeOptions, noun: str, permission: str
) -> _Names:
    try:
        found = ask(opts)
    except Exception:  # noqa: BLE001 - Pulumi raises this and nothing narrower, where the account does not tell
        pulumi.log.warn(
            f"the account does not list its {noun}, so a name that it has in another letter case is not found before "
            f"the update. Fix: allow {permission}",
            opts.parent,
        )
        return None
    # None: credentials that are themselves unknown until the update.
    return None if found is None else {name.lower(): name for name in found}

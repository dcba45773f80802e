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
    return _names(lambda asked: ram.get_users(opts=asked).names, _invoke(opts.parent, opts.provider))


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
    found = None if provider is None else _groups.get(provider)
    if found is None:
        found = _names(lambda asked: ram.get_groups(opts=asked).names, _invoke(parent, provider))
        if provider is not None:
            _groups[provider] = found
    _refuse_other_case(names, found)


def check_role_spelling(name: str, field: str, parent: pulumi.Resource) -> None:
    """Refuse a role that the account has in another letter case.

    Raises:
        InvalidInputError: it has.
    """
    # The provider reads each role that it names, so it is asked for this one alone.
    pattern = f"(?i)^{re.escape(name)}$"
    _refuse_other_case(
        {field: name}, _names(lambda asked: ram.get_roles(name_regex=pattern, opts=asked).names, _invoke(parent, None))
    )


def _refuse_other_case(names: Mapping[str, str], found: Mapping[str, str] | None) -> None:
    for field, name in names.items():
        there = (found or {}).get(name.lower(), name)
        if there != name:
            problem = f"is {there!r} in the account, {_CASE}"
            raise InvalidInputError(field, name, problem, f"write {there}", code="letter-case")


def _invoke(parent: pulumi.Resource | None, provider: pulumi.ProviderResource | None) -> pulumi.InvokeOptions:
    return pulumi.InvokeOptions(parent=parent, provider=provider)


def _names(ask: Callable[[pulumi.InvokeOptions], Sequence[str] | None], opts: pulumi.InvokeOptions) -> _Names:
    try:
        found = ask(opts)
    except Exception:  # noqa: BLE001 - Pulumi raises this and nothing narrower, where the account does not tell
        return None
    # None: credentials that are themselves unknown until the update.
    return None if found is None else {name.lower(): name for name in found}

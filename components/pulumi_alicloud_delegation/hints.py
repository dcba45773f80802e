"""Accounts that a stack of this package names beside its resources, for the command line `access`.

The program's configuration and a component's output ``acceptance`` name both accounts, and the providers of the two
sides are called by their side: ``owner``, ``delegate``, or a name that ends in one of these words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from ram_policies.access.preview_model import AccountHints
from ram_policies.nodes import is_object
from ram_policies.stack.facts import ResourceFacts
from ram_policies.stack.provider_accounts import provider_name

SIDES = ("owner", "delegate")
_SEPARATOR = re.compile(r"[^A-Za-z0-9]")


def account_hints(config: Mapping[str, object], resources: Sequence[ResourceFacts]) -> AccountHints:
    """The accounts of providers that are called by a side, and the aliases of both accounts.

    Args:
        config: the stack's configuration, structured values as text or already read.
        resources: the stack's resources, the stack itself and components among them.
    """
    declared: dict[str, Mapping[str, object]] = {}
    for values in (config, *_acceptances(resources)):
        for key, value in values.items():
            side, given = key.rpartition(":")[2], _loaded(value)
            if side in SIDES and is_object(given) and isinstance(given.get("id"), str | int):
                declared[side] = given
    names = {provider_name(facts.provider.urn) for facts in resources if facts.provider}
    sides = {name: _SEPARATOR.split(name)[-1] for name in names}
    return AccountHints(
        {name: str(declared[side]["id"]) for name, side in sides.items() if side in declared},
        {str(a["id"]): alias for a in declared.values() if isinstance(alias := a.get("alias"), str)},
    )


def _acceptances(resources: Sequence[ResourceFacts]) -> Iterator[Mapping[str, object]]:
    for facts in resources:
        acceptance = facts.properties.get("acceptance")
        if is_object(acceptance):
            yield acceptance


def _loaded(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return None

"""Accounts that programs name by their own conventions, read by every package that registers a reader.

A package registers one under the entry point group ``access.account_hints``; see `access.preview_model.HintReader`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.metadata import entry_points
from typing import cast

from ram_policies.access.preview_model import AccountHints, HintReader
from ram_policies.stack.facts import ResourceFacts

GROUP = "access.account_hints"


def all_account_hints(config: Mapping[str, object], resources: Sequence[ResourceFacts]) -> AccountHints:
    """The hints of all readers together; of two that contradict each other, the first one counts."""
    accounts: dict[str, str] = {}
    aliases: dict[str, str] = {}
    for reader in _readers():
        found = reader(config, resources)
        accounts = {**found.accounts, **accounts}
        aliases = {**found.aliases, **aliases}
    return AccountHints(accounts, aliases)


@cache
def _readers() -> tuple[HintReader, ...]:
    return tuple(_load())


def _load() -> Iterator[HintReader]:
    for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        yield cast("HintReader", point.load())

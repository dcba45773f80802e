"""Commands that other packages add: a family of commands is found by its name, and loaded when it is asked for.

`access_cli` knows the language of policies and nothing of offers, contracts and teams. Where the components are
installed too, their commands are part of `access`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import MappingProxyType
from typing import Any, cast

import typer

from access_cli.usage import OneLineGroup

FAMILIES: Mapping[str, str] = MappingProxyType(
    {
        "first-day": "pulumi_alicloud_delegation.commands.first_day",
        "offer": "pulumi_alicloud_delegation.commands.offer",
        "acceptance": "pulumi_alicloud_delegation.commands.acceptance",
        "customers": "pulumi_alicloud_delegation.commands.customers_command",
        "open": "pulumi_alicloud_delegation.commands.open",
        "outsiders": "pulumi_alicloud_delegation.commands.outsiders",
        "room": "pulumi_alicloud_delegation.commands.room_command",
        "rotate-external-id": "pulumi_alicloud_delegation.commands.rotate",
        "try": "pulumi_alicloud_delegation.commands.try_command",
    }
)
"""Module of each family or command, by its name; the module's `app` is what is added."""


class FamilyGroup(OneLineGroup):
    """The command line with the families whose packages are installed."""

    # typer brings a click of its own in some releases, so the types of click cannot be named here.
    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401 - click's own classes, which typer hides
        """Its own commands, then the families."""
        return [*super().list_commands(ctx), *(name for name in FAMILIES if _installed(FAMILIES[name]))]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401 - click's own classes, which typer hides
        """A command, loaded if it belongs to a family."""
        module = FAMILIES.get(cmd_name)
        if module is None or not _installed(module):
            return super().get_command(ctx, cmd_name)
        found = typer.main.get_command(cast("typer.Typer", import_module(module).app))
        found.name = cmd_name
        return found


@cache
def _installed(module: str) -> bool:
    return find_spec(module.partition(".")[0]) is not None

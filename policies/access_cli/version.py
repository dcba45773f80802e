"""The option `--version` of the command lines."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import typer

from ram_policies.extras import installed_version


def version_option(program: str) -> Any:  # noqa: ANN401 - typer gives its options no type
    """The option `--version` of a program: it prints the version and ends.

    Args:
        program: its name, which comes before the version.
    """
    return typer.Option("--version", callback=_printing(program), is_eager=True, help="Print the version.")


def _printing(program: str) -> Callable[[bool], None]:
    def print_version(wanted: bool) -> None:  # noqa: FBT001 - typer calls it
        if wanted:
            typer.echo(f"{program} {installed_version()}")
            raise typer.Exit

    return print_version

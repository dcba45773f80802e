"""The option `--version` of the command lines."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import typer

from ram_policies.extras import DISTRIBUTION


def version_option(program: str) -> Any:  # noqa: ANN401 - typer gives its options no type
    """The option `--version` of a program: it prints the version and ends.

    Args:
        program: its name, which comes before the version.
    """
    return typer.Option("--version", callback=_printing(program), is_eager=True, help="Print the version.")


def _printing(program: str) -> Callable[[bool], None]:
    def print_version(wanted: bool) -> None:  # noqa: FBT001 - typer calls it
        if wanted:
            typer.echo(f"{program} {_installed()}")
            raise typer.Exit

    return print_version


def _installed() -> str:
    try:
        return version(DISTRIBUTION)
    except PackageNotFoundError:
        return "of a source tree"

"""The command line ``access``: who can do what, before and after a change.

Exit codes: 0 as asked or as expected; 1 not as expected, or new access, or findings; 2 input that cannot be used.
"""

from __future__ import annotations

from importlib.metadata import version
from typing import Annotated

import typer

from access_cli import changes, drawing, explaining, proofs, questions
from access_cli.families import FamilyGroup

DISTRIBUTION = "pulumi-alicloud-delegation"

app = typer.Typer(
    name="access",
    cls=FamilyGroup,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


def _print_version(wanted: bool) -> None:  # noqa: FBT001 - typer calls it
    if wanted:
        typer.echo(f"access {version(DISTRIBUTION)}")
        raise typer.Exit


@app.callback()
def options(
    *,
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Tell who can do what in Alibaba Cloud accounts, today and after a change. Exit code 1 means: not as expected.

    Example: access who-can ecs:StopInstance 'acs:ecs:*:11223344:instance/*' --state stack.json
    """


questions.add_to(app)
changes.add_to(app)
proofs.add_to(app)
drawing.add_to(app)
explaining.add_to(app)

if __name__ == "__main__":
    app()

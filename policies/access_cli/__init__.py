"""The command line ``access``: who can do what, before and after a change.

Exit codes: 0 as asked or as expected; 1 not as expected, or new access, or findings; 2 input that cannot be used.
"""

from __future__ import annotations

from typing import Annotated

import typer

from access_cli import changes, drawing, explaining, proofs, questions
from access_cli.families import FamilyGroup
from access_cli.version import version_option

app = typer.Typer(
    name="access",
    cls=FamilyGroup,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


@app.callback()
def options(
    *,
    _version: Annotated[bool, version_option("access")] = False,
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

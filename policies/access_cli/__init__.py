"""The command line ``access``: who can do what, before and after a change.

Exit codes: 0 as asked or as expected; 1 not as expected, or new access, or findings; 2 input that cannot be used.
"""

from __future__ import annotations

import typer

from access_cli import changes, drawing, proofs, questions
from access_cli.families import FamilyGroup

app = typer.Typer(
    name="access",
    cls=FamilyGroup,
    help="Who can do what in Alibaba Cloud accounts: today, and after a change. Exit code 1 means: not as expected.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
questions.add_to(app)
changes.add_to(app)
proofs.add_to(app)
drawing.add_to(app)

if __name__ == "__main__":
    app()

"""Wrong options and arguments: reported in one line, like every other input that cannot be used."""

from __future__ import annotations

import sys
from typing import Any, cast

import typer
from typer.core import TyperGroup

from access_cli.output import complain
from ram_policies.error_kinds import with_code

# typer brings a click of its own in some releases: the classes are found from one that typer itself names.
_ClickError = cast("type[Exception]", typer.BadParameter.__mro__[2])


class OneLineGroup(TyperGroup):
    """A group of commands that reports a wrong option or argument in one line, with exit code 2."""

    def main(self, *args: Any, standalone_mode: bool = True, **kwargs: Any) -> Any:  # noqa: ANN401 - as typer declares it
        """Run the command line and end the process, unless it is called as a function."""
        if not standalone_mode:
            return super().main(*args, standalone_mode=False, **kwargs)
        try:
            code: object = super().main(*args, standalone_mode=False, **kwargs)
        except _ClickError as error:
            _say(cast("Any", error), str(self.name))
            sys.exit(2)
        except typer.Abort:
            complain(f"{self.name}: aborted")
            sys.exit(1)
        sys.exit(code if isinstance(code, int) else 0)


def _say(error: Any, program: str) -> None:  # noqa: ANN401 - click's own classes, which typer hides
    if type(error).__name__ == "NoArgsIsHelpError":
        error.show()  # the help
        return
    message = " ".join(str(error.format_message()).split()).rstrip(".")
    context = getattr(error, "ctx", None)
    path = program if context is None else str(context.command_path)
    complain(with_code(f"{path}: {message}. Fix: see `{path} --help`.", "wrong-usage"))

"""Ends of commands: an exit code, and never a traceback for bad input."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import NoReturn, ParamSpec

import typer

from access_cli.output import complain
from access_cli.progress import sign_of_life
from ram_policies.errors import InvalidInputError
from ram_policies.extras import MissingExtraError

NOT_AS_EXPECTED = 1
BAD_INPUT = 2

P = ParamSpec("P")


def command(function: Callable[P, None], program: str = "access") -> Callable[P, None]:
    """A command that reports input it cannot use in one line, with exit code 2.

    Args:
        function: what it does.
        program: the command line that it belongs to.
    """

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            with sign_of_life(program):
                function(*args, **kwargs)
        except (InvalidInputError, MissingExtraError) as error:
            complain(f"{program}: {error}")
            raise typer.Exit(BAD_INPUT) from None

    return run


def not_as_expected(why: str) -> NoReturn:
    """End a command whose answer is not the expected one."""
    complain(f"access: not as expected: {why}")
    raise typer.Exit(NOT_AS_EXPECTED)

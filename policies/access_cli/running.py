"""Ends of commands: an exit code, and never a traceback for bad input."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import NoReturn, ParamSpec

import typer

from access_cli.output import complain
from ram_policies.errors import InvalidInputError

NOT_AS_EXPECTED = 1
BAD_INPUT = 2

P = ParamSpec("P")


def command(function: Callable[P, None]) -> Callable[P, None]:
    """A command that reports input it cannot use in one line, with exit code 2."""

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            function(*args, **kwargs)
        except InvalidInputError as error:
            complain(f"access: {error}")
            raise typer.Exit(BAD_INPUT) from None

    return run


def not_as_expected(why: str) -> NoReturn:
    """End a command whose answer is not the expected one."""
    complain(f"access: not as expected: {why}")
    raise typer.Exit(NOT_AS_EXPECTED)

"""Errors and exit codes of the commands about offers, contracts and teams."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from access_cli.exit_codes import command as reporting
from pulumi_alicloud_delegation.key_spelling import respelled
from ram_policies import InvalidInputError

PROJECTS = "alicloud-delegation"
"""The command line about projects that use the components."""

P = ParamSpec("P")


def stack_file_command(function: Callable[P, None], program: str = "access") -> Callable[P, None]:
    """A command that reports input it cannot use in one line, with keys spelled as in stack files.

    Args:
        function: what it does.
        program: the command line that it belongs to.
    """

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            function(*args, **kwargs)
        except InvalidInputError as error:
            raise respelled(error) from None

    return reporting(run, program)


def project_command(function: Callable[P, None]) -> Callable[P, None]:
    """A command of `alicloud-delegation`."""
    return stack_file_command(function, PROJECTS)

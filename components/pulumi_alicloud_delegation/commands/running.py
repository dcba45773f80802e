"""Errors and exit codes of the commands about offers, contracts and teams."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from access_cli.running import command as reporting
from pulumi_alicloud_delegation.spelling import respelled
from ram_policies import InvalidInputError

P = ParamSpec("P")


def command(function: Callable[P, None]) -> Callable[P, None]:
    """A command that reports input it cannot use in one line, with keys spelled as in stack files."""

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            function(*args, **kwargs)
        except InvalidInputError as error:
            raise respelled(error) from None

    return reporting(run)

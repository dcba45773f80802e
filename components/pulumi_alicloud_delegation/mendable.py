"""Errors that a user can mend, which Pulumi shows in one line, without a traceback."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

import pulumi

from pulumi_alicloud_delegation.key_spelling import respelled
from ram_policies import InvalidInputError


class InputError(InvalidInputError, pulumi.RunError):
    """An input that cannot be accepted, as an error that Pulumi prints without a traceback.

    It has what the `InvalidInputError` has that it was made from: field, value, problem, fix and code, and the findings
    of a document.
    """


def as_run_error(error: InvalidInputError) -> InputError:
    """The same error, for Pulumi to print in one line."""
    run_error = InputError(error.field, error.value, error.problem, error.fix, code=error.code)
    run_error.__dict__.update(error.__dict__)
    return run_error


@contextmanager
def mendable_errors(*, in_stack_file: bool = False) -> Generator[None, None, None]:
    """Turn errors of input into errors that Pulumi prints in one line.

    Args:
        in_stack_file: whether keys are spelled as in stack files, instead of as in Python.

    Raises:
        InputError: instead of an `InvalidInputError`.
    """
    try:
        yield
    except InvalidInputError as error:
        raise as_run_error(respelled(error) if in_stack_file else error) from None

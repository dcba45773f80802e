"""Fixture for pytest, loaded in every session where this package is installed: Pulumi is imported on first use."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_alicloud_delegation.testing.registrations import Runs


@pytest.fixture
def pulumi_program() -> Iterator[Callable[..., Runs]]:
    """Runs a program under mocks, as a preview and as an update; for the arguments see `program_runs.run_program`.

    A test that asks for it and looks at nothing fails: its assertions have most likely not run.
    """
    from pulumi_alicloud_delegation.testing.program_runs import run_program  # noqa: PLC0415 - see the module's docstring

    made: list[Runs] = []
    refused: list[BaseException] = []

    def run(*args: object, **kwargs: object) -> Runs:
        __tracebackhide__ = True
        try:
            runs = run_program(*args, **kwargs)  # type: ignore[arg-type] # passed on as they came
        except BaseException as error:
            refused.append(error)
            raise
        made.append(runs)
        return runs

    yield run
    if not made and not refused:
        pytest.fail("the test asked for pulumi_program and ran no program")
    if made and not any(runs.looked_at for runs in made):
        pytest.fail("the test ran a program and looked at nothing that it registered")

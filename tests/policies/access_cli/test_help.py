"""Help: every command of its own has an example that the command itself can read."""

from __future__ import annotations

import re
import shlex
from importlib.metadata import version
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from access_cli import app
from access_cli.families import FAMILIES

GROUP: Any = typer.main.get_command(app)
COMMANDS = sorted(set(GROUP.commands) - set(FAMILIES))
RUNNER = CliRunner()


def command_of(name: str) -> Any:
    return GROUP.get_command(GROUP.make_context("access", [], resilient_parsing=True), name)


def test_there_are_commands() -> None:
    assert {"who-can", "what-can", "can", "diff", "no-new-access", "check", "never"} <= set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_shows_an_example_that_it_can_read(name: str) -> None:
    command = command_of(name)
    (example,) = re.findall(r"Example: access (.*)", command.help)
    first, *words = shlex.split(example)
    assert first == name
    given = command.make_context(name, words).params
    assert any(given.values())
    assert "Example: access" in RUNNER.invoke(app, [name, "--help"]).stdout


def test_the_version_is_that_of_the_package() -> None:
    shown = RUNNER.invoke(app, ["--version"])
    assert (shown.exit_code, shown.stdout) == (0, f"access {version('pulumi-alicloud-delegation')}\n")


def test_shells_can_complete_it() -> None:
    assert "--show-completion" in RUNNER.invoke(app, ["--help"]).stdout

"""Fixtures of the command line: run a command, write a file."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from access_cli import app

Run = Callable[..., Result]


@pytest.fixture
def run() -> Run:
    runner = CliRunner()
    return lambda *words, typed=None: runner.invoke(app, [str(word) for word in words], input=typed)


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, object], Path]:
    def keep(name: str, content: object) -> Path:
        path = tmp_path / name
        path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
        return path

    return keep

"""The command line, and files to give it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from access_cli import app

ROLES = [
    {"name": "ecs-admin", "systemPolicies": ["AliyunECSFullAccess"], "trust": {"externalId": "c-7"}},
    {"name": "watch", "systemPolicies": ["AliyunECSReadOnlyAccess"], "trust": {"mfa": True}},
]
AT = "2026-06-01T00:00:00Z"


@pytest.fixture
def access() -> Callable[..., Any]:
    """Run `access`; the result has exit_code, stdout and stderr."""
    runner = CliRunner()
    return lambda *words: runner.invoke(app, [str(word) for word in words])


@pytest.fixture
def keep(tmp_path: Path) -> Callable[[str, Any], Path]:
    """Write a file: text as it is, anything else as JSON or YAML by its name."""

    def write(name: str, content: Any) -> Path:
        path = tmp_path / name
        dump = yaml.safe_dump if path.suffix == ".yaml" else json.dumps
        path.write_text(content if isinstance(content, str) else dump(content), "utf-8")
        return path

    return write


@pytest.fixture
def offer(access: Callable[..., Any], keep: Callable[..., Path], tmp_path: Path) -> Path:
    """An offer of two roles whose `never` forbids buying."""
    path = tmp_path / "offer.json"
    roles = keep("roles.yaml", ROLES)
    options = ["--delegate", "12345678", "--owner", "11223344", "--roles", roles, "--never", "bss:*"]
    made = access("offer", "write", *options, "--contract", "c-7", "--at", AT, "--out", path)
    assert made.exit_code == 0, made.output
    return path

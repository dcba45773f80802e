"""The scenario as arguments and as configuration, and a way to change one thing in it."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[3]
OWNER, DELEGATE = "11223344", "12345678"
ACCOUNTS = {"delegation/owner": OWNER, "delegation/delegate": DELEGATE}
Change = Callable[[dict[str, Any]], object]

_SCENARIO = {
    "owner": {"id": OWNER, "alias": "company-a"},
    "delegate": {"id": DELEGATE, "alias": "company-b"},
    "roles": [{"name": "ecs-admin", "system_policies": ["AliyunECSFullAccess"]}],
    "teams": [{"name": "operators", "roles": ["ecs-admin"]}],
    "operators": [{"name": "AAA", "teams": ["operators"]}],
}


@pytest.fixture
def scenario() -> Callable[..., dict[str, Any]]:
    """The scenario's arguments, with some changes."""

    def make(*changes: Change) -> dict[str, Any]:
        args = copy.deepcopy(_SCENARIO)
        for change in changes:
            change(args)
        return args

    return make


@pytest.fixture
def stack_file() -> Callable[[str], dict[str, Any]]:
    """The configuration in one of the ready stack files, without the namespace."""

    def load(name: str) -> dict[str, Any]:
        text = (ROOT / f"Pulumi.{name}.yaml").read_text("utf-8")
        return {key.partition(":")[2]: value for key, value in yaml.safe_load(text)["config"].items()}

    return load


@pytest.fixture
def accounts() -> dict[str, str]:
    """Account by provider, as the scenario's providers are named."""
    return dict(ACCOUNTS)

"""The company's rules hold for every supplier."""

import json
import runpy
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pulumi_alicloud_delegation.testing import Run, Runs

HERE = Path(__file__).parent


@pytest.fixture
def update(pulumi_program: Callable[..., Runs], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setattr(sys, "path", [str(HERE), *sys.path])

    def program() -> None:
        runpy.run_path(str(HERE / "__main__.py"))

    return pulumi_program(program, accounts={"default": "11223344"}).update


def test_every_supplier_proves_itself_with_mfa(update: Run) -> None:
    roles = update.of_type("Role")
    assert len(roles) == 2
    for role in roles:
        [statement] = json.loads(str(role.inputs["assumeRolePolicyDocument"]))["Statement"]
        assert statement["Condition"]["Bool"] == {"acs:MFAPresent": "true"}


def test_every_role_says_whose_it_is_and_until_when(update: Run) -> None:
    tags = [role.inputs["tags"] for role in update.of_type("Role")]
    assert {"supplier": "backups", "contract-end": "2027-12-31"} in tags

"""Tests of this project. No cloud and no engine is needed: RAM resources are made in a fake cloud."""

import runpy
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from pulumi_alicloud_delegation.testing import Run, Runs

HERE = Path(__file__).parent
STACK_FILE = HERE / "Pulumi.fake.yaml"


def program() -> None:
    runpy.run_path(str(HERE / "__main__.py"))


@pytest.fixture
def update(pulumi_program: Callable[..., Runs]) -> Run:
    """The resources that an update with the stack file deploys."""
    config = yaml.safe_load(STACK_FILE.read_text("utf-8"))["config"]
    project = next(iter(config)).partition(":")[0]
    accounts = {"delegation/owner": "11223344", "delegation/delegate": "12345678"}
    return pulumi_program(program, config=config, project=project, accounts=accounts).update


def test_the_operators_get_no_more_than_ecs(update: Run) -> None:
    granted = {one.inputs["policyName"] for one in update.of_type("RolePolicyAttachment")}
    assert granted == {"AliyunECSFullAccess"}


def test_only_account_b_is_trusted(update: Run) -> None:
    assert '"acs:ram::12345678:root"' in str(update.one("Role").inputs["assumeRolePolicyDocument"])

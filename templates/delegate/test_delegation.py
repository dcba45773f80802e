"""Tests of this project. No cloud and no engine is needed: RAM resources are made in a fake cloud."""

import json
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
    accounts = {"delegate": "12345678"}
    return pulumi_program(program, config=config, project=project, accounts=accounts).update


def test_operators_may_assume_their_roles_and_nothing_else(update: Run) -> None:
    documents = {
        str(one.inputs["policyName"]): json.loads(str(one.inputs["policyDocument"])) for one in update.of_type("Policy")
    }
    roles = {
        "engineers-assume-role": "acs:ram::11223344:role/ecs-admin",
        "dbas-assume-role": "acs:ram::44556677:role/rds-admin",
    }
    for policy, role in roles.items():
        statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": role}
        assert documents.pop(policy)["Statement"] == [statement]
    assert not documents


def test_people_bind_an_mfa_device(update: Run) -> None:
    logins = update.of_type("LoginProfile")
    assert len(logins) == 2
    assert all(one.inputs["mfaBindRequired"] is True for one in logins)

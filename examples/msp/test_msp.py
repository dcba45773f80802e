"""Nobody reaches a customer that did not grant the role."""

import json
import runpy
from collections.abc import Callable
from pathlib import Path

import pytest

from pulumi_alicloud_delegation.testing import Run, Runs


def program() -> None:
    runpy.run_path(str(Path(__file__).with_name("__main__.py")))


@pytest.fixture
def update(pulumi_program: Callable[..., Runs]) -> Run:
    return pulumi_program(program, accounts={"default": "12345678"}).update


def resources(run: Run, policy: str) -> set[str]:
    """The roles that a team's policy names."""
    [made] = [one for one in run.of_type("Policy") if one.inputs["policyName"] == policy]
    found: set[str] = set()
    for statement in json.loads(str(made.inputs["policyDocument"]))["Statement"]:
        named = statement["Resource"]
        found |= {named} if isinstance(named, str) else set(named)
    return found


def test_a_team_may_assume_its_role_where_the_customer_granted_it(update: Run) -> None:
    assert resources(update, "ecs-admin-assume-role") == {
        "acs:ram::11223344:role/ecs-admin",
        "acs:ram::22334455:role/ecs-admin",
    }
    assert resources(update, "db-operator-assume-role") == {
        "acs:ram::22334455:role/db-operator",
        "acs:ram::33445566:role/db-operator",
    }


def test_one_person_is_one_user(update: Run) -> None:
    assert sorted(str(one.inputs["name"]) for one in update.of_type("User")) == ["anna", "ben", "carla"]

"""A's tests of its own project, without cloud or engine. The fixture comes with the package."""

import json
import runpy
from collections.abc import Callable
from pathlib import Path

from pulumi_alicloud_delegation.testing import Runs

PROGRAM = Path(__file__).parent / "__main__.py"


def deploy() -> None:
    """The program, run from its first line to its last."""
    runpy.run_path(str(PROGRAM))


def test_b_gets_what_it_offered_and_no_more(pulumi_program: Callable[..., Runs]) -> None:
    """The grants are those of the offer, at preview and at update."""
    runs = pulumi_program(deploy, accounts={"default": "11223344"})
    for run in (runs.preview, runs.update):
        granted = {(one.inputs["roleName"], one.inputs["policyName"]) for one in run.of_type("RolePolicyAttachment")}
        assert granted == {
            ("ecs-admin", "AliyunECSFullAccess"),
            ("ecs-monitoring", "AliyunECSReadOnlyAccess"),
        }


def test_only_b_is_trusted(pulumi_program: Callable[..., Runs]) -> None:
    """Every role names B's account and nobody else."""
    runs = pulumi_program(deploy, accounts={"default": "11223344"})
    for role in runs.preview.of_type("Role"):
        document = json.loads(str(role.inputs["assumeRolePolicyDocument"]))
        assert [one["Principal"] for one in document["Statement"]] == [{"RAM": ["acs:ram::12345678:root"]}]

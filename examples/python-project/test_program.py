"""A's tests of its own project: no cloud, no engine. The fixture comes with `pip install pulumi-alicloud-delegation`."""

import json
import runpy
from pathlib import Path

PROGRAM = Path(__file__).parent / "__main__.py"


def test_b_gets_what_it_offered_and_no_more(pulumi_program):
    runs = pulumi_program(lambda: runpy.run_path(str(PROGRAM)), accounts={"default": "11223344"})
    for run in (runs.preview, runs.update):
        granted = {(one.inputs["roleName"], one.inputs["policyName"]) for one in run.of_type("RolePolicyAttachment")}
        assert granted == {
            ("ecs-admin", "AliyunECSFullAccess"),
            ("ecs-monitoring", "AliyunECSReadOnlyAccess"),
        }


def test_only_b_is_trusted(pulumi_program):
    runs = pulumi_program(lambda: runpy.run_path(str(PROGRAM)), accounts={"default": "11223344"})
    for role in runs.preview.of_type("Role"):
        document = json.loads(role.inputs["assumeRolePolicyDocument"])
        assert [one["Principal"] for one in document["Statement"]] == [{"RAM": ["acs:ram::12345678:root"]}]

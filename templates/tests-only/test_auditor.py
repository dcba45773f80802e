"""Tests of the program on a fake cloud: no account and no engine is needed."""

import runpy
from collections.abc import Callable
from pathlib import Path

import pytest

from alicloud_fakes import Cloud
from alicloud_fakes.cloud.access_export import access_of
from pulumi_alicloud_delegation.testing import Runs
from ram_policies.access.documents import from_documents
from ram_policies.access.model import AccessModel
from ram_policies.access.who import who_can


def program() -> None:
    runpy.run_path(str(Path(__file__).parent / "__main__.py"))


@pytest.fixture
def deployed(pulumi_program: Callable[..., Runs]) -> AccessModel:
    """Access model of account 11223344, once the program is deployed to it."""
    cloud = Cloud.of({"11223344": "company-a", "12345678": "auditors"})
    runs = pulumi_program(program, cloud=cloud, accounts={"default": "11223344"})
    assert runs.update.one("Role").inputs["roleName"] == "auditor"
    return from_documents(access_of(cloud))


def test_auditors_may_read(deployed: AccessModel) -> None:
    assert who_can(deployed, "ecs:DescribeInstances", "acs:ecs:*:11223344:*")


def test_nobody_may_stop_an_instance(deployed: AccessModel) -> None:
    found = who_can(deployed, "ecs:StopInstance", "acs:ecs:*:11223344:instance/*")
    assert [one.path for one in found] == []  # the way of each, from the principal to the policy

"""Tests of what the auditors can do, asked of the access model on what was really made in a fake cloud."""

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
    runpy.run_path(str(Path(__file__).with_name("__main__.py")))


@pytest.fixture
def deployed(pulumi_program: Callable[..., Runs]) -> AccessModel:
    cloud = Cloud.of({"11223344": "company-a", "12345678": "auditors"})
    runs = pulumi_program(program, cloud=cloud, accounts={"default": "11223344"})
    assert runs.update.one("Role").inputs["roleName"] == "audit-2027"
    return from_documents(access_of(cloud))


def test_auditors_read_settings(deployed: AccessModel) -> None:
    assert who_can(deployed, "ecs:DescribeInstances", "acs:ecs:cn-hangzhou:11223344:instance/*")


@pytest.mark.parametrize("action", ["ecs:StopInstance", "ram:CreateUser", "oss:GetObject", "kms:Decrypt"])
def test_auditors_change_nothing_and_read_no_data(deployed: AccessModel, action: str) -> None:
    service = action.partition(":")[0]
    assert who_can(deployed, action, f"acs:{service}:*:11223344:*") == []

"""The application against a fake cloud: the official SDKs are used unchanged."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from report import running_instances

from alicloud_fakes import Cloud, mock_alicloud
from alicloud_fakes.cloud.accounts import read_accounts

ROLE = "acs:ram::11223344:role/ecs-monitoring"
KEY = ("FAKEAGENT", "only-for-tests")


@pytest.fixture
def cloud() -> Iterator[Cloud]:
    with mock_alicloud({}) as cloud:
        read_accounts(cloud, Path(__file__).with_name("accounts.yaml"))
        yield cloud


def test_the_report_counts_the_running_instances_of_a(cloud: Cloud) -> None:
    assert running_instances(*KEY, role_arn=ROLE, external_id="contract-2026") == 0
    assert [record.action for record in cloud.calls.records][-2:] == ["AssumeRole", "DescribeInstances"]


def test_without_the_external_id_it_is_refused(cloud: Cloud) -> None:
    with pytest.raises(Exception, match="NoPermission"):
        running_instances(*KEY, role_arn=ROLE, external_id="guessed")
    assert [record.code for record in cloud.calls.records] == ["NoPermission"]

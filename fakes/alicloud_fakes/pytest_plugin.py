"""The pytest fixture ``alicloud``: a fake cloud for one test, with the accounts of the scenario."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from alicloud_fakes.cloud.fake_cloud import Cloud

ACCOUNTS = {"11223344": "company-a", "12345678": "company-b"}


@pytest.fixture
def alicloud(request: pytest.FixtureRequest) -> Iterator[Cloud]:
    """A fake Alibaba Cloud in this process, for one test.

    It has the accounts company-a (11223344) and company-b (12345678), or those of a marker:
    ``@pytest.mark.alicloud({"1": "alias"})``.
    """
    from alicloud_fakes import mock_alicloud  # noqa: PLC0415 - only tests that ask for it pay for it

    marker = request.node.get_closest_marker("alicloud")
    with mock_alicloud(marker.args[0] if marker else ACCOUNTS) as cloud:
        yield cloud


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line("markers", "alicloud(accounts): accounts of the fake cloud, IDs and their aliases")

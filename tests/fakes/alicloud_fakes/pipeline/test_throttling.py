"""Throttling: off by default; RAM's code, status and text when it is on."""

from __future__ import annotations

from typing import Any

import pytest

from alicloud_fakes.pipeline.throttling import Throttling
from ram_policies import InvalidInputError

STS = ("sts", "2015-04-01")


def test_throttling_is_off_by_default(door: Any) -> None:
    root = door.cloud.account("company-a").root_key
    door.cloud.clock.freeze()
    for _ in range(110):
        door.call(root, *STS, "GetCallerIdentity")


def test_a_rate_for_each_account(door: Any, refused: Any) -> None:
    a, b = (door.cloud.account(name).root_key for name in ("company-a", "company-b"))
    door.cloud.clock.freeze()
    door.cloud.throttling = Throttling({"sts:*": 3})
    for _ in range(3):
        door.call(a, *STS, "GetCallerIdentity")
    with refused("Throttling.User", 400, "Request was denied due to user flow control."):
        door.call(a, *STS, "GetCallerIdentity")
    door.call(b, *STS, "GetCallerIdentity")
    door.call(a, "ram", "2015-05-01", "ListUsers")
    door.cloud.clock.advance(0.34)
    door.call(a, *STS, "GetCallerIdentity")
    with refused("Throttling.User", 400):
        door.call(a, *STS, "GetCallerIdentity")


def test_a_rate_of_nothing_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="above zero"):
        Throttling({"sts:*": 0})


def test_the_published_rates_hold_for_each_action_by_itself(door: Any, refused: Any) -> None:
    root = door.cloud.account("company-a").root_key
    door.cloud.clock.freeze()
    door.cloud.throttling = Throttling()
    for _ in range(100):
        door.call(root, *STS, "GetCallerIdentity")
    with refused("Throttling.User", 400):
        door.call(root, *STS, "GetCallerIdentity")
    asked = {"RoleArn": "acs:ram::11223344:role/none", "RoleSessionName": "somebody"}
    with refused("NoPermission", 403):
        door.call(root, *STS, "AssumeRole", **asked)

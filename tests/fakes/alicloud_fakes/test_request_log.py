"""The log of requests: a line for each call, that a person can read and that holds no secret."""

from __future__ import annotations

import io
from typing import Any

import pytest
from alibabacloud_ram20150501 import models as ram
from darabonba.exceptions import DaraException

from alicloud_fakes.request_log import log_to


@pytest.fixture
def lines(door: Any) -> Any:
    stream = io.StringIO()
    door.cloud.calls.listeners.append(log_to(stream))
    return lambda: stream.getvalue().splitlines()


def test_a_call_its_caller_and_its_parameters(door: Any, lines: Any) -> None:
    client = door.ram(door.cloud.account("company-a").root_key)
    client.create_user(ram.CreateUserRequest(user_name="AAA"))
    (line,) = lines()
    assert line.split(" ", 1)[1] == "200 ram:CreateUser ok acs:ram::11223344:root UserName='AAA'"


def test_a_denial_says_what_would_have_been_needed(door: Any, lines: Any, refused: Any) -> None:
    root = door.ram(door.cloud.account("company-a").root_key)
    root.create_user(ram.CreateUserRequest(user_name="AAA"))
    key = root.create_access_key(ram.CreateAccessKeyRequest(user_name="AAA")).body.access_key
    with refused("NoPermission"):
        door.ram(key).list_users(ram.ListUsersRequest())
    said = "NoPermission acs:ram::11223344:user/AAA needs ram:ListUsers on acs:ram:*:11223344:user/*"
    assert lines()[-1].endswith(said)


def test_secrets_are_not_in_the_request_log(door: Any, lines: Any) -> None:
    client = door.ram(door.cloud.account("company-a").root_key)
    client.create_user(ram.CreateUserRequest(user_name="AAA"))
    client.create_login_profile(ram.CreateLoginProfileRequest(user_name="AAA", password="Very-Secret-1"))
    text = "\n".join(lines())
    assert "CreateLoginProfile" in text
    assert "Very-Secret-1" not in text
    assert door.cloud.account("company-a").root_key.secret not in text


def test_no_value_looks_like_a_line_of_its_own(door: Any, lines: Any) -> None:
    client = door.ram(door.cloud.account("company-a").root_key)
    client.create_user(ram.CreateUserRequest(user_name="AAA", comments="one\n2026 200 ram:DeleteUser ok\x1b[31m"))
    assert len(lines()) == 1
    assert "\x1b" not in lines()[0]


def test_long_bodies_are_cut_and_unparsed_requests_are_logged(door: Any, lines: Any) -> None:
    key = door.cloud.account("company-a").root_key
    door.ram(key).create_user(ram.CreateUserRequest(user_name="AAA", comments="c" * 128))
    assert f"Comments='{'c' * 60}...'" in lines()[0]
    with pytest.raises(DaraException):
        door.call(key, "ram", "2015-05-01", "MakeCoffee")
    assert "400 -:MakeCoffee NotImplemented" in lines()[1]

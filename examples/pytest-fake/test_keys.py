"""The fixture `alicloud` comes with the package: a fake cloud for one test, with a clock that the test can move."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownArgumentType=false
# pyright: reportArgumentType=false
# The official SDKs ship no stubs, and their own annotations say `str = None` for what may be left out.

from datetime import UTC, datetime, timedelta

import pytest
from alibabacloud_ram20150501.client import Client
from alibabacloud_ram20150501.models import CreateAccessKeyRequest, CreateUserRequest, UpdateAccessKeyRequest
from alibabacloud_tea_openapi.models import Config
from keys import old_keys

from alicloud_fakes import Cloud

LIMIT = timedelta(days=90)


@pytest.fixture
def client(alicloud: Cloud) -> Client:
    key = alicloud.account("company-a").root_key
    return Client(Config(access_key_id=key.id, access_key_secret=key.secret, endpoint="ram.aliyuncs.com"))


def now(cloud: Cloud) -> datetime:
    return datetime.fromtimestamp(cloud.clock.time(), UTC)


def new_key(client: Client, user: str) -> str:
    client.create_user(CreateUserRequest(user_name=user))
    answer = client.create_access_key(CreateAccessKeyRequest(user_name=user))
    return str(answer.body.access_key.access_key_id)


def test_a_key_is_old_after_the_limit(alicloud: Cloud, client: Client) -> None:
    key = new_key(client, "anna")
    assert list(old_keys(client, LIMIT, now(alicloud))) == []
    alicloud.clock.advance(LIMIT.total_seconds() + 1)
    assert list(old_keys(client, LIMIT, now(alicloud))) == [("anna", key)]


def test_a_key_that_is_switched_off_is_let_be(alicloud: Cloud, client: Client) -> None:
    key = new_key(client, "ben")
    alicloud.clock.advance(LIMIT.total_seconds() + 1)
    client.update_access_key(UpdateAccessKeyRequest(user_name="ben", user_access_key_id=key, status="Inactive"))
    assert list(old_keys(client, LIMIT, now(alicloud))) == []

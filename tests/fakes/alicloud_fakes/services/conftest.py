"""Users with a policy of their own, for every service."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from alibabacloud_ram20150501 import models as ram


@pytest.fixture
def root(door: Any) -> Any:
    return door.cloud.account("company-a").root_key


@pytest.fixture
def user(door: Any) -> Callable[..., Any]:
    """Make a RAM user with a document as its only policy; gives its access key."""

    def make(account: str, name: str, *statements: dict[str, Any]) -> Any:
        client = door.ram(door.cloud.account(account).root_key)
        client.create_user(ram.CreateUserRequest(user_name=name))
        if statements:
            document = json.dumps({"Version": "1", "Statement": list(statements)})
            client.create_policy(ram.CreatePolicyRequest(policy_name=f"{name}-policy", policy_document=document))
            client.attach_policy_to_user(
                ram.AttachPolicyToUserRequest(user_name=name, policy_name=f"{name}-policy", policy_type="Custom")
            )
        key = client.create_access_key(ram.CreateAccessKeyRequest(user_name=name)).body.access_key
        return type("Key", (), {"id": key.access_key_id, "secret": key.access_key_secret})

    return make

"""The plugin hands inputs to the components unchanged, so that every caller's inputs are read by the same code."""

from __future__ import annotations

from typing import Any

import pytest
from pulumi import InputPropertiesError
from pulumi.output import Unknown

from pulumi_alicloud_delegation.plugin import Plugin

Inputs = dict[str, Any]
ROLE: Inputs = {"name": "r", "systemPolicies": ["AliyunECSFullAccess"], "trust": {"mfa": True}}


@pytest.mark.parametrize(
    ("role", "message"),
    [
        ({**ROLE, "trust": Unknown()}, "role.trust: the value is not known before the update"),
        ({**ROLE, "trust": {"mfa": Unknown()}}, "role.trust.mfa: the value is not known before the update"),
        ({**ROLE, "tags": {"a": Unknown()}}, "role.tags.a: the value is not known before the update"),
        (Unknown(), "role: the value is not known before the update"),
        ({**ROLE, "trust": "mfa"}, "role.trust: 'mfa' is not a mapping"),
        ({**ROLE, "trust": {"mfaa": True}}, "role.trust: 'mfaa' is not a known key. Fix: write 'mfa'"),
        ({**ROLE, "maxSessionDuration": float("inf")}, "role.maxSessionDuration: inf is not a whole number"),
        ({**ROLE, "maxSessionDuration": 1.0}, "role.maxSessionDuration: 1 is not between"),
        ({**ROLE, "name": 123.0}, "role.name: 123 is not a string"),
        ({"systemPolicies": []}, "role.name: None is missing. Fix: add 'name'"),
    ],
)
def test_nothing_is_dropped_or_guessed(role: object, message: str) -> None:
    inputs = {"ownerAccountId": "11223344", "delegateAccountId": "12345678", "role": role}
    with pytest.raises(InputPropertiesError) as caught:
        Plugin().construct("r", "alicloud-delegation:index:DelegatedRole", inputs)
    assert caught.value.message.startswith(message)
    assert caught.value.message.isprintable()

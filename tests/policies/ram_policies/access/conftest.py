"""Two enterprises, as plain JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from ram_policies.stack.value_marks import UNKNOWN_TEXT

OWNER, DELEGATE = "11223344", "12345678"


def statement(effect: str, action: Any, resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": effect, "Action": action, "Resource": resource, **more}


def document(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "1", "Statement": list(statements)}


def trust(*principals: str, **condition: Any) -> dict[str, Any]:
    given = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"RAM": list(principals)}}
    return document({**given, "Condition": condition} if condition else given)


@pytest.fixture
def scenario() -> dict[str, Any]:
    """The scenario, with a scoped permission for the team, MFA and an external ID."""
    assume = document(statement("Allow", "sts:AssumeRole", f"acs:ram:*:{OWNER}:role/ecs-admin"))
    narrowed = trust(
        f"acs:ram::{DELEGATE}:root", Bool={"acs:MFAPresent": "true"}, StringEquals={"sts:ExternalId": "contract-1"}
    )
    return {
        "accounts": [
            {
                "id": DELEGATE,
                "alias": "company-b",
                "policies": [{"name": "assume-ecs-admin", "document": assume}],
                "groups": [{"name": "operators", "policies": ["assume-ecs-admin"]}],
                "users": [
                    {"name": "AAA", "groups": ["operators"]},
                    {"name": "BBB", "groups": ["operators"]},
                    {"name": "CCC", "policies": ["AliyunECSFullAccess"]},
                ],
            },
            {
                "id": OWNER,
                "alias": "company-a",
                "roles": [{"name": "ecs-admin", "trust": narrowed, "policies": ["AliyunECSFullAccess"]}],
            },
        ]
    }


@pytest.fixture
def make_document() -> Callable[..., dict[str, Any]]:
    return document


@pytest.fixture
def make_statement() -> Callable[..., dict[str, Any]]:
    return statement


@pytest.fixture
def make_trust() -> Callable[..., dict[str, Any]]:
    return trust


PROJECT = "urn:pulumi:dev::project::"


def provider(name: str, **inputs: Any) -> dict[str, Any]:
    kind = "pulumi:providers:alicloud"
    return {"urn": f"{PROJECT}{kind}::{name}", "type": kind, "custom": True, "id": "p1", "inputs": inputs}


def resource(kind: str, name: str, of: str, inputs: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A resource of a state, or of a step of a preview, in the account of a provider."""
    token = f"alicloud:ram/{kind[0].lower()}{kind[1:]}:{kind}"
    given = {"urn": f"{PROJECT}{token}::{name}", "type": token, "custom": True, "inputs": inputs}
    return {**given, "provider": f"{PROJECT}pulumi:providers:alicloud::{of}::p1", **more}


@pytest.fixture
def stack_resources() -> list[dict[str, Any]]:
    """The scenario as Pulumi keeps it."""
    whole_account = trust(f"acs:ram::{DELEGATE}:root")
    assume = document(statement("Allow", "sts:AssumeRole", f"acs:ram:*:{OWNER}:role/ecs-admin"))
    system = {"policyName": "AliyunECSFullAccess", "policyType": "System"}
    return [
        provider("owner"),
        provider("delegate", accountId=DELEGATE),
        resource(
            "Role", "ecs-admin", "owner",
            {"roleName": "ecs-admin", "assumeRolePolicyDocument": json.dumps(whole_account)},
            outputs={"arn": f"acs:ram::{OWNER}:role/ecs-admin"},
        ),
        resource("RolePolicyAttachment", "grant", "owner", {**system, "roleName": "ecs-admin"}),
        resource("User", "AAA", "delegate", {"name": "AAA"}),
        resource("Group", "operators", "delegate", {"groupName": "operators"}),
        resource(
            "Policy", "assume", "delegate", {"policyName": "assume-ecs-admin", "policyDocument": json.dumps(assume)}
        ),
        resource(
            "GroupPolicyAttachment", "may-assume", "delegate",
            {"policyName": "assume-ecs-admin", "policyType": "Custom", "groupName": "operators"},
        ),
        resource("UserGroupAttachment", "AAA-in", "delegate", {"userName": "AAA", "groupName": "operators"}),
    ]  # fmt: skip


@pytest.fixture
def make_resource() -> Callable[..., dict[str, Any]]:
    return resource


@pytest.fixture
def unknown() -> str:
    return UNKNOWN_TEXT

"""Stacks as the engine describes them, built from short descriptions."""

from __future__ import annotations

from typing import Any

PREFIX = "urn:pulumi:dev::p"
PROVIDER_URN = f"{PREFIX}::pulumi:providers:alicloud::delegation/owner"
PROVIDER = f"{PROVIDER_URN}::17"
TRUST = (
    '{"Version":"1","Statement":[{"Action":"sts:AssumeRole","Effect":"Allow","Principal":{"RAM":["acs:ram::2:root"]}}]}'
)
BEGAN = "2026-05-01T10:00:00Z"
LATER = "2026-05-01T10:00:07Z"
LONG_BEFORE = "2026-04-01T10:00:00Z"

ROLE = {"roleName": "ops", "assumeRolePolicyDocument": TRUST, "maxSessionDuration": 3600, "force": True}
ROLE_THERE = {"RoleName": "ops", "AssumeRolePolicyDocument": TRUST, "MaxSessionDuration": 3600, "CreateDate": LATER}
USER = {"name": "AAA", "displayName": "AAA", "force": True}
USER_THERE = {"UserName": "AAA", "UserId": "2088", "DisplayName": "AAA", "CreateDate": LATER}
LOGIN = {"userName": "AAA", "password": "[secret]", "passwordResetRequired": True, "mfaBindRequired": False}
LOGIN_THERE = {"LoginProfile": {"UserName": "AAA", "PasswordResetRequired": True, "CreateDate": LATER}}
ATTACHED = {"policyName": "P", "policyType": "System", "roleName": "ops"}

TYPES = {
    "role": "alicloud:ram/role:Role",
    "policy": "alicloud:ram/policy:Policy",
    "user": "alicloud:ram/user:User",
    "group": "alicloud:ram/group:Group",
    "login": "alicloud:ram/loginProfile:LoginProfile",
    "key": "alicloud:ram/accessKey:AccessKey",
    "attachment": "alicloud:ram/rolePolicyAttachment:RolePolicyAttachment",
    "membership": "alicloud:ram/userGroupAttachment:UserGroupAttachment",
    "alias": "alicloud:ram/accountAlias:AccountAlias",
}


def urn(kind: str, name: str = "x") -> str:
    return f"{PREFIX}::{TYPES[kind]}::{name}"


def resource(kind: str, inputs: Any, name: str = "x", **more: Any) -> dict[str, Any]:
    found = {"urn": urn(kind, name), "custom": True, "type": TYPES[kind], "inputs": inputs, "provider": PROVIDER}
    return {**found, **more}


def stack(*resources: Any, interrupted: Any = ()) -> dict[str, Any]:
    """An export: a provider, some resources, and operations that were interrupted as (kind, resource)."""
    provider = {
        "urn": PROVIDER_URN, "custom": True, "id": "17", "type": "pulumi:providers:alicloud",
        "inputs": {"region": "cn-hangzhou"}, "created": BEGAN,
    }  # fmt: skip
    pending = [{"type": kind, "resource": one} for kind, one in interrupted]
    return {"version": 3, "deployment": {"resources": [provider, *resources], "pending_operations": pending}}


def preview(*resources: Any, op: str = "create") -> dict[str, Any]:
    return {"steps": [{"op": op, "urn": one["urn"], "newState": one} for one in resources]}

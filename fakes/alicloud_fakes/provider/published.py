"""The stand-in's package schema, for programs that ask the plugin for it: YAML ones do."""

from __future__ import annotations

from typing import Final

from alicloud_fakes.provider.functions import GET_CALLER_IDENTITY, GET_GROUPS, GET_POLICIES, GET_ROLES, GET_USERS
from alicloud_fakes.provider.schema import PROVIDER_VERSION, RESOURCE_TYPES, PropertyType

_TYPES: Final = {PropertyType.INTEGER: "integer", PropertyType.BOOLEAN: "boolean"}
_TEXT_KEYS: Final = (
    "accessKey",
    "accountId",
    "accountType",
    "profile",
    "protocol",
    "region",
    "secretKey",
    "securityToken",
)
_MAPS: Final = {"type": "array", "items": {"type": "object", "additionalProperties": {"type": "string"}}}
_PROVIDER_INPUTS: Final[dict[str, object]] = {
    **{key: {"type": "string"} for key in _TEXT_KEYS},
    "skipRegionValidation": {"type": "boolean"},
    "endpoints": _MAPS,
    "assumeRole": {"type": "object", "additionalProperties": {"type": "string"}},
}
_CALLER_IDENTITY: Final = {
    "outputs": {
        "type": "object",
        "properties": {key: {"type": "string"} for key in ("accountId", "arn", "id", "identityType")},
        "required": ["accountId", "arn", "id", "identityType"],
    }
}

_POLICIES: Final = {
    "inputs": {"type": "object", "properties": {key: {"type": "string"} for key in ("roleName", "type")}},
    "outputs": {
        "type": "object",
        "properties": {
            "id": {"type": "string"},
            "ids": {"type": "array", "items": {"type": "string"}},
            "names": {"type": "array", "items": {"type": "string"}},
            "policies": _MAPS,
        },
        "required": ["id", "ids", "names", "policies"],
    },
}
_TEXTS: Final = {"type": "array", "items": {"type": "string"}}


def _lister(key: str, *, by_id: bool) -> dict[str, object]:
    """A function that lists what an account has of one kind."""
    ids: dict[str, object] = {"ids": _TEXTS} if by_id else {}
    return {
        "inputs": {"type": "object", "properties": {"nameRegex": {"type": "string"}, **ids}},
        "outputs": {
            "type": "object",
            "properties": {"id": {"type": "string"}, "names": _TEXTS, key: _MAPS, **ids},
            "required": ["id", "names", key, *ids],
        },
    }


_FUNCTIONS: Final = {
    GET_CALLER_IDENTITY: _CALLER_IDENTITY,
    GET_POLICIES: _POLICIES,
    GET_USERS: _lister("users", by_id=True),
    GET_GROUPS: _lister("groups", by_id=False),
    GET_ROLES: _lister("roles", by_id=True),
}


def published_schema() -> dict[str, object]:
    """The stand-in's package schema: names and types, for programs that ask the plugin (YAML does)."""
    resources: dict[str, object] = {}
    for token, kind in RESOURCE_TYPES.items():
        described: dict[str, dict[str, object]] = {}
        for name, prop in kind.properties.items():
            text: dict[str, object] = {"type": "string"}
            described[name] = {"type": _TYPES.get(prop.kind, "string"), "secret": prop.secret}
            if prop.kind is PropertyType.SET:
                described[name] = {"type": "array", "items": text}
            elif prop.kind is PropertyType.OBJECTS:
                described[name] = {"type": "array", "items": {"$ref": "pulumi.json#/Any"}}
            elif prop.kind is PropertyType.MAP:
                described[name] = {"type": "object", "additionalProperties": text}
        resources[token] = {
            "properties": described,
            "inputProperties": {name: described[name] for name in kind.inputs},
            "requiredInputs": [name for name, prop in kind.inputs.items() if prop.required],
        }
    return {
        "name": "alicloud", "version": PROVIDER_VERSION, "resources": resources,
        "provider": {"inputProperties": _PROVIDER_INPUTS}, "functions": _FUNCTIONS,
    }  # fmt: skip

"""The type of the output `acceptance` in the plugin's schema, made from the JSON Schema of the file's format.

A policy document is the one part that the format leaves open; here it has the layout in which RAM writes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, cast

from pulumi_alicloud_delegation.handover import Acceptance, json_schema

Schema = dict[str, Any]

_NAME: Final = "Acceptance"
_DOCUMENT: Final = "PolicyDocument"
_STATEMENT: Final = "PolicyStatement"
_TEXT: Final = {"type": "string"}
_TEXTS: Final = {"oneOf": [_TEXT, {"type": "array", "items": _TEXT}]}


def acceptance_types(token: str, there: Mapping[str, Any]) -> tuple[Schema, Schema]:
    """The type of the output, and the types that it needs beside those that are there.

    Args:
        token: prefix of a type's name in the schema, `package:index:`.
        there: types of the schema by token. One of the same name and properties is shared.
    """
    source = json_schema(Acceptance)
    definitions = {**cast("Mapping[str, Schema]", source["$defs"]), _NAME: source}
    found = {token + name: _object(one, token) for name, one in definitions.items()}
    found |= {token + name: one for name, one in _document_types(token).items()}
    for name, one in found.items():
        if name in there and there[name]["properties"].keys() != one["properties"].keys():
            raise ValueError(f"{name} is the name of two different types")
    return {"$ref": f"#/types/{token}{_NAME}"}, {name: one for name, one in found.items() if name not in there}


def _object(definition: Mapping[str, Any], token: str) -> Schema:
    return {
        "type": "object",
        "description": definition["description"],
        "properties": {
            name: {**_type(value, token), "description": value["description"]}
            for name, value in definition["properties"].items()
        },
        "required": sorted(definition.get("required", [])),
    }


def _type(value: Mapping[str, Any], token: str) -> Schema:
    """The type of a property. Whether it may be absent is in the list of required properties."""
    if "anyOf" in value:
        (value,) = (one for one in value["anyOf"] if one != {"type": "null"})
    if "$ref" in value:
        return {"$ref": f"#/types/{token}{value['$ref'].rpartition('/')[2]}"}
    if value.get("additionalProperties") is True:
        return {"$ref": f"#/types/{token}{_DOCUMENT}"}
    if value["type"] == "array":
        return {"type": "array", "items": _type(value["items"], token)}
    return {"type": value["type"]}


def _document_types(token: str) -> dict[str, Schema]:
    keys = {
        "Effect": (_TEXT, "`Allow` or `Deny`."),
        "Action": (_TEXTS, "Patterns of actions: one, or a list."),
        "NotAction": (_TEXTS, "Patterns of actions that it does not speak about: one, or a list."),
        "Resource": (_TEXTS, "Patterns of resources: one, or a list."),
        "Condition": (
            {"type": "object", "additionalProperties": {"type": "object", "additionalProperties": _TEXTS}},
            "Values, one or a list, by operator and key.",
        ),
    }
    statement = {
        "type": "object",
        "description": "A statement of a policy.",
        "properties": {name: {**shape, "description": text} for name, (shape, text) in keys.items()},
        "required": ["Effect"],
    }
    document = {
        "type": "object",
        "description": "A policy document, with the keys that RAM gives it.",
        "properties": {
            "Version": {**_TEXT, "description": "Version of the policy language, `1`."},
            "Statement": {
                "type": "array",
                "items": {"$ref": f"#/types/{token}{_STATEMENT}"},
                "description": "The statements. Their order means nothing.",
            },
        },
        "required": ["Statement", "Version"],
    }
    return {_STATEMENT: statement, _DOCUMENT: document}

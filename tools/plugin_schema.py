"""The plugin's schema: print it, or compare it with that of a release and name what breaks programs.

    python tools/plugin_schema.py                        print the schema
    python tools/plugin_schema.py --since release.json   name breaking changes; exit status 1 when there are any

A change breaks when a program that was right for the old schema is wrong for the new one: something it names is gone,
is of another type, has to be given now, or is not taken any more.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pulumi_alicloud_delegation.plugin import Plugin

Schema = Mapping[str, Any]
_TYPE_KEYS = ("type", "$ref", "items", "additionalProperties", "plain")


def breaking_changes(old: Schema, new: Schema) -> Iterator[str]:
    """Changes that break programs, one sentence each."""
    for section, kind in (("resources", "resource"), ("types", "type")):
        for token, before in old.get(section, {}).items():
            after = new.get(section, {}).get(token)
            if after is None:
                yield f"{kind} {token} is gone"
                continue
            name = token.rpartition(":")[2]
            yield from _properties(name, before, after, "properties")
            yield from _properties(name, before, after, "inputProperties")
            inputs = "requiredInputs" if section == "resources" else "required"
            for required in sorted({*after.get(inputs, [])} - {*before.get(inputs, [])}):
                yield f"{name}.{required} has to be given now"
            kept = {one["value"] for one in after.get("enum", [])}
            for value in (one["value"] for one in before.get("enum", [])):
                if value not in kept:
                    yield f"{name} does not take {value!r} any more"


def _properties(name: str, before: Schema, after: Schema, group: str) -> Iterator[str]:
    for key, was in before.get(group, {}).items():
        now = after.get(group, {}).get(key)
        if now is None:
            yield f"{name}.{key} is gone"
        elif _shape(was) != _shape(now):
            yield f"{name}.{key} was {_text(was)} and is {_text(now)}"


def _shape(value: object) -> object:
    """A property's type, without what describes it."""
    if not isinstance(value, Mapping):
        return value
    return {key: _shape(value[key]) for key in _TYPE_KEYS if key in value}


def _text(value: Schema) -> str:
    if "$ref" in value:
        return value["$ref"].rpartition(":")[2]
    inner = value.get("items") or value.get("additionalProperties")
    return f"{value.get('type')} of {_text(inner)}" if inner else str(value.get("type"))


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(description="Print the plugin's schema, or compare it with a release's.")
    parser.add_argument(
        "--since", type=Path, help="schema of a release, as this command or `package get-schema` prints it"
    )
    given = parser.parse_args()
    schema = json.loads(Plugin().schema or "{}")
    if given.since is None:
        print(json.dumps(schema, indent=2))
        return 0
    changes = list(dict.fromkeys(breaking_changes(json.loads(given.since.read_text("utf-8")), schema)))
    print("\n".join(changes) or f"nothing breaks programs written for {given.since.stem}")
    return 1 if changes else 0


if __name__ == "__main__":
    sys.exit(main())

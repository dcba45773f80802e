"""Write docs/reference/components.md from the plugin's schema; ``--check`` only compares."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from generated_pages import keep

from pulumi_alicloud_delegation.plugin import Plugin

Schema = Mapping[str, Any]
DOCS = Path(__file__).parents[1] / "docs"
HEAD = """\
# Components, inputs and outputs

<!-- Written by tools/reference_docs.py from the schema of the plugin; change the docstrings, not this file. -->

Names are written as in YAML, TypeScript and Go. In Python they are written with underscores: `max_session_duration`.
[Components](../components.md) says how the three fit together.
"""


def page() -> str:
    """The page's text."""
    schema = json.loads(Plugin().schema or "{}")
    return "\n".join([HEAD, *_components(schema), "## Types", "", *_types(schema)]).rstrip() + "\n"


def _components(schema: Schema) -> Iterator[str]:
    for token, resource in schema["resources"].items():
        yield from (f"## {_name(token)}", "", resource["description"], "", f"Type token: `{token}`", "")
        yield from ("### Inputs of " + _name(token), "")
        yield from _table(resource["inputProperties"], resource.get("requiredInputs", []))
        yield from ("### Outputs of " + _name(token), "")
        yield from _table(resource["properties"], None)


def _types(schema: Schema) -> Iterator[str]:
    for token, one in schema["types"].items():
        yield from (f"### {_name(token)}", "", one["description"], "")
        if "enum" in one:
            yield from ("| value | meaning |", "|---|---|")
            yield from (f"| `{value['value']}` | {_cell(value['description'])} |" for value in one["enum"])
            yield ""
        else:
            yield from _table(one["properties"], one.get("required", []))


def _table(properties: Schema, required: list[str] | None) -> Iterator[str]:
    """A table of properties. Without `required` they are outputs, which are always present."""
    yield from ("| name | type | meaning |", "|---|---|---|")
    for name, value in properties.items():
        marks = [
            mark
            for mark, wanted in (("required", required and name in required), ("secret", value.get("secret")))
            if wanted
        ]
        mark = f" ({', '.join(marks)})" if marks else ""
        yield f"| `{name}`{mark} | {_type(value)} | {_cell(value['description'])} |"
    yield ""


def _type(value: Schema) -> str:
    reference = value.get("$ref", "")
    if reference.startswith("#/types/"):
        name = _name(reference)
        return f"[{name}](#{name.lower()})"
    if reference:
        return "any"
    if "oneOf" in value:
        return " or ".join(map(_type, value["oneOf"]))
    if value["type"] == "array":
        return f"list of {_type(value['items'])}"
    if value["type"] == "object":
        return f"map of {_type(value['additionalProperties'])}"
    return str(value["type"])


def _name(token: str) -> str:
    return token.rpartition(":")[2]


def _cell(text: str) -> str:
    return re.sub(r"\s+", " ", text).replace("|", "\\|")


def main(arguments: Sequence[str]) -> int:
    """Write the pages that have changed; with ``--check``, name them instead."""
    return keep({DOCS / "reference" / "components.md": page()}, "tools/reference_docs.py", arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

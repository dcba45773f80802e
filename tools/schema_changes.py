"""Changes between two schemas of a Pulumi package that break programs written for the old one.

A program breaks when something that it names is gone, has another type, has become required, is not accepted any more,
or when an output that it reads may be missing. State breaks when a resource has another token and no alias for the old
one. A value that is not secret any more ends up in plain text, and one that is secret now cannot be read as it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, cast

Schema = Mapping[str, Any]
_TYPE_KEYS: Final = ("type", "$ref", "items", "additionalProperties", "oneOf", "plain")
_REPLACING: Final = ("replaceOnChanges", "willReplaceOnChanges")
_REFERENCE: Final = re.compile(r'"#/types/([^"]+)"')
_PACKAGE: Final = ("name", "language.nodejs.packageName", "language.python.packageName", "language.go.importBasePath",
                   "language.csharp.rootNamespace", "language.java.basePackage")  # fmt: skip


def breaking_changes(old: Schema, new: Schema) -> Iterator[str]:
    """Changes that break programs, one sentence each."""
    for path in _PACKAGE:
        yield from _changed(f"package {path}", _at(old, path), _at(new, path))
    yield from _resources(old, new)
    yield from _types(old, new)
    for token, _ in _section(old, "functions"):
        if token not in new.get("functions", {}):
            yield f"function {token} is gone"


def _resources(old: Schema, new: Schema) -> Iterator[str]:
    for token, before in _section(old, "resources"):
        after = new.get("resources", {}).get(token)
        if after is None:
            yield _gone(token, new)
            continue
        name = _name(token)
        yield from _properties(name, before, after, "properties")
        yield from _properties(name, before, after, "inputProperties")
        yield from _required_now(name, before, after, "requiredInputs")
        yield from _missing_now(name, before, after)
        if before.get("isComponent") != after.get("isComponent"):
            yield f"{name} is {'a component' if after.get('isComponent') else 'no component'} now"


def _types(old: Schema, new: Schema) -> Iterator[str]:
    inputs, outputs = _reached(old, "inputProperties"), _reached(old, "properties")
    for token, before in _section(old, "types"):
        after = new.get("types", {}).get(token)
        name = _name(token)
        if after is None:
            yield f"type {token} is gone"
        elif _kind(before) != _kind(after):
            yield f"{name} was {_kind(before)} and is {_kind(after)}"
        else:
            yield from _properties(name, before, after, "properties")
            if token in inputs or token not in outputs:
                yield from _required_now(name, before, after, "required")
            if token in outputs:
                yield from _missing_now(name, before, after)
            yield from _values(name, before, after)


def _section(schema: Schema, name: str) -> Iterable[tuple[str, Schema]]:
    return cast("Mapping[str, Schema]", schema.get(name, {})).items()


def _at(schema: Schema, path: str) -> object:
    found: Any = schema
    for part in path.split("."):
        found = found.get(part, {}) if isinstance(found, Mapping) else {}
    return found or None


def _name(token: str) -> str:
    return token.rpartition(":")[2]


def _gone(token: str, new: Schema) -> str:
    for other, resource in _section(new, "resources"):
        if token in [one.get("type") if isinstance(one, Mapping) else one for one in resource.get("aliases", [])]:
            return f"resource {token} is {other} now: stacks are taken over, programs have to name it anew"
    return f"resource {token} is gone"


def _reached(schema: Schema, group: str) -> set[str]:
    """Types that the inputs or the outputs of resources are made of."""
    found: set[str] = set()
    left = [resource.get(group, {}) for _, resource in _section(schema, "resources")]
    while left:
        for token in _REFERENCE.findall(_flat(left.pop())):
            if token not in found:
                found.add(token)
                left.append(schema.get("types", {}).get(token, {}))
    return found


def _flat(node: object) -> str:
    """The references in a part of a schema, as text."""
    if isinstance(node, Mapping):
        given = cast("Mapping[str, object]", node)
        return "".join(f'"{value}"' if key == "$ref" else _flat(value) for key, value in given.items())
    return "".join(map(_flat, cast("list[object]", node))) if isinstance(node, list) else ""


def _properties(name: str, before: Schema, after: Schema, group: str) -> Iterator[str]:
    for key, was in before.get(group, {}).items():
        now = after.get(group, {}).get(key)
        if now is None:
            yield f"{name}.{key} is gone"
            continue
        if _shape(was) != _shape(now):
            yield f"{name}.{key} was {_text(was)} and is {_text(now)}"
        if bool(was.get("secret")) != bool(now.get("secret")):
            yield f"{name}.{key} is {'secret now' if now.get('secret') else 'not secret any more'}"
        for value, verb in (("default", "is by default"), ("const", "is always")):
            if was.get(value) != now.get(value):
                yield f"{name}.{key} {verb} {now.get(value)!r}, and was {was.get(value)!r}"
        if any(now.get(mark) and not was.get(mark) for mark in _REPLACING):
            yield f"{name}.{key} replaces the resource now when it changes"


def _required_now(name: str, before: Schema, after: Schema, key: str) -> Iterator[str]:
    for required in sorted({*after.get(key, [])} - {*before.get(key, [])}):
        yield f"{name}.{required} has to be given now"


def _missing_now(name: str, before: Schema, after: Schema) -> Iterator[str]:
    for required in sorted({*before.get("required", [])} - {*after.get("required", [])}):
        if required in after.get("properties", {}):
            yield f"{name}.{required} may be missing now"


def _values(name: str, before: Schema, after: Schema) -> Iterator[str]:
    kept = {one["value"]: one.get("name") for one in after.get("enum", [])}
    for one in before.get("enum", []):
        if one["value"] not in kept:
            yield f"{name} does not take {one['value']!r} any more"
        else:
            yield from _changed(f"{name}: the name of {one['value']!r}", one.get("name"), kept[one["value"]])


def _changed(what: str, was: object, now: object) -> Iterator[str]:
    if was is not None and was != now:
        yield f"{what} was {was!r} and is {now!r}"


def _kind(definition: Schema) -> str:
    return f"an enumeration of {definition.get('type')}" if "enum" in definition else str(definition.get("type"))


def _shape(value: object) -> object:
    """A property's type, without its description."""
    if isinstance(value, list):
        return [_shape(one) for one in cast("list[object]", value)]
    if not isinstance(value, Mapping):
        return value
    given = cast("Mapping[str, object]", value)
    return {key: _shape(given[key]) for key in _TYPE_KEYS if key in given}


def _text(value: Schema) -> str:
    if "$ref" in value:
        return _name(value["$ref"])
    if "oneOf" in value:
        return " or ".join(_text(one) for one in value["oneOf"])
    inner = value.get("items") or value.get("additionalProperties")
    text = f"{value.get('type')} of {_text(inner)}" if inner else str(value.get("type"))
    return f"plain {text}" if value.get("plain") else text

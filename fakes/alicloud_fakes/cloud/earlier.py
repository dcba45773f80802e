"""States that earlier releases wrote, in the shape that this one keeps them in.

A field that has been added since has its default. What moved, or has another shape, is said here; everything else is
refused, as a snapshot of a later release is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, cast

_MOVED: Final = {
    "alicloud_fakes.core.account": "alicloud_fakes.identity.account",
    "alicloud_fakes.services.ram.models": "alicloud_fakes.identity.models",
    "alicloud_fakes.services.ram.passwords": "alicloud_fakes.identity.passwords",
}
"""Modules of classes, as release 0.1.0 named them."""

_RENAMED: Final = {"alicloud_fakes.services.slb.models:Server": "alicloud_fakes.services.slb.models:BackendServer"}
"""Classes that have another name now. One that is renamed or moved is added here; a test has states with each."""

_UPLOAD: Final = "alicloud_fakes.services.oss.models:Upload"
_OBJECT: Final = "alicloud_fakes.services.oss.models:StoredObject"
_PART: Final = "alicloud_fakes.services.oss.models:Part"

Objects = list[Any]
"""Objects as `object_graph.encode` writes them: each a list of the class's name and its fields."""


def brought_up(state: Mapping[str, Any]) -> dict[str, Any]:
    """The state as `object_graph.encode` would write it today.

    Raises:
        KeyError, TypeError, ValueError, AttributeError: it is not one.
    """
    objects: Objects = [[_moved(name), _enums(fields)] for name, fields in state["objects"]]
    for name, fields in [*objects]:
        if name == _UPLOAD:
            _upload(fields, objects)
        elif name == _OBJECT and isinstance(fields.get("restored"), bool):
            # It was whether the object is restored, and is since when.
            fields["restored"] = fields["modified"] if fields["restored"] else 0.0
    return {"objects": objects, "root": _enums(state["root"])}


def _moved(name: str) -> str:
    module, colon, rest = name.partition(":")
    found = _MOVED.get(module, module) + colon + rest
    return _RENAMED.get(found, found)


def _enums(value: Any) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(value, dict):
        found = cast("dict[str, Any]", value)
        if found.keys() == {"e"}:
            name, member = found["e"]
            return {"e": [_moved(name), member]}
        return {key: _enums(one) for key, one in found.items()}
    return [_enums(one) for one in cast("list[Any]", value)] if isinstance(value, list) else value


def _upload(fields: dict[str, Any], objects: Objects) -> None:
    """A multipart upload: it held the key, headers and ACL of its object itself, and pairs for parts."""
    add = _adder(objects)
    if "made" not in fields:
        begun = fields.setdefault("begun", 0.0)
        made = {name: fields.pop(name) for name in ("key", "headers", "acl")}
        fields["made"] = add(_OBJECT, {**made, "data": {"b": ""}, "etag": "", "modified": begun, "kind": "Multipart"})
    fields["parts"] = {
        "d": [[number, _part(part, fields["begun"], add)] for number, part in fields.get("parts", {"d": []})["d"]],
    }


def _part(part: Mapping[str, Any], begun: float, add: Callable[[str, dict[str, Any]], Any]) -> Any:  # noqa: ANN401 - the part of a journal in any form
    if "t" not in part:
        return part
    etag, data = part["t"]
    return add(_PART, {"etag": etag, "data": data, "uploaded": begun})


def _adder(objects: Objects) -> Callable[[str, dict[str, Any]], dict[str, int]]:
    def add(name: str, fields: dict[str, Any]) -> dict[str, int]:
        objects.append([name, fields])
        return {"o": len(objects) - 1}

    return add

"""Pure judgements over inputs and state: are these inputs right, and what does a change of them do."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, cast

from alicloud_fakes.provider.schema import Property, PropertyType, ResourceType


class UnknownValue:
    """A value that the engine does not know yet, at preview."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = UnknownValue()
PropertyValue = None | bool | int | float | str | list["PropertyValue"] | dict[str, "PropertyValue"] | UnknownValue
Properties = dict[str, PropertyValue]


@dataclass(frozen=True, slots=True)
class Failure:
    """An input that is not right: the property, and what is wrong with it."""

    property: str
    reason: str


@dataclass(slots=True)
class Diff:
    """Changed properties, each with `add`, `update` or `delete`, and those that need a new resource."""

    changed: dict[str, str] = field(default_factory=dict[str, str])
    replaces: list[str] = field(default_factory=list[str])


def check_inputs(
    kind: ResourceType, inputs: Mapping[str, PropertyValue], urn_name: str, seed: bytes
) -> tuple[Properties, list[Failure]]:
    """Inputs with their types put right and a name where none was given, and what is wrong with them."""
    checked: Properties = {}
    failures: list[Failure] = []
    for name, value in inputs.items():
        prop = kind.inputs.get(name)
        if name.startswith("__") or value is None:
            continue
        if prop is None:
            failures.append(Failure(name, f"{kind.token} has no input {name}; it has {', '.join(sorted(kind.inputs))}"))
            continue
        if prop.refused:
            failures.append(Failure(name, f"{prop.refused}: leave it out, or run the program with the real provider"))
            continue
        checked[name], reason = _typed(prop, value)
        if reason:
            failures.append(Failure(name, reason))
    failures += [Failure(n, "is required") for n, p in kind.inputs.items() if p.required and n not in checked]
    failures += _conflicts(kind, checked)
    if kind.auto_name and not any(name in checked for name in kind.names):
        checked[kind.auto_name] = f"{urn_name}-{hashlib.sha256(seed).hexdigest()[:7]}"
    return checked, failures


def _conflicts(kind: ResourceType, checked: Properties) -> Iterable[Failure]:
    for name in checked:
        for other in kind.properties[name].conflicts:
            if other in checked and name < other:
                yield Failure(name, f"conflicts with {other}: give one of them")


def _typed(prop: Property, value: PropertyValue) -> tuple[PropertyValue, str]:
    """The value as its property's type, and what is wrong with it ("" when nothing is)."""
    if isinstance(value, UnknownValue):
        return value, ""
    typed, wanted = _CONVERSIONS[prop.kind](value)
    if typed is None:
        return value, f"expected {wanted}, got {type(value).__name__}"
    if prop.among and typed not in prop.among:
        return typed, f"expected one of {', '.join(prop.among)}, got {typed!r}"
    if prop.kind is PropertyType.JSON and unknown_within(typed) is False and _parsed(cast("str", typed)) is None:
        return typed, "contains an invalid JSON document"
    return typed, ""


def _to_text(value: PropertyValue) -> tuple[PropertyValue, str]:
    if isinstance(value, bool):
        return str(value).lower(), "a string"
    return (str(value) if isinstance(value, (str, int, float)) else None), "a string"


def _to_integer(value: PropertyValue) -> tuple[PropertyValue, str]:
    if isinstance(value, float) and value.is_integer():
        return int(value), "an integer"
    if isinstance(value, str) and value.lstrip("-").isdigit():
        return int(value), "an integer"
    return (value if isinstance(value, int) and not isinstance(value, bool) else None), "an integer"


def _to_flag(value: PropertyValue) -> tuple[PropertyValue, str]:
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.lower()), "a boolean"
    return (value if isinstance(value, bool) else None), "a boolean"


def _to_list(value: PropertyValue) -> tuple[PropertyValue, str]:
    return (value if isinstance(value, list) else None), "a list"


def _to_map(value: PropertyValue) -> tuple[PropertyValue, str]:
    return (value if isinstance(value, dict) else None), "a map"


def _to_objects(value: PropertyValue) -> tuple[PropertyValue, str]:
    fits = isinstance(value, list) and all(isinstance(one, dict | UnknownValue) for one in value)
    return (value if fits else None), "a list of objects"


_CONVERSIONS: Final[Mapping[PropertyType, Callable[[PropertyValue], tuple[PropertyValue, str]]]] = {
    PropertyType.STRING: _to_text, PropertyType.JSON: _to_text, PropertyType.INTEGER: _to_integer,
    PropertyType.BOOLEAN: _to_flag, PropertyType.SET: _to_list, PropertyType.MAP: _to_map,
    PropertyType.OBJECTS: _to_objects,
}  # fmt: skip


def unknown_within(value: PropertyValue) -> bool:
    """True if a value is unknown, or anything inside it."""
    match value:
        case UnknownValue():
            return True
        case list():
            return any(unknown_within(each) for each in value)
        case dict():
            return any(unknown_within(each) for each in value.values())
        case _:
            return False


def _parsed(text: str) -> object | None:
    try:
        return json.loads(text)
    except ValueError:
        return None


def same_value(prop: Property, old: PropertyValue, new: PropertyValue) -> bool:
    """True if two values mean the same for this property."""
    if isinstance(old, UnknownValue) or unknown_within(new):
        return False
    if prop.kind is PropertyType.JSON and isinstance(old, str) and isinstance(new, str):
        # White space and the order of keys do not matter; the order in lists, and a list of one for its element, do.
        return old == new or (_parsed(old) is not None and _parsed(old) == _parsed(new))
    if prop.kind in {PropertyType.SET, PropertyType.OBJECTS}:
        return _as_set(old) == _as_set(new)
    empty: tuple[PropertyValue, ...] = (None, "", [], {}) if prop.kind is not PropertyType.BOOLEAN else (None, False)
    return old == new or (old in empty and new in empty)


def _as_set(value: PropertyValue) -> list[str]:
    return sorted(json.dumps(one, sort_keys=True) for one in cast("list[PropertyValue]", value or []))


def diff_properties(
    kind: ResourceType,
    state: Mapping[str, PropertyValue],
    news: Mapping[str, PropertyValue],
    ignored: Iterable[str] = (),
) -> Diff:
    """Difference between a resource's state and new checked inputs.

    An input that the program no longer names is a change only when the cloud has no value of its own for it.
    """
    result = Diff()
    skip = set(ignored)
    for name, prop in kind.inputs.items():
        if name in skip or (name not in news and prop.computed):
            continue
        old, new = state.get(name), news.get(name)
        if same_value(prop, old, new):
            continue
        result.changed[name] = "add" if name not in state else "update" if name in news else "delete"
        if prop.replaces:
            result.replaces.append(name)
    return result


def planned(kind: ResourceType, state: Mapping[str, PropertyValue], news: Mapping[str, PropertyValue]) -> Properties:
    """Outputs that a preview promises: inputs as they are, the rest as it was; what only the cloud can tell is absent.

    So is what is unknown in part. An absent output is unknown to the program. The identifier is an output as well, and
    empty until there is one.
    """
    outputs: Properties = {name: prop.default for name, prop in kind.properties.items() if prop.default}
    outputs |= {name: state[name] for name, prop in kind.properties.items() if prop.computed and name in state}
    outputs["id"] = state.get("id", "")
    outputs |= {name: value for name, value in news.items() if name in kind.properties}
    return {name: value for name, value in outputs.items() if not unknown_within(value)}


def inputs_from_outputs(
    kind: ResourceType, known: Mapping[str, PropertyValue], outputs: Mapping[str, PropertyValue]
) -> Properties:
    """The inputs that would give these outputs: the known ones as far as they mean the same, else what was found.

    Without known inputs (an import) they are the outputs that can be set; of two names for one thing the newer.
    """
    if known:
        return {
            name: value if name not in kind.inputs or same_value(kind.inputs[name], outputs.get(name), value) else found
            for name, value in known.items()
            if (found := outputs.get(name)) is not None or name not in outputs
        }
    found = {name: outputs[name] for name in kind.inputs if outputs.get(name) not in (None, "", [], {})}
    older = _OLDER | set(kind.names[:-1])
    return {name: value for name, value in found.items() if name not in older}


_OLDER: Final = {"document", "ramUsers", "services", "statements", "version"}  # deprecated twins of a policy document

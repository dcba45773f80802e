"""A graph of objects as JSON, and back.

Snapshots may come from outside, so this knows only data: numbers, texts, containers, and objects of the fake's own
classes, whose fields are set without running any of their code.
"""

from __future__ import annotations

import base64
import dataclasses
import enum
import importlib
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from typing import Any, cast

_PACKAGES = ("alicloud_fakes.", "ram_policies.")
_SEQUENCES: dict[type, str] = {list: "l", tuple: "t", set: "s", frozenset: "f", deque: "q"}
_SEQUENCE_OF: dict[str, Callable[[Iterable[Any]], Any]] = {tag: kind for kind, tag in _SEQUENCES.items()}


class GraphError(ValueError):
    """The JSON is not a graph of objects that the fake knows."""


def encode(root: object, constants: Mapping[str, object]) -> dict[str, Any]:
    """Write objects as JSON.

    Args:
        root: where the graph begins. An object that is reached twice stays one object; containers become separate ones.
        constants: objects that are not written but named, since they exist wherever the graph is read.
    """
    return _Encoder(constants).run(root)


class _Encoder:
    def __init__(self, constants: Mapping[str, object]) -> None:
        self._constants = {id(value): name for name, value in constants.items()}
        self._numbers: dict[int, int] = {}
        # Kept until the end: the numbers are by identity.
        self._found: list[object] = []

    def run(self, root: object) -> dict[str, Any]:
        encoded = self._value(root)
        # The list grows while it is walked: each object is written once, however deep the graph.
        objects = [
            [_name(type(one)), {name: self._value(field) for name, field in fields_of(one).items()}]
            for one in self._found
        ]
        return {"objects": objects, "root": encoded}

    def _value(self, value: Any) -> Any:  # noqa: ANN401 - any data
        if id(value) in self._constants:
            return {"c": self._constants[id(value)]}
        if isinstance(value, enum.Enum):
            return {"e": [_name(type(value)), value.value]}
        if value is None or isinstance(value, bool | int | float | str):
            return value
        if isinstance(value, bytes):
            return {"b": base64.b64encode(value).decode()}
        if isinstance(value, dict):
            return {"d": [[self._value(k), self._value(v)] for k, v in cast("dict[Any, Any]", value).items()]}
        tag = _SEQUENCES.get(value.__class__)
        if tag is not None:
            return {tag: [self._value(item) for item in value]}
        if id(value) not in self._numbers:
            self._numbers[id(value)] = len(self._found)
            self._found.append(value)
        return {"o": self._numbers[id(value)]}


def decode(data: Mapping[str, Any], constants: Mapping[str, object]) -> Any:  # noqa: ANN401 - any data
    """Read objects from JSON. A field of a dataclass that is not written has its default.

    Raises:
        GraphError: a class from outside of the fake, or a shape that `encode` does not write.
    """
    try:
        made = [_blank(name) for name, _ in data["objects"]]
        for one, (_, fields) in zip(made, data["objects"], strict=True):
            for name, value in fields.items():
                object.__setattr__(one, name, _decoded(value, made, constants))
            _fill(one, fields)
        return _decoded(data["root"], made, constants)
    except (KeyError, IndexError, TypeError, AttributeError, ValueError) as error:
        raise GraphError(f"not a snapshot of this fake: {type(error).__name__}: {error}") from None


def _fill(one: Any, written: Mapping[str, Any]) -> None:  # noqa: ANN401 - an object of ours
    for field in dataclasses.fields(one) if dataclasses.is_dataclass(one) else ():
        if field.name not in written:
            if field.default_factory is not dataclasses.MISSING:
                object.__setattr__(one, field.name, field.default_factory())
            elif field.default is not dataclasses.MISSING:
                object.__setattr__(one, field.name, field.default)


def _decoded(value: Any, made: list[Any], constants: Mapping[str, object]) -> Any:  # noqa: ANN401 - any data
    if not isinstance(value, dict):
        return value
    ((tag, content),) = cast("dict[str, Any]", value).items()
    match tag:
        case "o":
            return made[content]
        case "c":
            return constants[content]
        case "e":
            return class_of(content[0], enum.Enum)(content[1])
        case "b":
            return base64.b64decode(content)
        case "d":
            return {_decoded(k, made, constants): _decoded(v, made, constants) for k, v in content}
        case _:
            return _SEQUENCE_OF[tag](_decoded(item, made, constants) for item in content)


def fields_of(value: object) -> dict[str, Any]:
    """The fields of an object, as they are written."""
    # Python gives one dictionary, or one for __dict__ and one for the slots; classes leave caches out of theirs.
    state: Any = value.__getstate__()
    if isinstance(state, list):
        # Frozen dataclasses with slots give the values alone.
        names = [field.name for field in dataclasses.fields(cast("Any", value))]
        return dict(zip(names, cast("list[Any]", state), strict=True))
    if isinstance(state, tuple):
        whole: dict[str, Any] = {}
        for part in cast("tuple[dict[str, Any] | None, ...]", state):
            whole.update(part or {})
        return whole
    return cast("dict[str, Any]", state) or {}


def _name(kind: type) -> str:
    if not kind.__module__.startswith(_PACKAGES):
        raise GraphError(
            f"{kind.__module__}.{kind.__qualname__} is not a class of the fake: it cannot be part of its state"
        )
    return f"{kind.__module__}:{kind.__qualname__}"


def class_of(name: str, base: type = object) -> Any:  # noqa: ANN401 - a class of ours
    """The class of the fake that has a name in a snapshot.

    Raises:
        GraphError: there is none, or it is not what is wanted.
    """
    module, _, qualname = name.partition(":")
    if not module.startswith(_PACKAGES) or not qualname.isidentifier():
        raise GraphError(f"{name!r} is not a class of the fake")
    try:
        found = getattr(importlib.import_module(module), qualname, None)
    except ImportError:
        found = None
    if not isinstance(found, type) or not issubclass(found, base):
        raise GraphError(f"{name!r} is not a class of the fake")
    return found


def _blank(name: str) -> Any:  # noqa: ANN401 - a class of ours
    kind = class_of(name, object)
    return object.__new__(kind)

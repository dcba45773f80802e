"""Parameters of an action, declared as a class and read by a compiled table.

```python
class CreateRole(ActionRequest):
    role_name: RoleName
    description: Annotated[str, Length(1024)] = ""
    max_session_duration: Annotated[int, Range(3600, 43200)] = 3600
```
A field without a default is mandatory. Its name on the wire follows from its own (``role_name``: ``RoleName``), unless
it carries a `Wire`. Lists are read from a JSON string (``ResourceNames=["a"]``) and from numbered parameters
(``ResourceNames.1=a``) alike.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Union, cast, get_args, get_origin, get_type_hints

from alicloud_fakes.core.errors import missing
from alicloud_fakes.core.value_rules import (
    Items,
    Length,
    OneOf,
    ParameterRule,
    Pattern,
    Problem,
    RamName,
    Range,
    Refusal,
    Wrong,
)

if TYPE_CHECKING:
    from alicloud_fakes.pipeline.call import Call

# What a declaration is written with, in one place.
__all__ = [
    "ActionRequest",
    "Clamp",
    "Comma",
    "Field",
    "Items",
    "Length",
    "NoParameters",
    "OneOf",
    "ParameterRule",
    "Pattern",
    "Problem",
    "RamName",
    "Range",
    "Refusal",
    "Secret",
    "Tag",
    "Wire",
    "Wrong",
    "wire_name",
]

_ACRONYMS = {"mfa": "MFA", "saml": "SAML", "oidc": "OIDC", "db": "DB", "qr": "QR"}
_INTEGER = re.compile(r"-?[0-9]{1,18}\Z")
_BOOLEANS = {"true": True, "false": False}
_REQUIRED = object()
_MOST_ITEMS = 1000


@dataclass(frozen=True, slots=True)
class Clamp:
    """A number that is brought between two bounds rather than refused."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Wire:
    """The parameter's name on the wire, and other spellings that clients use."""

    name: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Comma:
    """The list is sent in one parameter, separated by commas."""


class Secret:
    """Marks a parameter that the call log leaves out."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag as a request gives it."""

    key: str
    value: str


class Field:
    """One compiled parameter."""

    __slots__ = ("also", "clamp", "comma", "convert", "default", "items", "name", "required", "rules", "secret", "wire")

    def __init__(self, name: str, hint: Any, default: object) -> None:  # noqa: ANN401 - a type annotation
        self.name = name
        self.required = default is _REQUIRED
        self.default = None if self.required else default
        marks: list[object] = []
        kind = _unwrap(hint, marks)
        self.wire = wire_name(name)
        self.also: tuple[str, ...] = ()
        self.rules = [mark for mark in marks if isinstance(mark, ParameterRule)]
        self.clamp = next((mark for mark in marks if isinstance(mark, Clamp)), None)
        self.comma = any(isinstance(mark, Comma) for mark in marks)
        self.secret = any(mark is Secret or isinstance(mark, Secret) for mark in marks)
        for mark in marks:
            if isinstance(mark, Wire):
                self.wire, self.also = mark.name, mark.also
        self.items = get_args(kind)[0] if get_origin(kind) is list else None
        self.convert = _CONVERTERS.get(kind)
        if self.items is None and self.convert is None:
            raise TypeError(f"{name}: a parameter is a str, int, bool, or a list of str or Tag, not {kind!r}")

    def read(self, parameters: Mapping[str, str], refuse: Refusal) -> object:
        """The value of this parameter in a request.

        Raises:
            ApiError: it is missing, or refused.
        """
        value = self._items(parameters, refuse) if self.items is not None else self._scalar(parameters, refuse)
        if value is None:
            if self.required:
                raise missing(self.wire)
            return self.default
        if self.clamp is not None:
            number = cast("int", value)
            return max(self.clamp.low, min(self.clamp.high, number))
        for rule in self.rules:
            problem = rule.problem(value)
            if problem is not None:
                raise refuse(Wrong(self.wire, problem, rule.bounds))
        return value

    def _scalar(self, parameters: Mapping[str, str], refuse: Refusal) -> object:
        raw = parameters.get(self.wire)
        if raw is None:
            for name in self.also:
                raw = parameters.get(name)
                if raw is not None:
                    break
        if not raw:
            # An empty text is a value where it may be one (an empty comment), and otherwise the same as nothing.
            return "" if raw is not None and self._may_be_empty else None
        assert self.convert is not None  # noqa: S101 - a field has items or a converter
        value = self.convert(raw)
        if value is None:
            raise refuse(Wrong(self.wire, Problem.TYPE))
        return value

    @property
    def _may_be_empty(self) -> bool:
        if self.convert is not _text:
            return False
        if self.required:
            return bool(self.rules) and all(rule.problem("") is None for rule in self.rules)
        return all(_empty_ok(rule) for rule in self.rules)

    def _items(self, parameters: Mapping[str, str], refuse: Refusal) -> list[object] | None:
        names = (self.wire, *self.also)
        for name in names:
            raw = parameters.get(name)
            if raw:
                read = raw.split(",") if self.comma else _json_list(raw)
                if read is None and self.items is str:
                    read = [raw]
                if read is None or len(read) > _MOST_ITEMS:
                    raise refuse(Wrong(self.wire, Problem.FORMAT))
                return [self._item(one, refuse) for one in read]
        for name in names:
            found = _numbered(parameters, name)
            if found:
                return [self._item(one, refuse) for one in found]
        return None

    def _item(self, value: object, refuse: Refusal) -> object:
        if self.items is str:
            if isinstance(value, str):
                return value
        elif isinstance(value, Mapping):
            pair = cast("Mapping[str, object]", value)
            key = pair.get("Key", pair.get("key", pair.get("TagKey")))
            text = pair.get("Value", pair.get("value", pair.get("TagValue", "")))
            if isinstance(key, str) and isinstance(text, str):
                return Tag(key, text)
        raise refuse(Wrong(self.wire, Problem.FORMAT))


class ActionRequest:
    """Base of all declarations. Fields are set from the request; `call` is the call they came with."""

    call: Call
    also_reads: ClassVar[tuple[str, ...]] = ()
    """Names of parameters that the action reads by itself."""
    _fields: ClassVar[tuple[Field, ...] | None] = None
    _shown: ClassVar[frozenset[str] | None] = None

    def __init_subclass__(cls) -> None:
        # A declaration that extends another must not go by the table of the other.
        cls._fields = None
        cls._shown = None

    @classmethod
    def fields(cls) -> tuple[Field, ...]:
        """The compiled parameters."""
        if cls._fields is None:
            hints = get_type_hints(cls, include_extras=True, localns={"Call": object})
            names = [name for name in hints if name not in {"call", "also_reads"} and name[0] != "_"]
            cls._fields = tuple(Field(name, hints[name], getattr(cls, name, _REQUIRED)) for name in names)
        return cls._fields

    @classmethod
    def shown(cls) -> frozenset[str]:
        """Names on the wire of the parameters that may be logged: all that are declared and not secret."""
        if cls._shown is None:
            names = [name for field in cls.fields() if not field.secret for name in (field.wire, *field.also)]
            cls._shown = frozenset([*names, *cls.also_reads])
        return cls._shown

    @classmethod
    def read(cls, parameters: Mapping[str, str], refuse: Refusal, call: Call) -> ActionRequest:
        """Read a request.

        Raises:
            ApiError: a parameter is missing or refused.
        """
        request = cls.__new__(cls)
        values = request.__dict__
        values["call"] = call
        for field in cls._fields or cls.fields():
            values[field.name] = field.read(parameters, refuse)
        return request


class NoParameters(ActionRequest):
    """An action without parameters."""


def wire_name(name: str) -> str:
    """``mfa_bind_required``: ``MFABindRequired``."""
    return "".join(_ACRONYMS.get(word) or word[:1].upper() + word[1:] for word in name.split("_"))


def _unwrap(hint: Any, marks: list[object]) -> Any:  # noqa: ANN401 - type annotations
    while True:
        origin = get_origin(hint)
        if origin is Annotated:
            hint, *more = get_args(hint)
            marks.extend(more)
        elif origin is Union or origin is UnionType:
            (hint,) = [arg for arg in get_args(hint) if arg is not NoneType]
        else:
            return hint


def _text(raw: str) -> str:
    return raw


def _integer(raw: str) -> int | None:
    return int(raw) if _INTEGER.match(raw) else None


def _boolean(raw: str) -> bool | None:
    return _BOOLEANS.get(raw.lower())


_CONVERTERS: dict[Any, Callable[[str], Any]] = {str: _text, int: _integer, bool: _boolean}


def _empty_ok(rule: ParameterRule) -> bool:
    return isinstance(rule, Length) or rule.problem("") is None


def _json_list(raw: str) -> list[object] | None:
    if not raw.lstrip().startswith("["):
        return None
    try:
        value: object = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return cast("list[object]", value) if isinstance(value, list) else None


def _numbered(parameters: Mapping[str, str], name: str) -> list[object]:
    found: list[object] = []
    number = 1
    prefix = f"{name}."
    while number <= _MOST_ITEMS:
        item = f"{prefix}{number}"
        value = parameters.get(item)
        if value is not None:
            found.append(value)
        else:
            members = {part: parameters[f"{item}.{part}"] for part in _MEMBERS if f"{item}.{part}" in parameters}
            if not members:
                break
            found.append(members)
        number += 1
    return found


_MEMBERS = ("Key", "Value", "key", "value")

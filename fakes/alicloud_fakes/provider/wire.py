"""Property maps as they travel between engine and provider, to plain values and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, cast

from google.protobuf.struct_pb2 import ListValue, NullValue, Struct
from google.protobuf.struct_pb2 import Value as Wire

from alicloud_fakes.provider.changes import UNKNOWN, Properties, Unknown, Value

# The Pulumi provider protocol's marks ("Property values" in its developer documentation).
UNKNOWN_TEXT: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
_SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
_SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105  # a mark, not a secret


def decode(properties: Struct) -> Properties:
    """Plain values of a property map; secrets are unwrapped."""
    return {name: _plain(value) for name, value in properties.fields.items()}


def _plain(value: Wire) -> Value:
    match value.WhichOneof("kind"):
        case "number_value":
            number = value.number_value
            return int(number) if number.is_integer() else number
        case "string_value":
            return UNKNOWN if value.string_value == UNKNOWN_TEXT else value.string_value
        case "bool_value":
            return value.bool_value
        case "list_value":
            return [_plain(each) for each in value.list_value.values]
        case "struct_value":
            fields = value.struct_value.fields
            if _SIGNATURE in fields and fields[_SIGNATURE].string_value == _SECRET:
                return _plain(fields["value"])
            return {name: _plain(each) for name, each in fields.items()}
        case _:
            return None


def encode(properties: Mapping[str, Value], secret: Iterable[str] = ()) -> Struct:
    """A property map of plain values; nulls are left out, the named ones are marked as secrets."""
    marked = set(secret)
    fields: dict[str, Wire] = {}
    for name, value in properties.items():
        if value is None:
            continue
        fields[name] = _wire(value)
        if name in marked:
            mark = {_SIGNATURE: Wire(string_value=_SECRET), "value": fields[name]}
            fields[name] = Wire(struct_value=Struct(fields=mark))
    return Struct(fields=fields)


def _wire(value: Value) -> Wire:
    match value:
        case None:
            return Wire(null_value=cast("Any", NullValue.Value("NULL_VALUE")))
        case Unknown():
            return Wire(string_value=UNKNOWN_TEXT)
        case bool():
            return Wire(bool_value=value)
        case int() | float():
            return Wire(number_value=value)
        case str():
            return Wire(string_value=value)
        case list():
            return Wire(list_value=ListValue(values=[_wire(each) for each in value]))
        case dict():
            return Wire(struct_value=Struct(fields={name: _wire(each) for name, each in value.items()}))

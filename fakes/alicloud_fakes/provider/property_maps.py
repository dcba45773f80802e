"""Property maps as they travel between engine and provider, to plain values and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast

from google.protobuf.struct_pb2 import ListValue, NullValue, Struct
from google.protobuf.struct_pb2 import Value as Wire

from alicloud_fakes.provider.check_and_diff import UNKNOWN, Properties, PropertyValue, UnknownValue
from ram_policies.stack.value_marks import SECRET, SIGNATURE, UNKNOWN_TEXT, UNKNOWN_TEXTS


def from_property_map(properties: Struct) -> Properties:
    """Plain values of a property map; secrets are unwrapped."""
    return {name: _plain(value) for name, value in properties.fields.items()}


def _plain(value: Wire) -> PropertyValue:
    match value.WhichOneof("kind"):
        case "number_value":
            number = value.number_value
            return int(number) if number.is_integer() else number
        case "string_value":
            return UNKNOWN if value.string_value in UNKNOWN_TEXTS else value.string_value
        case "bool_value":
            return value.bool_value
        case "list_value":
            return [_plain(each) for each in value.list_value.values]
        case "struct_value":
            fields = value.struct_value.fields
            if SIGNATURE in fields and fields[SIGNATURE].string_value == SECRET:
                return _plain(fields["value"])
            return {name: _plain(each) for name, each in fields.items()}
        case _:
            return None


def to_property_map(properties: Mapping[str, PropertyValue], secret: Iterable[str] = ()) -> Struct:
    """A property map of plain values; nulls are left out, the named ones are marked as secrets."""
    marked = set(secret)
    fields: dict[str, Wire] = {}
    for name, value in properties.items():
        if value is None:
            continue
        fields[name] = _wire(value)
        if name in marked:
            mark = {SIGNATURE: Wire(string_value=SECRET), "value": fields[name]}
            fields[name] = Wire(struct_value=Struct(fields=mark))
    return Struct(fields=fields)


def _wire(value: PropertyValue) -> Wire:
    match value:
        case None:
            return Wire(null_value=cast("Any", NullValue.Value("NULL_VALUE")))
        case UnknownValue():
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

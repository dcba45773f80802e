"""Parameters that several actions of ECS share."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, TypeAlias, cast

from alicloud_fakes.pipeline.declare import Clamp, Items, Length, Pattern, Tag
from alicloud_fakes.pipeline.tags import TagRules
from alicloud_fakes.services.ecs.errors import fail

InstanceId: TypeAlias = Annotated[str, Length(64, 1)]
InstanceIds: TypeAlias = Annotated[list[str], Items(100)]
GroupId: TypeAlias = Annotated[str, Length(64, 1)]
Tags: TypeAlias = Annotated[list[Tag], Items(20)]
PageNumber: TypeAlias = Annotated[int, Clamp(1, 1_000_000)]
PageSize: TypeAlias = Annotated[int, Clamp(1, 100)]
MaxResults: TypeAlias = Annotated[int, Clamp(1, 100)]
ResourceName: TypeAlias = Annotated[str, Pattern(r"[^\W\d_][\w.:\-()\[\] ,/=@+|]{1,127}")]
Description: TypeAlias = Annotated[str, Length(256)]

TAG_RULES = TagRules(
    bad_key=lambda: fail("InvalidTagKey.Malformed"),
    bad_value=lambda: fail("InvalidTagValue.Malformed"),
    too_many=lambda: fail("LimitExceeded.Tag"),
    longest_value=128,
    reserved_values=("acs:",),
)


def records(parameters: Mapping[str, str], name: str) -> list[dict[str, str]]:
    """A list of records: ``Permissions.1.IpProtocol=tcp&Permissions.1.PortRange=22/22``, or a JSON string."""
    raw = parameters.get(name, "")
    if raw.startswith("["):
        return _from_json(raw)
    found: dict[int, dict[str, str]] = {}
    for key, value in parameters.items():
        parts = key.split(".")
        if len(parts) == 3 and parts[0] == name and parts[1].isdigit() and len(parts[1]) < 4:
            found.setdefault(int(parts[1]), {})[parts[2]] = value
    return [found[number] for number in sorted(found)]


def structure(parameters: Mapping[str, str], name: str) -> dict[str, str]:
    """A structure: ``SystemDisk.Category=cloud_essd&SystemDisk.Size=40``, or a JSON string."""
    raw = parameters.get(name, "")
    if raw.startswith("{"):
        found = _from_json(f"[{raw}]")
        return found[0] if found else {}
    prefix = f"{name}."
    return {key.removeprefix(prefix): value for key, value in parameters.items() if key.startswith(prefix)}


def _from_json(raw: str) -> list[dict[str, str]]:
    try:
        value: object = json.loads(raw)
    except (ValueError, RecursionError):
        return []
    if not isinstance(value, list):
        return []
    rows = cast("list[object]", value)
    return [
        {key: str(one) for key, one in cast("dict[str, object]", row).items()} for row in rows if isinstance(row, dict)
    ]

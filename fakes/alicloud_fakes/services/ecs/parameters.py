"""Parameters that several actions of ECS share."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from itertools import islice
from typing import Annotated, Any, TypeAlias, TypeVar, cast

from alicloud_fakes.core.paging import make_marker, open_marker
from alicloud_fakes.pipeline.declare import Clamp, Items, Length, Pattern, Tag
from alicloud_fakes.services.ecs.errors import fail

T = TypeVar("T")

InstanceId: TypeAlias = Annotated[str, Length(64, 1)]
InstanceIds: TypeAlias = Annotated[list[str], Items(100)]
GroupId: TypeAlias = Annotated[str, Length(64, 1)]
Tags: TypeAlias = Annotated[list[Tag], Items(20)]
PageNumber: TypeAlias = Annotated[int, Clamp(1, 1_000_000)]
PageSize: TypeAlias = Annotated[int, Clamp(1, 100)]
MaxResults: TypeAlias = Annotated[int, Clamp(1, 100)]
ResourceName: TypeAlias = Annotated[str, Pattern(r"[^\W\d_][\w.:\-()\[\] ,/=@+|]{1,127}")]
Description: TypeAlias = Annotated[str, Length(256)]

_MOST_TAGS = 20
_KEY, _VALUE = 128, 128


def checked_tags(present: Mapping[str, str], tags: Iterable[Tag]) -> dict[str, str]:
    """The tags of a resource after some were added or overwritten.

    Raises:
        ApiError: a key or value that cannot be, or too many of them.
    """
    out = dict(present)
    for tag in tags:
        key, value = tag.key.lower(), tag.value.lower()
        if not 0 < len(key) <= _KEY or key.startswith(("aliyun", "acs:")) or "http://" in key or "https://" in key:
            raise fail("InvalidTagKey.Malformed")
        if len(value) > _VALUE or value.startswith("acs:") or "http://" in value or "https://" in value:
            raise fail("InvalidTagValue.Malformed")
        out[tag.key] = tag.value
    if len(out) > _MOST_TAGS:
        raise fail("LimitExceeded.Tag")
    return out


def shown_tags(tags: Mapping[str, str]) -> dict[str, Any]:
    """Tags, as ECS shows them."""
    return {"Tag": [{"TagKey": key, "TagValue": value} for key, value in tags.items()]}


def carries(tags: Mapping[str, str], wanted: Iterable[Tag] | None) -> bool:
    """Whether all wanted tags are there; an empty value means any."""
    return all(tag.key in tags and (not tag.value or tags[tag.key] == tag.value) for tag in wanted or ())


def one_page(found: Collection[T], number: int, size: int, token: str, most: int | None) -> tuple[list[T], str, int]:
    """One page of what was found, by number or by token; the token of the next page; and how many one page holds.

    A client that sends NextToken or MaxResults pages by token, any other by number.
    """
    if token or most is not None:
        size = most or 10
        start = _position(token)
        following = start + size
        return (
            list(islice(found, start, following)),
            make_marker(str(following)) if following < len(found) else "",
            size,
        )
    start = (number - 1) * size
    return list(islice(found, start, start + size)), "", size


def _position(token: str) -> int:
    text = open_marker(token, "NextToken") if token else "0"
    return int(text) if text.isdigit() and len(text) < 12 else 0


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

"""Tags of roles and policies. Users are tagged through IMS."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol, TypeVar

from alicloud_fakes.core.paging import NameIndex, make_marker
from alicloud_fakes.pipeline.declare import Problem, Tag, Wrong
from alicloud_fakes.services.ram.errors import fail, refuse
from ram_policies import limits
from ram_policies.errors import InvalidInputError
from ram_policies.names import NameKind, check_name


class Tagged(Protocol):
    """Something with a name and tags."""

    name: str
    tags: dict[str, str]


T = TypeVar("T", bound=Tagged)


def new_tags(present: Mapping[str, str], tags: Iterable[Tag]) -> dict[str, str]:
    """The tags of a resource after some were added or overwritten.

    Raises:
        ApiError: a key or value that cannot be, or too many of them.
    """
    out = dict(present)
    for tag in tags:
        try:
            check_name(NameKind.TAG_KEY, tag.key, "Tag.Key")
            check_name(NameKind.TAG_VALUE, tag.value, "Tag.Value")
        except InvalidInputError:
            raise refuse(Wrong("Tag", Problem.FORMAT)) from None
        out[tag.key] = tag.value
    if len(out) > limits.TAGS_PER_RESOURCE:
        # unconfirmed.TOO_MANY_TAGS
        raise fail("LimitExceeded.Tag")
    return out


def tag_list(tags: Mapping[str, str]) -> dict[str, Any]:
    """Tags, as lists of roles and policies show them."""
    return {"Tag": [{"TagKey": key, "TagValue": value} for key, value in tags.items()]}


def carries(tags: Mapping[str, str], wanted: Iterable[Tag]) -> bool:
    """Whether all wanted tags are there; an empty value means any."""
    return all(tag.key in tags and (not tag.value or tags[tag.key] == tag.value) for tag in wanted)


def matching(index: NameIndex[T], wanted: list[Tag] | None, marker: str, limit: int) -> tuple[list[T], str]:
    """One page of what carries the wanted tags, and the marker of the next."""
    if not wanted:
        return index.page(marker, limit)
    found: list[T] = []
    while True:
        values, following = index.page(marker, limit)
        for value in values:
            if carries(value.tags, wanted):
                if len(found) == limit:
                    return found, make_marker(found[-1].name.lower())
                found.append(value)
        if not following:
            return found, ""
        marker = following

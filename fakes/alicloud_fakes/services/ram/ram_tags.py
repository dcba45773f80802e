"""Tags of roles and policies. Users are tagged through IMS."""

from __future__ import annotations

from typing import Protocol, TypeVar

from alicloud_fakes.core.errors import ApiError
from alicloud_fakes.core.paging import NameIndex, make_marker
from alicloud_fakes.pipeline.declare import Problem, Tag, Wrong
from alicloud_fakes.pipeline.tags import TagRules, carries
from alicloud_fakes.services.ram.errors import fail, refuse
from ram_policies import limits


class Named(Protocol):
    """Something with a name and tags."""

    name: str
    tags: dict[str, str]


T = TypeVar("T", bound=Named)


def _refused() -> ApiError:
    return refuse(Wrong("Tag", Problem.FORMAT))


# unconfirmed.TOO_MANY_TAGS
TAG_RULES = TagRules(
    bad_key=_refused,
    bad_value=_refused,
    too_many=lambda: fail("LimitExceeded.Tag"),
    most=limits.TAGS_PER_RESOURCE,
)


def tagged_page(index: NameIndex[T], wanted: list[Tag] | None, marker: str, limit: int) -> tuple[list[T], str]:
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

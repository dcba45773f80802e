"""Tags, as every service has them: shown, searched, added, removed and listed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from alicloud_fakes.core.errors import ApiError, missing
from alicloud_fakes.core.paging import make_marker, open_marker
from alicloud_fakes.pipeline.declare import Tag
from ram_policies.names import NAME_RULES, NameKind


class Tagged(Protocol):
    """Something that has tags."""

    tags: dict[str, str]


@dataclass(frozen=True, slots=True)
class TagRules:
    """Limits of a product on tags, and its errors for those that it refuses.

    Attributes:
        bad_key: the error for a key.
        bad_value: the error for a value.
        too_many: the error for more tags than a resource may have.
        most: how many it may have.
        longest_value: characters of a value, where they are fewer than RAM's.
        reserved_values: lower-case beginnings that no value may have.
    """

    bad_key: Callable[[], ApiError]
    bad_value: Callable[[], ApiError]
    too_many: Callable[[], ApiError]
    most: int = 20
    longest_value: int = 256
    reserved_values: tuple[str, ...] = ()

    def added(self, present: Mapping[str, str], tags: Iterable[Tag] | None) -> dict[str, str]:
        """The tags of a resource after some were added or overwritten.

        Raises:
            ApiError: a key or value is refused, or there are too many.
        """
        out = dict(present)
        for tag in tags or ():
            if NAME_RULES[NameKind.TAG_KEY].problem(tag.key):
                raise self.bad_key()
            reserved = tag.value.lower().startswith(self.reserved_values) if self.reserved_values else False
            if reserved or len(tag.value) > self.longest_value or NAME_RULES[NameKind.TAG_VALUE].problem(tag.value):
                raise self.bad_value()
            out[tag.key] = tag.value
        if len(out) > self.most:
            raise self.too_many()
        return out

    def add(self, resources: Iterable[Tagged], tags: Iterable[Tag]) -> None:
        """Add tags, or overwrite them, on all of the resources or on none.

        Raises:
            ApiError: as `added`.
        """
        wanted = list(tags)
        changed = [(one, self.added(one.tags, wanted)) for one in resources]
        for one, after in changed:
            one.tags = after


def check_keys(keys: Iterable[str] | None, every: bool, name: str = "TagKey") -> None:  # noqa: FBT001 - as it is sent
    """Refuse to remove tags when neither keys nor all are named.

    Args:
        keys: the keys, as sent.
        every: the parameter ``All``.
        name: name of the parameter that is missing.

    Raises:
        ApiError: MissingTagKey, or as the parameter is called.
    """
    if not keys and not every:
        raise missing(name)


def remove_tags(resources: Iterable[Tagged], keys: Iterable[str] | None) -> None:
    """Remove tags: those of the keys, or all where none are named."""
    wanted = list(keys or ())
    for one in resources:
        for key in wanted or list(one.tags):
            one.tags.pop(key, None)


def shown_tags(tags: Mapping[str, str]) -> dict[str, Any]:
    """Tags, as descriptions of resources show them."""
    return {"Tag": [{"TagKey": key, "TagValue": value} for key, value in tags.items()]}


def carries(tags: Mapping[str, str], wanted: Iterable[Tag] | None) -> bool:
    """True if all wanted tags are there; an empty value means any."""
    return all(tag.key in tags and (not tag.value or tags[tag.key] == tag.value) for tag in wanted or ())


@dataclass(frozen=True, slots=True)
class TagPage:
    """One page of a list of tags.

    Attributes:
        rows: name of the resource, key and value of each tag.
        following: token of the next page; empty at the end.
    """

    rows: list[tuple[str, str, str]]
    following: str

    def shown(self, kind: str) -> list[dict[str, str]]:
        """The rows as ListTagResources shows them.

        Args:
            kind: type of the resources, as the product spells it.
        """
        return [
            {"ResourceType": kind, "ResourceId": one, "TagKey": key, "TagValue": value} for one, key, value in self.rows
        ]


def tag_page(tagged: Iterable[tuple[str, Tagged]], wanted: Iterable[Tag] | None, token: str, size: int) -> TagPage:
    """One page of the tags of resources, in the order of names and keys.

    Args:
        tagged: resources by name; names are compared without case.
        wanted: tags that a resource must carry to be listed.
        token: from the page before; empty for the first.
        size: how many tags one page holds.

    Raises:
        ApiError: the fake did not issue the token.
    """
    wanted = list(wanted or ())
    after = open_marker(token, "NextToken") if token else ""
    rows = sorted(
        (f"{name.lower()}\0{key}", name, key, value)
        for name, resource in tagged
        if carries(resource.tags, wanted)
        for key, value in resource.tags.items()
    )
    rows = [row for row in rows if row[0] > after]
    page = rows[:size]
    return TagPage([row[1:] for row in page], make_marker(page[-1][0]) if len(rows) > len(page) else "")

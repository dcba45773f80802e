"""Lists page by page: by name, by number and by token."""

from __future__ import annotations

import base64
import binascii
from bisect import bisect_left, bisect_right, insort
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Generic, Protocol, TypeVar

from alicloud_fakes.core.errors import ApiError

T = TypeVar("T")


class Numbered(Protocol):
    """A request for a page by its number, from 1."""

    page_number: int
    page_size: int


class NumberedOrByToken(Numbered, Protocol):
    """A request for a page by its number, or by the token that came with the page before."""

    max_results: int | None
    next_token: str


@dataclass(slots=True, eq=False, repr=False)
class NameIndex(Generic[T]):
    """Values by name, in the order of their names.

    Names keep their case and are compared without it. A page costs what it holds, however many there are.
    """

    _keys: list[str] = field(default_factory=list[str], init=False)
    _values: dict[str, T] = field(default_factory=dict[str, T], init=False)

    def __len__(self) -> int:
        return len(self._keys)

    def __iter__(self) -> Iterator[T]:
        for key in list(self._keys):
            yield self._values[key]

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._values

    def get(self, name: str) -> T | None:
        """The value of that name."""
        return self._values.get(name.lower())

    def add(self, name: str, value: T) -> None:
        """Add a value under a name that is free."""
        key = name.lower()
        if key in self._values:
            raise KeyError(name)
        self._values[key] = value
        insort(self._keys, key)

    def remove(self, name: str) -> None:
        """Remove a value."""
        key = name.lower()
        del self._values[key]
        del self._keys[bisect_left(self._keys, key)]

    def page(self, marker: str, limit: int) -> tuple[list[T], str]:
        """One page, and the marker of the next; empty at the end.

        Raises:
            ApiError: the fake did not issue the marker.
        """
        start = bisect_right(self._keys, open_marker(marker)) if marker else 0
        keys = self._keys[start : start + limit]
        more = start + limit < len(self._keys)
        return [self._values[key] for key in keys], make_marker(keys[-1]) if more and keys else ""


def make_marker(key: str) -> str:
    """An opaque marker: the next page begins after this key."""
    return base64.urlsafe_b64encode(f"after:{key}".encode()).decode().rstrip("=")


def open_marker(marker: str, parameter: str = "Marker") -> str:
    """The key in a marker.

    Raises:
        ApiError: the fake did not issue the marker.
    """
    try:
        text = base64.urlsafe_b64decode(marker + "=" * (-len(marker) % 4)).decode()
    except (ValueError, binascii.Error):
        text = ""
    if not text.startswith("after:"):
        raise ApiError(400, f"InvalidParameter.{parameter}", f'The parameter - "{parameter}" is incorrect.')
    return text[len("after:") :]


def page_of(
    found: Collection[T], number: int, size: int, token: str, most: int | None, by_default: int = 10
) -> tuple[list[T], str, int]:
    """One page of what was found, by number or by token.

    A client that sends NextToken or MaxResults pages by token, any other by number.

    Args:
        found: all of it.
        number: of the page, from 1.
        size: of a page by number.
        token: from the page before.
        most: MaxResults; None where it was not sent.
        by_default: size of a page by token where MaxResults was not sent.

    Returns:
        The page, the token of the next (empty at the end, and by number), and how many one page holds.

    Raises:
        ApiError: the fake did not issue the token.
    """
    if token or most is not None:
        size = most or by_default
        start = _position(token)
        following = start + size
        page = list(islice(found, start, following))
        return page, make_marker(str(following)) if following < len(found) else "", size
    start = (number - 1) * size
    return list(islice(found, start, start + size)), "", size


def paged(found: Collection[T], request: Numbered) -> tuple[list[T], dict[str, Any]]:
    """The page that a request asks for by number, and the fields of the answer that describe it."""
    page, _, size = page_of(found, request.page_number, request.page_size, "", None)
    return page, {"TotalCount": len(found), "PageNumber": request.page_number, "PageSize": size}


def paged_by_token(found: Collection[T], request: NumberedOrByToken) -> tuple[list[T], dict[str, Any]]:
    """As `paged`, of a request that may page by token instead.

    Raises:
        ApiError: the fake did not issue the token.
    """
    page, token, size = page_of(found, request.page_number, request.page_size, request.next_token, request.max_results)
    return page, {"TotalCount": len(found), "PageNumber": request.page_number, "PageSize": size, "NextToken": token}


def _position(token: str) -> int:
    text = open_marker(token, "NextToken") if token else "0"
    return int(text) if text.isdigit() and len(text) < 12 else 0

"""JSON values that know where they stand, so that an error names the field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeGuard

from ram_policies.errors import InvalidInputError


@dataclass(frozen=True, slots=True)
class Node:
    """A JSON value and the path to it.

    Attributes:
        value: the value; None when it is absent.
        field: the path, ``accounts[0].users``.
    """

    value: object
    field: str

    def object(self) -> Mapping[str, object]:
        """The value as an object.

        Raises:
            InvalidInputError: it is not an object.
        """
        if not is_object(self.value):
            raise InvalidInputError(self.field, self.value, "is not an object", "write {...}", code="wrong-type")
        return self.value

    def get(self, key: str) -> Node:
        """A member; its value is None when it is absent.

        Raises:
            InvalidInputError: this value is not an object.
        """
        return Node(self.object().get(key), f"{self.field}.{key}" if self.field else key)

    def items(self) -> Iterator[Node]:
        """The items of a list; an absent list has none.

        Raises:
            InvalidInputError: the value is not a list.
        """
        if self.value is None:
            return
        if not is_list(self.value):
            raise InvalidInputError(self.field, self.value, "is not a list", "write [...]", code="wrong-type")
        for index, item in enumerate(self.value):
            yield Node(item, f"{self.field}[{index}]")

    def text(self) -> str:
        """The value as text that is not empty.

        Raises:
            InvalidInputError: it is not a string, or empty.
        """
        if not isinstance(self.value, str) or not self.value:
            raise InvalidInputError(self.field, self.value, "is not a string", "write it in quotes", code="wrong-type")
        return self.value


def is_object(value: object) -> TypeGuard[Mapping[str, object]]:
    """True if a JSON value is an object."""
    return isinstance(value, dict)


def is_list(value: object) -> TypeGuard[Sequence[object]]:
    """True if a JSON value is a list."""
    return isinstance(value, list)

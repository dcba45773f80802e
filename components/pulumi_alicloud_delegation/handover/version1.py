"""Version 1 of the formats, which had no digest, no documents and no contract. It is read and never written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from pulumi_alicloud_delegation.spec_reader import unknown_key

# Keys that came with version 2, by where they stand; below "roles" and "granted" in each item.
_LATER = {
    (): {"digest", "issued", "answers", "offer", "contract", "never"},
    ("roles",): {"tier", "reason", "ticket", "never"},
    ("roles", "trust"): {"previousExternalId", "previousExternalIdUntil", "sourceIdentity"},
    ("roles", "granted"): {"document"},
}


def upgraded(content: Mapping[str, object], noun: str) -> dict[str, object]:
    """The content of a file of version 1 as one of version 2.

    Raises:
        InvalidInputError: it has a key that version 1 did not have.
    """
    for path, later in _LATER.items():
        for place, mapping in _at(content, path, noun):
            for key in sorted(later & mapping.keys()):
                raise unknown_key(place, key, sorted(mapping.keys() - later))
    if noun == "offer" and "state" in content:
        raise unknown_key(noun, "state", sorted(content.keys() - {"state"}))
    return {**content, "version": 2}


def _at(value: object, path: tuple[str, ...], place: str) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Every mapping at a path, through lists, and where it stands."""
    if isinstance(value, list):
        for index, item in enumerate(cast("list[object]", value)):
            yield from _at(item, path, f"{place}[{index}]")
    elif isinstance(value, dict):
        mapping = cast("Mapping[str, object]", value)
        if not path:
            yield place, mapping
        elif path[0] in mapping:
            yield from _at(mapping[path[0]], path[1:], f"{place}.{path[0]}")

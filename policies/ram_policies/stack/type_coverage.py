"""Coverage of resource types: judged, named as not looked at, or without a say about access.

The table is ``type_coverage.json``. Of the modules that decide about access (`COMPLETE`) it names every type that the
installed provider SDK has, so a new type is noticed; of all others it names the types that are known to give access.
"""

from __future__ import annotations

import json
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from ram_policies.pattern import Matcher, glob_matcher, has_wildcard

COMPLETE = ("ram", "ims", "cloudsso", "resourcemanager", "oss", "ros", "oos", "governance")
"""Modules of the alicloud provider of which every type is in the table."""


class Coverage(StrEnum):
    """Coverage of a type of resource.

    JUDGED: rules and reports look at it. NAMED: it gives access or decides about it, and reports name it as not looked
    at. NO_ACCESS: it decides about no access.
    """

    JUDGED = "judged"
    NAMED = "named"
    NO_ACCESS = "no_access"


@lru_cache(maxsize=4096)
def coverage_of(kind: str) -> Coverage | None:
    """Coverage of a type of resource, by its type token; None when the table does not have it.

    A type of a module in `COMPLETE` that the table does not have counts as named: it is newer than the table.
    """
    for coverage in (Coverage.JUDGED, Coverage.NO_ACCESS):
        if kind in _table()[coverage]:
            return coverage
    if subject_of(kind):
        return Coverage.NAMED
    return None


@lru_cache(maxsize=4096)
def subject_of(kind: str) -> str:
    """Subject of a named type, what it is or decides about, in words; empty for a type that is not named."""
    for matches, subject in _patterns():
        if matches(kind):
            return subject
    newer = module_of(kind) in COMPLETE and not is_in_table(kind)
    return "something that is newer than this table" if newer else ""


def module_of(kind: str) -> str:
    """The module of a type of the alicloud package; empty for any other type."""
    package, _, rest = kind.partition(":")
    return rest.partition("/")[0] if package == "alicloud" else ""


def is_in_table(kind: str) -> bool:
    """True if the table has a type by its name or by a pattern."""
    table = _table()
    return kind in table["judged"] or kind in table["no_access"] or any(matches(kind) for matches, _ in _patterns())


@cache
def _table() -> dict[str, Any]:
    return json.loads(files("ram_policies.stack").joinpath("type_coverage.json").read_text("utf-8"))


@cache
def _patterns() -> tuple[tuple[Matcher, str], ...]:
    named: dict[str, str] = _table()["named"]
    # Exact names come first, so that they win over the pattern of their module.
    return tuple((glob_matcher(kind), named[kind]) for kind in sorted(named, key=has_wildcard))

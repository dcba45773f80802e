"""What an action may be used for: reading, changing, or getting more than was granted.

The level follows from the verb (``Describe``, ``Get``, ``List`` … read, all others write) with exceptions from
``levels.json``; the hazards are patterns there. The patterns are wider than strictly needed: an action without a hazard
is harmless in that respect, an action with one may be harmless in a given account.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cache, lru_cache

from ram_policies.catalogue.data import read
from ram_policies.pattern import Matcher, glob_matcher


class Hazard(StrEnum):
    """A way in which an action goes beyond operating what is there."""

    ESCALATES = "escalates"
    BUYS = "buys"
    RELEASES = "releases"
    READS_DATA = "reads_data"

    @property
    def says(self) -> str:
        """The hazard in words."""
        return read("levels.json")["hazards"][self]["says"]


class AccessLevel(StrEnum):
    """How far an action goes. What is privileged also reads or writes."""

    READ = "read"
    WRITE = "write"
    PRIVILEGED = "privileged"


@lru_cache(maxsize=8192)
def access_level(action: str) -> AccessLevel:
    """The level of one action (not a pattern), also of services that are not catalogued."""
    if Hazard.ESCALATES in hazards(action):
        return AccessLevel.PRIVILEGED
    return AccessLevel.READ if _reads(action) else AccessLevel.WRITE


@lru_cache(maxsize=8192)
def hazards(action: str) -> frozenset[Hazard]:
    """The hazards of one action (not a pattern), also of services that are not catalogued."""
    low, reads = action.lower(), _reads(action)
    return frozenset(
        hazard
        for hazard, (writes, always) in _matchers().items()
        if any(matches(low) for matches in always) or (not reads and any(matches(low) for matches in writes))
    )


def _reads(action: str) -> bool:
    exceptions = _exceptions()
    low = action.lower()
    if low in exceptions:
        return exceptions[low]
    return _read_verbs().match(action.partition(":")[2]) is not None


@cache
def _exceptions() -> dict[str, bool]:
    data = read("levels.json")
    return {name.lower(): True for name in data["read"]} | {name.lower(): False for name in data["write"]}


@cache
def _read_verbs() -> re.Pattern[str]:
    # A verb ends where the next word begins: "Get" does not read "Getaway".
    return re.compile(f"(?:{'|'.join(read('levels.json')['read_verbs'])})(?![a-z])")


@cache
def _matchers() -> dict[Hazard, tuple[tuple[Matcher, ...], tuple[Matcher, ...]]]:
    def compiled(patterns: list[str]) -> tuple[Matcher, ...]:
        return tuple(glob_matcher(pattern.lower()) for pattern in patterns)

    table = read("levels.json")["hazards"]
    return {hazard: (compiled(table[hazard]["writes"]), compiled(table[hazard]["any"])) for hazard in Hazard}

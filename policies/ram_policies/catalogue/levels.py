"""Uses of an action: reading, changing, or getting more than was granted.

The level follows from the verb (``Describe``, ``Get``, ``List`` … read, all others write) with exceptions from
``levels.json``. The hazards come from two tables. For the services that hold the power over an account or run code with
a role (`classified_services`), ``classes.json`` names every action, and an action that it does not name is
`Hazard.UNCLASSIFIED`. For all services, ``levels.json`` has patterns; they are wider than strictly needed: an action
without a hazard is harmless in that respect, an action with one may be harmless in a given account.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import cache, lru_cache
from types import MappingProxyType
from typing import NamedTuple

from ram_policies.catalogue.actions import expand
from ram_policies.catalogue.data import read_catalogue
from ram_policies.pattern import Matcher, glob_matcher


class Hazard(StrEnum):
    """A way in which an action goes beyond operating what is there. The most serious come first."""

    ESCALATES = "escalates"
    POWER_OVER_ACCOUNT = "power_over_account"
    RUNS_CODE_AS = "runs_code_as"
    EXPOSES_CREDENTIALS = "exposes_credentials"
    UNCLASSIFIED = "unclassified"
    OPENS_ACCESS = "opens_access"
    STOPS_AUDIT = "stops_audit"
    READS_DATA = "reads_data"
    RELEASES = "releases"
    BUYS = "buys"

    @property
    def description(self) -> str:
        """The effect of such an action, as the rest of a sentence that starts with the action."""
        return read_catalogue("levels.json")["hazards"][self]["description"]


MORE_ACCESS = frozenset(
    {
        Hazard.ESCALATES,
        Hazard.POWER_OVER_ACCOUNT,
        Hazard.RUNS_CODE_AS,
        Hazard.EXPOSES_CREDENTIALS,
        Hazard.UNCLASSIFIED,
    }
)
"""The hazards that can turn a narrow grant into a wider one. What is unclassified counts among them."""
_PRIVILEGED = MORE_ACCESS | {Hazard.OPENS_ACCESS, Hazard.STOPS_AUDIT}
_ENDING = re.compile("delete|cancel|stop|pause|untag")
"""Beginnings of actions that end something: with none of them does anything run."""
_WORD = re.compile(r"(?<=[:-])[a-z]")
_HARMLESS = ("harmless_write", "read_only")


class AccessLevel(StrEnum):
    """Access level of an action. A privileged action also reads or writes."""

    READ = "read"
    WRITE = "write"
    PRIVILEGED = "privileged"


@lru_cache(maxsize=32768)
def access_level(action: str) -> AccessLevel:
    """The level of one action (not a pattern), also of services that are not catalogued."""
    if hazards(action) & _PRIVILEGED:
        return AccessLevel.PRIVILEGED
    return AccessLevel.READ if _reads(action) else AccessLevel.WRITE


@lru_cache(maxsize=32768)
def hazards(action: str) -> frozenset[Hazard]:
    """The hazards of one action (not a pattern), also of services that are not catalogued."""
    low, reads = action.lower(), _reads(action)
    service, _, name = low.partition(":")
    found = frozenset(
        rule.hazard
        for rule in (*_rules().get(service, ()), *_rules()["*"])
        if (rule.also_reads or not reads) and rule.matches(low) and not rule.spares(name)
    )
    if service not in _classes():
        return found
    return found | _classes()[service].get(name, frozenset({Hazard.UNCLASSIFIED}))


@lru_cache(maxsize=4096)
def pattern_hazards(pattern: str) -> Mapping[Hazard, tuple[str, ...]]:
    """The hazards of all catalogued actions that a pattern matches, each with those actions.

    An action, or a pattern that matches no action of the catalogue, counts as the action of that name, so that
    ``ram:NewAction`` and ``ram:New*`` are unclassified.
    """
    matched = expand(pattern) or (pattern,)
    found = {hazard: tuple(action for action in matched if hazard in hazards(action)) for hazard in Hazard}
    return MappingProxyType({hazard: actions for hazard, actions in found.items() if actions})


@cache
def actions_with(hazard: Hazard) -> tuple[str, ...]:
    """Every catalogued action that has a hazard, in the catalogue's order."""
    return pattern_hazards("*").get(hazard, ())


@cache
def classified_services() -> frozenset[str]:
    """The services each of whose actions is classified by name; an action without a class is a hazard by itself."""
    return frozenset(read_catalogue("classes.json"))


def _reads(action: str) -> bool:
    exceptions = _exceptions()
    low = action.lower()
    if low in exceptions:
        return exceptions[low]
    return _read_verbs().match(_spelt(action).partition(":")[2]) is not None


def _spelt(action: str) -> str:
    """The action as the catalogue spells it, since actions are compared without regard to case.

    Of one that is not in it, each word begins with a capital: ``list-nodes`` reads as ``List-Nodes`` does.
    """
    known = expand(action)
    return known[0] if known else _WORD.sub(lambda word: word[0].upper(), action)


@cache
def _exceptions() -> dict[str, bool]:
    data = read_catalogue("levels.json")
    named = {name.lower(): True for name in data["read"]} | {name.lower(): False for name in data["write"]}
    for service, table in read_catalogue("classes.json").items():
        named |= {f"{service}:{name.lower()}": True for names in table.get("read_only", ()) for name in names.split()}
    return named


@cache
def _read_verbs() -> re.Pattern[str]:
    # A verb ends where the next word begins: "Get" does not read "Getaway".
    return re.compile(f"(?:{'|'.join(read_catalogue('levels.json')['read_verbs'])})(?![a-z])")


@cache
def _classes() -> dict[str, dict[str, frozenset[Hazard]]]:
    """The hazards of each action of the classified services: service, name in lower case, hazards."""
    classes: dict[str, dict[str, frozenset[Hazard]]] = {}
    for service, table in read_catalogue("classes.json").items():
        classes[service] = {}
        for name, hazard in ((n.lower(), key) for key, lines in table.items() for line in lines for n in line.split()):
            found = frozenset[Hazard]() if hazard in _HARMLESS else frozenset({Hazard(hazard)})
            classes[service][name] = classes[service].get(name, frozenset()) | found
    return classes


class _Rule(NamedTuple):
    """One pattern of ``levels.json``: what actions that match it may be used for, reads included or not."""

    hazard: Hazard
    matches: Matcher
    also_reads: bool

    def spares(self, name: str) -> bool:
        """True if an action of that name, in lower case, cannot have the hazard, though the pattern is as wide."""
        return self.hazard is Hazard.RUNS_CODE_AS and _ENDING.match(name) is not None


@cache
def _rules() -> dict[str, tuple[_Rule, ...]]:
    """The patterns by the service that they name, those for every service under ``*``."""
    rules: dict[str, list[_Rule]] = {"*": []}
    for hazard in Hazard:
        table = read_catalogue("levels.json")["hazards"][hazard]
        for kind in ("writes", "any"):
            for pattern in table[kind]:
                rule = _Rule(hazard, glob_matcher(pattern.lower()), kind == "any")
                rules.setdefault(pattern.partition(":")[0], []).append(rule)
    return {service: tuple(found) for service, found in rules.items()}

"""The part of a stack that decides about one resource: its holders, what they are granted, and who is in which group.

Rules about a whole stack run on this part when a single resource is about to be made and the rest is not there yet.
Names are compared without regard to account: a part that is too large is right, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ram_policies.conditions import UNKNOWN
from ram_policies.stack import through_resource_manager
from ram_policies.stack.assembly import (
    ATTACHMENTS,
    GROUP,
    KEY,
    LOGIN,
    MEMBER,
    MEMBERSHIP,
    NAME_FIELDS,
    POLICY,
    PREFERENCE,
    ROLE,
    TYPES,
    USER,
)
from ram_policies.stack.bucket_access import BLOCKS
from ram_policies.stack.facts import ResourceFacts

NeighbourName = tuple[str, str]
"""A kind of resource (type token) and a name, in lower case."""

_HOLDERS = (ROLE, USER, GROUP)


class Neighbourhood:
    """The resources known so far, found by the names that they define or mention."""

    def __init__(self, resources: Iterable[ResourceFacts] = ()) -> None:
        """Begin with some resources, those of a deployed stack for example."""
        self._by_urn: dict[str, ResourceFacts] = {}
        self._names: dict[str, tuple[NeighbourName, ...]] = {}
        self._by_name: dict[NeighbourName, dict[str, None]] = {}
        self._everywhere: dict[str, None] = {}
        for facts in resources:
            self.put(facts)

    def put(self, facts: ResourceFacts) -> None:
        """Know a resource, or its new form."""
        if facts.type not in TYPES:
            return
        for name in self._names.get(facts.urn, ()):
            self._by_name[name].pop(facts.urn, None)
        self._by_urn[facts.urn] = facts
        self._names[facts.urn] = tuple(_names(facts))
        for name in self._names[facts.urn]:
            self._by_name.setdefault(name, {})[facts.urn] = None
        if _counts_everywhere(facts):
            self._everywhere[facts.urn] = None

    def around(self, urn: str) -> list[ResourceFacts]:
        """A resource with everything that decides about it, itself first."""
        found: dict[str, None] = {urn: None}
        holders = list(self._holders(urn))
        for holder in holders:
            for group in self._groups(holder):
                if group not in holders:
                    holders.append(group)
        for holder in holders:
            for other in self._by_name.get(holder, ()):
                if holder[0] != GROUP or not self._is_membership(other) or other == urn:
                    found[other] = None
        for attachment in list(found):
            for name in self._names.get(attachment, ()):
                if name[0] == POLICY:
                    found |= {other: None for other in self._by_name[name] if self._defines(other, name)}
        return [self._by_urn[one] for one in (found | self._everywhere) if one in self._by_urn]

    def _holders(self, urn: str) -> Iterator[NeighbourName]:
        """Holders that a resource is about: those it names; for a policy, everybody who has it."""
        for name in self._names.get(urn, ()):
            if name[0] in _HOLDERS:
                yield name
            elif self._defines(urn, name):
                for other in self._by_name[name]:
                    yield from (holder for holder in self._names[other] if holder[0] in _HOLDERS)

    def _groups(self, holder: NeighbourName) -> Iterator[NeighbourName]:
        """The groups of a user."""
        if holder[0] == USER:
            for other in self._by_name.get(holder, ()):
                if self._is_membership(other):
                    yield from (name for name in self._names[other] if name[0] == GROUP)

    def _is_membership(self, urn: str) -> bool:
        return self._by_urn[urn].type in {MEMBER, MEMBERSHIP}

    def _defines(self, urn: str, name: NeighbourName) -> bool:
        return _plain(self._by_urn[urn]).type == name[0]


def _plain(facts: ResourceFacts) -> ResourceFacts:
    """A resource in the terms of RAM's own resource types; any version of a policy may become the default one."""
    return next(through_resource_manager.as_ram(facts, {UNKNOWN}), facts)


def _names(facts: ResourceFacts) -> Iterator[NeighbourName]:
    plain = _plain(facts)
    if plain.type in NAME_FIELDS:
        yield from _named(plain.type, plain.text(*NAME_FIELDS[plain.type]))
    elif plain.type in ATTACHMENTS:
        _, field, holder_type = ATTACHMENTS[plain.type]
        yield from _named(holder_type, plain.text(field))
        yield from _named(POLICY, plain.text("policyName"))
    elif plain.type in {MEMBER, MEMBERSHIP}:
        yield from _named(GROUP, plain.text("groupName"))
        users = plain.properties.get("userNames")
        listed: Sequence[object] = users if isinstance(users, Sequence) and not isinstance(users, str) else ()
        for user in (plain.text("userName"), *listed):
            yield from _named(USER, user)
    elif plain.type in {LOGIN, KEY}:
        yield from _named(USER, plain.text("userName"))


def _named(kind: str, value: object) -> Iterator[NeighbourName]:
    if isinstance(value, str):
        yield kind, value.lower()


def _counts_everywhere(facts: ResourceFacts) -> bool:
    """True if a resource can decide about any other of its account: preferences, and roles that services assume."""
    plain = _plain(facts)
    trust = plain.text("assumeRolePolicyDocument", "document")
    return plain.type in {PREFERENCE, *BLOCKS} or (plain.type == ROLE and isinstance(trust, str) and "Service" in trust)

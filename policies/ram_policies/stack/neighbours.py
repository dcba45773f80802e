"""The part of a stack that decides about one resource: its holders, what they are granted, and who is in which group.

Rules about a whole stack run on this part when a single resource is about to be made and the rest is not there yet.
Names are compared without regard to account: a part that is too large is right, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from ram_policies.conditions import UNKNOWN
from ram_policies.stack import bucket_access, through_resource_manager
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
from ram_policies.stack.facts import ResourceFacts

_DECIDES_ABOUT = {PREFERENCE: frozenset({LOGIN}), **dict.fromkeys(bucket_access.BLOCKS, bucket_access.TYPES)}
"""Types of the resources that a resource decides about without naming them, wherever in its account they are."""

NeighbourName = tuple[str, str]
"""A kind of resource (type token) and a name, in lower case."""

_HOLDERS = (ROLE, USER, GROUP)
_SERVICE = re.compile(r"[a-z0-9.-]+\.aliyuncs\.com", re.IGNORECASE)


class Neighbourhood:
    """The resources known so far, found by the names that they define or mention."""

    def __init__(self, resources: Iterable[ResourceFacts] = ()) -> None:
        """Begin with some resources, those of a deployed stack for example."""
        self._by_urn: dict[str, ResourceFacts] = {}
        self._names: dict[str, tuple[NeighbourName, ...]] = {}
        self._by_name: dict[NeighbourName, dict[str, None]] = {}
        self._everywhere: dict[str, None] = {}
        self._services: dict[str, frozenset[str]] = {}
        self._opening: set[str] = set()
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
        services = _services(facts)
        if services or facts.type in _DECIDES_ABOUT:
            self._everywhere[facts.urn] = None
        self._opening.discard(facts.urn)
        if services and services - frozenset[str]().union(*self._services.values()):
            self._opening.add(facts.urn)
        self._services[facts.urn] = services

    def around(self, urn: str) -> list[ResourceFacts]:
        """A resource with everything that decides about it, itself first."""
        found: dict[str, None] = {urn: None}
        holders = list(self._holders(urn))
        holders += [user for user in self._with_keys(urn, holders) if user not in holders]
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
        found |= dict.fromkeys(self._decided(urn))
        return [self._by_urn[one] for one in (found | self._everywhere) if one in self._by_urn]

    def _with_keys(self, urn: str, holders: Iterable[NeighbourName]) -> Iterator[NeighbourName]:
        """The users with an access key who are in the groups that a resource gives something to."""
        for holder in holders if not self._is_membership(urn) else ():
            for other in self._by_name.get(holder, ()) if holder[0] == GROUP else ():
                for user in self._names[other] if self._is_membership(other) else ():
                    if user[0] == USER and any(self._by_urn[one].type == KEY for one in self._by_name[user]):
                        yield user

    def _decided(self, urn: str) -> Iterator[str]:
        """The resources that a resource decides about without naming them."""
        facts = self._by_urn.get(urn)
        if facts is None:
            return
        decided = TYPES if urn in self._opening else _DECIDES_ABOUT.get(facts.type, frozenset())
        for other, known in self._by_urn.items() if decided else ():
            if known.type in decided:
                yield other

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


def _services(facts: ResourceFacts) -> frozenset[str]:
    """The services that a role trusts, so that whoever commands them acts as the role."""
    plain = _plain(facts)
    trust = plain.document("assumeRolePolicyDocument", "document") if plain.type == ROLE else None
    listed = plain.properties.get("services") if plain.type == ROLE and trust is None else None
    return frozenset(name.lower() for name in _SERVICE.findall(trust if isinstance(trust, str) else str(listed or "")))

"""System policies of Alibaba Cloud, as documents.

A policy whose document is published carries it, with the page it stands on. One whose document is not published, or not
completely, is marked (unconfirmed.SYSTEM_POLICY_TEXT) and carries the document that its published description implies.
Of many policies official documents give the name alone: these carry `UNKNOWN_DOCUMENT`, from which nothing follows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from ram_policies.catalogue.data import read_catalogue
from ram_policies.document import UNKNOWN_DOCUMENT, Document, DocumentKind
from ram_policies.validation.parse import read_document

_NAME_ONLY = "A system policy that official documents name; what it allows is not published."


@dataclass(frozen=True, slots=True)
class SystemPolicy:
    """A policy that Alibaba Cloud maintains.

    Attributes:
        name: as RAM writes it, in its case.
        description: as RAM describes it, translated where its page is not in English.
        document: what it allows; `UNKNOWN_DOCUMENT` where only the name is known.
        published: whether the document is published; otherwise it is assumed, or unknown.
        source: where the document, or the description it follows from, is found.
        version: the version of the document, ``v3``; empty where the source does not say.
        updated: the day that version was made, ISO 8601; empty where the source does not say.
    """

    name: str
    description: str
    document: Document
    published: bool
    source: str
    version: str = ""
    updated: str = ""

    @property
    def known(self) -> bool:
        """True if there is a document, published or assumed; otherwise there is a name only."""
        return self.document != UNKNOWN_DOCUMENT


class _SystemPolicies(Mapping[str, SystemPolicy]):
    """Knows every name at once and reads a document only when its policy is asked for."""

    def __init__(self, entries: dict[str, dict[str, Any]]) -> None:
        self._entries = entries
        self._read: dict[str, SystemPolicy] = {}

    def __getitem__(self, name: str) -> SystemPolicy:
        if name not in self._read:
            self._read[name] = _policy(name, self._entries[name])
        return self._read[name]

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)


def _policy(name: str, entry: dict[str, Any]) -> SystemPolicy:
    document = UNKNOWN_DOCUMENT
    if "document" in entry:
        document = read_document(entry["document"], DocumentKind.IDENTITY, name)
    return SystemPolicy(
        name,
        entry["description"],
        document,
        entry["published"],
        entry["source"],
        entry["version"],
        entry["updated"],
    )


@cache
def system_policies() -> Mapping[str, SystemPolicy]:
    """All system policies of the catalogue by name, in its case; an attachment must name them exactly so."""
    named = read_catalogue("system_policy_names.json")
    entry = {"description": _NAME_ONLY, "published": False, "source": named["source"], "version": "", "updated": ""}
    names = (name for line in named["names"] for name in line.split())
    return _SystemPolicies({**dict.fromkeys(names, entry), **read_catalogue("system_policies.json")})


@cache
def _folded_names() -> Mapping[str, str]:
    return {name.lower(): name for name in system_policies()}


def system_policy(name: str) -> SystemPolicy | None:
    """The system policy of that name, compared without regard to case as RAM does; None when the catalogue has none.

    Its `SystemPolicy.name` has the right case.
    """
    exact = _folded_names().get(name.lower())
    return None if exact is None else system_policies()[exact]

"""System policies of Alibaba Cloud, as data.

A policy whose document is published carries it; one whose document is not is marked as assumed
(unconfirmed.SYSTEM_POLICY_TEXT), with the document its published description implies.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from ram_policies.document import Document, DocumentKind


@dataclass(frozen=True, slots=True)
class SystemPolicy:
    """A policy that Alibaba Cloud maintains.

    Attributes:
        name: as RAM writes it.
        description: as RAM describes it.
        document: what it allows.
        published: whether the document is published; otherwise it is assumed.
        source: where the document, or the description it follows from, is found.
    """

    name: str
    description: str
    document: Document
    published: bool
    source: str


@cache
def system_policies() -> Mapping[str, SystemPolicy]:
    """All system policies of the catalogue, by name."""
    text = files("ram_policies.catalogue").joinpath("system_policies.json").read_text("utf-8")
    return {
        name: SystemPolicy(
            name,
            entry["description"],
            Document.from_dict(entry["document"], DocumentKind.IDENTITY),
            entry["published"],
            entry["source"],
        )
        for name, entry in json.loads(text).items()
    }


@cache
def _by_folded_name() -> Mapping[str, SystemPolicy]:
    return {name.lower(): policy for name, policy in system_policies().items()}


def system_policy(name: str) -> SystemPolicy | None:
    """The system policy of that name, compared without regard to case as RAM does; None when the catalogue has none."""
    return _by_folded_name().get(name.lower())

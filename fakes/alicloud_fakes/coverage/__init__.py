"""Coverage of each product by the fake, computed from the declarations of its actions.

Beside it stand two files: `published.json`, what Alibaba Cloud publishes (from its SDKs, by
tools/coverage_published.py), and `ignored.json`, the parameters that the fake takes and does nothing with, each with
the reason.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from alicloud_fakes.pipeline.registry import Action, Service
from alicloud_fakes.services import services

PUBLISHED = "published.json"
IGNORED = "ignored.json"


@dataclass(frozen=True, slots=True)
class ActionCoverage:
    """One action of the fake.

    Attributes:
        action: its name.
        handled: parameters that it reads.
        ignored: parameters that it takes and does nothing with, with the reason.
        unknown: published parameters that are neither.
    """

    action: str
    handled: tuple[str, ...]
    ignored: dict[str, str]
    unknown: tuple[str, ...]


@cache
def _read(name: str) -> dict[str, Any]:
    return json.loads(files("alicloud_fakes.coverage").joinpath(name).read_text(encoding="utf-8"))


def published_actions(service: str) -> dict[str, list[str] | None]:
    """The published actions of a product, with their parameters where they are known; none for products without SDK."""
    return _read(PUBLISHED).get(service, {}).get("actions", {})


def ignored(service: str, action: str) -> dict[str, str]:
    """Parameters that an action takes and does nothing with, with the reason."""
    table: dict[str, dict[str, str]] = _read(IGNORED).get(service, {})
    return {name: why for key in ("*", action) for names, why in table.get(key, {}).items() for name in names.split()}


def handled(action: Action) -> tuple[str, ...]:
    """Parameters that an action reads, by their first names."""
    names = {field.wire for field in action.request.fields()} | set(action.request.also_reads)
    return tuple(sorted(names))


def parameter_coverage(service: Service[Any], action: Action) -> ActionCoverage:
    """Coverage of one action's published parameters."""
    known = published_actions(service.name).get(action.name)
    reads = handled(action)
    takes = ignored(service.name, action.name)
    if known is None:
        return ActionCoverage(action.name, reads, {}, ())
    own = {name: why for name, why in takes.items() if name in known and name not in reads}
    return ActionCoverage(
        action.name, reads, own, tuple(name for name in known if name not in reads and name not in own)
    )


def all_services() -> list[Service[Any]]:
    """The services in the order of the page."""
    return list(services().values())

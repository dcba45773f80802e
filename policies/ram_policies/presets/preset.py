"""Presets as values, and how their statements are narrowed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import product

from ram_policies.catalogue import Hazard
from ram_policies.document import Condition, Effect, Statement
from ram_policies.presets.preset_parameters import Arguments, Parameter

ANY = ("*",)
OPERATIONS_ONLY = frozenset(Hazard)
"""The hazards of presets that read settings and operate what is there, and nothing else: they have none."""

EITHER_TAG_KEY = {
    "ecs": ("ecs:tag/", "acs:ResourceTag/"),
    "rds": ("rds:ResourceTag/", "acs:ResourceTag/"),
    "slb": ("slb:tag/", "acs:ResourceTag/"),
}
"""Services name tags by a key of their own, by the common key, or by both; one is enough (unconfirmed.TAG_KEYS)."""


@dataclass(frozen=True, slots=True)
class Preset:
    """A grant with a name.

    Attributes:
        name: as it is written in configuration.
        title: what it is for, in a few words.
        allows: what it allows, in sentences.
        withholds: what somebody might expect of it and will not get, in sentences.
        parameters: what narrows it.
        operations: the actions it allows that change something.
        never: the hazards none of its actions has.
        sources: where resources and condition keys of its actions are documented.
        build: from checked arguments to statements.
    """

    name: str
    title: str
    allows: str
    withholds: str
    parameters: tuple[Parameter, ...]
    operations: frozenset[str]
    never: frozenset[Hazard]
    sources: tuple[str, ...]
    build: Callable[[Arguments], tuple[Statement, ...]]


def resources(service: str, regions: Iterable[str], relative_ids: Iterable[str]) -> tuple[str, ...]:
    """ARN patterns of every relative id in every region. A policy only reaches resources of the account it is in."""
    return tuple(f"acs:{service}:{region}:*:{relative}" for region, relative in product(regions, relative_ids))


def narrowed(actions: Iterable[str], on: Iterable[str], service: str, arguments: Arguments) -> tuple[Statement, ...]:
    """Statements that allow actions on resources with the tags and in the resource groups of the arguments.

    With tags there is one statement for each way of naming tags: `EITHER_TAG_KEY`.
    """
    groups = arguments.of("resourceGroups")
    # unconfirmed.RESOURCE_GROUP_KEY
    common = (Condition("StringEquals", "acs:ResourceGroupId", groups),) if groups else ()
    prefixes = EITHER_TAG_KEY[service] if arguments.tags else ("",)
    return tuple(
        Statement(
            Effect.ALLOW,
            tuple(actions),
            resources=tuple(on),
            conditions=(
                *common,
                *(Condition("StringEquals", f"{prefix}{key}", values) for key, values in arguments.tags),
            ),
        )
        for prefix in prefixes
    )


def allow_whatever_tags(actions: Iterable[str], on: Iterable[str] = ANY) -> Statement:
    """A statement that allows actions on resources, whatever their tags."""
    return Statement(Effect.ALLOW, tuple(actions), resources=tuple(on))

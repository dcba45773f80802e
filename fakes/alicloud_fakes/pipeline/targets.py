"""Targets of a permission: resources, with the condition keys that their tags and resource groups give."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from alicloud_fakes.pipeline.declare import Tag

ConditionKeys: TypeAlias = dict[str, str | tuple[str, ...]]


class RegionalResource(Protocol):
    """A regional resource with tags, in a resource group or in none."""

    id: str
    region: str
    resource_group: str
    tags: dict[str, str]


@dataclass(frozen=True, slots=True)
class Target:
    """A resource that a request is about, with what is known of it.

    Attributes:
        arn: relative id (``instance/i-1``) in the caller's account, or whole ARN.
        context: condition keys that come from the resource: its tags.
        resource_group: the group it is in; empty for none.
    """

    arn: str
    context: Mapping[str, str | tuple[str, ...]]
    resource_group: str = ""


Targets: TypeAlias = str | Target | tuple[str | Target, ...]


@dataclass(frozen=True, slots=True)
class TargetKind:
    """A kind of regional resources.

    Attributes:
        code: of the product, in ARNs.
        name: of the kind, in ARNs: ``instance``.
        tag_key: the product's own condition key for tags, beside ``acs:ResourceTag``; empty where it has none.
    """

    code: str
    name: str
    tag_key: str = ""

    def keys(self, tags: Mapping[str, str], resource_group: str = "") -> ConditionKeys:
        """Condition keys that the tags and the group of a resource give."""
        keys: ConditionKeys = {}
        for key, value in tags.items():
            keys[f"acs:ResourceTag/{key}"] = value
            if self.tag_key:
                keys[f"{self.tag_key}/{key}"] = value
        if resource_group:
            keys["acs:ResourceGroupId"] = resource_group
        return keys

    def existing(self, account: str, found: RegionalResource) -> Target:
        """A resource that there is."""
        keys = self.keys(found.tags, found.resource_group)
        return Target(f"acs:{self.code}:{found.region}:{account}:{self.name}/{found.id}", keys, found.resource_group)

    def named(
        self, account: str, known: Mapping[str, RegionalResource], ids: Iterable[str]
    ) -> tuple[str | Target, ...]:
        """The resources of these IDs; one that does not exist is checked by its name alone."""
        return tuple(
            self.existing(account, known[one]) if one in known else f"{self.name}/{one}" for one in dict.fromkeys(ids)
        )

    def new(self, tags: Iterable[Tag] | None, resource_group: str) -> Target:
        """A resource that a request is about to create, with the tags and the group that it asks for."""
        keys = keys_of_request_tags(tags)
        if resource_group:
            keys["acs:ResourceGroupId"] = resource_group
        return Target(f"{self.name}/*", keys, resource_group)

    def listed(self, tags: Mapping[str, str], resource_group: str) -> Target:
        """Targets of a list that is narrowed by tags and a group: what can be seen carries them."""
        return Target(f"{self.name}/*", self.keys(tags, resource_group), resource_group)


def keys_of_request_tags(tags: Iterable[Tag] | None) -> ConditionKeys:
    """Condition keys that the tags in a request give."""
    return {f"acs:RequestTag/{tag.key}": tag.value for tag in tags or ()}

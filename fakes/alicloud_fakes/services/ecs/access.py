"""What actions of ECS are checked for: ARNs with the resource's own region, and the keys that come from its tags.

Source: Alibaba Cloud, ECS, "RAM authorization"; "Use tags to control access to resources".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from alicloud_fakes.pipeline.declare import Tag
from alicloud_fakes.pipeline.registry import Target
from alicloud_fakes.services.ecs.models import Ecs, Instance, SecurityGroup


def of_tags(tags: Mapping[str, str]) -> dict[str, str | tuple[str, ...]]:
    """Condition keys that the tags of a resource give."""
    keys: dict[str, str | tuple[str, ...]] = {}
    for key, value in tags.items():
        keys[f"ecs:tag/{key}"] = keys[f"acs:ResourceTag/{key}"] = value
    return keys


def of_request_tags(tags: Iterable[Tag] | None) -> dict[str, str | tuple[str, ...]]:
    """Condition keys that the tags in a request give."""
    return {f"acs:RequestTag/{tag.key}": tag.value for tag in tags or ()}


def target(account: str, kind: str, found: Instance | SecurityGroup) -> Target:
    """A resource as what a permission is checked for."""
    keys = of_tags(found.tags)
    if found.resource_group:
        keys["acs:ResourceGroupId"] = found.resource_group
    return Target(f"acs:ecs:{found.region}:{account}:{kind}/{found.id}", keys, found.resource_group)


def _state(request: Any) -> Ecs:  # noqa: ANN401 - any request
    return request.call.signed_by.account.ecs


def instances(request: Any, ids: Iterable[str]) -> tuple[str | Target, ...]:  # noqa: ANN401 - any request
    """The instances of these IDs; one that does not exist is checked by its name alone."""
    state = _state(request)
    return tuple(_one(state, "instance", state.instances, instance_id) for instance_id in dict.fromkeys(ids))


def security_groups(request: Any, ids: Iterable[str]) -> tuple[str | Target, ...]:  # noqa: ANN401 - any request
    """The security groups of these IDs."""
    state = _state(request)
    return tuple(_one(state, "securitygroup", state.security_groups, one) for one in dict.fromkeys(ids))


def _one(state: Ecs, kind: str, known: Mapping[str, Instance] | Mapping[str, SecurityGroup], name: str) -> str | Target:
    found = known.get(name)
    return target(state.account.id, kind, found) if found is not None else f"{kind}/{name}"

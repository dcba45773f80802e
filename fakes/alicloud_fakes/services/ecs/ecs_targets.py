"""Targets of ECS permissions: ARNs with the resource's own region, and the keys that come from its tags.

Source: Alibaba Cloud, ECS, "RAM authorization"; "Use tags to control access to resources".
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from alicloud_fakes.pipeline.targets import Target, TargetKind

INSTANCE = TargetKind("ecs", "instance", "ecs:tag")
SECURITY_GROUP = TargetKind("ecs", "securitygroup", "ecs:tag")


def instance_targets(request: Any, ids: Iterable[str]) -> tuple[str | Target, ...]:  # noqa: ANN401 - any request
    """The instances of these IDs; one that does not exist is checked by its name alone."""
    account = request.call.signed_by.account
    return INSTANCE.named(account.id, account.ecs.instances, ids)


def security_group_targets(request: Any, ids: Iterable[str]) -> tuple[str | Target, ...]:  # noqa: ANN401 - any request
    """The security groups of these IDs."""
    account = request.call.signed_by.account
    return SECURITY_GROUP.named(account.id, account.ecs.security_groups, ids)

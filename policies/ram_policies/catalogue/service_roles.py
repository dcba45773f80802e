"""Ways to the permissions of roles that services assume: who may command a resource acts as the role it has.

Source: Alibaba Cloud, RAM, "Services that support RAM roles"; ECS, "Instance RAM roles"; the documentation of roles in
Function Compute, OOS, ROS, ECI, CloudFlow and Service Catalog.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from ram_policies.catalogue.data import read_catalogue


@dataclass(frozen=True, slots=True)
class ServiceRole:
    """One service that runs work with a role: permissions on it become permissions of the role.

    Attributes:
        principal: the service in the role's trust policy, ``ecs.aliyuncs.com``.
        title: what has the role: ``an ECS instance``.
        uses: actions each of which is enough where such a resource with a role exists.
        hands_over: actions that give a role to a resource; each needs ram:PassRole on the role as well.
    """

    principal: str
    title: str
    uses: tuple[str, ...]
    hands_over: tuple[str, ...]


@cache
def service_roles() -> tuple[ServiceRole, ...]:
    """Every service that is known to run what its callers give it with a role."""
    return tuple(
        ServiceRole(principal, entry["title"], tuple(entry["uses"]), tuple(entry["hands_over"]))
        for principal, entry in read_catalogue("service_roles.json").items()
    )

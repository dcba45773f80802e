"""State of SLB in an account."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alicloud_fakes.identity.account import Account


@dataclass(slots=True, eq=False)
class Listener:
    """A port that a load balancer listens on. `status`: ``running`` or ``stopped``."""

    port: int
    protocol: str
    status: str = "running"
    backend_port: int = 80


@dataclass(slots=True, eq=False)
class BackendServer:
    """A server behind a load balancer. `healthy`: what a health check would find."""

    id: str
    weight: int = 100
    type: str = "ecs"
    description: str = ""
    healthy: bool = True


@dataclass(slots=True, eq=False)
class LoadBalancer:
    """One load balancer."""

    id: str
    name: str
    region: str
    created: float
    address: str
    address_type: str = "internet"
    status: str = "active"
    resource_group: str = ""
    tags: dict[str, str] = field(default_factory=dict[str, str])
    listeners: dict[tuple[int, str], Listener] = field(default_factory=dict[tuple[int, str], Listener])
    servers: dict[str, BackendServer] = field(default_factory=dict[str, BackendServer])


@dataclass(eq=False, repr=False)
class Slb:
    """SLB in one account.

    Attributes:
        account: the account.
        balancers: by ID.
        in_region: load balancers by region, each by ID.
    """

    account: Account
    balancers: dict[str, LoadBalancer] = field(default_factory=dict[str, LoadBalancer])
    in_region: dict[str, dict[str, LoadBalancer]] = field(default_factory=dict[str, dict[str, LoadBalancer]])

    def create(
        self,
        name: str = "",
        *,
        region: str = "cn-hangzhou",
        listeners: Mapping[int, str] | None = None,
        tags: Mapping[str, str] | None = None,
        resource_group: str = "",
    ) -> LoadBalancer:
        """Create a load balancer, as its owner would.

        Args:
            name: made up by default.
            region: ID of the region.
            listeners: protocols by port; ``{80: "http"}`` by default.
            tags: tags.
            resource_group: the resource group it is in.
        """
        cloud = self.account.cloud
        number = len(self.balancers) + 1
        balancer = LoadBalancer(
            f"lb-bp1{cloud.entropy.base32(17).lower()}",
            name or f"balancer-{number}",
            region,
            cloud.clock.time(),
            f"192.0.2.{number % 254 + 1}",
            resource_group=resource_group,
            tags=dict(tags or {}),
        )
        for port, protocol in ({80: "http"} if listeners is None else listeners).items():
            balancer.listeners[port, protocol] = Listener(port, protocol)
        self.balancers[balancer.id] = balancer
        self.in_region.setdefault(region, {})[balancer.id] = balancer
        return balancer

"""What ECS knows about an account."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alicloud_fakes.core.account import Account


@dataclass(slots=True, eq=False)
class Instance:
    """One instance."""

    id: str
    name: str
    region: str
    zone: str
    type: str
    image: str
    created: str
    status: str = "Running"
    private_ip: str = ""
    resource_group: str = ""
    tags: dict[str, str] = field(default_factory=dict[str, str])


class Ecs:
    """ECS in one account.

    Attributes:
        account: the account.
        instances: by ID.
    """

    def __init__(self, account: Account) -> None:
        self.account = account
        self.instances: dict[str, Instance] = {}

    def run(
        self,
        name: str = "",
        *,
        region: str = "cn-hangzhou",
        instance_type: str = "ecs.g6.large",
        image: str = "aliyun_3_x64_20G_alibase_20240528.vhd",
        tags: dict[str, str] | None = None,
    ) -> Instance:
        """Start an instance, as its owner would."""
        entropy = self.account.cloud.entropy
        number = len(self.instances) + 1
        instance = Instance(
            f"i-bp1{entropy.base32(17).lower()}",
            name or f"instance-{number}",
            region,
            f"{region}-h",
            instance_type,
            image,
            self.account.cloud.clock.stamp(),
            private_ip=f"172.16.{number // 250}.{number % 250 + 1}",
            tags=dict(tags or {}),
        )
        self.instances[instance.id] = instance
        return instance

"""What RDS knows about an account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alicloud_fakes.core.account import Account


@dataclass(slots=True, eq=False)
class DBInstance:
    """One database instance."""

    id: str
    description: str
    region: str
    zone: str
    engine: str
    engine_version: str
    instance_class: str
    created: str
    status: str = "Running"


class Rds:
    """RDS in one account.

    Attributes:
        account: the account.
        instances: by ID.
    """

    def __init__(self, account: Account) -> None:
        self.account = account
        self.instances: dict[str, DBInstance] = {}

    def create(
        self,
        description: str = "",
        *,
        region: str = "cn-hangzhou",
        engine: str = "MySQL",
        engine_version: str = "8.0",
        instance_class: str = "mysql.n2.medium.1",
    ) -> DBInstance:
        """Create an instance, as its owner would."""
        cloud = self.account.cloud
        instance = DBInstance(
            f"rm-bp1{cloud.entropy.base32(14).lower()}",
            description,
            region,
            f"{region}-h",
            engine,
            engine_version,
            instance_class,
            cloud.clock.stamp(),
        )
        self.instances[instance.id] = instance
        return instance

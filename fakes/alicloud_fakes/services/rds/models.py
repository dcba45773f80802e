"""State of RDS in an account."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alicloud_fakes.identity.account import Account

_PORTS = {"MySQL": "3306", "MariaDB": "3306", "PostgreSQL": "5432", "SQLServer": "1433"}


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
    resource_group: str = ""
    restarted: str = ""
    deletion_protection: bool = False
    tags: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def address(self) -> str:
        """Address that clients connect to."""
        return f"{self.id}.mysql.rds.aliyuncs.com" if self.engine == "MySQL" else f"{self.id}.rds.aliyuncs.com"

    @property
    def port(self) -> str:
        """The port of the engine."""
        return _PORTS.get(self.engine, "3306")


@dataclass(eq=False, repr=False)
class Rds:
    """RDS in one account.

    Attributes:
        account: the account.
        instances: by ID.
        in_region: instances by region, each by ID.
    """

    account: Account
    instances: dict[str, DBInstance] = field(default_factory=dict[str, DBInstance])
    in_region: dict[str, dict[str, DBInstance]] = field(default_factory=dict[str, dict[str, DBInstance]])

    def create(
        self,
        description: str = "",
        *,
        region: str = "cn-hangzhou",
        engine: str = "MySQL",
        engine_version: str = "8.0",
        instance_class: str = "mysql.n2.medium.1",
        tags: Mapping[str, str] | None = None,
        resource_group: str = "",
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
            resource_group=resource_group,
            tags=dict(tags or {}),
        )
        self.instances[instance.id] = instance
        self.in_region.setdefault(region, {})[instance.id] = instance
        return instance

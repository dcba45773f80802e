"""State of ECS in an account."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from alicloud_fakes.identity.account import Account

_SIZE = re.compile(r"(?:(\d+)x)?large\Z|(medium|small)\Z")
DISK_CATEGORIES = ("cloud", "cloud_auto", "cloud_efficiency", "cloud_essd", "cloud_essd_entry", "cloud_ssd")
DEFAULT_CATEGORY = "cloud_essd"
TYPES = tuple(
    f"ecs.{family}.{size}" for family in ("g6", "g7", "c6", "c7", "r6", "r7") for size in ("large", "xlarge", "2xlarge")
)
_GIB_PER_CPU = {"c": 2, "g": 4, "r": 8, "t": 2}


def family_of(instance_type: str) -> str:
    """The family of a type: ``ecs.g6``."""
    return instance_type.rpartition(".")[0]


def cpus_of(instance_type: str) -> int:
    """Virtual CPUs of a type, from its name."""
    match = _SIZE.search(instance_type)
    if match is None or match[2]:
        return 1
    return 4 * int(match[1]) if match[1] else 4 if instance_type.endswith("xlarge") else 2


def memory_of(instance_type: str) -> int:
    """MiB of a type, from its name."""
    family = instance_type.removeprefix("ecs.")[:1]
    return cpus_of(instance_type) * _GIB_PER_CPU.get(family, 4) * 1024


@dataclass(slots=True, eq=False)
class SystemDisk:
    """The system disk of an instance; it is made and deleted with it."""

    category: str = DEFAULT_CATEGORY
    size: int = 40
    name: str = ""
    description: str = ""


@dataclass(slots=True, eq=False)
class Instance:
    """One instance. Times are as ECS writes them, to the minute."""

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
    host_name: str = ""
    description: str = ""
    started: str = ""
    stopped_mode: str = "Not-applicable"
    charge_type: str = "PostPaid"
    deletion_protection: bool = False
    vpc: str = ""
    vswitch: str = ""
    key_pair: str = ""
    security_groups: list[str] = field(default_factory=list[str])
    ram_role: str = ""
    internet_charge_type: str = "PayByTraffic"
    bandwidth_out: int = 0
    public_ip: str = ""
    user_data: str = ""
    system_disk: SystemDisk = field(default_factory=SystemDisk)

    @property
    def disk_id(self) -> str:
        """ID of the system disk."""
        return f"d-{self.id.removeprefix('i-')}"

    @property
    def interface_id(self) -> str:
        """ID of the primary network interface."""
        return f"eni-{self.id.removeprefix('i-')}"

    @property
    def family(self) -> str:
        """The family of the type: ``ecs.g6``."""
        return family_of(self.type)

    @property
    def cpus(self) -> int:
        """Virtual CPUs, from the name of the type."""
        return cpus_of(self.type)

    @property
    def memory(self) -> int:
        """MiB, from the name of the type."""
        return memory_of(self.type)


@dataclass(slots=True, eq=False)
class SecurityGroup:
    """One security group. A rule is what AuthorizeSecurityGroup was given, by the names of the API."""

    id: str
    name: str
    region: str
    created: str
    description: str = ""
    vpc: str = ""
    type: str = "normal"
    resource_group: str = ""
    tags: dict[str, str] = field(default_factory=dict[str, str])
    rules: list[dict[str, str]] = field(default_factory=list[dict[str, str]])


@dataclass(eq=False, repr=False)
class Ecs:
    """ECS in one account.

    Attributes:
        account: the account.
        instances: by ID.
        security_groups: by ID.
        in_region: instances by region, each by ID: a list is of one region.
        in_group: instances by security group, each by ID.
        tokens: what a client token started, so that sending a request again starts nothing more.
    """

    account: Account
    instances: dict[str, Instance] = field(default_factory=dict[str, Instance])
    security_groups: dict[str, SecurityGroup] = field(default_factory=dict[str, SecurityGroup])
    in_region: dict[str, dict[str, Instance]] = field(default_factory=dict[str, dict[str, Instance]])
    in_group: dict[str, dict[str, Instance]] = field(default_factory=dict[str, dict[str, Instance]])
    tokens: dict[str, list[str]] = field(default_factory=dict[str, list[str]])

    def now(self) -> str:
        """The time to the minute, as ECS writes it."""
        return self.account.cloud.clock.stamp()[:16] + "Z"

    def new_id(self, kind: str) -> str:
        """An ID: ``i-bp1...``."""
        return f"{kind}-bp1{self.account.cloud.entropy.base32(17).lower()}"

    def run(
        self,
        name: str = "",
        *,
        region: str = "cn-hangzhou",
        instance_type: str = "ecs.g6.large",
        image: str = "aliyun_3_x64_20G_alibase_20240528.vhd",
        tags: Mapping[str, str] | None = None,
        **more: Any,  # noqa: ANN401 - further fields of Instance
    ) -> Instance:
        """Start an instance, as its owner would.

        Args:
            name: made up by default.
            region: ID of the region.
            instance_type: ID of the type.
            image: ID of the image.
            tags: tags.
            more: further fields of `Instance`.
        """
        number = len(self.instances) + 1
        now = self.now()
        values: dict[str, Any] = {
            "zone": f"{region}-h",
            "private_ip": f"172.{16 + number // 62500 % 16}.{number // 250 % 250}.{number % 250 + 1}",
            "started": now,
            "host_name": name or f"instance-{number}",
            **more,
        }
        if values.get("bandwidth_out"):
            values.setdefault("public_ip", f"47.{96 + number // 62500 % 16}.{number // 250 % 250}.{number % 250 + 1}")
        instance = Instance(
            self.new_id("i"),
            name or f"instance-{number}",
            region,
            type=instance_type,
            image=image,
            created=now,
            tags=dict(tags or {}),
            **values,
        )
        self.instances[instance.id] = instance
        self.in_region.setdefault(region, {})[instance.id] = instance
        for group in instance.security_groups:
            self.in_group.setdefault(group, {})[instance.id] = instance
        return instance

    def release(self, instances: Iterable[Instance]) -> None:
        """Let instances go."""
        for instance in instances:
            del self.instances[instance.id]
            del self.in_region[instance.region][instance.id]
            for group in instance.security_groups:
                self.in_group[group].pop(instance.id, None)

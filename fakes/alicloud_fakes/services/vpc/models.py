"""State of VPC in an account."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from alicloud_fakes.core.errors import ApiError

if TYPE_CHECKING:
    from alicloud_fakes.identity.account import Account

_PRIVATE = tuple(ipaddress.IPv4Network(text) for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))
_RESERVED = 4  # addresses of a vSwitch that the network keeps for itself


@dataclass(slots=True, eq=False)
class Vpc:
    """A network."""

    id: str
    name: str
    region: str
    cidr: str
    created: str
    description: str = ""
    resource_group: str = ""
    tags: dict[str, str] = field(default_factory=dict[str, str])


@dataclass(slots=True, eq=False)
class VSwitch:
    """A part of a network, in one zone."""

    id: str
    name: str
    region: str
    zone: str
    vpc: str
    cidr: str
    created: str
    description: str = ""
    resource_group: str = ""
    tags: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def free(self) -> int:
        """Addresses that may be given to instances."""
        return ipaddress.ip_network(self.cidr).num_addresses - _RESERVED


@dataclass(eq=False, repr=False)
class Vpcs:
    """VPC in one account.

    Attributes:
        account: the account.
        vpcs: by ID.
        switches: by ID.
        tokens: what a client token created, so that sending a request again creates nothing more.
    """

    account: Account
    vpcs: dict[str, Vpc] = field(default_factory=dict[str, Vpc])
    switches: dict[str, VSwitch] = field(default_factory=dict[str, VSwitch])
    tokens: dict[str, str] = field(default_factory=dict[str, str])

    def new_id(self, kind: str) -> str:
        """An ID: ``vpc-bp1...``."""
        return f"{kind}-bp1{self.account.cloud.entropy.base32(17).lower()}"

    def switches_of(self, vpc: Vpc) -> list[VSwitch]:
        """The vSwitches of a network."""
        return [one for one in self.switches.values() if one.vpc == vpc.id]


def network_of(text: str) -> ipaddress.IPv4Network:
    """The block of a new network.

    Raises:
        ApiError: it is malformed, not private, or not between /8 and /28.
    """
    found = _block(text)
    if not 8 <= found.prefixlen <= 28 or not any(found.subnet_of(one) for one in _PRIVATE):
        raise _malformed()
    return found


def part_of(text: str, vpc: Vpc, taken: list[VSwitch]) -> ipaddress.IPv4Network:
    """The block of a new vSwitch.

    Raises:
        ApiError: it is malformed, not between /16 and /29, not inside the network, or shared with another vSwitch.
    """
    found = _block(text)
    if not 16 <= found.prefixlen <= 29 or not found.subnet_of(ipaddress.IPv4Network(vpc.cidr)):
        raise _malformed()
    if any(found.overlaps(ipaddress.IPv4Network(one.cidr)) for one in taken):
        raise ApiError(400, "InvalidCidrBlock.Overlapped", "Specified CIDR block overlapped with other subnets.")
    return found


def _block(text: str) -> ipaddress.IPv4Network:
    try:
        return ipaddress.IPv4Network(text)
    except ValueError:
        raise _malformed() from None


def _malformed() -> ApiError:
    return ApiError(400, "InvalidCidrBlock.Malformed", "Specified CIDR block is not valid.")


def router_of(found: Vpc) -> str:
    """ID of the router of a network."""
    return f"vrt-{found.id.removeprefix('vpc-')}"


def route_table_of(found: Vpc) -> str:
    """ID of the route table of a network."""
    return f"vtb-{found.id.removeprefix('vpc-')}"


def shown_vpc(state: Vpcs, found: Vpc) -> dict[str, Any]:
    """A network, as it is described."""
    return {
        "VpcId": found.id,
        "VpcName": found.name,
        "RegionId": found.region,
        "CidrBlock": found.cidr,
        "Description": found.description,
        "CreationTime": found.created,
        "Status": "Available",
        "IsDefault": False,
        "OwnerId": int(state.account.id),
        "ResourceGroupId": found.resource_group,
        "VRouterId": router_of(found),
        "VSwitchIds": {"VSwitchId": [one.id for one in state.switches_of(found)]},
        "UserCidrs": {"UserCidr": []},
        "SecondaryCidrBlocks": {"SecondaryCidrBlock": []},
        "Tags": {"Tag": [{"Key": key, "Value": value} for key, value in found.tags.items()]},
    }


def shown_switch(state: Vpcs, found: VSwitch) -> dict[str, Any]:
    """A vSwitch, as it is described."""
    return {
        "VSwitchId": found.id,
        "VSwitchName": found.name,
        "VpcId": found.vpc,
        "ZoneId": found.zone,
        "CidrBlock": found.cidr,
        "Description": found.description,
        "CreationTime": found.created,
        "Status": "Available",
        "IsDefault": False,
        "OwnerId": int(state.account.id),
        "AvailableIpAddressCount": found.free,
        "ResourceGroupId": found.resource_group,
        "Tags": {"Tag": [{"Key": key, "Value": value} for key, value in found.tags.items()]},
    }

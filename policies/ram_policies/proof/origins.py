"""Addresses that requests come from, in parts that the conditions of a document treat alike."""

from __future__ import annotations

import ipaddress
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from ram_policies.conditions import CompiledCondition
from ram_policies.document import Condition
from ram_policies.operators import LineComparison
from ram_policies.values import ADDRESSES, address_position

SOURCE_IP = "acs:SourceIp"
_NEARLY_ALL = 0.875
_SPECIAL_4 = (0, 10, 100, 127, 169, 172, 192, 198, 203)
"""First numbers of IPv4 addresses of which some never come from the internet (RFC 6890)."""
_INTERNET_4 = tuple(f"{first}.0.0.0/8" for first in range(1, 224) if first not in _SPECIAL_4)
# Cut, so that a test that is no comparison of networks (StringLike) is tried in several places.
_INTERNET_6 = tuple(f"{first:x}00::/8" for first in range(0x20, 0x40))
_PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")


@dataclass(frozen=True, slots=True)
class Origin:
    """Addresses that all conditions treat alike.

    Attributes:
        address: one of them.
        share_4: their share in all IPv4 addresses of the internet.
        share_6: their share in all IPv6 addresses of the internet.
    """

    address: str
    share_4: float = 0.0
    share_6: float = 0.0


@lru_cache(maxsize=256)
def internet_origins(conditions: tuple[Condition, ...]) -> tuple[Origin, ...]:
    """Addresses of the internet in the parts that conditions on ``acs:SourceIp`` tell apart."""
    compiled = tuple(map(CompiledCondition, conditions))
    found: dict[tuple[bool | None, ...], Origin] = {}
    for networks, four in ((_INTERNET_4, True), (_INTERNET_6, False)):
        total = sum(ipaddress.ip_network(network).num_addresses for network in networks)
        for address, size in _pieces(networks, compiled):
            kind = _treated(address, compiled)
            old = found.get(kind, Origin(address))
            more = size / total
            found[kind] = Origin(old.address, old.share_4 + (more if four else 0), old.share_6 + (0 if four else more))
    return tuple(found.values())


@lru_cache(maxsize=256)
def private_origins(conditions: tuple[Condition, ...]) -> tuple[Origin, ...]:
    """Private addresses, which everybody may have in a network of their own, in the parts that are told apart."""
    compiled = tuple(map(CompiledCondition, conditions))
    found = {_treated(address, compiled): Origin(address) for address, _ in _pieces(_PRIVATE, compiled)}
    return tuple(found.values())


def nearly_all(origins: Iterable[Origin]) -> bool:
    """True if these are nearly all addresses of the internet, by IPv4 or by IPv6."""
    several = tuple(origins)
    return max(sum(o.share_4 for o in several), sum(o.share_6 for o in several)) > _NEARLY_ALL


def _treated(address: str, compiled: Iterable[CompiledCondition]) -> tuple[bool | None, ...]:
    return tuple(condition.holds({SOURCE_IP: address}) for condition in compiled)


def _pieces(networks: Iterable[str], compiled: Iterable[CompiledCondition]) -> Iterator[tuple[str, int]]:
    """An address of each interval of the networks between two borders of the conditions, and its size."""
    borders = sorted(
        {
            border
            for condition in compiled
            if isinstance(condition.operator.comparison, LineComparison)
            for value in condition.condition.values
            for border in condition.operator.comparison.borders(value)
        }
    )
    for network in map(ipaddress.ip_network, networks):
        first = address_position(network.version, int(network.network_address))
        end = first + network.num_addresses
        cuts = [first, *borders[bisect_right(borders, first) : bisect_left(borders, end)], end]
        for start, stop in pairwise(cuts):
            yield ADDRESSES.write(start, stop - 1), stop - start

"""Parts of the address space that conditions distinguish, and their share of the internet."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest

from ram_policies.document import Condition
from ram_policies.proof.origins import SOURCE_IP, internet_origins, nearly_all, private_origins


def within(*networks: str, operator: str = "IpAddress") -> Condition:
    return Condition(operator, SOURCE_IP, networks)


def test_without_a_condition_all_addresses_are_one_part() -> None:
    (everywhere,) = internet_origins(())
    assert (everywhere.share_4, everywhere.share_6) == pytest.approx((1, 1))
    assert len(private_origins(())) == 1


def test_the_parts_are_those_that_conditions_tell_apart() -> None:
    parts = internet_origins((within("8.0.0.0/8", "2001:db8::/32"), within("8.1.0.0/16")))
    assert len(parts) == 3
    assert sum(part.share_4 for part in parts) == pytest.approx(1)
    assert min(part.share_4 for part in parts) == pytest.approx(2**16 / (215 * 2**24))


def test_private_addresses_are_told_apart_as_well() -> None:
    assert len(private_origins((within("10.1.0.0/16", "8.0.0.0/8"),))) == 2


@pytest.mark.parametrize(
    ("networks", "expected"),
    [
        (("0.0.0.0/0",), True),
        (("::/0",), True),
        (("0.0.0.0/1", "128.0.0.0/2", "192.0.0.0/4", "208.0.0.0/5"), True),
        (("0.0.0.0/1", "128.0.0.0/2"), False),
        (("2000::/4",), False),
        (("10.0.0.0/8", "203.0.113.0/24"), False),
    ],
)
def test_nearly_all_is_more_than_seven_eighths(networks: tuple[str, ...], expected: bool) -> None:
    passing = [o for o in internet_origins((within(*networks),)) if covered(o.address, networks)]
    assert nearly_all(passing) is expected


def covered(address: str, networks: tuple[str, ...]) -> bool:
    return any(ip_address(address) in ip_network(network) for network in networks)

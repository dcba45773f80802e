"""The types of condition values: how their text is read, and all values that a type has, in order.

Numbers, times and addresses lie on a line of integers, so that a proof can cut them into intervals and write down an
example of each. What cannot be written as text is not on the line.

Source: Alibaba Cloud, RAM, "Policy elements" (types of condition operators). The limits of the types are this
project's own: numbers have up to 100 digits on each side of the point, times lie in the years 1 to 9999 of their zone.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from decimal import ROUND_FLOOR, Decimal, localcontext
from enum import Enum
from functools import lru_cache

from ram_policies.folding import fold


class Category(Enum):
    """The type of the values an operator compares."""

    STRING = "string"
    NUMBER = "number"
    DATE = "date"
    BOOLEAN = "boolean"
    IP = "ip"


_DIGITS = 100
_NUMBER = re.compile(rf"[+-]?[0-9]{{1,{_DIGITS}}}(?:\.[0-9]{{1,{_DIGITS}}})?", re.ASCII)
_DATE = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:T((?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,6})?)?)(Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])?)?"
)
_MICROSECOND = timedelta(microseconds=1)
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - reckoned in UTC, beyond what a datetime with a zone can hold
_MOST_OFFSET = timedelta(hours=23, minutes=59)
_MAPPED = 0xFFFF << 32  # where IPv4 addresses lie inside IPv6
_V6 = 1 << 64  # where IPv6 begins on the line; IPv4 begins at 0


def parse_number(text: str) -> Decimal | None:
    """A decimal number, or None."""
    return Decimal(text) if _NUMBER.fullmatch(text) else None


@lru_cache(maxsize=1024)
def parse_date(text: str) -> int | None:
    """An ISO 8601 date or time as microseconds since 1970 in UTC, or None. Without a zone it is taken as UTC."""
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    day, time, zone = match.groups()
    try:
        moment = datetime.fromisoformat(f"{day}T{time or '00:00'}{zone or 'Z'}")
    except ValueError:
        return None
    offset = moment.utcoffset() or timedelta()
    return (moment.replace(tzinfo=None) - _EPOCH - offset) // _MICROSECOND


def parse_boolean(text: str) -> bool | None:
    """``true`` or ``false`` in any case, or None."""
    return {"true": True, "false": False}.get(fold(text))


@lru_cache(maxsize=8192)
def parse_address(text: str) -> tuple[int, int] | None:
    """An IP address as version and number, or None. An IPv4 address written inside IPv6 counts as IPv4."""
    if "%" in text:
        return None
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    if address.version == 6 and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return address.version, int(address)


@lru_cache(maxsize=8192)
def parse_network(text: str) -> tuple[int, int, int] | None:
    """An address or CIDR block as version, number and mask, or None. The mask is given as a length.

    A block of IPv4 addresses written inside IPv6 counts as IPv4; a wider block of IPv6 holds no IPv4 address.
    """
    _, slash, length = text.partition("/")
    if "%" in text or (slash and not length.isdecimal()):
        return None
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None
    base, mask = int(network.network_address), int(network.netmask)
    if network.version == 6 and network.prefixlen >= 96 and base >> 32 == 0xFFFF:
        return 4, base & 0xFFFFFFFF, mask & 0xFFFFFFFF
    return network.version, base, mask


VALUE_IS_VALID: dict[Category, Callable[[str], bool]] = {
    Category.STRING: lambda _: True,
    Category.NUMBER: lambda text: parse_number(text) is not None,
    Category.DATE: lambda text: parse_date(text) is not None,
    Category.BOOLEAN: lambda text: parse_boolean(text) is not None,
    Category.IP: lambda text: parse_network(text) is not None,
}


@dataclass(frozen=True, slots=True)
class ValueLine:
    """All values of a type as integers in order.

    Attributes:
        segments: first and last integer of each run of values that can be written.
        write: a text for one of the values between two integers of one segment, an easily read one where possible.
    """

    segments: tuple[tuple[int, int], ...]
    write: Callable[[int, int], str]


def number_position(number: Decimal) -> int:
    """Position of a number on `NUMBERS`."""
    with localcontext(prec=3 * _DIGITS):
        return int(number.scaleb(_DIGITS))


def address_position(version: int, number: int) -> int:
    """Position of an address on `ADDRESSES`."""
    return number if version == 4 else _V6 + number


def _write_number(first: int, last: int) -> str:
    one = 10**_DIGITS
    with localcontext(prec=3 * _DIGITS):
        whole = -(-first // one)
        if whole * one <= last:
            return str(0 if first <= 0 <= last else whole)
        middle = Decimal((first + last) // 2).scaleb(-_DIGITS)
        for digits in range(1, _DIGITS):
            rough = middle.quantize(Decimal(1).scaleb(-digits), ROUND_FLOOR)
            if number_position(rough) >= first:
                return format(rough, "f")
        return format(middle, "f")


_FIRST_MOMENT = (datetime(1, 1, 1) - _EPOCH - _MOST_OFFSET) // _MICROSECOND  # noqa: DTZ001 - moments of the policy language, counted in UTC without zones
_LAST_MOMENT = (datetime(9999, 12, 31) - _EPOCH + timedelta(days=1) + _MOST_OFFSET) // _MICROSECOND - 1  # noqa: DTZ001 - moments of the policy language, counted in UTC without zones
_ORDINARY_MOMENT = (datetime(2026, 1, 1) - _EPOCH) // _MICROSECOND  # noqa: DTZ001 - moments of the policy language, counted in UTC without zones


def _write_date(first: int, last: int) -> str:
    position = min(max(first, _ORDINARY_MOMENT), last)
    whole = position // 1_000_000 * 1_000_000
    position = next((p for p in (whole, whole + 1_000_000) if first <= p <= last), position)
    for offset in (timedelta(), _MOST_OFFSET, -_MOST_OFFSET):
        try:
            moment = _EPOCH + (position * _MICROSECOND + offset)
        except OverflowError:
            continue
        return moment.replace(tzinfo=timezone(offset) if offset else UTC).isoformat().replace("+00:00", "Z")
    raise AssertionError(f"{position} lies outside the line of dates")


def _write_address(first: int, last: int) -> str:
    del last
    return str(ipaddress.IPv4Address(first) if first < _V6 else ipaddress.IPv6Address(first - _V6))


_MOST_NUMBER = 10 ** (2 * _DIGITS) - 1
NUMBERS = ValueLine(((-_MOST_NUMBER, _MOST_NUMBER),), _write_number)
DATES = ValueLine(((_FIRST_MOMENT, _LAST_MOMENT),), _write_date)
ADDRESSES = ValueLine(
    (
        (0, (1 << 32) - 1),
        (_V6, _V6 + _MAPPED - 1),
        (_V6 + _MAPPED + (1 << 32), _V6 + (1 << 128) - 1),
    ),
    _write_address,
)

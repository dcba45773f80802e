"""Condition operators.

Source: Alibaba Cloud, RAM, "Policy elements" and "Condition operators". Values of one key are alternatives (for a
negated operator: none may match), keys and operators must all hold. ``…IfExists`` and ``Null`` do not exist.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import Enum
from functools import lru_cache

from ram_policies.document import Condition
from ram_policies.errors import InvalidInputError
from ram_policies.pattern import glob_matcher

Unknown = Enum("Unknown", ["UNKNOWN"])
UNKNOWN = Unknown.UNKNOWN
"""A context value that is not known yet, at preview for example. Nothing is ever concluded from it."""

ContextValue = str | tuple[str, ...] | Unknown
Context = Mapping[str, ContextValue]
Test = Callable[[str], bool]
"""Takes one value of the request, says whether any value of the policy matches it."""

FOR_ALL = "ForAllValues"
FOR_ANY = "ForAnyValue"
_NUMBER = re.compile(r"[+-]?[0-9]{1,100}(?:\.[0-9]{1,100})?", re.ASCII)
_DATE = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T([0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?)(Z|[+-][0-9]{2}:[0-9]{2})?)?"
)
_MICROSECOND = timedelta(microseconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC).replace(tzinfo=None)


class Category(Enum):
    """The type of the values an operator compares."""

    STRING = "string"
    NUMBER = "number"
    DATE = "date"
    BOOLEAN = "boolean"
    IP = "ip"


@dataclass(frozen=True, slots=True)
class Operator:
    """One operator: its type, the comparison it makes, and whether it holds when that comparison fails."""

    category: Category
    comparison: str
    negated: bool = False


OPERATORS: dict[str, Operator] = {
    "StringEquals": Operator(Category.STRING, "equals"),
    "StringNotEquals": Operator(Category.STRING, "equals", negated=True),
    "StringEqualsIgnoreCase": Operator(Category.STRING, "equals ignoring case"),
    "StringNotEqualsIgnoreCase": Operator(Category.STRING, "equals ignoring case", negated=True),
    "StringLike": Operator(Category.STRING, "like"),
    "StringNotLike": Operator(Category.STRING, "like", negated=True),
    "NumericEquals": Operator(Category.NUMBER, "=="),
    "NumericNotEquals": Operator(Category.NUMBER, "==", negated=True),
    "NumericLessThan": Operator(Category.NUMBER, "<"),
    "NumericLessThanEquals": Operator(Category.NUMBER, "<="),
    "NumericGreaterThan": Operator(Category.NUMBER, ">"),
    "NumericGreaterThanEquals": Operator(Category.NUMBER, ">="),
    "DateEquals": Operator(Category.DATE, "=="),
    "DateNotEquals": Operator(Category.DATE, "==", negated=True),
    "DateLessThan": Operator(Category.DATE, "<"),
    "DateLessThanEquals": Operator(Category.DATE, "<="),
    "DateGreaterThan": Operator(Category.DATE, ">"),
    "DateGreaterThanEquals": Operator(Category.DATE, ">="),
    "Bool": Operator(Category.BOOLEAN, "equals"),
    "IpAddress": Operator(Category.IP, "in"),
    "NotIpAddress": Operator(Category.IP, "in", negated=True),
    "IpAddressIncludeBorder": Operator(Category.IP, "in"),  # unconfirmed.INCLUDE_BORDER
    "NotIpAddressIncludeBorder": Operator(Category.IP, "in", negated=True),
}


def parse_operator(name: str) -> tuple[str, Operator] | None:
    """Split an operator's name into its set prefix (or nothing) and what it does; None if there is none."""
    prefix, colon, base = name.partition(":")
    if not colon:
        prefix, base = "", name
    elif prefix not in {FOR_ALL, FOR_ANY}:
        return None
    operator = OPERATORS.get(base)
    return None if operator is None else (prefix, operator)


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
    return {"true": True, "false": False}.get(text.lower())


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


def parse_network(text: str) -> tuple[int, int, int] | None:
    """An address or CIDR block as version, number and mask, or None. The mask is given as a length."""
    _, slash, length = text.partition("/")
    if "%" in text or (slash and not length.isdecimal()):
        return None
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None
    return network.version, int(network.network_address), int(network.netmask)


VALUE_IS_VALID: dict[Category, Callable[[str], bool]] = {
    Category.STRING: lambda _: True,
    Category.NUMBER: lambda text: parse_number(text) is not None,
    Category.DATE: lambda text: parse_date(text) is not None,
    Category.BOOLEAN: lambda text: parse_boolean(text) is not None,
    Category.IP: lambda text: parse_network(text) is not None,
}


class CompiledCondition:
    """A condition ready to be tested against a context."""

    __slots__ = ("_combine", "_missing", "_negated", "_test", "condition", "key")

    def __init__(self, condition: Condition) -> None:
        parsed = parse_operator(condition.operator)
        if parsed is None:
            raise InvalidInputError(
                "condition", condition.operator, "is no condition operator of RAM", f"use one of {', '.join(OPERATORS)}"
            )
        prefix, operator = parsed
        self.condition = condition
        self.key = condition.key
        self._negated = operator.negated
        self._test = _compile_test(operator, condition.values)
        # unconfirmed.SET_OPERATORS, unconfirmed.NEGATED_MISSING_KEY, unconfirmed.MULTIVALUED_PLAIN
        self._missing = prefix == FOR_ALL or (operator.negated and prefix != FOR_ANY)
        self._combine: Callable[[Iterable[bool]], bool] = all if self._missing else any

    def holds(self, context: Context) -> bool | None:
        """True, False, or None when the context's value is unknown."""
        value = context.get(self.key)
        if isinstance(value, str):
            return self._test(value) is not self._negated
        if not value:
            return self._missing
        if isinstance(value, Unknown) or UNKNOWN in value:
            return None
        return self._combine([self._test(item) is not self._negated for item in value])


def _compile_test(operator: Operator, values: tuple[str, ...]) -> Test:
    if operator.category is Category.STRING:
        return _string_test(operator.comparison, values)
    if operator.category is Category.BOOLEAN:
        wanted = {parse_boolean(value) for value in values} - {None}
        return lambda text: parse_boolean(text) in wanted
    if operator.category is Category.IP:
        return _network_test(values)
    parse = parse_number if operator.category is Category.NUMBER else parse_date
    return _order_test(operator.comparison, parse, values)


def _string_test(comparison: str, values: tuple[str, ...]) -> Test:
    if comparison == "equals":
        return frozenset(values).__contains__
    if comparison == "equals ignoring case":
        folded = frozenset(value.lower() for value in values)
        return lambda text: text.lower() in folded
    matchers = tuple(glob_matcher(value) for value in values)
    if len(matchers) == 1:
        matcher = matchers[0]
        return lambda text: bool(matcher(text))
    return lambda text: any(matcher(text) for matcher in matchers)


def _network_test(values: tuple[str, ...]) -> Test:
    networks = tuple(network for network in map(parse_network, values) if network is not None)

    def test(text: str) -> bool:
        address = parse_address(text)
        if address is None:
            return False  # unconfirmed.UNPARSABLE_VALUE
        version, number = address
        return any(version == v and number & mask == base for v, base, mask in networks)

    return test


_COMPARE: dict[str, Callable[[Decimal | int, Decimal | int], bool]] = {
    "==": lambda a, b: a == b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def _order_test(comparison: str, parse: Callable[[str], Decimal | int | None], values: tuple[str, ...]) -> Test:
    bounds = tuple(bound for bound in map(parse, values) if bound is not None)
    compare = _COMPARE[comparison]

    def test(text: str) -> bool:
        number = parse(text)
        return number is not None and any(compare(number, bound) for bound in bounds)

    return test

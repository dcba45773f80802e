"""Condition operators: one declaration each.

A declaration says everything there is to know of an operator: the type of its values, how it compares, how its values
divide all values of the type into classes that it treats alike (for a proof), and how it reads in a sentence. A new
operator is one entry in `OPERATORS`.

Source: Alibaba Cloud, RAM, "Policy elements" and "Condition operators". ``…IfExists`` and ``Null`` do not exist.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from ram_policies.folding import fold
from ram_policies.pattern import Letters, exactly, glob_matcher, glob_tokens, in_any_case
from ram_policies.values import (
    ADDRESSES,
    DATES,
    NUMBERS,
    Category,
    ValueLine,
    address_position,
    number_position,
    parse_address,
    parse_boolean,
    parse_date,
    parse_network,
    parse_number,
)

Values = tuple[str, ...]
Test = Callable[[str], bool]
"""Test of one value of the request: true if a value of the policy matches it."""

FOR_ALL = "ForAllValues"
FOR_ANY = "ForAnyValue"


@dataclass(frozen=True, slots=True)
class TextComparison:
    """A comparison of texts.

    Attributes:
        category: the type of the values.
        test: the test for some values of a policy.
        pattern: the texts that one value of a policy matches.
    """

    category: Category
    test: Callable[[Values], Test]
    pattern: Callable[[str], Letters]


@dataclass(frozen=True, slots=True)
class LineComparison:
    """A comparison of values that lie on a line.

    Attributes:
        category: the type of the values.
        test: the test for some values of a policy; a value that is not of the type matches nothing
            (`unconfirmed.UNPARSABLE_VALUE`).
        line: all values of the type.
        borders: where, on the line, the answer for one value of a policy can change: the first position of each
            interval that is treated alike.
    """

    category: Category
    test: Callable[[Values], Test]
    line: ValueLine
    borders: Callable[[str], tuple[int, ...]]


Comparison = TextComparison | LineComparison


@dataclass(frozen=True, slots=True)
class ConditionOperator:
    """One operator.

    Attributes:
        name: as in a policy: ``StringEquals``.
        comparison: what is compared, and how.
        phrase: how it reads after the name of a key; ``{}`` stands for the values.
        negated: whether it holds when the comparison fails.
    """

    name: str
    comparison: Comparison
    phrase: str
    negated: bool = False

    @property
    def category(self) -> Category:
        """The type of the values."""
        return self.comparison.category

    @property
    def is_literal(self) -> bool:
        """True if a value of the request must be one of the values of the policy, letter by letter."""
        return self.comparison is _SAME_TEXT

    @property
    def takes_wildcards(self) -> bool:
        """True if ``*`` and ``?`` in a value of the policy stand for other characters."""
        return self.comparison is _LIKE


def _same_text(values: Values) -> Test:
    return frozenset(values).__contains__


def _same_text_in_any_case(values: Values) -> Test:
    folded = frozenset(map(fold, values))
    return lambda text: fold(text) in folded


def _like(values: Values) -> Test:
    matchers = tuple(glob_matcher(value) for value in values)
    if len(matchers) == 1:
        matcher = matchers[0]
        return lambda text: bool(matcher(text))
    return lambda text: any(matcher(text) for matcher in matchers)


def _same_boolean(values: Values) -> Test:
    folded = frozenset(fold(value) for value in values if parse_boolean(value) is not None)
    return lambda text: text in folded or fold(text) in folded


def _in_network(values: Values) -> Test:
    networks = tuple(network for network in map(parse_network, values) if network is not None)
    if len(networks) == 1:
        return _in_one_network(*networks[0])

    def test(text: str) -> bool:
        address = parse_address(text)
        if address is None:
            return False
        version, number = address
        for v, base, mask in networks:  # noqa: SIM110 - a generator would take longer than the comparison
            if version == v and number & mask == base:
                return True
        return False

    return test


def _in_one_network(version: int, base: int, mask: int) -> Test:
    def test(text: str) -> bool:
        address = parse_address(text)
        return address is not None and address[0] == version and address[1] & mask == base

    return test


def _network_borders(value: str) -> tuple[int, ...]:
    network = parse_network(value)
    if network is None:
        return ()
    version, base, mask = network
    size = (1 << (32 if version == 4 else 128)) - mask
    return address_position(version, base), address_position(version, base + size)


def _date_test(compare: Callable[[int, int], bool]) -> Callable[[Values], Test]:
    def compile_test(values: Values) -> Test:
        bounds = tuple(bound for bound in map(parse_date, values) if bound is not None)

        def test(text: str) -> bool:
            moment = parse_date(text)
            return moment is not None and any(compare(moment, bound) for bound in bounds)

        return test

    return compile_test


def _number_test(compare: Callable[[Decimal, Decimal], bool]) -> Callable[[Values], Test]:
    def compile_test(values: Values) -> Test:
        bounds = tuple(bound for bound in map(parse_number, values) if bound is not None)

        def test(text: str) -> bool:
            number = parse_number(text)
            return number is not None and any(compare(number, bound) for bound in bounds)

        return test

    return compile_test


def _date_borders(value: str) -> tuple[int, ...]:
    moment = parse_date(value)
    return () if moment is None else (moment, moment + 1)


def _number_borders(value: str) -> tuple[int, ...]:
    number = parse_number(value)
    return () if number is None else (number_position(number), number_position(number) + 1)


def _date(compare: Callable[[int, int], bool]) -> LineComparison:
    return LineComparison(Category.DATE, _date_test(compare), DATES, _date_borders)


def _number(compare: Callable[[Decimal, Decimal], bool]) -> LineComparison:
    return LineComparison(Category.NUMBER, _number_test(compare), NUMBERS, _number_borders)


def _literal(value: str) -> Letters:
    return exactly(value)


def _glob(value: str) -> Letters:
    return exactly(glob_tokens(value))


_SAME_TEXT = TextComparison(Category.STRING, _same_text, _literal)
_SAME_TEXT_IN_ANY_CASE = TextComparison(Category.STRING, _same_text_in_any_case, in_any_case)
_LIKE = TextComparison(Category.STRING, _like, _glob)
_SAME_BOOLEAN = TextComparison(Category.BOOLEAN, _same_boolean, in_any_case)
_IN_NETWORK = LineComparison(Category.IP, _in_network, ADDRESSES, _network_borders)
_SAME_NUMBER, _SAME_DATE = _number(lambda a, b: a == b), _date(lambda a, b: a == b)

_DECLARED = (
    ConditionOperator("StringEquals", _SAME_TEXT, "equal to {}"),
    ConditionOperator("StringNotEquals", _SAME_TEXT, "other than {}", negated=True),
    ConditionOperator("StringEqualsIgnoreCase", _SAME_TEXT_IN_ANY_CASE, "equal to {} in any case"),
    ConditionOperator("StringNotEqualsIgnoreCase", _SAME_TEXT_IN_ANY_CASE, "other than {} in any case", negated=True),
    ConditionOperator("StringLike", _LIKE, "like {}"),
    ConditionOperator("StringNotLike", _LIKE, "not like {}", negated=True),
    ConditionOperator("NumericEquals", _SAME_NUMBER, "equal to {}"),
    ConditionOperator("NumericNotEquals", _SAME_NUMBER, "other than {}", negated=True),
    ConditionOperator("NumericLessThan", _number(lambda a, b: a < b), "below {}"),
    ConditionOperator("NumericLessThanEquals", _number(lambda a, b: a <= b), "at most {}"),
    ConditionOperator("NumericGreaterThan", _number(lambda a, b: a > b), "above {}"),
    ConditionOperator("NumericGreaterThanEquals", _number(lambda a, b: a >= b), "at least {}"),
    ConditionOperator("DateEquals", _SAME_DATE, "at {}"),
    ConditionOperator("DateNotEquals", _SAME_DATE, "at another time than {}", negated=True),
    ConditionOperator("DateLessThan", _date(lambda a, b: a < b), "before {}"),
    ConditionOperator("DateLessThanEquals", _date(lambda a, b: a <= b), "until {}"),
    ConditionOperator("DateGreaterThan", _date(lambda a, b: a > b), "after {}"),
    ConditionOperator("DateGreaterThanEquals", _date(lambda a, b: a >= b), "from {} on"),
    ConditionOperator("Bool", _SAME_BOOLEAN, "{}"),
    ConditionOperator("IpAddress", _IN_NETWORK, "in {}"),
    ConditionOperator("NotIpAddress", _IN_NETWORK, "outside {}", negated=True),
    ConditionOperator("IpAddressIncludeBorder", _IN_NETWORK, "in {}"),  # unconfirmed.INCLUDE_BORDER
    ConditionOperator("NotIpAddressIncludeBorder", _IN_NETWORK, "outside {}", negated=True),
)
OPERATORS: dict[str, ConditionOperator] = {operator.name: operator for operator in _DECLARED}


def parse_operator(name: str) -> tuple[str, ConditionOperator] | None:
    """Split an operator's name into its set prefix (or nothing) and what it does; None if there is none."""
    prefix, colon, base = name.partition(":")
    if not colon:
        prefix, base = "", name
    elif prefix not in {FOR_ALL, FOR_ANY}:
        return None
    operator = OPERATORS.get(base)
    return None if operator is None else (prefix, operator)

"""Types of condition values: every value that can be written can be read, up to both ends of each type."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ram_policies.operators import OPERATORS, LineComparison
from ram_policies.values import (
    ADDRESSES,
    DATES,
    NUMBERS,
    VALUE_IS_VALID,
    Category,
    ValueLine,
    address_position,
    number_position,
    parse_address,
    parse_date,
    parse_network,
    parse_number,
)


def position_of_number(text: str) -> int:
    number = parse_number(text)
    assert number is not None
    return number_position(number)


def position_of_date(text: str) -> int:
    moment = parse_date(text)
    assert moment is not None
    return moment


def position_of_address(text: str) -> int:
    address = parse_address(text)
    assert address is not None
    return address_position(*address)


LINES: dict[str, tuple[ValueLine, Callable[[str], int]]] = {
    "number": (NUMBERS, position_of_number),
    "date": (DATES, position_of_date),
    "address": (ADDRESSES, position_of_address),
}
EDGES = {
    "number": ["9" * 100 + "." + "9" * 100, "-" + "9" * 100 + "." + "9" * 100],
    "date": ["9999-12-31T23:59:59.999999-23:59", "0001-01-01T00:00:00+23:59"],
    "address": ["0.0.0.0", "255.255.255.255", "::", "ffff:" * 7 + "ffff", "::fffe:ffff:ffff", "::1:0:0:0"],
}


@pytest.mark.parametrize("name", LINES)
@given(data=st.data())
def test_a_value_between_two_positions_can_be_written_and_read(name: str, data: st.DataObject) -> None:
    line, position = LINES[name]
    first, last = data.draw(st.sampled_from(line.segments))
    near = st.one_of(st.integers(first, last), st.integers(first, min(last, first + 3)), st.integers(last - 3, last))
    low, high = sorted(data.draw(st.tuples(near, near)))
    assert low <= position(line.write(low, high)) <= high


@pytest.mark.parametrize("name", LINES)
def test_the_ends_of_a_line_are_the_ends_of_its_type(name: str) -> None:
    line, position = LINES[name]
    ends = {end for segment in line.segments for end in segment}
    assert {position(text) for text in EDGES[name]} == ends


@given(
    st.dates(), st.sampled_from(["", "T00:00Z", "T23:59:59+23:59", "T00:00:00.000001-23:59", "T23:59:59.999999-08:00"])
)
def test_every_date_that_can_be_read_is_on_the_line(day: object, rest: str) -> None:
    ((first, last),) = DATES.segments
    assert first <= position_of_date(f"{day}{rest}") <= last


@given(st.ip_addresses())
def test_every_address_is_on_the_line(address: object) -> None:
    assert any(first <= position_of_address(str(address)) <= last for first, last in ADDRESSES.segments)


numbers = st.decimals(allow_nan=False, allow_infinity=False, places=100, min_value=-(10**90), max_value=10**90)


@given(numbers, numbers)
def test_numbers_keep_their_order_on_the_line(one: Decimal, other: Decimal) -> None:
    assert (one < other) is (position_of_number(f"{one:f}") < position_of_number(f"{other:f}"))


@pytest.mark.parametrize("text", ["24:00", "12:60", "12:00:60", "12:00+24:00", "12:00+08:60"])
def test_a_time_that_no_clock_shows_is_not_a_date(text: str) -> None:
    assert parse_date(f"2026-01-01T{text}") is None


def test_ipv4_written_inside_ipv6_is_ipv4_on_both_sides() -> None:
    assert parse_network("::ffff:10.0.0.0/104") == parse_network("10.0.0.0/8")
    assert parse_address("::ffff:10.0.0.1") == parse_address("10.0.0.1")
    assert parse_network("::ffff:0:0/95") == (6, 0xFFFE << 32, ((1 << 95) - 1) << 33)


@pytest.mark.parametrize("name", OPERATORS)
def test_the_borders_of_an_operator_are_where_its_answer_changes(name: str) -> None:
    operator = OPERATORS[name]
    comparison = operator.comparison
    assert operator.phrase.count("{}") == 1
    assert operator.phrase != ""
    if not isinstance(comparison, LineComparison):
        return
    value = {Category.NUMBER: "5.5", Category.DATE: "2026-06-01T00:00:00Z", Category.IP: "10.0.0.0/8"}[
        operator.category
    ]
    assert VALUE_IS_VALID[operator.category](value)
    test, line = comparison.test((value,)), comparison.line
    first, last = line.segments[0]
    borders = [first, *sorted(comparison.borders(value)), last + 1]
    for low, high in pairwise(borders):
        answers = {test(line.write(position, position)) for position in (low, (low + high - 1) // 2, high - 1)}
        assert len(answers) == 1

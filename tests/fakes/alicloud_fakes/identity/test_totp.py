"""One-time passwords: the published codes, drift, codes that were used, and two consecutive codes."""

from __future__ import annotations

import sys

import pytest

from alicloud_fakes.identity import totp
from ram_policies.extras import MissingExtraError

SEED = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
"""The secret of RFC 6238: 12345678901234567890."""
NOW = 1_111_111_111


@pytest.mark.parametrize(
    ("time", "code"),
    [
        # RFC 6238, appendix B: the last six of its eight digits.
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_the_codes_that_the_standard_publishes(time: int, code: str) -> None:
    assert totp.code_at(SEED, time) == code
    assert totp.code(SEED, time // totp.STEP) == code
    assert totp.code_at(SEED.lower(), time + 0.9) == code


@pytest.mark.parametrize(("drift", "found"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_off_by_one_step(drift: int, *, found: bool) -> None:
    step = NOW // totp.STEP + drift
    assert totp.matching_step(SEED, totp.code(SEED, step), NOW) == (step if found else None)


def test_a_code_that_was_taken_is_not_taken_again_nor_one_before_it() -> None:
    step = NOW // totp.STEP
    assert totp.matching_step(SEED, totp.code(SEED, step), NOW, after=step) is None
    assert totp.matching_step(SEED, totp.code(SEED, step - 1), NOW, after=step) is None
    assert totp.matching_step(SEED, totp.code(SEED, step + 1), NOW, after=step) == step + 1


@pytest.mark.parametrize(
    ("first", "second", "found"), [(-1, 0, True), (0, 1, True), (0, 0, False), (0, -1, False), (-1, 1, False)]
)
def test_two_codes_follow_each_other(first: int, second: int, *, found: bool) -> None:
    step = NOW // totp.STEP
    codes = totp.code(SEED, step + first), totp.code(SEED, step + second)
    assert totp.in_a_row(SEED, *codes, NOW) == (step + second if found else None)


def test_a_missing_library_is_named_with_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyotp", None)
    with pytest.raises(MissingExtraError, match=r"pyotp is not installed.*Fix: pip install .*\[fakes\]"):
        totp.code(SEED, 1)

"""Agreements of two enterprises beside the roles: the contract and its window; moments and periods in writing.

Nothing here reads the clock: the present time is an argument.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from pulumi_alicloud_delegation.specs import ContractSpec
from ram_policies import InvalidInputError

_PERIOD = re.compile(r"(?:(\d{1,4})d)?(?:(\d{1,4})h)?(?:(\d{1,5})m)?", re.ASCII)
_FIX_MOMENT = "write it as 2026-12-31T23:59:59Z"


def parse_moment(text: str, field: str) -> datetime:
    """A moment in ISO 8601 with its time zone, in UTC.

    Raises:
        InvalidInputError: the text is not a moment, or has no time zone.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise InvalidInputError(field, text, "is not a moment in ISO 8601", _FIX_MOMENT, code="not-a-moment") from None
    if moment.tzinfo is None:
        raise InvalidInputError(field, text, "does not say in which time zone it is", _FIX_MOMENT, code="not-a-moment")
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise InvalidInputError(
            field, text, "is outside the years 1 to 9999", _FIX_MOMENT, code="not-a-moment"
        ) from None


def moment_text(moment: datetime) -> str:
    """A moment in UTC, as policies write it: ``2026-12-31T23:59:59Z``."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse_period(text: str, field: str) -> timedelta:
    """A period: ``4h``, ``30m``, ``2d``, ``1d12h``.

    Raises:
        InvalidInputError: the text is not a period, or it is zero.
    """
    match = _PERIOD.fullmatch(text)
    days, hours, minutes = (int(part or 0) for part in match.groups()) if match and text else (0, 0, 0)
    period = timedelta(days=days, hours=hours, minutes=minutes)
    if not period:
        raise InvalidInputError(
            field, text, "is not a period", "write days, hours and minutes, as in 4h, 30m or 1d12h", code="not-a-period"
        )
    return period


def check_contract(spec: ContractSpec, field: str) -> None:
    """Check that a contract begins before it ends and that its periods can be read.

    Raises:
        InvalidInputError: it does not, or one cannot.
    """
    begin = None if spec.not_before is None else parse_moment(spec.not_before, f"{field}.not_before")
    end = None if spec.not_after is None else parse_moment(spec.not_after, f"{field}.not_after")
    if begin and end and begin >= end:
        raise InvalidInputError(
            f"{field}.not_after",
            spec.not_after,
            f"is not after '{field}.not_before'",
            "exchange the two, or move one of them",
            code="window-order",
        )
    if spec.longest_opening is not None:
        parse_period(spec.longest_opening, f"{field}.longest_opening")

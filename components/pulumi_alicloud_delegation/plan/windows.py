"""Windows of time, and the conditions that policies write for them.

Both ends belong to a window, as `DateGreaterThanEquals` and `DateLessThanEquals` say it. Overlapping windows unite: a
later grant is never cut short by an earlier one that ends first.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from pulumi_alicloud_delegation.contract import moment_text, parse_moment, parse_period
from pulumi_alicloud_delegation.specs import ContractSpec
from ram_policies import InvalidInputError

_SECOND = timedelta(seconds=1)
_FIRST, _LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
WARN_BEFORE = timedelta(days=30)
"""Time before the end of a contract or of a role's window from which a preview warns."""


class Status(StrEnum):
    """Position of a moment relative to a window."""

    NOT_YET = "not yet"
    OPEN = "open"
    ENDS_SOON = "ends soon"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Window:
    """A window of time.

    Attributes:
        begin: its first moment; None for no beginning.
        end: its last moment; None for no end.
    """

    begin: datetime | None = None
    end: datetime | None = None

    def __contains__(self, moment: datetime) -> bool:
        return (self.begin or _FIRST) <= moment <= (self.end or _LAST)

    @property
    def conditions(self) -> dict[str, dict[str, str]]:
        """The conditions of a statement that counts only in the window."""
        found: dict[str, dict[str, str]] = {}
        if self.begin is not None:
            found["DateGreaterThanEquals"] = {"acs:CurrentTime": moment_text(self.begin)}
        if self.end is not None:
            found["DateLessThanEquals"] = {"acs:CurrentTime": moment_text(self.end)}
        return found

    @property
    def text(self) -> str:
        """The window in words: ``from 2026-01-01T00:00:00Z until 2026-12-31T23:59:59Z``."""
        begin = "" if self.begin is None else f"from {moment_text(self.begin)}"
        end = "" if self.end is None else f"until {moment_text(self.end)}"
        return f"{begin} {end}".strip() or "at any time"

    def status(self, now: datetime) -> Status:
        """Position of the present."""
        if self.end is not None and now > self.end:
            return Status.ENDED
        if self.begin is not None and now < self.begin:
            return Status.NOT_YET
        return Status.ENDS_SOON if self.end is not None and self.end - now < WARN_BEFORE else Status.OPEN


ALWAYS = Window()
"""A window without a beginning and without an end."""


def window(not_before: str | None, not_after: str | None, field: str) -> Window:
    """A window out of its two ends, whole seconds.

    Args:
        not_before: None for no beginning.
        not_after: None for no end.
        field: the mapping that holds the two, for messages.

    Raises:
        InvalidInputError: an end is not a moment, or the window ends before it begins.
    """
    begin = None if not_before is None else parse_moment(not_before, f"{field}.not_before").replace(microsecond=0)
    end = None if not_after is None else parse_moment(not_after, f"{field}.not_after").replace(microsecond=0)
    if begin and end and begin >= end:
        raise InvalidInputError(
            f"{field}.not_after",
            moment_text(end),
            f"is not after '{field}.not_before'",
            "exchange the two, or move one of them",
            code="window-order",
        )
    return Window(begin, end)


def united(windows: Iterable[Window]) -> tuple[Window, ...]:
    """The same moments in as few windows as possible, in order of time."""
    found: list[Window] = []
    for one in sorted(windows, key=lambda w: (w.begin or _FIRST, w.end or _LAST)):
        last = found[-1] if found else None
        if last is None or (last.end is not None and (one.begin or _FIRST) > last.end + _SECOND):
            found.append(one)
        else:
            later = max(last.end or _LAST, one.end or _LAST)
            found[-1] = Window(last.begin, None if later == _LAST else later)
    return tuple(found)


def check_within(inner: Window, contract: ContractSpec, field: str, *, limited: bool) -> None:
    """Hold a window to a contract: to its ends and, where it is `limited`, to its longest opening.

    Raises:
        InvalidInputError: the window begins before the contract, ends after it, or is longer than it allows.
    """
    outer = window(contract.not_before, contract.not_after, "contract")
    fix = "shorten it, or change the contract with the other enterprise"
    if outer.end is not None and (inner.end is None or inner.end > outer.end):
        value = None if inner.end is None else moment_text(inner.end)
        raise InvalidInputError(
            f"{field}.not_after",
            value,
            f"is after the contract ends, {contract.not_after}",
            fix,
            code="outside-contract",
        )
    if outer.begin is not None and inner.begin is not None and inner.begin < outer.begin:
        problem = f"is before the contract begins, {contract.not_before}"
        raise InvalidInputError(f"{field}.not_before", moment_text(inner.begin), problem, fix, code="outside-contract")
    if not limited or contract.longest_opening is None:
        return
    if inner.begin is None or inner.end is None:
        problem = f"is missing, and the contract opens nothing for longer than {contract.longest_opening}"
        raise InvalidInputError(f"{field}.not_before", None, problem, "write when it opens", code="missing-value")
    if inner.end - inner.begin > parse_period(contract.longest_opening, "contract.longest_opening"):
        problem = f"is longer than the contract opens anything, {contract.longest_opening}"
        raise InvalidInputError(field, inner.text, problem, fix, code="outside-contract")

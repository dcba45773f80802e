"""Time, as the fake sees it."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from ram_policies.errors import InvalidInputError

_LAST = 253_000_000_000.0  # in the year 9987: a session that begins then still ends in a year of four digits


class Clock:
    """A clock that tests can move. It runs with the system's clock until it is moved or stopped."""

    def __init__(self) -> None:
        self._offset = 0.0
        self._frozen: float | None = None
        self._second = -1
        self._text = ""

    def time(self) -> float:
        """Seconds since the epoch."""
        return time.time() + self._offset if self._frozen is None else self._frozen

    def now(self) -> datetime:
        """The time, in UTC."""
        return datetime.fromtimestamp(self.time(), UTC)

    def stamp(self) -> str:
        """The time as the API writes it: ``2015-01-23T12:33:18Z``."""
        second = int(self.time())
        if second != self._second:
            self._second, self._text = second, format_time(second)
        return self._text

    def advance(self, by: timedelta | float) -> None:
        """Move the clock forward (seconds, or a timedelta; backward when negative).

        Raises:
            InvalidInputError: to a time that the API cannot write, before 1970 or after 9986.
        """
        seconds = by.total_seconds() if isinstance(by, timedelta) else float(by)
        if not 0 <= self.time() + seconds <= _LAST:
            raise InvalidInputError(
                "clock", by, "leads out of the years 1970 to 9986", "move it less far", code="out-of-range"
            )
        if self._frozen is None:
            self._offset += seconds
        else:
            self._frozen += seconds

    def set(self, to: datetime) -> None:
        """Set the clock; it goes on running from there, unless it is stopped. A time without zone is UTC."""
        self.advance((to if to.tzinfo else to.replace(tzinfo=UTC)).timestamp() - self.time())

    def freeze(self) -> None:
        """Stop the clock. It still moves by `advance` and `set`."""
        self._frozen = self.time()

    def setting(self) -> tuple[float, float | None]:
        """Setting of the clock, for `restore`."""
        return self._offset, self._frozen

    def restore(self, setting: tuple[float, float | None]) -> None:
        """Set the clock as it was."""
        self._offset, self._frozen = setting

    def at(self, seconds: float) -> StoppedClock:
        """Stand still at a moment for a while, then go on as before."""
        return StoppedClock(self, seconds)

    def hold(self, seconds: float | None) -> float | None:
        """Stand still at a moment, or run on where it is None; answers what was set before."""
        frozen, self._frozen = self._frozen, seconds
        return frozen

    def reset(self) -> None:
        """Back to the system's time."""
        self._offset, self._frozen = 0.0, None

    @property
    def offset(self) -> float:
        """Seconds by which the clock is ahead of the system's."""
        return self.time() - time.time()


class StoppedClock:
    """Context in which a clock stands still. Every call has one, and a generator would take longer."""

    __slots__ = ("_before", "_clock", "_seconds")

    def __init__(self, clock: Clock, seconds: float) -> None:
        self._clock, self._seconds = clock, seconds

    def __enter__(self) -> None:
        self._before = self._clock.hold(self._seconds)

    def __exit__(self, *_: object) -> None:
        self._clock.hold(self._before)


def format_time(seconds: float) -> str:
    """Seconds since the epoch as the API writes times: UTC, whole seconds, ``Z``."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def parse_time(text: str) -> float:
    """The reverse of `format_time`.

    Raises:
        ValueError: the text has another form.
    """
    if not text.endswith("Z"):
        raise ValueError(f"{text!r} is not a time in UTC")
    return datetime.fromisoformat(text).timestamp()

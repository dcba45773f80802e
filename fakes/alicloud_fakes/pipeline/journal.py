"""Changes, so that they can be made again: what a file of state needs to survive anything."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from alicloud_fakes.core.errors import ApiError


@dataclass(frozen=True, slots=True)
class StateChange:
    """A request that changed state, with everything its outcome depended on.

    Attributes:
        time: seconds since the epoch, by the cloud's clock.
        position: of the cloud's entropy before it.
        service: name of the service.
        action: name of the action.
        parameters: as sent.
        access_key_id: who signed; empty for anonymous actions.
        token: security token of temporary credentials.
        source_ip: address of the client.
        secure: whether it came over TLS.
    """

    time: float
    position: int
    service: str
    action: str
    parameters: Mapping[str, str] = field(repr=False)
    access_key_id: str
    token: str = field(repr=False)
    source_ip: str
    secure: bool


class Journal:
    """Place where the changes of a cloud go, each before it is acknowledged.

    Attributes:
        prepare: called before a change is made; raises an ApiError where it could not be kept. None by default.
        keep: writes a change down; none by default. It raises an ApiError where it cannot, and has undone the change.
        failure: the answer to every call once changes can be neither kept nor undone.
        listeners: called with each change that was kept.
    """

    def __init__(self) -> None:
        self.prepare: Callable[[], None] | None = None
        self.keep: Callable[[StateChange], None] | None = None
        self.failure: ApiError | None = None
        self.listeners: list[Callable[[StateChange], None]] = []

    def check(self, *, reads: bool) -> None:
        """Refuse a call that changes something, while changes cannot be kept; and every call when they are lost.

        Raises:
            ApiError: so it is.
        """
        if self.failure is not None:
            raise self.failure
        if not reads and self.prepare is not None:
            self.prepare()

    def add(self, change: StateChange) -> None:
        """Keep a change, then tell the listeners.

        Raises:
            ApiError: it could not be kept, and has been undone.
        """
        if self.keep is not None:
            self.keep(change)
        for listener in self.listeners:
            listener(change)

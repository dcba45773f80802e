"""Log of the calls so far."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alicloud_fakes.pipeline.call import Call

_LONGEST = 8192  # characters of a parameter that are kept: every document in full, and no flood


@dataclass(frozen=True, slots=True)
class CallRecord:
    """One call, as it ended.

    Attributes:
        request_id: as answered.
        time: seconds since the epoch, by the cloud's clock.
        service: short name of the product; empty when the request did not say.
        action: name of the action; empty when the request did not say.
        permission: the action in policies.
        account: ID of the caller's account; empty when unknown.
        principal: ARN of the caller; empty when unknown.
        resources: what it was checked for.
        status: HTTP status.
        code: error code; empty for success.
        source_ip: address of the client.
        parameters: of the action; secrets are left out.
    """

    request_id: str
    time: float
    service: str
    action: str
    permission: str
    account: str
    principal: str
    resources: tuple[str, ...]
    status: int
    code: str
    source_ip: str
    parameters: Mapping[str, str] = field(default_factory=dict[str, str])


class CallLog:
    """The last calls, and how many there were of each.

    Attributes:
        records: the last calls, oldest first.
        counts: by ``service:Action``.
        listeners: told of each call.
    """

    def __init__(self, limit: int = 2000) -> None:
        self.records: deque[CallRecord] = deque(maxlen=limit)
        self.counts: Counter[str] = Counter()
        self.listeners: list[Callable[[CallRecord], None]] = []

    def add(self, record: CallRecord) -> None:
        """Remember a call."""
        self.records.append(record)
        self.counts[f"{record.service}:{record.action}"] += 1
        for listener in self.listeners:
            listener(record)

    def clear(self) -> None:
        """Forget all calls."""
        self.records.clear()
        self.counts.clear()


def record_of(call: Call, status: int, code: str) -> CallRecord:
    """Record that the log keeps of a call.

    Args:
        call: the call, at its end.
        status: HTTP status of the answer.
        code: its error code; empty for success.
    """
    action, caller = call.action, call.caller
    return CallRecord(
        call.request_id,
        call.time,
        action.service.name if action else "",
        call.action_name,
        action.permission if action else "",
        caller.account.id if caller else "",
        caller.arn if caller else "",
        call.resources,
        status,
        code,
        call.http.source_ip,
        _shown(call) if action else {},
    )


def _shown(call: Call) -> dict[str, str]:
    """The parameters that the action declares, without those that it declares secret."""
    known = call.performed.request.shown()
    return {
        name: value if len(value) <= _LONGEST else f"{value[:_LONGEST]}..."
        for name, value in call.parameters.items()
        if name in known or ("." in name and name.partition(".")[0] in known)
    }

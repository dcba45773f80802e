"""Faults on demand: what a client has to survive, at the moment a test wants it.

```python
cloud.faults.add(Fault(FaultKind.THROTTLING, action="ram:CreateRole", next=2))
cloud.faults.add(Fault(FaultKind.RESET_AFTER, action="ram:*", every=10))
cloud.faults.add(Fault(FaultKind.UNAVAILABLE, probability=0.05, seed=1))
```
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from alicloud_fakes.core.errors import gateway_error
from alicloud_fakes.core.messages import Delivery, HttpResponse
from ram_policies.errors import InvalidInputError
from ram_policies.pattern import glob_matcher

if TYPE_CHECKING:
    from alicloud_fakes.pipeline.call import Call


class FaultKind(StrEnum):
    """Kinds of faults.

    The first four are answers; nothing is changed before them. A reset *before* leaves the state alone as well. After
    the last two the change has been made, and the client does not know.
    """

    THROTTLING = "throttling"
    INTERNAL = "internal"
    UNAVAILABLE = "unavailable"
    SLOW = "slow"
    RESET_BEFORE = "reset-before"
    RESET_AFTER = "reset-after"
    LOST = "lost-answer"


_ERRORS = {
    FaultKind.THROTTLING: "throttled user",
    FaultKind.INTERNAL: "internal",
    FaultKind.UNAVAILABLE: "unavailable",
}
_AFTER = {FaultKind.RESET_AFTER: Delivery.RESET, FaultKind.LOST: Delivery.HANG}


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault and when it happens. Without `next`, `every` and `probability` it happens at each matching call.

    Attributes:
        kind: what goes wrong.
        action: ``service:Action``, with wildcards.
        next: only at this number of further matching calls; then the fault is gone.
        every: on every nth matching call only.
        probability: by chance, 0 to 1.
        seed: of that chance, so that a run can be repeated.
        seconds: how long a slow answer takes.
    """

    kind: FaultKind
    action: str = "*"
    next: int | None = None
    every: int | None = None
    probability: float | None = None
    seed: int = 0
    seconds: float = 1.0

    def __post_init__(self) -> None:
        given = [name for name in ("next", "every", "probability") if getattr(self, name) is not None]
        if len(given) > 1:
            raise InvalidInputError(
                "fault",
                given,
                "are given together",
                "give one of next, every and probability",
                code="conflicting-values",
            )
        for name in ("next", "every"):
            value = getattr(self, name)
            if value is not None and (not isinstance(value, int) or isinstance(value, bool) or value < 1):
                raise InvalidInputError(
                    f"fault.{name}",
                    value,
                    "is not a count of calls",
                    "give a whole number from 1 on",
                    code="out-of-range",
                )
        if self.probability is not None and not 0 <= self.probability <= 1:
            raise InvalidInputError(
                "fault.probability",
                self.probability,
                "is not a probability",
                "give a number from 0 to 1",
                code="out-of-range",
            )
        if not 0 <= self.seconds <= 3600:
            raise InvalidInputError(
                "fault.seconds", self.seconds, "is out of range", "give 0 to 3600 seconds", code="out-of-range"
            )

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Fault:
        """Make a fault from JSON.

        Raises:
            InvalidInputError: a field does not exist, or a value is invalid.
        """
        unknown = data.keys() - set(cls.__slots__)
        if unknown:
            raise InvalidInputError(
                "fault",
                min(unknown),
                "is not a field of a fault",
                f"use {', '.join(cls.__slots__)}",
                code="unknown-key",
            )
        try:
            kind = FaultKind(data.get("kind", ""))
        except ValueError:
            raise InvalidInputError(
                "fault.kind",
                data.get("kind"),
                "is not a kind of fault",
                f"use one of {', '.join(FaultKind)}",
                code="not-a-choice",
            ) from None
        action, seed = data.get("action", "*"), data.get("seed", 0)
        if not isinstance(action, str):
            raise InvalidInputError(
                "fault.action", action, "is not a string", 'give "ram:CreateRole", "sts:*" or "*"', code="wrong-type"
            )
        if not isinstance(seed, int):
            raise InvalidInputError(
                "fault.seed", seed, "is not a whole number", "give one, or leave it out", code="wrong-type"
            )
        try:
            fields: dict[str, Any] = {**data, "kind": kind}
            return cls(**fields)
        except TypeError:
            raise InvalidInputError(
                "fault", dict(data), "has a value of a wrong type", "see docs/fakes.md", code="wrong-type"
            ) from None


class _Script:
    """One fault as it runs."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        self._matches = glob_matcher(fault.action.lower())
        self.seen = 0
        self._chance = random.Random(fault.seed)  # noqa: S311 - a seeded chance is wanted

    def strikes(self, call: Call) -> bool:
        action = call.action
        if action is None or not self._matches(f"{action.service.name}:{action.name}".lower()):
            return False
        self.seen += 1
        fault = self.fault
        if fault.every is not None:
            return self.seen % fault.every == 0
        if fault.probability is not None:
            return self._chance.random() < fault.probability
        return True

    @property
    def over(self) -> bool:
        """True if it can never strike again."""
        return self.fault.next is not None and self.seen >= self.fault.next


class Faults:
    """The faults of one cloud; one of its interceptors."""

    def __init__(self) -> None:
        self._scripts: list[_Script] = []
        self._pending: dict[str, Fault] = {}

    def add(self, fault: Fault) -> None:
        """Let a fault happen from now on."""
        self._scripts.append(_Script(fault))

    def clear(self) -> None:
        """No faults any more."""
        self._scripts.clear()
        self._pending.clear()

    def list(self) -> list[Fault]:
        """The faults that may still happen; `next` counts what is left."""
        return [
            one.fault if one.fault.next is None else replace(one.fault, next=one.fault.next - one.seen)
            for one in self._scripts
        ]

    def before(self, call: Call) -> HttpResponse | None:
        """Refuse, cut off, or remember what to do with the answer. The first fault that strikes decides.

        Raises:
            ApiError: the fault is an error that the API answers.
        """
        fault = self._strike(call)
        if fault is None:
            return None
        if fault.kind in _ERRORS:
            raise gateway_error(_ERRORS[fault.kind])
        if fault.kind is FaultKind.RESET_BEFORE:
            return HttpResponse(503, delivery=Delivery.RESET)
        self._pending[call.request_id] = fault
        return None

    def after(self, call: Call, response: HttpResponse) -> HttpResponse:
        """Spoil the answer, when that was decided before."""
        fault = self._pending.pop(call.request_id, None)
        if fault is None:
            return response
        if fault.kind is FaultKind.SLOW:
            response.delay += fault.seconds
        else:
            response.delivery = _AFTER[fault.kind]
        return response

    def _strike(self, call: Call) -> Fault | None:
        for script in self._scripts:
            if script.strikes(call):
                if script.over:
                    self._scripts.remove(script)
                return script.fault
        return None

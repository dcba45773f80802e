"""The smallest policy that would have allowed what was called.

Run a program against the fake as somebody who may do anything, then ask for the policy of what it really did.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from alicloud_fakes.pipeline.registry import AllowedCallers
from alicloud_fakes.services import services
from ram_policies.document import Document, Effect, Statement
from ram_policies.transform import minimise

if TYPE_CHECKING:
    from alicloud_fakes.pipeline.call_log import CallRecord

_GATEWAY_REFUSALS = ("Missing", "Invalid", "Signature", "IncompleteSignature", "Throttling", "NotImplemented")


class Learner:
    """Remembers what each principal called; one of the listeners of a cloud's call log.

    What is kept does not grow with the number of calls, only with the number of different ones.
    """

    def __init__(self) -> None:
        self._needs: dict[str, dict[tuple[str, str], None]] = {}

    def __call__(self, record: CallRecord) -> None:
        """Remember a call, whether or not it was allowed."""
        if not record.principal or not needs_permission(record):
            return
        needs = self._needs.setdefault(record.principal, {})
        for resource in record.resources:
            needs[record.permission, resource] = None

    @property
    def principals(self) -> tuple[str, ...]:
        """ARNs of everybody who called something that needs a permission."""
        return tuple(self._needs)

    def policy(self, principal: str) -> Document | None:
        """The smallest policy that would have allowed what a principal called; None when it called nothing.

        Args:
            principal: ARN as GetCallerIdentity gives it. A role's ARN with ``/*`` in place of the session means all of
                the role's sessions together.
        """
        if principal.endswith("/*"):
            found = [needs for arn, needs in self._needs.items() if arn.startswith(principal[:-1])]
        else:
            found = [self._needs[principal]] if principal in self._needs else []
        pairs = {pair: None for needs in found for pair in needs}
        return smallest(pairs) if pairs else None

    def clear(self) -> None:
        """Forget everything."""
        self._needs.clear()


def needs_permission(record: CallRecord) -> bool:
    """True if a permission decides about a call: neither open to everybody, nor turned away before it was looked at."""
    service = services().get(record.service)
    if service is None:
        return bool(record.permission) and not record.code.startswith(_GATEWAY_REFUSALS)
    action = service.actions.get(record.action)
    return action is not None and action.access is not AllowedCallers.ANONYMOUS and bool(record.resources)


def smallest(pairs: Iterable[tuple[str, str]]) -> Document:
    """A document that allows these pairs of action and resource, and no other.

    Actions that were called on the same resources share a statement. Nothing is widened: no wildcard that was not in a
    resource already.
    """
    resources: dict[str, set[str]] = {}
    for action, resource in pairs:
        resources.setdefault(action, set()).add(resource)
    actions: dict[tuple[str, ...], list[str]] = {}
    for action, found in resources.items():
        actions.setdefault(tuple(sorted(found)), []).append(action)
    statements = [
        Statement(effect=Effect.ALLOW, actions=tuple(sorted(names)), resources=found)
        for found, names in sorted(actions.items())
    ]
    return minimise(Document(tuple(statements)))

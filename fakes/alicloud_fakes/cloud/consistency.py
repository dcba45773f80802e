"""Eventual consistency: a new role or grant is visible only after a while.

A second copy of the cloud follows the first with a delay. Questions about identities are answered from the copy, and
every permission must hold in the copy as well: so what was just made is not there yet, and what was just taken away is
gone where it is changed, but still listed.
"""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING

from alicloud_fakes.cloud import snapshot
from alicloud_fakes.core.errors import gateway_error
from alicloud_fakes.pipeline.call_processing import act
from alicloud_fakes.pipeline.interceptors import AUTHORIZATION
from ram_policies.errors import InvalidInputError

if TYPE_CHECKING:
    from alicloud_fakes.cloud.fake_cloud import Cloud
    from alicloud_fakes.core.messages import HttpResponse
    from alicloud_fakes.identity.caller import Caller
    from alicloud_fakes.pipeline.call import Call
    from alicloud_fakes.pipeline.journal import StateChange

_IDENTITY_SERVICES = frozenset({"ram", "ims", "sts"})
_LONGEST = 3600.0


class EventualConsistency:
    """Makes a cloud eventually consistent for as long as it is installed."""

    def __init__(self, cloud: Cloud, delay: float) -> None:
        """Copy a cloud.

        Args:
            cloud: what it holds now is visible at once.
            delay: seconds, by the cloud's clock, until a change is visible.

        Raises:
            InvalidInputError: the delay is negative or longer than an hour.
        """
        if not 0 <= delay <= _LONGEST:
            raise InvalidInputError("delay", delay, "is out of range", "give 0 to 3600 seconds", code="out-of-range")
        self._cloud = cloud
        self.delay = delay
        self._waiting: deque[StateChange] = deque()
        self._copy = _copy_of(cloud)

    def install(self) -> None:
        """Begin."""
        self._cloud.journal.listeners.append(self._waiting.append)
        self._cloud.consistency = self

    def remove(self) -> None:
        """End: everything is visible at once again."""
        self._cloud.journal.listeners.remove(self._waiting.append)
        self._cloud.consistency = None

    def before(self, call: Call) -> HttpResponse | None:
        """Answer from the copy, or ask the copy for permission.

        Raises:
            ApiError: the answer is an error.
            DeniedError: the permission is not there, or not visible yet.
        """
        self._catch_up()
        action = call.action
        if action is None or call.caller is None:
            return None
        seen = replace(call, cloud=self._copy, caller=self._caller(call.caller))
        try:
            AUTHORIZATION.before(seen)
            if action.reads and action.service.name in _IDENTITY_SERVICES:
                return call.protocol.success(call, act(seen))
        finally:
            call.resources = seen.resources  # for the log of calls, and for who learns from it
        return None

    def after(self, call: Call, response: HttpResponse) -> HttpResponse:
        """Leave the answer as it is."""
        del call
        return response

    def _catch_up(self) -> None:
        if self._cloud.accounts.keys() != self._copy.accounts.keys():
            # No request makes an account: one was added from outside, whole and visible at once.
            self._copy = _copy_of(self._cloud)
            self._waiting.clear()
        now = self._cloud.clock.time()
        while self._waiting and self._waiting[0].time + self.delay <= now:
            position = self._cloud.entropy.position
            self._copy.replay(self._waiting.popleft())
            self._cloud.entropy.position = position

    def _caller(self, caller: Caller) -> Caller:
        account = self._copy.accounts[caller.account.id]
        user = account.ram.users_by_id.get(caller.user.id) if caller.user else None
        role = account.ram.roles_by_id.get(caller.role.id) if caller.role else None
        if (caller.user and user is None) or (caller.role and role is None):
            raise gateway_error("key unknown")
        return replace(caller, account=account, user=user, role=role)


def _copy_of(cloud: Cloud) -> Cloud:
    copy = type(cloud)(seed=cloud.entropy.seed)
    snapshot.restore(copy, snapshot.take(cloud))
    # One time and one source of IDs for both, so that a session issued by the copy is good everywhere.
    copy.clock = cloud.clock
    copy.entropy = cloud.entropy
    return copy

"""Steps between reading a call and acting on it, in their order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from alicloud_fakes.pipeline.authorization import Authorization

if TYPE_CHECKING:
    from alicloud_fakes.core.messages import HttpResponse
    from alicloud_fakes.pipeline.call import Call
    from alicloud_fakes.pipeline.platform import Platform


class Interceptor(Protocol):
    """A stage that a call passes: it can refuse the call, answer it, or change its answer."""

    def before(self, call: Call, /) -> HttpResponse | None:
        """Called when the caller is known and nothing has been done. An answer ends the call; an error refuses it."""
        ...

    def after(self, call: Call, response: HttpResponse, /) -> HttpResponse:
        """Called when the answer is ready, and the change made. Gives the answer to deliver."""
        ...


AUTHORIZATION = Authorization()
"""The same for every cloud: it knows nothing but the call."""


def in_order(platform: Platform) -> list[Interceptor]:
    """Every interceptor of a cloud, in the order in which a call passes them (unconfirmed.GATEWAY_ORDER)."""
    stages: tuple[Interceptor | None, ...] = (
        platform.throttling,  # a call beyond the rate is refused before anything is looked at
        platform.faults,  # what goes wrong on demand
        *platform.interceptors,  # those of the program that uses the cloud
        platform.consistency,  # reads are answered from a copy that follows with a delay
        AUTHORIZATION,  # parameters are read, and the permission is checked
    )
    return [stage for stage in stages if stage is not None]

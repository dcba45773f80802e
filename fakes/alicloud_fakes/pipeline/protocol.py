"""Interface of a wire protocol; everything else about a call is the pipeline's."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alicloud_fakes.core.errors import ApiError
    from alicloud_fakes.core.messages import HttpResponse
    from alicloud_fakes.pipeline.call import Call
    from alicloud_fakes.pipeline.platform import Platform
    from alicloud_fakes.pipeline.registry import Reply


class WireProtocol(ABC):
    """Form of calls on the wire: one object for each protocol of a cloud."""

    @abstractmethod
    def request_id(self, platform: Platform) -> str:
        """An ID for one call, in the form of this protocol."""

    @abstractmethod
    def read(self, call: Call) -> None:
        """Find out what is asked and by whom: set the call's action, parameters, caller and token.

        Raises:
            ApiError: the request cannot be read, names no action, or is not signed by whom it says.
        """

    @abstractmethod
    def authorize(self, call: Call) -> None:
        """Demand the permission for a call, and note in the call which resources it was demanded for.

        Raises:
            ApiError: a parameter is missing or refused.
            DeniedError: the permission is not there.
        """

    @abstractmethod
    def success(self, call: Call, reply: Reply) -> HttpResponse:
        """The answer to a call that succeeded."""

    @abstractmethod
    def failure(self, call: Call, error: ApiError) -> HttpResponse:
        """The answer to a call that failed."""

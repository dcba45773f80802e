"""A cloud as its calls see it: the directory, and everything that a call passes on its way."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Collection, Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from alicloud_fakes.identity.directory import Directory
from alicloud_fakes.pipeline.call_log import CallLog
from alicloud_fakes.pipeline.faults import Faults
from alicloud_fakes.pipeline.journal import Journal
from alicloud_fakes.pipeline.nonces import Nonces

if TYPE_CHECKING:
    from alicloud_fakes.identity.account import Account
    from alicloud_fakes.pipeline.interceptors import Interceptor
    from alicloud_fakes.pipeline.judgement import Judgement
    from alicloud_fakes.pipeline.registry import Service
    from alicloud_fakes.pipeline.throttling import Throttling


class Enforcement(StrEnum):
    """Enforcement of permissions. SOFT: calls are judged and the judgement is recorded, but no call is refused."""

    ON = "on"
    SOFT = "soft"
    OFF = "off"


class Platform(Directory):
    """The directory of a cloud, and what its calls pass. `interceptors.in_order` tells in which order.

    Attributes:
        enforcement: whether permissions are checked. Signatures always are.
        throttling: refuses calls beyond a rate; none by default.
        faults: what goes wrong on demand.
        interceptors: those of the program that uses the cloud; none by default.
        consistency: delays what is visible; none by default.
        nonces: those that were used.
        on_judged: called with each decision about a permission, before a refusal is answered.
        journal: where changes go.
        calls: what was called so far.
    """

    def __init__(self, seed: str | int | None = None, enforcement: Enforcement = Enforcement.ON) -> None:
        super().__init__(seed)
        self.enforcement = enforcement
        self.throttling: Throttling | None = None
        self.faults = Faults()
        self.interceptors: list[Interceptor] = []
        self.consistency: Interceptor | None = None
        self.nonces = Nonces()
        self.on_judged: list[Callable[[Judgement], None]] = []
        self.journal = Journal()
        self.calls = CallLog()

    @property
    @abstractmethod
    def services(self) -> Mapping[str, Service[Any]]:
        """The services of the cloud, by name."""

    @abstractmethod
    def service_of(self, version: str) -> Service[Any] | None:
        """The service of an API version."""

    @property
    def service_names(self) -> Collection[str]:
        """Names of the services that accounts have a state of."""
        return self.services.keys()

    def make_state(self, service: str, account: Account) -> object:
        """A new state of a service for an account."""
        return self.services[service].make_state(account)

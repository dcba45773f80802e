"""The fake cloud: accounts and services, and the application that answers requests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

from alicloud_fakes.core.messages import HttpRequest, HttpResponse
from alicloud_fakes.identity.caller import Caller, IdentityType
from alicloud_fakes.pipeline import call_processing
from alicloud_fakes.pipeline.call import Call
from alicloud_fakes.pipeline.platform import Enforcement, Platform
from alicloud_fakes.pipeline.rpc.rpc_protocol import RpcProtocol
from alicloud_fakes.services import by_version, services
from alicloud_fakes.services.oss.door import OssDoor

if TYPE_CHECKING:
    from alicloud_fakes.identity.account import Account
    from alicloud_fakes.pipeline.journal import StateChange
    from alicloud_fakes.pipeline.registry import Reply, Service

__all__ = ["Cloud", "Enforcement", "OtherProtocol"]


class OtherProtocol(Protocol):
    """A protocol beside RPC: OSS, the fake's own administration."""

    def claims(self, request: HttpRequest) -> bool:
        """True if the request is one of this protocol."""
        ...

    def handle(self, request: HttpRequest) -> HttpResponse:
        """Answer it."""
        ...


class Cloud(Platform):
    """A fake Alibaba Cloud.

    Attributes:
        protocols: see `OtherProtocol`; asked in order, before RPC.
        rpc: the RPC protocol.
    """

    def __init__(self, *, seed: str | int | None = None, enforcement: Enforcement = Enforcement.ON) -> None:
        super().__init__(seed, enforcement)
        self.protocols: list[OtherProtocol] = [OssDoor(self)]
        self.rpc = RpcProtocol(self)

    @property
    def services(self) -> Mapping[str, Service[Any]]:
        """The services of the cloud, by name."""
        return services()

    def service_of(self, version: str) -> Service[Any] | None:
        """The service of an API version."""
        return by_version().get(version)

    def handle(self, request: HttpRequest) -> HttpResponse:
        """Answer a request: the application behind every door. Never raises."""
        for protocol in self.protocols:
            if protocol.claims(request):
                return protocol.handle(request)
        return self.rpc.handle(request)

    def call(self, http: HttpRequest, caller: Caller | None) -> Call:
        """A call that came through no protocol, for doors that ask for permissions themselves."""
        return Call(self, self.rpc, self.entropy.request_id(), http, self.clock.time(), caller=caller)

    def act(self, account: Account, service: str, action: str, parameters: Mapping[str, str]) -> Reply:
        """Perform an action as root of an account, without a request: what a fixture does.

        Raises:
            ApiError: the action refuses.
            LookupError: there is no such service or action.
        """
        call = self.call(HttpRequest("POST"), Caller(IdentityType.ACCOUNT, account))
        call.action = services()[service].actions[action]
        call.action_name = action
        call.parameters = parameters
        with self.lock:
            return call_processing.act(call)

    def replay(self, change: StateChange) -> None:
        """Make a change again, with its time, its IDs and its secrets.

        Raises:
            ApiError: it cannot be made, because the state is not the one it was made in.
            LookupError: there is no such service or action.
        """
        call_processing.replay(self, self.rpc, change)

    @classmethod
    def of(cls, accounts: Mapping[str, str], *, seed: str | int | None = None) -> Cloud:
        """A cloud with these accounts, given as ID and alias (or an empty text)."""
        cloud = cls(seed=seed)
        for account_id, alias in accounts.items():
            cloud.add_account(account_id, alias=alias)
        return cloud

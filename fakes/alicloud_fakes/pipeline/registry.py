"""Services and their actions.

A service is a package whose ``__init__`` holds one `Service`; its actions are registered by the modules that the
service names, which are imported when the first of its actions is asked for.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, TypeAlias, TypeVar

from alicloud_fakes.core.errors import ApiError
from alicloud_fakes.pipeline.declare import ActionRequest, Refusal
from alicloud_fakes.pipeline.targets import Targets

S = TypeVar("S")
R = TypeVar("R", bound=ActionRequest)

Reply: TypeAlias = Mapping[str, object] | None
"""Answer of an action, besides the request ID."""

ContextOf: TypeAlias = Callable[[Any], Mapping[str, str | tuple[str, ...]]]


class AllowedCallers(StrEnum):
    """Callers that may use an action: those whom policies allow, any signed caller, or anybody at all."""

    POLICY = "policy"
    SIGNED = "signed"
    ANONYMOUS = "anonymous"


@dataclass(frozen=True, slots=True)
class Action:
    """One action.

    Attributes:
        name: as on the wire.
        service: the service it belongs to.
        request: its parameters.
        handler: what it does, given the service's state in the caller's account, and the request.
        access: who may call it.
        permission: the action in policies: ``ram:CreateRole``.
        on: what it is checked for: relative ids (``role/ops``) of the caller's account, whole ARNs, or targets.
        context: further condition keys.
        reads: whether it leaves the state as it is.
    """

    name: str
    service: Service[Any]
    request: type[ActionRequest]
    handler: Callable[[Any, Any], Reply]
    access: AllowedCallers
    permission: str
    on: Callable[[Any], Targets]
    context: ContextOf | None
    reads: bool


_READS = ("Get", "Head", "List", "Describe", "Query", "Decode", "Validate", "AssumeRole")


class Service(Generic[S]):
    """One product: its API version, its state for each account, its actions, its way of refusing.

    Attributes:
        name: short name, also the name of the state on `Account`: ``account.ram``.
        version: API version; it identifies the product on a port that serves all.
        host: what it calls itself in errors.
        ram_code: prefix of its actions in policies.
        denial: code and message when the caller lacks permission; the status is 403.
        refuse: how it words a refused parameter.
    """

    def __init__(
        self,
        name: str,
        package: str,
        *,
        version: str,
        host: str,
        state: str,
        modules: tuple[str, ...],
        refuse: Refusal,
        denial: tuple[str, str],
        ram_code: str = "",
    ) -> None:
        """Describe a service.

        Args:
            name: see above.
            package: ``__name__`` of the package.
            version: see above.
            host: see above.
            state: ``module:Class`` inside the package; the class is made with the account.
            modules: modules inside the package that register actions.
            refuse: see above.
            denial: see above.
            ram_code: see above; the name by default.
        """
        self.name = name
        self.version = version
        self.host = host
        self.ram_code = ram_code or name
        self.refuse = refuse
        self.denial = denial
        self._package = package
        self._state = state
        self._modules = modules
        self._actions: dict[str, Action] = {}
        self._loaded = False

    def action(
        self,
        request: type[R],
        *,
        on: Callable[[R], Targets] = lambda _: "*",
        access: AllowedCallers = AllowedCallers.POLICY,
        permission: str = "",
        context: Callable[[R], Mapping[str, str | tuple[str, ...]]] | None = None,
        name: str = "",
    ) -> Callable[[Callable[[S, R], Reply]], Callable[[S, R], Reply]]:
        """Register an action; its name is that of the request class.

        Args:
            request: its parameters.
            on: see `Action`.
            access: see `Action`.
            permission: see `Action`; ``<ram code>:<name>`` by default.
            context: see `Action`.
            name: for requests that serve several actions.
        """
        wire = name or request.__name__

        def register(handler: Callable[[S, R], Reply]) -> Callable[[S, R], Reply]:
            self._actions[wire] = Action(
                name=wire,
                service=self,
                request=request,
                handler=handler,
                access=access,
                permission=permission or f"{self.ram_code}:{wire}",
                on=on,
                context=context,
                reads=wire.startswith(_READS),
            )
            return handler

        return register

    @property
    def actions(self) -> Mapping[str, Action]:
        """All actions by name."""
        if not self._loaded:
            for module in self._modules:
                importlib.import_module(f"{self._package}.{module}")
            self._loaded = True
        return self._actions

    def find(self, name: str) -> Action | None:
        """The action of a name. Letter case makes no difference: the alicloud provider sends UnTagResources as well."""
        found = self.actions.get(name)
        if found is not None:
            return found
        lowered = name.lower()
        return next((action for other, action in self.actions.items() if other.lower() == lowered), None)

    def make_state(self, account: object) -> S:
        """A new state for an account."""
        module, _, name = self._state.partition(":")
        return getattr(importlib.import_module(f"{self._package}.{module}"), name)(account)

    def denied(self, detail: dict[str, object] | None = None) -> ApiError:
        """The error for a caller without permission."""
        return ApiError(403, *self.denial, detail)

"""`pulumi.runtime.set_mocks` on a fake cloud: unit tests whose resources really come to be, without an engine."""

# Pulumi's mocks hand over bare dictionaries.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import TracebackType
from typing import Any, Self, cast

import pulumi
from pulumi.runtime import rpc
from pulumi.runtime.settings import SETTINGS, set_root_resource

from alicloud_fakes.cloud.fake_cloud import Cloud
from alicloud_fakes.identity.account import Account
from alicloud_fakes.mock import mock_alicloud
from alicloud_fakes.provider import check_and_diff, handlers
from alicloud_fakes.provider.api import Api, SdkApi
from alicloud_fakes.provider.check_and_diff import Properties, PropertyValue, unknown_within
from alicloud_fakes.provider.functions import function
from alicloud_fakes.provider.grants import HANDLERS
from alicloud_fakes.provider.provider_configuration import ProviderSettings, problems, settle
from alicloud_fakes.provider.schema import RESOURCE_TYPES
from ram_policies.error_kinds import with_code

_PROVIDER = "pulumi:providers:alicloud"


class Mocks(pulumi.runtime.Mocks):
    """Mocks that make a program's alicloud resources in a fake cloud, through the official SDK in this process.

    ```python
    with Mocks(cloud, default="11223344") as mocks:
        pulumi.runtime.set_mocks(mocks)
        ...
    ```

    A resource goes to the account whose keys its provider was given. At preview nothing is made, and outputs that only
    the cloud can tell are unknown.
    """

    def __init__(
        self,
        cloud: Cloud,
        *,
        default: str = "",
        accounts: Mapping[str, str] | None = None,
        preview: bool = False,
    ) -> None:
        """Make the mocks.

        Args:
            cloud: where resources are made.
            default: account (ID or alias) of resources without a provider of their own; the only one by default.
            accounts: account by the name of a provider resource, for providers that are given no keys.
            preview: whether the run is a preview; `set_mocks` has to get the same.
        """
        self.cloud = cloud
        self._default = default
        self._accounts = dict(accounts or {})
        self._preview = preview
        self._door = mock_alicloud(cloud=cloud)
        self._apis: dict[str, Api] = {}

    def __enter__(self) -> Self:
        # A program that failed leaves unfinished outputs behind, and a stack, of an event loop that is gone. The next
        # one in this process would wait for them without end.
        cast("Any", SETTINGS).outputs = set()
        set_root_resource(cast("Any", None))
        self._door.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._door.stop()

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str | None, dict[str, object]]:
        """The identifier and the state of a new or read resource.

        Raises:
            CallRefusedError: the cloud refused it.
            ValueError: inputs that the provider refuses, or a resource type it does not have.
        """
        inputs = _unwrapped(cast("Mapping[str, object]", args.inputs))
        if args.typ == _PROVIDER:
            self._configure(args.name, inputs)
        if (not args.custom and not args.resource_id) or args.typ.startswith("pulumi:"):
            return ("" if self._preview or not args.custom else args.name), _plain(inputs)
        handler = HANDLERS.get(args.typ)
        if handler is None:
            served = ", ".join(sorted(RESOURCE_TYPES))
            problem = f"{args.typ}: the stand-in provider has no such resource. It has {served}"
            raise ValueError(with_code(problem, "not-served"))
        if args.resource_id:
            found = handlers.read_outputs(handler, self._api(args.provider), args.resource_id, inputs)
            if found is None:
                raise ValueError(with_code(f"{args.typ} {args.resource_id} does not exist", "refused-by-provider"))
            return args.resource_id, _plain(found)
        checked, failures = check_and_diff.check_inputs(handler.kind, inputs, args.name, args.name.encode())
        if failures:
            problem = f"{args.typ} {args.name}: {'; '.join(f'{f.property} {f.reason}' for f in failures)}"
            raise ValueError(with_code(problem, "refused-by-provider"))
        if self._preview:
            return "", _plain(check_and_diff.planned(handler.kind, {}, checked))
        identifier, outputs = handlers.create(handler, self._api(args.provider), checked)
        return identifier, _plain(outputs)

    def call(self, args: pulumi.runtime.MockCallArgs) -> tuple[dict[str, object], list[tuple[str, str]]]:
        """The answer of a provider function.

        Raises:
            ValueError: a function that the stand-in does not serve.
        """
        asked = function(args.token)
        return _plain(asked(self._api(args.provider), _unwrapped(cast("Mapping[str, object]", args.args)))), []

    def _configure(self, name: str, inputs: Properties) -> None:
        found = [f"{failure.property}: {failure.reason}" for failure in problems(inputs)]
        if found:
            raise ValueError(with_code(f"provider {name}: {'; '.join(found)}", "refused-by-provider"))
        if inputs.get("accessKey") and inputs.get("secretKey"):
            self._apis[name] = _direct(settle(inputs, {}))

    def _api(self, provider: str | None) -> Api:
        """The API of the account behind a provider reference, `<urn>::<id>`; empty means the default provider."""
        parts = (provider or "").split("::")
        name = parts[3] if len(parts) > 3 else ""
        if name not in self._apis:
            self._apis[name] = _direct(_root(self._account(name)))
        return self._apis[name]

    def _account(self, name: str) -> Account:
        wanted = self._accounts.get(name) or self._default
        if wanted:
            return self.cloud.account(wanted)
        if len(self.cloud.accounts) == 1:
            return next(iter(self.cloud.accounts.values()))
        problem = f"it has no keys, and the cloud has {len(self.cloud.accounts)} accounts."
        fix = "Fix: give Mocks the account as default= or in accounts="
        raise ValueError(with_code(f"provider {name or 'default'}: {problem} {fix}", "no-credentials"))


def _root(account: Account) -> ProviderSettings:
    return ProviderSettings(account.root_key.id, account.root_key.secret)


def _direct(settings: ProviderSettings) -> Api:
    """The API at the public endpoints, which the in-process door answers, whatever endpoint a program asks for."""
    return SdkApi(replace(settings, endpoints=(), protocol="HTTPS"), {})


def _unwrapped(inputs: Mapping[str, object]) -> Properties:
    """Inputs without Pulumi's wrapping of secrets."""
    return {name: cast("PropertyValue", rpc.unwrap_rpc_secret(value)) for name, value in inputs.items()}


def _plain(values: Mapping[str, PropertyValue]) -> dict[str, object]:
    """Known values only: what is missing at preview, Pulumi takes for unknown."""
    return {name: value for name, value in values.items() if value is not None and not unknown_within(value)}

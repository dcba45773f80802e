"""Mocks on the fake cloud, where that is installed: what a program registers really comes to be, or is refused.

The extra ``fakes`` of this distribution brings it along. Without it, and for resource types that the fake does not
have, `EchoMocks` answers.
"""

# Pulumi's mocks hand over bare dictionaries.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Self

import pulumi

from pulumi_alicloud_delegation.testing.echo_mocks import SOME_ACCOUNT, EchoMocks
from ram_policies.error_kinds import with_code
from ram_policies.extras import extra_needed

if TYPE_CHECKING:
    from alicloud_fakes import Cloud

_NEEDED = ("alicloud_fakes", "responses", "alibabacloud_tea_openapi")
MakeMocks = Callable[[bool], pulumi.runtime.Mocks]
"""Makes the mocks of one run; the argument says whether it is a preview."""


class CloudMocks(pulumi.runtime.Mocks):
    """The fake's own mocks, and an echo for what the fake does not have."""

    def __init__(self, cloud: Cloud, accounts: Mapping[str, str], *, preview: bool) -> None:
        """Make the mocks.

        Args:
            cloud: where resources are made.
            accounts: account ID by the name of the provider resource; the default provider is named ``default``.
            preview: whether the run is a preview.
        """
        with extra_needed("fakes"):
            from alicloud_fakes.provider.functions import FUNCTIONS  # noqa: PLC0415 - of the extra
            from alicloud_fakes.provider.mocks import Mocks  # noqa: PLC0415 - of the extra
            from alicloud_fakes.provider.schema import RESOURCE_TYPES  # noqa: PLC0415 - of the extra

        # With several accounts none is the default: a provider without keys then has to be given one.
        default = accounts.get("default") or (next(iter(cloud.accounts)) if len(cloud.accounts) == 1 else "")
        unknown = sorted(account for account in accounts.values() if account not in cloud.accounts)
        if unknown:
            known = ", ".join(cloud.accounts)
            problem = f"accounts: {', '.join(unknown)} is in no cloud of this test, which has {known}."
            raise LookupError(with_code(problem, "unknown-name"))
        self._fake = Mocks(cloud, default=default, accounts=accounts, preview=preview)
        self._echo = EchoMocks({**accounts, "default": default} if default else accounts, preview=preview)
        self._served = {*RESOURCE_TYPES, "pulumi:providers:alicloud", *FUNCTIONS}

    def __enter__(self) -> Self:
        self._fake.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._fake.__exit__(kind, error, trace)

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str | None, dict[str, object]]:
        """The ID and the state of a new resource."""
        return (self._fake if args.typ in self._served else self._echo).new_resource(args)

    def call(self, args: pulumi.runtime.MockCallArgs) -> tuple[dict[str, object], list[tuple[str, str]]]:
        """The answer of a provider function."""
        return (self._fake if args.token in self._served else self._echo).call(args)


def default_mocks(accounts: Mapping[str, str], cloud: Cloud | None) -> MakeMocks:
    """Mocks on the given cloud, else on a new one for each run, else (where there is no fake) an echo."""
    if cloud is None and any(importlib.util.find_spec(name) is None for name in _NEEDED):
        return lambda preview: EchoMocks(accounts, preview=preview)

    def make(preview: bool) -> pulumi.runtime.Mocks:  # noqa: FBT001 - see MakeMocks
        return CloudMocks(cloud or _cloud_for(accounts), accounts, preview=preview)

    return make


def _cloud_for(accounts: Mapping[str, str]) -> Cloud:
    from alicloud_fakes import Cloud  # noqa: PLC0415 - the fake is an extra, and only these tests need it

    return Cloud.of(dict.fromkeys([*accounts.values()] or [SOME_ACCOUNT], ""))

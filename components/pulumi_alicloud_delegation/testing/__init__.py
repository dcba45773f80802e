"""Testing Pulumi programs without an engine: run one under mocks, wait for all of it, look at what it registered.

With pytest, ask for the fixture `pulumi_program`; elsewhere call `run_program`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pulumi_alicloud_delegation.testing.cloud_mocks import CloudMocks as CloudMocks
    from pulumi_alicloud_delegation.testing.echo_mocks import EchoMocks as EchoMocks
    from pulumi_alicloud_delegation.testing.program_runs import run_program as run_program
    from pulumi_alicloud_delegation.testing.registrations import UNKNOWN as UNKNOWN
    from pulumi_alicloud_delegation.testing.registrations import FunctionCall as FunctionCall
    from pulumi_alicloud_delegation.testing.registrations import Registration as Registration
    from pulumi_alicloud_delegation.testing.registrations import Run as Run
    from pulumi_alicloud_delegation.testing.registrations import Runs as Runs

_HOMES = {
    "CloudMocks": "cloud_mocks",
    "EchoMocks": "echo_mocks",
    "UNKNOWN": "registrations",
    "FunctionCall": "registrations",
    "Registration": "registrations",
    "Run": "registrations",
    "Runs": "registrations",
    "run_program": "program_runs",
}


def __getattr__(name: str) -> object:
    import importlib  # noqa: PLC0415 - pytest imports this package in every session

    if name not in _HOMES:
        raise AttributeError(f"module 'pulumi_alicloud_delegation.testing' has no attribute {name!r}")
    value = getattr(importlib.import_module(f"pulumi_alicloud_delegation.testing.{_HOMES[name]}"), name)
    globals()[name] = value
    return value

"""Tests of the accounts that a stack of this package names for `access`."""

from __future__ import annotations

from importlib.metadata import entry_points

import pytest

from access_cli.hint_readers import GROUP
from pulumi_alicloud_delegation.hints import account_hints
from ram_policies.stack.facts import ProviderInstance, ResourceFacts

STACK = "urn:pulumi:dev::project::"


def resource(provider: str, **properties: object) -> ResourceFacts:
    at = ProviderInstance(f"{STACK}pulumi:providers:alicloud::{provider}")
    return ResourceFacts(f"{STACK}alicloud:ram/role:Role::r", "alicloud:ram/role:Role", properties, at)


def test_the_command_line_finds_this_reader() -> None:
    (point,) = [point for point in entry_points(group=GROUP) if point.name == "delegation"]
    assert point.load() is account_hints


@pytest.mark.parametrize("provider", ["owner", "delegation/owner", "bundle-owner"])
@pytest.mark.parametrize("owner", ['{"id":"11223344","alias":"company-a"}', {"id": 11223344, "alias": "company-a"}])
def test_the_configuration_names_the_accounts(provider: str, owner: object) -> None:
    config = {"alicloud-delegation:owner": owner, "alicloud-delegation:ownerSecretKey": "[secret]"}
    found = account_hints(config, [resource(provider)])
    assert found.accounts == {provider: "11223344"}
    assert found.aliases == {"11223344": "company-a"}


def test_an_acceptance_names_both_accounts() -> None:
    acceptance = {"owner": {"id": "11223344", "alias": "a"}, "delegate": {"id": "12345678", "alias": "b"}}
    stack = ResourceFacts(f"{STACK}pulumi:pulumi:Stack::s", "pulumi:pulumi:Stack", {"acceptance": acceptance})
    found = account_hints({}, [stack, resource("delegate")])
    assert found.accounts == {"delegate": "12345678"}
    assert found.aliases == {"11223344": "a", "12345678": "b"}


@pytest.mark.parametrize("config", [{}, {"owner": "{"}, {"owner": "3"}, {"owner": {"id": None}}, {"x:roles": "[]"}])
def test_a_stack_of_something_else_tells_nothing(config: dict[str, object]) -> None:
    found = account_hints(config, [resource("owner", acceptance="text")])
    assert (dict(found.accounts), dict(found.aliases)) == ({}, {})

"""The account behind a provider."""

from __future__ import annotations

import pytest

from ram_policies.conditions import UNKNOWN
from ram_policies.stack.accounts import provider_accounts
from ram_policies.stack.facts import ProviderInstance, ResourceFacts

STACK = "urn:pulumi:dev::project::"
ROLE = "alicloud:ram/role:Role"


def role(provider: str, account: object = None, arn: object = None, parent: str = "") -> ResourceFacts:
    at = ProviderInstance(f"{STACK}{parent}pulumi:providers:alicloud::{provider}", {"accountId": account})
    return ResourceFacts(f"{STACK}{ROLE}::{provider}-{parent}-{arn}", ROLE, {"arn": arn}, at)


CASES = [
    ("accountId", role("a", "111"), {}, {}, "111", False),
    ("an ARN", role("a", None, "acs:ram::222:role/r"), {}, {}, "222", False),
    ("both agree", role("a", "222", "acs:ram::222:role/r"), {}, {}, "222", False),
    ("accountId against an ARN", role("a", "111", "acs:ram::222:role/r"), {}, {}, UNKNOWN, True),
    ("the reviewer against accountId", role("a", "111"), {"a": "333"}, {}, "333", True),
    ("the reviewer against an ARN", role("a", None, "acs:ram::222:role/r"), {"a": "333"}, {}, "333", True),
    ("the reviewer by URN", role("a"), {f"{STACK}pulumi:providers:alicloud::a": "333"}, {}, "333", False),
    ("the reviewer about another provider", role("a"), {"b": "333"}, {}, UNKNOWN, False),
    ("the reviewer in another letter case", role("a"), {"A": "333"}, {}, UNKNOWN, False),
    ("a default provider of some version", role("default_4_5_6"), {"default": "333"}, {}, "333", False),
    ("assumed, for want of better", role("a"), {}, {f"{STACK}pulumi:providers:alicloud::a": "444"}, "444", False),
    ("assumed, but declared", role("a", "111"), {}, {f"{STACK}pulumi:providers:alicloud::a": "444"}, "111", False),
    ("accountId that is not known", role("a", UNKNOWN), {}, {}, UNKNOWN, False),
    ("an ARN that is not known", role("a", None, UNKNOWN), {}, {}, UNKNOWN, False),
    ("an ARN that is none", role("a", None, "acs:ram"), {}, {}, UNKNOWN, False),
    ("an empty accountId", role("a", ""), {}, {}, UNKNOWN, False),
]


@pytest.mark.parametrize(
    ("resource", "reviewed", "assumed", "account", "conflict"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_the_account_of_a_provider(resource, reviewed, assumed, account, conflict) -> None:
    (found,) = provider_accounts([resource], reviewed, assumed).values()
    assert found.account == account
    assert bool(found.conflict) is conflict


def test_a_name_that_two_providers_have_stands_for_neither() -> None:
    found = provider_accounts([role("a"), role("a", parent="my:index:Thing$")], {"a": "333"})
    assert [(each.account, bool(each.conflict)) for each in found.values()] == [(UNKNOWN, True)] * 2


def test_arns_in_two_accounts_leave_it_open() -> None:
    found = provider_accounts([role("a", None, "acs:ram::1:role/r"), role("a", None, "acs:ram::2:role/r")])
    assert [(each.account, bool(each.conflict)) for each in found.values()] == [(UNKNOWN, True)]

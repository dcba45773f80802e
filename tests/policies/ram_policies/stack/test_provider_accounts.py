"""The account behind a provider."""

from __future__ import annotations

import pytest

from ram_policies.conditions import UNKNOWN
from ram_policies.stack.facts import ProviderInstance, ResourceFacts
from ram_policies.stack.provider_accounts import provider_accounts
from ram_policies.stack.value_marks import UNKNOWN_TEXT

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


def acting(provider: str, account: object, assume_role: object) -> ResourceFacts:
    at = ProviderInstance(
        f"{STACK}pulumi:providers:alicloud::{provider}", {"accountId": account, "assumeRole": assume_role}
    )
    return ResourceFacts(f"{STACK}{ROLE}::{provider}", ROLE, {}, at)


@pytest.mark.parametrize(
    ("resource", "account", "conflict"),
    [
        (acting("a", None, '{"roleArn":"acs:ram::222:role/deploy"}'), "222", False),
        (acting("a", None, {"roleArn": "acs:ram::222:role/deploy"}), "222", False),
        (acting("a", None, [{"roleArn": "acs:ram::222:role/deploy"}]), "222", False),
        (acting("a", "222", '{"roleArn":"acs:ram::222:role/deploy"}'), "222", False),
        (acting("a", "111", '{"roleArn":"acs:ram::222:role/deploy"}'), UNKNOWN, True),
        (acting("a", "111", '{"roleArn":""}'), "111", False),
        (acting("a", "111", ""), "111", False),
        (acting("a", "111", []), "111", False),
        (acting("a", "111", "no JSON"), UNKNOWN, False),
        (acting("a", "111", '{"roleArn":"deploy"}'), UNKNOWN, False),
        (acting("a", "111", f'{{"roleArn":"{UNKNOWN_TEXT}"}}'), UNKNOWN, False),
        (acting("a", "111", {"roleArn": UNKNOWN}), UNKNOWN, False),
        (acting("a", "111", UNKNOWN), UNKNOWN, False),
    ],
)
def test_the_account_of_a_provider_that_assumes_a_role(
    resource: ResourceFacts, account: object, conflict: bool
) -> None:
    (found,) = provider_accounts([resource]).values()
    assert found.account == account
    assert bool(found.conflict) is conflict


@pytest.mark.parametrize(
    ("resource", "account", "conflict"),
    [
        (role("a", "111"), "333", True),
        (role("renamed", "111"), UNKNOWN, True),
        (role("default_1_2_3", "111"), UNKNOWN, True),
        (acting("renamed", None, '{"roleArn":"acs:ram::222:role/deploy"}'), UNKNOWN, True),
        (role("renamed", None, "acs:ram::222:role/r"), "222", False),
        (role("renamed"), UNKNOWN, False),
    ],
)
def test_where_a_reviewer_names_providers_the_programs_word_about_others_is_nothing(
    resource: ResourceFacts, account: object, conflict: bool
) -> None:
    (found,) = provider_accounts([resource], {"a": "333"}, reviewed_only=True).values()
    assert found.account == account
    assert bool(found.conflict) is conflict
    (unasked,) = provider_accounts([resource], {}, reviewed_only=True).values()
    assert unasked == next(iter(provider_accounts([resource]).values()))


OIDC, LAST = '{"roleArn":"acs:ram::222:role/ci"}', '{"roleArn":"acs:ram::333:role/deploy"}'


@pytest.mark.parametrize(
    ("properties", "account", "conflict"),
    [
        ({"assumeRoleWithOidc": OIDC}, "222", False),
        ({"assumeRoleWithOidc": OIDC, "accountId": "222"}, "222", False),
        ({"assumeRoleWithOidc": OIDC, "accountId": "111"}, UNKNOWN, True),
        ({"assumeRoleWithOidc": OIDC, "assumeRole": LAST}, "333", False),
        ({"assumeRoleWithOidc": UNKNOWN, "assumeRole": LAST}, "333", False),
        ({"assumeRoleWithOidc": UNKNOWN, "accountId": "111"}, UNKNOWN, False),
    ],
)
def test_the_account_of_a_provider_that_signs_in_with_oidc(properties, account: object, conflict: bool) -> None:
    at = ProviderInstance(f"{STACK}pulumi:providers:alicloud::a", properties)
    (found,) = provider_accounts([ResourceFacts(f"{STACK}{ROLE}::a", ROLE, {}, at)]).values()
    assert found.account == account
    assert bool(found.conflict) is conflict


def test_an_arn_says_the_account_of_a_role_that_is_not_known() -> None:
    at = ProviderInstance(f"{STACK}pulumi:providers:alicloud::a", {"assumeRole": UNKNOWN})
    (found,) = provider_accounts([ResourceFacts(f"{STACK}{ROLE}::a", ROLE, {"arn": "acs:ram::1:role/r"}, at)]).values()
    assert found.account == "1"


def test_the_reviewer_says_the_account_of_a_role_that_is_not_known() -> None:
    (found,) = provider_accounts([acting("a", None, UNKNOWN)], {"a": "111"}).values()
    assert (found.account, found.conflict) == ("111", "")

"""Programs that try to get around a guardrail: each is judged like the plain program."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from ram_guardrails_pack.testing import (
    UNKNOWN,
    attach,
    check,
    group,
    login,
    member,
    policy,
    provider,
    resource,
    role,
    trust_document,
    user,
)
from ram_policies.build import allow, deny, document, trust
from ram_policies.errors import InvalidInputError
from ram_policies.guardrails.baseline import read_baseline, write_baseline
from ram_policies.guardrails.rulebook import find_rule
from ram_policies.stack.assembly import build_stack
from ram_policies.stack.facts import ProviderInstance, ResourceFacts, Value

A, B = provider("11223344"), provider("12345678")
OPS = role("ops", trust_document(trust("acs:ram::12345678:root")), A)
ALLOW, DENY = policy("wide", document(allow(["ecs:*", "ram:*"])), A), policy("narrow", document(deny("ram:*")), A)
ESCALATION, NEW_ACCESS = find_rule("privilege-escalation"), find_rule("no-new-access")


def scoped(to: ResourceFacts, what: ResourceFacts, group_id: Value, name: str = "scoped") -> ResourceFacts:
    """A policy attached to a role through Resource Manager, for a resource group or for the account (its ID)."""
    given = {
        "policyName": what.text("policyName"),
        "policyType": "Custom",
        "principalName": f"{to.text('roleName')}@role.11223344.onaliyunservice.com",
        "principalType": "ServiceRole",
        "resourceGroupId": group_id,
    }
    return resource("alicloud:resourcemanager/policyAttachment:PolicyAttachment", name, given, to.provider)


def judged(before: list[ResourceFacts], after: list[ResourceFacts]) -> list[str]:
    files = {"agreed.json": write_baseline(build_stack(before))}
    return [str(v) for v in check(NEW_ACCESS, *after, settings={"baseline": "agreed.json"}, files=files)]


def same_name(name: str, what: ResourceFacts) -> ResourceFacts:
    return replace(what, urn=what.urn.replace(f"::{what.name}", f"::{name}"))


# A Deny counts in its own scope alone.

GROUP_DENY_CASES = [
    ("both for the account", "11223344", "11223344", False),
    ("the Deny for a group", "11223344", "rg-1", True),
    ("the Deny for a group that is not known", "11223344", UNKNOWN, True),
    ("both for the same group", "rg-1", "rg-1", False),
    ("for two groups", "rg-1", "rg-2", True),
    ("the Allow for a group, the Deny for the account", "rg-1", "11223344", False),
]


@pytest.mark.parametrize(("of_allow", "of_deny", "violates"), [c[1:] for c in GROUP_DENY_CASES])
def test_a_deny_takes_back_only_what_is_in_its_scope(of_allow: Value, of_deny: Value, violates: bool) -> None:
    stack = (OPS, ALLOW, DENY, scoped(OPS, ALLOW, of_allow, "a"), scoped(OPS, DENY, of_deny, "d"))
    assert any("ram:" in str(v) for v in check(ESCALATION, *stack)) is violates


@pytest.mark.parametrize(
    ("before", "after", "violates"),
    [
        (("11223344", "11223344"), ("11223344", "rg-1"), True),
        (("11223344", "rg-1"), ("11223344", "rg-1"), False),
        (("11223344", "rg-1"), ("11223344", "11223344"), False),
        (("rg-1", "rg-1"), ("rg-1", "rg-2"), True),
        (("rg-1", "rg-1"), ("rg-2", "rg-1"), True),
        (("11223344", "11223344"), ("rg-1", "11223344"), False),
        (("rg-1", "11223344"), ("11223344", "11223344"), True),
        (("rg-1", "rg-1"), ("rg-1", "11223344"), False),
    ],
)
def test_a_deny_that_moves_to_another_scope_is_seen(before, after, violates: bool) -> None:
    stacks = [[OPS, ALLOW, DENY, scoped(OPS, ALLOW, a, "a"), scoped(OPS, DENY, d, "d")] for a, d in (before, after)]
    assert bool(judged(*stacks)) is violates


def test_a_baseline_keeps_the_resource_group() -> None:
    text = write_baseline(build_stack([OPS, ALLOW, scoped(OPS, ALLOW, "rg-1")]))
    assert [grant.scope for grant in read_baseline(text)["acs:ram::11223344:role/ops"].grants] == ["rg-1"]


# Of several resources that define one thing, all count.


@pytest.mark.parametrize("order", [1, -1])
def test_a_second_policy_of_the_name_hides_nothing(order: int) -> None:
    harmless = same_name("z-harmless", policy("wide", document(allow("ecs:Describe*")), A))
    stack = [OPS, ALLOW, harmless, attach(OPS, ALLOW)][::order]
    assert check(ESCALATION, *stack)


def test_a_second_policy_of_the_name_denies_nothing() -> None:
    second = same_name("z-second", policy("WIDE", document(deny("ram:*")), A))
    assert check(ESCALATION, OPS, ALLOW, second, attach(OPS, ALLOW))


def test_a_deny_that_both_of_a_name_have_counts() -> None:
    one = policy("wide", document(allow(["ecs:*", "ram:*"]), deny(["ram:*", "sts:*"])), A)
    other = same_name("z", policy("wide", document(allow("ecs:Describe*"), deny(["ram:*", "sts:*"])), A))
    assert not any("ram:" in str(v) for v in check(ESCALATION, OPS, one, other, attach(OPS, one)))


def test_of_two_default_versions_both_count() -> None:
    kind = "alicloud:resourcemanager/policyVersion:PolicyVersion"
    texts = {"a": document(allow("ram:*")).to_json(), "b": document(allow("ecs:Describe*")).to_json()}
    versions = [
        resource(kind, n, {"policyName": "p", "policyDocument": t, "isDefaultVersion": True}, A)
        for n, t in texts.items()
    ]
    grant = attach(OPS, policy("p", document(allow("ecs:*")), A))
    assert check(ESCALATION, OPS, *versions, grant)
    assert check(ESCALATION, OPS, *versions[::-1], grant)


@pytest.mark.parametrize("default", ["v2", UNKNOWN, "v1"])
@pytest.mark.parametrize("name", ["p", "P", UNKNOWN])
def test_a_version_that_the_policy_itself_makes_the_default_counts(default: Value, name: Value) -> None:
    module = "alicloud:resourcemanager"
    harmless = document(allow("ecs:Describe*")).to_json()
    made = {"policyName": name, "policyDocument": harmless}
    switched = resource(f"{module}/policy:Policy", "p", {**made, "defaultVersion": default}, A)
    plain = resource(f"{module}/policy:Policy", "p", {**made, "policyName": "p"}, A)
    evil = document(allow("ram:*")).to_json()
    version = resource(
        f"{module}/policyVersion:PolicyVersion",
        "v",
        {"policyName": "p", "policyDocument": evil, "isDefaultVersion": False},
        A,
    )
    grant = attach(OPS, policy("p", document(allow("ecs:*")), A))
    assert check(ESCALATION, OPS, switched, version, grant)
    assert not check(ESCALATION, OPS, plain, version, grant)


@pytest.mark.parametrize("values", [("mandatory", "independent"), ("independent", "mandatory")])
def test_of_two_security_preferences_the_weaker_counts(values: tuple[str, str]) -> None:
    aaa = user("AAA", B)
    kind = "alicloud:ram/securityPreference:SecurityPreference"
    preferences = [resource(kind, str(n), {"mfaOperationForLogin": value}, B) for n, value in enumerate(values)]
    assert check(find_rule("console-without-mfa"), aaa, login(aaa, mfa=False), *preferences)


def test_a_grant_to_a_role_that_two_resources_define_counts_for_both() -> None:
    own = same_name("z-own", role("ops", trust_document(trust("acs:ram::11223344:root")), A))
    administrator = attach(OPS, "AdministratorAccess")
    assert check(find_rule("cross-account-administrator"), own, OPS, administrator)


# The reviewer's setting wins.


def test_an_account_that_the_program_invents_does_not_count() -> None:
    """The program claims to work in the account that the role trusts, so that the trust would not be foreign."""
    liar = ProviderInstance(A.urn, {"accountId": "12345678"})
    ops = role("ops", trust_document(trust("acs:ram::12345678:root")), liar)
    settings = {"accountsOfProviders": {"provider-11223344": "11223344"}}
    assert check(find_rule("trust-without-proof"), ops, settings=settings)
    (violation,) = check(find_rule("account-mismatch"), ops, settings=settings)
    assert "the reviewer says 11223344, its accountId says 12345678" in violation.message
    assert violation.urn == ops.urn


@pytest.mark.parametrize("name", ["production", "default_3_80_0", "provider-11223344-b"])
def test_a_provider_that_the_program_renames_is_not_its_own_reviewer(name: str) -> None:
    renamed = replace(A, urn=A.urn.replace("provider-11223344", name), properties={"accountId": "12345678"})
    ops = role("ops", trust_document(trust("acs:ram::12345678:root")), renamed)
    decoy = role("decoy", trust_document(trust("acs:ram::11223344:root")), A)
    settings = {"accountsOfProviders": {"provider-11223344": "11223344"}}
    assert check(find_rule("trust-without-proof"), ops, decoy, settings=settings)
    (violation,) = check(find_rule("account-mismatch"), ops, decoy, settings=settings)
    assert "the reviewer does not name it, its accountId says 12345678" in violation.message


@pytest.mark.parametrize(
    "given", [{"prod": ""}, {"prod": 11223344}, {"prod": "company-a"}, {"prod": " 1"}, ["1"], "1", True]
)
def test_an_account_of_a_provider_that_is_no_account_id_is_refused(given: object) -> None:
    with pytest.raises(InvalidInputError, match="accountsOfProviders"):
        find_rule("trust-without-proof").configured({"accountsOfProviders": given})


def test_an_account_that_agrees_is_no_mismatch() -> None:
    settings = {"accountsOfProviders": {"provider-11223344": "11223344"}}
    assert check(find_rule("account-mismatch"), OPS, settings=settings) == []


def test_an_account_against_an_arn_is_not_known() -> None:
    liar = ProviderInstance(A.urn, {"accountId": "12345678"})
    ops = role("ops", trust_document(trust("acs:ram::12345678:root")), liar, arn="acs:ram::11223344:role/ops")
    assert check(find_rule("trust-without-proof"), ops)
    assert check(find_rule("account-mismatch"), ops)


# What is outside the stack is not known.


def test_joining_a_group_outside_the_stack_may_give_anything() -> None:
    aaa = user("AAA", B)
    join = member(group("administrators", B), aaa)
    (said,) = judged([aaa], [aaa, join])
    assert "the group administrators" in said


def test_a_stranger_who_joins_a_group_of_the_stack_gains_what_it_has() -> None:
    team, read = group("team", B), policy("p", document(allow("ecs:Describe*")), B)
    stack = [team, read, attach(team, read)]
    (said,) = judged(stack, [*stack, member(team, user("BBB", B))])
    assert "user/bbb may newly do ecs:" in said.lower()


def test_a_stranger_who_joins_a_group_outside_the_stack_may_gain_anything() -> None:
    (said,) = judged([], [member(group("administrators", B), user("BBB", B))])
    assert "the group administrators" in said


@pytest.mark.parametrize("names", [["AAA", "BBB"], UNKNOWN, "AAA"])
def test_a_membership_that_lists_users_counts_for_each(names: Value) -> None:
    kind = "alicloud:ram/groupMembership:GroupMembership"
    lists = resource(kind, "m", {"groupName": "administrators", "userNames": names}, B)
    assert judged([user("AAA", B)], [user("AAA", B), lists])


@pytest.mark.parametrize("unknown", ["violation", "later"])
def test_a_policy_outside_the_stack_is_never_passed_over(unknown: str) -> None:
    grant = attach(OPS, policy("made-by-hand", document(allow("ecs:*")), A))
    assert check(ESCALATION, OPS, grant, settings={"unknown": unknown})


def test_an_unknown_value_in_an_update_is_judged_at_once() -> None:
    settings = ESCALATION.configured({"unknown": "later"})
    stack = build_stack([OPS, attach(OPS, policy("p", UNKNOWN, A, policy_name=UNKNOWN))])
    assert list(ESCALATION.run(stack, settings)) == []
    assert list(ESCALATION.run(stack, settings, final=True))


# Values are read as the provider reads them.

DURATIONS: Mapping[str, tuple[Value, bool]] = {
    "a number": (43200, True),
    "a number as text": ("43200", True),
    "a number with blanks": (" 43200 ", True),
    "a float": (43200.0, True),
    "a float as text": ("43200.0", True),
    "short as text": ("3600", False),
    "no number": ("twelve hours", True),
    "a list": ([43200], True),
    "true": (True, True),
    "nothing": (None, False),
    "an empty text": ("", False),
}


@pytest.mark.parametrize(("value", "violates"), DURATIONS.values(), ids=DURATIONS.keys())
def test_a_duration_of_another_type(value: Value, violates: bool) -> None:
    ops = role("ops", trust_document(), A, maxSessionDuration=value)
    assert bool(check(find_rule("session-too-long"), ops)) is violates


@pytest.mark.parametrize(
    ("value", "violates"),
    [
        ("true", False),
        ("True", False),
        ("1", False),
        (1, False),
        ("false", True),
        ("0", True),
        ("yes", True),
        (2, True),
    ],
)
def test_a_flag_of_another_type(value: Value, violates: object) -> None:
    aaa = user("AAA", B)
    given = replace(login(aaa), properties={"userName": "AAA", "mfaBindRequired": value})
    assert bool(check(find_rule("console-without-mfa"), aaa, given)) is bool(violates)


@pytest.mark.parametrize("account", ["11223344", 11223344, 11223344.0])
def test_an_account_of_another_type(account: Value) -> None:
    at = ProviderInstance(A.urn, {"accountId": account})
    assert build_stack([role("ops", trust_document(), at)]).roles[0].account == "11223344"


# RAM may accept a document that we cannot read.

UNREADABLE = [
    '{"Version":"1","Statement":[{"Effect":"allow","Action":"*","Resource":"*"}]}',
    '{"Version":"1","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}',
    '{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEqualsIfExists":{"a:b":"c"}}}]}',
    '{"Version":"1","Statement":[],"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}',
    '{"Version":"1",/* ours */"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}',
]
NO_DOCUMENT = [{}, {"policyDocument": ""}, {"statement": [{"effect": "Allow", "actions": ["*"], "resources": ["*"]}]}]
UNREADABLE_TRUST = [
    '{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":["*"]}}]}',
    '{"Version":"1","Statement":{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":["acs:ram::99:root"]}}}',
    '{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":["acs:ram::99:root"]}}],"x":1}',
]


@pytest.mark.parametrize("text", UNREADABLE)
def test_a_grant_that_cannot_be_read_is_a_violation_of_each_rule_about_grants(text: str) -> None:
    unread = policy("p", text, A)
    for name in ("cross-account-administrator", "privilege-escalation", "assume-permission-too-wide"):
        assert check(find_rule(name), OPS, unread, attach(OPS, unread)), name
    assert judged([OPS], [OPS, unread, attach(OPS, unread)])


@pytest.mark.parametrize("properties", NO_DOCUMENT)
def test_a_policy_without_a_document_cannot_be_read(properties: Mapping[str, Value]) -> None:
    empty = resource("alicloud:ram/policy:Policy", "p", {"policyName": "p", **properties}, A)
    for name in ("cross-account-administrator", "privilege-escalation"):
        assert check(find_rule(name), OPS, empty, attach(OPS, empty)), name


@pytest.mark.parametrize("text", UNREADABLE_TRUST)
def test_a_trust_policy_that_cannot_be_read_is_a_violation_of_each_rule_about_trust(text: str) -> None:
    ops = role("ops", text, A)
    stack = (ops, attach(ops, "AdministratorAccess"))
    for name in ("trust-without-proof", "trust-outside-allow-list", "cross-account-administrator"):
        assert check(find_rule(name), *stack, settings={"accounts": []} if "allow-list" in name else None), name
    assert judged([OPS], [ops])

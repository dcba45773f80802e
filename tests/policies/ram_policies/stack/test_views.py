"""From resources to views: accounts, unknown names, groups, and what is left out."""

from dataclasses import fields

import pytest

from ram_guardrails_pack.testing import (
    UNKNOWN,
    access_key,
    attach,
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
from ram_policies.build import allow, document
from ram_policies.stack.assembly import build_stack
from ram_policies.stack.facts import ProviderInstance

A, B = provider("11223344"), provider("12345678")
RIGHTS = document(allow("ecs:*"))


def test_the_account_is_that_of_the_provider():
    assert build_stack([role("ops", trust_document(), A)]).roles[0].arn == "acs:ram::11223344:role/ops"


def test_the_account_is_that_of_another_arn_of_the_same_provider():
    nowhere = provider()
    known = role("one", trust_document(), nowhere, arn="acs:ram::777:role/one")
    roles = build_stack([known, role("two", trust_document(), nowhere)]).roles
    assert [r.account for r in roles] == ["777", "777"]


def test_without_provider_and_arn_the_account_is_not_known():
    assert build_stack([role("ops", trust_document())]).roles[0].arn is UNKNOWN


def test_a_name_that_is_not_known_is_followed_to_its_resource():
    ops = role("ops", trust_document(), A)
    what = policy("p", RIGHTS, A)
    grant = resource(
        "alicloud:ram/rolePolicyAttachment:RolePolicyAttachment",
        "g",
        {"roleName": UNKNOWN, "policyName": UNKNOWN, "policyType": "Custom"},
        A,
        {"roleName": [ops], "policyName": [what]},
    )
    (held,) = build_stack([ops, what, grant]).roles[0].grants
    assert held.policy_name == "p"
    assert held.document is not None
    assert held.document.document == RIGHTS


def test_a_name_that_may_come_from_several_resources_is_not_followed():
    one, two = role("one", trust_document(), A), role("two", trust_document(), A)
    grant = resource(
        "alicloud:ram/rolePolicyAttachment:RolePolicyAttachment",
        "g",
        {"roleName": UNKNOWN, "policyName": "AdministratorAccess", "policyType": "System"},
        A,
        {"roleName": [one, two]},
    )
    stack = build_stack([one, two, grant])
    assert [r.grants for r in stack.roles] == [(), ()]
    assert stack.grants[0].holder_name is UNKNOWN


def test_equal_names_in_two_accounts_are_two_things():
    in_a = role("a", trust_document(), A, role_name="ops")
    in_b = role("b", trust_document(), B, role_name="ops")
    stack = build_stack([in_a, in_b, attach(in_b, "AliyunECSFullAccess")])
    assert [len(r.grants) for r in stack.roles] == [0, 1]


def test_names_are_compared_without_regard_to_case():
    ops = role("Ops", trust_document(), A)
    grant = attach(role("OPS", trust_document(), A), "aliyunecsfullaccess")
    (held,) = build_stack([ops, grant]).roles[0].grants
    assert held.document is not None


def test_a_membership_lists_its_users():
    team, aaa, bbb = group("team", B), user("AAA", B), user("BBB", B)
    old = resource("alicloud:ram/groupMembership:GroupMembership", "m", {"groupName": "team", "userNames": ["AAA"]}, B)
    stack = build_stack([team, aaa, bbb, old, member(team, bbb)])
    assert [[g.name for g in u.groups] for u in stack.users] == [["team"], ["team"]]


@pytest.mark.parametrize("names", [UNKNOWN, ["AAA", UNKNOWN]])
def test_a_member_that_is_not_known_stays_so(names):
    team = group("team", B)
    old = resource("alicloud:ram/groupMembership:GroupMembership", "m", {"groupName": "team", "userNames": names}, B)
    assert UNKNOWN in build_stack([team, old]).groups[0].members


def test_other_resources_are_passed_over():
    assert build_stack([resource("alicloud:vpc/network:Network", "n", {}, A)]) == build_stack([])


def test_no_view_has_a_place_for_a_secret():
    aaa = user("AAA", B)
    stack = build_stack([aaa, login(aaa), access_key(aaa)])
    names = {f.name for view in (*stack.logins, *stack.keys) for f in fields(view)}
    assert not names & {"password", "secret", "id"}


def test_a_resource_without_a_provider_is_read():
    assert build_stack([role("ops", trust_document(), ProviderInstance("urn", {}))]).roles[0].name == "ops"


def test_the_account_of_a_provider_can_be_given():
    where = ProviderInstance("urn:pulumi:s::p::pulumi:providers:alicloud::delegation/owner", {})
    view = build_stack([role("ops", trust_document(), where)], {"delegation/owner": "11223344"})
    assert view.roles[0].account == "11223344"


def test_the_order_of_resources_means_nothing():
    ops = role("ops", trust_document(), A)
    stack = [ops, attach(ops, "AliyunECSFullAccess"), attach(ops, "AliyunRDSFullAccess"), user("AAA", B)]
    assert build_stack(stack) == build_stack(reversed(stack))


def test_a_policy_whose_type_is_not_known_is_not_taken_for_a_system_policy():
    ops = role("ops", trust_document(), A)
    kind = "alicloud:ram/rolePolicyAttachment:RolePolicyAttachment"
    properties = {"roleName": "ops", "policyName": "AliyunECSReadOnlyAccess", "policyType": UNKNOWN}
    (held,) = build_stack([ops, resource(kind, "g", properties, A)]).roles[0].grants
    assert held.unknown


def test_policies_whose_names_are_not_known_are_told_apart():
    ops = role("ops", trust_document(), A)
    one, two = (
        policy(name, document(allow(action)), A, policy_name=UNKNOWN)
        for name, action in [("1", "ecs:*"), ("2", "rds:*")]
    )
    held = build_stack([ops, one, two, attach(ops, one), attach(ops, two)]).roles[0].grants
    assert [g.document.document for g in held if g.document] == [document(allow("ecs:*")), document(allow("rds:*"))]


def test_a_thousand_users_keep_their_groups():
    team = group("team", B)
    users = [user(f"u{n}", B) for n in range(1000)]
    each = [f for u in users for f in (u, login(u), access_key(u), member(team, u))]
    stack = build_stack([team, *each])
    assert sum(len(u.groups) for u in stack.users) == 1000

"""Rules about access that does nothing."""

from dataclasses import replace

from ram_guardrails_pack.testing import (
    UNKNOWN,
    attach,
    check,
    group,
    member,
    policy,
    provider,
    role,
    trust_document,
    user,
)
from ram_policies.build import allow, deny, document, trust
from ram_policies.document import Effect
from ram_policies.guardrails.rulebook import find_rule

A, B = provider("11223344"), provider("12345678")
OPS = role("ops", trust_document(trust("acs:ram::12345678:root")), A)
AAA, TEAM = user("AAA", B), group("team", B)
ASSUME_OPS = policy("assume", document(allow("sts:AssumeRole", "acs:ram:*:11223344:role/ops")), B)
SHUT = replace(trust("acs:ram::12345678:root"), effect=Effect.DENY)
IN_TEAM = (AAA, TEAM, member(TEAM, AAA))


class TestRoleNobodyCanAssume:
    rule = find_rule("role-nobody-can-assume")

    def test_a_permission_through_a_group_is_enough(self):
        assert check(self.rule, OPS, *IN_TEAM, ASSUME_OPS, attach(TEAM, ASSUME_OPS)) == []

    def test_no_permission_is_a_violation(self):
        (violation,) = check(self.rule, OPS, *IN_TEAM)
        assert violation.urn == OPS.urn

    def test_a_permission_on_another_role_does_not_help(self):
        other = policy("assume", document(allow("sts:AssumeRole", "acs:ram:*:11223344:role/other")), B)
        assert check(self.rule, OPS, *IN_TEAM, other, attach(TEAM, other))

    def test_a_trust_policy_that_names_somebody_else_does_not_either(self):
        for_bbb = role("ops", trust_document(trust("acs:ram::12345678:user/bbb")), A)
        assert check(self.rule, for_bbb, *IN_TEAM, ASSUME_OPS, attach(TEAM, ASSUME_OPS))

    def test_each_role_is_tried_with_each_callers_own_policies(self):
        """Callers are compiled once for all roles; no caller gets the permission of another."""
        second = role("second", trust_document(trust("acs:ram::12345678:root")), A)
        third = role("third", trust_document(trust("acs:ram::12345678:user/bbb")), A)
        everything = policy("everything", document(allow("sts:AssumeRole", "*")), B)
        bbb = user("BBB", B)
        without = check(self.rule, OPS, second, third, *IN_TEAM, bbb, ASSUME_OPS, attach(TEAM, ASSUME_OPS))
        assert [violation.urn for violation in without] == [second.urn, third.urn]
        for holder, shut in ((AAA, [third.urn]), (bbb, [])):
            found = check(self.rule, OPS, second, third, *IN_TEAM, bbb, everything, attach(holder, everything))
            assert [violation.urn for violation in found] == shut

    def test_a_permission_that_a_deny_takes_back_does_not_help(self):
        back = policy("back", document(deny("sts:AssumeRole", "acs:ram:*:11223344:role/ops")), B)
        assert check(self.rule, OPS, *IN_TEAM, ASSUME_OPS, attach(TEAM, ASSUME_OPS), back, attach(AAA, back))

    def test_a_role_may_be_the_one_that_assumes_but_not_the_role_itself(self):
        inner = role("inner", trust_document(trust("acs:ram::11223344:root")), A)
        assume = policy("assume-inner", document(allow("sts:AssumeRole", "acs:ram:*:11223344:role/inner")), A)
        somebody = user("XXX", A)
        assert check(self.rule, inner, somebody, assume, attach(inner, assume))
        other = role("other", trust_document(trust(service="ecs.aliyuncs.com")), A)
        assert check(self.rule, inner, other, somebody, assume, attach(other, assume)) == []

    def test_conditions_may_be_met(self):
        with_id = role(
            "ops",
            trust_document(trust("acs:ram::12345678:root", conditions={"StringEquals": {"sts:ExternalId": "x"}})),
            A,
        )
        assert check(self.rule, with_id, *IN_TEAM, ASSUME_OPS, attach(TEAM, ASSUME_OPS)) == []

    def test_an_account_that_the_stack_does_not_describe_passes(self):
        assert check(self.rule, OPS) == []

    def test_a_shut_trust_policy_is_a_violation(self):
        shut = role("ops", trust_document(SHUT), A)
        assert "nobody" in check(self.rule, shut)[0].message

    def test_a_service_as_caller_passes(self):
        assert check(self.rule, role("ecs", trust_document(trust(service="ecs.aliyuncs.com")), A)) == []

    def test_unknown_grants_are_passed_over(self):
        unread = policy("assume", UNKNOWN, B)
        assert check(self.rule, OPS, *IN_TEAM, unread, attach(TEAM, unread)) == []


class TestOperatorWhoCanDoNothing:
    rule = find_rule("operator-who-can-do-nothing")

    def test_no_grant_is_a_violation(self):
        assert [v.urn for v in check(self.rule, AAA)] == [AAA.urn]

    def test_a_group_without_grants_does_not_help(self):
        assert check(self.rule, *IN_TEAM)

    def test_a_user_with_a_grant_passes(self):
        assert check(self.rule, OPS, *IN_TEAM, ASSUME_OPS, attach(TEAM, ASSUME_OPS)) == []
        assert check(self.rule, AAA, attach(AAA, "AliyunECSReadOnlyAccess")) == []

    def test_only_deny_is_no_permission(self):
        nothing = policy("p", document(deny("ecs:*")), B)
        assert check(self.rule, AAA, nothing, attach(AAA, nothing))

    def test_roles_that_let_nobody_in_are_no_permission(self):
        for_bbb = role("ops", trust_document(trust("acs:ram::12345678:user/bbb")), A)
        assert check(self.rule, for_bbb, *IN_TEAM, ASSUME_OPS, attach(TEAM, ASSUME_OPS))

    def test_roles_outside_the_stack_may_let_it_in(self):
        assert check(self.rule, *IN_TEAM, ASSUME_OPS, attach(TEAM, ASSUME_OPS)) == []

    def test_unknown_grants_are_passed_over(self):
        unread = policy("p", UNKNOWN, B)
        assert check(self.rule, AAA, unread, attach(AAA, unread)) == []


class TestGrantDoesNothing:
    rule = find_rule("grant-does-nothing")

    def test_one_policy_covers_another(self):
        found = check(self.rule, OPS, attach(OPS, "AliyunECSFullAccess"), attach(OPS, "AliyunECSReadOnlyAccess"))
        assert len(found) == 1
        assert "AliyunECSReadOnlyAccess" in found[0].urn

    def test_different_policies_pass(self):
        assert (
            check(self.rule, OPS, attach(OPS, "AliyunECSReadOnlyAccess"), attach(OPS, "AliyunRDSReadOnlyAccess")) == []
        )

    def test_equal_policies_are_reported_once(self):
        one, two = (policy(name, document(allow("ecs:*")), A) for name in ("one", "two"))
        assert len(check(self.rule, OPS, one, two, attach(OPS, one), attach(OPS, two))) == 1

    def test_a_deny_takes_all_of_it_back(self):
        grant, denial = policy("g", document(allow("ecs:StopInstance")), A), policy("d", document(deny("ecs:*")), A)
        found = check(self.rule, OPS, grant, denial, attach(OPS, grant), attach(OPS, denial))
        assert [v.urn for v in found] == [attach(OPS, grant).urn]

    def test_a_group_without_members(self):
        assert [v.urn for v in check(self.rule, TEAM, ASSUME_OPS, attach(TEAM, ASSUME_OPS))] == [TEAM.urn]
        assert check(self.rule, *IN_TEAM, ASSUME_OPS, attach(TEAM, ASSUME_OPS)) == []

    def test_unknown_documents_are_passed_over(self):
        unread = policy("p", UNKNOWN, A)
        assert check(self.rule, OPS, unread, attach(OPS, unread), attach(OPS, "AliyunECSFullAccess")) == []

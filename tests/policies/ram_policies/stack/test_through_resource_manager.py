"""Grants through Resource Manager are judged like those of RAM."""

import pytest

from ram_guardrails_pack.testing import UNKNOWN, check, policy, provider, resource, role, trust_document, user
from ram_policies.build import allow, document, trust
from ram_policies.guardrails.baseline import write_baseline
from ram_policies.guardrails.rulebook import find_rule
from ram_policies.stack.assembly import build_stack

A = provider("11223344")
BARE = trust_document(trust("acs:ram::12345678:root"))
OPS = role("ops", BARE, A)
KIND = "alicloud:resourcemanager/policyAttachment:PolicyAttachment"


def attachment(policy_name="AdministratorAccess", name="attachment", **properties):
    whole = {
        "policyName": policy_name,
        "policyType": "System",
        "principalName": "ops@role.11223344.onaliyunservice.com",
        "principalType": "ServiceRole",
        "resourceGroupId": "11223344",
    }
    return resource(KIND, name, {**whole, **properties}, A)


def test_a_role_is_a_role():
    made = resource(
        "alicloud:resourcemanager/role:Role", "r", {"roleName": "r", "assumeRolePolicyDocument": BARE.to_json()}, A
    )
    assert check(find_rule("trust-without-proof"), made)


@pytest.mark.parametrize(("default", "violations"), [(True, 1), (UNKNOWN, 1), (None, 1), (False, 0)])
def test_a_version_of_a_policy_counts_when_it_may_be_the_default(default, violations):
    text = document(allow("ecs:*", conditions={"Bool": {"acs:MFAPresent": "false"}})).to_json()
    kind = "alicloud:resourcemanager/policyVersion:PolicyVersion"
    version = resource(kind, "v", {"policyName": "p", "policyDocument": text, "isDefaultVersion": default}, A)
    assert len(check(find_rule("mfa-loophole"), version)) == violations


def test_a_grant_is_a_grant():
    (violation,) = check(find_rule("cross-account-administrator"), OPS, attachment())
    assert "12345678" in violation.message


@pytest.mark.parametrize("unknown", ["principalType", "principalName"])
def test_a_grant_to_nobody_knows_whom_counts(unknown):
    assert check(find_rule("cross-account-administrator"), OPS, attachment(**{unknown: UNKNOWN}))


def test_a_user_is_found_by_the_first_part_of_its_sign_in_name():
    to_user = attachment("AliyunECSFullAccess", principalName="AAA@company-b.onaliyun.com", principalType="IMSUser")
    assert [g.policy_name for g in build_stack([user("AAA", A), to_user]).users[0].grants] == ["AliyunECSFullAccess"]


def test_a_limit_to_a_resource_group_is_less_than_the_account():
    rule = find_rule("no-new-access")
    limited = attachment("AliyunECSFullAccess", resourceGroupId="rg-1")
    other, whole = (attachment("AliyunECSFullAccess", resourceGroupId=value) for value in ("rg-2", "11223344"))
    files = {"agreed": write_baseline(build_stack([OPS, limited]))}
    settings = {"baseline": "agreed"}
    assert check(rule, OPS, limited, settings=settings, files=files) == []
    assert check(rule, OPS, other, settings=settings, files=files)
    assert check(rule, OPS, whole, settings=settings, files=files)
    unknown = attachment("AliyunECSFullAccess", resourceGroupId=UNKNOWN)
    assert [v.unknown for v in check(rule, OPS, unknown, settings=settings, files=files)] == [True]


def test_attachments_on_two_resource_groups_are_distinct():
    rule = find_rule("grant-does-nothing")
    one, two = (attachment("AliyunECSFullAccess", f"in-{n}", resourceGroupId=f"rg-{n}") for n in (1, 2))
    assert check(rule, OPS, one, two) == []
    again = attachment("AliyunECSFullAccess", "again", resourceGroupId="rg-1")
    assert len(check(rule, OPS, one, again)) == 1


def test_a_custom_policy_of_ram_is_found():
    made = policy("p", document(allow("*")), A)
    assert check(find_rule("cross-account-administrator"), OPS, made, attachment("p", policyType="Custom"))


def test_a_limit_never_takes_the_place_of_a_condition():
    rule = find_rule("no-new-access")
    narrow = policy("p", document(allow("ecs:*", conditions={"StringEquals": {"acs:ResourceGroupId": "rg-2"}})), A)
    wide = policy("p", document(allow("ecs:*")), A)
    grant = attachment("p", policyType="Custom", resourceGroupId="rg-1")
    files = {"agreed": write_baseline(build_stack([OPS, narrow, grant]))}
    assert check(rule, OPS, narrow, grant, settings={"baseline": "agreed"}, files=files) == []
    assert check(rule, OPS, wide, grant, settings={"baseline": "agreed"}, files=files)

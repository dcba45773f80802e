"""No new access: the rule, the baseline file, and how it is made."""

import json
import subprocess
import sys

import pytest

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
from ram_policies.access.scopes import ScopedDocument
from ram_policies.build import allow, deny, document, trust
from ram_policies.errors import InvalidInputError
from ram_policies.guardrails.baseline import read_baseline, write_baseline
from ram_policies.guardrails.rulebook import find_rule
from ram_policies.stack.assembly import build_stack
from ram_policies.stack.state import resources_of_state
from ram_policies.stack.value_marks import SECRET, SIGNATURE

A, B = provider("11223344"), provider("12345678")
RULE = find_rule("no-new-access")
OPS = role("ops", trust_document(trust("acs:ram::12345678:root")), A)
READ = policy("p", document(allow("ecs:Describe*")), A)


def judge(before, after):
    files = {"agreed.json": write_baseline(build_stack(before))}
    return check(RULE, *after, settings={"baseline": "agreed.json"}, files=files)


def test_is_off_without_a_baseline():
    assert check(RULE, OPS, READ, attach(OPS, READ)) == []


def test_equal_and_narrower_access_passes_the_baseline():
    before = (OPS, READ, attach(OPS, READ))
    narrower = policy("p", document(allow("ecs:DescribeInstances")), A)
    assert judge(before, before) == []
    assert judge(before, (OPS, narrower, attach(OPS, narrower))) == []
    assert judge(before, ()) == []


def test_more_actions_are_shown_by_an_example():
    wider = policy("p", document(allow("ecs:*")), A)
    (violation,) = judge((OPS, READ, attach(OPS, READ)), (OPS, wider, attach(OPS, wider)))
    assert violation.urn == OPS.urn
    assert " ecs:" in violation.message


def test_an_action_that_needs_no_permission_is_not_new_access():
    beside = policy("p", document(allow(["ecs:Describe*", "sts:GetCallerIdentity"])), A)
    assert judge((OPS, READ, attach(OPS, READ)), (OPS, beside, attach(OPS, beside))) == []
    alone = policy("p", document(allow("sts:GetCallerIdentity")), A)
    assert judge((OPS,), (OPS, alone, attach(OPS, alone))) == []


def test_a_dropped_deny_is_new_access():
    before = policy("p", document(allow("ecs:*"), deny("ecs:DeleteInstance")), A)
    after = policy("p", document(allow("ecs:*")), A)
    assert judge((OPS, before, attach(OPS, before)), (OPS, after, attach(OPS, after)))


def test_a_dropped_condition_is_new_access():
    proof = {"StringEquals": {"sts:ExternalId": "contract-7"}}
    before = role("ops", trust_document(trust("acs:ram::12345678:root", conditions=proof)), A)
    assert judge((before,), (before,)) == []
    assert "newly trusts" in judge((before,), (OPS,))[0].message


def test_a_new_principal_is_new_access():
    after = role("ops", trust_document(trust(["acs:ram::12345678:root", "acs:ram::99999999:root"])), A)
    assert "99999999" in judge((OPS,), (after,))[0].message


def test_joining_a_group_is_new_access():
    team, aaa, bbb = group("team", B), user("AAA", B), user("BBB", B)
    rights = policy("assume", document(allow("sts:AssumeRole", "acs:ram:*:11223344:role/ops")), B)
    before = (team, aaa, bbb, rights, attach(team, rights), member(team, aaa))
    assert [v.urn for v in judge(before, (*before, member(team, bbb)))] == [bbb.urn]


@pytest.mark.parametrize(
    "after",
    [
        (OPS, policy("p", UNKNOWN, A), attach(OPS, policy("p", UNKNOWN, A))),
        (role("ops", UNKNOWN, A),),
        (role("ops", trust_document(), A, role_name=UNKNOWN),),
        (role("ops", trust_document()),),
    ],
    ids=["document", "trust", "name", "account"],
)
def test_an_unknown_value_is_a_violation(after):
    assert any(v.unknown for v in judge((OPS, READ, attach(OPS, READ)), after))


def test_a_policy_nobody_can_read_is_a_violation():
    assert judge((OPS,), (OPS, attach(OPS, "AliyunUnheardOfFullAccess")))


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"version": 2, "principals": {}}', '{"version": 1}'])
def test_a_value_that_is_not_a_baseline_is_refused_by_name(text):
    with pytest.raises(InvalidInputError, match=r"no-new-access\.baseline agreed\.json"):
        check(RULE, OPS, settings={"baseline": "agreed.json"}, files={"agreed.json": text})


def test_a_stack_with_unknown_parts_makes_no_baseline():
    with pytest.raises(InvalidInputError, match="not known"):
        write_baseline(build_stack([role("ops", UNKNOWN, A, role_name=UNKNOWN)]))


def test_a_baseline_is_read_back_as_it_was_written():
    agreed = read_baseline(write_baseline(build_stack([OPS, READ, attach(OPS, READ)])))
    assert agreed["acs:ram::11223344:role/ops"].grants == (ScopedDocument(document(allow("ecs:Describe*"))),)
    assert agreed["acs:ram::11223344:role/ops"].trust == trust_document(trust("acs:ram::12345678:root"))


def test_an_exported_state_is_read_without_its_secrets():
    provider_urn = "urn:pulumi:s::p::pulumi:providers:alicloud::a"
    secret = {SIGNATURE: SECRET, "ciphertext": "x"}
    resources = [
        {"urn": provider_urn, "type": "pulumi:providers:alicloud", "inputs": {"accountId": "11223344"}},
        {
            "urn": "urn:pulumi:s::p::alicloud:ram/role:Role::ops",
            "type": "alicloud:ram/role:Role",
            "provider": f"{provider_urn}::id",
            "outputs": {"roleName": "ops", "assumeRolePolicyDocument": trust_document().to_json()},
        },
        {
            "urn": "urn:pulumi:s::p::alicloud:ram/policy:Policy::p",
            "type": "alicloud:ram/policy:Policy",
            "provider": f"{provider_urn}::id",
            "outputs": {"policyName": "p", "policyDocument": secret},
        },
    ]
    stack = build_stack(resources_of_state(json.loads(json.dumps({"deployment": {"resources": resources}}))))
    assert stack.roles[0].arn == "acs:ram::11223344:role/ops"
    assert stack.policies[0].document.unknown


def test_a_value_that_is_not_a_state_is_refused():
    with pytest.raises(InvalidInputError, match="stack export"):
        list(resources_of_state({}))


@pytest.mark.parametrize(("text", "says"), [("{", "is not JSON"), ("{}", "has no deployment")])
def test_the_command_refuses_what_is_no_state(text, says):
    command = [sys.executable, "-m", "ram_policies.guardrails.baseline"]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_the_command_writes_a_baseline():
    entry = {"urn": "urn:pulumi:s::p::alicloud:ram/user:User::AAA", "type": "alicloud:ram/user:User"}
    where = "urn:pulumi:s::p::pulumi:providers:alicloud::b"
    resources = [
        {"urn": where, "type": "pulumi:providers:alicloud"},
        {**entry, "outputs": {"name": "AAA"}, "provider": f"{where}::id"},
    ]
    command = [sys.executable, "-m", "ram_policies.guardrails.baseline", "b=12345678"]
    state = json.dumps({"deployment": {"resources": resources}})
    done = subprocess.run(command, input=state, capture_output=True, text=True, check=True)
    assert read_baseline(done.stdout).keys() == {"acs:ram::12345678:user/aaa"}

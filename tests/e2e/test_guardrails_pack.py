"""The guardrails, run by the real engine: on our stacks, on a bad program, and on one with unknown values."""

import json
import os
import re
import shutil
import sys
from pathlib import Path

import pulumi
import pytest
from pulumi import automation
from pulumi_alicloud import Provider, ram

from ram_guardrails_pack.executable import pack_executable
from ram_policies.guardrails.baseline import write_baseline
from ram_policies.guardrails.rule_model import SecuritySettings
from ram_policies.guardrails.rulebook import RULES
from ram_policies.stack.assembly import build_stack
from ram_policies.stack.state import made_resources_of_state

pytestmark = [pytest.mark.e2e, pytest.mark.life]

PACK = Path(__file__).resolve().parents[2] / "policies"
ACCOUNTS = {"delegation/owner": "11223344", "delegation/delegate": "12345678"}
ALL_LATER = {rule.name: {"unknown": "later"} for rule in RULES if issubclass(rule.settings, SecuritySettings)}


class Judgement:
    """Messages of a preview, or of another operation, under the pack."""

    def __init__(self, operation, folder, config=None):
        self.events = []
        options = {"policy_packs": [str(pack_executable(folder / "pack"))], "on_event": self.events.append}
        if config is not None:
            file = folder / "guardrails.json"
            file.write_text(json.dumps(config))
            options["policy_pack_configs"] = [str(file)]
        self.error = ""
        try:
            operation(**options)
        except automation.CommandError as error:
            self.error = str(error)

    @property
    def violations(self):
        return [event.policy_event for event in self.events if event.policy_event]

    def rules(self, level="mandatory"):
        """Names of the policies that were violated, with the names of the resources."""
        return {
            (p.policy_name, p.resource_urn.rpartition("::")[2]) for p in self.violations if p.enforcement_level == level
        }

    def messages(self, rule):
        return [re.sub(r"<{%[^%]*%}>", "", p.message) for p in self.violations if p.policy_name == rule]


@pytest.fixture
def judge(house):
    return lambda stack, config=None: Judgement(stack.preview, house.folder, config)


def trusting(*principals, effect="Allow", **conditions):
    statement = {"Effect": effect, "Action": "sts:AssumeRole", "Principal": {"RAM": list(principals)}}
    return json.dumps({"Version": "1", "Statement": [statement | ({"Condition": conditions} if conditions else {})]})


def granting(action, resource="*", effect="Allow", **conditions):
    statement = {"Effect": effect, "Action": action, "Resource": resource}
    return json.dumps({"Version": "1", "Statement": [statement | ({"Condition": conditions} if conditions else {})]})


def test_the_recommended_stack_passes(house, judge):
    judged = judge(house.delegation(house.config("recommended")))
    assert judged.rules() == set()
    assert judged.error == "", judged.error


def test_the_scenario_to_the_letter_does_not(house, judge):
    judged = judge(house.delegation())
    assert {rule for rule, _ in judged.rules()} == {
        "trust-without-proof",
        "assume-permission-too-wide",
        "console-without-mfa",
    }
    assert "12345678" in judged.messages("trust-without-proof")[0]
    assert "error" in judged.error
    assert house.is_empty()


def test_settings_reach_the_rules(house, judge):
    config = {"trust-outside-allow-list": {"accounts": ["99999999"]}, "console-without-mfa": "disabled"}
    judged = judge(house.delegation(), config)
    rules = {rule for rule, _ in judged.rules()}
    assert "trust-outside-allow-list" in rules
    assert "console-without-mfa" not in rules


def test_no_new_access_against_what_is_deployed(house, judge):
    stack = house.delegation(house.config("recommended"))
    stack.up()
    exported = stack.export_stack()
    state = {"version": exported.version, "deployment": exported.deployment}
    file = house.folder / "agreed.json"
    file.write_text(write_baseline(build_stack(made_resources_of_state(state), ACCOUNTS)))
    config = {"no-new-access": {"baseline": str(file), "accountsOfProviders": ACCOUNTS}}
    assert judge(stack, config).messages("no-new-access") == []

    roles = house.config("recommended")["alicloud-delegation:roles"]
    wider = [{**roles[0], "systemPolicies": [*roles[0].get("systemPolicies", []), "AliyunOSSFullAccess"]}, *roles[1:]]
    judged = judge(house.delegation(house.config("recommended", roles=wider)), config)
    assert {rule for rule, _ in judged.rules()} == {"no-new-access"}
    assert " oss:" in judged.messages("no-new-access")[0]


def test_the_report_says_what_a_preview_adds_and_removes(house, judge):
    config = {"access-report": {"accountsOfProviders": ACCOUNTS}}
    first = judge(house.delegation(house.config("recommended")), config).messages("access-report")
    assert "+ role ecs-admin of 11223344 trusts account 12345678" in first[0]

    stack = house.delegation(house.config("recommended"))
    stack.up()
    assert judge(stack, config).messages("access-report") == []
    roles = house.config("recommended")["alicloud-delegation:roles"]
    narrower = [{**roles[0], "systemPolicies": ["AliyunECSReadOnlyAccess"], "policies": []}, *roles[1:]]
    (changed,) = judge(house.delegation(house.config("recommended", roles=narrower)), config).messages("access-report")
    assert "\n- role ecs-admin of 11223344 may no longer do" in changed
    assert "Compared with nothing" not in changed

    # The update reports the same, although at its end the state is already the new one.
    update = Judgement(house.delegation(house.config("recommended", roles=narrower)).up, house.folder, config)
    assert update.messages("access-report") == [changed]


def bad_program(house):
    def program():
        a = Provider("a", account_id="11223344", **house.provider_args(house.a))
        b = Provider("b", account_id="12345678", **house.provider_args(house.b))
        in_a, in_b = pulumi.ResourceOptions(provider=a), pulumi.ResourceOptions(provider=b)

        def role(name, trust, **more):
            return ram.Role(name, role_name=name, assume_role_policy_document=trust, opts=in_a, **more)

        def policy(name, document):
            return ram.Policy(name, policy_name=name, policy_document=document, opts=in_a)

        def attach(to, name, what, kind="System"):
            return ram.RolePolicyAttachment(name, role_name=to, policy_name=what, policy_type=kind, opts=in_a)

        b_root = "acs:ram::12345678:root"
        admin = role("admin", trusting(b_root), max_session_duration=43200)
        attach(admin.role_name, "admin-all", "AdministratorAccess")
        ops = role("ops", trusting("acs:ram::12345678:user/AAA"))
        passing = policy("passing", granting(["oss:*", "ram:PassRole"]))
        attach(ops.role_name, "ops-passing", passing.policy_name, "Custom")
        attach(ops.role_name, "ops-ecs", "AliyunECSFullAccess")
        attach(ops.role_name, "ops-read", "AliyunECSReadOnlyAccess")
        role("anybody", trusting("*"))
        role("shut", trusting(b_root, effect="Deny"))
        role("over", trusting(b_root, DateLessThan={"acs:CurrentTime": "2019-01-01T00:00:00Z"}))
        policy("loophole", granting("*", effect="Deny", Bool={"acs:MFAPresent": "false"}))
        policy("never", granting("ecs:*", StringEquals={"acs:TokenIssueTime": "x"}))
        policy("broken", granting("ecs"))
        ram.User("aaa", name="AAA", opts=in_b)
        ram.LoginProfile("aaa-login", user_name="AAA", password="Not-a-secret-1", opts=in_b)
        ram.AccessKey("aaa-key", user_name="AAA", opts=in_b)
        ram.User("idle", name="idle", opts=in_b)
        ram.Group("team", group_name="team", opts=in_b)
        ram.GroupPolicyAttachment(
            "team-assume",
            group_name="team",
            policy_name="AliyunSTSAssumeRoleAccess",
            policy_type="System",
            opts=in_b,
        )

    return program


def test_a_bad_program_is_told_everything_that_is_wrong_with_it(house, judge):
    config = {"trust-outside-allow-list": {"accounts": ["99999999"]}}
    judged = judge(house.stack(bad_program(house)), config)
    must = {
        ("cross-account-administrator", "admin-all"),
        ("privilege-escalation", "ops-passing"),
        ("wildcard-principal", "anybody"),
        ("trust-outside-allow-list", "ops"),
        ("trust-without-proof", "admin"),
        ("session-too-long", "admin"),
        ("condition-never-holds", "never"),
        ("mfa-loophole", "loophole"),
        ("console-without-mfa", "aaa-login"),
        ("keys-and-passwords", "aaa-key"),
        ("assume-permission-too-wide", "team-assume"),
        ("document-findings", "broken"),
    }
    advised = {
        ("role-nobody-can-assume", "shut"),
        ("operator-who-can-do-nothing", "idle"),
        ("grant-does-nothing", "ops-read"),
        ("window-in-past", "over"),
    }
    assert must - judged.rules() == set()
    assert advised - judged.rules("advisory") == set()
    assert "Not-a-secret-1" not in "".join(p.message for p in judged.violations)
    assert house.is_empty()


def unknown_program(house, action="ecs:StopInstance", **conditions):
    """A program in which what is granted, to whom, and who is trusted is known after the deployment only."""

    def program():
        a = Provider("a", account_id="11223344", **house.provider_args(house.a))
        opts = pulumi.ResourceOptions(provider=a)
        proof = {"StringEquals": {"sts:ExternalId": "contract-7"}}
        first = ram.Role(
            "first",
            role_name="first",
            assume_role_policy_document=trusting("acs:ram::12345678:root", **proof),
            opts=opts,
        )
        ram.Role("second", role_name="second", assume_role_policy_document=first.arn.apply(trusting), opts=opts)
        what = ram.Policy(
            "what",
            policy_name="what",
            policy_document=first.arn.apply(lambda arn: granting([action, "ecs:DescribeInstances"], **conditions(arn))),
            opts=opts,
        )
        ram.RolePolicyAttachment("grant", role_name=first.id, policy_name=what.id, policy_type="Custom", opts=opts)

    conditions = conditions.get("conditions") or (lambda _: {})
    return program


def test_an_unknown_value_stops_a_preview(house, judge):
    judged = judge(house.stack(unknown_program(house)))
    assert {
        ("cross-account-administrator", "grant"),
        ("privilege-escalation", "grant"),
        ("trust-without-proof", "second"),
        ("wildcard-principal", "second"),
        ("document-findings", "what"),
        ("mfa-loophole", "what"),
        ("condition-never-holds", "second"),
    } <= judged.rules()
    assert all("not known" in message for message in judged.messages("privilege-escalation"))
    assert not [p for p in judged.violations if "can't run policy" in p.message]


def test_later_judges_the_real_values_and_lets_good_ones_pass(house):
    stack = house.stack(unknown_program(house))
    assert Judgement(stack.up, house.folder, ALL_LATER).error == ""
    assert house.contents(house.a)["Policies"] == ["what"]


def test_later_stops_a_bad_document_before_it_is_made(house):
    loophole = unknown_program(house, conditions=lambda _: {"StringNotEquals": {"acs:MFAPresent": "false"}})
    judged = Judgement(house.stack(loophole).up, house.folder, ALL_LATER)
    assert ("mfa-loophole", "what") in judged.rules()
    assert house.contents(house.a)["Policies"] == []


@pytest.mark.parametrize("form", ["__main__.py", "."], ids=["file", "folder"])
def test_the_pack_of_the_repository_works_in_both_forms(house, form):
    host = shutil.which("pulumi-language-python", path=os.environ.get("PULUMI_PYTHON_HOST") or os.environ["PATH"])
    if form == "." and host is None:
        pytest.skip("no pulumi-language-python installed; the folder form needs it")
    folders = [str(Path(sys.executable).parent), *([str(Path(host).parent)] if host else []), os.environ["PATH"]]
    stack = house.delegation()
    stack.workspace.env_vars["PATH"] = os.pathsep.join([*folders, stack.workspace.env_vars["PATH"]])
    with pytest.raises(automation.CommandError, match="trust-without-proof") as failed:
        stack.preview(policy_packs=[str((PACK / form).resolve())])
    assert "alicloud-ram-guardrails@v0.1.0" in str(failed.value)


def test_an_update_that_nobody_previewed_makes_no_grant_of_everything(house):
    """The Automation API updates without a preview; the grant is refused before it is made."""

    def program():
        provider = Provider("a", account_id="11223344", **house.provider_args(house.a))
        opts = pulumi.ResourceOptions(provider=provider)
        trust = trusting("acs:ram::12345678:root", StringEquals={"sts:ExternalId": "contract-7"})
        role = ram.Role("ops", role_name="ops", assume_role_policy_document=trust, opts=opts)
        ram.RolePolicyAttachment(
            "everything",
            role_name=role.role_name,
            policy_name="AdministratorAccess",
            policy_type="System",
            opts=opts,
        )

    judged = Judgement(house.stack(program).up, house.folder)
    assert ("cross-account-administrator", "everything") in judged.rules()
    attached = house.root(house.a).call("ListPoliciesForRole", {"RoleName": "ops"})
    assert attached["Policies"]["Policy"] == []

"""The pack as the engine meets it: a process, asked over the analyzer protocol, with the engine's unknown values."""

from pathlib import Path

import pytest

from ram_guardrails_pack.testing import (
    UNKNOWN,
    RunningPack,
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
from ram_policies.build import allow, deny, document, trust
from ram_policies.guardrails.rule_model import Purpose
from ram_policies.guardrails.rulebook import RULES
from ram_policies.stack.views import StackView

PACK = Path(__file__).parents[3] / "policies" / "__main__.py"
A, B = provider("11223344"), provider("12345678")
B_ROOT = "acs:ram::12345678:root"
GOOD = role("ops", trust_document(trust(B_ROOT, conditions={"Bool": {"acs:MFAPresent": "true"}})), A)
OPEN = role("ops", trust_document(trust(B_ROOT)), A)
NAMELESS = role("ops", trust_document(trust(B_ROOT, conditions={"StringEquals": {"sts:ExternalId": "c-7"}})), A)
NOT_KNOWN = role("ops", UNKNOWN, A, maxSessionDuration=UNKNOWN)
AAA, TEAM = user("AAA", B), group("team", B)
UNREAD = policy("p", UNKNOWN, A)
UNREAD_B = policy("p", UNKNOWN, B)
NEVER = policy("p", document(allow("ecs:*", conditions={"StringEquals": {"acs:TokenIssueTime": "x"}})), A)
NAMELESS_KEY = resource("alicloud:ram/accessKey:AccessKey", "key", {"userName": UNKNOWN}, B)
ANYBODY = '{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":"*"}]}'
OVER = {"DateLessThan": {"acs:CurrentTime": "2019-01-01"}}
CONFIG = {"trust-outside-allow-list": {"accounts": ["99999999"]}, "access-report": {"before": ""}}

BROKEN = {
    "cross-account-administrator": (GOOD, attach(GOOD, "AdministratorAccess")),
    "privilege-escalation": (GOOD, attach(GOOD, "AliyunRAMFullAccess")),
    "standing-administrator": (AAA, access_key(AAA), attach(AAA, "AdministratorAccess")),
    "wildcard-principal": (role("ops", ANYBODY, A),),
    "public-bucket": (resource("alicloud:oss/bucketAcl:BucketAcl", "a", {"bucket": "b", "acl": "public-read"}, A),),
    "account-mismatch": (role("ops", trust_document(), A, arn="acs:ram::55667788:role/ops"),),
    "trust-outside-allow-list": (GOOD,),
    "trust-without-proof": (OPEN,),
    "anonymous-session": (NAMELESS,),
    "session-too-long": (role("ops", trust_document(), A, maxSessionDuration=43200),),
    "condition-never-holds": (NEVER,),
    "mfa-loophole": (policy("p", document(deny("*", conditions={"Bool": {"acs:MFAPresent": "false"}})), A),),
    "console-without-mfa": (AAA, login(AAA)),
    "keys-and-passwords": (AAA, login(AAA), access_key(AAA)),
    "assume-permission-too-wide": (TEAM, attach(TEAM, "AliyunSTSAssumeRoleAccess")),
    "document-findings": (policy("p", "{}", A),),
    "role-nobody-can-assume": (OPEN, AAA),
    "operator-who-can-do-nothing": (AAA,),
    "grant-does-nothing": (OPEN, attach(OPEN, "AliyunECSFullAccess"), attach(OPEN, "AliyunECSReadOnlyAccess")),
    "window-in-past": (role("ops", trust_document(trust(B_ROOT, conditions=OVER)), A),),
}  # fmt: skip
NOT_YET_KNOWN = {
    "cross-account-administrator": (GOOD, UNREAD, attach(GOOD, UNREAD)),
    "privilege-escalation": (GOOD, UNREAD, attach(GOOD, UNREAD)),
    "standing-administrator": (AAA, access_key(AAA), UNREAD_B, attach(AAA, UNREAD_B)),
    "wildcard-principal": (NOT_KNOWN,),
    "public-bucket": (resource("alicloud:oss/bucketAcl:BucketAcl", "a", {"bucket": "b", "acl": UNKNOWN}, A),),
    "trust-outside-allow-list": (NOT_KNOWN,),
    "trust-without-proof": (NOT_KNOWN,),
    "session-too-long": (NOT_KNOWN,),
    "condition-never-holds": (UNREAD,),
    "mfa-loophole": (UNREAD,),
    "console-without-mfa": (AAA, login(AAA, mfa=UNKNOWN)),
    "keys-and-passwords": (NAMELESS_KEY,),
    "assume-permission-too-wide": (GOOD, UNREAD, attach(GOOD, UNREAD)),
    "document-findings": (UNREAD,),
}
WITH_A_FILE = {"no-new-access"}
NOTHING_UNKNOWN = {"account-mismatch"}
OTHERS = {"access-report"}


@pytest.fixture(scope="module")
def pack():
    with RunningPack([PACK]) as running:
        running.configure(CONFIG)
        yield running


def test_every_rule_is_a_policy(pack):
    assert set(pack.policies()) - OTHERS == {rule.name for rule in RULES}


def test_every_rule_is_tried_broken_and_not_known():
    assert set(BROKEN) | WITH_A_FILE == {rule.name for rule in RULES}
    assert set(NOT_YET_KNOWN) | WITH_A_FILE | NOTHING_UNKNOWN == {
        rule.name for rule in RULES if rule.purpose is Purpose.SECURITY
    }


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_rule_is_reported(pack, name):
    said = pack.preview(*BROKEN[name]).of(name)
    level = next("mandatory" if rule.purpose is Purpose.SECURITY else "advisory" for rule in RULES if rule.name == name)
    assert [d.level for d in said] == [level] * len(said)
    assert "Fix: " in said[0].message


@pytest.mark.parametrize("name", NOT_YET_KNOWN)
def test_an_unknown_value_violates_a_security_rule(pack, name):
    report = pack.preview(*NOT_YET_KNOWN[name])
    assert report.violated(name)
    assert "not known" in report.of(name)[0].message


@pytest.mark.parametrize("name", [rule.name for rule in RULES if rule.purpose is Purpose.HYGIENE])
def test_an_unknown_value_passes_other_rules(pack, name):
    assert pack.preview(NOT_KNOWN, UNREAD, attach(NOT_KNOWN, UNREAD), NAMELESS_KEY).of(name) == []


def test_no_policy_is_skipped_because_of_an_unknown_value(pack):
    stack = (
        NOT_KNOWN,
        UNREAD,
        attach(NOT_KNOWN, UNREAD),
        NAMELESS_KEY,
        AAA,
        login(AAA, mfa=UNKNOWN),
        TEAM,
        member(TEAM, AAA),
    )
    assert not [d for d in pack.preview(*stack).diagnostics if "can't run policy" in d.message]


def test_a_good_stack_passes(pack):
    assume = policy("assume", document(allow("sts:AssumeRole", "acs:ram:*:11223344:role/ops")), B)
    stack = (
        GOOD, attach(GOOD, "AliyunECSFullAccess"), AAA, TEAM, member(TEAM, AAA), login(AAA, mfa=True),
        assume, attach(TEAM, assume),
    )  # fmt: skip
    said = pack.preview(*stack).diagnostics
    assert {d.policy for d in said} - OTHERS == {"trust-outside-allow-list"}


def test_the_report_says_what_is_new(pack):
    (report,) = pack.preview(GOOD, attach(GOOD, "AliyunECSFullAccess")).of("access-report")
    assert report.level == "advisory"
    assert "+ role ops of 11223344 trusts account 12345678, with MFA" in report.message


def test_a_secret_never_gets_into_a_message(pack):
    key = resource("alicloud:ram/accessKey:AccessKey", "key", {"userName": "AAA", "secret": "s3cr3t-value"}, B)
    said = pack.preview(AAA, login(AAA), key).diagnostics
    assert said
    assert not [d for d in said if "s3cr3t-value" in d.message]


def test_later_leaves_unknown_values_to_the_update(pack):
    pack.configure({**CONFIG, "trust-without-proof": {"unknown": "later"}})
    try:
        assert pack.preview(NOT_KNOWN).of("trust-without-proof") == []
        assert pack.preview(OPEN).violated("trust-without-proof")
    finally:
        pack.configure(CONFIG)


def test_a_pack_that_does_not_start_says_so(tmp_path):
    broken = tmp_path / "pack.py"
    broken.write_text("raise SystemExit(3)")
    with pytest.raises(RuntimeError, match="did not print its port"), RunningPack([broken]):
        pass


ASKED_BY_THE_SDK = """
from pulumi_policy import PolicyPack
from ram_guardrails_pack.pack import policies, report_policy, surroundings
from ram_policies.guardrails.report_settings import StateSources
from ram_policies.guardrails.rulebook import RULES

outside = surroundings()
PolicyPack("plain", [*policies(RULES, outside), report_policy(StateSources(outside.read, outside.read))])
"""
WITH_OTHERS = """
from pulumi_policy import EnforcementLevel, ResourceValidationPolicy, StackValidationPolicy
from ram_guardrails_pack.pack import policies, serve, surroundings
from ram_policies.guardrails.rulebook import RULES

def reads(args, report):
    report(args.props["roleName"])

def counts(args, report):
    report(f"{len(args.resources)} resources, {args.get_config()}")

others = [
    ResourceValidationPolicy("reads", "Reads a name", reads, EnforcementLevel.MANDATORY),
    StackValidationPolicy("counts", "Counts", counts, EnforcementLevel.ADVISORY),
]
serve([others[0], *policies(RULES, surroundings()), others[1]], name="mixed", description="Both kinds.")
"""


def shown_findings(report):
    return sorted((d.policy, d.urn, d.level, d.message) for d in report.diagnostics)


@pytest.fixture(scope="module")
def both_ways(tmp_path_factory):
    """The pack, which reads a resource once, and the same policies asked by pulumi-policy itself."""
    script = tmp_path_factory.mktemp("plain") / "pack.py"
    script.write_text(ASKED_BY_THE_SDK)
    # pulumi-policy drops the phase, so both assume an update.
    with RunningPack([PACK], operation="update") as ours, RunningPack([script], operation="update") as plain:
        ours.configure(CONFIG)
        plain.configure(CONFIG)
        yield ours, plain


@pytest.mark.parametrize("stack", [*BROKEN.values(), *NOT_YET_KNOWN.values()], ids=[*BROKEN, *NOT_YET_KNOWN])
def test_a_resource_that_is_read_once_is_judged_as_pulumi_policy_has_it_judged(both_ways, stack):
    ours, plain = (shown_findings(pack.preview(*stack)) for pack in both_ways)
    assert ours == plain
    assert ours


@pytest.mark.parametrize(("level", "as_"), [("disabled", None), ("remediate", "mandatory"), ("advisory", "advisory")])
def test_levels_count_for_resources_and_for_the_stack(pack, level, as_):
    names = ("wildcard-principal", "privilege-escalation")
    stack = (role("any", ANYBODY, A), GOOD, attach(GOOD, "AliyunRAMFullAccess"))
    pack.configure({**CONFIG, **{name: {"enforcementLevel": level} for name in names}})
    try:
        report = pack.preview(*stack)
        assert [{d.level for d in report.of(name)} for name in names] == [{as_} if as_ else set()] * 2
    finally:
        pack.configure(CONFIG)


def test_policies_of_another_kind_are_asked_beside_the_rules(tmp_path):
    script = tmp_path / "pack.py"
    script.write_text(WITH_OTHERS)
    with RunningPack([script]) as mixed:
        assert {"reads", "counts", "wildcard-principal"} <= set(mixed.policies())
        report = mixed.preview(role("any", ANYBODY, A), NAMELESS)
        assert [d.message for d in report.of("reads")] == ["Reads a name\nany", "Reads a name\nops"]
        assert [d.message for d in report.of("counts")] == ["Counts\n2 resources, {}"]
        assert report.violated("wildcard-principal")


def test_the_engine_is_told_which_rules_do_not_look_at_a_resource(pack):
    """The engine lists all others as passed, for each resource."""
    user_passes, role_passes = (set(pack.policies()) - pack.not_applicable(one) for one in (AAA, GOOD))
    per_resource = {rule.name for rule in RULES if rule.on is not StackView}
    assert not user_passes & per_resource
    assert {"trust-without-proof", "mfa-loophole"} <= role_passes

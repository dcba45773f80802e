"""An update without a preview: the pack judges before each resource is made, and never sees the whole stack."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ram_guardrails_pack.operation import Operation, nothing
from ram_guardrails_pack.testing import (
    UNKNOWN,
    RunningPack,
    access_key,
    attach,
    group,
    login,
    policy,
    provider,
    resource,
    role,
    trust_document,
    user,
)
from ram_policies.build import allow, deny, document, trust
from ram_policies.guardrails.rulebook import find_rule
from ram_policies.stack.facts import ResourceFacts

PACK = Path(__file__).parents[3] / "policies" / "__main__.py"
A, B = provider("11223344"), provider("12345678")
OPS = role("ops", trust_document(trust("acs:ram::12345678:root", conditions={"Bool": {"acs:MFAPresent": "true"}})), A)
OWN = role("own", trust_document(trust("acs:ram::11223344:root")), A)
WIDE = policy("wide", document(allow(["ecs:Describe*", "ram:*"])), A)
HELD_BACK = policy("back", document(deny(["ram:*", "sts:*"])), A)
AAA, TEAM = user("AAA", B), group("team", B)
SCOPED = resource(
    "alicloud:resourcemanager/policyAttachment:PolicyAttachment",
    "scoped",
    {
        "policyName": "AdministratorAccess",
        "policyType": "System",
        "principalName": "ops@role.11223344.onaliyunservice.com",
        "principalType": "ServiceRole",
        "resourceGroupId": "11223344",
    },
    A,
)
PREFERENCE = resource(
    "alicloud:ram/securityPreference:SecurityPreference", "p", {"mfaOperationForLogin": "mandatory"}, B
)

CASES: dict[str, tuple[tuple[ResourceFacts, ...], str, ResourceFacts | None]] = {
    "administrator": ((OPS, attach(OPS, "AdministratorAccess")), "cross-account-administrator", None),
    "administrator through Resource Manager": ((OPS, SCOPED), "cross-account-administrator", SCOPED),
    "administrator before its role": ((SCOPED, OPS), "cross-account-administrator", SCOPED),
    "escalation": ((OPS, WIDE, attach(OPS, WIDE)), "privilege-escalation", None),
    "a policy that is not made yet": ((OPS, attach(OPS, WIDE), WIDE), "privilege-escalation", None),
    "assume anything": ((TEAM, attach(TEAM, "AliyunSTSAssumeRoleAccess")), "assume-permission-too-wide", None),
    "console without MFA": ((AAA, login(AAA, mfa=False)), "console-without-mfa", None),
    "key and password": ((AAA, login(AAA, mfa=True), access_key(AAA)), "keys-and-passwords", None),
}


@pytest.fixture(scope="module")
def update() -> Iterator[RunningPack]:
    with RunningPack([PACK], operation="update") as running:
        running.configure({"access-report": {"before": ""}})
        yield running


@pytest.mark.parametrize(("resources", "rule", "at"), CASES.values(), ids=CASES.keys())
def test_a_grant_is_refused_before_it_is_made(update: RunningPack, resources, rule: str, at) -> None:
    report = update.before_it_is_made(*resources)
    update.preview()
    assert report.violated(rule)
    if at is not None:
        assert at.urn in {diagnostic.urn for diagnostic in report.of(rule)}


@pytest.mark.parametrize(
    "resources",
    [
        (OWN, attach(OWN, "AdministratorAccess")),
        (OPS, attach(OPS, "AliyunECSReadOnlyAccess")),
        (OPS, HELD_BACK, attach(OPS, HELD_BACK), WIDE, attach(OPS, WIDE)),
        (PREFERENCE, AAA, login(AAA, mfa=False)),
    ],
)
def test_a_resource_that_the_stack_rules_would_pass_is_made(update: RunningPack, resources) -> None:
    report = update.before_it_is_made(*resources)
    update.preview()
    assert [d for d in report.diagnostics if d.level == "mandatory" and d.policy != "operator-who-can-do-nothing"] == []


def of_terraform(facts: ResourceFacts) -> ResourceFacts:
    """The resource as registered by a package that is generated from the Terraform provider."""
    name = f"ram{facts.type.rpartition(':')[2]}"
    return replace(facts, type=f"alicloud:index/{name}:{name[:1].upper()}{name[1:]}")


def test_a_package_made_of_the_terraform_provider_is_judged(update: RunningPack) -> None:
    resources = [of_terraform(facts) for facts in (OPS, attach(OPS, "AdministratorAccess"))]
    assert resources[1].type == "alicloud:index/ramRolePolicyAttachment:RamRolePolicyAttachment"
    assert update.before_it_is_made(*resources).violated("cross-account-administrator")
    update.preview()
    assert update.preview(*resources).violated("cross-account-administrator")
    bad = of_terraform(role("open", trust_document(trust("acs:ram::12345678:root")), A))
    assert update.before_it_is_made(bad).violated("trust-without-proof")
    update.preview()


def test_a_violation_is_told_once(update: RunningPack) -> None:
    found = update.preview(OPS, attach(OPS, "AdministratorAccess")).of("cross-account-administrator")
    assert len(found) == 1


def test_a_preview_waits_for_the_whole_stack() -> None:
    with RunningPack([PACK]) as preview:
        preview.configure({"access-report": {"before": ""}})
        assert (
            preview.before_it_is_made(OPS, attach(OPS, "AdministratorAccess")).of("cross-account-administrator") == []
        )
        assert preview.preview(OPS, attach(OPS, "AdministratorAccess")).violated("cross-account-administrator")


def test_a_policy_is_judged_by_whom_it_is_attached_to_already(exported: Callable[..., str]) -> None:
    """The new text of a policy is written before its attachments are looked at: they are known from the state."""
    harmless = policy("wide", document(allow("ecs:Describe*")), A)
    before = exported(OPS, harmless, attach(OPS, harmless))
    rule = find_rule("privilege-escalation")
    for state, violates in ((lambda _: before, True), (nothing, False)):
        stack = Operation(state).around(WIDE, {})
        assert bool(list(rule.run(stack, final=True))) is violates


def test_a_role_that_the_stack_only_reads_is_known_to_nobody(exported: Callable[..., str]) -> None:
    """It trusted its own account when it was read. Its new trust is not seen before the grant is made."""
    state = json.loads(exported(OWN))
    rule = find_rule("cross-account-administrator")
    for read in (True, False):
        state["deployment"]["resources"][0]["external"] = read
        stack = Operation(lambda _: json.dumps(state)).around(attach(OWN, "AdministratorAccess"), {})
        assert bool(list(rule.run(stack, final=True))) is read


def test_a_name_that_was_taken_for_that_of_a_role_of_the_stack_is_judged_again(update: RunningPack) -> None:
    grant = attach(OWN, "AdministratorAccess")
    laundered = replace(grant, properties={**grant.properties, "roleName": "made-by-hand"})
    report = update.before_it_is_made(OWN, laundered)
    update.preview()
    assert report.violated("cross-account-administrator")


def test_a_stack_that_cannot_be_exported_is_judged_by_what_is_seen() -> None:
    def fails(urn: str) -> str:
        raise OSError(urn)

    stack = Operation(fails).around(OPS, {})
    assert [role.urn for role in stack.roles] == [OPS.urn]


def test_one_view_serves_all_rules() -> None:
    operation = Operation(nothing)
    resources = (OPS, attach(OPS, "AliyunECSFullAccess"))
    first = operation.whole(resources, {})
    assert operation.whole(tuple(resources), {}) is first
    assert operation.whole(resources, {"provider": "1"}) is not first
    assert operation.whole((OPS,), {}) is not first


def test_an_unknown_value_in_an_update_stops_it(update: RunningPack) -> None:
    nameless = attach(OPS, policy("q", UNKNOWN, A, policy_name=UNKNOWN))
    report = update.before_it_is_made(OPS, nameless)
    update.preview()
    assert report.violated("cross-account-administrator")

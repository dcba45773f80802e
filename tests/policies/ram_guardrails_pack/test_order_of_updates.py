"""An update without a preview is stopped before the last resource is made, in any order of the resources."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations

import pytest

from ram_guardrails_pack.operation import Operation, nothing
from ram_guardrails_pack.testing import (
    access_key,
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
from ram_policies.build import allow, document, trust
from ram_policies.guardrails.rulebook import find_rule
from ram_policies.stack.facts import ResourceFacts, Value

A = provider("11223344")
OPS = role("ops", trust_document(trust("acs:ram::12345678:root", conditions={"Bool": {"acs:MFAPresent": "true"}})), A)
INSTANCE = role("instance", trust_document(trust(service="ecs.aliyuncs.com")), A)
SERVICES = resource("alicloud:ram/role:Role", "old", {"name": "old", "services": ["ecs.aliyuncs.com"]}, A)
CI, TEAM = user("ci", A), group("team", A)
EVERYTHING = "AdministratorAccess"
WIDE, RUN = policy("wide", document(allow("ram:*")), A), policy("run", document(allow("ecs:RunCommand")), A)
LETTERS = "abcdefghijklmnopqrstuvwxyz"
ONE, OTHER = (
    policy(n, document(allow([f"{c}*:*" for c in half])), A)
    for n, half in (("one", LETTERS[:13]), ("other", LETTERS[13:]))
)


def managed(kind: str, name: str, **properties: Value) -> ResourceFacts:
    return resource(f"alicloud:resourcemanager/{kind}:{kind[0].upper()}{kind[1:]}", name, properties, A)


def scoped(what: str, kind: str, principal: str, of: str = "System", to: str = "11223344") -> ResourceFacts:
    return managed(
        "policyAttachment",
        f"{principal}-{what}",
        policyName=what,
        policyType=of,
        principalName=principal,
        principalType=kind,
        resourceGroupId=to,
    )


def single(kind: str, name: str, **properties: Value) -> ResourceFacts:
    return resource(f"alicloud:{kind}", name, properties, A)


MADE_THERE = managed(
    "role", "there", roleName="there", assumeRolePolicyDocument=OPS.properties["assumeRolePolicyDocument"]
)
HARMLESS = managed("policy", "p", policyName="p", policyDocument=document(allow("ecs:Describe*")).to_json())
VERSION = managed(
    "policyVersion", "v", policyName="p", policyDocument=document(allow("ram:*")).to_json(), isDefaultVersion=True
)
LISTED = single("ram/groupMembership:GroupMembership", "listed", groupName="team", userNames=["ci", "other"])
PREFERENCES = [
    single("ram/securityPreference:SecurityPreference", value, mfaOperationForLogin=value)
    for value in ("mandatory", "independent")
]
BLOCKS = [
    single("oss/accountPublicAccessBlock:AccountPublicAccessBlock", str(value), blockPublicAccess=value)
    for value in (True, False)
]
PUBLIC = single("oss/bucketAcl:BucketAcl", "acl", bucket="data", acl="public-read")

ADMINISTRATOR, STANDING = "cross-account-administrator", "standing-administrator"
CASES: dict[str, tuple[str, list[ResourceFacts]]] = {
    "a grant of everything": (ADMINISTRATOR, [OPS, attach(OPS, EVERYTHING)]),
    "everything in two policies": (ADMINISTRATOR, [OPS, ONE, OTHER, attach(OPS, ONE), attach(OPS, OTHER)]),
    "a custom policy": ("privilege-escalation", [OPS, WIDE, attach(OPS, WIDE)]),
    "code on an instance with a role": ("privilege-escalation", [OPS, INSTANCE, RUN, attach(OPS, RUN)]),
    "code on an instance with a role of old fields": ("privilege-escalation", [OPS, SERVICES, RUN, attach(OPS, RUN)]),
    "a version of a policy": (
        "privilege-escalation", [OPS, HARMLESS, VERSION, scoped("p", "ServiceRole", "ops@role.1", "Custom", "rg-1")],
    ),
    "a role of Resource Manager": (ADMINISTRATOR, [MADE_THERE, scoped(EVERYTHING, "ServiceRole", "there@role.1")]),
    "a key": (STANDING, [CI, access_key(CI), attach(CI, EVERYTHING)]),
    "a key in a group": (STANDING, [CI, access_key(CI), TEAM, member(TEAM, CI), attach(TEAM, EVERYTHING)]),
    "a key in a group of nobody's": (STANDING, [access_key(CI), LISTED, attach(TEAM, EVERYTHING)]),
    "a key in a group with a custom policy": (
        STANDING, [access_key(CI), member(TEAM, CI), WIDE, attach(TEAM, WIDE)],
    ),
    "a key, by Resource Manager": (STANDING, [CI, access_key(CI), scoped(EVERYTHING, "IMSUser", "ci@1")]),
    "a key in a group, by Resource Manager": (
        STANDING, [access_key(CI), member(TEAM, CI), scoped(EVERYTHING, "IMSGroup", "team@group.1")],
    ),
    "a service": (STANDING, [INSTANCE, attach(INSTANCE, EVERYTHING)]),
    "a password": ("console-without-mfa", [CI, login(CI, mfa=False)]),
    "a password and a weaker preference": ("console-without-mfa", [login(CI, mfa=False), *PREFERENCES]),
    "a key and a password": ("keys-and-passwords", [CI, login(CI, mfa=True), access_key(CI)]),
    "any role": ("assume-permission-too-wide", [TEAM, attach(TEAM, "AliyunSTSAssumeRoleAccess")]),
    "a bucket": ("public-bucket", [PUBLIC]),
    "a bucket and a weaker block": ("public-bucket", [PUBLIC, *BLOCKS]),
}  # fmt: skip


def stopped(rule: str, order: tuple[ResourceFacts, ...]) -> bool:
    operation, judge = Operation(nothing), find_rule(rule)
    return any(list(judge.run(operation.around(facts, {}), final=True)) for facts in order)


@pytest.mark.parametrize(("rule", "stack"), CASES.values(), ids=CASES)
def test_every_order_is_stopped_before_the_last_resource_is_made(rule: str, stack: list[ResourceFacts]) -> None:
    assert check(find_rule(rule), *stack)
    assert [order for order in permutations(stack) if not stopped(rule, order)] == []


PASSING: dict[str, tuple[str, list[ResourceFacts]]] = {
    "a narrow grant": (ADMINISTRATOR, [OPS, attach(OPS, "AliyunECSReadOnlyAccess")]),
    "code where no role trusts the service": ("privilege-escalation", [OPS, attach(OPS, "AliyunECSFullAccess")]),
    "another user of a group": (STANDING, [access_key(CI), member(TEAM, user("bbb", A)), attach(TEAM, EVERYTHING)]),
    "a strict preference": ("console-without-mfa", [PREFERENCES[0], login(CI, mfa=True)]),
}


@pytest.mark.parametrize(("rule", "stack"), PASSING.values(), ids=PASSING)
def test_a_stack_that_passes_as_a_whole_passes_in_every_order(rule: str, stack: list[ResourceFacts]) -> None:
    assert not check(find_rule(rule), *stack)
    assert [order for order in permutations(stack) if stopped(rule, order)] == []


@pytest.mark.parametrize(
    ("rule", "deployed", "change"),
    [
        ("console-without-mfa", [login(CI, mfa=False)], PREFERENCES[1]),
        ("public-bucket", [PUBLIC], BLOCKS[1]),
        ("privilege-escalation", [OPS, RUN, attach(OPS, RUN)], INSTANCE),
        (STANDING, [access_key(CI), member(TEAM, CI)], attach(TEAM, EVERYTHING)),
    ],
)
def test_a_change_is_judged_by_what_is_deployed(
    exported: Callable[..., str], rule: str, deployed: list[ResourceFacts], change: ResourceFacts
) -> None:
    stack = Operation(lambda _: exported(*deployed)).around(change, {})
    assert list(find_rule(rule).run(stack, final=True))

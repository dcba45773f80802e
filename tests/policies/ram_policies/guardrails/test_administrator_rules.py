"""Administrator permissions of a key, a service or an identity provider."""

from __future__ import annotations

import json

import pytest

from ram_guardrails_pack.testing import (
    UNKNOWN,
    access_key,
    attach,
    check,
    group,
    member,
    policy,
    provider,
    resource,
    role,
    trust_document,
    user,
)
from ram_policies.build import allow, document, trust
from ram_policies.document import Effect, Statement
from ram_policies.guardrails.rulebook import find_rule
from ram_policies.stack.facts import ResourceFacts, Value

A = provider("11223344")
RULE = find_rule("standing-administrator")
CI, TEAM = user("ci", A), group("team", A)
ECS = (
    '{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",'
    '"Principal":{"Service":["ecs.aliyuncs.com"]}}]}'
)
INSTANCE = role("instance", ECS, A)
OWN = role("own", trust_document(trust("acs:ram::11223344:root")), A)
OPS = role("ops", trust_document(trust("acs:ram::12345678:root", conditions={"Bool": {"acs:MFAPresent": "true"}})), A)
BRANCH = {"StringEquals": {"oidc:sub": "repo:acme/infra:ref:refs/heads/main"}}
OWN_OIDC = "acs:ram::11223344:oidc-provider/github"
PIPELINE = role("pipeline", trust_document(trust(federated=OWN_OIDC, conditions=BRANCH)), A)
PEOPLE = role("people", trust_document(trust(federated="acs:ram::11223344:saml-provider/idp")), A)
BUT_RAM = policy("but-ram", document(Statement(Effect.ALLOW, (), ("ram:*",), ("*",))), A)


@pytest.mark.parametrize(
    "stack",
    [
        (CI, access_key(CI), attach(CI, "AdministratorAccess")),
        (CI, access_key(CI), BUT_RAM, attach(CI, BUT_RAM)),
        (CI, access_key(CI), TEAM, member(TEAM, CI), attach(TEAM, "AdministratorAccess")),
        (access_key(CI), member(TEAM, CI), attach(TEAM, "administratoraccess")),
        (access_key(user("CI", A)), attach(CI, "AdministratorAccess")),
        (INSTANCE, attach(INSTANCE, "AdministratorAccess")),
        (PIPELINE, attach(PIPELINE, "AdministratorAccess")),
        (PEOPLE, attach(PEOPLE, "AdministratorAccess")),
        (PEOPLE, BUT_RAM, attach(PEOPLE, BUT_RAM)),
        (PIPELINE, attach(PIPELINE, "AliyunRAMFullAccess")),
    ],
)
def test_everything_with_a_key_or_for_a_service(stack) -> None:
    assert check(RULE, *stack)


@pytest.mark.parametrize(
    "stack",
    [
        (CI, attach(CI, "AdministratorAccess")),
        (CI, access_key(CI), attach(CI, "AliyunECSFullAccess")),
        (CI, access_key(CI), attach(user("other", A), "AdministratorAccess")),
        (INSTANCE, attach(INSTANCE, "AliyunOSSReadOnlyAccess")),
        (PIPELINE, attach(PIPELINE, "AliyunECSFullAccess")),
        (OWN, attach(OWN, "AdministratorAccess")),
    ],
)
def test_less_than_that_passes(stack) -> None:
    assert check(RULE, *stack) == []


def test_an_unknown_value_is_a_violation() -> None:
    unread = policy("p", UNKNOWN, A)
    assert [v.unknown for v in check(RULE, CI, access_key(CI), unread, attach(CI, unread))] == [True]


def test_an_identity_provider_of_another_account_is_judged_as_that_account() -> None:
    foreign = role("pipeline", trust_document(trust(federated=OWN_OIDC, conditions=BRANCH)), provider("12345678"))
    stack = (foreign, attach(foreign, "AdministratorAccess"))
    assert not check(RULE, *stack)
    assert check(find_rule("cross-account-administrator"), *stack)


def test_the_finding_names_the_identity_provider() -> None:
    (found,) = check(RULE, PIPELINE, attach(PIPELINE, "AdministratorAccess"))
    assert found.message.startswith(f"The role pipeline, which whoever {OWN_OIDC} knows assumes, has everything")
    assert not check(RULE, PIPELINE, attach(PIPELINE, "AdministratorAccess"), settings={"accepted": ["pipeline"]})


def test_accepted_names_pass() -> None:
    stack = (CI, access_key(CI), attach(CI, "AdministratorAccess"))
    assert check(RULE, *stack, settings={"accepted": ["CI"]}) == []


AZ = "abcdefghijklmnopqrstuvwxyz"
EVERYTHING_IN_OTHER_WORDS: dict[str, tuple[str | list[str], str | list[str]]] = {
    "at least one character": ("*:?*", "*"),
    "a service of at least one character": ("?*:*", "acs:?*:*:*:?*"),
    "two stars": ("*:**", "acs:**:*:*:*"),
    "whatever has a name": ("*", "acs:*:*:*:*/*"),
    "the account itself": ("*", "acs:*:*:11223344:*"),
    "one account and another": ("*", ["acs:*:*:99:x", "acs:*:*:1122*:*"]),
    "short names and long ones": ("*", ["acs:*:*:*:?/?", "acs:*:*:*:???*", "acs:*:*:*:??"]),
    "services letter by letter": ([f"{letter}*:*" for letter in AZ], "*"),
    "all but a few services": ([f"{letter}*:*" for letter in AZ[1:]], "*"),
    "actions letter by letter": ([f"*:{letter}*" for letter in AZ], "acs:*:*:*:*"),
    "resources letter by letter": ("*", [f"acs:{letter}*:*:*:*" for letter in AZ]),
}
ALMOST: dict[str, tuple[str | list[str], str | list[str]]] = {
    "services by their names": (["ecs:*", "oss:*", "rds:*", "vpc:*", "slb:*", "kms:*"], "*"),
    "one service": ("*", "acs:ecs:*:*:*"),
    "reading": (["*:Describe*", "*:List*", "*:Get*"], "*"),
    "a region": ("*", "acs:*:cn-hangzhou:*:*"),
}


def of(name: str, actions: str | list[str], resources: str | list[str], **more: object) -> ResourceFacts:
    statement = {"Effect": "Allow", "Action": actions, "Resource": resources, **more}
    return policy(name, json.dumps({"Version": "1", "Statement": [statement]}), A)


@pytest.mark.parametrize(("actions", "resources"), EVERYTHING_IN_OTHER_WORDS.values(), ids=EVERYTHING_IN_OTHER_WORDS)
def test_everything_in_other_words(actions: str | list[str], resources: str | list[str]) -> None:
    for more in ({}, {"Condition": {"DateLessThan": {"acs:CurrentTime": "2099-01-01T00:00:00Z"}}}):
        wide = of("wide", actions, resources, **more)
        assert check(RULE, CI, access_key(CI), wide, attach(CI, wide))
        assert check(RULE, INSTANCE, wide, attach(INSTANCE, wide))
        assert check(find_rule("cross-account-administrator"), OPS, wide, attach(OPS, wide))


@pytest.mark.parametrize(("actions", "resources"), ALMOST.values(), ids=ALMOST)
def test_much_that_is_not_everything(actions: str | list[str], resources: str | list[str]) -> None:
    much = of("much", actions, resources)
    assert not check(find_rule("cross-account-administrator"), OPS, much, attach(OPS, much))


def test_everything_in_two_policies() -> None:
    one, other = of("one", [f"{x}*:*" for x in AZ[:13]], "*"), of("other", [f"{x}*:*" for x in AZ[13:]], "*")
    (found,) = check(RULE, CI, access_key(CI), one, other, attach(CI, one), attach(CI, other))
    assert "through the policy one, the policy other" in found.message
    both = check(find_rule("cross-account-administrator"), OPS, one, other, attach(OPS, one), attach(OPS, other))
    assert "The policy one together with the policy other gives role ops" in both[0].message
    assert not check(find_rule("cross-account-administrator"), OPS, one, other, attach(OPS, one))


@pytest.mark.parametrize("what", ["AliyunRAMFullAccess", of("p", "ram:AttachPolicyTo*", "*"), of("p", "ram:A*", "*")])
def test_permission_to_attach_any_policy_counts_as_everything(what: ResourceFacts | str) -> None:
    made = () if isinstance(what, str) else (what,)
    for holder in (CI, INSTANCE):
        (found,) = check(RULE, CI, access_key(CI), INSTANCE, *made, attach(holder, what))
        assert "can give itself everything" in found.message


def test_attaching_policies_to_one_user_is_not_everything() -> None:
    narrow = of("p", "ram:AttachPolicyToUser", "acs:ram:*:*:user/other")
    assert not check(RULE, CI, access_key(CI), narrow, attach(CI, narrow))


@pytest.mark.parametrize(
    "unseen",
    [
        (attach(CI, policy("made-by-hand", document(allow("ecs:*")), A)),),
        (attach(CI, "AliyunNewFullAccess"),),
        (member(group("administrators", A), CI),),
        (policy("p", "{", A), attach(CI, policy("p", "{", A))),
    ],
    ids=["a policy outside the stack", "a system policy outside the catalogue", "a group outside the stack", "no JSON"],
)
def test_access_outside_of_the_stack_is_a_violation(unseen: tuple[ResourceFacts, ...]) -> None:
    for settings in ({}, {"unknown": "later"}):
        (found,) = check(RULE, CI, access_key(CI), *unseen, settings=settings)
        assert "the user ci, who has an access key" in found.message
    assert not check(RULE, CI, access_key(CI), *unseen, settings={"accepted": ["CI"]})


def test_a_policy_that_somebody_has_read_is_none() -> None:
    stack = (CI, access_key(CI), attach(CI, "AliyunNewFullAccess"))
    assert not check(RULE, *stack, settings={"reviewedPolicies": ["aliyunnewfullaccess"]})


TO_USER = "alicloud:ram/userPolicyAttachment:UserPolicyAttachment"
TO_GROUP = "alicloud:ram/groupPolicyAttachment:GroupPolicyAttachment"
MEMBERS = "alicloud:ram/groupMembership:GroupMembership"
EVERYTHING: dict[str, Value] = {"policyName": "AdministratorAccess", "policyType": "System"}
OF_TEAM = attach(TEAM, "AdministratorAccess")
PERHAPS: dict[str, tuple[ResourceFacts, ...]] = {
    "a user whose name is not known": (resource(TO_USER, "x", {"userName": UNKNOWN, **EVERYTHING}, A),),
    "a user that is not named": (resource(TO_USER, "x", EVERYTHING, A),),
    "a user whose name is a list": (resource(TO_USER, "x", {"userName": ["ci"], **EVERYTHING}, A),),
    "a user of an account that is not known": (resource(TO_USER, "x", {"userName": "ci", **EVERYTHING}, provider()),),
    "a group whose name is not known": (
        member(TEAM, CI), resource(TO_GROUP, "x", {"groupName": UNKNOWN, **EVERYTHING}, A),
    ),
    "a member whose name is not known": (
        OF_TEAM, resource(MEMBERS, "m", {"groupName": "team", "userNames": [UNKNOWN]}, A),
    ),
    "members that are not known": (OF_TEAM, resource(MEMBERS, "m", {"groupName": "team", "userNames": UNKNOWN}, A)),
    "members that are not named": (OF_TEAM, resource(MEMBERS, "m", {"groupName": "team"}, A)),
    "members that are no list": (OF_TEAM, resource(MEMBERS, "m", {"groupName": "team", "userNames": "ci"}, A)),
}  # fmt: skip


@pytest.mark.parametrize("stack", PERHAPS.values(), ids=PERHAPS)
def test_everything_for_somebody_who_is_not_known_is_a_violation_beside_a_key(stack: tuple[ResourceFacts, ...]) -> None:
    assert [violation.unknown for violation in check(RULE, CI, access_key(CI), TEAM, *stack)] == [True]
    assert not check(RULE, CI, access_key(CI), TEAM, *stack, settings={"unknown": "later"})
    assert not check(RULE, CI, TEAM, *stack)


def test_a_little_for_somebody_who_is_not_known_passes() -> None:
    little = {"policyName": "AliyunECSReadOnlyAccess", "policyType": "System"}
    assert not check(RULE, CI, access_key(CI), resource(TO_USER, "x", {"userName": UNKNOWN, **little}, A))
    assert not check(RULE, CI, access_key(CI), resource(TO_USER, "x", {"userName": "other", **EVERYTHING}, A))


def test_a_member_that_is_a_number_is_the_user_of_that_name() -> None:
    numbered = resource(MEMBERS, "m", {"groupName": "team", "userNames": [123.0]}, A)
    (found,) = check(RULE, access_key(user("123", A)), TEAM, OF_TEAM, numbered)
    assert not found.unknown

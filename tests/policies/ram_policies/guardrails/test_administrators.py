"""Everything in the hands of a key or of a service."""

from __future__ import annotations

import pytest

from ram_guardrails_pack.testing import UNKNOWN, access_key, attach, check, group, member, policy, provider, role, user
from ram_policies.build import document
from ram_policies.document import Effect, Statement
from ram_policies.guardrails.rulebook import find_rule

A = provider("11223344")
RULE = find_rule("standing-administrator")
CI, TEAM = user("ci", A), group("team", A)
ECS = (
    '{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",'
    '"Principal":{"Service":["ecs.aliyuncs.com"]}}]}'
)
INSTANCE = role("instance", ECS, A)
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
    ],
)
def test_less_than_that_passes(stack) -> None:
    assert check(RULE, *stack) == []


def test_what_is_not_known_is_a_violation() -> None:
    unread = policy("p", UNKNOWN, A)
    assert [v.unknown for v in check(RULE, CI, access_key(CI), unread, attach(CI, unread))] == [True]


def test_accepted_names_pass() -> None:
    stack = (CI, access_key(CI), attach(CI, "AdministratorAccess"))
    assert check(RULE, *stack, settings={"accepted": ["CI"]}) == []

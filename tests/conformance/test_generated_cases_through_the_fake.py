"""Generated cases: whatever the evaluator says, the fake says over HTTP, and the other way round."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

A, B = "11223344", "12345678"
ROLE = f"acs:ram:*:{A}:role/ecs-admin"

ACTION_PATTERNS = [
    "*",
    "ecs:*",
    "ECS:stop*",
    "*:St?pInstance",
    "ecs:StartInstance",
    "ram:Get*",
    "ram:*",
    "sts:*",
    "sts:AssumeRole",
]
RESOURCES = {
    "ecs:StopInstance": "acs:ecs:cn-hangzhou:{account}:instance/i-1",
    "ecs:StartInstance": "acs:ecs:cn-beijing:{account}:instance/i-2",
    "ram:GetUser": "acs:ram:*:{account}:user/bob",
    "ram:GetRole": "acs:ram:*:{account}:role/ecs-admin",
    "ram:ListUsers": "acs:ram:*:{account}:user/*",
}
RESOURCE_PATTERNS = [
    "*",
    "acs:ecs:*:*:instance/*",
    "acs:ecs:cn-hangzhou:*:*",
    "acs:ecs::12345678:instance/i-?",
    "acs:*:*:11223344:*",
    "acs:ram::12345678:user/BOB",
    "acs:ram:*:*:role/ECS-*",
]
CONDITIONS = [
    ("IpAddress", "acs:SourceIp", ["127.0.0.0/8"]),
    ("IpAddress", "acs:SourceIp", ["10.0.0.0/8", "203.0.113.7"]),
    ("NotIpAddress", "acs:SourceIp", ["127.0.0.1"]),
    ("Bool", "acs:SecureTransport", "true"),
    ("Bool", "acs:SecureTransport", "false"),
    ("Bool", "acs:MFAPresent", "true"),
    ("Bool", "acs:MFAPresent", "false"),
    ("StringEquals", "sts:ExternalId", ["contract-7", "contract-8"]),
    ("StringNotEquals", "sts:ExternalId", "contract-7"),
    ("StringLike", "acs:PrincipalARN", "acs:ram:*:12345678:user/*"),
    ("StringNotLike", "acs:PrincipalARN", "*:role/*"),
    ("ForAnyValue:StringLike", "acs:PrincipalARN", ["*AAA", "*ops"]),
    ("DateLessThan", "acs:CurrentTime", "2999-01-01T00:00:00Z"),
    ("DateLessThan", "acs:CurrentTime", "2000-01-01T00:00:00+08:00"),
]
PRINCIPALS = [
    f"acs:ram::{B}:root",
    f"acs:ram::{B}:user/AAA",
    f"acs:ram::{B}:user/BBB",
    f"acs:ram::{B}:role/ops",
    f"acs:ram::{A}:root",
    "acs:ram::99:root",
]


def listed(values: list[str]) -> st.SearchStrategy[str | list[str]]:
    return st.sampled_from(values) | st.lists(st.sampled_from(values), min_size=1, max_size=3, unique=True)


@st.composite
def conditions(draw: st.DrawFn) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for operator, key, values in draw(st.lists(st.sampled_from(CONDITIONS), max_size=2)):
        out.setdefault(operator, {})[key] = values
    return out


@st.composite
def statements(draw: st.DrawFn, principal: bool = False) -> dict[str, Any]:
    statement: dict[str, Any] = {"Effect": draw(st.sampled_from(["Allow", "Allow", "Deny"]))}
    if principal:
        statement["Action"] = draw(listed(["sts:AssumeRole", "sts:*", "sts:AssumeRole"]))
        statement["Principal"] = {"RAM": draw(listed(PRINCIPALS))}
    else:
        element = draw(st.sampled_from(["Action", "Action", "Action", "NotAction"]))
        statement[element] = draw(listed(ACTION_PATTERNS))
        statement["Resource"] = draw(listed(RESOURCE_PATTERNS))
    condition = draw(conditions())
    return statement | ({"Condition": condition} if condition else {})


EVERYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}
EVERYBODY = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"RAM": [f"acs:ram::{B}:root"]}}


def documents(principal: bool = False) -> st.SearchStrategy[dict[str, Any]]:
    """Documents. Half of them begin by allowing everything, or few requests would be allowed on every side."""
    some = st.lists(statements(principal), min_size=1, max_size=3)
    wide = some.map(lambda made: [EVERYBODY if principal else EVERYTHING, *made])
    return (some | wide).map(lambda made: {"Version": "1", "Statement": made})


CALLERS = [
    {"account": B, "user": "AAA"},
    {"account": B, "user": "AAA", "groups": ["team"]},
    {"account": B, "role": "ops", "session": "s1"},
]


@st.composite
def cases(draw: st.DrawFn) -> dict[str, Any]:
    caller = draw(st.sampled_from(CALLERS))
    where = ["", "group:team"] if "groups" in caller else [""]
    arn = f"acs:ram::{B}:user/AAA" if "user" in caller else f"acs:ram::{B}:role/ops"
    context = {
        "acs:SourceIp": "127.0.0.1",
        "acs:SecureTransport": "false",
        "acs:CurrentTime": "2026-11-24T12:00:00Z",
        "acs:PrincipalARN": arn,
    }
    policies: dict[str, Any] = {
        "identity": [
            {"name": f"p{number}", "type": "Custom", "document": document, "attached_to": draw(st.sampled_from(where))}
            for number, document in enumerate(draw(st.lists(documents(), max_size=3)))
        ]
    }
    if "role" in caller and draw(st.booleans()):
        policies["session"] = draw(documents())
    if draw(st.booleans()):
        policies["trust"] = draw(documents(principal=True))
        external_id = draw(st.sampled_from([None, "contract-7", "contract-9"]))
        asked = {"action": "sts:AssumeRole", "resource": ROLE}
        context |= {"sts:ExternalId": external_id} if external_id else {}
    else:
        action = draw(st.sampled_from(sorted(RESOURCES)))
        asked = {"action": action, "resource": RESOURCES[action].format(account=B)}
    kind = "assume_role" if "trust" in policies else "authorize"
    return {"kind": kind, "request": {"caller": caller, "context": context, **asked}, "policies": policies}


@given(case=cases())
def test_evaluator_and_fake_agree(
    case: dict[str, Any],
    decide_case: Callable[[Mapping[str, Any]], Any],
    through_the_fake: Callable[[Mapping[str, Any]], Any],
) -> None:
    decision = decide_case(case)
    answer = through_the_fake(case)
    assert answer.allowed == decision.allowed
    if not answer.allowed:
        assert answer.no_permission_type == decision.no_permission_type
        assert answer.policy_type == decision.policy_type

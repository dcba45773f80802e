"""Principals of bucket policies, and the callers that they stand for."""

from __future__ import annotations

import pytest

from ram_policies import (
    Decision,
    DocumentKind,
    Outcome,
    Policy,
    PolicySet,
    PolicyType,
    Request,
    read_document,
)
from ram_policies.arn import assumed_role_arn, role_session_arn, root_arn, user_arn
from ram_policies.evaluation.evaluate import authorize

OWNER = "11223344"
NOBODY = PolicySet()


def bucket_policy(effect: str, principal: list[str], condition: dict[str, object] | None = None) -> PolicySet:
    statement: dict[str, object] = {
        "Effect": effect,
        "Action": "oss:GetObject",
        "Resource": f"acs:oss:*:{OWNER}:b/*",
        "Principal": principal,
    }
    if condition is not None:
        statement["Condition"] = condition
    document = read_document({"Version": "1", "Statement": [statement]}, DocumentKind.BUCKET)
    return PolicySet([Policy("bucket", PolicyType.BUCKET, document)])


def ask(caller: str, policy: PolicySet, principal_id: str = "") -> Decision:
    request = Request("oss:GetObject", f"acs:oss:*:{OWNER}:b/o", {}, caller, principal_id=principal_id)
    return authorize(request, identity=NOBODY, resource=policy)


@pytest.mark.parametrize(
    ("principal", "caller", "allowed"),
    [
        ("arn:sts::5:assumed-role/ops/*", assumed_role_arn("5", "ops", "monday"), True),
        ("arn:sts::5:assumed-role/ops/*", role_session_arn("5", "Ops", "monday"), True),
        ("arn:sts::5:assumed-role/ops/monday", assumed_role_arn("5", "ops", "monday"), True),
        ("arn:sts::5:assumed-role/ops/monday", assumed_role_arn("5", "ops", "Monday"), False),
        ("arn:sts::5:assumed-role/ops/monday", assumed_role_arn("5", "ops", "tuesday"), False),
        ("arn:sts::5:assumed-role/Ops/*", assumed_role_arn("5", "Ops", "monday"), False),
        ("arn:sts::5:assumed-role/ops/*", assumed_role_arn("6", "ops", "monday"), False),
        ("arn:sts::5:assumed-role/ops/*", user_arn("5", "ops"), False),
        ("5", assumed_role_arn("5", "ops", "monday"), True),
        ("*", "", True),
    ],
)
def test_each_form_of_a_principal_matches_its_callers(principal: str, caller: str, allowed: bool) -> None:
    assert ask(caller, bucket_policy("Allow", [principal])).allowed is allowed


def test_an_empty_list_stands_for_everybody() -> None:
    assert ask(user_arn("5", "a"), bucket_policy("Allow", [])).allowed


@pytest.mark.parametrize(
    ("caller", "principal", "condition", "denied"),
    [
        (root_arn(OWNER), ["*"], None, False),
        (root_arn(OWNER), [], None, False),
        (root_arn(OWNER), ["*"], {"StringNotEquals": {"acs:SourceVpc": "vpc-1"}}, True),
        (root_arn(OWNER), ["*", OWNER], None, True),
        (root_arn(OWNER), [OWNER], None, True),
        (root_arn("5"), ["*"], None, True),
        (user_arn(OWNER, "a"), ["*"], None, True),
    ],
)
def test_a_deny_for_everybody_without_a_condition_spares_the_owner(
    caller: str, principal: list[str], condition: dict[str, object] | None, denied: bool
) -> None:
    decision = ask(caller, bucket_policy("Deny", principal, condition))
    assert (decision.outcome is Outcome.EXPLICIT_DENY) is denied

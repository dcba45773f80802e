"""Trust policies that let everybody in. A case is the trust policy of a role in 11223344, and the answer."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ram_guardrails_pack.testing import check, provider, role
from ram_policies.guardrails.rulebook import find_rule

CASES = json.loads((Path(__file__).parent / "cases" / "trust.json").read_text("utf-8"))
RULE = find_rule("trust-without-proof")


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_trust_policy_has_to_ask_for_something(case) -> None:
    trust = json.dumps({"Version": "1", "Statement": case["statements"]})
    found = check(RULE, role("ops", trust, provider("11223344")))
    assert bool(found) is case["violates"], [str(violation) for violation in found]


def test_a_provider_is_foreign_while_the_account_of_the_role_is_not_known() -> None:
    statement = {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {"Federated": ["acs:ram::11223344:oidc-provider/github"]},
        "Condition": {"StringEquals": {"oidc:sub": "repo:acme/infra:ref:refs/heads/main"}},
    }
    trust = json.dumps({"Version": "1", "Statement": [statement]})
    (violation,) = check(RULE, role("ops", trust, provider()))
    assert "another account" in violation.message

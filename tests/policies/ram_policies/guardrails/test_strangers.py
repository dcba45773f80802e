"""Trust policies that allow everybody. A case is the trust policy of a role in 11223344, and the answer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

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


def excluding(statements: list[dict[str, Any]], operator: str, key: str, value: str) -> list[dict[str, Any]]:
    """The statements, with every Allow for all but one value of a key."""
    out: list[dict[str, Any]] = []
    for one in statements:
        given = one.get("Condition", {})
        more = {**given, operator: {**given.get(operator, {}), key: given.get(operator, {}).get(key, value)}}
        out.append({**one, "Condition": more} if one["Effect"] == "Allow" else one)
    return out


EXCLUDED = [
    ("StringNotEquals", "sts:ExternalId", "Q7-kT.z4:W9/x0_m2=Yb@8,v+5"),
    ("StringNotLike", "sts:ExternalId", "q*"),
    ("StringNotLike", "acs:SourceVpc", "vpc-bp1*"),
    ("StringNotLike", "acs:PrincipalARN", "acs:ram::12345678:*/q7*"),
    ("NotIpAddress", "acs:SourceIp", "8.77.4.2"),
    ("StringNotLike", "oidc:sub", "repo:stranger-4711/*"),
    ("StringNotLike", "saml:sub", "q*"),
]


@pytest.mark.parametrize(("operator", "key", "value"), EXCLUDED)
def test_to_keep_out_one_value_of_a_key_is_no_proof(operator: str, key: str, value: str) -> None:
    for case in CASES:
        trust = json.dumps({"Version": "1", "Statement": excluding(case["statements"], operator, key, value)})
        if case["violates"]:
            assert check(RULE, role("ops", trust, provider("11223344"))), case["name"]


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

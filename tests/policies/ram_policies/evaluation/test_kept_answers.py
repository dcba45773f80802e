"""Answers that the evaluator caches never appear in the answer to another request."""

from __future__ import annotations

import pytest

from ram_policies import Decision, Document, Outcome, Policy, PolicySet, PolicyType, Request
from ram_policies.arn import role_resource, user_arn
from ram_policies.build import allow, deny, trust
from ram_policies.evaluation.evaluate import authorize_assume_role

OWNER, DELEGATE = "11223344", "12345678"
ROLES = [role_resource(OWNER, name) for name in ("one", "two", "three")]
CALLER = user_arn(DELEGATE, "AAA")
CONDITIONS = {
    "StringEquals": {"sts:ExternalId": "7f3a"},
    "Bool": {"acs:MFAPresent": "true"},
    "IpAddress": {"acs:SourceIp": "203.0.113.0/24"},
}
CONTEXT = {"sts:ExternalId": "7f3a", "acs:MFAPresent": "true", "acs:SourceIp": "203.0.113.7"}


def policy(name: str, *statements: object, kind: PolicyType = PolicyType.CUSTOM) -> PolicySet:
    return PolicySet([Policy(name, kind, Document(tuple(statements)))])  # type: ignore[arg-type]  # statements


def trusting(name: str) -> PolicySet:
    return policy(name, trust(f"acs:ram::{DELEGATE}:root", conditions=CONDITIONS), kind=PolicyType.TRUST)


def assume(own: PolicySet, role: PolicySet, resource: str = ROLES[0], **context: str) -> Decision:
    return authorize_assume_role(
        Request("sts:AssumeRole", resource, {**CONTEXT, **context}, CALLER), identity=own, trust=role
    )


def test_equal_documents_of_several_policies_are_named_each_by_its_own_name() -> None:
    own = [policy(name, allow("sts:AssumeRole", ROLES[0])) for name in ("mine-1", "mine-2")]
    roles = [trusting(name) for name in ("trust-1", "trust-2")]
    for _ in range(2):
        for mine in own:
            for role in roles:
                decision = assume(mine, role)
                assert decision.outcome is Outcome.ALLOW
                names = [matched.policy.name for matched in decision.matched]
                assert names == [mine.policies[0].name, role.policies[0].name]


@pytest.mark.parametrize(
    ("context", "needed"),
    [
        ({"sts:ExternalId": "other"}, "sts:ExternalId StringEquals 7f3a"),
        ({"acs:MFAPresent": "false"}, "acs:MFAPresent Bool true"),
        ({"acs:SourceIp": "203.0.114.1"}, "acs:SourceIp IpAddress 203.0.113.0/24"),
        ({"acs:SourceIp": "2001:db8::cb00:7107"}, "acs:SourceIp IpAddress 203.0.113.0/24"),
        ({"acs:SourceIp": "no address"}, "acs:SourceIp IpAddress 203.0.113.0/24"),
    ],
)
def test_an_allowed_assumption_does_not_allow_the_next(context: dict[str, str], needed: str) -> None:
    own, role = policy("own", allow("sts:AssumeRole", ROLES[0])), trusting("trust")
    assert assume(own, role).outcome is Outcome.ALLOW
    denied = assume(own, role, **context)
    assert denied.outcome is Outcome.IMPLICIT_DENY
    assert any(needed in sentence for sentence in denied.missing)
    assert assume(own, role).outcome is Outcome.ALLOW


def test_a_deny_for_one_resource_stays_with_it() -> None:
    own = policy("own", allow("sts:AssumeRole", ROLES[:2]), deny("sts:AssumeRole", ROLES[1]))
    role = trusting("trust")
    outcomes = [[assume(own, role, resource).outcome for resource in ROLES] for _ in range(2)]
    assert outcomes == [[Outcome.ALLOW, Outcome.EXPLICIT_DENY, Outcome.IMPLICIT_DENY]] * 2


def test_statements_found_by_name_for_everything_and_by_pattern_are_found_each_time() -> None:
    """The lists that a lookup returns may be the index's own, so no lookup may change them."""
    own = policy(
        "own",
        allow("sts:AssumeRole", [ROLES[0], ROLES[0]]),
        allow("sts:*"),
        allow("sts:AssumeRole", [f"acs:ram:*:{OWNER}:role/t*", ROLES[1]]),
    )
    role = trusting("trust")
    for _ in range(3):
        found = [[m.index for m in assume(own, role, resource).matched if m.policy.name == "own"] for resource in ROLES]
        assert found == [[0, 1], [1, 2], [1, 2]]

"""Parts that several suites share: how much to generate, and cases of evaluation, asked of the evaluator."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from ram_policies import (
    UNKNOWN,
    Decision,
    DocumentKind,
    Policy,
    PolicySet,
    PolicyType,
    Request,
    read_document,
    system_policy,
)
from ram_policies.arn import assumed_role_arn, root_arn, user_arn
from ram_policies.evaluation.evaluate import authorize, authorize_assume_role

SLOW_IS_FINE = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.function_scoped_fixture]
# The same commit gives the same result: `make test` generates the same examples each time, `make fuzz` does not.
# A failure prints the decorator (`@reproduce_failure`) that repeats its example; `make fuzz` prints its seed as well.
settings.register_profile(
    "default", max_examples=100, deadline=None, derandomize=True, print_blob=True, suppress_health_check=SLOW_IS_FINE
)
FUZZ_EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "3000"))
settings.register_profile("fuzz", settings.get_profile("default"), max_examples=FUZZ_EXAMPLES, derandomize=False)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


def principal(caller: Mapping[str, Any]) -> str:
    if "user" in caller:
        return user_arn(caller["account"], caller["user"])
    if "role" in caller:
        return assumed_role_arn(caller["account"], caller["role"], caller["session"])
    return root_arn(caller["account"]) if "root" in caller else caller.get("service") or caller["federated"]


def value(given: Any) -> Any:
    if isinstance(given, dict):
        return UNKNOWN
    return tuple(given) if isinstance(given, list) else given


def policy(given: Mapping[str, Any], kind: DocumentKind) -> Policy:
    if given["type"] == "System":
        known = system_policy(given["name"])
        assert known is not None, f"no system policy {given['name']} in the catalogue"
        return Policy(known.name, PolicyType.SYSTEM, known.document, scope=given.get("scope"))
    document = read_document(given["document"], kind)
    return Policy(given["name"], PolicyType(given["type"]), document, scope=given.get("scope"))


def policies(case: Mapping[str, Any], side: str, kind: DocumentKind) -> PolicySet | None:
    given = case["policies"].get(side)
    if given is None:
        return None
    if side in {"session", "trust"}:
        given = [{"name": side, "type": side.title(), "document": given}]
    return PolicySet(policy(one, kind) for one in given)


def decide(case: Mapping[str, Any]) -> Decision:
    asked = case["request"]
    request = Request(
        asked["action"],
        asked["resource"],
        {key: value(given) for key, given in asked["context"].items()},
        principal(asked["caller"]),
        asked.get("resource_group"),
    )
    identity = policies(case, "identity", DocumentKind.IDENTITY)
    gates = {
        "session": policies(case, "session", DocumentKind.SESSION),
        "control": policies(case, "control", DocumentKind.CONTROL),
    }
    if case["kind"] == "authorize":
        assert identity is not None
        return authorize(request, identity=identity, **gates)
    trust = policies(case, "trust", DocumentKind.TRUST)
    assert trust is not None
    return authorize_assume_role(request, identity=identity, trust=trust, **gates)


@pytest.fixture(scope="session")
def decide_case() -> Callable[[Mapping[str, Any]], Decision]:
    """The evaluator's decision on a case in the form of tests/policies/ram_policies/cases."""
    return decide

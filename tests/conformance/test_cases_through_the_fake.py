"""Every case of the evaluator that can be made a request, put to the fake over HTTP through official SDKs."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

FILES = Path(__file__).parents[1] / "policies" / "ram_policies" / "cases"
ALL = [(file.stem, case) for file in sorted(FILES.glob("*.json")) for case in json.loads(file.read_text("utf-8"))]
REALISABLE = [pytest.param(case, id=f"{rule}: {case['name']}") for rule, case in ALL if "evaluator_only" not in case]
TYPES = {"implicit_deny": "ImplicitDeny", "explicit_deny": "ExplicitDeny", "allow": None}


@pytest.mark.parametrize("case", REALISABLE)
def test_the_fake_answers_a_case_as_the_evaluator_does(
    case: dict[str, Any], through_the_fake: Callable[[Mapping[str, Any]], Any]
) -> None:
    answer = through_the_fake(case)
    expect = case["expect"]
    assert answer.allowed == (expect["outcome"] == "allow")
    if not answer.allowed and "root" not in case["request"]["caller"]:
        assert answer.no_permission_type == TYPES[expect["outcome"]]
        assert answer.policy_type == expect.get("policy_type")


def test_most_cases_are_realised_and_the_others_say_why_not() -> None:
    assert len(REALISABLE) >= 200
    assert all(len(case["evaluator_only"]) > 10 for _, case in ALL if "evaluator_only" in case)

"""Every case of `cases/`, asked of the evaluator."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from ram_policies import (
    Decision,
)

CASES = [
    pytest.param(case, id=f"{file.stem}: {case['name']}")
    for file in sorted((Path(__file__).parent / "cases").glob("*.json"))
    for case in json.loads(file.read_text("utf-8"))
]


@pytest.mark.parametrize("case", CASES)
def test_the_evaluator_decides_each_case_as_expected(
    case: dict[str, Any], decide_case: Callable[[Mapping[str, Any]], Decision]
) -> None:
    decision = decide_case(case)
    expect = case["expect"]
    found: dict[str, Any] = {"outcome": decision.outcome, "policy_type": decision.policy_type}
    found["matched"] = [f"{m.policy.name}#{m.index}" for m in decision.matched]
    found["depends_on"] = list(decision.depends_on)
    assert {key: found[key] for key in expect} == expect
    assert decision.allowed == (expect["outcome"] == "allow")
    if decision.outcome == "implicit_deny":
        assert decision.missing, "an implicit deny says what was missing"


def test_there_are_enough_cases_and_every_name_is_used_once() -> None:
    assert len(CASES) >= 200
    assert len({param.id for param in CASES}) == len(CASES)

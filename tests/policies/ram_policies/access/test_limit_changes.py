"""Changes of control policies and session policies: what they refused and let through is told."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from ram_policies.access.compare import Difference, difference
from ram_policies.access.documents import from_documents
from ram_policies.access.model import AccessModel, Account
from ram_policies.build import allow, deny, document
from ram_policies.document import UNKNOWN_DOCUMENT, Document
from ram_policies.evaluation.decision import Policy, PolicyType

OWNER = 1  # where the scenario has its role
NO_DELETE = document(allow("*"), deny("ecs:Delete*"))
READ = document(allow("ecs:Describe*"))
EVERYTHING = document(allow("*"))


def limited(scenario: dict[str, Any], control: Document | None, session: Document | None) -> AccessModel:
    content = copy.deepcopy(scenario)
    account = content["accounts"][OWNER]
    account["sessions"] = [{"role": "ecs-admin", "name": "AAA"}]
    if control is not None:
        account["controlPolicies"] = [{"name": "limits", "document": control.to_dict()}]
    if session is not None:
        account["sessions"][0]["policy"] = session.to_dict()
    return from_documents(content)


Limits = tuple[Document | None, Document | None]
CHANGES: dict[str, tuple[Limits, Limits, str]] = {
    "a control policy is gone": ((NO_DELETE, None), (None, None), "control policies"),
    "a control policy refuses less": ((NO_DELETE, None), (EVERYTHING, None), "control policies"),
    "a session policy is gone": ((None, READ), (None, None), "session ecs-admin/AAA"),
    "a session policy allows more": ((None, READ), (None, document(allow("ecs:*"))), "session ecs-admin/AAA"),
}


def compared(scenario: dict[str, Any], before: Limits, after: Limits) -> Difference:
    return difference(limited(scenario, *before), limited(scenario, *after))


@pytest.mark.parametrize(("before", "after", "who"), CHANGES.values(), ids=CHANGES)
def test_a_limit_that_lets_more_through_is_an_addition(
    scenario: dict[str, Any], before: Limits, after: Limits, who: str
) -> None:
    [line] = compared(scenario, before, after).lines()
    assert line.startswith(f"+ {who}")
    assert " ecs:" in line
    [back] = compared(scenario, after, before).lines()
    assert back.startswith(f"- {who}")


def test_limits_that_mean_the_same_are_no_change(scenario: dict[str, Any]) -> None:
    written_otherwise = document(deny(["ecs:Delete*", "ecs:DeleteInstance"]), allow("*"))
    assert compared(scenario, (NO_DELETE, READ), (written_otherwise, READ)).lines() == []
    assert compared(scenario, (None, None), (EVERYTHING, EVERYTHING)).lines() == []


def test_a_limit_that_is_not_known_yet_may_be_an_addition() -> None:
    def model(control: Document) -> AccessModel:
        policy = Policy("limits", PolicyType.CONTROL, control)
        return AccessModel((Account("11223344", control=(policy,)),))

    found = difference(model(NO_DELETE), model(UNKNOWN_DOCUMENT))
    assert [str(change.kind) for change in found.changes] == ["unknown"]
    assert found.adds
    assert difference(model(UNKNOWN_DOCUMENT), model(NO_DELETE)).adds

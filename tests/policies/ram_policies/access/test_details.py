"""Details of a comparison beside the permission: hazards, what remains, and how long sessions last."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from ram_policies.access.compare import Change, ChangeKind, Difference, difference
from ram_policies.access.details import hazards_of_statement, remaining
from ram_policies.access.documents import from_documents
from ram_policies.access.preview_model import read_state
from ram_policies.build import allow, deny
from ram_policies.catalogue import Hazard
from ram_policies.document import Document, Effect, Statement

Json = dict[str, Any]


def compare(before: Json, edit: Callable[[Json], object]) -> Difference:
    """Compare accounts with those after an edit of the only role."""
    after = copy.deepcopy(before)
    edit(after["accounts"][1]["roles"][0])
    return difference(from_documents(before), from_documents(after))


def one(found: Difference) -> Change:
    (change,) = found.changes
    return change


@pytest.mark.parametrize(
    ("action", "hazard"),
    [
        ("ram:AttachPolicyToRole", Hazard.ESCALATES),
        ("ecs:RunCommand", Hazard.RUNS_CODE_AS),
        ("oss:GetObject", Hazard.READS_DATA),
        ("ecs:DeleteInstance", Hazard.RELEASES),
        ("ecs:RunInstances", Hazard.BUYS),
    ],
)
def test_an_added_grant_names_its_hazards(
    scenario: Json, make_document: Callable[..., Json], make_statement: Callable[..., Json], action: str, hazard: Hazard
) -> None:
    scenario["accounts"][1]["roles"][0]["policies"] = []
    own = {"name": "own", "document": make_document(make_statement("Allow", action))}
    found = one(compare(scenario, lambda role: role.update(policies=[own])))
    assert found.kind is ChangeKind.ADDED
    assert dict(found.hazards)[hazard] == (action,)


def test_hazards_come_in_order_of_weight() -> None:
    found = [hazard for hazard, _ in hazards_of_statement(allow("*"))]
    assert found == [hazard for hazard in Hazard if hazard in found]
    assert found[0] is Hazard.ESCALATES


def test_a_denied_action_is_not_a_hazard() -> None:
    wide = allow("ecs:*")
    assert Hazard.BUYS in dict(hazards_of_statement(wide))
    assert hazards_of_statement(wide, [wide, deny("ecs:*")]) == ()
    assert hazards_of_statement(
        wide, [deny("ecs:*", conditions={"Bool": {"acs:MFAPresent": "false"}})]
    ) == hazards_of_statement(wide)
    assert hazards_of_statement(wide, [deny("ecs:*", ["acs:ecs:*:*:instance/i-1"])]) == hazards_of_statement(wide)


def test_a_statement_of_all_other_actions_has_their_hazards() -> None:
    found = dict(hazards_of_statement(Statement(Effect.ALLOW, (), ("ram:*", "oss:*"), ("*",))))
    assert not any(action.startswith(("ram:", "oss:")) for actions in found.values() for action in actions)
    assert "ecs:RunInstances" in found[Hazard.BUYS]


def test_a_narrowed_grant_says_what_remains(scenario: Json) -> None:
    found = compare(scenario, lambda role: role.update(policies=["AliyunECSReadOnlyAccess", "AliyunRDSReadOnlyAccess"]))
    (removed,) = [change for change in found.of(ChangeKind.REMOVED) if "ecs:* on everything" in change.what]
    assert any(words.startswith("ecs:Describe*") for words in removed.remains)
    assert not any("AliyunRDSReadOnlyAccess" in words and "ecs:" not in words for words in removed.remains)


def test_the_remainder_lists_actions_of_the_narrowed_grant_that_are_not_refused() -> None:
    removed = allow("ecs:*")
    kept = Document((allow(["ecs:StopInstance", "ecs:StartInstance", "rds:*"]), deny("ecs:Start*")))
    assert remaining(removed, [("own", kept)]) == ("ecs:StopInstance on everything (own)",)
    assert remaining(removed, [("own", Document((allow("ecs:StartInstance"), deny("ecs:Start*"))))]) == ()


def test_nothing_remains_of_a_grant_that_is_taken_away(scenario: Json) -> None:
    found = compare(scenario, lambda role: role.update(policies=[]))
    assert {change.remains for change in found.of(ChangeKind.REMOVED)} == {()}


@pytest.mark.parametrize(
    ("before", "after", "kind", "words"),
    [
        (None, 43200, "added", "lets sessions last up to 12 h, before up to 1 h"),
        (43200, 3600, "removed", "lets sessions last up to 1 h, before up to 12 h"),
        (43200, None, "removed", "lets sessions last up to 1 h, before up to 12 h"),
        (3600, 5400, "added", "lets sessions last up to 90 min, before up to 1 h"),
    ],
)
def test_sessions_that_may_last_longer_are_access_added(
    scenario: Json, before: int | None, after: int | None, kind: str, words: str
) -> None:
    scenario["accounts"][1]["roles"][0]["maxSessionDuration"] = before
    found = one(compare(scenario, lambda role: role.update(maxSessionDuration=after)))
    assert (found.kind, found.who, found.what) == (kind, "role ecs-admin of company-a (11223344)", words)


def test_the_default_length_of_sessions_is_no_change(scenario: Json) -> None:
    assert compare(scenario, lambda role: role.update(maxSessionDuration=3600)).changes == ()


def test_a_length_that_is_known_after_the_deployment_may_be_longer(
    stack_resources: list[Json], unknown: str, make_plan: Callable[[list[Json], list[Json]], Difference]
) -> None:
    after = copy.deepcopy(stack_resources)
    role = next(r for r in after if r["type"].endswith(":Role"))
    role["inputs"]["maxSessionDuration"] = unknown
    found = make_plan(stack_resources, after)
    assert [str(c) for c in found.of(ChangeKind.UNKNOWN)] == [
        "? role ecs-admin of 11223344 lets sessions last as long as only the deployment will tell"
    ]


def test_a_document_that_is_not_valid_before_the_change_is_told(scenario: Json) -> None:
    good = scenario["accounts"][1]["roles"][0]["trust"]
    scenario["accounts"][1]["roles"][0]["trust"] = "{"
    mended = compare(scenario, lambda role: role.update(trust=good))
    assert [gap.partition(" says: ")[0] for gap in mended.gaps] == [
        "before the change, what accounts[1].roles[0].trust"
    ]
    assert len(compare(scenario, lambda role: role.update(policies=[])).gaps) == 1


@pytest.fixture
def make_plan() -> Callable[[list[Json], list[Json]], Difference]:
    def compared(before: list[Json], after: list[Json]) -> Difference:
        states = ({"version": 3, "deployment": {"resources": resources}} for resources in (before, after))
        return difference(*(read_state(state) for state in states))

    return compared

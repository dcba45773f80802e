"""Contents of the picture, and what a change does to them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from accounts import DELEGATE, OWNER, accounts, assume, document, grant, trust

from ram_policies.access.compare import difference
from ram_policies.access.documents import from_documents
from ram_policies.access.model import AccessModel
from ram_policies.picture import Edge, EdgeKind, Mark, NodeKind, Picture, PictureNode, picture_of
from ram_policies.picture.svg import summary

EVERYBODY = f"acs:ram::{DELEGATE}:root"


@pytest.fixture
def change() -> Picture:
    return picture_of(accounts(after=False), accounts(after=True))


def model(roles: list[dict[str, Any]], users: list[dict[str, Any]], **delegate: Any) -> AccessModel:
    owner = {"id": OWNER, "roles": roles}
    return from_documents({"accounts": [owner, {"id": DELEGATE, "users": users, **delegate}]})


def node(picture: Picture, title: str) -> PictureNode:
    (found,) = [one for one in picture.nodes if one.title == title]
    return found


def edges(picture: Picture, source: str, target: str) -> list[Edge]:
    return [
        edge
        for edge in picture.edges
        if (picture.node(edge.source).title, picture.node(edge.target).title) == (source, target)
    ]


def test_a_team_whose_people_all_may_assume_a_role_has_the_edge_itself() -> None:
    picture = picture_of(None, accounts(after=False))
    (edge,) = edges(picture, "operators", "ecs-admin")
    assert edge.kind is EdgeKind.ASSUMES
    assert "with MFA" in edge.condition
    assert "contract-2026" in edge.condition


def test_people_of_one_team_with_the_same_access_are_one_node() -> None:
    picture = picture_of(None, accounts(after=False))
    assert node(picture, "3 people").members == ("AAA", "BBB", "CCC")


def test_a_person_trusted_by_name_has_the_edge_instead_of_the_team(change: Picture) -> None:
    (edge,) = edges(change, "eve", "log-reader")
    assert edge.condition == "through database"
    assert not edges(change, "database", "log-reader")


def test_a_grant_has_an_edge_for_what_it_allows_and_one_for_what_it_refuses(change: Picture) -> None:
    allows = edges(change, "AliyunECSFullAccess", "everything")
    refuses = edges(change, "no-orders", "everything")
    assert [edge.kind for edge in (*allows, *refuses)] == [EdgeKind.ALLOWS, EdgeKind.REFUSES]
    assert refuses[0].label == "refused: ecs:RunInstances, ecs:CreateInstance"


def test_every_part_of_a_change_is_marked(change: Picture) -> None:
    marks = {one.title: one.mark for one in change.nodes if one.mark is not Mark.SAME}
    assert marks == {
        "CCC": Mark.REMOVED, "frank": Mark.ADDED, "log-reader": Mark.ADDED, "read-logs": Mark.ADDED,
        "acs:oss:*:*:logs/*": Mark.ADDED,
    }  # fmt: skip
    (edge,) = edges(change, "operators", "ecs-admin")
    assert edge.mark is Mark.CHANGED
    assert edge.was == "with external ID contract-2026 and with MFA"


def test_a_change_of_nothing_marks_nothing() -> None:
    picture = picture_of(accounts(after=True), accounts(after=True))
    assert {part.mark for part in (*picture.nodes, *picture.edges)} == {Mark.SAME}
    assert picture.difference is not None
    assert picture.difference.changes == ()


def test_the_present_alone_has_no_difference() -> None:
    assert picture_of(None, accounts(after=True)).difference is None


def test_a_policy_of_ones_own_gives_the_edge_to_the_person() -> None:
    own = {"name": "own", "document": assume("ops")}
    roles = [{"name": "ops", "trust": trust(EVERYBODY), "policies": ["AliyunECSReadOnlyAccess"]}]
    picture = picture_of(None, model(roles, [{"name": "AAA", "policies": [own]}]))
    (edge,) = edges(picture, "AAA", "ops")
    assert edge.kind is EdgeKind.ASSUMES


def test_a_grant_to_a_team_beside_roles_is_drawn_from_the_team() -> None:
    groups = [{"name": "readers", "policies": ["AliyunECSReadOnlyAccess"]}]
    picture = picture_of(None, model([], [{"name": "AAA", "groups": ["readers"]}], groups=groups))
    assert edges(picture, "readers", "AliyunECSReadOnlyAccess")[0].kind is EdgeKind.HOLDS


def test_an_account_that_the_model_does_not_have_is_an_outsider() -> None:
    roles = [{"name": "ops", "trust": trust("acs:ram::55667788:root"), "policies": []}]
    picture = picture_of(None, model(roles, []))
    assert [one.kind for one in picture.nodes if one.column == 0] == [NodeKind.OUTSIDER]


def test_a_live_session_acts_as_its_role() -> None:
    owner = {"id": OWNER, "roles": [{"name": "ops", "trust": trust(EVERYBODY)}]}
    owner["sessions"] = [{"role": "ops", "name": "AAA"}]
    picture = picture_of(None, from_documents({"accounts": [owner]}))
    assert edges(picture, "ops/AAA", "ops")[0].kind is EdgeKind.ACTS_AS


def test_policies_of_one_name_with_different_documents_stay_apart() -> None:
    def role(name: str, action: str) -> dict[str, Any]:
        own = {"name": "own", "document": document(grant(action))}
        return {"name": name, "trust": trust(EVERYBODY), "policies": [own]}

    picture = picture_of(None, model([role("one", "ecs:Describe*"), role("two", "rds:Describe*")], []))
    own = [one for one in picture.nodes if one.kind is NodeKind.GRANT]
    assert len(own) == 2


def test_conditions_of_a_statement_are_on_its_edge(change: Picture) -> None:
    databases = f"acs:rds:cn-hangzhou:{OWNER}:dbinstance/*"
    (edge,) = edges(change, "read-rds", databases)
    assert edge.label == "rds:Describe*, from 203.0.113.0/24"


def test_a_thousand_people_of_one_team_are_one_node() -> None:
    users = [{"name": f"user-{number}", "groups": ["operators"]} for number in range(1000)]
    roles = [{"name": "ops", "trust": trust(EVERYBODY), "policies": ["AliyunECSReadOnlyAccess"]}]
    groups = [{"name": "operators", "policies": [{"name": "assume", "document": assume("ops")}]}]
    picture = picture_of(None, model(roles, users, groups=groups))
    assert len(picture.nodes) == 5
    assert len(node(picture, "1000 people").members) == 1000


def test_a_hazard_that_every_holder_of_a_grant_is_refused_does_not_count() -> None:
    def picture(*policies: Any) -> Picture:
        return picture_of(None, model([{"name": "ops", "trust": trust(EVERYBODY), "policies": list(policies)}], []))

    reads = {"name": "reads", "document": document(grant("oss:GetObject"))}
    refused = {"name": "refused", "document": document(grant("oss:GetObject", effect="Deny"))}
    assert node(picture(reads), "reads").hazards == ("reads data",)
    assert node(picture(reads, refused), "reads").hazards == ()
    assert node(picture(reads), "reads").sign == "!"
    assert node(picture(reads, refused), "refused").hazards == ()


def test_the_picture_marks_exactly_the_changes_of_the_difference(change: Picture) -> None:
    assert change.difference == difference(accounts(after=False), accounts(after=True))


def test_somebody_in_several_teams_is_one_caller() -> None:
    users = [{"name": f"user-{number}", "groups": ["one", "two"]} for number in range(3)]
    users.append({"name": "alone", "groups": ["two"]})
    roles = [{"name": "ops", "trust": trust(EVERYBODY), "policies": ["AliyunECSReadOnlyAccess"]}]
    assumes = [{"name": "assume", "document": assume("ops")}]
    groups = [{"name": name, "policies": assumes} for name in ("one", "two")]
    picture = picture_of(None, model(roles, users, groups=groups))
    assert summary(picture).startswith("Access of 4 callers to 1 role with 1 grant")

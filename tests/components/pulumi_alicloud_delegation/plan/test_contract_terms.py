"""Openings, tiers, `never` and the overlap of external IDs, as plans."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pulumi_alicloud_delegation.plan import plan_delegation, plan_role
from pulumi_alicloud_delegation.plan.delegation import DelegationPlan
from ram_policies import InvalidInputError

Args = dict[str, Any]
ADMIN, NIGHT = "acs:ram::11223344:role/ecs-admin", "acs:ram::11223344:role/night"
OPEN = {"not_before": "2026-03-01T20:00:00Z", "not_after": "2026-03-02T00:00:00Z"}
WHY = {"reason": "Disk full", "ticket": "INC-7"}


def _args(**more: Any) -> Args:
    night = {"name": "night", "system_policies": ["AliyunECSFullAccess"], "tier": "on-request", **WHY}
    night["trust"] = {"not_after": "2026-03-01T23:00:00Z"}
    return {
        "owner": {"id": "11223344"},
        "delegate": {"id": "12345678"},
        "roles": [{"name": "ecs-admin", "system_policies": ["AliyunECSReadOnlyAccess"]}, night],
        "teams": [{"name": "ops", "roles": ["ecs-admin", "night"]}, {"name": "audit", "roles": ["ecs-admin"]}],
        "operators": [{"name": "AAA", "teams": ["ops"]}, {"name": "BBB", "teams": ["audit"]}],
        **more,
    }


def _opened(*openings: Args, **more: Any) -> DelegationPlan:
    return plan_delegation(_args(openings=list(openings), **more))


def _statements(text: str) -> list[Args]:
    return json.loads(text)["Statement"]


def test_a_team_may_assume_an_on_request_role_only_while_it_is_opened() -> None:
    plan = _opened()
    [ops, _] = plan.delegate.teams
    assert [one["Resource"] for policy in ops.policies for one in _statements(policy.document)] == [ADMIN]
    assert (ops.standing, ops.on_request, ops.role_arns) == ((ADMIN,), {NIGHT}, (ADMIN, NIGHT))
    assert plan.delegate.openings == ()


def test_a_team_of_on_request_roles_alone_may_do_nothing_by_itself() -> None:
    teams = [{"name": "ops", "roles": ["night"]}, {"name": "audit", "roles": ["ecs-admin"]}]
    assert plan_delegation(_args(teams=teams)).delegate.teams[0].policies == ()


def test_an_opening_is_a_policy_of_the_operator_with_the_window_the_reason_and_the_ticket() -> None:
    [opening] = _opened({"operator": "aaa", "role": "night", **OPEN, **WHY}).delegate.openings
    assert (opening.operator, opening.policy.name) == ("AAA", "AAA-opened-11223344")
    assert _statements(opening.policy.document) == [
        {
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Resource": NIGHT,
            "Condition": {
                "DateGreaterThanEquals": {"acs:CurrentTime": OPEN["not_before"]},
                "DateLessThanEquals": {"acs:CurrentTime": OPEN["not_after"]},
            },
        }
    ]
    assert "night Disk full INC-7, from 2026-03-01T20:00:00Z until" in opening.policy.description


def test_overlapping_openings_of_one_role_are_one_statement() -> None:
    later = {"not_before": "2026-03-01T23:00:00Z", "not_after": "2026-03-02T03:00:00Z"}
    first, second = ({"operator": "AAA", "role": "night", **window, **WHY} for window in (OPEN, later))
    [opening] = _opened(first, second).delegate.openings
    [statement] = _statements(opening.policy.document)
    assert statement["Condition"]["DateLessThanEquals"] == {"acs:CurrentTime": later["not_after"]}


def test_a_membership_for_a_while_opens_the_standing_roles_of_the_team() -> None:
    [opening] = _opened({"operator": "BBB", "team": "ops", **OPEN}).delegate.openings
    assert list(opening.windows) == [ADMIN]


def test_a_window_of_a_team_is_in_its_policy() -> None:
    teams = [{"name": "ops", "roles": ["ecs-admin", "night"], "not_after": "2026-03-02T00:00:00Z"}]
    plan = plan_delegation(_args(teams=teams, operators=[]))
    [statement] = _statements(plan.delegate.teams[0].policies[0].document)
    assert statement["Condition"] == {"DateLessThanEquals": {"acs:CurrentTime": "2026-03-02T00:00:00Z"}}


NIGHTLY = {"operator": "AAA", "role": "night", **OPEN, **WHY}
BAD_OPENINGS = {
    "for a person who is in no team": ({**NIGHTLY, "operator": "CCC"}, "openings[0].operator", "is in no team"),
    "for a person of another team": ({**NIGHTLY, "operator": "BBB"}, "openings[0].operator", "is in no team that has"),
    "of a standing role": ({**NIGHTLY, "role": "ecs-admin"}, "openings[0].role", "is standing"),
    "of an unknown role": ({**NIGHTLY, "role": "day"}, "openings[0].role", "is not a role"),
    "of an unknown team": ({"operator": "AAA", "team": "x", **OPEN}, "openings[0].team", "is not a team"),
    "of the operator's own team": ({"operator": "AAA", "team": "ops", **OPEN}, "openings[0].team", "already"),
    "of a role and a team": ({**NIGHTLY, "team": "audit"}, "openings[0].role", "is given together with a team"),
    "of nothing": ({"operator": "AAA", **OPEN}, "openings[0].role", "is missing, and a team as well"),
    "without a reason": ({**NIGHTLY, "reason": None}, "openings[0].reason", "is missing"),
    "without a ticket": ({**NIGHTLY, "ticket": None}, "openings[0].ticket", "is missing"),
    "that ends before it begins": ({**NIGHTLY, "not_after": "2026-03-01T00:00:00Z"}, "openings[0].not_after", "not"),
    "without an end": ({k: v for k, v in NIGHTLY.items() if k != "not_after"}, "openings[0].not_after", "is missing"),
}  # fmt: skip


@pytest.mark.parametrize(("opening", "field", "problem"), BAD_OPENINGS.values(), ids=BAD_OPENINGS)
def test_an_opening_that_cannot_be_is_explained(opening: Args, field: str, problem: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        _opened(opening)
    assert (caught.value.field, problem in str(caught.value)) == (field, True)


@pytest.mark.parametrize(
    ("contract", "field"),
    [
        ({"not_after": "2026-03-01T23:00:00Z"}, "openings[0].not_after"),
        ({"not_before": "2026-03-01T21:00:00Z"}, "openings[0].not_before"),
        ({"longest_opening": "3h"}, "openings[0]"),
    ],
)
def test_an_opening_keeps_to_the_contract(contract: Args, field: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        _opened(NIGHTLY, contract=contract)
    assert caught.value.field == field
    assert _opened(NIGHTLY, contract={"longest_opening": "4h"}).delegate.openings


@pytest.mark.parametrize("where", ["roles", "teams"])
def test_no_role_and_no_team_outlasts_the_contract(where: str) -> None:
    args = _args(contract={"not_after": "2026-12-31T00:00:00Z"})
    end = {"not_after": "2027-01-01T00:00:00Z"}
    args[where][0].update({"trust": end} if where == "roles" else end)
    with pytest.raises(InvalidInputError, match="is after the contract ends"):
        plan_delegation(args)


@pytest.mark.parametrize("key", ["reason", "ticket"])
def test_only_an_on_request_role_needs_a_reason_and_a_ticket(key: str) -> None:
    args = _args()
    del args["roles"][1][key]
    with pytest.raises(InvalidInputError) as caught:
        plan_delegation(args)
    assert caught.value.field == f"roles[1].{key}"
    args = _args()
    args["roles"][0][key] = "x"
    with pytest.raises(InvalidInputError, match="is for on-request roles"):
        plan_delegation(args)


def test_reason_and_ticket_are_in_the_description_of_the_role() -> None:
    args = _args()
    args["roles"][1]["description"] = "For incidents."
    assert plan_delegation(args).owner.roles[1].description == "For incidents. Reason: Disk full. Ticket: INC-7"


def test_a_team_that_may_assume_anything_has_no_on_request_role_and_no_window() -> None:
    for change in ({"not_after": "2027-01-01T00:00:00Z"}, {}):
        args = _args()
        args["teams"][0].update(assume_permission="AliyunSTSAssumeRoleAccess", **change)
        with pytest.raises(InvalidInputError, match="lets members assume every role at any time"):
            plan_delegation(args)


def test_never_is_proved_for_all_roles_and_for_one() -> None:
    plan_delegation(_args(never=["bss:*", "kms:Decrypt", "actiontrail:Stop*"]))
    args = _args()
    args["roles"][0]["never"] = ["ecs:RunInstances"]
    plan_delegation(args)


@pytest.mark.parametrize(
    ("never", "own", "field"),
    [
        (["ecs:RunCommand"], [], "never"),
        ([], ["ecs:Stop*"], "roles[1].never"),
        (["kms"], [], "never[0]"),
        ([], ["kms"], "roles[1].never[0]"),
    ],
)
def test_a_forbidden_action_that_is_allowed_is_shown(never: list[str], own: list[str], field: str) -> None:
    args = _args(never=never)
    args["roles"][1]["never"] = own
    with pytest.raises(InvalidInputError) as caught:
        plan_delegation(args)
    assert caught.value.field == field
    if "[0]" not in field.removeprefix("roles[1]"):
        assert "is not kept: role night of 11223344: ecs:" in str(caught.value)
        assert "by AliyunECSFullAccess" in str(caught.value)


@pytest.mark.parametrize(
    ("role", "field", "problem"),
    [
        ({"never": ["ecs:Stop*"]}, "role.never", "is not kept: role night of 11223344: ecs:"),
        ({"never": ["kms"]}, "role.never[0]", "is not an action"),
        (
            {"never": ["bss:*"], "existing_policies": [{"name": "house-rules", "type": "Custom"}]},
            "role.never",
            "not decided",
        ),
    ],
)
def test_never_is_proved_for_a_role_that_is_used_alone(role: Args, field: str, problem: str) -> None:
    args = {"owner_account_id": "11223344", "delegate_account_id": "12345678"}
    alone = {"name": "night", "system_policies": ["AliyunECSFullAccess"]}
    assert plan_role({**args, "role": {**alone, "never": ["bss:*"]}}).never == ("bss:*",)
    with pytest.raises(InvalidInputError, match=problem) as caught:
        plan_role({**args, "role": {**alone, **role}})
    assert caught.value.field == field


def test_a_policy_that_nobody_has_read_leaves_never_open_and_so_refused() -> None:
    args = _args(never=["bss:*"])
    args["roles"][0]["existing_policies"] = [{"name": "house-rules", "type": "Custom"}]
    with pytest.raises(InvalidInputError, match="not decided"):
        plan_delegation(args)


def _trust(**trust: Any) -> list[Args]:
    args = _args()
    args["roles"][0]["trust"] = trust
    return [s.to_dict() for s in plan_delegation(args).owner.roles[0].trust.statements]


def test_two_external_ids_are_taken_until_the_previous_one_ends() -> None:
    until = "2026-03-31T00:00:00Z"
    new, old = _trust(external_id="new", previous_external_id="old", previous_external_id_until=until, mfa=True)
    assert new["Condition"] == {"Bool": {"acs:MFAPresent": "true"}, "StringEquals": {"sts:ExternalId": "new"}}
    assert old["Condition"] == {
        "Bool": {"acs:MFAPresent": "true"},
        "StringEquals": {"sts:ExternalId": "old"},
        "DateLessThanEquals": {"acs:CurrentTime": until},
    }


def test_the_previous_external_id_never_outlasts_the_role() -> None:
    end = "2026-03-01T00:00:00Z"
    until = "2026-03-31T00:00:00Z"
    _, old = _trust(external_id="new", previous_external_id="old", previous_external_id_until=until, not_after=end)
    assert old["Condition"]["DateLessThanEquals"] == {"acs:CurrentTime": end}


@pytest.mark.parametrize(
    ("trust", "field"),
    [
        ({"previous_external_id": "old", "previous_external_id_until": "2026-03-31T00:00:00Z"}, "previous_external_id"),
        ({"external_id": "new", "previous_external_id": "old"}, "previous_external_id_until"),
        ({"external_id": "new", "previous_external_id_until": "2026-03-31T00:00:00Z"}, "previous_external_id_until"),
        ({"external_id": "same", "previous_external_id": "same", "previous_external_id_until": "2026-03-31T00:00:00Z"},
         "previous_external_id"),
        ({"external_id": "new", "previous_external_id": "old", "previous_external_id_until": "soon"},
         "previous_external_id_until"),
    ],
)  # fmt: skip
def test_an_overlap_that_cannot_be_is_explained(trust: Args, field: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        _trust(**trust)
    assert caught.value.field == f"roles[0].trust.{field}"

"""Roles that demand a source identity: the policies of both sides, and who may use which name."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_alicloud_delegation.plan import plan_delegation
from pulumi_alicloud_delegation.plan.delegation import DelegationPlan
from pulumi_alicloud_delegation.plan.team import plan_team
from pulumi_alicloud_delegation.testing import EchoMocks, run_program
from ram_policies import DocumentKind, InvalidInputError, Request, authorize_assume_role, read_document
from ram_policies.arn import role_resource, user_arn
from ram_policies.evaluation.decision import Policy, PolicyType
from ram_policies.evaluation.policyset import PolicySet

Args = dict[str, Any]
A, B = "11223344", "12345678"
NAMED, PLAIN = f"acs:ram::{A}:role/named", f"acs:ram::{A}:role/plain"
WHY = {"reason": "r", "ticket": "t"}
NIGHT = {
    "name": "night", "system_policies": ["AliyunECSFullAccess"], "tier": "on-request", **WHY,
    "trust": {"source_identity": "required", "not_after": "2099-01-01T00:00:00Z"},
}  # fmt: skip
OPEN = {"operator": "AAA", "not_before": "2026-03-01T20:00:00Z", "not_after": "2026-03-02T00:00:00Z", **WHY}
NAMES = ("AAA", "b.b", "c_c")


def _plan(**more: Any) -> DelegationPlan:
    named = {"name": "named", "system_policies": ["AliyunECSReadOnlyAccess"], "trust": {"source_identity": "required"}}
    plain = {"name": "plain", "system_policies": ["AliyunECSReadOnlyAccess"]}
    args: Args = {
        "owner": {"id": A},
        "delegate": {"id": B},
        "roles": [named, plain, NIGHT],
        "teams": [{"name": "ops", "roles": ["named", "plain", "night"]}, {"name": "audit", "roles": ["named"]}],
        "operators": [{"name": name, "teams": ["ops"]} for name in NAMES],
        **more,
    }
    return plan_delegation(args)


def _policies(plan: DelegationPlan, operator: str) -> PolicySet:
    """All grants of an operator: those of teams, those of openings, and its own."""
    people = plan.delegate
    teams = next(one.teams for one in people.operators if one.name == operator)
    made = [policy for team in people.teams if team.name in teams for policy in team.policies]
    made += [policy for one in people.named if one.operator == operator for policy in one.policies]
    made += [one.policy for one in people.openings if one.operator == operator]
    documents = [read_document(policy.document, DocumentKind.IDENTITY) for policy in made]
    return PolicySet(Policy(f"p{n}", PolicyType.CUSTOM, one) for n, one in enumerate(documents))


def _may(plan: DelegationPlan, operator: str, role: str, name: str | None, at: str = "2026-03-01T21:00:00Z") -> bool:
    context = {"acs:CurrentTime": at} | ({} if name is None else {"sts:SourceIdentity": name})
    request = Request("sts:AssumeRole", role_resource(A, role), context, user_arn(B, operator))
    trust = next(one.trust for one in plan.owner.roles if one.name == role)
    trusting = PolicySet([Policy("trust", PolicyType.TRUST, trust)])
    return authorize_assume_role(request, identity=_policies(plan, operator), trust=trusting).allowed


@given(
    st.sampled_from(NAMES),
    st.one_of(st.none(), st.sampled_from([*NAMES, "aaa", "AAA ", "nobody"]), st.text(min_size=2, max_size=8)),
)
def test_an_operator_has_no_name_but_his_own(operator: str, name: str | None) -> None:
    plan = _plan()
    assert _may(plan, operator, "named", name) is (name is not None and name.lower() == operator.lower())
    assert _may(plan, operator, "plain", None)


def test_an_operator_is_opened_to_by_its_own_name() -> None:
    plan = _plan(openings=[{**OPEN, "role": "night"}])
    assert _may(plan, "AAA", "night", "AAA")
    assert not _may(plan, "AAA", "night", "b.b")
    assert not _may(plan, "AAA", "night", None)
    assert not _may(plan, "b.b", "night", "b.b")
    assert not _may(plan, "AAA", "night", "AAA", "2026-03-02T00:00:01Z")
    guest = {"name": "guest", "teams": ["audit"]}
    team = _plan(
        operators=[guest, {"name": "AAA", "teams": ["ops"]}], openings=[{**OPEN, "operator": "guest", "team": "ops"}]
    )
    assert _may(team, "guest", "plain", None)
    assert not _may(team, "AAA", "named", "guest")


def test_the_teams_window_binds_its_members_own_policies() -> None:
    plan = _plan(teams=[{"name": "ops", "roles": ["named", "plain", "night"], "not_after": "2026-03-01T22:00:00Z"}])
    assert _may(plan, "AAA", "named", "AAA")
    assert not _may(plan, "AAA", "named", "AAA", "2026-03-01T22:00:01Z")


def test_a_source_identity_is_allowed_in_both_documents_and_other_roles_stay() -> None:
    plan = _plan()
    named, plain, _ = plan.owner.roles
    [statement] = json.loads(named.trust.to_json())["Statement"]
    assert statement["Action"] == ["sts:AssumeRole", "sts:SetSourceIdentity"]
    assert statement["Condition"] == {"StringLike": {"sts:SourceIdentity": "?*"}}
    assert "SourceIdentity" not in plain.trust.to_json()
    [mine] = [one for one in plan.delegate.named if one.operator == "b.b"]
    [policy] = mine.policies
    assert policy.name == "ops-b-b-assume-role"
    [pinned] = json.loads(policy.document)["Statement"]
    assert (pinned["Action"], pinned["Resource"]) == (["sts:AssumeRole", "sts:SetSourceIdentity"], NAMED)
    assert pinned["Condition"] == {"StringEqualsIgnoreCase": {"sts:SourceIdentity": "b.b"}}
    assert [one for team in plan.delegate.teams for p in team.policies if (one := p.document) and NAMED in one] == []


def test_a_preview_says_that_the_console_cannot_begin_such_a_session() -> None:
    [told] = [note for note in _plan().notes if note.startswith("role named ")]
    assert "requires a source identity, which the console's switch-role page cannot send" in told
    agents = [{"name": "agent", "kind": "application", "teams": ["ops"]}]
    assert _plan(operators=agents).notes == (), "an application has no console"


@pytest.mark.parametrize(
    ("more", "field", "problem"),
    [
        ({"operators": [{"name": "a", "teams": ["ops"]}]}, "operators[0].name", "has 1 character"),
        (
            {"teams": [{"name": "ops", "roles": ["named", "plain", "night"],
                        "assume_permission": "AliyunSTSAssumeRoleAccess"}], "roles": None},
            "teams[0].assume_permission", "under any name",
        ),
        (
            {"operators": [{"name": "a.b", "teams": ["ops"]}, {"name": "a-b", "teams": ["ops"]}]},
            "operators (a-b)", "policy name",
        ),
        ({"operators": [{"name": "x" * 64, "teams": ["ops"]}],
          "teams": [{"name": "t" * 63, "roles": ["named", "plain", "night"]}]}, None, ""),
    ],
)  # fmt: skip
def test_an_impossible_setting_is_explained_in_one_line(more: Args, field: str | None, problem: str) -> None:
    given = {key: value for key, value in more.items() if value is not None}
    with pytest.raises(InvalidInputError) as caught:
        _plan(**given)
    assert "\n" not in str(caught.value)
    if field is not None:
        assert caught.value.field == field
        assert problem in str(caught.value)


def test_a_team_alone_pins_its_own_operators() -> None:
    team: Args = {
        "account_id": B, "name": "ops", "role_arns": [NAMED, PLAIN], "source_identity_role_arns": [NAMED],
        "operators": [{"name": "AAA"}],
    }  # fmt: skip
    plan, _ = plan_team(team)
    assert (plan.named, NAMED in plan.policies[0].document) == ({NAMED}, False)
    with pytest.raises(InvalidInputError, match="is not one of 'role_arns'"):
        plan_team({**team, "role_arns": [PLAIN]})

    def program() -> None:
        from pulumi_alicloud_delegation import OperatorTeam  # noqa: PLC0415 - where programs import it

        OperatorTeam("ops", team)  # type: ignore[arg-type] # a dictionary, as YAML has it

    runs = run_program(
        program, accounts={"default": B}, mocks=lambda preview: EchoMocks({"default": B}, preview=preview)
    )
    [own] = [one for one in runs.update.of_type("Policy") if "SourceIdentity" in str(one.inputs["policyDocument"])]
    attached = runs.update.one("UserPolicyAttachment")
    assert (own.inputs["policyName"], attached.inputs["userName"]) == ("ops-aaa-assume-role", "AAA")

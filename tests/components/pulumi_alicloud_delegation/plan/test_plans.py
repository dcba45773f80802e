"""Tests of plans."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pulumi_alicloud_delegation.plan import plan_delegation, plan_role, plan_team
from ram_policies import DocumentKind, InvalidInputError, limits, read_document

Args = dict[str, Any]
SCENARIO_TRUST = {
    "Statement": [{"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"RAM": ["acs:ram::12345678:root"]}}],
    "Version": "1",
}


def _plan_role(**role: Any) -> Any:
    state = role.pop("state", "active")
    spec = {"name": "ecs-admin", "system_policies": ["AliyunECSFullAccess"], **role}
    return plan_role({"owner_account_id": "11223344", "delegate_account_id": "12345678", "role": spec, "state": state})


def _canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def test_the_plain_trust_policy_is_the_scenarios_byte_for_byte() -> None:
    assert _plan_role().trust.to_json() == _canonical(SCENARIO_TRUST)


def test_the_role_has_the_arn_of_the_scenario() -> None:
    assert _plan_role().arn == "acs:ram::11223344:role/ecs-admin"


def test_every_condition_of_the_trust_must_hold() -> None:
    trust = _plan_role(
        trust={
            "external_id": "contract-1",
            "mfa": True,
            "source_ips": ["203.0.113.0/24"],
            "not_before": "2026-01-01T00:00:00+08:00",
            "not_after": "2026-12-31T23:59:59Z",
        }
    ).trust
    (statement,) = trust.to_dict()["Statement"]
    assert statement["Condition"] == {
        "Bool": {"acs:MFAPresent": "true"},
        "DateGreaterThanEquals": {"acs:CurrentTime": "2025-12-31T16:00:00Z"},
        "DateLessThanEquals": {"acs:CurrentTime": "2026-12-31T23:59:59Z"},
        "IpAddress": {"acs:SourceIp": "203.0.113.0/24"},
        "StringEquals": {"sts:ExternalId": "contract-1"},
    }


def test_named_principals_take_the_place_of_the_account() -> None:
    named = ["acs:ram::12345678:user/AAA", "acs:ram::12345678:role/ci"]
    trust = _plan_role(trust={"principals": named}).trust
    assert list(trust.statements[0].principals.ram) == named


def test_suspending_closes_the_trust_and_takes_the_grants_away_and_nothing_else() -> None:
    own = [{"name": "own", "document": _document("ecs:StopInstance")}]
    active, suspended = _plan_role(policies=own), _plan_role(policies=own, state="suspended")
    assert suspended.granted == ()
    assert [s.to_dict() for s in suspended.trust.statements] == [
        {"Action": "sts:AssumeRole", "Effect": "Deny", "Principal": {"RAM": ["acs:ram::12345678:root"]}}
    ]
    for unchanged in (
        "name",
        "arn",
        "description",
        "system_policies",
        "existing_policies",
        "policies",
        "tags",
        "max_session_duration",
    ):
        assert getattr(suspended, unchanged) == getattr(active, unchanged)
    assert "each of its calls is refused" in suspended.live_sessions
    assert "outlives every edit of the trust policy" in active.live_sessions


def _document(action: str, resources: list[str] | str = "*") -> str:
    return json.dumps({"Version": "1", "Statement": [{"Effect": "Allow", "Action": action, "Resource": resources}]})


def test_a_document_over_the_limit_is_split_without_losing_a_resource() -> None:
    resources = [f"acs:ecs:*:*:instance/i-{n:0100}" for n in range(140)]
    plan = _plan_role(policies=[{"name": "own", "document": _document("ecs:StopInstance", resources)}])
    assert [policy.name for policy in plan.policies] == ["own", "own-2", "own-3"]
    assert all(len(policy.document) <= limits.POLICY_DOCUMENT_LENGTH for policy in plan.policies)
    found = [
        resource
        for policy in plan.policies
        for statement in read_document(policy.document, DocumentKind.IDENTITY).statements
        for resource in statement.resources
    ]
    assert sorted(found) == sorted(resources)
    assert {grant.name for grant in plan.granted} >= {"own", "own-2", "own-3"}


def test_a_document_may_be_a_mapping_in_a_stack_file() -> None:
    document = json.loads(_document("ecs:StopInstance"))
    (policy,) = _plan_role(policies=[{"name": "own", "document": document}]).policies
    assert json.loads(policy.document) == document


@pytest.mark.parametrize("name", ["ecs-admin", "ecs.admin"])
def test_the_policy_that_suspends_denies_everything_and_its_name_is_kept_free(name: str) -> None:
    suspension = _plan_role(name=name).suspension
    assert json.loads(suspension.document)["Statement"] == [{"Action": "*", "Effect": "Deny", "Resource": "*"}]
    taken = [{"name": "ECS-admin-suspended", "document": _document("ecs:StopInstance")}]
    with pytest.raises(InvalidInputError, match="is the name of the policy that suspends the role"):
        _plan_role(name=name, policies=taken)
    with pytest.raises(InvalidInputError, match="is the name of the policy that suspends the role"):
        _plan_role(name=name, existing_policies=[{"name": "ecs-admin-suspended", "type": "Custom"}])


def test_two_roles_whose_suspending_policies_would_have_one_name_are_refused(scenario: Callable[..., Args]) -> None:
    def change(args: Args) -> None:
        args["roles"] = [{**args["roles"][0], "name": name} for name in ("ecs.admin", "ecs-admin")]
        args["teams"][0]["roles"] = ["ecs.admin", "ecs-admin"]

    with pytest.raises(InvalidInputError, match="ecs-admin-suspended"):
        plan_delegation(scenario(change))


def _team(*arns: str, **more: Any) -> Any:
    return plan_team({"account_id": "12345678", "name": "ops", "role_arns": list(arns), **more})[0]


def test_a_team_may_assume_exactly_its_roles() -> None:
    arns = ["acs:ram::11223344:role/b", "acs:ram::11223344:role/a"]
    (policy,) = _team(*arns).policies
    (statement,) = json.loads(policy.document)["Statement"]
    assert statement == {"Action": "sts:AssumeRole", "Effect": "Allow", "Resource": sorted(arns)}


def test_a_team_with_many_roles_gets_as_few_policies_as_their_length_allows() -> None:
    arns = [f"acs:ram::11223344:role/{'r' * 60}{n:04}" for n in range(140)]
    plan = _team(*arns)
    assert len(plan.policies) == 3  # 140 ARNs of 88 characters with quotes and comma: two policies hold 136
    named = [arn for policy in plan.policies for arn in json.loads(policy.document)["Statement"][0]["Resource"]]
    assert sorted(named) == sorted(arns)
    assert [grant.name for grant in plan.granted] == ["ops-assume-role", "ops-assume-role-2", "ops-assume-role-3"]


def test_the_scenarios_system_policy_is_there_by_name() -> None:
    plan = _team("acs:ram::11223344:role/a", assume_permission="AliyunSTSAssumeRoleAccess")
    assert [(grant.name, grant.type) for grant in plan.granted] == [("AliyunSTSAssumeRoleAccess", "System")]
    assert plan.policies == ()


def test_people_who_need_an_external_id_in_the_console_are_told(scenario: Callable[..., Args]) -> None:
    (note,) = plan_delegation(scenario(lambda a: a["roles"][0].update(trust={"external_id": "x1"}))).notes
    assert "ecs-admin requires an external ID" in note


@pytest.mark.parametrize(
    ("endpoint", "protocol"),
    [
        ("127.0.0.1:8080", "HTTP"),
        ("localhost:1", "HTTP"),
        ("[::1]:80", "HTTP"),
        ("ram.example.com", "HTTPS"),
        ("10.0.0.1:443", "HTTPS"),
    ],
)
def test_plain_http_is_for_loopback_only(endpoint: str, protocol: str, scenario: Callable[..., Args]) -> None:
    account = plan_delegation(scenario(lambda a: a["owner"].update(endpoint=endpoint))).owner.account
    assert account.protocol == protocol
    assert dict(account.endpoints)["ram"] == endpoint


def test_no_code_outside_the_policy_library_writes_an_arn() -> None:
    """Only ram_policies knows what an ARN looks like; elsewhere it may stand in prose and examples."""
    root = Path(__file__).resolve().parents[4] / "components"
    made = [path for path in root.rglob("*.py") if 'f"acs:' in path.read_text("utf-8")]
    assert [path.name for path in made] == []

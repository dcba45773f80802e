"""Presets of a role become policies of the role."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_alicloud_delegation.plan import plan_role
from ram_policies import (
    DocumentKind,
    InvalidInputError,
    Outcome,
    Policy,
    PolicySet,
    PolicyType,
    Request,
    read_document,
)
from ram_policies.presets import preset_document, presets


def plan(**role: Any) -> Any:
    spec = {"name": "ops.night", **role}
    return plan_role({"owner_account_id": "11223344", "delegate_account_id": "12345678", "role": spec})


def test_a_preset_alone_is_a_grant_and_is_created_and_attached() -> None:
    role = plan(presets=[{"name": "ecs-operate", "parameters": {"regions": ["cn-hangzhou"], "tags": {"team": "ops"}}}])
    (policy,) = role.policies
    assert policy.name == "ops-night-ecs-operate"
    assert policy.description == presets()["ecs-operate"].title
    assert (
        policy.document == preset_document("ecs-operate", {"regions": "cn-hangzhou", "tags": {"team": "ops"}}).to_json()
    )
    assert [(a.name, a.type, a.created) for a in role.granted] == [(policy.name, "Custom", True)]


def test_a_role_may_do_exactly_what_its_preset_promises() -> None:
    (policy,) = plan(presets=[{"name": "rds-restart", "parameters": {"dbInstances": "rm-1"}}]).policies
    granted = PolicySet([Policy(policy.name, PolicyType.CUSTOM, read_document(policy.document, DocumentKind.IDENTITY))])
    own, other = (f"acs:rds:cn-hangzhou:11223344:dbinstance/{name}" for name in ("rm-1", "rm-2"))
    assert granted.decide(Request("rds:RestartDBInstance", own, {})) is Outcome.ALLOW
    assert granted.decide(Request("rds:RestartDBInstance", other, {})) is Outcome.IMPLICIT_DENY
    assert granted.decide(Request("rds:DescribeBackups", own, {})) is Outcome.IMPLICIT_DENY


def test_presets_stand_beside_own_policies_and_may_be_used_twice_with_names() -> None:
    document = '{"Version":"1","Statement":[{"Effect":"Allow","Action":"ecs:RunCommand","Resource":"*"}]}'
    role = plan(
        policies=[{"name": "own", "document": document}],
        presets=[
            {"name": "monitoring-watch"},
            {
                "name": "oss-read-prefixes",
                "parameters": {"bucket": "logs-a", "prefixes": ["a/"]},
                "policy_name": "logs-a",
            },
            {
                "name": "oss-read-prefixes",
                "parameters": {"bucket": "logs-b", "prefixes": ["b/"]},
                "policy_name": "logs-b",
            },
        ],
    )
    assert [policy.name for policy in role.policies] == ["own", "ops-night-monitoring-watch", "logs-a", "logs-b"]


@pytest.mark.parametrize(
    ("wanted", "field", "fix"),
    [
        ({"name": "ecs-operat"}, "role.presets[0].name", "write ecs-operate"),
        ({"name": "ecs-operate", "params": {}}, "role.presets[0]", "write 'parameters'"),
        ({"name": "ecs-operate", "parameters": []}, "role.presets[0].parameters", "write keys and values"),
        ({"name": "ecs-operate", "parameters": {"zones": "a"}}, "role.presets[0].parameters.zones", "use regions"),
        (
            {"name": "ecs-operate", "parameters": {"regions": ["*"]}},
            "role.presets[0].parameters.regions[0]",
            "region IDs",
        ),
        ({"name": "oss-read-prefixes"}, "role.presets[0].parameters.bucket", "one bucket"),
        ({"name": "ecs-operate", "policy_name": "a b"}, "role.presets[0].policy_name", "letters, digits"),
    ],
)
def test_a_preset_that_cannot_be_granted_is_refused(wanted: dict[str, Any], field: str, fix: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        plan(presets=[wanted])
    assert refused.value.field == field
    assert fix in refused.value.fix


def test_a_preset_used_twice_needs_a_name() -> None:
    with pytest.raises(InvalidInputError, match="ops-night-monitoring-watch"):
        plan(presets=[{"name": "monitoring-watch"}, {"name": "monitoring-watch"}])

"""What actions may be used for."""

from __future__ import annotations

import pytest

from ram_policies.catalogue import AccessLevel, Hazard, access_level, expand, hazards, known_action, services
from ram_policies.catalogue.data import read

READ, WRITE, PRIVILEGED = AccessLevel.READ, AccessLevel.WRITE, AccessLevel.PRIVILEGED


@pytest.mark.parametrize(
    ("action", "level", "expected"),
    [
        ("ecs:DescribeInstances", READ, ""),
        ("ecs:StopInstance", WRITE, ""),
        ("ECS:STOPINSTANCE", WRITE, ""),
        ("ecs:RunInstances", PRIVILEGED, "buys escalates"),
        ("ecs:DeleteInstance", WRITE, "releases"),
        ("ecs:ReplaceSystemDisk", PRIVILEGED, "escalates releases"),
        ("ecs:RunCommand", PRIVILEGED, "escalates"),
        ("ecs:DescribeInstanceVncUrl", PRIVILEGED, "escalates"),
        ("ecs:DescribeUserData", READ, "reads_data"),
        ("ecs:ModifyInstanceSpec", WRITE, "buys"),
        ("ecs:TagResources", PRIVILEGED, "escalates"),
        ("rds:RestartDBInstance", WRITE, ""),
        ("rds:DescribeBackups", READ, "reads_data"),
        ("rds:ModifySecurityIps", PRIVILEGED, "escalates"),
        ("rds:DescribeSQLLogRecords", READ, "reads_data"),
        ("slb:SetBackendServers", WRITE, ""),
        ("oss:GetObject", READ, "reads_data"),
        ("oss:GetObjectAcl", READ, ""),
        ("oss:PutObject", WRITE, ""),
        ("oss:PutBucketPolicy", PRIVILEGED, "escalates"),
        ("oss:PutBucketLifecycle", WRITE, "releases"),
        ("kms:Decrypt", WRITE, "reads_data"),
        ("kms:GetSecretValue", READ, "reads_data"),
        ("kms:ScheduleKeyDeletion", WRITE, "releases"),
        ("log:GetLogStoreLogs", READ, "reads_data"),
        ("cms:DescribeMonitoringAgentAccessKey", PRIVILEGED, "escalates reads_data"),
        ("ram:ListUsers", READ, ""),
        ("ram:CreatePolicyVersion", PRIVILEGED, "escalates"),
        ("ram:PassRole", PRIVILEGED, "escalates"),
        ("ram:GetServiceLinkedRoleDeletionStatus", READ, ""),
        ("ram:GenerateCredentialReport", READ, ""),
        ("sts:AssumeRole", PRIVILEGED, "escalates"),
        ("sts:GetCallerIdentity", READ, ""),
        ("actiontrail:LookupEvents", READ, ""),
        ("actiontrail:StopLogging", PRIVILEGED, "escalates"),
        ("dms:LoginDatabase", WRITE, "reads_data"),
        ("bssapi:CreateInstance", WRITE, "buys"),
        ("nosuch:DescribeThings", READ, ""),
        ("nosuch:GetawayDriver", WRITE, ""),
        ("nosuch:DeleteThings", WRITE, "releases"),
    ],
)
def test_level_and_hazards(action: str, level: AccessLevel, expected: str) -> None:
    assert access_level(action) is level
    assert hazards(action) == {Hazard(word) for word in expected.split()}


def test_every_write_of_the_identity_services_escalates() -> None:
    actions = [f"{code}:{name}" for code in ("ram", "ims", "resourcemanager") for name in services()[code].actions]
    assert {access_level(action) for action in actions} == {READ, PRIVILEGED}


def test_every_hazard_speaks_and_every_pattern_for_a_catalogued_service_matches_something() -> None:
    for hazard in Hazard:
        assert len(hazard.says.split()) > 5
        table = read("levels.json")["hazards"][hazard]
        for pattern in (*table["writes"], *table["any"]):
            code = pattern.partition(":")[0]
            if code in services():
                assert expand(pattern) or not services()[code].complete, pattern


def test_the_exceptions_name_actions_that_exist() -> None:
    data = read("levels.json")
    assert [name for name in (*data["read"], *data["write"]) if not known_action(name).known] == [
        "log:PullLogs",
        "oss:SelectObject",
    ]

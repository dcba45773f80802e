"""Tests of the levels of actions."""

from __future__ import annotations

import pytest

from ram_policies.catalogue import (
    AccessLevel,
    Hazard,
    access_level,
    actions_with,
    catalogued_services,
    classified_services,
    expand,
    hazards,
    known_action,
    pattern_hazards,
)
from ram_policies.catalogue.data import read_catalogue

READ, WRITE, PRIVILEGED = AccessLevel.READ, AccessLevel.WRITE, AccessLevel.PRIVILEGED


@pytest.mark.parametrize(
    ("action", "level", "expected"),
    [
        ("ecs:DescribeInstances", READ, ""),
        ("ecs:StopInstance", WRITE, ""),
        ("ECS:STOPINSTANCE", WRITE, ""),
        ("ecs:RunInstances", PRIVILEGED, "buys runs_code_as"),
        ("ecs:DeleteInstance", WRITE, "releases"),
        ("ecs:ReplaceSystemDisk", PRIVILEGED, "runs_code_as releases"),
        ("ecs:RunCommand", PRIVILEGED, "runs_code_as"),
        ("ecs:DescribeInstanceVncUrl", PRIVILEGED, "opens_access"),
        ("ecs:DescribeUserData", READ, "reads_data"),
        ("ecs:ModifyInstanceSpec", WRITE, "buys"),
        ("ecs:TagResources", PRIVILEGED, "opens_access"),
        ("rds:RestartDBInstance", WRITE, ""),
        ("rds:DescribeBackups", READ, "reads_data"),
        ("rds:ModifySecurityIps", PRIVILEGED, "opens_access"),
        ("rds:DescribeSQLLogRecords", READ, "reads_data"),
        ("slb:SetBackendServers", WRITE, ""),
        ("oss:GetObject", READ, "reads_data"),
        ("oss:GetObjectAcl", READ, ""),
        ("oss:PutObject", WRITE, ""),
        ("oss:PutBucketPolicy", PRIVILEGED, "opens_access"),
        ("oss:PutBucketLifecycle", WRITE, "releases"),
        ("kms:Decrypt", WRITE, "reads_data"),
        ("kms:GetSecretValue", READ, "reads_data"),
        ("kms:ScheduleKeyDeletion", WRITE, "releases"),
        ("log:GetLogStoreLogs", READ, "reads_data"),
        ("cms:DescribeMonitoringAgentAccessKey", PRIVILEGED, "exposes_credentials reads_data"),
        ("ram:ListUsers", READ, ""),
        ("ram:CreatePolicyVersion", PRIVILEGED, "escalates"),
        ("ram:PassRole", PRIVILEGED, "escalates"),
        ("ram:GetServiceLinkedRoleDeletionStatus", READ, ""),
        ("ram:GenerateCredentialReport", READ, ""),
        ("sts:AssumeRole", PRIVILEGED, "escalates exposes_credentials"),
        ("sts:GetCallerIdentity", READ, ""),
        ("actiontrail:LookupEvents", READ, ""),
        ("actiontrail:StopLogging", PRIVILEGED, "stops_audit"),
        ("dms:LoginDatabase", PRIVILEGED, "opens_access reads_data"),
        ("bssapi:CreateInstance", WRITE, "buys"),
        ("ram:CreateAccessKey", PRIVILEGED, "escalates exposes_credentials"),
        ("ram:GetAppSecret", PRIVILEGED, "exposes_credentials"),
        ("ram:MoveResources", PRIVILEGED, "opens_access"),
        ("ram:DeleteSAMLProvider", PRIVILEGED, "power_over_account releases"),
        ("ram:ChangePassword", WRITE, ""),
        ("ram:GetSomethingNew", PRIVILEGED, "unclassified"),
        ("cloudsso:SomethingNew", PRIVILEGED, "unclassified"),
        ("resourcemanager:DetachPolicy", PRIVILEGED, "escalates"),
        ("resourcesharing:AssociateResourceShare", PRIVILEGED, "opens_access power_over_account"),
        ("cloudsso:CreateAccessAssignment", PRIVILEGED, "escalates"),
        ("fc:CreateFunction", PRIVILEGED, "runs_code_as"),
        ("oos:StartExecution", PRIVILEGED, "runs_code_as"),
        ("ros:UpdateStack", PRIVILEGED, "runs_code_as"),
        ("cs:DescribeClusterUserKubeconfig", PRIVILEGED, "exposes_credentials"),
        ("bssapi:SetResellerUserAlarmThreshold", WRITE, "buys"),
        ("iacservice:ExecuteTerraformApply", PRIVILEGED, "runs_code_as"),
        ("computenest:ContinueDeployServiceInstance", PRIVILEGED, "runs_code_as"),
        ("ehpc:InvokeShellCommand", PRIVILEGED, "runs_code_as"),
        ("ehpc:ListJobs", READ, ""),
        ("emr-serverless-spark:StartJobRun", PRIVILEGED, "runs_code_as"),
        ("paistudio:CreateTrainingJob", PRIVILEGED, "runs_code_as"),
        ("aiworkspace:AddMemberRole", PRIVILEGED, "opens_access"),
        ("ecs-workbench:LoginInstance", PRIVILEGED, "runs_code_as"),
        ("ecs-workbench:ViewInstanceRecords", WRITE, ""),
        ("smc:CreateAccessToken", PRIVILEGED, "exposes_credentials"),
        ("hcs-mgw:CreateAddress", PRIVILEGED, "runs_code_as"),
        ("log:CreateJob", PRIVILEGED, "runs_code_as"),
        ("modelstudio:CreateApiKey", PRIVILEGED, "exposes_credentials"),
        ("odps:UpdateUsersToRole", PRIVILEGED, "opens_access"),
        ("nosuch:DescribeThings", READ, ""),
        ("nosuch:GetawayDriver", WRITE, ""),
        ("nosuch:DeleteThings", WRITE, "releases"),
    ],
)
def test_level_and_hazards(action: str, level: AccessLevel, expected: str) -> None:
    assert access_level(action) is level
    assert hazards(action) == {Hazard(word) for word in expected.split()}


def test_every_action_of_the_classified_services_is_classified() -> None:
    assert classified_services() == {
        *("ram", "ims", "sts", "resourcemanager", "resourcesharing", "cloudsso", "fc", "oos", "ros")
    }
    assert actions_with(Hazard.UNCLASSIFIED) == (), "give them a class in catalogue/classes.json"


def test_the_classes_name_only_actions_that_exist_and_call_nothing_both_harmless_and_dangerous() -> None:
    for service, table in read_catalogue("classes.json").items():
        named = {kind: {name for line in lines for name in line.split()} for kind, lines in table.items()}
        assert set(named) <= {*Hazard, "harmless_write", "read_only"}
        assert set().union(*named.values()) == set(catalogued_services()[service].actions)
        harmless = named.pop("harmless_write", set()) | named.pop("read_only", set())
        assert harmless.isdisjoint(set().union(*named.values())), service


def test_almost_every_write_of_the_identity_services_is_power_over_the_account() -> None:
    codes = ("ram", "ims", "sts", "resourcemanager", "resourcesharing", "cloudsso")
    actions = [f"{code}:{name}" for code in codes for name in catalogued_services()[code].actions]
    harmless = {action for action in actions if access_level(action) is WRITE}
    # What PowerUserAccess allows beyond that: resource groups, and roles whose permissions a service decides.
    groups = {f"{verb}ResourceGroup" for verb in ("Create", "Delete", "Update")}
    linked = {f"{verb}ServiceLinkedRole" for verb in ("Create", "Delete")}
    also = {f"{code}:{name}" for code in ("ram", "resourcemanager") for name in groups | linked}
    assert harmless == also | {"ram:ChangePassword", "ims:ChangePassword", "sts:SetSourceIdentity"}


def test_a_pattern_has_the_hazards_of_all_that_it_matches() -> None:
    found = pattern_hazards("ecs:*Instances")
    assert "ecs:RunInstances" in found[Hazard.RUNS_CODE_AS]
    assert "ecs:DeleteInstances" in found[Hazard.RELEASES]
    assert Hazard.ESCALATES not in found
    assert pattern_hazards("ecs:DescribeInstances") == {}
    assert pattern_hazards("ram:New*") == {Hazard.UNCLASSIFIED: ("ram:New*",)}
    assert set(pattern_hazards("*")) == set(Hazard) - {Hazard.UNCLASSIFIED}


def test_every_hazard_is_described_and_its_patterns_match_something() -> None:
    dead: list[str] = []
    for hazard in Hazard:
        assert len(hazard.description.split()) > 5
        table = read_catalogue("levels.json")["hazards"][hazard]
        patterns = [p for p in (*table["writes"], *table["any"]) if p.partition(":")[0] in catalogued_services()]
        dead += [pattern for pattern in patterns if not expand(pattern)]
    # Operations that are documented, or were, without being in a package.
    assert dead == [
        "hbr:Get*DownloadUrl*",
        "log:PullLogs",
        "oss:GetSymlink",
        "oss:SelectObject",
        "kms:CreateKmsInstance",
    ]


def test_the_exceptions_name_actions_that_exist() -> None:
    data = read_catalogue("levels.json")
    assert [name for name in (*data["read"], *data["write"]) if not known_action(name).known] == [
        "log:PullLogs",
        "oss:SelectObject",
    ]

"""Action names: what is known, what is a mistake, and what may have been meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ram_policies.catalogue import Known, catalogued_services, expand, known_action
from ram_policies.catalogue.actions import called_otherwise, service_exists
from ram_policies.catalogue.data import read_catalogue

ALL_ACTIONS = [f"{service.code}:{name}" for service in catalogued_services().values() for name in service.actions]


@pytest.mark.parametrize(
    ("action", "status", "first"),
    [
        ("ecs:StopInstance", Known.KNOWN, None),
        ("ECS:stopinstance", Known.KNOWN, None),
        ("ecs:StopInst*", Known.KNOWN, None),
        ("e?s:Stop*", Known.KNOWN, None),
        ("*", Known.KNOWN, None),
        ("*:*", Known.KNOWN, None),
        ("ecs:*", Known.KNOWN, None),
        ("ram:PassRole", Known.KNOWN, None),
        ("ram:ListUserBasicInfos", Known.KNOWN, None),
        ("log:PostLogStoreLogs", Known.KNOWN, None),
        ("ecs:StopInstnce", Known.MISSPELT, "ecs:StopInstance"),
        ("rds:RestartDBInstances", Known.MISSPELT, "rds:RestartDBInstance"),
        ("slb:AddBackendServer", Known.MISSPELT, "slb:AddBackendServers"),
        ("ram:AttachPolicyToRoles", Known.MISSPELT, "ram:AttachPolicyToRole"),
        ("esc:StopInstance", Known.MISSPELT, "ecs:StopInstance"),
        ("oss:ListObjectsV2", Known.MISSPELT, "oss:ListObjects"),
        ("oss:HeadObject", Known.MISSPELT, "oss:GetObject"),
        ("log:GetLogs", Known.MISSPELT, "log:GetLogStoreLogs"),
        ("ecs:Terminate*Everything", Known.NOT_LISTED, None),
        ("ecs:zzz", Known.NOT_LISTED, None),
        ("ecs:Descirbe*", Known.MISSPELT, "ecs:Describe*"),
        ("ecs:StratInstance", Known.MISSPELT, "ecs:StartInstance"),
        ("vpc:DescribeIpv4Gateways", Known.NOT_LISTED, "vpc:ListIpv4Gateways"),
        ("ecs:ListInstances", Known.NOT_LISTED, "ecs:DescribeInstances"),
        ("log:ListResources", Known.KNOWN, None),
        ("ecs:CreateTags", Known.KNOWN, None),
        ("rds:DescribeTaskInfo", Known.KNOWN, None),
        ("ram:GenerateAccessToken", Known.KNOWN, None),
        ("oos:Chat", Known.KNOWN, None),
        ("waf-openapi:DescribeInstance", Known.KNOWN, None),
        ("esa:ListSites", Known.KNOWN, None),
        ("computenest:ListServiceInstances", Known.KNOWN, None),
        ("emr-serverless-spark:StartJobRun", Known.KNOWN, None),
        ("ots:ListInstance", Known.KNOWN, None),
        ("ehpc:AddNodes", Known.KNOWN, None),
        ("sls:GetLogStoreLogs", Known.MISSPELT, "log:GetLogStoreLogs"),
        ("oss:GetBucket", Known.NOT_LISTED, None),
        ("ecs:DetachDisc", Known.MISSPELT, "ecs:DetachDisk"),
        ("cloudauth:DescribeVerifyToken", Known.NOT_CATALOGUED, None),
        ("qqqqq:Foo", Known.NOT_CATALOGUED, None),
        ("*:Nothing*AtAll", Known.NOT_CATALOGUED, None),
        ("nonsense", Known.NOT_CATALOGUED, None),
    ],
)
def test_an_action_is_known_misspelt_or_not_listed(action: str, status: Known, first: str | None) -> None:
    found = known_action(action)
    assert found.status is status
    assert found.known is (status is Known.KNOWN)
    assert found.suggestions[:1] == (() if first is None else (first,))


def test_a_known_action_is_given_back_in_the_catalogue_s_case() -> None:
    assert known_action("ECS:stopinstance").matches == ("ecs:StopInstance",)
    assert expand("ecs:Reboot*") == ("ecs:RebootInstance", "ecs:RebootInstances")
    assert expand("*:RebootInstances") == ("ecs:RebootInstances", "swas-open:RebootInstances", "ens:RebootInstances")
    assert set(expand("*")) == set(ALL_ACTIONS)


def test_the_catalogue_has_the_services_of_the_scenario_and_what_an_operator_needs() -> None:
    assert {"ecs", "rds", "slb", "oss", "vpc", "cms", "log", "ram", "ims", "sts", "actiontrail", "kms", "tag"} <= set(
        catalogued_services()
    )
    grown = {"polardbx", "stream", "yundun-ddoscoo", "dataworks", "cms", "cs", "fc", "alidns", "cen", "cloudsso", "ros"}
    assert grown <= set(catalogued_services())
    assert len(ALL_ACTIONS) > 15_000
    assert all(service.actions == tuple(sorted(set(service.actions))) for service in catalogued_services().values())


def test_every_package_has_a_version_and_no_table_entry_is_superfluous() -> None:
    operations = read_catalogue("actions.json")
    used = {package for service in catalogued_services().values() for package in service.packages}
    assert used == set(operations)
    for service in catalogued_services().values():
        assert all(version[0].isdigit() for version in service.packages.values())
        own = {name for package in service.packages for name in operations[package]["operations"]}
        documented = set(read_catalogue("services.json")[service.code].get("documented", ()))
        assert documented.isdisjoint(own), f"{service.code}: the SDK has them by now"
        assert set(service.authorized_as) <= own
        assert set(service.authorized_as.values()) <= set(service.actions)


def test_services_that_are_not_catalogued_are_not_catalogued() -> None:
    assert set(read_catalogue("other_codes.json")["codes"]).isdisjoint(catalogued_services())


@given(st.sampled_from(ALL_ACTIONS), st.integers(0, 10_000))
def test_a_letter_left_out_is_noticed_or_makes_another_known_action(action: str, position: int) -> None:
    code, _, name = action.partition(":")
    at = position % len(name)
    found = known_action(f"{code}:{name[:at]}{name[at + 1 :]}")
    assert found.status in {Known.KNOWN, Known.MISSPELT, Known.NOT_LISTED}
    if len(name) > 6 and not name[at].isdigit() and not found.known:
        assert found.status is Known.MISSPELT
        assert found.suggestions


@given(st.text(max_size=60))
def test_any_text_can_be_looked_up(text: str) -> None:
    assert known_action(text).action == text


def test_a_service_exists_by_its_code_or_as_the_product_of_an_sdk_and_not_by_another_name() -> None:
    others = read_catalogue("other_codes.json")
    for code in (*catalogued_services(), *others["codes"], *others["products"]):
        assert service_exists(code), code
    assert not set(others["called"]) & {*catalogued_services(), *others["codes"], *others["products"]}
    assert {called_otherwise(name) for name in others["called"]} <= set(catalogued_services())
    assert not any(map(service_exists, (*others["called"], "esc", "ecss", "eks", "e", "", "acs")))

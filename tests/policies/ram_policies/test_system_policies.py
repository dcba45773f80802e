"""System policies: what is published, what is assumed, and how they are found."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest

from ram_policies.catalogue.data import read_catalogue
from ram_policies.document import UNKNOWN_DOCUMENT
from ram_policies.evaluation.evaluate import Outcome, Policy, PolicySet, PolicyType, Request
from ram_policies.findings import FindingClass
from ram_policies.system_policies import system_policies, system_policy
from ram_policies.validation.parse import parse

EVERY_NAME = pytest.mark.parametrize("name", [name for name, policy in system_policies().items() if policy.known])


@EVERY_NAME
def test_every_policy_reads_and_says_where_it_comes_from(name: str) -> None:
    policy = system_policies()[name]
    assert policy.name == name
    assert policy.description.endswith(".")
    assert policy.document.statements
    if policy.published:
        assert re.fullmatch(r"https://(www\.alibabacloud\.com|help\.aliyun\.com)/\S+", policy.source)
    else:
        assert "assumed" in policy.source or "could not be read" in policy.source
    if policy.updated:
        assert date.fromisoformat(policy.updated) <= date(2026, 11, 25)
        assert re.fullmatch(r"v[0-9]+", policy.version)


@EVERY_NAME
def test_the_text_of_every_policy_is_one_that_ram_takes(name: str) -> None:
    text = json.dumps(read_catalogue("system_policies.json")[name]["document"])
    classes = {finding.finding_class for finding in parse(text, "identity").findings}
    assert FindingClass.ERROR not in classes


def test_published_policies_are_the_majority_of_those_with_a_document() -> None:
    known = [policy for policy in system_policies().values() if policy.known]
    published = [policy for policy in known if policy.published]
    assert len(published) >= 40
    assert len(known) / 2 < len(published) < len(known)


@pytest.mark.parametrize(
    "name",
    [
        "AliyunMNSFullAccess",
        "AliyunContainerRegistryReadOnlyAccess",
        "AliyunLogRolePolicy",
        "AliyunRDSInstanceEncryptionRolePolicy",
        "AliyunServiceRolePolicyForCEN",
    ],
)
def test_a_policy_whose_document_is_not_published_is_known_by_name(name: str) -> None:
    policy = system_policies()[name]
    assert not policy.known
    assert not policy.published
    assert policy.document == UNKNOWN_DOCUMENT
    assert policy.description.endswith("not published.")
    decided = PolicySet([Policy(name, PolicyType.SYSTEM, policy.document)]).decide(Request("mns:SendMessage", "*", {}))
    assert decided is Outcome.DEPENDS


def test_names_alone_are_hundreds_and_none_is_said_twice() -> None:
    names = [name for line in read_catalogue("system_policy_names.json")["names"] for name in line.split()]
    assert len(names) >= 400
    assert all(re.fullmatch(r"Aliyun[A-Za-z0-9]+(Access|Policy|For[A-Za-z0-9]+)", name) for name in names)
    assert len({name.lower() for name in (*names, *read_catalogue("system_policies.json"))}) == len(system_policies())


def test_names_are_found_without_regard_to_case_and_given_back_in_ram_s() -> None:
    found = system_policy("aliyuntagreadonlyaccess")
    assert found is not None
    assert found.name == "AliyunTAGReadOnlyAccess"
    assert "aliyuntagreadonlyaccess" not in system_policies()
    assert system_policy("AliyunECSFullAcess") is None


@pytest.mark.parametrize(
    ("name", "action", "resource", "expected"),
    [
        ("AliyunSTSAssumeRoleAccess", "sts:AssumeRole", "acs:ram:*:1:role/r", Outcome.ALLOW),
        ("AliyunECSFullAccess", "ecs:DeleteInstance", "acs:ecs:cn-hangzhou:1:instance/i-1", Outcome.ALLOW),
        ("AliyunECSFullAccess", "vpc:DescribeVpcs", "acs:vpc:cn-hangzhou:1:vpc/*", Outcome.ALLOW),
        ("AliyunECSFullAccess", "vpc:DeleteVpc", "acs:vpc:cn-hangzhou:1:vpc/v", Outcome.IMPLICIT_DENY),
        ("AliyunECSReadOnlyAccess", "ecs:StopInstance", "acs:ecs:cn-hangzhou:1:instance/i-1", Outcome.IMPLICIT_DENY),
        ("AliyunRDSReadOnlyAccess", "rds:DescribeBackups", "acs:rds:cn-hangzhou:1:dbinstance/rm-1", Outcome.ALLOW),
        ("AliyunRDSReadOnlyAccess", "hdm:GetSqlLog", "acs:ecs:cn-hangzhou:1:instance/i-1", Outcome.IMPLICIT_DENY),
        ("AliyunKMSReadOnlyAccess", "kms:GetSecretValue", "acs:kms:cn-hangzhou:1:secret/s", Outcome.IMPLICIT_DENY),
        (
            "AliyunVPCReadOnlyAccess",
            "vpc:DescribeNatGateways",
            "acs:vpc:cn-hangzhou:1:natgateway/n",
            Outcome.IMPLICIT_DENY,
        ),
        ("PowerUserAccess", "ram:CreateUser", "acs:ram:*:1:user/u", Outcome.IMPLICIT_DENY),
        ("PowerUserAccess", "ecs:RunInstances", "acs:ecs:cn-hangzhou:1:instance/*", Outcome.ALLOW),
        ("PowerUserAccess", "sts:AssumeRole", "acs:ram:*:1:role/r", Outcome.ALLOW),
    ],
)
def test_system_policies_allow_what_their_pages_say(name: str, action: str, resource: str, expected: Outcome) -> None:
    policies = PolicySet([Policy(name, PolicyType.SYSTEM, system_policies()[name].document)])
    assert policies.decide(Request(action, resource, {})) is expected


def test_pass_role_of_a_service_policy_is_bound_to_that_service() -> None:
    policies = PolicySet([Policy("p", PolicyType.SYSTEM, system_policies()["AliyunActionTrailFullAccess"].document)])
    role = "acs:ram:*:1:role/r"
    own = Request("ram:PassRole", role, {"acs:Service": "actiontrail.aliyuncs.com"})
    assert policies.decide(own) is Outcome.ALLOW
    other = Request("ram:PassRole", role, {"acs:Service": "ecs.aliyuncs.com"})
    assert policies.decide(other) is Outcome.IMPLICIT_DENY

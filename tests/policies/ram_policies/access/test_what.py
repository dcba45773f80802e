"""Questions about what a principal can do."""

from __future__ import annotations

from typing import Any

import pytest

from ram_policies.access.documents import from_documents
from ram_policies.access.model import joined_models
from ram_policies.access.what import what_can
from ram_policies.access.who import Explorer
from ram_policies.errors import InvalidInputError

Json = dict[str, Any]


def test_what_can_lists_own_permissions_and_those_of_roles(scenario: Json) -> None:
    found = what_can(Explorer(from_documents(scenario)), "AAA")
    told = [(tuple(hop.role.name for hop in p.hops), p.policy.name, p.phrase) for p in found]
    assert told == [
        ((), "assume-ecs-admin", "sts:AssumeRole on acs:ram:*:11223344:role/ecs-admin"),
        (("ecs-admin",), "AliyunECSFullAccess", "ecs:* on everything"),
        (("ecs-admin",), "AliyunECSFullAccess", "vpc:DescribeVpcs and vpc:DescribeVSwitches on everything"),
    ]
    assert found[1].conditions == ("with MFA and with external ID contract-1",)
    assert found[1].account.id == "11223344"


def test_a_document_that_is_not_known_is_told(scenario: Json) -> None:
    scenario["accounts"][0]["users"][2]["policies"] = ["AliyunNobodyKnowsThisAccess"]
    permission = what_can(Explorer(from_documents(scenario)), "CCC")[0]
    assert permission.effect is None
    assert permission.phrase == "whatever AliyunNobodyKnowsThisAccess will say: it is not known yet"


@pytest.mark.parametrize(
    "name", ["AAA", "aaa", "user/AAA", "AAA@12345678", "AAA@company-b", "acs:ram::12345678:user/AAA"]
)
def test_a_principal_is_found_by_each_form_of_its_name(scenario: Json, name: str) -> None:
    assert what_can(Explorer(from_documents(scenario)), name)[0].holder.arn == "acs:ram::12345678:user/AAA"


def test_nobody_of_that_name(scenario: Json) -> None:
    with pytest.raises(InvalidInputError, match=r"is not a principal of these accounts\. Fix: write one of .*user/AAA"):
        what_can(Explorer(from_documents(scenario)), "ZZZ")
    with pytest.raises(InvalidInputError, match="give a source"):
        what_can(Explorer(from_documents({"accounts": []})), "ZZZ")


def test_several_of_that_name(scenario: Json) -> None:
    scenario["accounts"][1]["users"] = [{"name": "AAA"}]
    with pytest.raises(InvalidInputError, match="is the name of several principals"):
        what_can(Explorer(from_documents(scenario)), "AAA")


def test_accounts_from_two_sources_are_one_model(scenario: Json) -> None:
    owner, delegate = ({"accounts": [account]} for account in reversed(scenario["accounts"]))
    apart = joined_models(from_documents(owner), from_documents(delegate))
    assert {(p.policy.name, p.phrase) for p in what_can(Explorer(apart), "AAA")} == {
        (p.policy.name, p.phrase) for p in what_can(Explorer(from_documents(scenario)), "AAA")
    }


def test_two_sources_of_one_account_are_merged(scenario: Json) -> None:
    more = {"accounts": [{"id": "12345678", "users": [{"name": "aaa", "policies": ["AliyunRDSReadOnlyAccess"]}]}]}
    both = joined_models(from_documents(scenario), from_documents(more))
    names = {permission.policy.name for permission in what_can(Explorer(both), "AAA")}
    assert names == {"assume-ecs-admin", "AliyunECSFullAccess", "AliyunRDSReadOnlyAccess"}

"""Access that a change adds and takes away."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from ram_policies.access.compare import ChangeKind, Difference, difference
from ram_policies.access.documents import from_documents
from ram_policies.access.model import AccessModel, Account, User, attached_elsewhere
from ram_policies.arn import user_arn
from ram_policies.document import UNKNOWN_DOCUMENT
from ram_policies.evaluation.decision import Policy, PolicyType

DELEGATE = "12345678"
Json = dict[str, Any]


def change(scenario: Json, edit: Callable[[Json], object]) -> Difference:
    after = copy.deepcopy(scenario)
    edit(after)
    return difference(from_documents(scenario), from_documents(after))


def role(content: Json) -> Json:
    return content["accounts"][1]["roles"][0]


def back(found: Difference) -> list[tuple[str, str]]:
    return [(str(c.kind), c.who) for c in found.changes]


def test_equal_accounts_have_no_difference(scenario: Json) -> None:
    found = change(scenario, lambda after: None)
    assert found.lines() == []
    assert not found.adds
    assert not found.removes


def test_another_way_to_write_the_same(scenario: Json, make_document: Callable[..., Json], make_statement: Any) -> None:
    role(scenario)["policies"] = [{"name": "own", "document": make_document(make_statement("Allow", ["ecs:*"]))}]
    rewritten = make_document(make_statement("Allow", "ecs:A*"), make_statement("Allow", ["ECS:*"], ["*"]))
    found = change(scenario, lambda after: role(after).update(policies=[{"name": "other", "document": rewritten}]))
    assert found.lines() == []


def test_a_user_who_joins_a_group_is_an_addition(scenario: Json) -> None:
    joins = {"name": "DDD", "groups": ["operators"]}
    found = change(scenario, lambda after: after["accounts"][0]["users"].append(joins))
    assert found.lines() == [
        (
            "+ user DDD of company-b (12345678) may do sts:AssumeRole on acs:ram:*:11223344:role/ecs-admin "
            "(assume-ecs-admin)"
        ),
        (
            "+ user DDD of company-b (12345678) can assume role ecs-admin of company-a (11223344) "
            "with MFA and with external ID contract-1"
        ),
    ]


def test_a_team_leaves_in_one_line(scenario: Json) -> None:
    found = change(scenario, lambda after: after["accounts"][0]["groups"][0].update(policies=[]))
    assert back(found) == [("removed", "users AAA and BBB of company-b (12345678)")] * 2
    assert found.removes
    assert not found.adds


def test_a_further_grant_is_an_addition(scenario: Json) -> None:
    found = change(scenario, lambda after: role(after)["policies"].append("AliyunRDSReadOnlyAccess"))
    assert found.of(ChangeKind.ADDED)
    assert all("(AliyunRDSReadOnlyAccess)" in line for line in found.lines())
    assert not found.removes


def test_a_narrower_grant_is_a_removal(scenario: Json) -> None:
    found = change(scenario, lambda after: role(after).update(policies=["AliyunECSReadOnlyAccess"]))
    assert not found.adds
    assert found.lines()[0] == (
        "- role ecs-admin of company-a (11223344) may no longer do ecs:* on everything (AliyunECSFullAccess)"
    )


def test_a_deny_more_and_less(scenario: Json, make_document: Callable[..., Json], make_statement: Any) -> None:
    refused = {"name": "no-stop", "document": make_document(make_statement("Deny", "ecs:Stop*"))}
    added = change(scenario, lambda after: role(after)["policies"].append(refused))
    assert added.lines() == [
        "- role ecs-admin of company-a (11223344) refused now: ecs:Stop* on everything (no-stop)",
    ]
    role(scenario)["policies"].append(refused)
    taken = change(scenario, lambda after: role(after)["policies"].pop())
    assert taken.lines() == [
        "+ role ecs-admin of company-a (11223344) no longer refused: ecs:Stop* on everything (no-stop)",
    ]


def test_a_deny_that_changes_nothing(scenario: Json, make_document: Callable[..., Json], make_statement: Any) -> None:
    refused = {"name": "no-rds", "document": make_document(make_statement("Deny", "rds:*"))}
    assert change(scenario, lambda after: role(after)["policies"].append(refused)).lines() == []


def test_trust_is_narrowed_and_widened(scenario: Json, make_trust: Callable[..., Json]) -> None:
    wide = make_trust("acs:ram::12345678:root")
    widened = change(scenario, lambda after: role(after).update(trust=wide))
    assert widened.lines() == [
        (
            "+ users AAA and BBB of company-b (12345678) can assume role ecs-admin of company-a (11223344) "
            "without conditions"
        ),
        "+ role ecs-admin of company-a (11223344) trusts account 12345678",
    ]
    narrow = copy.deepcopy(role(scenario)["trust"])
    role(scenario)["trust"] = wide
    narrowed = change(scenario, lambda after: role(after).update(trust=narrow))
    assert not narrowed.adds
    assert "only with MFA and with external ID contract-1 now" in narrowed.lines()[0]


def test_a_principal_that_is_newly_trusted_is_an_addition(scenario: Json, make_trust: Callable[..., Json]) -> None:
    both = make_trust("acs:ram::12345678:root", "acs:ram::55667788:user/eve")
    found = change(scenario, lambda after: role(after).update(trust=both))
    assert any("trusts account 12345678 or user eve of 55667788" in line for line in found.lines())


def test_a_role_appears_and_goes(scenario: Json) -> None:
    gone = change(scenario, lambda after: after["accounts"][1].update(roles=[]))
    assert not gone.adds
    assert [c.who for c in gone.changes] == [
        "role ecs-admin of company-a (11223344)",
        "role ecs-admin of company-a (11223344)",
        "users AAA and BBB of company-b (12345678)",
        "role ecs-admin of company-a (11223344)",
    ]


def test_an_unknown_grant_is_a_possible_addition(scenario: Json) -> None:
    found = change(scenario, lambda after: role(after)["policies"].append("AliyunNobodyKnowsThisAccess"))
    assert found.adds
    assert [c.kind for c in found.changes] == [ChangeKind.UNKNOWN]
    assert found.lines() == [
        "? role ecs-admin of company-a (11223344) may gain whatever AliyunNobodyKnowsThisAccess will say"
    ]
    assert found.gaps


def test_a_grant_narrowed_to_a_resource_group_is_a_removal_and_says_what_remains(scenario: Json) -> None:
    scoped = {"name": "AliyunECSFullAccess", "resourceGroup": "rg-1"}
    narrowed = change(scenario, lambda after: role(after).update(policies=[scoped]))
    assert {c.kind for c in narrowed.changes} == {ChangeKind.REMOVED}
    assert all(words.endswith("in resource group rg-1") for c in narrowed.changes for words in c.remains)
    assert all(c.remains for c in narrowed.changes)
    widened = change(
        {
            **scenario,
            "accounts": [
                scenario["accounts"][0],
                {**scenario["accounts"][1], "roles": [{**role(scenario), "policies": [scoped]}]},
            ],
        },
        lambda after: role(after).update(policies=["AliyunECSFullAccess"]),
    )
    assert {c.kind for c in widened.changes} == {ChangeKind.ADDED}


def test_a_deny_that_moves_to_a_resource_group_frees_the_rest_of_the_account(scenario: Json) -> None:
    deny = {
        "name": "no-stop",
        "document": {"Version": "1", "Statement": [{"Effect": "Deny", "Action": "ecs:StopInstance", "Resource": "*"}]},
    }
    scenario["accounts"][1]["policies"] = [deny]
    role(scenario).update(policies=["AliyunECSFullAccess", "no-stop"])
    moved = change(
        scenario,
        lambda after: role(after).update(
            policies=["AliyunECSFullAccess", {"name": "no-stop", "resourceGroup": "rg-1"}]
        ),
    )
    assert [(c.kind, c.what) for c in moved.changes] == [
        (ChangeKind.ADDED, "no longer refused: ecs:StopInstance on everything (no-stop)")
    ]


def test_an_unknown_document_of_a_known_policy_is_a_possible_addition() -> None:
    unknown = Policy("own", PolicyType.CUSTOM, UNKNOWN_DOCUMENT, user_arn(DELEGATE, "AAA"))
    model = AccessModel((Account(DELEGATE, users=(User("AAA", grants=(unknown,)),)),))
    [found] = difference(model, model).changes
    assert found.kind is ChangeKind.UNKNOWN
    assert found.what == "may gain whatever own will say, which is not known before the change either"


def test_attachments_outside_the_stack_are_not_a_change() -> None:
    elsewhere = attached_elsewhere(user_arn(DELEGATE, "AAA"))
    model = AccessModel((Account(DELEGATE, users=(User("AAA", grants=(elsewhere,)),)),))
    assert difference(model, model).changes == ()


@pytest.mark.parametrize("joiners", [3, 20])
def test_many_joiners_are_counted_in_one_line(scenario: Json, joiners: int) -> None:
    more = [{"name": f"user-{n}", "groups": ["operators"]} for n in range(joiners)]
    found = change(scenario, lambda after: after["accounts"][0]["users"].extend(more))
    assert len(found.changes) == 2
    assert ("14 more" in found.lines()[0]) is (joiners == 20)

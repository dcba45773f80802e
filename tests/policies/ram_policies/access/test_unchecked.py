"""Actions that need no permission: evaluator, proof, `who-can`, `diff` and `never` agree about each of them."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from ram_policies.access.compare import difference
from ram_policies.access.documents import from_documents
from ram_policies.access.never import check_action_pattern
from ram_policies.access.who import who_can
from ram_policies.build import allow, deny, document
from ram_policies.document import Document
from ram_policies.errors import InvalidInputError
from ram_policies.evaluation.decision import Policy, PolicyType, Request
from ram_policies.evaluation.evaluate import authorize
from ram_policies.evaluation.policyset import PolicySet
from ram_policies.evaluation.unchecked import UNCHECKED_ACTIONS
from ram_policies.proof import Verdict, allows_at_most, never_overlap

EVERYBODY = ["AAA", "BBB", "CCC", "ecs-admin"]
NOTHING = {"Version": "1", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}


@pytest.mark.parametrize("action", [*UNCHECKED_ACTIONS, "STS:getcalleridentity", "sts:Get*", "ecs:DescribeRegion?"])
def test_everybody_may_do_it_though_a_policy_denies_everything(scenario: dict[str, Any], action: str) -> None:
    for account in scenario["accounts"]:
        account["controlPolicies"] = [{"name": "nothing", "document": NOTHING}]
    found = who_can(from_documents(scenario), action, "*")
    assert sorted(access.holder.name for access in found) == EVERYBODY
    assert {(access.certain, access.path[1:]) for access in found} == {(True, ("no permission is needed",))}


@pytest.mark.parametrize("action", UNCHECKED_ACTIONS)
def test_the_evaluator_lets_everybody_call_an_unchecked_action(action: str) -> None:
    forbidden = PolicySet([Policy("nothing", PolicyType.CUSTOM, document(deny("*")))])
    request = Request(action, "*", {}, "acs:ram::12345678:user/AAA")
    assert authorize(request, identity=forbidden, session=forbidden, control=forbidden).allowed


@pytest.mark.parametrize("action", ["sts:*", "ecs:Describe*", "*", "ess:DescribeRegions", "sts:AssumeRole", "ecs:X*"])
def test_other_actions_and_patterns_with_them_are_asked_of_policies(scenario: dict[str, Any], action: str) -> None:
    delegate = scenario["accounts"][0]
    delegate["users"].append({"name": "nobody"})
    assert "nobody" not in {access.holder.name for access in who_can(from_documents(scenario), action, "*")}


@pytest.mark.parametrize("action", [*UNCHECKED_ACTIONS, "sts:Get*"])
def test_nobody_can_promise_that_it_is_never_done(action: str) -> None:
    with pytest.raises(InvalidInputError, match="needs no permission") as caught:
        check_action_pattern(action, "never[0]")
    assert caught.value.code == "needs-no-permission"
    assert check_action_pattern("sts:*", "never[0]") == "sts:*"


@pytest.mark.parametrize("action", [*UNCHECKED_ACTIONS, "STS:getcalleridentity"])
def test_an_allow_of_it_gives_nothing_and_a_deny_takes_nothing(action: str) -> None:
    service = f"{action.partition(':')[0]}:*"
    assert allows_at_most(document(allow(action)), Document(())).holds
    assert allows_at_most(document(allow(service)), document(allow(service), deny(action))).holds
    assert never_overlap(document(allow(action)), document(allow(service))).verdict is Verdict.REFUTED


def test_an_action_that_needs_a_permission_is_found_beside_it() -> None:
    for wide in ("sts:*", "ecs:Describe*", "*"):
        proof = allows_at_most(document(allow([*UNCHECKED_ACTIONS, wide])), document(allow(UNCHECKED_ACTIONS)))
        assert proof.counterexample is not None
        assert proof.counterexample.action not in UNCHECKED_ACTIONS


@pytest.mark.parametrize("name", ["CCC", "new"])
def test_a_grant_of_it_is_no_change(scenario: dict[str, Any], name: str, make_document: Callable[..., Any]) -> None:
    statement = {"Effect": "Allow", "Action": ["sts:GetCallerIdentity", "ecs:DescribeRegions"], "Resource": "*"}
    people = scenario["accounts"][0]["users"]
    people.append({"name": "new"})
    after = copy.deepcopy(scenario)
    user = next(one for one in after["accounts"][0]["users"] if one["name"] == name)
    user.setdefault("policies", []).append({"name": "own", "document": make_document(statement)})
    for before, then in ((scenario, after), (after, scenario)):
        assert difference(from_documents(before), from_documents(then)).lines() == []

"""`access offer split`: standing, on request and never, by the catalogue's hazards."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pulumi_alicloud_delegation.handover import Offer, read_offer
from pulumi_alicloud_delegation.handover.making import planned_roles
from pulumi_alicloud_delegation.handover.narrowing import policies_grant_at_most
from pulumi_alicloud_delegation.plan.access_model import policies_of
from ram_policies.build import allow
from ram_policies.catalogue.levels import Hazard, hazards
from ram_policies.document import Document
from ram_policies.proof import never_overlap

Split = Callable[..., tuple[Any, Path, Path]]
AT = "2026-03-01T00:00:00Z"
WHY = ["--reason", "Incidents", "--ticket", "CHG-1", "--until", "2026-12-31T00:00:00Z"]
MIXED = {"Version": "1", "Statement": [{
    "Effect": "Allow", "Resource": "*",
    "Action": ["oss:ListBuckets", "oss:GetObject", "ecs:DescribeInstances", "ecs:DeleteInstance", "ecs:RunCommand"],
}]}  # fmt: skip
CURATED = {"name": "ops", "policies": [{"name": "mixed", "document": MIXED}], "trust": {"externalId": "c-7"}}
WHOLE = {"name": "ops", "systemPolicies": ["AliyunRDSFullAccess"]}


@pytest.fixture
def split(access: Callable[..., Any], keep: Callable[[str, Any], Path], tmp_path: Path) -> Split:
    def run(*words: str, roles: list[dict[str, Any]]) -> tuple[Any, Path, Path]:
        before, after = tmp_path / "before.json", tmp_path / "after.json"
        given = ["--delegate", "12345678", "--owner", "11223344", "--roles", keep("roles.yaml", roles)]
        made = access("offer", "write", *given, "--at", AT, "--out", before)
        assert made.exit_code == 0, made.output
        return access("offer", "split", before, *words, "--at", AT, "--out", after), before, after

    return run


def _documents(offer: Offer, name: str) -> list[Document]:
    plans = planned_roles(offer.roles, "11223344", "12345678")
    return [policy.document for plan in plans if plan.name == name for policy in policies_of(plan)]


def _allows(documents: list[Document], action: str) -> bool:
    return not never_overlap(documents, Document((allow(action),))).holds


def test_each_action_is_standing_on_request_or_never(split: Split) -> None:
    made, _, after = split(*WHY, roles=[CURATED])
    assert made.exit_code == 0, made.output
    offer = read_offer(after)
    standing, asked = _documents(offer, "ops"), _documents(offer, "ops-on-request")
    where = {action: (_allows(standing, action), _allows(asked, action)) for action in MIXED["Statement"][0]["Action"]}
    assert where == {
        "oss:ListBuckets": (True, False),
        "ecs:DescribeInstances": (True, False),
        "oss:GetObject": (False, True),
        "ecs:DeleteInstance": (False, True),
        "ecs:RunCommand": (False, False),
    }
    second = offer.roles[1]
    assert (second.tier, second.reason, second.ticket) == ("on-request", "Incidents", "CHG-1")
    assert (second.trust.external_id, second.trust.not_after) == ("c-7", "2026-12-31T00:00:00Z")
    assert offer.roles[0].never == second.never == ("ecs:RunCommand",)
    assert "ops: standing, 2 actions on request, 1 never" in made.stderr


def test_a_system_policy_is_split_into_disjoint_roles_that_allow_no_more_than_it(split: Split) -> None:
    made, before, after = split(*WHY, roles=[WHOLE])
    assert made.exit_code == 0, made.output
    plans = planned_roles(read_offer(after).roles, "11223344", "12345678")
    [asked] = planned_roles(read_offer(before).roles, "11223344", "12345678")
    one, other = ([policy.document for policy in policies_of(plan)] for plan in plans)
    assert never_overlap(one, other).holds
    assert all(policies_grant_at_most(policies_of(plan), policies_of(asked)).holds for plan in plans)
    # The proof is not empty: either role allows something.
    assert _allows(one, "rds:DescribeDBInstances")
    assert _allows(other, "rds:DeleteDBInstance")
    assert Hazard.RELEASES in hazards("rds:DeleteDBInstance")


def test_hazards_are_chosen(split: Split) -> None:
    _, _, after = split(*WHY, "--on-request", "runs-code-as", "--never", "releases", roles=[CURATED])
    offer = read_offer(after)
    assert _allows(_documents(offer, "ops"), "oss:GetObject")
    assert _allows(_documents(offer, "ops-on-request"), "ecs:RunCommand")
    assert offer.roles[0].never == ("ecs:DeleteInstance",)


def test_a_role_without_hazards_and_one_on_request_stay_as_they_are(split: Split) -> None:
    night = {**WHOLE, "name": "night", "tier": "on-request", "reason": "x", "ticket": "y"}
    night["trust"] = {"notAfter": "2099-12-31T00:00:00Z"}
    watch = {"name": "watch", "policies": [{"name": "watch", "document": {
        "Version": "1", "Statement": [{"Effect": "Allow", "Action": "ecs:DescribeInstances", "Resource": "*"}],
    }}]}  # fmt: skip
    _, before, after = split(*WHY, roles=[watch, night])
    assert read_offer(after).roles == read_offer(before).roles


def test_a_role_of_hazards_alone_is_on_request_alone(split: Split) -> None:
    document = {"Version": "1", "Statement": [{"Effect": "Allow", "Action": "oss:GetObject", "Resource": "*"}]}
    _, _, after = split(*WHY, roles=[{"name": "read", "policies": [{"name": "read", "document": document}]}])
    assert [role.name for role in read_offer(after).roles] == ["read-on-request"]


UNREAD = {"name": "ops", "existingPolicies": [{"name": "house-rules", "type": "Custom"}], "systemPolicies": ["AliyunRDSFullAccess"]}  # fmt: skip  # noqa: E501 - a role as one line of data
ALL = {"name": "ops", "systemPolicies": ["AdministratorAccess"]}
BAD = {
    "a policy that nobody has read": (WHY, UNREAD, "carries house-rules, of which no document is known"),
    "everything": (WHY, ALL, "allows actions of every service"),
    "a window that is over": ([*WHY[:4], "--until", "2026-01-01T00:00:00Z"], CURATED, "is over"),
    "no hazard": ([*WHY, "--never", "danger"], CURATED, "is not a hazard"),
    "an empty reason": (["--reason", " ", *WHY[2:]], CURATED, "--reason"),
}


@pytest.mark.parametrize(("words", "role", "problem"), BAD.values(), ids=BAD)
def test_a_split_that_cannot_be_is_explained_in_one_line(
    words: list[str], role: dict[str, Any], problem: str, split: Split
) -> None:
    made, _, after = split(*words, roles=[json.loads(json.dumps(role))])
    assert (made.exit_code, made.stderr.count("\n"), after.exists()) == (2, 1, False), made.output
    assert problem in made.stderr


@pytest.mark.parametrize("missing", ["--reason", "--ticket", "--until"])
def test_the_on_request_part_needs_a_window_a_reason_and_a_ticket(missing: str, split: Split) -> None:
    at = WHY.index(missing)
    made, _, after = split(*WHY[:at], *WHY[at + 2 :], roles=[CURATED])
    assert (made.exit_code, after.exists()) == (2, False)

"""Properties of plans that hold for every input."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pulumi_alicloud_delegation.plan import plan_delegation, plan_team
from ram_policies import InvalidInputError, limits

NAMES = st.from_regex(r"[A-Za-z][A-Za-z0-9.\-]{0,20}", fullmatch=True)
PEOPLE = st.lists(
    st.fixed_dictionaries(
        {"name": NAMES, "teams": st.lists(st.sampled_from(["ops", "db"]), min_size=1, max_size=2, unique=True)},
        optional={
            "kind": st.sampled_from(["person", "application"]),
            "display_name": st.text(min_size=1, max_size=20),
        },
    ),
    max_size=6,
    unique_by=lambda one: one["name"].lower(),
)
TRUST = st.fixed_dictionaries(
    {},
    optional={
        "external_id": st.from_regex(r"[a-z0-9]{2,30}", fullmatch=True),
        "source_ips": st.lists(st.ip_addresses().map(str), min_size=1, max_size=3, unique=True),
        "not_after": st.just("2027-01-01T00:00:00Z"),
    },
)


def _args(people: list[dict[str, Any]], trust: dict[str, Any], state: str) -> dict[str, Any]:
    return {
        "owner": {"id": "11223344"},
        "delegate": {"id": "12345678"},
        "roles": [
            {"name": "ecs-admin", "system_policies": ["AliyunECSFullAccess"], "trust": trust},
            {"name": "rds-admin", "system_policies": ["AliyunRDSFullAccess"], "trust": trust},
        ],
        "teams": [{"name": "ops", "roles": ["ecs-admin", "rds-admin"]}, {"name": "db", "roles": ["rds-admin"]}],
        "operators": people,
        "state": state,
    }


@given(PEOPLE, PEOPLE, TRUST, st.sampled_from(["active", "suspended"]))
def test_a_change_among_the_delegates_people_leaves_the_owners_plan_as_it_was(
    before: list[dict[str, Any]], after: list[dict[str, Any]], trust: dict[str, Any], state: str
) -> None:
    first = plan_delegation(_args(before, trust, state))
    second = plan_delegation(_args(after, trust, state))
    assert first.owner == second.owner
    assert [role.trust.to_json() for role in first.owner.roles] == [role.trust.to_json() for role in second.owner.roles]


@given(st.lists(st.from_regex(r"[a-z][a-z0-9.\-]{0,63}", fullmatch=True), min_size=1, max_size=300, unique=True))
def test_a_team_is_given_its_roles_and_no_other_within_the_limits(roles: list[str]) -> None:
    arns = {f"acs:ram::11223344:role/{role}" for role in roles}
    team, _ = plan_team({"account_id": "12345678", "name": "ops", "role_arns": list(arns)})
    named: set[str] = set()
    for policy in team.policies:
        assert len(policy.document) <= limits.POLICY_DOCUMENT_LENGTH
        for statement in json.loads(policy.document)["Statement"]:
            assert (statement["Effect"], statement["Action"]) == ("Allow", "sts:AssumeRole")
            listed = statement["Resource"]
            named |= {listed} if isinstance(listed, str) else set(listed)
    assert named == arns
    assert len(team.policies) <= limits.CUSTOM_POLICIES_PER_GROUP


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
KEYS = ("owner", "delegate", "roles", "teams", "operators", "state", "extra")


@given(st.dictionaries(st.sampled_from(KEYS), JSON))
def test_any_input_gives_a_plan_or_an_error_of_ours(values: dict[str, Any]) -> None:
    args = {**_args([], {}, "active"), **values}
    try:
        plan = plan_delegation(args)
    except InvalidInputError as error:
        assert error.field  # noqa: PT017 - either outcome is right
        assert error.fix  # noqa: PT017 - the error is a value of the property
    else:
        assert plan.owner.roles

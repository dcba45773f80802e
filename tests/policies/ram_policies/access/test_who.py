"""Questions about who can do what: the way, its conditions, and who cannot."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ram_policies.access.documents import from_documents
from ram_policies.access.model import AccessModel, Account, User
from ram_policies.access.who import Access, Explorer, who_can
from ram_policies.arn import user_arn
from ram_policies.build import allow, deny
from ram_policies.document import Document
from ram_policies.errors import InvalidInputError
from ram_policies.evaluation.decision import Policy, PolicyType

INSTANCE = "acs:ecs:cn-hangzhou:11223344:instance/i-1"
Json = dict[str, Any]


def names(found: list[Access]) -> list[str]:
    return sorted(access.holder.name for access in found if access.holder.kind != "role")


def owner(scenario: Json) -> Json:
    return scenario["accounts"][1]


def delegate(scenario: Json) -> Json:
    return scenario["accounts"][0]


def test_the_way_of_an_operator(scenario: Json) -> None:
    found = who_can(from_documents(scenario), "ecs:StopInstance", INSTANCE)
    assert names(found) == ["AAA", "BBB"]
    assert found[0].path == (
        "user AAA of company-b (12345678)",
        "group operators (assume-ecs-admin)",
        "role ecs-admin of company-a (11223344)",
        "AliyunECSFullAccess",
    )
    assert found[0].conditions == ("with MFA and with external ID contract-1",)
    assert not found[0].certain


def test_the_role_itself_is_named(scenario: Json) -> None:
    roles = [a for a in who_can(from_documents(scenario), "ecs:StopInstance", INSTANCE) if a.holder.kind == "role"]
    assert [(a.holder.name, a.hops, a.certain) for a in roles] == [("ecs-admin", (), True)]


def test_policies_say_nothing_about_another_account(scenario: Json) -> None:
    model = from_documents(scenario)
    assert "CCC" not in names(who_can(model, "ecs:StopInstance", INSTANCE))
    assert names(who_can(model, "ecs:StopInstance", INSTANCE.replace("11223344", "12345678"))) == ["CCC"]


def test_an_open_account_is_every_account(scenario: Json) -> None:
    found = who_can(from_documents(scenario), "ecs:StopInstance", "acs:ecs:*:*:instance/*")
    assert names(found) == ["AAA", "BBB", "CCC"]


def test_nobody_can_do_an_action_that_is_not_granted(scenario: Json) -> None:
    assert who_can(from_documents(scenario), "rds:DescribeDBInstances", "*") == []


def test_an_account_without_trust_cannot(scenario: Json, make_trust: Callable[..., Json]) -> None:
    owner(scenario)["roles"][0]["trust"] = make_trust("acs:ram::55667788:root")
    assert [access.holder.title for access in who_can(from_documents(scenario), "ecs:StopInstance", INSTANCE)] == [
        "role ecs-admin of company-a (11223344)",
        "account 55667788",
    ]


def test_a_user_without_permission_to_assume_cannot(scenario: Json) -> None:
    delegate(scenario)["groups"][0]["policies"] = []
    assert names(who_can(from_documents(scenario), "ecs:StopInstance", INSTANCE)) == []


def test_trust_by_name_tells_users_apart(scenario: Json, make_trust: Callable[..., Json]) -> None:
    owner(scenario)["roles"][0]["trust"] = make_trust("acs:ram::12345678:user/aaa")
    assert names(who_can(from_documents(scenario), "ecs:StopInstance", INSTANCE)) == ["AAA"]


@pytest.mark.parametrize(
    ("known", "able", "certain"),
    [
        ({"acs:MFAPresent": "true", "sts:ExternalId": "contract-1"}, ["AAA", "BBB"], True),
        ({"acs:MFAPresent": "true"}, ["AAA", "BBB"], False),
        ({"acs:MFAPresent": "false"}, [], None),
        ({"acs:MFAPresent": ()}, [], None),
        ({"sts:ExternalId": "contract-2"}, [], None),
    ],
)
def test_a_context_that_is_known(scenario: Json, known: Json, able: list[str], certain: bool | None) -> None:
    found = list(Explorer(from_documents(scenario), known).who_can("ecs:StopInstance", INSTANCE))
    assert names(found) == able
    assert {access.certain for access in found if access.hops} == (set() if certain is None else {certain})


def test_network_time_and_denies_in_words(
    scenario: Json, make_document: Callable[..., Json], make_statement: Callable[..., Json]
) -> None:
    narrowed = make_document(
        make_statement("Allow", "ecs:*", Condition={"DateLessThan": {"acs:CurrentTime": "2027-01-01T00:00:00Z"}}),
        make_statement("Deny", "ecs:*", Condition={"NotIpAddress": {"acs:SourceIp": "203.0.113.0/24"}}),
    )
    owner(scenario)["roles"][0]["policies"] = [{"name": "own", "document": narrowed}]
    access = who_can(from_documents(scenario), "ecs:StopInstance", INSTANCE)[0]
    assert access.conditions == (
        "with MFA and with external ID contract-1",
        "refused from anywhere but 203.0.113.0/24",
        "before 2027-01-01T00:00:00Z",
    )
    assert access.path[-1] == "own"


def chained(scenario: Json, make_trust: Callable[..., Json], length: int) -> None:
    roles = owner(scenario)["roles"]
    roles[0]["policies"] = ["AliyunSTSAssumeRoleAccess"]
    for number in range(length):
        before = "ecs-admin" if number == 0 else f"step-{number - 1}"
        last = number == length - 1
        roles.append(
            {
                "name": f"step-{number}",
                "trust": make_trust(f"acs:ram::11223344:role/{before}"),
                "policies": ["AliyunECSFullAccess" if last else "AliyunSTSAssumeRoleAccess"],
            }
        )


def test_roles_assume_roles(scenario: Json, make_trust: Callable[..., Json]) -> None:
    chained(scenario, make_trust, 2)
    found = who_can(from_documents(scenario), "ecs:StopInstance", INSTANCE)
    assert [hop.role.name for hop in found[0].hops] == ["ecs-admin", "step-0", "step-1"]
    assert found[0].conditions == ("with MFA and with external ID contract-1",)


def test_chains_end_at_the_depth(scenario: Json, make_trust: Callable[..., Json]) -> None:
    chained(scenario, make_trust, 3)
    model = from_documents(scenario)
    assert names(list(Explorer(model, depth=3).who_can("ecs:StopInstance", INSTANCE))) == []
    assert names(list(Explorer(model, depth=4).who_can("ecs:StopInstance", INSTANCE))) == ["AAA", "BBB"]


def test_roles_that_trust_each_other_end(scenario: Json, make_trust: Callable[..., Json]) -> None:
    role = owner(scenario)["roles"][0]
    role["trust"] = make_trust("acs:ram::12345678:root", "acs:ram::11223344:root")
    role["policies"] = ["AliyunSTSAssumeRoleAccess", "AliyunECSFullAccess"]
    other = {**role, "name": "other"}
    owner(scenario)["roles"].append(other)
    found = who_can(from_documents(scenario), "ecs:StopInstance", INSTANCE)
    assert sorted((a.holder.name, len(a.hops)) for a in found if a.holder.kind == "role") == [
        ("ecs-admin", 0), ("ecs-admin", 1), ("other", 0), ("other", 1),
    ]  # fmt: skip


def test_assuming_a_role_asks_both_sides(scenario: Json) -> None:
    found = who_can(from_documents(scenario), "sts:AssumeRole", "acs:ram::11223344:role/ecs-admin")
    assert [(a.holder.name, a.conditions) for a in found] == [
        ("AAA", ("with MFA and with external ID contract-1",)),
        ("BBB", ("with MFA and with external ID contract-1",)),
    ]
    assert who_can(from_documents(scenario), "sts:AssumeRole", "acs:ram:*:11223344:role/other") == []


def test_a_live_session_needs_no_trust_but_its_policy_binds(
    scenario: Json,
    make_trust: Callable[..., Json],
    make_document: Callable[..., Json],
    make_statement: Callable[..., Json],
) -> None:
    owner(scenario)["roles"][0]["trust"] = make_trust("acs:ram::55667788:root")
    narrow = make_document(make_statement("Allow", "ecs:Describe*"))
    owner(scenario)["sessions"] = [
        {"role": "ecs-admin", "name": "AAA"},
        {"role": "ecs-admin", "name": "BBB", "policy": narrow},
    ]
    model = from_documents(scenario)
    assert "ecs-admin/AAA" in names(who_can(model, "ecs:StopInstance", INSTANCE))
    assert "ecs-admin/BBB" not in names(who_can(model, "ecs:StopInstance", INSTANCE))
    assert "ecs-admin/BBB" in names(who_can(model, "ecs:DescribeInstances", INSTANCE))


def test_control_policies_bind_the_account(
    scenario: Json, make_document: Callable[..., Json], make_statement: Callable[..., Json]
) -> None:
    everything = make_document(make_statement("Allow", "*"), make_statement("Deny", "ecs:Stop*"))
    owner(scenario)["controlPolicies"] = [{"name": "no-stopping", "document": everything}]
    model = from_documents(scenario)
    assert who_can(model, "ecs:StopInstance", INSTANCE) == []
    assert names(who_can(model, "ecs:StartInstance", INSTANCE)) == ["AAA", "BBB"]


def test_a_grant_for_a_resource_group(scenario: Json) -> None:
    owner(scenario)["roles"][0]["policies"] = [{"name": "AliyunECSFullAccess", "resourceGroup": "rg-1"}]
    model = from_documents(scenario)
    assert "in resource group rg-1" in who_can(model, "ecs:StopInstance", INSTANCE)[0].conditions
    within = list(Explorer(model, resource_group="rg-1").who_can("ecs:StopInstance", INSTANCE))
    assert "in resource group rg-1" not in within[0].conditions
    assert list(Explorer(model, resource_group="rg-2").who_can("ecs:StopInstance", INSTANCE)) == []


def test_a_document_that_is_assumed_is_said_to_be(scenario: Json) -> None:
    owner(scenario)["roles"][0]["policies"] = ["AliyunRDSFullAccess"]
    assert from_documents(scenario).gaps == (
        "what the system policy AliyunRDSFullAccess allows: its document is not published, so it is assumed",
    )


@pytest.mark.parametrize("name", ["AliyunNobodyKnowsThisAccess", "AliyunMNSFullAccess"])
def test_a_system_policy_without_a_document_is_not_guessed(scenario: Json, name: str) -> None:
    owner(scenario)["roles"][0]["policies"] = [name]
    model = from_documents(scenario)
    access = who_can(model, "ecs:StopInstance", INSTANCE)[0]
    assert access.depends_on == (f"the document of {name}",)
    assert name in model.gaps[0]
    assert "assumed" not in model.gaps[0]


@pytest.mark.parametrize(
    ("action", "resource", "able"),
    [
        ("ecs:*", "*", ["AAA", "BBB"]),
        ("*:Stop*", "acs:ecs:*:11223344:instance/i-9*", ["AAA", "BBB"]),
        ("ecs:Stop?", "acs:ecs:*:11223344:disk/*", []),
        ("ecs:Start*", "*", []),
    ],
)
def test_patterns_ask_for_any_match(
    scenario: Json,
    make_document: Callable[..., Json],
    make_statement: Callable[..., Json],
    action: str,
    resource: str,
    able: list[str],
) -> None:
    own = make_document(
        make_statement("Allow", "ecs:*", "acs:ecs:*:*:instance/i-*"), make_statement("Deny", "ecs:Start*")
    )
    owner(scenario)["roles"][0]["policies"] = [{"name": "own", "document": own}]
    delegate(scenario)["users"].pop()
    found = who_can(from_documents(scenario), action, resource)
    assert names(found) == able
    assert all(access.example is not None for access in found)


def test_a_service_that_is_trusted(scenario: Json, make_document: Callable[..., Json]) -> None:
    trusted = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": ["ecs.aliyuncs.com"]}}
    owner(scenario)["roles"][0]["trust"] = make_document(trusted)
    found = who_can(from_documents(scenario), "ecs:StopInstance", INSTANCE)
    assert [access.holder.title for access in found] == [
        "role ecs-admin of company-a (11223344)",
        "service ecs.aliyuncs.com",
    ]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (lambda s: s.update(accounts={}), "accounts"),
        (lambda s: s["accounts"].append(s["accounts"][0]), "accounts[2].id"),
        (lambda s: s["accounts"][0].update(id="company-b"), "accounts[0].id"),
        (lambda s: s["accounts"][0]["users"][0].update(name="a b"), "accounts[0].users[0].name"),
        (lambda s: s["accounts"][0]["users"][0].update(groups=["nobody"]), "accounts[0].users[0].groups[0]"),
        (lambda s: s["accounts"][0]["users"][0].update(groups="operators"), "accounts[0].users[0].groups"),
        (lambda s: s["accounts"][0]["users"].append("DDD"), "accounts[0].users[3]"),
        (lambda s: s["accounts"][1]["roles"][0].update(policies=[3]), "accounts[1].roles[0].policies[0]"),
        (
            lambda s: s["accounts"][1]["roles"][0].update(policies=[{"name": "x", "type": "Custom"}]),
            "accounts[1].roles[0].policies[0]",
        ),
        (
            lambda s: s["accounts"][1]["roles"][0].update(policies=[{"name": "x", "type": "Own"}]),
            "accounts[1].roles[0].policies[0].type",
        ),
    ],
)
def test_errors_name_the_field(scenario: Json, change: Callable[[Json], None], field: str) -> None:
    change(scenario)
    with pytest.raises(InvalidInputError) as caught:
        from_documents(scenario)
    assert caught.value.field == field
    assert "Fix: " in str(caught.value)


@pytest.mark.parametrize("content", [None, [], "text", 3, {}, {"users": []}])
def test_something_else_than_accounts(content: object) -> None:
    with pytest.raises(InvalidInputError, match="not a description of accounts"):
        from_documents(content)


def test_conditions_that_never_hold_together_are_no_way(
    scenario: Json, make_document: Callable[..., Json], make_statement: Callable[..., Json]
) -> None:
    without_mfa = {"Bool": {"acs:MFAPresent": "false"}}
    assume = make_document(make_statement("Allow", "sts:AssumeRole", Condition=without_mfa))
    delegate(scenario)["policies"][0]["document"] = assume
    assert names(who_can(from_documents(scenario), "ecs:StopInstance", INSTANCE)) == []


def test_a_deny_that_always_fires_with_the_allow_is_no_access(
    scenario: Json, make_document: Callable[..., Json], make_statement: Callable[..., Json]
) -> None:
    inside, around = ({"IpAddress": {"acs:SourceIp": network}} for network in ("10.1.0.0/16", "10.0.0.0/8"))
    own = make_document(
        make_statement("Allow", "ecs:*", Condition=inside), make_statement("Deny", "ecs:*", Condition=around)
    )
    owner(scenario)["roles"][0]["policies"] = [{"name": "own", "document": own}]
    assert who_can(from_documents(scenario), "ecs:StopInstance", INSTANCE) == []


@pytest.mark.parametrize("refused", [10, 70, 200])
def test_a_permitted_way_is_found_after_any_number_of_refused_ones(refused: int) -> None:
    names = [f"ecs:Made{number:03}Up" for number in range(refused)]
    statements = [allow(name) for name in [*names, "ecs:TheLastOfAllThatThereAre"]]
    held = Policy("own", PolicyType.CUSTOM, Document((*statements, deny(names))), user_arn("11223344", "AAA"))
    model = AccessModel((Account("11223344", users=(User("AAA", grants=(held,)),)),))
    [found] = who_can(model, "ecs:*", "*")
    assert found.example is not None
    assert found.example[0] == "ecs:TheLastOfAllThatThereAre"
    assert found.certain

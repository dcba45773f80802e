"""Ways to a role through a service: by controlling a workload that runs with it, or by passing it to one."""

from __future__ import annotations

from typing import Any

import pytest

from ram_policies.access.compare import ChangeKind, difference
from ram_policies.access.documents import from_documents
from ram_policies.access.model import AccessModel
from ram_policies.access.who import Access, who_can
from ram_policies.catalogue.service_roles import ServiceRole, service_roles
from ram_policies.picture import picture_of

OWNER = "11223344"
MFA = {"Bool": {"acs:MFAPresent": "true"}}
EVERY_SERVICE = pytest.mark.parametrize("service", service_roles(), ids=lambda service: service.principal)
Json = dict[str, Any]


def grant(action: Any, resource: Any = "*", *, effect: str = "Allow", condition: Json | None = None) -> Json:
    found: Json = {"Effect": effect, "Action": action, "Resource": resource}
    return found | ({"Condition": condition} if condition else {})


def document(*statements: Json) -> Json:
    return {"Version": "1", "Statement": list(statements)}


def trusting(service: str, condition: Json | None = None, effect: str = "Allow") -> Json:
    found: Json = {"Effect": effect, "Action": "sts:AssumeRole", "Principal": {"Service": [service]}}
    return document(found | ({"Condition": condition} if condition else {}))


def account(*grants: Json, trust: Json, other: str = "", scope: str = "") -> AccessModel:
    own = {"name": "own", "resourceGroup": scope} if scope else "own"
    person = {
        "id": other or OWNER,
        "policies": [{"name": "own", "document": document(*grants)}] if grants else [],
        "users": [{"name": "AAA", "policies": [own] if grants else []}],
    }
    role = {"name": "app", "trust": trust, "policies": ["AliyunRDSFullAccess"]}
    if other:
        return from_documents({"accounts": [person, {"id": OWNER, "roles": [role]}]})
    return from_documents({"accounts": [person | {"roles": [role]}]})


def ways(model: AccessModel) -> list[Access]:
    found = who_can(model, "rds:DeleteDBInstance", f"acs:rds:*:{OWNER}:dbinstance/rm-1")
    return [access for access in found if access.holder.name == "AAA"]


@EVERY_SERVICE
def test_each_action_that_commands_a_service_is_a_way(service: ServiceRole) -> None:
    for action in service.uses:
        [way] = ways(account(grant(action), trust=trusting(service.principal)))
        assert way.path[2:4] == (action, f"role app of {OWNER}")
        assert way.conditions == (f"where {service.title} has the role",)


@EVERY_SERVICE
def test_each_action_that_hands_a_role_over_is_a_way_with_pass_role_only(service: ServiceRole) -> None:
    for action in service.hands_over:
        passing = grant("ram:PassRole", f"acs:ram:*:{OWNER}:role/app")
        [way] = ways(account(grant(action), passing, trust=trusting(service.principal)))
        assert way.path[2] == f"{action} with ram:PassRole, for {service.title}"
        assert way.certain
        if action not in service.uses:
            assert ways(account(grant(action), trust=trusting(service.principal))) == []


ECS = "ecs.aliyuncs.com"
NO_WAY = {
    "reading": account(grant("ecs:Describe*"), trust=trusting(ECS)),
    "another service": account(grant("fc:*"), trust=trusting(ECS)),
    "the role trusts no service of the catalogue": account(
        grant("ecs:*Command"), trust=trusting("made-up.aliyuncs.com")
    ),
    "refused": account(grant("ecs:*"), grant("ecs:*", effect="Deny"), trust=trusting(ECS)),
    "refused by the role": account(grant("ecs:*"), trust=trusting(ECS, effect="Deny")),
    "another account": account(grant("ecs:*"), trust=trusting(ECS), other="12345678"),
    "passing another role": account(
        grant("ecs:CreateLaunchTemplate"), grant("ram:PassRole", f"acs:ram:*:{OWNER}:role/other"), trust=trusting(ECS)
    ),
    "conditions that never hold together": account(
        grant("ecs:RunCommand", condition=MFA),
        grant("ecs:*", effect="Deny", condition=MFA),
        trust=trusting(ECS),
    ),
    "nothing": account(trust=trusting(ECS)),
}


@pytest.mark.parametrize("model", NO_WAY.values(), ids=NO_WAY)
def test_no_way_through_a_service_is_found(model: AccessModel) -> None:
    assert ways(model) == []


CONDITIONAL = {
    "of the grant": (account(grant("ecs:RunCommand", condition=MFA), trust=trusting(ECS)), "with MFA"),
    "of the trust policy": (account(grant("ecs:RunCommand"), trust=trusting(ECS, MFA)), "with MFA"),
    "of a resource group": (
        account(grant("ecs:RunCommand"), trust=trusting(ECS), scope="rg-1"),
        "in resource group rg-1",
    ),
    "of one instance": (
        account(grant("ecs:RunCommand", f"acs:ecs:*:{OWNER}:instance/i-1"), trust=trusting(ECS)),
        "where an ECS instance has the role",
    ),
}


@pytest.mark.parametrize(("model", "condition"), CONDITIONAL.values(), ids=CONDITIONAL)
def test_conditions_on_the_way_are_told(model: AccessModel, condition: str) -> None:
    [way] = ways(model)
    assert condition in way.conditions


def test_the_role_goes_on_from_there() -> None:
    content = {
        "accounts": [
            {
                "id": OWNER,
                "policies": [
                    {"name": "run", "document": document(grant("ecs:RunCommand"))},
                    {"name": "assume", "document": document(grant("sts:AssumeRole"))},
                ],
                "users": [{"name": "AAA", "policies": ["run"]}],
                "roles": [
                    {"name": "app", "trust": trusting(ECS), "policies": ["assume"]},
                    {
                        "name": "admin",
                        "trust": document(
                            {
                                "Effect": "Allow",
                                "Action": "sts:AssumeRole",
                                "Principal": {"RAM": [f"acs:ram::{OWNER}:role/app"]},
                            }
                        ),
                        "policies": ["AdministratorAccess"],
                    },
                ],
            }
        ]
    }
    [way] = ways(from_documents(content))
    assert [step for step in way.path if step.startswith(("role", "ecs:"))] == [
        "ecs:RunCommand",
        f"role app of {OWNER}",
        f"role admin of {OWNER}",
    ]


def test_nobody_is_said_to_assume_a_role_that_a_service_assumes() -> None:
    model = account(grant("ecs:RunCommand"), trust=trusting(ECS))
    found = who_can(model, "sts:AssumeRole", f"acs:ram:*:{OWNER}:role/app")
    assert [access.holder.kind for access in found] == ["service"]


def test_a_change_names_the_way() -> None:
    with_it, without = (account(*grants, trust=trusting(ECS)) for grants in ([grant("ecs:RunCommand")], []))
    gained = [c.what for c in difference(without, with_it).of(ChangeKind.ADDED)]
    lost = [c.what for c in difference(with_it, without).of(ChangeKind.REMOVED)]
    tail = f"act as role app of {OWNER} by ecs:RunCommand where an ECS instance has the role"
    assert f"can {tail}" in gained
    assert f"can no longer {tail}" in lost


def test_a_condition_more_on_the_way_is_a_removal_and_one_less_an_addition() -> None:
    free, narrow = (
        account(grant("ecs:RunCommand", condition=condition), trust=trusting(ECS)) for condition in (None, MFA)
    )
    assert {c.kind for c in difference(free, narrow).changes} == {ChangeKind.REMOVED}
    assert {c.kind for c in difference(narrow, free).changes} == {ChangeKind.ADDED}


def test_the_picture_has_the_way() -> None:
    model = account(grant("ecs:RunCommand"), trust=trusting(ECS))
    assert "ecs:RunCommand, where an ECS instance has the role" in {e.condition for e in picture_of(model, model).edges}

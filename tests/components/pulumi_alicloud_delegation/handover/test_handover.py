"""Offer and acceptance: two files with everything that one enterprise needs to know of the other."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_alicloud_delegation import DelegatedRole, OperatorTeam
from pulumi_alicloud_delegation.handover import (
    Acceptance,
    Offer,
    acceptance_of,
    digest_of,
    json_schema,
    offer_of,
    party_of,
    read_acceptance,
    read_offer,
    roles_from_offer,
    team_from_acceptance,
    to_plain,
    write_handover,
)
from pulumi_alicloud_delegation.plan import plan_delegation
from pulumi_alicloud_delegation.plan.delegation import DelegationPlan
from pulumi_alicloud_delegation.specs import DelegationSpec
from pulumi_alicloud_delegation.testing import Runs
from ram_policies import InvalidInputError, system_policy

Args = dict[str, Any]
ROOT = Path(__file__).resolve().parents[4]
SCHEMAS = ROOT / "docs" / "schemas"
OWN = {"Version": "1", "Statement": [{"Effect": "Allow", "Action": "ecs:StopInstance", "Resource": "*"}]}


def _rich(args: Args) -> None:
    args["roles"][0].update(
        description="Operation of ECS",
        policies=[{"name": "own", "document": json.dumps(OWN)}],
        existing_policies=[{"name": "AliyunLogReadOnlyAccess", "type": "System"}],
        trust={"external_id": "contract-1", "not_after": "2027-12-31T23:59:59Z", "source_ips": ["203.0.113.0/24"]},
        max_session_duration=7200,
        tags={"contract": "b"},
    )


@pytest.fixture
def plan(scenario: Callable[..., Args]) -> DelegationPlan:
    return plan_delegation(scenario(_rich))


@pytest.fixture
def offer(scenario: Callable[..., Args], plan: DelegationPlan) -> Offer:
    spec = DelegationSpec.model_validate(scenario(_rich))
    return offer_of(party_of(plan.delegate.account), spec.roles, party_of(plan.owner.account))


@pytest.fixture
def acceptance(plan: DelegationPlan) -> Acceptance:
    return acceptance_of(plan.owner.account, party_of(plan.delegate.account), plan.owner.roles)


def test_a_written_file_reads_back_as_it_was(offer: Offer, acceptance: Acceptance, tmp_path: Path) -> None:
    write_handover(tmp_path / "offer.json", offer)
    write_handover(tmp_path / "acceptance.json", acceptance)
    assert read_offer(tmp_path / "offer.json") == offer
    assert read_acceptance(tmp_path / "acceptance.json") == acceptance


def test_an_acceptance_says_what_was_granted_and_what_to_bring(acceptance: Acceptance) -> None:
    plain = to_plain(acceptance)
    documents = [policy.pop("document") for policy in plain["roles"][0]["granted"]]
    assert [system_policy(name).document.to_dict() for name in ("AliyunECSFullAccess", "AliyunLogReadOnlyAccess")] == (
        documents[:2]
    )
    assert documents[2] == OWN
    assert plain.pop("digest").startswith("sha256:")
    assert plain == {
        "kind": "alicloud-delegation/acceptance",
        "version": 2,
        "owner": {"id": "11223344", "alias": "company-a"},
        "delegate": {"id": "12345678", "alias": "company-b"},
        "roles": [
            {
                "name": "ecs-admin",
                "arn": "acs:ram::11223344:role/ecs-admin",
                "granted": [
                    {"name": "AliyunECSFullAccess", "type": "System"},
                    {"name": "AliyunLogReadOnlyAccess", "type": "System"},
                    {"name": "own", "type": "Custom"},
                ],
                "trust": {
                    "externalId": "contract-1",
                    "notAfter": "2027-12-31T23:59:59Z",
                    "sourceIps": ["203.0.113.0/24"],
                },
                "maxSessionDuration": 7200,
            }
        ],
    }


@pytest.mark.parametrize("model", [Offer, Acceptance])
def test_the_published_schema_is_that_of_the_code(model: type[Offer]) -> None:
    """Update with tools/handover_schemas.py."""
    published = json.loads((SCHEMAS / f"{model.__name__.lower()}.v2.schema.json").read_text("utf-8"))
    assert published == json.loads(json.dumps(json_schema(model)))
    jsonschema.Draft202012Validator.check_schema(published)
    assert list(_undescribed(published)) == []


def _undescribed(schema: dict[str, Any], where: str = "") -> Iterator[str]:
    for name, value in schema.get("properties", {}).items():
        if not value.get("description"):
            yield f"{where}.{name}"
    for name, value in schema.get("$defs", {}).items():
        yield from _undescribed(value, name)


def test_written_files_conform_to_the_published_schema(offer: Offer, acceptance: Acceptance) -> None:
    for handover in (offer, acceptance):
        schema = json.loads((SCHEMAS / f"{type(handover).__name__.lower()}.v2.schema.json").read_text("utf-8"))
        jsonschema.Draft202012Validator(schema).validate(to_plain(handover))


def _without(key: str) -> Callable[[Args], object]:
    return lambda plain: plain.pop(key)


def _set(key: str, value: Any) -> Callable[[Args], object]:
    return lambda plain: plain.update({key: value})


@pytest.mark.parametrize(
    ("change", "field", "says"),
    [
        (_set("kind", "alicloud-delegation/acceptance"), "offer.kind", "'alicloud-delegation/offer'"),
        (_set("version", 3), "offer.version", "upgrade"),
        (_set("version", True), "offer.version", "ask for the file again"),
        (_without("delegate"), "offer.delegate", "is missing"),
        (_set("role", []), "offer", "'roles'"),
        (lambda p: p["roles"][0].update(maxSesionDuration=1), "offer.roles[0]", "'maxSessionDuration'"),
        (lambda p: p["delegate"].update(secretKey="hunter2"), "offer.delegate", "not a known key"),
    ],
)
def test_a_wrong_file_is_explained(
    change: Callable[[Args], object], field: str, says: str, offer: Offer, tmp_path: Path
) -> None:
    plain = to_plain(offer)
    change(plain)
    plain["digest"] = digest_of(plain)
    path = tmp_path / "offer.json"
    path.write_text(json.dumps(plain), "utf-8")
    with pytest.raises(InvalidInputError) as caught:
        read_offer(path)
    assert caught.value.field == field
    assert says in str(caught.value)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("text", ["", "[]", "{", "\x00"])
def test_a_file_that_is_no_object_is_explained(text: str, tmp_path: Path) -> None:
    path = tmp_path / "offer.json"
    path.write_text(text, "utf-8")
    with pytest.raises(InvalidInputError, match="JSON"):
        read_offer(path)
    with pytest.raises(InvalidInputError, match="cannot be read"):
        read_acceptance(tmp_path / "missing.json")


@given(
    st.recursive(st.none() | st.booleans() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)),
    st.sampled_from([1, 2]),
)
def test_any_content_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, content: Any, version: int) -> None:
    path = tmp_path_factory.mktemp("any") / "offer.json"
    path.write_text(json.dumps({"kind": "alicloud-delegation/offer", "version": version, "roles": content}), "utf-8")
    with pytest.raises(InvalidInputError):
        read_offer(path)


def test_an_offer_that_an_owner_would_refuse_is_not_made(plan: DelegationPlan) -> None:
    spec = DelegationSpec.model_validate(
        {"owner": {"id": "1"}, "delegate": {"id": "2"}, "teams": [], "roles": [{"name": "a b"}]}
    )
    with pytest.raises(InvalidInputError, match=r"roles\[0\]\.name"):
        offer_of(party_of(plan.delegate.account), spec.roles)


def test_roles_and_teams_are_made_from_the_other_enterprises_file(
    offer: Offer, acceptance: Acceptance, pulumi_program: Callable[..., Runs]
) -> None:
    def owner() -> None:
        for role in roles_from_offer(offer):
            DelegatedRole(
                role["name"], {"owner_account_id": "11223344", "delegate_account_id": offer.delegate.id, "role": role}
            )

    def delegate() -> None:
        OperatorTeam("ops", team_from_acceptance(acceptance, "ops", ["ecs-admin"], [{"name": "AAA"}]))

    made = pulumi_program(owner, accounts={"default": "11223344"}).update
    assert made.one("Role").inputs["maxSessionDuration"] == 7200
    assert {one.inputs["policyName"] for one in made.of_type("RolePolicyAttachment")} == {
        "AliyunECSFullAccess",
        "AliyunLogReadOnlyAccess",
        "own",
    }
    team = pulumi_program(delegate, accounts={"default": "12345678"}).update
    assert "acs:ram::11223344:role/ecs-admin" in str(team.one("Policy").inputs["policyDocument"])
    assert team.one("UserGroupAttachment").inputs == {"userName": "AAA", "groupName": "ops"}
    with pytest.raises(InvalidInputError, match="is not in the acceptance"):
        team_from_acceptance(acceptance, "ops", ["rds-admin"])

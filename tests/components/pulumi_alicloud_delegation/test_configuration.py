"""Stack configuration: read as a whole, and what each side of it takes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from pulumi_alicloud_delegation.configuration import KEYS, SECRET_KEYS, read_configuration
from pulumi_alicloud_delegation.program import run
from pulumi_alicloud_delegation.testing import Runs
from ram_policies import InvalidInputError

Config = dict[str, Any]
ROOT = Path(__file__).resolve().parents[3]


def test_pulumi_yaml_declares_exactly_what_is_read() -> None:
    declared = yaml.safe_load((ROOT / "Pulumi.yaml").read_text("utf-8"))["config"]
    assert set(declared) == {*KEYS, *SECRET_KEYS}
    assert all(entry["description"] and entry["type"] for entry in declared.values())
    # The engine allows no default for a key that it knows to be secret, so the program itself refuses plain ones.
    assert {key for key, entry in declared.items() if "--secret" in entry["description"]} == set(SECRET_KEYS)


@pytest.mark.parametrize(
    ("values", "field", "says"),
    [
        ({"rolez": "[]"}, "configuration", "'roles'"),
        ({"roles": "[{"}, "roles", "is not structured"),
        ({"owner": '{"id": "1", "secretKey": "hunter2"}'}, "owner", "--secret ownerSecretKey"),
        ({"owner": '{"id": "1"}'}, "delegate", "is missing"),
        ({"side": "A", "owner": '{"id": "1"}', "delegate": '{"id": "2"}'}, "side", "'both', 'owner' or 'delegate'"),
        (
            {"owner": '{"id": "1"}', "delegate": '{"id": "2"}', "roles": '[{"name": "r", "maxSesionDuration": 1}]'},
            "roles[0]",
            "'maxSessionDuration'",
        ),
    ],
)
def test_a_key_or_value_that_cannot_be_is_named(values: dict[str, str], field: str, says: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        read_configuration(values)
    assert caught.value.field == field
    assert says in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_errors_of_the_program_spell_keys_as_the_stack_file_does(
    pulumi_program: Callable[..., Runs], stack_file: Callable[[str], Config]
) -> None:
    config = stack_file("scenario")
    config["roles"][0]["maxSessionDuration"] = 60
    with pytest.raises(InvalidInputError, match=r"roles\[0\]\.maxSessionDuration: 60 is not between"):
        pulumi_program(run, config=config, project="alicloud-delegation")


@pytest.fixture
def side(pulumi_program: Callable[..., Runs], accounts: dict[str, str]) -> Callable[[Config], Runs]:
    """The program for one side."""
    return lambda config: pulumi_program(run, config=config, project="alicloud-delegation", accounts=accounts)


def _only(config: Config, *keys: str) -> Config:
    return {key: value for key, value in config.items() if key in {"owner", "delegate", *keys}}


def test_the_owner_alone_makes_roles_and_an_acceptance(
    side: Callable[[Config], Runs], stack_file: Callable[[str], Config]
) -> None:
    seen = side({**_only(stack_file("recommended"), "roles"), "side": "owner"}).update
    assert {one.type.rpartition(":")[2] for one in seen} == {
        "alicloud",
        "DelegatedRole",
        "Role",
        "RolePolicyAttachment",
    }
    assert {one.provider for one in seen.of_type("Role")} == {"delegation/owner"}
    roles = seen.outputs["acceptance"]["roles"]
    assert [role["arn"] for role in roles] == [
        "acs:ram::11223344:role/ecs-admin",
        "acs:ram::11223344:role/ecs-monitoring",
    ]


def test_the_delegate_alone_makes_people_for_what_the_owner_accepted(
    side: Callable[[Config], Runs], stack_file: Callable[[str], Config], tmp_path: Path
) -> None:
    config = stack_file("recommended")
    acceptance = side({**_only(config, "roles"), "side": "owner"}).update.outputs["acceptance"]
    path = tmp_path / "acceptance.json"
    path.write_text(json.dumps(acceptance), "utf-8")
    mine = {**_only(config, "teams", "operators"), "side": "delegate", "acceptance": str(path)}
    seen = side(mine).update
    assert not seen.of_type("Role")
    assert {one.provider for one in seen.of_type("User")} == {"delegation/delegate"}
    documents = [json.loads(str(one.inputs["policyDocument"])) for one in seen.of_type("Policy")]
    assert sorted(document["Statement"][0]["Resource"] for document in documents) == [
        "acs:ram::11223344:role/ecs-admin",
        "acs:ram::11223344:role/ecs-monitoring",
    ]
    mine["teams"][0]["roles"] = ["rds-admin"]
    with pytest.raises(InvalidInputError, match=r"teams\[0\]\.roles\[0\]: 'rds-admin' is not a role"):
        side(mine)


def test_an_application_learns_from_the_acceptance_that_mfa_shuts_it_out(
    side: Callable[[Config], Runs], stack_file: Callable[[str], Config], tmp_path: Path
) -> None:
    config = stack_file("recommended")
    acceptance = side({**_only(config, "roles"), "side": "owner"}).update.outputs["acceptance"]
    path = tmp_path / "acceptance.json"
    path.write_text(json.dumps(acceptance), "utf-8")
    config["operators"] = [{"name": "bot", "kind": "application", "teams": ["engineers"]}]
    mine = {**_only(config, "teams", "operators"), "side": "delegate", "acceptance": str(path)}
    with pytest.raises(InvalidInputError, match="shuts out the application bot"):
        side(mine)


def test_the_owner_can_deploy_an_offer_as_it_came(
    side: Callable[[Config], Runs], stack_file: Callable[[str], Config], tmp_path: Path
) -> None:
    config = stack_file("recommended")
    asking = side({**_only(config, "roles", "teams", "operators"), "side": "delegate"}).update
    path = tmp_path / "offer.json"
    path.write_text(json.dumps(asking.outputs["offer"]), "utf-8")
    from_offer = side({**_only(config), "side": "owner", "offer": str(path)}).update
    by_hand = side({**_only(config, "roles"), "side": "owner"}).update
    assert sorted((one.urn, json.dumps(dict(one.inputs), sort_keys=True)) for one in from_offer) == sorted(
        (one.urn, json.dumps(dict(one.inputs), sort_keys=True)) for one in by_hand
    )
    with pytest.raises(InvalidInputError, match="offer: '12345678' is not 999"):
        side({"owner": config["owner"], "delegate": {"id": "999"}, "side": "owner", "offer": str(path)})


@pytest.mark.parametrize(
    ("extra", "field"),
    [
        ({"side": "owner", "teams": [{"name": "t", "roles": ["ecs-admin"]}]}, "teams"),
        ({"side": "delegate", "offer": "offer.json"}, "offer"),
        ({"side": "delegate", "state": "suspended"}, "state"),
        ({"side": "both", "acceptance": "acceptance.json"}, "acceptance"),
    ],
)
def test_keys_of_the_other_side_are_refused(
    extra: Config, field: str, side: Callable[[Config], Runs], stack_file: Callable[[str], Config]
) -> None:
    with pytest.raises(InvalidInputError) as caught:
        side({**_only(stack_file("scenario"), "roles"), **extra})
    assert caught.value.field == field


def test_a_secret_in_plain_text_is_refused_and_not_shown(
    side: Callable[[Config], Runs], stack_file: Callable[[str], Config]
) -> None:
    config = stack_file("scenario") | {"ownerSecretKey": "hunter2"}
    with pytest.raises(InvalidInputError, match="config set --secret ownerSecretKey") as caught:
        side(config)
    assert "hunter2" not in str(caught.value)

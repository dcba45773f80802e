"""One stack of a delegate that works for several owners."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pulumi_alicloud_delegation.handover import acceptance_of, party_of, to_plain
from pulumi_alicloud_delegation.handover.files import sealed
from pulumi_alicloud_delegation.plan.delegation import roles_plan
from pulumi_alicloud_delegation.plan.provider_setup import account_plan
from pulumi_alicloud_delegation.program import run
from pulumi_alicloud_delegation.specs import AccountSpec, RoleSpec
from pulumi_alicloud_delegation.testing import Run, Runs
from ram_policies import InvalidInputError

Config = dict[str, Any]
A, C, B = "11223344", "44556677", "12345678"
STACK = "organization/alicloud-delegation/test"
TWO: Config = {
    "side": "delegate",
    "delegate": {"id": B, "alias": "company-b"},
    "owners": [{"id": A, "alias": "company-a"}, {"id": C, "alias": "company-c"}],
    "teams": [
        {"name": "engineers", "roles": ["company-a/ecs-admin", "company-c/ecs-admin"]},
        {"name": "dbas", "roles": [f"{C}/dba"]},
    ],
    "operators": [{"name": "AAA", "teams": ["engineers"]}, {"name": "BBB", "teams": ["dbas"]}],
}
Deploy = Callable[..., Runs]


@pytest.fixture
def deploy(pulumi_program: Callable[..., Runs], accounts: dict[str, str]) -> Deploy:
    """The program with a configuration, and the outputs of its last update."""

    def start(config: Config, outputs: Config | None = None) -> Runs:
        stacks = {} if outputs is None else {STACK: outputs}
        return pulumi_program(run, config=config, project="alicloud-delegation", accounts=accounts, stacks=stacks)

    return start


def _changed(**changes: Any) -> Config:
    return copy.deepcopy(TWO) | changes


def _owner(index: int, **changes: Any) -> Config:
    config = copy.deepcopy(TWO)
    config["owners"][index] |= changes
    return config


def _acceptance(owner: str, role: str, **update: Any) -> Config:
    account, delegate = (account_plan(AccountSpec(id=one), "account") for one in (owner, B))
    roles = roles_plan([RoleSpec(name=role, system_policies=("AliyunECSReadOnlyAccess",))], owner, B, "active")
    return to_plain(sealed(acceptance_of(account, party_of(delegate), roles).model_copy(update=update)))


def _file(folder: Path, name: str, content: Config) -> str:
    path = folder / name
    path.write_text(json.dumps(content), "utf-8")
    return str(path)


def _may_assume(seen: Run) -> dict[str, Any]:
    documents = {
        str(one.inputs["policyName"]): json.loads(str(one.inputs["policyDocument"])) for one in seen.of_type("Policy")
    }
    return {name: [s["Resource"] for s in document["Statement"]] for name, document in documents.items()}


def test_teams_name_roles_by_the_alias_or_the_account_of_their_owner(deploy: Deploy) -> None:
    seen = deploy(TWO).update
    both = [f"acs:ram::{A}:role/ecs-admin", f"acs:ram::{C}:role/ecs-admin"]
    assert _may_assume(seen) == {"engineers-assume-role": [both], "dbas-assume-role": [f"acs:ram::{C}:role/dba"]}
    assert {one.provider for one in seen.of_type("User")} == {"delegation/delegate"}
    urls = seen.outputs["switchRoleUrls"]
    assert urls == {
        "AAA": {
            f"{owner}/ecs-admin": "https://signin.alibabacloud.com/switchRole.htm"
            f"?parentAlias={owner}.onaliyun.com&roleName=ecs-admin"
            for owner in ("company-a", "company-c")
        },
        "BBB": {
            "company-c/dba": "https://signin.alibabacloud.com/switchRole.htm"
            "?parentAlias=company-c.onaliyun.com&roleName=dba"
        },
    }


def _registered(seen: Run) -> list[tuple[str, str]]:
    plain = ((one.urn, {key: value for key, value in one.inputs.items() if key != "password"}) for one in seen)
    return sorted((urn, json.dumps(inputs, sort_keys=True)) for urn, inputs in plain)


def test_a_second_owner_changes_nothing_of_what_was_made_for_the_first(deploy: Deploy) -> None:
    people = {"operators": TWO["operators"][:1], "side": "delegate", "delegate": TWO["delegate"]}
    one = {**people, "owner": TWO["owners"][0], "teams": [{"name": "engineers", "roles": ["ecs-admin"]}]}
    listed = {**people, "owners": TWO["owners"][:1], "teams": [{"name": "engineers", "roles": ["company-a/ecs-admin"]}]}
    before = _registered(deploy(one).update)
    assert _registered(deploy(listed).update) == before
    more = {**listed, "owners": TWO["owners"], "teams": [*listed["teams"], TWO["teams"][1]]}
    assert set(before) < set(_registered(deploy(more).update))


def test_a_person_who_moves_from_one_customer_to_another_stays_the_same_user(deploy: Deploy) -> None:
    def kept(seen: Run) -> list[str]:
        return sorted(one.urn for kind in ("User", "LoginProfile") for one in seen.of_type(kind))

    moved = copy.deepcopy(TWO)
    moved["operators"][0]["teams"] = ["dbas"]
    assert kept(deploy(TWO).update) == kept(deploy(moved).update)


def test_each_owner_gets_an_offer_of_its_own(deploy: Deploy) -> None:
    wanted = {"roles": [{"name": "ecs-admin", "systemPolicies": ["AliyunECSFullAccess"]}], "contract": {"name": "a-1"}}
    offers: Any = deploy(_owner(0, **wanted)).update.outputs["offers"]
    assert list(offers) == ["company-a"]
    assert offers["company-a"]["owner"]["id"] == A
    assert offers["company-a"]["contract"]["name"] == "a-1"


def test_acceptances_are_kept_by_owner_and_never_replaced_by_older_ones(deploy: Deploy, tmp_path: Path) -> None:
    new = _acceptance(C, "dba", issued="2026-04-01T00:00:00Z")
    old = _acceptance(C, "dba", issued="2026-03-01T00:00:00Z")
    config = _owner(1, acceptance=_file(tmp_path, "new.json", new))
    config["teams"][0]["roles"] = ["company-a/ecs-admin"]
    outputs = dict(deploy(config).update.outputs)
    assert outputs["acceptances"] == {"company-c": new}
    config["owners"][1]["acceptance"] = _file(tmp_path, "old.json", old)
    with pytest.raises(InvalidInputError, match="is before 2026-04-01T00:00:00Z, when the one in use was issued"):
        deploy(config, outputs)
    # The acceptance of one owner says nothing about another's.
    config["owners"][1].pop("acceptance")
    config["owners"][0]["acceptance"] = _file(tmp_path, "a.json", _acceptance(A, "ecs-admin", issued=old["issued"]))
    assert list(deploy(config, outputs).update.outputs["acceptances"]) == ["company-a"]


def test_one_owner_is_given_back_while_the_others_stay(deploy: Deploy) -> None:
    config = _owner(0, state="relinquished")
    config["teams"][0]["roles"] = ["company-c/ecs-admin"]
    outputs: Any = deploy(config).update.outputs
    assert outputs["offers"]["company-a"]["state"] == "relinquished"
    assert list(outputs["roleArns"]) == ["company-c/ecs-admin", "company-c/dba"]


CONTRACT = {"name": "c-1", "notAfter": "2099-01-01T00:00:00Z"}


def _with_window(end: str) -> Config:
    config = _owner(1, contract=CONTRACT)
    config["teams"][0]["notAfter"] = end
    return config


@pytest.mark.parametrize(
    ("config", "field", "says"),
    [
        (_changed(owners=[]), "owner", "is missing"),
        (_changed(owner={"id": A}), "owner", "move it into the owner's entry"),
        (_changed(contract={"name": "c"}), "contract", "move it into the owner's entry"),
        (_changed(side="both"), "side", "write side: delegate"),
        (_owner(1, id=A), "owners[1].id", "is 'owners[0].id' already"),
        (_owner(1, alias="company-a"), "owners[1].alias", "is 'owners[0].alias' already"),
        (_owner(1, alias=A), "owners[1].alias", "is 'owners[0].id' already"),
        (_owner(1, id=B), "delegate.id", "is the same account as 'owners[1].id'"),
        (_owner(1, profile="c"), "owners[1]", "'profile'"),
        (_owner(1, state="terminated"), "owners[1].state", "'active' or 'relinquished'"),
        (_owner(0, state="relinquished"), "teams[0].roles[0]", "is not a role"),
        (_changed(teams=[{"name": "t", "roles": ["ecs-admin"]}]), "teams[0].roles[0]", "is not a role"),
        (_changed(teams=[{"name": "t", "roles": ["company-d/ecs-admin"]}]), "teams[0].roles[0]", "is not a role"),
        (_with_window("2099-06-01T00:00:00Z"), "teams[0].notAfter", "is after the contract ends"),
    ],
)
def test_an_error_in_the_configuration_names_its_field(config: Config, field: str, says: str, deploy: Deploy) -> None:
    with pytest.raises(InvalidInputError) as caught:
        deploy(config)
    assert caught.value.field == field
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_acceptance_of_another_owner_is_refused(deploy: Deploy, tmp_path: Path) -> None:
    config = _owner(1, acceptance=_file(tmp_path, "a.json", _acceptance(A, "ecs-admin")))
    with pytest.raises(InvalidInputError, match=rf"owners\[1\]\.acceptance\.owner\.id: '{A}' is not {C}"):
        deploy(config)


def test_a_window_is_held_to_the_contract_of_each_owner_whose_role_the_team_has(deploy: Deploy) -> None:
    config = _with_window("2098-01-01T00:00:00Z")
    windows: Any = deploy(config).update.outputs["windows"]
    assert "contract c-1" in windows

"""Two enterprises that share nothing but two files: B's offer and A's acceptance."""

import json

import pytest

pytestmark = pytest.mark.e2e

PROJECT = "alicloud-delegation"


@pytest.fixture
def sides(house):
    """The stacks of the two enterprises, each with the credentials of its own account only."""
    config = house.config("recommended")
    people = {f"{PROJECT}:{key}" for key in ("teams", "operators")}
    keys = {"owner": "ownerSecretKey", "delegate": "delegateSecretKey"}

    def make(side, **more):
        left_out = people if side == "owner" else set()
        given = {key: value for key, value in config.items() if key not in left_out}
        other = "delegate" if side == "owner" else "owner"
        account = given[f"{PROJECT}:{other}"]
        given[f"{PROJECT}:{other}"] = {"id": account["id"], "alias": account["alias"]}
        given |= {f"{PROJECT}:side": side} | {f"{PROJECT}:{key}": value for key, value in more.items()}
        drop = [key for key, value in given.items() if value is None]
        for key in drop:
            del given[key]
        name = keys[side]
        return house.delegation(given, name=side, secrets={name: house.secrets[name]})

    return make


@pytest.fixture
def handed_over(sides, tmp_path):
    """B makes an offer, A accepts it, B works with the acceptance: each by its own stack and a file."""
    offer, acceptance = tmp_path / "offer.json", tmp_path / "acceptance.json"
    asked = sides("delegate").up()
    offer.write_text(json.dumps(asked.outputs["offer"].value))
    owner = sides("owner", roles=None, offer=str(offer))
    granted = owner.up()
    acceptance.write_text(json.dumps(granted.outputs["acceptance"].value))
    delegate = sides("delegate", roles=None, acceptance=str(acceptance))
    working = delegate.up()
    return owner, delegate, working.outputs


def test_a_delegation_by_two_stacks_and_two_files(house, handed_over, changes):
    owner, delegate, outputs = handed_over
    assert house.contents(house.a)["Roles"] == ["ecs-admin", "ecs-monitoring"]
    assert "AAA" in house.contents(house.b)["Users"]
    arn = outputs["roleArns"].value["ecs-monitoring"]
    [key] = outputs["accessKeys"].value["monitoring-agent"].values()
    wanted = {"RoleArn": arn, "RoleSessionName": "agent", "ExternalId": "contract-2026-company-a"}
    application = house.client(key["id"], key["secret"])
    assert application.call("AssumeRole", wanted, product="sts")["Credentials"]["SecurityToken"]
    assert changes(owner.up()) == changes(delegate.up()) == {}


def test_the_two_states_know_nothing_secret_of_each_other(house, handed_over, state_of):
    owner, delegate, _ = handed_over
    (_, in_a), (_, in_b) = state_of(owner), state_of(delegate)
    assert "AAA" not in in_a
    assert house.a.root_key.id not in in_b
    assert house.b.root_key.id not in in_a


def test_people_of_b_come_and_go_without_a(house, sides, handed_over, changes):
    owner, _, _ = handed_over
    operators = [{"name": "BBB", "teams": ["engineers"]}]
    acceptance = str(next(house.folder.glob("acceptance.json")))
    teams = [{"name": "engineers", "roles": ["ecs-admin"]}]
    sides("delegate", roles=None, acceptance=acceptance, operators=operators, teams=teams).up()
    assert house.contents(house.b)["Users"] == ["BBB"]
    assert changes(owner.preview()) == {}


def test_destroying_both_sides_leaves_nothing(house, handed_over):
    owner, delegate, _ = handed_over
    owner.destroy()
    assert house.contents(house.a)["Roles"] == []
    delegate.destroy()
    assert house.is_empty()

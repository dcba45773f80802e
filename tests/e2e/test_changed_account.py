"""Another account in the configuration of a stack that is deployed already."""

import json

import pytest
from pulumi.automation import CommandError

pytestmark = [pytest.mark.e2e, pytest.mark.life]

OTHER = "99887766"


def test_another_owner_gets_the_roles_and_the_former_one_loses_them(house, changes):
    other = house.cloud.add_account(OTHER, alias="company-c")
    house.delegation().up()
    config = house.config()
    owner = config["alicloud-delegation:owner"]
    owner |= {"id": OTHER, "alias": "company-c", "accessKey": other.root_key.id}
    secrets = {**house.secrets, "ownerSecretKey": other.root_key.secret}
    moved = house.delegation(config, secrets=secrets)
    moved.up()
    assert house.contents(other)["Roles"] == ["ecs-admin"]
    assert house.contents(house.a)["Roles"] == []
    assert moved.outputs()["roleArns"].value == {"ecs-admin": f"acs:ram::{OTHER}:role/ecs-admin"}
    assert changes(moved.preview()) == {}
    moved.destroy()
    assert house.contents(other)["Roles"] == []


def test_another_delegate_gets_the_people_and_the_former_one_loses_them(house, changes, api_error):
    other = house.cloud.add_account(OTHER, alias="company-c")
    before = house.delegation(house.config("recommended")).up().outputs
    config = house.config("recommended")
    delegate = config["alicloud-delegation:delegate"]
    delegate |= {"id": OTHER, "alias": "company-c", "accessKey": other.root_key.id}
    secrets = {**house.secrets, "delegateSecretKey": other.root_key.secret}
    moved = house.delegation(config, secrets=secrets)
    outputs = moved.up().outputs
    assert house.contents(other)["Users"] == ["AAA", "monitoring-agent"]
    assert not any(house.contents(house.b).values())
    trust = json.loads(outputs["trustPolicies"].value["ecs-admin"])
    assert trust["Statement"][0]["Principal"] == {"RAM": [f"acs:ram::{OTHER}:root"]}
    assert outputs["firstPasswords"].value["AAA"] != before["firstPasswords"].value["AAA"]
    wanted = {"RoleArn": outputs["roleArns"].value["ecs-monitoring"], "RoleSessionName": "agent"}
    wanted["ExternalId"] = "contract-2026-company-a"
    [new], [old] = (each["accessKeys"].value["monitoring-agent"].values() for each in (outputs, before))
    assert house.client(new["id"], new["secret"]).call("AssumeRole", wanted, product="sts")["Credentials"]
    with pytest.raises(api_error, match="InvalidAccessKeyId"):
        house.client(old["id"], old["secret"]).call("AssumeRole", wanted, product="sts")
    assert changes(moved.preview()) == {}
    moved.destroy()
    assert not any(house.contents(other).values())


@pytest.mark.parametrize("side", ["owner", "delegate"])
def test_another_account_with_the_credentials_of_the_former_one_stops_the_update(house, changes, side):
    house.delegation().up()
    before = house.root(house.b).call("GetUser", {"UserName": "AAA"})["User"]["UserId"]
    config = house.config()
    config[f"alicloud-delegation:{side}"] |= {"id": OTHER, "alias": "company-c"}
    with pytest.raises(CommandError, match=rf"{side}.id: '{OTHER}' is not the account of the provider"):
        house.delegation(config).up()
    assert changes(house.delegation().up()) == {"replace": 1}  # of the provider, which the update had begun with
    assert changes(house.delegation().preview()) == {}
    assert house.contents(house.a)["Roles"] == ["ecs-admin"]
    assert house.root(house.b).call("GetUser", {"UserName": "AAA"})["User"]["UserId"] == before

"""Another account in the configuration of a stack that is deployed already."""

import pytest

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

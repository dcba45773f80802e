"""One person is one RAM user: in another team, in another letter case, and for a second customer."""

import pytest

pytestmark = [pytest.mark.e2e, pytest.mark.life]

PROJECT = "alicloud-delegation"


@pytest.fixture
def customer(house):
    """B's stack for one customer."""

    def stack(stack_name, owner, team, **operator):
        config = house.config()
        config |= {
            f"{PROJECT}:side": "delegate",
            f"{PROJECT}:owner": {"id": owner},
            f"{PROJECT}:teams": [{"name": team, "roles": ["ecs-admin"]}],
            f"{PROJECT}:operators": [{"name": "AAA", "teams": [team], **operator}],
        }
        del config[f"{PROJECT}:roles"]
        secrets = {"delegateSecretKey": house.secrets["delegateSecretKey"]}
        return house.delegation(config, name=stack_name, secrets=secrets)

    return stack


def _groups(house):
    found = house.root(house.b).call("ListGroupsForUser", {"UserName": "AAA"})["Groups"]["Group"]
    return sorted(group["GroupName"] for group in found)


def test_a_person_serves_two_customers_from_two_stacks(house, customer, changes):
    first = customer("first", house.a.id, "team-a")
    first.up()
    second = customer("second", "99887766", "team-c", existing=True)
    second.up()
    assert house.contents(house.b)["Users"] == ["AAA"]
    assert _groups(house) == ["team-a", "team-c"]
    assert changes(first.refresh()) == changes(second.refresh()) == {}
    assert changes(customer("first", house.a.id, "team-a", name="aaa", displayName="AAA").up()) == {}
    second.destroy()
    assert _groups(house) == ["team-a"]
    first.destroy()
    assert house.is_empty()

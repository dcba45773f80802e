"""One person is one RAM user: in another team, in another letter case, and for a second customer."""

import pulumi
import pulumi_alicloud as alicloud
import pytest

from alicloud_fakes.console import Console
from pulumi_alicloud_delegation import OperatorTeam

pytestmark = [pytest.mark.e2e, pytest.mark.life]

PROJECT = "alicloud-delegation"


def _delegate(house, **values):
    """Configuration of B's stack."""
    config = house.config(side="delegate", **values)
    del config[f"{PROJECT}:roles"]
    return config


@pytest.fixture
def customer(house):
    """B's stack for one customer."""

    def stack(stack_name, owner, team, **operator):
        config = _delegate(
            house,
            owner={"id": owner},
            teams=[{"name": team, "roles": ["ecs-admin"]}],
            operators=[{"name": "AAA", "teams": [team], **operator}],
        )
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


def test_a_person_moves_from_one_customer_to_another_in_one_stack(house, changes):
    def stack(team):
        config = _delegate(
            house,
            owners=[{"id": house.a.id, "alias": "company-a"}, {"id": "99887766", "alias": "company-c"}],
            teams=[
                {"name": "team-a", "roles": ["company-a/ecs-admin"]},
                {"name": "team-c", "roles": ["company-c/ecs-admin"]},
            ],
            operators=[{"name": "AAA", "teams": [team]}],
        )
        del config[f"{PROJECT}:owner"]
        secrets = {"delegateSecretKey": house.secrets["delegateSecretKey"]}
        return house.delegation(config, secrets=secrets)

    stack("team-a").up()
    before = house.root(house.b).call("GetUser", {"UserName": "AAA"})["User"]
    moved = stack("team-c").up()
    # The membership is replaced; user, login and everything named after the person stay.
    assert changes(moved) == {"create": 1, "delete": 1}
    assert house.root(house.b).call("GetUser", {"UserName": "AAA"})["User"] == before
    assert _groups(house) == ["team-c"]
    stack("team-c").destroy()
    assert house.is_empty()


@pytest.fixture
def two_teams(house):
    """A program with two teams of one delegate, each with operators of its own."""

    def stack(**operators):
        def program():
            provider = alicloud.Provider("b", **house.provider_args(house.b))
            opts = pulumi.ResourceOptions(provider=provider)
            for team in ("day", "night"):
                args = {
                    "account_id": house.b.id,
                    "name": team,
                    "role_arns": [f"acs:ram::{house.a.id}:role/ecs-admin"],
                    "operators": [{"name": name, "teams": [team], "mfa": False} for name in operators.get(team, ())],
                }
                made = OperatorTeam(team, args, opts)
                pulumi.export(f"passwords-{team}", made.first_passwords)

        return house.stack(program)

    return stack


def test_a_person_who_moves_between_teams_keeps_user_and_password(house, two_teams, changes):
    first = two_teams(day=["AAA", "BBB"], night=["CCC"]).up()
    root = house.root(house.b)
    before = root.call("GetUser", {"UserName": "AAA"})["User"]["UserId"]
    moved = two_teams(day=["BBB"], night=["CCC", "AAA"])
    update = moved.up()
    assert changes(update) == {"create": 1, "delete": 1}  # of the membership
    assert root.call("GetUser", {"UserName": "AAA"})["User"]["UserId"] == before
    assert _groups(house) == ["night"]
    password = first.outputs["passwords-day"].value["AAA"]
    assert update.outputs["passwords-night"].value["AAA"] == password
    assert Console(house.cloud).sign_in("AAA", "company-b", password, new_password="Chosen-by-AAA-1")
    assert changes(moved.preview()) == {}


def test_a_user_who_was_renamed_by_hand_gets_the_name_back(house, customer, changes):
    stack = customer("first", house.a.id, "team-a", login=False)
    stack.up()
    root = house.root(house.b)
    before = root.call("GetUser", {"UserName": "AAA"})["User"]["UserId"]
    root.call("UpdateUser", {"UserName": "AAA", "NewUserName": "Anna"})
    stack.refresh()
    # The membership is named after the user, so a refresh does not find it.
    assert changes(stack.up()) == {"update": 1, "create": 1}
    assert root.call("GetUser", {"UserName": "AAA"})["User"]["UserId"] == before
    assert house.contents(house.b)["Users"] == ["AAA"]
    assert _groups(house) == ["team-a"]
    assert changes(stack.preview()) == changes(stack.refresh()) == {}


@pytest.mark.parametrize("other", ["99887766", "11223344"], ids=["another owner", "the same owner"])
def test_two_stacks_open_to_one_person(house, changes, other):
    def stack(name, owner, person="AAA", **operator):
        opening = {"operator": person, "team": f"night-{name}"}
        opening |= {"notBefore": "2026-01-01T00:00:00Z", "notAfter": "2099-01-01T00:00:00Z"}
        config = _delegate(
            house,
            owner={"id": owner},
            teams=[{"name": f"{when}-{name}", "roles": ["ecs-admin"]} for when in ("day", "night")],
            operators=[{"name": person, "teams": [f"day-{name}"], **operator}],
            openings=[opening],
        )
        secrets = {"delegateSecretKey": house.secrets["delegateSecretKey"]}
        return house.delegation(config, name=name, secrets=secrets)

    stack("first", house.a.id, login=False).up()
    stack("second", other, existing=True).up()
    attached = house.root(house.b).call("ListPoliciesForUser", {"UserName": "AAA"})["Policies"]["Policy"]
    first, second = sorted(one["PolicyName"] for one in attached)
    assert first == f"AAA-opened-{house.a.id}"
    assert second.startswith(f"AAA-opened-{other}-")
    # In another letter case it is the same person; only the description of the opening shows the new spelling.
    assert changes(stack("second", other, "aaa", existing=True).up()) == {"update": 1}
    assert changes(stack("first", house.a.id, "aaa", login=False, displayName="AAA").up()) == {"update": 1}
    still = house.root(house.b).call("ListPoliciesForUser", {"UserName": "AAA"})["Policies"]["Policy"]
    assert sorted(one["PolicyName"] for one in still) == [first, second]


def test_another_letter_case_of_a_team_is_named_before_anything_is_made(house, customer):
    customer("first", house.a.id, "team-a").up()
    with pytest.raises(Exception, match=r"teams\[0\]\.name: 'Team-A' is 'team-a' in the account.*\[letter-case\]"):
        customer("first", house.a.id, "Team-A").preview()
    with pytest.raises(Exception, match=r"\[letter-case\]"):
        customer("first", house.a.id, "Team-A").up()
    assert house.contents(house.b)["Groups"] == ["team-a"]


def test_a_preview_names_a_person_whose_user_was_renamed_by_hand(house, customer, output, changes):
    stack = customer("first", house.a.id, "team-a")
    stack.up()
    root = house.root(house.b)
    root.call("UpdateUser", {"UserName": "AAA", "NewUserName": "Anna"})
    assert changes(stack.preview(on_output=output)) == {}
    assert "operator AAA: the account has no such user any more" in output.text
    root.call("UpdateUser", {"UserName": "Anna", "NewUserName": "AAA"})
    output.lines.clear()
    assert changes(stack.refresh()) == changes(stack.preview(on_output=output)) == {}
    assert "no such user" not in output.text

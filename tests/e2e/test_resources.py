"""Every resource type of the stand-in through its whole life, and what each change of an input does.

Runs against the real provider too where it is installed: both have to give the same.
"""

import json
import re

import pulumi
import pulumi_alicloud as alicloud
import pytest
from pulumi.automation import CommandError
from pulumi_alicloud import ram

pytestmark = [pytest.mark.e2e, pytest.mark.life]

FIRST_PASSWORD = "First-passw0rd"
TRUST = {
    "Statement": [
        {"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"RAM": ["acs:ram::12345678:root"]}},
    ],
    "Version": "1",
}
DOCUMENT = {"Statement": [{"Action": ["ecs:Describe*"], "Effect": "Allow", "Resource": ["*"]}], "Version": "1"}
REPLACED = ["create-replacement", "delete-replaced", "replace"]
BEFORE = {
    "role": {"role_name": "ops", "description": "before", "max_session_duration": 3600, "tags": {"a": "1", "b": "2"}},
    "policy": {"policy_name": "look", "description": "before", "document": DOCUMENT},
    "user": {"name": "AAA", "display_name": "before", "comments": "before"},
    "group": {"group_name": "team", "comments": "before"},
    "login": {"password_reset_required": True},
    "key": {"status": "Active"},
    "alias": "company-a",
}


def program(house, wanted):
    """All types, wired as people wire them."""

    def run():
        opts = pulumi.ResourceOptions(provider=alicloud.Provider("a", **house.provider_args(house.a)))
        role = ram.Role("role", assume_role_policy_document=json.dumps(TRUST), opts=opts, **wanted["role"])
        policy = ram.Policy(
            "policy",
            policy_document=json.dumps(wanted["policy"]["document"]),
            opts=opts,
            **{key: value for key, value in wanted["policy"].items() if key != "document"},
        )
        user = ram.User("user", opts=opts, **wanted["user"])
        member = ram.User("member", name="CCC", display_name="CCC", opts=opts)
        group = ram.Group("group", opts=opts, **wanted["group"])
        crowd = ram.Group("crowd", group_name="crowd", opts=opts)
        grant = {"policy_name": policy.policy_name, "policy_type": policy.type}
        ram.RolePolicyAttachment("grant-role", role_name=role.role_name, opts=opts, **grant)
        ram.GroupPolicyAttachment("grant-group", group_name=group.group_name, opts=opts, **grant)
        ram.UserPolicyAttachment("grant-user", user_name=user.name, opts=opts, **grant)
        ram.UserGroupAttachment("in-team", group_name=group.group_name, user_name=user.name, opts=opts)
        ram.GroupMembership("crowd", group_name=crowd.group_name, user_names=[member.name], opts=opts)
        password = pulumi.Output.secret(FIRST_PASSWORD)
        ram.LoginProfile("login", user_name=user.name, password=password, opts=opts, **wanted["login"])
        key = ram.AccessKey("key", user_name=user.name, opts=opts, **wanted["key"])
        ram.AccountAlias("alias", account_alias=wanted["alias"], opts=opts)
        pulumi.export("secret", key.secret)
        pulumi.export("roleArn", role.arn)

    return run


def changed(**parts):
    return {
        name: {**value, **parts[name]} if isinstance(value, dict) and name in parts else parts.get(name, value)
        for name, value in BEFORE.items()
    }


def steps(stack, operation="up", **options):
    """Operations of the engine on each resource, by its name: `update`, `replace`, ...; none if unchanged."""
    found = {}

    def remember(event):
        if event.resource_pre_event:
            step = event.resource_pre_event.metadata
            kind = str(getattr(step.op, "value", step.op))
            if kind not in {"same", "refresh"}:
                found.setdefault(step.urn.rpartition("::")[2], set()).add(kind)

    getattr(stack, operation)(on_event=remember, **options)
    return {name: sorted(kinds) for name, kinds in found.items() if name != "resources-dev"}


@pytest.fixture
def deployed(house):
    stack = house.stack(program(house, BEFORE))
    stack.up()
    return stack


def test_all_types_come_stay_and_go(house, deployed, changes, state_of):
    assert changes(deployed.up()) == {}
    assert changes(deployed.refresh()) == {}
    assert changes(deployed.preview(expect_no_changes=True)) == {}
    resources, _ = state_of(deployed)
    ids = {each["urn"].rpartition("::")[2]: each.get("id") for each in resources if each["type"].startswith("alicloud")}
    assert ids.pop("user").isdigit()
    assert ids.pop("key").startswith("FAKE")
    assert {name: ids[name] for name in ("role", "policy", "group", "login", "alias")} == {
        "role": "ops", "policy": "look", "group": "team", "login": "AAA", "alias": house.a.id,
    }  # fmt: skip
    assert ids["grant-role"] == "role:look:Custom:ops"
    assert ids["grant-user"] == "user:look:Custom:AAA"
    assert ids["in-team"] == "team:AAA"
    deployed.destroy()
    assert house.is_empty()


def outputs_of(resources, name, *, kind):
    return next(
        each["outputs"] for each in resources if each["urn"].endswith(f"::{name}") and each["type"].endswith(kind)
    )


def test_outputs_are_those_of_the_provider(deployed, state_of):
    resources, _ = state_of(deployed)
    role = outputs_of(resources, "role", kind=":Role")
    assert role["arn"] == "acs:ram::11223344:role/ops"
    assert re.fullmatch(r"\d{15,18}", role["roleId"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", role["createTime"])
    assert (role["name"], role["ramUsers"], role["tags"]) == ("ops", ["acs:ram::12345678:root"], {"a": "1", "b": "2"})
    assert json.loads(role["assumeRolePolicyDocument"]) == json.loads(role["document"]) == TRUST
    policy = outputs_of(resources, "policy", kind=":Policy")
    assert (policy["type"], policy["defaultVersion"], policy["versionId"]) == ("Custom", "v1", "v1")
    login = outputs_of(resources, "login", kind=":LoginProfile")
    assert (login["userName"], login["passwordResetRequired"]) == ("AAA", True)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"role": {"description": "after", "max_session_duration": 7200}}, {"role": ["update"]}),
        ({"role": {"tags": {"b": "3", "c": "4"}}}, {"role": ["update"]}),
        ({"policy": {"document": {**DOCUMENT, "Statement": []} | {"Statement": DOCUMENT["Statement"] * 2}}},
         {"policy": ["update"]}),
        ({"user": {"display_name": "after", "comments": "after"}}, {"user": ["update"]}),
        ({"group": {"comments": "after"}}, {"group": ["update"]}),
        ({"login": {"password_reset_required": False}}, {"login": ["update"]}),
        ({"key": {"status": "Inactive"}}, {"key": ["update"]}),
        ({"alias": "company-x"}, {"alias": ["update"]}),
        ({"role": {"role_name": "operators"}}, dict.fromkeys(["role", "grant-role"], REPLACED)),
        ({"group": {"group_name": "crew"}}, dict.fromkeys(["group", "grant-group", "in-team"], REPLACED)),
    ],
)  # fmt: skip
def test_a_change_of_an_input(house, deployed, changes, change, expected):
    stack = house.stack(program(house, changed(**change)))
    assert steps(stack) == expected
    assert changes(stack.up()) == {}
    assert changes(stack.refresh()) == {}


def test_a_description_taken_away_is_gone_in_the_cloud(house, deployed, changes):
    wanted = {**BEFORE, "role": {"role_name": "ops", "max_session_duration": 3600, "tags": BEFORE["role"]["tags"]}}
    stack = house.stack(program(house, wanted))
    assert steps(stack) == {"role": ["update"]}
    assert not house.root(house.a).call("GetRole", {"RoleName": "ops"})["Role"].get("Description")
    assert changes(stack.up()) == {}


def test_a_resource_deleted_by_hand_is_made_again(house, deployed, changes):
    root = house.root(house.a)
    root.call("DetachPolicyFromRole", {"RoleName": "ops", "PolicyName": "look", "PolicyType": "Custom"})
    root.call("DeleteLoginProfile", {"UserName": "AAA"})
    root.call("RemoveUserFromGroup", {"UserName": "AAA", "GroupName": "team"})
    assert changes(deployed.refresh())["delete"] == 3
    assert steps(deployed) == {"grant-role": ["create"], "login": ["create"], "in-team": ["create"]}
    assert changes(deployed.refresh()) == {}


def test_a_refusal_of_the_cloud_is_shown_with_its_code(house):
    house.root(house.a).call("CreateGroup", {"GroupName": "team"})
    with pytest.raises(CommandError, match=r"EntityAlreadyExists\.Group"):
        house.stack(program(house, BEFORE)).up()

"""The policies of docs/guides/deployer.md are enough for the life of a delegation, and each statement is needed."""

import json
import re
from pathlib import Path

import pytest
from pulumi.automation import CommandError

pytestmark = [pytest.mark.e2e, pytest.mark.life]

PAGE = Path(__file__).parents[2] / "docs" / "guides" / "deployer.md"
PROJECT = "alicloud-delegation"
OWNER, DELEGATE = (json.loads(block) for block in re.findall(r"```json\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL))


@pytest.fixture
def deployers(house):
    """Users with these policies, by side: key ID and secret."""

    def make(**policies):
        keys = {}
        for side, document in policies.items():
            root = house.root(house.a if side == "owner" else house.b)
            root.call("CreateUser", {"UserName": "deployer"})
            root.call("CreatePolicy", {"PolicyName": "deployer", "PolicyDocument": json.dumps(document)})
            wanted = {"PolicyName": "deployer", "PolicyType": "Custom", "UserName": "deployer"}
            root.call("AttachPolicyToUser", wanted)
            key = root.call("CreateAccessKey", {"UserName": "deployer"})["AccessKey"]
            keys[side] = (key["AccessKeyId"], key["AccessKeySecret"])
        return keys

    return make


@pytest.fixture
def deploy(house):
    """Stacks deployed with these keys."""

    def stack(keys, **changes):
        config = house.config("recommended", **changes)
        for side, (key, _) in keys.items():
            config[f"{PROJECT}:{side}"]["accessKey"] = key
        own = [{"name": "own", "document": {"Version": "1", "Statement": [_describe("ecs:Describe*")]}}]
        config[f"{PROJECT}:roles"][0]["policies"] = own
        return house.delegation(config, secrets={f"{side}SecretKey": secret for side, (_, secret) in keys.items()})

    return stack


def _describe(action):
    return {"Effect": "Allow", "Action": [action], "Resource": ["*"]}


def test_the_documented_policies_are_enough_for_a_whole_life(house, deployers, deploy):
    keys = deployers(owner=OWNER, delegate=DELEGATE)
    deploy(keys).up()
    people = [{"name": name, "teams": ["engineers"], "displayName": "Anna"} for name in ("AAA", "BBB")]
    deploy(keys, operators=[*people, {"name": "agent", "kind": "application", "teams": ["agents"]}]).up()
    stack = deploy(keys, state="suspended")
    stack.up()
    stack.refresh()
    deploy(keys).up()
    deploy(keys).destroy()
    assert house.contents(house.a)["Roles"] == []
    assert house.contents(house.b)["Users"] == ["deployer"]


@pytest.mark.parametrize("left_out", ["ram:CreateRole", "ram:AttachPolicyToRole"])
def test_without_one_of_its_actions_a_deployment_is_refused(deployers, deploy, left_out):
    statements = [
        {**one, "Action": [action for action in one["Action"] if action != left_out]} for one in OWNER["Statement"]
    ]
    keys = deployers(owner={"Version": "1", "Statement": statements}, delegate=DELEGATE)
    with pytest.raises(CommandError, match="NoPermission"):
        deploy(keys).up()

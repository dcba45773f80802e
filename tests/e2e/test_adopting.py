"""Roles, groups and users that somebody has made by hand become part of a stack: `alicloud-delegation adopt`."""

import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))
from code_blocks import blocks
from interruptions import Project

pytestmark = [pytest.mark.e2e, pytest.mark.life]

PEOPLE = [{"name": "AAA", "teams": ["engineers"], "login": False}]
COMMANDS = [line for one in blocks("sh", page="docs/adopting.md") for line in one.text.splitlines()]
"""The commands of the page, in their order."""
CHANGES = ("Create", "Delete", "Attach", "Detach", "Add", "Remove", "Update")


class Adopting(Project):
    """A stack that is not deployed yet, and the resources that its program would make."""

    def config(self):
        roles = [{"name": "ecs-admin", "systemPolicies": ["AliyunECSFullAccess"], "trust": {"mfa": True}}]
        teams = [{"name": "engineers", "roles": ["ecs-admin"]}]
        return self.house.config("recommended", roles=roles, teams=teams, operators=PEOPLE)

    def wanted(self):
        """Inputs of what the program would make, by type."""
        code, out, err = self.pulumi("preview", "--json")
        assert code == 0, out + err
        found = {}
        for step in json.loads(out)["steps"]:
            found.setdefault(step["urn"].split("::")[2].rpartition(":")[2], []).append(step["newState"].get("inputs"))
        return found

    def make_by_hand(self):
        """Make all of it through the SDK, as if by hand in the console, and more."""
        wanted, a, b = self.wanted(), self.house.root(self.house.a), self.house.root(self.house.b)
        (role,), (group,), (user,), (policy,) = (wanted[kind] for kind in ("Role", "Group", "User", "Policy"))
        trust = json.dumps(json.loads(role["assumeRolePolicyDocument"]), indent=2, sort_keys=True)
        described = {"Description": role.get("description") or ""}
        given = {
            **described,
            "RoleName": role["roleName"],
            "AssumeRolePolicyDocument": trust,
            "MaxSessionDuration": 3600,
        }
        a.call("CreateRole", given)
        for name in ("AliyunECSFullAccess", "AliyunOSSReadOnlyAccess"):
            a.call("AttachPolicyToRole", {"RoleName": role["roleName"], "PolicyName": name, "PolicyType": "System"})
        b.call("CreateUser", {"UserName": user["name"], "DisplayName": user["displayName"]})
        b.call("CreateLoginProfile", {"UserName": user["name"], "Password": "Her-Own-Password-1"})
        b.call("CreateGroup", {"GroupName": group["groupName"]})
        b.call("AddUserToGroup", {"GroupName": group["groupName"], "UserName": user["name"]})
        described = {"Description": policy.get("description") or ""}
        document = {"PolicyName": policy["policyName"], "PolicyDocument": policy["policyDocument"]}
        b.call("CreatePolicy", {**described, **document})
        attached = {"PolicyName": policy["policyName"], "PolicyType": "Custom", "GroupName": group["groupName"]}
        b.call("AttachPolicyToGroup", attached)

    def adopt(self, *words):
        """`alicloud-delegation adopt`: its exit code, its steps as (what, title), and all that it printed."""
        command = [sys.executable, "-m", "pulumi_alicloud_delegation", "adopt"]
        code, out, err = self.run(*command, "--stack", "dev", "--json", *words)
        steps = [(step["do"], step["title"], step.get("id", "")) for step in json.loads(out)["steps"]] if out else []
        return code, steps, out + err

    def changed(self):
        """Actions that changed something in either account."""
        calls = [call for call in self.house.cloud.calls.records if call.status == 200]
        return [call.action for call in calls if call.action.startswith(CHANGES)]


@pytest.fixture
def project(house):
    return Adopting(house)


def test_existing_resources_are_adopted_and_none_is_made_again(project, house):
    project.make_by_hand()
    user, before = house.b.ram.users.get("AAA"), project.changed()

    code, _, said = project.adopt()
    assert (code, "[not-prepared]" in said) == (2, True)
    for command in COMMANDS:
        program, *words = command.split()
        if program == "pulumi":
            code, out, err = project.pulumi(*words)
            assert code == 0, out + err
            continue
        code, steps, said = project.adopt(*words[1:])
        assert (code, {what for what, _, _ in steps}) == (0, {"import"}), said
        assert ("import", "user AAA", user.id) in steps
        assert "AliyunOSSReadOnlyAccess besides" in said
        assert len(steps) == 7
    assert project.adopt()[:2] == (0, [])
    assert project.changed() == before
    assert house.b.ram.users.get("AAA") is user


def test_differing_resources_and_personal_logins_are_not_adopted(project, house):
    project.make_by_hand()
    role = house.a.ram.roles.get("ecs-admin")
    house.root(house.a).call("UpdateRole", {"RoleName": role.name, "NewDescription": "of the last contractor"})
    config = project.config()
    config["alicloud-delegation:operators"] = [{**PEOPLE[0], "login": True, "mfa": False}]
    house.delegation(config, name="dev")
    code, steps, said = project.adopt("--yes")
    assert code == 1
    left = {title for what, title, _ in steps if what == "left"}
    assert left == {"role ecs-admin", "policy AliyunECSFullAccess of role ecs-admin", "login of AAA"}
    assert "of the last contractor" in said
    assert "write login: false for AAA" in said
    assert role.description == "of the last contractor"

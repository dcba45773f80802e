"""Updates that are interrupted, and the way back: `alicloud-delegation recover`."""

import os
import random
import shutil
import sys
from pathlib import Path

import pytest

from alicloud_fakes.cloud import snapshot

sys.path.insert(0, str(Path(__file__).parent))

from interruptions import CHANGES, Project

pytestmark = [pytest.mark.e2e, pytest.mark.life]

KILLS = int(os.environ.get("RECOVER_KILLS", "0"))
SEED = int(os.environ.get("RECOVER_SEED", "1"))
MOST_CHANGES = 27
"""Number of changes of the whole deployment."""


@pytest.fixture
def project(house):
    return Project(house)


FOUND = {
    "CreateGroup": ("import", "group "),
    "CreateRole": ("import", "role "),
    "CreatePolicy": ("import", "policy "),
    "CreateUser": ("import", "user "),
    "AttachPolicyToRole": ("import", "policy "),
    "AttachPolicyToGroup": ("import", "policy "),
    "AddUserToGroup": ("import", "membership "),
    "CreateLoginProfile": ("reset-login", "login "),
    "CreateAccessKey": ("delete-key", "access key "),
}
"""The step of a recovery for the change at which the engine was killed."""


def test_at_whatever_change_the_engine_is_killed_the_stack_comes_to_be(project):
    left = dict(FOUND)
    while left:
        # One change at a time, so that every run has made the same changes when the engine is killed.
        at = project.killed_at("|".join(left), 1, "--parallel", "1")
        what, title = left.pop(at)
        if what == "delete-key":
            before = project.keys(), project.state()
            assert project.recover()[0] == 0
            assert (project.keys(), project.state()) == before  # without --yes nothing changes
        code, steps, shown = project.recover("--yes")
        assert (code, [do for do, _ in steps]) == (0, [what]), shown
        assert steps[0][1].startswith(title)
        assert "ciphertext" not in shown
    code, out, err = project.up()
    assert code == 0, out + err
    project.assert_everything_works()
    assert project.recover()[:2] == (0, [])


@pytest.mark.parametrize("action", ["CreateUser", "CreateAccessKey"])
def test_an_answer_that_is_lost_leaves_no_operation_and_is_found_by_the_preview(project, action):
    assert project.lost_at(action)
    code, steps, _ = project.recover("--yes")
    assert (code, bool(steps)) == (0, True)
    code, out, err = project.up()
    assert code == 0, out + err
    project.assert_everything_works()


def test_a_user_who_was_renamed_by_hand_is_the_same_user_again(project):
    assert project.up()[0] == 0
    root = project.house.root(project.house.b)
    before = root.call("GetUser", {"UserName": "AAA"})["User"]["UserId"]
    root.call("UpdateUser", {"UserName": "AAA", "NewUserName": "Anna"})
    assert project.pulumi("refresh", "--yes", "--skip-preview")[0] == 0
    code, out, err = project.up()
    assert (code != 0, "EntityAlreadyExists.User.LoginProfile" in out + err) == (True, True)
    assert root.call("GetUser", {"UserName": "AAA"})["User"]["UserId"] == before
    code, steps, shown = project.recover("--yes")
    assert (code, [do for do, _ in steps]) == (0, ["reset-login"]), shown
    code, out, err = project.up()
    assert code == 0, out + err
    project.assert_everything_works()


def test_resources_made_by_others_are_left_alone(project):
    root = project.house.root(project.house.b)
    root.call("CreateUser", {"UserName": "AAA", "DisplayName": "Anna of sales"})
    code, out, err = project.up()
    assert code != 0
    assert "EntityAlreadyExists.User" in out + err
    code, steps, shown = project.recover("--yes")
    assert code == 1
    assert ("left", "user AAA") in steps
    assert "'Anna of sales', not 'AAA'" in shown
    assert root.call("GetUser", {"UserName": "AAA"})["User"]["DisplayName"] == "Anna of sales"
    root.call("DeleteUser", {"UserName": "AAA"})
    code, out, err = project.up()
    assert code == 0, out + err
    project.assert_everything_works()


def test_an_update_and_a_deletion_that_were_interrupted_are_read_again(project):
    assert project.up()[0] == 0
    config = project.config()
    roles = config["alicloud-delegation:roles"]
    roles[0]["description"] = "Changed"
    project.house.delegation(config, name="dev")
    assert project.killed_at("UpdateRole")
    code, steps, _ = project.recover("--yes")
    assert (code, [do for do, _ in steps]) == (0, ["refresh"])
    assert project.up()[0] == 0
    del roles[0]["policies"]
    project.house.delegation(config, name="dev")
    assert project.killed_at("DetachPolicyFromRole")
    assert project.recover("--yes")[0] == 0
    assert project.up()[0] == 0
    project.assert_everything_works()


@pytest.mark.parametrize("action", ["DetachPolicyFromRole", "AttachPolicyToRole"])
def test_a_suspension_that_was_interrupted_is_finished_by_the_next_update(project, action):
    assert project.up()[0] == 0
    config = {**project.config(), "alicloud-delegation:state": "suspended"}
    project.house.delegation(config, name="dev")
    assert project.killed_at(action)
    code, _, shown = project.recover("--yes")
    assert code == 0, shown
    code, out, err = project.up()
    assert code == 0, out + err
    root = project.house.root(project.house.a)
    for role in ("ecs-admin", "ecs-monitoring"):
        [attached] = root.call("ListPoliciesForRole", {"RoleName": role})["Policies"]["Policy"]
        assert attached["PolicyName"] == f"{role}-suspended"
    assert project.changes() == {}


@pytest.mark.parametrize("number", range(KILLS))
def test_recovery_after_a_random_kill_lets_the_next_update_pass(project, number, campaign):
    """As `make fuzz-recover` runs it: the same kill once without a recovery and once with one."""
    chance = random.Random(SEED * 1000 + number)
    nth = chance.randint(1, MOST_CHANGES)
    assert project.killed_at(CHANGES.pattern, nth), f"the deployment has fewer than {nth} changes"
    state, cloud = project.folder / "state", snapshot.take(project.house.cloud)
    shutil.copytree(state, project.folder / "copy")
    project.pulumi("cancel", "--yes")
    code, out, err = project.up()
    stuck, cut_off = ("EntityAlreadyExists" in out + err, "failed to load checkpoint" in out + err)
    orphans = 0 if cut_off else len(project.orphans())
    shutil.rmtree(state)
    shutil.move(project.folder / "copy", state)
    snapshot.restore(project.house.cloud, cloud)
    code, steps, shown = project.recover("--yes")
    assert code == 0, shown
    code, out, err = project.up()
    assert code == 0, out + err
    project.assert_everything_works()
    campaign.append(
        {"kill": nth, "at": project.trap.sprung, "stuck": stuck, "cut off": cut_off, "orphans": orphans, "steps": steps}
    )

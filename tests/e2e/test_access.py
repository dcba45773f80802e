"""Output of the real engine, read by `access`: previews and states of the program."""

import json
from dataclasses import replace

import pytest
from pulumi import automation
from typer.testing import CliRunner

from access_cli import app

INSTANCE = "acs:ecs:cn-hangzhou:11223344:instance/i-1"


class JsonPreviews(automation.PulumiCommand):
    """The Pulumi CLI with `--json` at previews, which the Automation API has no option for."""

    def __init__(self):
        super().__init__()
        self.printed = ""

    def run(self, args, cwd, additional_env, on_output=None, on_error=None):
        if args[0] != "preview":
            return super().run(args, cwd, additional_env, on_output, on_error)
        result = super().run([*args, "--json", "--show-sames"], cwd, additional_env, None, on_error)
        self.printed = result.stdout
        return result


@pytest.fixture
def previews(house):
    command = JsonPreviews()
    house.workspace = replace(house.workspace, engine=command)
    return command


@pytest.fixture
def access(tmp_path, previews):
    def run(*words):
        (tmp_path / "plan.json").write_text(previews.printed, "utf-8")
        result = CliRunner().invoke(app, [word.replace("PLAN", str(tmp_path / "plan.json")) for word in words])
        assert result.exit_code == 0, result.output
        return result.stdout

    return run


def test_a_preview_of_everything_is_reviewed(house, previews, access):
    house.delegation().preview()
    lines = access("diff", "PLAN").splitlines()
    assert (
        "+ user AAA of company-b (12345678) can assume role ecs-admin of company-a (11223344) without conditions"
        in lines
    )
    assert "+ role ecs-admin of company-a (11223344) trusts account 12345678" in lines
    assert all(line.startswith(("+ ", "    ")) for line in lines)  # additions, with their hazards below them
    assert any(line.startswith("    ! releases") for line in lines)
    comment = access("diff", "PLAN", "--format", "markdown")
    assert comment.startswith("## Access")
    assert "| \\+ | role ecs-admin of company-a (11223344) | trusts account 12345678 |" in comment


def test_narrowing_takes_access_away(house, previews, access):
    house.delegation().up()
    narrowed = house.config(roles=[{"name": "ecs-admin", "systemPolicies": ["AliyunECSReadOnlyAccess"]}])
    house.delegation(narrowed).preview()
    answer = json.loads(access("diff", "PLAN", "--json", "--expect", "no-additions"))
    assert answer["removes"]
    assert answer["notKnown"] == []
    access("can", "AAA", "ecs:StopInstance", INSTANCE, "--preview", "PLAN", "--expect", "denied")
    access("can", "AAA", "ecs:DescribeInstances", INSTANCE, "--preview", "PLAN", "--expect", "allowed")


def test_a_preview_without_changes_changes_no_access(house, previews, access):
    stack = house.delegation()
    stack.up()
    stack.preview()
    assert "No access is added or removed." in access("diff", "PLAN", "--format", "markdown", "--expect", "no-changes")


def test_the_state_and_the_fake_say_the_same(house, previews, access, tmp_path):
    stack = house.delegation()
    stack.up()
    state = tmp_path / "state.json"
    state.write_text(json.dumps({"version": 3, "deployment": stack.export_stack().deployment}), "utf-8")
    question = ("who-can", "ecs:StopInstance", INSTANCE, "--expect", "AAA", "--json")
    of_state = json.loads(access(*question, "--state", str(state)))["access"]
    of_fake = json.loads(access(*question, "--fake", house.server.url))["access"]
    assert of_state == of_fake
    assert of_state[0]["path"][0] == "user AAA of company-b (12345678)"

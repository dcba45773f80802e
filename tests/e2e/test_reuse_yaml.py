"""The component plugin, used by a program without code: examples/yaml-project on the engine and the fake."""

import json
import os
import shutil
import subprocess
import sysconfig
from pathlib import Path

import pytest
import yaml

pytestmark = [pytest.mark.e2e, pytest.mark.life]

PROJECT = Path(__file__).resolve().parents[2] / "examples" / "yaml-project"
SCRIPTS = sysconfig.get_path("scripts")


class Pulumi:
    """The Pulumi CLI in a copy of the project."""

    def __init__(self, house, environment):
        self.folder = house.folder / "yaml-project"
        shutil.copytree(PROJECT, self.folder)
        path = os.pathsep.join([SCRIPTS, environment["PATH"]])
        self.environment = {**environment, "PATH": path, "PULUMI_HOME": str(house.folder / "home")}
        self.shown = ""
        self("stack", "init", "dev")
        values = {"ownerAccessKey": house.a.root_key.id, "delegateAccessKey": house.b.root_key.id}
        for key, value in {**values, "endpoint": house.server.endpoint}.items():
            self("config", "set", key, value)
        for key, account in {"ownerSecretKey": house.a, "delegateSecretKey": house.b}.items():
            self("config", "set", "--secret", key, account.root_key.secret)

    def __call__(self, *arguments, succeeds=True):
        done = subprocess.run(
            ["pulumi", "--non-interactive", *arguments],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        text = done.stdout + done.stderr
        if "--show-secrets" not in arguments:
            self.shown += text
        assert (done.returncode == 0) is succeeds, text
        return done.stdout if succeeds else text

    def change(self, change):
        """Change the program."""
        file = self.folder / "Pulumi.yaml"
        program = yaml.safe_load(file.read_text("utf-8"))
        change(program["resources"]["delegation"]["properties"])
        file.write_text(yaml.safe_dump(program, sort_keys=False), "utf-8")


@pytest.fixture
def pulumi(house):
    return Pulumi(house, dict(house.workspace.environment))


def test_a_yaml_program_deploys_changes_and_ends_a_delegation(house, pulumi, state_of):
    pulumi("preview")
    assert house.is_empty()
    pulumi("up", "--yes", "--skip-preview")
    assert house.contents(house.a)["Roles"] == ["ecs-admin"]
    assert house.contents(house.b)["Users"] == ["AAA", "agent"]
    pulumi("up", "--yes", "--skip-preview", "--expect-no-changes")

    outputs = json.loads(pulumi("stack", "output", "--json", "--show-secrets"))
    key = outputs["accessKeys"]["agent"]["1"]
    arn = outputs["roleArns"]["ecs-admin"]
    application = house.client(key["id"], key["secret"])
    session = application.call("AssumeRole", {"RoleArn": arn, "RoleSessionName": "agent"}, product="sts")
    assert session["Credentials"]["SecurityToken"]

    exported = pulumi("stack", "export")
    secrets = [house.a.root_key.secret, house.b.root_key.secret, key["secret"], outputs["firstPasswords"]["AAA"]]
    for secret in secrets:
        assert secret not in exported
        assert secret not in pulumi.shown

    pulumi.change(lambda given: given["operators"].append({"name": "BBB", "teams": ["operators"]}))
    pulumi("up", "--yes", "--skip-preview")
    assert house.contents(house.b)["Users"] == ["AAA", "BBB", "agent"]
    again = json.loads(pulumi("stack", "output", "--json", "--show-secrets"))
    assert again["firstPasswords"]["AAA"] == outputs["firstPasswords"]["AAA"]

    pulumi("destroy", "--yes", "--skip-preview")
    assert house.is_empty()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda given: given["owner"].update(id="company-a"), "owner.id: 'company-a'"),
        (lambda given: given["owner"].update(id="999"), "whose credentials belong to 11223344"),
        (lambda given: given["roles"][0].update(maxSessionDuration=1), "is not between 3600 and 43200"),
        (lambda given: given["teams"][0].update(roles=["rds"]), "'rds' is not a role"),
        (lambda given: given["roles"][0].update(sytemPolicies=[]), "sytemPolicies"),
        (lambda given: given["roles"][0].update(name=None), "roles[0].name: None is missing. Fix: add 'name'"),
        (lambda given: given["roles"][0].update(maxSessionDuration=float("inf")), "inf is not a whole number"),
    ],
    ids=[
        "account id",
        "account of the provider",
        "session length",
        "undefined role",
        "unknown key",
        "no name",
        "no number",
    ],
)
def test_bad_input_is_explained_before_anything_is_created(house, pulumi, change, says):
    pulumi.change(change)
    shown = pulumi("preview", succeeds=False)
    diagnostics = shown.partition("Diagnostics:")[2].splitlines()
    assert len([line for line in diagnostics if "rror" in line and says in line]) == 1
    assert 'File "' not in shown
    assert house.is_empty()


BUYS = {"Version": "1", "Statement": [{"Effect": "Allow", "Action": "bss:PayOrder", "Resource": "*"}]}


def test_never_is_proved_at_every_preview_of_the_plugin(house, pulumi):
    pulumi.change(lambda given: given.update(never=["bss:*", "kms:Decrypt"]))
    pulumi("up", "--yes", "--skip-preview")
    assert house.contents(house.a)["Roles"] == ["ecs-admin"]
    pulumi.change(lambda given: given["roles"][0].update(policies=[{"name": "buys", "document": json.dumps(BUYS)}]))
    for command in (("preview",), ("up", "--yes", "--skip-preview")):
        shown = " ".join(pulumi(*command, succeeds=False).split())
        assert "never: ['bss:*', 'kms:Decrypt'] is not kept" in shown
        assert "bss:PayOrder" in shown, "a request that shows it"
    assert house.contents(house.a)["Policies"] == []
    pulumi.change(lambda given: given.update(never=["kms:Decrypt"]))
    pulumi("up", "--yes", "--skip-preview")
    assert house.contents(house.a)["Policies"] == ["buys"]


def test_the_schema_describes_every_input_and_output(house, pulumi):
    schema = json.loads(pulumi("package", "get-schema", str(Path(SCRIPTS) / "pulumi-resource-alicloud-delegation")))
    silent = [
        f"{token}.{name}"
        for token, one in {**schema["resources"], **schema["types"]}.items()
        for kind in ("properties", "inputProperties")
        for name, value in one.get(kind, {}).items()
        if not value.get("description")
    ]
    assert silent == []
    assert set(schema["resources"]) == {
        f"alicloud-delegation:index:{name}" for name in ("CrossAccountDelegation", "DelegatedRole", "OperatorTeam")
    }
    assert all(one["description"] for one in {**schema["resources"], **schema["types"]}.values())

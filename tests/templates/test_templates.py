"""Each template is a project whose own tests pass, from `alicloud-delegation new` and as `pulumi new` copies it."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from pulumi_alicloud_delegation.commands.project import app, templates

NAMES = ["both", "delegate", "owner", "tests-only"]


def test_the_templates_are_the_ones_that_the_help_names():
    assert list(templates()) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_the_tests_of_a_new_project_pass(name, tmp_path):
    folder = tmp_path / "my-project"
    result = CliRunner().invoke(app, ["new", str(folder), "--template", name])
    assert result.exit_code == 0, result.output
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(folder), str(folder)]
    done = subprocess.run(command, cwd=folder, env=dict(os.environ), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_change_that_a_readme_suggests_fails_with_the_way(tmp_path):
    folder = tmp_path / "my-project"
    CliRunner().invoke(app, ["new", str(folder), "--template", "tests-only"])
    assert "`AdministratorAccess`" in (folder / "README.md").read_text("utf-8")
    program = (folder / "__main__.py").read_text("utf-8")
    changed = re.sub(r'policy_name="\w+"', 'policy_name="AdministratorAccess"', program)
    assert changed != program
    (folder / "__main__.py").write_text(changed, "utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(folder), str(folder)]
    done = subprocess.run(command, cwd=folder, env=dict(os.environ), capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "1 failed, 1 passed" in done.stdout
    assert re.search(r"first extra item.*role auditor.*AdministratorAccess", done.stdout), done.stdout


@pytest.mark.parametrize("name", NAMES)
def test_a_new_project_is_named_in_all_its_files(name, tmp_path):
    folder = tmp_path / "my-project"
    CliRunner().invoke(app, ["new", str(folder), "--template", name])
    project = yaml.safe_load((folder / "Pulumi.yaml").read_text("utf-8"))
    assert project["name"] == "my-project"
    assert "${" not in project["description"]
    for file in folder.rglob("*"):
        assert "${PROJECT}" not in file.read_text("utf-8"), file
    for stack in folder.glob("Pulumi.*.yaml"):
        assert {key.partition(":")[0] for key in yaml.safe_load(stack.read_text("utf-8"))["config"]} == {"my-project"}


@pytest.mark.parametrize("name", NAMES)
def test_pulumi_new_knows_it_as_a_template(name):
    project = yaml.safe_load((templates()[name] / "Pulumi.yaml").read_text("utf-8"))
    assert project["template"]["description"]
    assert (project["name"], project["description"]) == ("${PROJECT}", "${DESCRIPTION}")


@pytest.mark.parametrize("name", NAMES)
def test_a_readme_is_one_screen(name):
    assert len((templates()[name] / "README.md").read_text("utf-8").splitlines()) <= 40


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["{folder}", "--template", "botj"], "template: 'botj' is not a template. Fix: use one of both, "),
        (["{taken}"], "is not an empty folder"),
        (["{folder}", "--name", "a b"], "name: 'a b' cannot be the name of a Pulumi project"),
    ],
)
def test_an_impossible_setting_is_explained_in_one_sentence(arguments, message, tmp_path):
    taken = tmp_path / "taken"
    taken.mkdir()
    (taken / "file").touch()
    given = [one.format(folder=tmp_path / "new", taken=taken) for one in arguments]
    result = CliRunner().invoke(app, ["new", *given])
    assert result.exit_code == 2
    assert message in result.output
    assert len(result.output.strip().splitlines()) == 1
    assert not Path(tmp_path / "new").exists()


def test_the_version_is_printed():
    assert CliRunner().invoke(app, ["--version"]).output.startswith("alicloud-delegation 0.")

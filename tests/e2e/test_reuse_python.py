"""The components as a library: examples/python-project in another folder, with this repository installed by pip."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.e2e, pytest.mark.life]

ROOT = Path(__file__).resolve().parents[2]
# What the Python language host does with a project, by the Automation API: one process, the project's own folder.
DEPLOY = """
import json, os, runpy, sys
from pathlib import Path
from pulumi import automation
import pulumi_alicloud_delegation
assert Path(pulumi_alicloud_delegation.__file__).is_relative_to(sys.argv[2]), pulumi_alicloud_delegation.__file__
stack = automation.create_or_select_stack(
    "dev",
    project_name="python-project",
    program=lambda: (runpy.run_path("__main__.py"), None)[1],
    opts=automation.LocalWorkspaceOptions(env_vars=dict(os.environ)),
)
for key, value in json.loads(os.environ["SETTINGS"]).items():
    stack.set_config(key, automation.ConfigValue(value, secret="ecret" in key), path=True)
print(stack.up().summary.resource_changes)
print(json.dumps({key: output.value for key, output in stack.outputs().items()}))
again = stack.up().summary.resource_changes
assert set(again) == {"same"}, again
if sys.argv[1] == "destroy":
    stack.destroy()
"""


@pytest.fixture(scope="session")
def installed(tmp_path_factory):
    """The repository, built and installed into a folder of its own. Nothing is fetched: what it needs is here."""
    target = tmp_path_factory.mktemp("installed")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--no-build-isolation"]
    done = subprocess.run([*command, "--target", target, ROOT], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return target


def test_a_project_in_another_folder_deploys_what_was_offered(house, installed, tmp_path):
    project = tmp_path / "elsewhere" / "python-project"
    shutil.copytree(ROOT / "examples" / "python-project", project)
    endpoint = house.server.endpoint
    settings = {
        "alicloud:region": "cn-hangzhou",
        "alicloud:accessKey": house.a.root_key.id,
        "alicloud:secretKey": house.a.root_key.secret,
        "alicloud:protocol": "HTTP",
        "alicloud:accountType": "International",
        "alicloud:skipRegionValidation": "true",
        **{f"alicloud:endpoints[0].{product}": endpoint for product in ("ram", "sts", "ims")},
    }
    environment = {
        **house.workspace.environment,
        "PULUMI_HOME": str(house.folder / "home"),
        "PYTHONPATH": str(installed),
        "SETTINGS": json.dumps(settings),
    }

    def deploy(mode):
        done = subprocess.run(
            [sys.executable, "-c", DEPLOY, mode, str(installed)],
            cwd=project,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert house.a.root_key.secret not in done.stdout + done.stderr
        return done.stdout

    said = deploy("keep")
    assert "acs:ram::11223344:role/ecs-admin" in said
    assert house.contents(house.a)["Roles"] == ["ecs-admin", "ecs-monitoring"]
    assert house.contents(house.b) == {"Roles": [], "Users": [], "Groups": [], "Policies": []}
    deploy("destroy")
    assert house.is_empty()


def test_the_projects_own_tests_run_with_what_was_installed(installed, tmp_path):
    project = tmp_path / "python-project"
    shutil.copytree(ROOT / "examples" / "python-project", project)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", project],
        env={**os.environ, "PYTHONPATH": str(installed)},
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 passed" in done.stdout

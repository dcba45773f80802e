"""Plain `pulumi up` in the project folder, where a full Pulumi installation with the Python language host is found."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

pytestmark = pytest.mark.e2e

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def pulumi(house, language_host, tmp_path):
    """The CLI in a copy of the project folder."""
    folder = tmp_path / "project"
    folder.mkdir()
    for name in ("Pulumi.yaml", "__main__.py"):
        shutil.copy(ROOT / name, folder)
    (folder / ".venv").symlink_to(ROOT / ".venv")
    (folder / "Pulumi.dev.yaml").write_text(yaml.safe_dump({"config": house.config()}))
    environment = dict(house.workspace.environment)
    environment["PATH"] = os.pathsep.join([str(language_host.parent), environment["PATH"]])
    environment["PULUMI_HOME"] = str(tmp_path / "home")

    def call(*arguments, given=None):
        done = subprocess.run(
            ["pulumi", *arguments, "--non-interactive"],
            check=False, cwd=folder, env=environment, input=given, capture_output=True, text=True, timeout=300,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return call


def test_the_commands_of_the_readme(house, pulumi):
    pulumi("stack", "init", "dev")
    for name, secret in house.secrets.items():
        pulumi("config", "set", "--secret", name, "--stack", "dev", given=secret)
    assert "to create" in pulumi("preview", "--stack", "dev")
    assert house.is_empty()
    pulumi("up", "--yes", "--skip-preview", "--stack", "dev")
    assert json.loads(pulumi("stack", "output", "--json", "--stack", "dev"))["roleArns"] == {
        "ecs-admin": f"acs:ram::{house.a.id}:role/ecs-admin"
    }
    pulumi("preview", "--expect-no-changes", "--stack", "dev")
    pulumi("destroy", "--yes", "--skip-preview", "--stack", "dev")
    assert house.is_empty()

"""Each example is a complete project: its own tests pass in its own folder, its types are right, its README short."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
TESTED = sorted({file.parent.name for file in EXAMPLES.glob("*/test_*.py")})
FOLDERS = sorted(folder.name for folder in EXAMPLES.iterdir() if folder.is_dir() and folder.name != "demo")


def run(arguments, folder):
    done = subprocess.run(arguments, cwd=folder, env=dict(os.environ), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_examples_that_are_promised_are_there():
    assert set(TESTED) == {
        "application", "auditor", "msp", "own-component", "own-guardrails", "pytest-fake", "python-project"
    }  # fmt: skip


@pytest.mark.parametrize("name", TESTED)
def test_the_tests_of_each_example_pass(name, tmp_path):
    folder = tmp_path / name
    shutil.copytree(EXAMPLES / name, folder, ignore=shutil.ignore_patterns("__pycache__"))
    shown = run([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", folder, folder], folder)
    assert "passed" in shown


@pytest.mark.parametrize("name", FOLDERS)
def test_each_example_has_a_readme_of_one_screen(name):
    lines = (EXAMPLES / name / "README.md").read_text("utf-8").splitlines()
    assert lines[0].startswith("# ")
    assert len(lines) <= 40


def test_a_strict_type_check_of_the_examples_is_clean(tmp_path):
    folders = [str(EXAMPLES / name) for name in TESTED]
    (tmp_path / "pyrightconfig.json").write_text(
        json.dumps(
            {
                "include": folders,
                "typeCheckingMode": "strict",
                "extraPaths": [str(ROOT / part) for part in ("components", "policies", "fakes")],
                "executionEnvironments": [{"root": folder} for folder in folders],
            }
        ),
        "utf-8",
    )  # fmt: skip
    pyright = Path(sys.executable).with_name("pyright")
    run([pyright, "--pythonpath", sys.executable, "--project", tmp_path / "pyrightconfig.json"], tmp_path)


def test_the_workflow_asks_the_command_line_what_it_can_answer(tmp_path):
    file = EXAMPLES / "github-actions" / ".github" / "workflows" / "access-diff.yml"
    steps = yaml.safe_load(file.read_text("utf-8"))["jobs"]["access"]["steps"]
    command = next(step["run"] for step in steps if step.get("run", "").startswith("access "))
    shutil.copy(ROOT / "tests" / "examples" / "plan.json", tmp_path)
    scripts = Path(sys.executable).parent
    environment = {**os.environ, "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}"}
    subprocess.run(["bash", "-c", command], cwd=tmp_path, env=environment, check=False)
    comment = (tmp_path / "access.md").read_text("utf-8")
    assert "ecs-admin" in comment


@pytest.mark.skipif(shutil.which("terraform") is None, reason="no terraform on PATH")
def test_terraform_accepts_the_configuration():
    run(["terraform", "fmt", "-check", "-diff"], EXAMPLES / "terraform")

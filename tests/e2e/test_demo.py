"""`make demo`, as a process: it runs to the end, and exits with a non-zero code when a step fails."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.e2e, pytest.mark.life]

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def demo(engine, provider, no_way_out):
    def run(*arguments):
        return subprocess.run(
            [sys.executable, ROOT / "examples" / "demo", *arguments],
            check=False, capture_output=True, text=True, env={**os.environ, **no_way_out}, timeout=300,
        )  # fmt: skip

    return run


def test_the_demo_runs_every_step_of_the_scenario(demo):
    run = demo()
    assert run.returncode == 0, run.stdout + run.stderr
    steps = ("AAA stopped web", "refused at its next call", "the preview is empty", "and so is B", "Done in")
    for step in (*steps, "make console, at http://127.0.0.1:8766/"):
        assert step in run.stdout


def test_a_story_that_goes_otherwise_is_a_failure(demo, tmp_path):
    readers = (ROOT / "Pulumi.scenario.yaml").read_text().replace("AliyunECSFullAccess", "AliyunECSReadOnlyAccess")
    (tmp_path / "Pulumi.readers.yaml").write_text(readers)
    run = demo(tmp_path / "Pulumi.readers.yaml")
    assert run.returncode == 1
    assert "Not as the scenario says" in run.stdout
    assert "Forbidden.RAM" in run.stdout
    assert "Traceback" not in run.stdout + run.stderr

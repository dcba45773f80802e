"""Tests of each package pass without the modules that only Unix has; `make test-portable` runs all of them so."""

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
SOME = (
    "components/pulumi_alicloud_delegation/test_components_alone.py",
    "fakes/alicloud_fakes/provider/test_folder.py",
    "policies/access_cli/test_picture_command.py",
    "policies/ram_guardrails_pack/test_executable.py",
)
OPTIONS = ("-p", "no:cacheprovider", "-p", "without_unix", "-q", "-n", "0")


def pytest_without_unix(*arguments):
    path = os.pathsep.join([str(HERE), os.environ.get("PYTHONPATH", "")])
    command = [sys.executable, "-m", "pytest", *OPTIONS, *arguments]
    environment = {**os.environ, "PYTHONPATH": path}
    return subprocess.run(command, cwd=HERE.parent, env=environment, capture_output=True, text=True, check=False)


def test_some_of_every_package_passes():
    done = pytest_without_unix(*(str(HERE / one) for one in SOME))
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
    assert " passed" in done.stdout


def test_the_modules_are_really_hidden(tmp_path):
    file = tmp_path / "test_hidden.py"
    file.write_text("".join(f"def test_{name}():\n    import {name}\n\n" for name in ("fcntl", "uvloop", "pwd")))
    done = pytest_without_unix(str(file))
    assert "3 failed" in done.stdout, done.stdout

"""Sources of the engine: PATH, the cache, the installer, a build."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ENGINE = Path(__file__).resolve().parents[2] / "tools" / "engine.py"


def ask(tmp_path, sources="path,cache,go", **environment):
    given = {"PATH": str(tmp_path / "bin"), "HOME": str(tmp_path), **environment}
    return subprocess.run(
        [sys.executable, ENGINE, "--sources", sources, "--without-yaml"],
        check=False,
        env=given,
        capture_output=True,
        text=True,
    )


def make_pulumi(tmp_path, version):
    (tmp_path / "bin").mkdir(exist_ok=True)
    script = tmp_path / "bin" / "pulumi"
    script.write_text(f"#!/bin/sh\necho {version}\n")
    script.chmod(0o755)
    return script


def test_no_engine_and_no_go_says_what_was_tried_and_what_to_install(tmp_path):
    found = ask(tmp_path)
    assert (found.returncode, found.stdout) == (1, "")
    assert "no `go` on PATH" in found.stderr
    assert "Fix: install Pulumi 3.272.0 or newer, or Go 1.26 or newer" in found.stderr
    assert "Traceback" not in found.stderr


def test_the_engine_on_path_is_used(tmp_path):
    script = make_pulumi(tmp_path, "v3.999.0")
    found = ask(tmp_path)
    assert (found.returncode, found.stdout.strip()) == (0, str(script.parent))


@pytest.mark.parametrize("version", ["v3.100.0", "nonsense"])
def test_an_engine_that_is_too_old_is_left_alone(tmp_path, version):
    make_pulumi(tmp_path, version)
    found = ask(tmp_path)
    assert found.returncode == 1
    assert "3.272.0 or newer is needed" in found.stderr


def fake_go(tmp_path, body):
    (tmp_path / "bin").mkdir(exist_ok=True)
    script = tmp_path / "bin" / "go"
    script.write_text(f"#!/bin/sh\n{body}\n")
    script.chmod(0o755)


BUILD = """case "$1" in
build) while [ "$1" != -o ]; do shift; done; /bin/sleep 1
  printf '#!/bin/sh\\necho v3.274.1\\n' > "$2"; /bin/chmod +x "$2";;
esac"""


def test_a_built_engine_is_cached_and_reused(tmp_path):
    fake_go(tmp_path, BUILD)
    first = ask(tmp_path)
    assert first.returncode == 0, first.stderr
    assert str(tmp_path / ".cache" / "pulumi-alicloud-delegation" / "engine") in first.stdout
    (tmp_path / "bin" / "go").unlink()
    assert ask(tmp_path).stdout == first.stdout


def test_two_builds_at_once_give_one_engine(tmp_path):
    fake_go(tmp_path, f'echo x >> "{tmp_path}/calls"\n{BUILD}')
    environment = {"PATH": str(tmp_path / "bin"), "HOME": str(tmp_path)}
    command = [sys.executable, ENGINE, "--sources", "cache,go", "--without-yaml"]
    both = [subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    answers = {each.communicate(timeout=60)[0] for each in both}
    assert len(answers) == 1
    assert [each.returncode for each in both] == [0, 0]
    assert (tmp_path / "calls").read_text().count("x") == 2  # one `go list`, one `go build`


def test_an_aborted_build_leaves_nothing_that_is_taken_for_an_engine(tmp_path):
    fake_go(tmp_path, BUILD.replace('/bin/chmod +x "$2"', "kill -9 $PPID"))
    assert ask(tmp_path).returncode != 0
    fake_go(tmp_path, BUILD)
    found = ask(tmp_path)
    assert found.returncode == 0, found.stderr
    assert os.access(Path(found.stdout.strip()) / "pulumi", os.X_OK)


def test_a_failing_build_shows_what_go_said(tmp_path):
    fake_go(tmp_path, "echo go.mod requires a newer go >&2; exit 1")
    found = ask(tmp_path)
    assert found.returncode == 1
    assert "go.mod requires a newer go" in found.stderr


def test_an_engine_that_does_not_run_is_not_kept(tmp_path):
    fake_go(tmp_path, BUILD.replace("echo v3.274.1", "exit 1"))
    found = ask(tmp_path)
    assert found.returncode == 1
    assert "does not answer with its version" in found.stderr
    assert not list((tmp_path / ".cache").rglob("bin/pulumi"))

"""`make test` on a machine without a browser: it passes, and one line says that the browser tests were not run."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.skipif(shutil.which("make") is None, reason="runs the Makefile, and make is not installed")
def test_without_a_browser_one_line_says_so(tmp_path: Path) -> None:
    make = str(shutil.which("make"))
    installed = tmp_path / "installed"
    installed.touch()
    tested = [f"BIN={Path(sys.executable).parent}", f"STAMP={installed}", f"SHELL={shutil.which('bash')}"]
    run = subprocess.run(
        [make, "test-browser", *tested],
        cwd=ROOT,
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout == (
        "test-browser: not run, there is no Chromium. Fix: apt-get install chromium, or set CHROMIUM=/path\n"
    )


def test_the_browser_suite_is_part_of_make_test() -> None:
    text = (ROOT / "Makefile").read_text("utf-8")
    (parts,) = re.findall(r"^test: (.*?) ##", text, re.MULTILINE)
    assert "test-browser" in parts.split()

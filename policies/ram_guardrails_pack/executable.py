"""The pack as a file that the engine can start: ``pulumi preview --policy-pack FILE``.

Where this distribution is installed, ``pulumi-analyzer-alicloud-ram-guardrails`` is that file. This module makes one
for everywhere else: an environment that is not on PATH, a temporary folder of a test.
"""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

EXECUTABLE = "pulumi-analyzer-alicloud-ram-guardrails"


def pack_executable(folder: Path) -> Path:
    """Write the executable into a folder (made when missing), with this interpreter; answers the file.

    There are two of them, a shell script and one for Windows with the ending ``.cmd``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "ram_guardrails_pack.command"]
    script = folder / EXECUTABLE
    script.write_text(f'#!/bin/sh\nexec {shlex.join(command)} "$@"\n', "utf-8")
    script.chmod(0o755)
    windows = script.with_name(f"{EXECUTABLE}.cmd")
    # In a batch file a percent sign begins a variable, and two of them are one.
    windows.write_text(f"@{subprocess.list2cmdline(command).replace('%', '%%')} %*\r\n", "utf-8", newline="")
    return windows if sys.platform == "win32" else script

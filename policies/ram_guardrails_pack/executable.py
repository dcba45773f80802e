"""The pack as a file that the engine can start: ``pulumi preview --policy-pack FILE``.

Where this distribution is installed, ``pulumi-analyzer-alicloud-ram-guardrails`` is that file. This module makes one
for everywhere else: an environment that is not on PATH, a temporary folder of a test.
"""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

EXECUTABLE = "pulumi-analyzer-alicloud-ram-guardrails"


def pack_executable(folder: Path) -> Path:
    """Write the executable into a folder (made when missing), with this interpreter; answers the file."""
    folder.mkdir(parents=True, exist_ok=True)
    script = folder / EXECUTABLE
    script.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m ram_guardrails_pack.command "$@"\n', "utf-8")
    script.chmod(0o755)
    return script

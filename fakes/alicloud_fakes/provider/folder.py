"""The folder that puts the stand-in on PATH, and the rule that a real provider always wins."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

EXECUTABLE: Final = "pulumi-resource-alicloud"


def real_provider(environment: Mapping[str, str] = os.environ) -> Path | None:
    """The real `pulumi-resource-alicloud`: on PATH, or among the plugins of `PULUMI_HOME` (by default `~/.pulumi`)."""
    on_path = shutil.which(EXECUTABLE, path=environment.get("PATH", ""))
    if on_path:
        return Path(on_path)
    own = environment.get("HOME") or environment.get("USERPROFILE") or "~"
    home = Path(environment.get("PULUMI_HOME") or Path(own).expanduser() / ".pulumi")
    programs = {EXECUTABLE, *(f"{EXECUTABLE}{ending}" for ending in (".exe", ".cmd"))}
    plugins = [path for path in home.glob("plugins/resource-alicloud-v*/*") if path.name in programs]
    return max(plugins, default=None)


def plugin_folder(folder: Path) -> Path:
    """Write the stand-in's executable into a folder (made when missing); answers the folder, to be put on PATH.

    Ask `real_provider` first: the stand-in is for where there is none.
    """
    return launcher(folder, EXECUTABLE, "-m", "alicloud_fakes.provider")


def launcher(folder: Path, name: str, *arguments: str) -> Path:
    """Write an executable into a folder (made when missing) that starts this Python with some arguments; the folder.

    There are two of them, a shell script and one for Windows that ends in ``.cmd``: each is found on PATH by the name.
    """
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, *arguments]
    script = folder / name
    script.write_text(f'#!/bin/sh\nexec {shlex.join(command)} "$@"\n', "utf-8")
    script.chmod(0o755)
    # In a batch file a percent sign begins a variable, and two of them are one.
    text = subprocess.list2cmdline(command).replace("%", "%%")
    (folder / f"{name}.cmd").write_text(f"@{text} %*\r\n", "utf-8", newline="")
    return folder

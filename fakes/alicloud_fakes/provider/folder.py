"""The folder that puts the stand-in on PATH, and the rule that a real provider always wins."""

from __future__ import annotations

import os
import shlex
import shutil
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
    home = Path(environment.get("PULUMI_HOME") or Path(environment.get("HOME", "~")).expanduser() / ".pulumi")
    plugins = sorted(home.glob(f"plugins/resource-alicloud-v*/{EXECUTABLE}"))
    return plugins[-1] if plugins else None


def plugin_folder(folder: Path) -> Path:
    """Write the stand-in's executable into a folder (made when missing); answers the folder, to be put on PATH.

    Ask `real_provider` first: the stand-in is for where there is none.
    """
    return launcher(folder, EXECUTABLE, "-m", "alicloud_fakes.provider")


def launcher(folder: Path, name: str, *arguments: str) -> Path:
    """Write an executable into a folder (made when missing) that starts this Python with some arguments; the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    script = folder / name
    script.write_text(f'#!/bin/sh\nexec {shlex.join([sys.executable, *arguments])} "$@"\n', "utf-8")
    script.chmod(0o755)
    return folder

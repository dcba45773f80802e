"""Pages that tools write from data: written, or with ``--check`` only compared."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path


def keep(pages: Mapping[Path, str], tool: str, arguments: Sequence[str]) -> int:
    """Write the pages that are not current, or with ``--check`` name them; the exit code.

    Args:
        pages: the text of each page, by its path.
        tool: path of the script that writes them, for the message.
        arguments: the arguments of the command line.
    """
    stale = {path: text for path, text in pages.items() if not path.exists() or path.read_text("utf-8") != text}
    for path, text in stale.items():
        if "--check" in arguments:
            print(f"{path.name} is not current: run {tool}", file=sys.stderr)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
    return 1 if stale and "--check" in arguments else 0

"""The scenario on a fake cloud: A lets B operate its ECS, AAA does, A ends it. Every line of output is what happened.

`make demo` runs it. The exit code is not zero when any step does not go as told.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from story import DEMO_LIMIT, ToldWrongError, tell

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    """Tell the story in a folder of its own, which is gone afterwards."""
    console = Console(highlight=False, emoji=False, width=None if sys.stdout.isatty() else 110)
    finder = [sys.executable, ROOT / "tools" / "engine.py", "--without-yaml"]
    engine = subprocess.run(finder, check=False, stdout=subprocess.PIPE)
    if engine.returncode != 0:
        return engine.returncode
    os.environ["PATH"] = os.pathsep.join([engine.stdout.decode().strip(), os.environ.get("PATH", "")])
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="delegation-demo-") as folder:
        try:
            tell(console, Path(folder), ROOT / "Pulumi.scenario.yaml")
        except ToldWrongError as error:
            console.print(f"\n[bold red]Not as told:[/] {error}")
            return 1
    seconds = time.monotonic() - started
    console.print(f"\n[bold green]As told, in {seconds:.0f} seconds.[/]")
    if seconds > DEMO_LIMIT:
        console.print(f"[yellow]That was longer than {DEMO_LIMIT} seconds.[/]")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

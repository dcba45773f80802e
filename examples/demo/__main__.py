"""The scenario on a fake cloud: A lets B operate its ECS, AAA does so, A ends it. The output is what really happened.

`make demo` runs it; `python examples/demo STACK_FILE` runs it with another stack file than the scenario's. The exit
code is not zero when any step has another result than expected.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.text import Text
from story import CONSOLE_PORT, DEMO_LIMIT, UnexpectedResultError, put_engine_on_path, tell

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    """Run the scenario in a temporary folder."""
    console = Console(highlight=False, emoji=False, width=None if sys.stdout.isatty() else 110)
    failed = put_engine_on_path()
    if failed:
        return failed
    stack_file = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "Pulumi.scenario.yaml"
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="delegation-demo-") as folder:
        try:
            tell(console, Path(folder), stack_file)
        except UnexpectedResultError as error:
            console.print("\n[bold red]Not as the scenario says:[/]", Text(str(error)), soft_wrap=True)
            return 1
    seconds = time.monotonic() - started
    console.print(f"\n[bold green]Done in {seconds:.0f} seconds.[/]")
    if seconds > DEMO_LIMIT:
        console.print(f"[yellow]That was longer than {DEMO_LIMIT} seconds.[/]")
    console.print(f"To click through it in a browser: [bold]make console[/], at http://127.0.0.1:{CONSOLE_PORT}/")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

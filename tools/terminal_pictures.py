"""Make the pictures of terminals in docs/images from real runs of the commands; ``--check`` only compares their text.

The commands run on the files in docs/samples, with colours, as in a terminal of a fixed width. A picture is one SVG
that loads nothing, fonts included.
"""

from __future__ import annotations

import html
import inspect
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.text import Text

ROOT: Final = Path(__file__).resolve().parents[1]
SAMPLES: Final = ROOT / "docs" / "samples"
IMAGES: Final = ROOT / "docs" / "images"
PICTURES: Final = {
    "terminal-new": ["alicloud-delegation new my-delegation"],
    "terminal-who-can": [
        "access who-can ecs:StopInstance 'acs:ecs:*:11223344:instance/*' --documents accounts.yaml",
        "access can AAA ecs:DeleteInstance 'acs:ecs:cn-hangzhou:11223344:instance/i-1' --documents accounts.yaml",
    ],
    "terminal-diff": ["access diff --before accounts.yaml --after wider.yaml"],
    "terminal-error": ["access offer write --stack Pulumi.typo.yaml", "access explain unknown-key"],
}
"""The commands of each picture."""

_MODULES: Final = {
    "access": "access_cli",
    "alicloud-delegation": "pulumi_alicloud_delegation.commands.project",
    "alicloud-fakes": "alicloud_fakes",
}
_WIDTH: Final = 110
_FONT: Final = re.compile(r"@font-face \{\{.*?\}\}\s*", re.DOTALL)
_RICH: Final[str] = inspect.signature(Console.export_svg).parameters["code_format"].default
_FORMAT: Final = _FONT.sub("", _RICH).replace("Fira Code, monospace", "ui-monospace, Menlo, monospace")


def output(command: str, folder: Path) -> str:
    """The output of a command in a folder, both streams, with the escapes of a terminal."""
    name, *arguments = shlex.split(command)
    terminal = {"COLUMNS": str(_WIDTH), "FORCE_COLOR": "1", "TERM": "xterm-256color"}
    environment = {key: value for key, value in os.environ.items() if key != "NO_COLOR"}
    done = subprocess.run(
        [sys.executable, "-m", _MODULES[name], *arguments],
        cwd=folder,
        env={**environment, **terminal},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.stdout


def screen(name: str) -> Text:
    """The screen of a picture: its commands and what they print."""
    shown = Text()
    with tempfile.TemporaryDirectory() as place:
        folder = shutil.copytree(SAMPLES, Path(place) / "samples")
        for command in PICTURES[name]:
            shown.append("$ ", "bold green").append(f"{command}\n", "bold")
            shown.append_text(Text.from_ansi(output(command, folder))).append("\n")
    return shown


def svg(name: str, shown: Text) -> str:
    """A picture of a screen."""
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        console = Console(record=True, width=_WIDTH, file=nowhere, force_terminal=True, color_system="truecolor")
        console.print(shown, soft_wrap=False, end="")
    return console.export_svg(title=name.removeprefix("terminal-"), code_format=_FORMAT, unique_id=name)


def text_of(picture: str) -> list[str]:
    """The lines of text in a picture, from top to bottom, without white space."""
    lines: dict[float, str] = {}
    for place, text in re.findall(r'<text[^>]* y="([0-9.]+)"[^>]*>(.*?)</text>', picture):
        lines[float(place)] = lines.get(float(place), "") + re.sub(r"\s", "", html.unescape(text).replace("\xa0", " "))
    return [lines[place] for place in sorted(lines) if lines[place]]


def pictures() -> Iterator[tuple[Path, str]]:
    """The file and the current content of each picture."""
    for name in PICTURES:
        yield IMAGES / f"{name}.svg", svg(name, screen(name))


def main(arguments: list[str]) -> int:
    """Write the pictures; with ``--check``, name those whose text has changed."""
    stale = 0
    for file, picture in pictures():
        if arguments != ["--check"]:
            file.write_text(picture, "utf-8")
        elif not file.is_file() or text_of(file.read_text("utf-8")) != text_of(picture):
            print(f"docs/images/{file.name} is not current: run make docs-pictures", file=sys.stderr)
            stale = 1
    return stale


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Pictures of the documentation: terminals show what the commands print, and no picture loads anything."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
IMAGES = ROOT / "docs" / "images"
PAGES = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
sys.path.insert(0, str(ROOT / "tools"))
import terminal_pictures  # noqa: E402 - tools is a folder of scripts


@pytest.mark.parametrize("name", terminal_pictures.PICTURES)
def test_a_picture_of_a_terminal_shows_what_its_commands_print(name: str) -> None:
    now = terminal_pictures.text_of(terminal_pictures.svg(name, terminal_pictures.screen(name)))
    assert now == terminal_pictures.text_of((IMAGES / f"{name}.svg").read_text("utf-8")), "run make docs-pictures"
    assert len(now) > len(terminal_pictures.PICTURES[name])


def test_a_picture_of_an_older_output_is_noticed() -> None:
    picture = (IMAGES / "terminal-who-can.svg").read_text("utf-8")
    assert terminal_pictures.text_of(picture.replace("engineers", "everybody", 1)) != terminal_pictures.text_of(picture)


@pytest.mark.parametrize("file", sorted(IMAGES.glob("*.svg")), ids=lambda file: file.name)
def test_a_drawing_needs_nothing_from_elsewhere(file: Path) -> None:
    text = re.sub(r"<!--.*?-->", "", file.read_text("utf-8"), flags=re.DOTALL)
    assert set(re.findall(r"[a-z]+://[^\"' )]+", text)) == {"http://www.w3.org/2000/svg"}
    assert not re.search(r"<script|@import|@font-face|<image|<foreignObject", text)


def test_every_picture_is_shown_and_described() -> None:
    shown = {
        (Path(target).name, bool(words.strip()))
        for page in PAGES
        for words, target in re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", page.read_text("utf-8"))
    }
    assert {(file.name, True) for file in IMAGES.iterdir()} == shown

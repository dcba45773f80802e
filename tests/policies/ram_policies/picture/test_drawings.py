"""The picture as HTML, SVG and Mermaid. `UPDATE_GOLDEN=1` writes the golden files again."""

from __future__ import annotations

import json
import os
import re
import sys
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))

from accounts import accounts

import ram_policies.picture
from ram_policies.access.marks import SHADES
from ram_policies.picture import (
    Edge,
    EdgeKind,
    Mark,
    NodeKind,
    Picture,
    PictureNode,
    html_page,
    mermaid,
    picture_of,
    svg,
)
from ram_policies.picture.palette import asset
from ram_policies.visible import visible

GOLDEN = Path(__file__).with_name("golden")
HOSTILE = "\"'--><script>alert(1)</script></script><!--<img src=x onerror=alert(2)>"


def named(text: str) -> Picture:
    one, other = PictureNode("1", NodeKind.PERSON, text, text), PictureNode("2", NodeKind.ROLE, text, text)
    return Picture((one, other), (Edge("1", "2", EdgeKind.ASSUMES, text, mark=Mark.ADDED),), None, (text,))


@pytest.fixture
def change() -> Picture:
    return picture_of(accounts(after=False), accounts(after=True))


@pytest.mark.parametrize(("name", "draw"), [("change.svg", svg), ("change.mmd", mermaid)])
def test_the_drawing_is_the_golden_one(change: Picture, name: str, draw: object) -> None:
    text = draw(change)
    if os.environ.get("UPDATE_GOLDEN") == "1":
        (GOLDEN / name).write_text(text, "utf-8")
    assert text == (GOLDEN / name).read_text("utf-8")


def data_of(text: str) -> dict[str, list[dict[str, str]]]:
    (block,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)
    return json.loads(block)


def test_the_page_asks_the_network_for_nothing(change: Picture) -> None:
    text = html_page(change)
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text)
    assert policy is not None
    assert "default-src &#x27;none&#x27;" in policy[1]
    assert "unsafe" not in policy[1]
    assert not re.search(r"<(?:link|iframe|object|base)\b|<(?:script|img)[^>]* src=", text)


def test_the_policy_of_the_page_names_each_script_by_its_digest(change: Picture) -> None:
    text = html_page(change)
    scripts = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    assert len(scripts) == 2
    for script in scripts:
        assert f"sha256-{b64encode(sha256(script.encode()).digest()).decode()}" in text


def test_the_page_names_the_licence_of_the_library(change: Picture) -> None:
    assert "The Cytoscape Consortium" in html_page(change)
    assert "MIT licence" in html_page(change)


@given(st.text(min_size=1) | st.just(HOSTILE))
def test_names_are_data_in_the_page(text: str) -> None:
    drawn = html_page(named(text))
    assert data_of(drawn)["nodes"][0]["title"] == visible(text)
    assert drawn.count("<") == html_page(named("harmless")).count("<")


@given(st.text(min_size=1) | st.just(HOSTILE))
def test_any_name_gives_svg_that_can_be_read(text: str) -> None:
    tree = ET.fromstring(svg(named(text)))
    assert {one.tag.rpartition("}")[2] for one in tree.iter()} <= {"svg", "title", "style", "rect", "text", "g", "path"}


@given(st.text(min_size=1) | st.just(HOSTILE))
def test_no_name_ends_its_quotes_in_mermaid(text: str) -> None:
    lines = mermaid(named(text)).splitlines()
    assert len(lines) == 9
    assert all(line.count('"') in {0, 2} for line in lines)
    assert not any("<script" in line or "<img" in line for line in lines)


@pytest.mark.parametrize("draw", [html_page, svg, mermaid])
@pytest.mark.parametrize("letter", ["\N{RIGHT-TO-LEFT OVERRIDE}", "\N{ZERO WIDTH SPACE}", "\x1b", "\N{LINE SEPARATOR}"])
def test_letters_that_cannot_be_seen_are_written_out(draw: Callable[[Picture], str], letter: str) -> None:
    drawn = draw(named(f"AA{letter}A"))
    for form in (letter, f"#{ord(letter)};", f'"AA\\u{ord(letter):04x}A'):
        assert form not in drawn.replace(asset("cytoscape.min.js"), "")
    assert any(f"AA{slash}u{ord(letter):04x}A" in drawn for slash in ("\\", "\\\\", "#92;"))


def test_no_name_is_an_icon_in_mermaid() -> None:
    assert "fab:fa-" not in mermaid(named("fab:fa-aws"))
    assert "fab#58;fa-aws" in mermaid(named("fab:fa-aws"))


def test_marks_are_text_and_not_colour_alone(change: Picture) -> None:
    assert "frank (added)" in mermaid(change)
    assert ">+ frank<" in svg(change)
    assert ">- CCC<" in svg(change)


def test_additions_are_green_and_removals_red_in_every_form_as_on_the_terminal(change: Picture) -> None:
    for mark, terminal, strongest in ((Mark.ADDED, "green", 1), (Mark.REMOVED, "red", 0)):
        shade = SHADES[mark]
        assert shade.terminal == terminal
        for colour in (shade.light, shade.dark):
            parts = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
            assert parts.index(max(parts)) == strongest
        assert f"rect.{mark}, path.{mark} {{ stroke: {shade.light}" in svg(change)
        assert f"classDef {mark} stroke:{shade.light}" in mermaid(change)
        assert f"--{mark}:{shade.light};" in html_page(change)
        assert f"--{mark}:{shade.dark};" in html_page(change)


def test_colours_of_marks_are_chosen_in_one_place() -> None:
    colours = {colour for shade in SHADES.values() for colour in (shade.light, shade.dark)}
    folder = Path(ram_policies.picture.__file__).parent
    written = {
        path.name
        for path in (*folder.glob("*.py"), *folder.glob("page/*.css"), *folder.glob("page/[a-z]*.js"))
        if any(colour in path.read_text("utf-8") for colour in colours)
    }
    assert written == set()


def test_a_hazard_has_a_sign_and_its_words_in_every_form(change: Picture) -> None:
    assert ">+ ! read-logs<" in svg(change)
    assert "! reads data" in mermaid(change)
    (grant,) = [one for one in data_of(html_page(change))["nodes"] if one["title"] == "read-logs"]
    assert grant["hazards"] == ["reads data"]
    assert "<small>! reads data: oss:GetObject</small>" in html_page(change)

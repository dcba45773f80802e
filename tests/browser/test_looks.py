"""Accessibility, light and dark, narrow screens, and pictures of the pages compared with those in the docs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from console_pages import PAGES
from looks import IMAGES, LARGEST, MEAN, STOPPED, boxes_of, compare, difference, moved, recoloured, screenshot_of
from PIL import Image, ImageDraw, ImageStat

import alicloud_fakes.console.web
from alicloud_fakes import Cloud
from ram_policies.access.marks import SHADES, Mark

ROOT = Path(__file__).parents[2]
# Name of the picture: page, colours, width.
PICTURES = {
    "console-sign-in": ("login", "light", 1200),
    "console-ecs": ("ecs", "light", 1200),
    "console-refused": ("refused", "dark", 1200),
    "console-mfa": ("mfa-device", "light", 1200),
    "console-role": ("role", "light", 1200),
    "console-findings": ("findings", "dark", 1200),
    "console-calls": ("calls", "light", 1200),
    "console-control-room": ("control", "dark", 1200),
    "console-narrow": ("ecs", "light", 380),
}
BOXES = ("header.top", ".who", "nav.side", ".acting", "main", "h1", ".refusal", "table", ".calls", ".panel", ".card")


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_accessible_in_both_colours_and_fits_narrow_screens(visitor: Any, cloud: Cloud, name: str) -> None:
    PAGES[name](visitor, cloud)
    page = visitor.page
    for colours in ("light", "dark"):
        page.emulate_media(color_scheme=colours)
        found = Axe().run(page).response["violations"]
        worst = [(one["id"], one["help"], [n["html"][:120] for n in one["nodes"]]) for one in found if serious(one)]
        assert worst == [], colours
    for width in (768, 380, 320):
        page.set_viewport_size({"width": width, "height": 720})
        assert page.evaluate(STICKING_OUT, width) == []


def test_every_page_of_the_console_is_among_them() -> None:
    folder = Path(alicloud_fakes.console.web.__file__).parent / "templates"
    parts = {"base", "card", "control_base", "ecs_table", "macros", "stream_row"}
    whole = {one.stem for one in folder.glob("*.html")} - parts
    named = {name.replace("-", "_") for name in PAGES}
    others = {
        "calls": "stream", "bucket": "oss_bucket", "no_such_page": "plain_problem", "out_of_date": "problem",
        "refused": "rds", "findings": "ram_policy",
    }  # fmt: skip
    reached = {others.get(name, name) for name in named} | {f"ram_{name}" for name in named}
    assert whole - reached == set()


# Elements that extend beyond the screen on either side, other than those inside something that scrolls; nothing else
# may make the whole page scroll sideways.
STICKING_OUT = """width => [
  ...[...document.querySelectorAll("body *")].filter(one => {
    const box = one.getBoundingClientRect();
    const out = box.right > width + 1 || (box.left < 0 && box.bottom > 0);
    return out && one.checkVisibility() && !one.closest(".scroll, .lines, pre, .side, .skip");
  }).map(one => one.outerHTML.slice(0, 80)),
  ...(document.documentElement.scrollWidth > width ? ["the page scrolls sideways"] : []),
]"""


def serious(violation: dict[str, Any]) -> bool:
    return violation["impact"] in {"serious", "critical"}


def test_axe_would_find_something_serious(visitor: Any, cloud: Cloud) -> None:
    PAGES["login"](visitor, cloud)
    visitor.page.evaluate("document.querySelectorAll('label').forEach(one => one.remove())")
    assert any(serious(one) for one in Axe().run(visitor.page).response["violations"])


@pytest.mark.parametrize("name", ["login", "ecs", "role", "control"])
def test_dark_is_dark_and_light_is_light(visitor: Any, cloud: Cloud, name: str) -> None:
    PAGES[name](visitor, cloud)
    brightness = {}
    for colours in ("light", "dark"):
        visitor.page.emulate_media(color_scheme=colours)
        brightness[colours] = ImageStat.Stat(screenshot_of(visitor.page).convert("L")).mean[0]
    assert brightness["light"] > 180
    assert brightness["dark"] < 70


@pytest.mark.parametrize("name", PICTURES)
def test_pages_look_like_their_pictures_in_the_docs(visitors: Any, cloud: Cloud, name: str) -> None:
    page, colours, width = PICTURES[name]
    cloud.clock.set(STOPPED)
    cloud.clock.freeze()
    visitor = visitors(color_scheme=colours, viewport={"width": 1200, "height": 760}, reduced_motion="reduce")
    PAGES[page](visitor, cloud)
    visitor.page.set_viewport_size({"width": width, "height": 760})
    visitor.page.evaluate("document.activeElement.blur()")
    compare(visitor.page, name, BOXES)


def test_a_page_that_lost_its_navigation_has_another_layout(visitor: Any, cloud: Cloud) -> None:
    PAGES["ecs"](visitor, cloud)
    whole = boxes_of(visitor.page, BOXES)
    assert moved(boxes_of(visitor.page, BOXES), whole) == []
    visitor.page.evaluate("document.querySelector('nav.side').remove()")
    assert any(part.startswith("nav.side") for part in moved(boxes_of(visitor.page, BOXES), whole))


def test_a_page_in_other_colours_has_another_picture(visitor: Any, cloud: Cloud) -> None:
    PAGES["ecs"](visitor, cloud)
    light = screenshot_of(visitor.page)
    visitor.page.emulate_media(color_scheme="dark")
    assert difference(screenshot_of(visitor.page), light)[0] > MEAN


def test_a_mark_in_the_colour_of_another_is_noticed() -> None:
    page = Image.new("RGB", (1200, 760), "white")
    other = page.copy()
    for picture, mark in ((page, Mark.ADDED), (other, Mark.REMOVED)):
        ImageDraw.Draw(picture).rectangle((100, 100, 300, 160), outline=SHADES[mark].light, width=3)
    assert difference(page, other)[0] <= MEAN
    assert recoloured(page, page) == []
    assert [one.split(" ")[0] for one in recoloured(page, other)] == ["added", "removed"]


def test_letters_alone_make_no_difference() -> None:
    pages = []
    for text in ("instances of company-a in China", "lnstanoes ot cowpamy-e jn Ohina"):
        page = Image.new("RGB", (1200, 760), "white")
        draw = ImageDraw.Draw(page)
        for row in range(20):
            draw.text((250, 40 + row * 30), text, fill="black")
        pages.append(page)
    mean, largest = difference(*pages)
    assert (mean <= MEAN, largest <= LARGEST) == (True, True)


def test_the_docs_show_every_picture_and_no_other() -> None:
    text = (ROOT / "docs/console.md").read_text(encoding="utf-8")
    shown = {name for name in PICTURES if f"images/{name}.png" in text}
    assert shown == set(PICTURES)
    assert {one.stem for one in IMAGES.glob("console-*.png")} == set(PICTURES)


def test_the_readme_shows_the_console_and_the_picture_of_access() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert {"console-ecs", "picture"} <= set(re.findall(r"\(docs/images/([a-z-]+)\.png\)", text))


def test_pictures_are_small() -> None:
    assert all(one.stat().st_size < 80_000 for one in IMAGES.glob("console-*.png"))

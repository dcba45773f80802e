"""Accessibility, light and dark, narrow screens, and pictures of the pages compared with those in the docs."""

from __future__ import annotations

import io
import json
import os
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from console_pages import PAGES
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageStat

from alicloud_fakes import Cloud

ROOT = Path(__file__).parents[2]
IMAGES = ROOT / "docs/images"
UPDATE = os.environ.get("UPDATE_PICTURES") == "1"
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
# Fonts differ between machines, times between runs. So pictures are compared as one sees them from afar, as miniatures
# without letters: mean and largest difference, of 255 (with another font measured: 3.3 and 64). What that cannot see
# the boxes of the layout show: which there are, and where, give or take what a font moves.
MEAN, LARGEST = 4.5, 90
LAYOUT = Path(__file__).with_name("layout.json")
BOXES = ("header.top", ".who", "nav.side", ".acting", "main", "h1", ".refusal", "table", ".calls", ".panel", ".card")
AROUND = {"x": 40, "width": 80, "y": 60}


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


# Elements that reach out of the screen, other than those inside something that scrolls.
STICKING_OUT = """width => document.documentElement.scrollWidth <= width ? [] :
  [...document.querySelectorAll("body *")].filter(one =>
    one.getBoundingClientRect().right > width + 1 && !one.closest(".scroll, .lines, pre, .side"))
  .map(one => one.outerHTML.slice(0, 80))"""


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
        brightness[colours] = ImageStat.Stat(picture_of(visitor).convert("L")).mean[0]
    assert brightness["light"] > 180
    assert brightness["dark"] < 70


def picture_of(visitor: Any) -> Image.Image:
    return Image.open(io.BytesIO(visitor.page.screenshot(animations="disabled", caret="hide"))).convert("RGB")


def miniature(picture: Image.Image) -> Image.Image:
    """A picture from afar: about 100 pixels wide and blurred."""
    small = picture.convert("L").resize((100, max(1, picture.height * 100 // picture.width)), Image.Resampling.BOX)
    return small.filter(ImageFilter.GaussianBlur(1.5))


def difference(one: Image.Image, other: Image.Image) -> tuple[float, int]:
    """Mean and largest difference of two pictures from afar."""
    apart = ImageChops.difference(miniature(one), miniature(other).resize(miniature(one).size))
    return ImageStat.Stat(apart).mean[0], int(apart.getextrema()[1])


def boxes_of(visitor: Any) -> dict[str, dict[str, int] | None]:
    """Boxes of the parts of a page; None for those it does not have."""
    found: dict[str, dict[str, int] | None] = {}
    for selector in BOXES:
        first = visitor.page.locator(f"{selector}:visible").first
        box = first.bounding_box() if first.count() else None
        found[selector] = {name: round(box[name]) for name in AROUND} if box else None
    return found


def moved(seen: dict[str, Any], kept: dict[str, Any]) -> list[str]:
    """Parts that are not where they were."""
    return [
        f"{part}: {seen[part]}, was {kept[part]}"
        for part in BOXES
        if (seen[part] is None) != (kept[part] is None)
        or (seen[part] and any(abs(seen[part][side] - kept[part][side]) > around for side, around in AROUND.items()))
    ]


@pytest.mark.parametrize("name", PICTURES)
def test_pages_look_like_their_pictures_in_the_docs(visitors: Any, cloud: Cloud, name: str) -> None:
    page, colours, width = PICTURES[name]
    visitor = visitors(color_scheme=colours, viewport={"width": 1200, "height": 760})
    PAGES[page](visitor, cloud)
    visitor.page.set_viewport_size({"width": width, "height": 760})
    visitor.page.evaluate("document.activeElement.blur()")
    seen, boxes = picture_of(visitor), boxes_of(visitor)
    kept = IMAGES / f"{name}.png"
    layout = json.loads(LAYOUT.read_text(encoding="utf-8")) if LAYOUT.exists() else {}
    if UPDATE:
        IMAGES.mkdir(exist_ok=True)
        seen.quantize(64, dither=Image.Dither.NONE).save(kept, optimize=True)
        layout[name] = boxes
        LAYOUT.write_text(json.dumps(layout, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    with Image.open(kept) as picture:
        mean, largest = difference(seen, picture.convert("RGB"))
    alike = mean <= MEAN and largest <= LARGEST
    fix = "If it should look so: make console-pictures, and look at them"
    assert alike, f"{name}: mean {mean:.1f}, largest {largest}. {fix}"
    assert moved(boxes, layout[name]) == [], fix


def test_a_page_that_lost_its_navigation_has_another_layout(visitor: Any, cloud: Cloud) -> None:
    PAGES["ecs"](visitor, cloud)
    whole = boxes_of(visitor)
    assert moved(boxes_of(visitor), whole) == []
    visitor.page.evaluate("document.querySelector('nav.side').remove()")
    assert any(part.startswith("nav.side") for part in moved(boxes_of(visitor), whole))


def test_a_page_in_other_colours_has_another_picture(visitor: Any, cloud: Cloud) -> None:
    PAGES["ecs"](visitor, cloud)
    light = picture_of(visitor)
    visitor.page.emulate_media(color_scheme="dark")
    assert difference(picture_of(visitor), light)[0] > MEAN


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


def test_pictures_are_small() -> None:
    assert all(one.stat().st_size < 80_000 for one in IMAGES.glob("console-*.png"))

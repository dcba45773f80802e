"""Pictures of pages, and the comparison of two pictures.

Fonts differ between machines. So pictures are compared as blurred miniatures, in which letters cannot be read; and by
what miniatures do not show: the positions of the boxes of the layout, with a tolerance for fonts, and the share of a
picture that has the colour of each mark. What could differ between two runs on one machine is fixed: the clock
(`STOPPED`), animations, the caret, scroll bars, and how fonts are smoothed (see `quiet_chromium`).
"""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from PIL import Image, ImageChops, ImageFilter, ImageStat
from playwright.sync_api import Page

from ram_policies.access.marks import SHADES

IMAGES = Path(__file__).parents[2] / "docs/images"
LAYOUT = Path(__file__).with_name("layout.json")
UPDATE = os.environ.get("UPDATE_PICTURES") == "1"
STOPPED = datetime(2026, 6, 1, 9, 30, tzinfo=UTC)
"""The time in every picture."""
MEAN, LARGEST = 4.5, 90
"""Mean and largest difference of two miniatures, of 255 (with another font measured: 3.3 and 64)."""
AROUND = {"x": 40, "width": 80, "y": 60}
"""Pixels by which a box may move."""
_NEAR = 24
_AS_MUCH = 0.5
FIX = "If it should look so: make console-pictures, and look at them"


def screenshot_of(page: Page) -> Image.Image:
    """The visible part of a page."""
    return Image.open(io.BytesIO(page.screenshot(animations="disabled", caret="hide"))).convert("RGB")


def miniature(picture: Image.Image) -> Image.Image:
    """A blurred miniature, about 100 pixels wide."""
    small = picture.convert("L").resize((100, max(1, picture.height * 100 // picture.width)), Image.Resampling.BOX)
    return small.filter(ImageFilter.GaussianBlur(1.5))


def difference(one: Image.Image, other: Image.Image) -> tuple[float, int]:
    """Mean and largest difference of two miniatures."""
    apart = ImageChops.difference(miniature(one), miniature(other).resize(miniature(one).size))
    return ImageStat.Stat(apart).mean[0], int(apart.getextrema()[1])


def coloured(picture: Image.Image, colour: str) -> float:
    """Thousandths of a picture whose colour is close to the given one."""
    wanted = Image.new("RGB", picture.size, colour)
    red, green, blue = ImageChops.difference(picture, wanted).split()
    worst = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    return 1000 * sum(worst.histogram()[:_NEAR]) / (picture.width * picture.height)


def recoloured(seen: Image.Image, kept: Image.Image) -> list[str]:
    """Marks of which one picture has much more than the other."""
    found: list[str] = []
    for mark, shade in SHADES.items():
        for colour in (shade.light, shade.dark):
            parts = coloured(seen, colour), coloured(kept, colour)
            if abs(parts[0] - parts[1]) > _AS_MUCH + max(parts) / 2:
                found.append(f"{mark} ({colour}): {parts[0]:.1f} of 1000, was {parts[1]:.1f}")
    return found


def boxes_of(page: Page, parts: Iterable[str]) -> dict[str, dict[str, int] | None]:
    """Boxes of the parts of a page; None for those it does not have."""
    found: dict[str, dict[str, int] | None] = {}
    for selector in parts:
        first = page.locator(f"{selector}:visible").first
        box = first.bounding_box() if first.count() else None
        found[selector] = {name: round(box[name]) for name in AROUND} if box else None
    return found


def moved(seen: dict[str, Any], kept: dict[str, Any]) -> list[str]:
    """Parts that have moved."""
    return [
        f"{part}: {seen[part]}, was {kept.get(part)}"
        for part in seen
        if (seen[part] is None) != (kept.get(part) is None)
        or (seen[part] and any(abs(seen[part][side] - kept[part][side]) > around for side, around in AROUND.items()))
    ]


def compare(page: Page, name: str, parts: Iterable[str], *, colours: int = 64) -> None:
    """Compare a page with its picture in the docs; with `UPDATE_PICTURES=1`, replace that picture."""
    seen, boxes = screenshot_of(page), boxes_of(page, parts)
    path = IMAGES / f"{name}.png"
    layout = json.loads(LAYOUT.read_text(encoding="utf-8")) if LAYOUT.exists() else {}
    if UPDATE:
        IMAGES.mkdir(exist_ok=True)
        seen.quantize(colours, dither=Image.Dither.NONE).save(path, optimize=True)
        layout[name] = boxes
        LAYOUT.write_text(json.dumps(layout, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    with Image.open(path) as picture:
        kept = picture.convert("RGB")
    mean, largest = difference(seen, kept)
    alike = mean <= MEAN and largest <= LARGEST
    assert alike, f"{name}: mean {mean:.1f}, largest {largest}. {FIX}"
    assert moved(boxes, layout[name]) == [], FIX
    assert recoloured(seen, kept) == [], FIX

"""The page of `access room` in a real Chromium."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from looks import compare
from playwright.sync_api import Browser

sys.path.insert(0, str(Path(__file__).parents[1] / "components/pulumi_alicloud_delegation/handover"))

from rooms import ADMIN, BILLS, LESS, READER, accepted, offer, role

from pulumi_alicloud_delegation.handover.room import contract_room
from pulumi_alicloud_delegation.handover.room_page import room_page

BOXES = ("header.top", "h1", ".state", ".parties", "article", "table")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    asked = offer(ADMIN, READER, BILLS)
    granted = accepted(asked, ADMIN, role("db-reader", policies=[LESS], maxSessionDuration=3600))
    path = tmp_path / "room.html"
    path.write_text(room_page(contract_room(asked, granted, datetime(2026, 6, 1, tzinfo=UTC))), "utf-8")
    return path


def test_the_room_is_accessible_in_both_colours_fits_narrow_screens(chromium: Browser, file: Path) -> None:
    context = chromium.new_context(viewport={"width": 1200, "height": 900})
    tab = context.new_page()
    problems: list[str] = []
    asked: list[str] = []
    tab.on("console", lambda message: problems.append(message.text))
    tab.on("pageerror", lambda error: problems.append(str(error)))
    tab.on("request", lambda request: asked.append(request.url))
    tab.goto(file.as_uri())
    for colours in ("light", "dark"):
        tab.emulate_media(color_scheme=colours)
        found: list[dict[str, Any]] = Axe().run(tab).response["violations"]
        assert [one["id"] for one in found if one["impact"] in {"serious", "critical"}] == []
    tab.set_viewport_size({"width": 380, "height": 800})
    assert tab.evaluate("document.documentElement.scrollWidth") <= 380
    assert problems == []
    assert asked == [file.as_uri()]
    context.close()


def test_the_room_looks_like_its_picture_in_the_docs(chromium: Browser, file: Path) -> None:
    context = chromium.new_context(
        viewport={"width": 1200, "height": 1500}, color_scheme="light", reduced_motion="reduce"
    )
    tab = context.new_page()
    tab.goto(file.as_uri())
    compare(tab, "contract-room", BOXES, colours=128)
    context.close()

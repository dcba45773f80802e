"""The page of `access picture` in a real Chromium: a file that loads nothing else."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from looks import coloured, compare, screenshot_of
from playwright.sync_api import Browser, Page, expect

sys.path.insert(0, str(Path(__file__).parents[2] / "tests/policies/ram_policies/picture"))

from accounts import accounts

from ram_policies.access.marks import SHADES, Mark
from ram_policies.picture import Edge, EdgeKind, NodeKind, Picture, PictureNode, html_page, picture_of

BOXES = ("header.top", "h1", "details", ".filters", ".legend", "#graph", "#paths")
HOSTILE = "\"'--><script>alert(1)</script><img src=x onerror=alert(2)>"


@pytest.fixture
def reader(chromium: Browser, tmp_path: Path) -> Iterator[Callable[..., Page]]:
    """Opens text as a file. At the end, a problem or a request for anything but that file fails the test."""
    problems: list[str] = []
    asked: set[str] = set()
    contexts: list[Any] = []

    def read(text: str, **options: Any) -> Page:
        path = tmp_path / "page.html"
        path.write_text(text, "utf-8")
        context = chromium.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        contexts.append(context)
        tab = context.new_page()
        tab.on("console", lambda message: problems.append(f"{message.type}: {message.text}"))
        tab.on("pageerror", lambda error: problems.append(f"error: {error}"))
        tab.on("dialog", lambda dialog: (problems.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        tab.on("request", lambda request: asked.add(request.url))
        tab.goto(path.as_uri())
        return tab

    yield read
    for context in contexts:
        context.close()
    assert problems == []
    assert {url.split(":")[0] for url in asked} <= {"file", "data"}
    assert len([url for url in asked if url.startswith("file:")]) == 1


@pytest.fixture
def change() -> str:
    return html_page(picture_of(accounts(after=False), accounts(after=True)))


def rows(tab: Page) -> list[str]:
    return tab.locator("#paths tbody tr").all_inner_texts()


def test_the_picture_is_accessible_in_both_colours_and_fits_narrow_screens(reader: Any, change: str) -> None:
    tab = reader(change)
    for colours in ("light", "dark"):
        tab.emulate_media(color_scheme=colours)
        found = Axe().run(tab).response["violations"]
        worst = [(one["id"], one["help"], [n["html"][:120] for n in one["nodes"]]) for one in found if serious(one)]
        assert worst == []
    tab.set_viewport_size({"width": 380, "height": 800})
    assert tab.evaluate("document.documentElement.scrollWidth") <= 380


def serious(violation: dict[str, Any]) -> bool:
    return violation["impact"] in {"serious", "critical"}


def test_filters_work_with_the_keyboard_alone(reader: Any, change: str) -> None:
    tab = reader(change)
    assert len(rows(tab)) == 9
    tab.keyboard.press("Tab")
    expect(tab.get_by_role("link", name="Skip to the table")).to_be_focused()
    while not tab.evaluate("document.activeElement.id === 'person'"):
        tab.keyboard.press("Tab")
    tab.keyboard.type("frank")
    expect(tab.get_by_role("status").first).to_contain_text("2 ways of access")
    assert all("frank" in row for row in rows(tab))
    tab.keyboard.press("Tab")
    tab.keyboard.press("Tab")
    tab.keyboard.type("ecs:StopInstance")
    expect(tab.get_by_role("status").first).to_contain_text("1 way of access")
    assert "AliyunECSFullAccess" in rows(tab)[0]


@pytest.mark.parametrize(
    ("field", "value", "there", "gone"),
    [
        ("#person", "eve", "log-reader", "ecs-admin"),
        ("#person", "bbb", "ecs-admin", "db-reader"),
        ("#role", "db-reader", "read-rds", "no-orders"),
        ("#action", "rds:DescribeDBInstances", "read-rds", "no-orders"),
        ("#resource", "acs:rds:cn-hangzhou:11223344:dbinstance/rm-1", "read-rds", "read-logs"),
    ],
)
def test_a_filter_keeps_what_lies_on_a_way_that_satisfies_it(
    reader: Any, change: str, field: str, value: str, there: str, gone: str
) -> None:
    tab = reader(change)
    tab.fill(field, value)
    text = "\n".join(rows(tab))
    assert there in text
    assert gone not in text


def test_filters_have_to_be_satisfied_by_one_way_together(reader: Any, change: str) -> None:
    tab = reader(change)
    tab.fill("#person", "dan")
    tab.fill("#role", "log-reader")
    expect(tab.get_by_role("status").first).to_have_text("Nothing passes these filters.")


def test_changes_alone_can_be_shown(reader: Any, change: str) -> None:
    tab = reader(change)
    tab.get_by_label("Changes only").check()
    text = "\n".join(rows(tab))
    assert "dan" not in text
    assert "~ changed; was: with external ID contract-2026 and with MFA" in text


def test_a_group_of_people_opens_with_the_keyboard(reader: Any, change: str) -> None:
    tab = reader(change)
    tab.locator("#graph").focus()
    tab.keyboard.press("ArrowDown")
    while "people" not in tab.locator("#chosen").inner_text():
        tab.keyboard.press("ArrowDown")
    before = tab.get_by_role("status").first.inner_text()
    tab.keyboard.press("Enter")
    expect(tab.locator("#chosen")).to_contain_text("person AAA, company-b")
    assert tab.get_by_role("status").first.inner_text() != before
    tab.keyboard.press("ArrowRight")
    expect(tab.locator("#chosen")).to_contain_text("team operators")


def test_a_columns_button_sorts_the_table(reader: Any, change: str) -> None:
    tab = reader(change)
    tab.get_by_role("button", name="Grant", exact=True).click()
    assert "AliyunECSFullAccess" in rows(tab)[0]
    tab.get_by_role("button", name="Grant", exact=True).click()
    assert "read-rds" in rows(tab)[0]
    expect(tab.get_by_role("columnheader", name="Grant")).to_have_attribute("aria-sort", "descending")


def test_hostile_names_stay_text(reader: Any) -> None:
    one, other = PictureNode("1", NodeKind.PERSON, HOSTILE, HOSTILE), PictureNode("2", NodeKind.ROLE, HOSTILE, HOSTILE)
    tab = reader(
        html_page(Picture((one, other), (Edge("1", "2", EdgeKind.ASSUMES, HOSTILE),), None, (HOSTILE,)), HOSTILE)
    )
    assert HOSTILE in rows(tab)[0]
    assert tab.locator("img[src=x]").count() == 0
    assert tab.title() == HOSTILE


def test_an_unknown_output_has_its_key_without_a_preview(reader: Any) -> None:
    one, other = PictureNode("1", NodeKind.PERSON, "AAA"), PictureNode("2", NodeKind.ROLE, "ops", mark=Mark.UNKNOWN)
    tab = reader(html_page(Picture((one, other), (Edge("1", "2", EdgeKind.ASSUMES, "with MFA"),))))
    expect(tab.locator(".legend")).to_have_text("? unknown")
    expect(tab.locator("#paths tbody td").last).to_have_css("font-weight", "400")


def test_the_page_can_be_printed_with_the_graph_as_a_picture(reader: Any, change: str) -> None:
    tab = reader(change, color_scheme="dark")
    tab.evaluate("dispatchEvent(new Event('beforeprint'))")
    tab.emulate_media(media="print", color_scheme="dark")
    expect(tab.locator("#printed")).to_be_visible()
    expect(tab.locator("#paths")).to_be_visible()
    expect(tab.locator(".filters")).to_be_hidden()
    assert tab.evaluate("getComputedStyle(document.body).backgroundColor") in {"rgba(0, 0, 0, 0)", "rgb(255, 255, 255)"}
    assert tab.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"


def test_on_paper_is_every_row_and_no_graph_that_nobody_could_read(reader: Any) -> None:
    roles = [PictureNode(f"r{number}", NodeKind.ROLE, f"role-{number}") for number in range(150)]
    one = PictureNode("1", NodeKind.PERSON, "AAA")
    edges = tuple(Edge("1", role.id, EdgeKind.ASSUMES) for role in roles)
    tab = reader(html_page(Picture((one, *roles), edges)))
    assert len(rows(tab)) == 40
    tab.evaluate("dispatchEvent(new Event('beforeprint'))")
    tab.emulate_media(media="print")
    assert len(rows(tab)) == 150
    expect(tab.locator("#told")).to_contain_text("150 ways of access")
    expect(tab.locator("#printed")).to_be_hidden()
    tab.evaluate("dispatchEvent(new Event('afterprint'))")
    assert len(rows(tab)) == 40


@pytest.mark.parametrize(("name", "colours"), [("picture", "light"), ("picture-dark", "dark")])
def test_the_picture_looks_like_its_picture_in_the_docs(reader: Any, change: str, name: str, colours: str) -> None:
    tab = reader(change, color_scheme=colours, viewport={"width": 1200, "height": 1130}, reduced_motion="reduce")
    tab.wait_for_function("performance.getEntriesByName('drawn').length")
    compare(tab, name, BOXES, colours=128)


def test_additions_are_drawn_green_and_removals_red(reader: Any, change: str) -> None:
    tab = reader(change, viewport={"width": 1200, "height": 1130}, reduced_motion="reduce")
    tab.wait_for_function("performance.getEntriesByName('drawn').length")
    tab.locator("details").first.evaluate("one => one.remove()")
    drawn = screenshot_of(tab)
    assert coloured(drawn, SHADES[Mark.ADDED].light) > 1
    tab.fill("#person", "AAA")
    assert coloured(screenshot_of(tab), SHADES[Mark.ADDED].light) < coloured(drawn, SHADES[Mark.ADDED].light)

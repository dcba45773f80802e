"""Lists that are longer than a page: each page shows its part, and leads to the next one."""

from __future__ import annotations

import re
from typing import Any

import pytest
from console_scenario import OWNER, as_root

from alicloud_fakes import Cloud
from alicloud_fakes.console.apis import Apis

LONG = 205


@pytest.fixture
def long(cloud: Cloud) -> Cloud:
    """A cloud whose owner has many resources of each kind."""
    owner: Apis = as_root(cloud, OWNER)
    account = cloud.account(OWNER)
    for number in range(LONG):
        name = f"many-{number:03}"
        assert owner.call("ram", "CreateUser", UserName=name).ok
        assert owner.call("ram", "CreateGroup", GroupName=name).ok
        account.ecs.run(name)
    return cloud


def names(browser: Any) -> list[str]:
    """Entries of a list, without the marker in the address of its next page."""
    shown = re.sub(r"<nav class=.pages.*?</nav>", "", browser.html, flags=re.DOTALL)
    return list(dict.fromkeys(re.findall(r"many-\d{3}", shown)))


def link(browser: Any, text: str) -> str | None:
    found = re.search(rf'<a href="([^"]*)"[^>]*>{text}</a>', browser.html)
    return found[1].replace("&amp;", "&") if found else None


@pytest.mark.parametrize("path", ["/ram/users", "/ram/groups", "/ecs"])
def test_every_entry_of_a_long_list_is_on_one_of_its_pages(browser: Any, long: Cloud, path: str) -> None:
    browser.open_root(OWNER)
    seen: list[str] = []
    address: str | None = path
    pages = 0
    while address is not None:
        page = browser.get(address if address.startswith("/") else path + address)
        assert page.status == 200
        there = names(page)
        assert 0 < len(there) <= 100
        assert not set(there) & set(seen)
        seen += there
        pages += 1
        assert (link(page, "First page") is None) is (pages == 1)
        address = link(page, "Next page")
    assert sorted(seen) == [f"many-{number:03}" for number in range(LONG)]
    assert pages == 3


def test_a_short_list_has_no_pages(browser: Any) -> None:
    browser.open_root(OWNER)
    for path in ("/ram/users", "/ram/roles", "/ecs", "/rds", "/slb", "/oss"):
        assert 'class="pages"' not in browser.get(path).html


def test_the_pages_of_a_filtered_list_keep_the_filter(browser: Any) -> None:
    browser.open_root(OWNER)
    page = browser.get("/ram/policies?type=System")
    following = link(page, "Next page")
    assert following is not None
    assert "type=System" in following
    second = browser.get("/ram/policies" + following)
    assert link(second, "First page") == "?type=System"
    assert "Custom policies" not in second.text


@pytest.mark.parametrize("number", ["0", "-1", "two", "9999999", "1 OR 1", "1%00"])
def test_a_page_number_that_is_none_is_the_first_page(browser: Any, number: str) -> None:
    browser.open_root(OWNER)
    page = browser.get(f"/ecs?page={number}")
    assert page.status == 200
    assert "web-1" in page.text


def test_a_server_of_a_later_page_is_stopped_on_its_page(browser: Any, long: Cloud) -> None:
    browser.open_root(OWNER)
    page = browser.get("/ecs?page=2")
    form = next(one for one in page.page.forms if one.action.endswith("/stop"))
    after = page.submit(form.action)
    assert after.path.endswith("page=2")
    assert "was stopped" in after.text

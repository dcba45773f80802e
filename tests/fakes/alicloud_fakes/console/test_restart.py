"""A fake that keeps its state in a file is stopped and started again, with a browser that stays open."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import Browser
from console_scenario import DELEGATE, OWNER, as_root, scenario

from alicloud_fakes import Cloud
from alicloud_fakes.cloud.file import StateFile
from alicloud_fakes.console.apis import Apis
from alicloud_fakes.console.web import ConsoleServer

TOKEN = "control-token-of-the-tests"
NEW = "Second-Password-2"


@contextlib.contextmanager
def run(path: Path, cloud: Cloud, port: int = 0) -> Iterator[ConsoleServer]:
    """The fake as `alicloud-fakes serve --state --console` runs it."""
    state = StateFile(cloud, path)
    state.open()
    try:
        with ConsoleServer(cloud, port, control_token=TOKEN, changed=state.checkpoint) as server:
            yield server
    finally:
        state.close()


@pytest.fixture
def restarted(tmp_path: Path) -> Iterator[Any]:
    """A restart between two visits of one browser, on the same port."""
    path = tmp_path / "cloud.state"
    with contextlib.ExitStack() as stack:

        def restart(before: Any) -> tuple[Browser, Cloud]:
            with run(path, scenario()) as server:
                browser = Browser(server)
                before(browser)
            cloud = Cloud(seed="console")
            browser.server = stack.enter_context(run(path, cloud, server.port))
            return browser, cloud

        yield restart


def test_a_cookie_of_the_last_run_leads_to_the_sign_in_page_and_back(restarted: Any) -> None:
    browser, _ = restarted(lambda one: (one.sign_in(), one.switch(), one.get("/ecs")))
    page = browser.get("/ecs?region=cn-hangzhou")
    assert page.path == "/login.htm"
    page.submit("/login.htm", account="company-b", user="AAA", password="First-Password-1")
    assert browser.path == "/ecs?region=cn-hangzhou"
    assert "AAA@company-b" in browser.text
    assert "ecs-admin" not in browser.text


def test_a_form_of_the_last_run_changes_nothing(restarted: Any) -> None:
    browser, cloud = restarted(lambda one: (one.sign_in(), one.switch(), one.get("/ecs")))
    form = next(one for one in browser.page.forms if one.action.endswith("/stop"))
    page = browser.post(form.action, form.fields)
    assert page.status == 403
    assert {one.status for one in cloud.account(OWNER).ecs.instances.values()} == {"Running"}


def test_the_control_room_asks_for_its_token_again(restarted: Any) -> None:
    browser, _ = restarted(lambda one: one.open_control_room())
    assert browser.get("/fake/").path == "/fake/sign-in"
    assert "Controls" in browser.open_control_room().text


def test_changes_made_by_a_sign_in_survive_a_restart(restarted: Any) -> None:
    def change_password(browser: Browser) -> None:
        delegate = as_root(browser.server.console.cloud, DELEGATE)
        assert delegate.call("ram", "UpdateLoginProfile", UserName="AAA", PasswordResetRequired="true").ok
        browser.sign_in()
        assert browser.submit("/sign-in/password", password=NEW, again=NEW).path == "/"

    browser, _ = restarted(change_password)
    assert browser.sign_in().path == "/login.htm"
    assert browser.sign_in(password=NEW).path == "/"


def test_a_role_s_session_in_the_api_outlives_the_console(restarted: Any) -> None:
    held: list[Any] = []

    def keep(browser: Browser) -> None:
        browser.sign_in()
        browser.switch()
        (visit,) = browser.server.console.cookies.visits.all()
        held.append(visit.credentials)

    _, cloud = restarted(keep)
    assert Apis(cloud, held[0], "127.0.0.1").call("ecs", "DescribeInstances", RegionId="cn-hangzhou").ok

"""A real Chromium, without a profile, that can reach nothing but loopback; and a visitor that records all problems.

`CHROMIUM` names the browser; otherwise it is looked for on PATH. Without one these tests are skipped, with the reason.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from alicloud_fakes import Cloud
from alicloud_fakes.console.web import ConsoleServer
from alicloud_fakes.identity import totp

sys.path.insert(0, str(Path(__file__).parents[1] / "fakes/alicloud_fakes/console"))
sys.path.insert(0, str(Path(__file__).parent))

from console_scenario import PASSWORD, scenario
from quiet_chromium import arguments, find_chromium

TOKEN = "control-token-of-the-tests"
PATIENCE = 30_000  # milliseconds, for busy machines; nothing waits longer than it has to
expect.set_options(timeout=PATIENCE)


class Visitor:
    """A person at the browser."""

    def __init__(self, page: Page, server: ConsoleServer) -> None:
        self.page, self.server, self.url = page, server, server.url
        self.refusals: set[str] = set()
        self.problems: list[str] = []
        self.hosts: set[str] = set()
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.problems.append(f"error: {error}"))
        page.on("dialog", lambda dialog: (self.problems.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.on("request", lambda request: self.hosts.add(urlsplit(request.url).netloc))

    def _console(self, message: ConsoleMessage) -> None:
        path = message.location.get("url", "").removeprefix(self.url)
        refused = message.text.startswith("Failed to load resource") and path in self.refusals
        if message.type in {"error", "warning"} and not refused:
            self.problems.append(f"{message.type}: {message.text} ({path})")

    def go(self, path: str) -> Visitor:
        self.page.goto(self.url + path)
        return self

    def refused(self, path: str) -> Visitor:
        """Go to a page that is refused. The browser logs its status as an error, which is not counted as a problem."""
        self.refusals.add(path)
        return self.go(path)

    def sign_in(self, user: str = "AAA", password: str = PASSWORD, account: str = "company-b") -> Visitor:
        self.go("/login.htm")
        self.page.get_by_label("Enterprise alias").fill(account)
        self.page.get_by_label("User name").fill(user)
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_role("button", name="Sign in").click()
        return self

    def bind_device(self, cloud: Cloud) -> str:
        """Bind the device that the page offers, with two consecutive codes; return its seed."""
        self.page.get_by_text("The key as text").click()
        seed = self.page.locator("#seed").inner_text().replace(" ", "")
        step = int(cloud.clock.time()) // totp.STEP
        self.page.get_by_label("First code").fill(totp.code(seed, step - 1))
        self.page.get_by_label("Next code").fill(totp.code(seed, step))
        self.page.get_by_role("button", name="Bind the device").click()
        return seed

    def switch(self, account: str = "company-a", role: str = "ecs-admin") -> Visitor:
        self.page.locator("details.who summary").click()
        self.page.locator(".menu").get_by_role("link", name="Switch Identity").click()
        self.page.get_by_label("Enterprise alias").fill(account)
        self.page.get_by_label("Role name").fill(role)
        self.page.get_by_role("button", name="Switch", exact=True).click()
        return self

    def open_control_room(self) -> Visitor:
        self.go("/fake/sign-in")
        self.page.get_by_label("Control token").fill(TOKEN)
        self.page.get_by_role("button", name="Open").click()
        return self

    def open_root(self, alias: str) -> Visitor:
        self.open_control_room()
        self.page.get_by_role("button", name=f"Open as root of {alias}").click()
        return self

    @property
    def focused(self) -> str:
        """Description of the element that has the focus."""
        return self.page.evaluate(
            "(e => `${e.tagName} ${e.id} ${e.getAttribute('aria-label') || e.textContent.trim()}`)"
            "(document.activeElement)"
        )


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = find_chromium()
    if path is None:
        pytest.skip("no Chromium on PATH; install the package chromium, or name one in CHROMIUM")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=arguments())
        yield browser
        browser.close()


@pytest.fixture
def cloud() -> Cloud:
    return scenario()


@pytest.fixture
def server(cloud: Cloud) -> Iterator[ConsoleServer]:
    with ConsoleServer(cloud, control_token=TOKEN) as server:
        yield server


@pytest.fixture
def visitors(chromium: Browser, server: ConsoleServer) -> Iterator[Callable[..., Visitor]]:
    """Visitors, each with a browser of its own. At the end, a problem or a request beyond loopback fails the test."""
    made: list[tuple[BrowserContext, Visitor]] = []

    def make(**options: Any) -> Visitor:
        context = chromium.new_context(
            **{"viewport": {"width": 1200, "height": 800}, "color_scheme": "light", **options}
        )
        context.set_default_timeout(PATIENCE)
        visitor = Visitor(context.new_page(), server)
        made.append((context, visitor))
        return visitor

    yield make
    for context, visitor in made:
        context.close()
        assert visitor.problems == []
        assert visitor.hosts <= {f"127.0.0.1:{server.port}"}


@pytest.fixture
def visitor(visitors: Callable[..., Visitor]) -> Visitor:
    return visitors()

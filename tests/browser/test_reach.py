"""Restrictions that the browser enforces: nothing leaves loopback, names are text, other sites cannot use a session."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from console_scenario import DELEGATE, OWNER, as_root
from playwright.sync_api import Browser, Error, expect, sync_playwright
from quiet_chromium import arguments, find_chromium

from alicloud_fakes import Cloud
from alicloud_fakes.console.web import ConsoleServer

HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)>'


def connections(log: Path) -> set[str]:
    """Addresses that the browser itself connected to or sent datagrams to, page or not: from its network log."""
    content = json.loads(log.read_text(errors="replace"))
    names = {number: name for name, number in content["constants"]["logEventTypes"].items()}
    found: set[str] = set()
    for event in content["events"]:
        name, given = names[event["type"]], event.get("params") or {}
        if name == "TCP_CONNECT_ATTEMPT" and "address" in given:
            found.add(given["address"])
        elif name == "UDP_BYTES_SENT":
            found.add(f"datagram {given.get('address', '')}")
    return found


def test_the_browser_itself_connects_to_loopback_only(chromium: Browser, server: ConsoleServer, tmp_path: Path) -> None:
    del chromium  # skips where there is none
    found: list[set[str]] = []

    def run() -> None:
        log = tmp_path / "net.json"
        with sync_playwright() as playwright:
            context = playwright.chromium.launch_persistent_context(
                tmp_path / "profile", executable_path=find_chromium(), args=[*arguments(), f"--log-net-log={log}"]
            )
            page = context.new_page()
            for path in ("/login.htm", "/fake/sign-in"):
                page.goto(server.url + path)
            page.wait_for_timeout(1000)
            context.close()
        found.append(connections(log))

    # In a thread of its own: another Playwright runs in this one.
    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert found == [{f"127.0.0.1:{server.port}"}]


def test_hostile_names_stay_text(visitor: Any, cloud: Cloud) -> None:
    cloud.account(OWNER).ecs.run(HOSTILE)
    assert as_root(cloud, OWNER).call("ram", "UpdateRole", RoleName="ecs-admin", NewDescription=HOSTILE).ok
    visitor.open_root("company-a")
    page = visitor.page
    for path in ("/ecs", "/ram/roles", "/ram/roles/ecs-admin", "/fake/calls"):
        visitor.go(path)
        assert page.locator("img[src=x]").count() == 0
        assert page.locator("script:not([src])").count() == 0
    visitor.go("/ecs")
    expect(page.get_by_role("row", name="alert(1)")).to_contain_text(HOSTILE)


def test_hostile_parameters_stay_text_in_the_live_stream(visitors: Any, cloud: Cloud) -> None:
    watcher = visitors()
    watcher.open_control_room().go("/fake/calls")
    page = watcher.page
    expect(page.locator("#stream-state")).to_have_text("live")
    assert as_root(cloud, OWNER).call("ram", "UpdateRole", RoleName="ecs-admin", NewDescription=HOSTILE).ok
    expect(page.locator("#stream tr").first).to_contain_text("<script>alert(1)</script>")
    assert page.locator("#stream img").count() == 0


def test_inline_scripts_do_not_run(visitor: Any) -> None:
    page = visitor.sign_in().page
    with pytest.raises(Error):
        page.add_script_tag(content="document.title = 'run'")
    assert page.title() != "run"
    assert any("Content Security Policy" in one for one in visitor.problems)
    visitor.problems.clear()


class Elsewhere(BaseHTTPRequestHandler):
    """A page of another origin that sends the console's forms, as soon as it is opened."""

    target = ""

    def do_GET(self) -> None:
        body = (
            f'<body onload="document.forms[0].submit()"><form method="post" action="{self.target}">'
            '<input name="csrf" value="guess"></form>'
        ).encode()
        self.send_response(200)
        self.send_header("content-type", "text/html")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def elsewhere(server: ConsoleServer) -> Iterator[str]:
    handler = type("Here", (Elsewhere,), {"target": f"{server.url}/sign-out"})
    other = HTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=other.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{other.server_port}/"
    other.shutdown()
    other.server_close()


def test_a_form_of_another_site_changes_nothing(visitor: Any, elsewhere: str) -> None:
    visitor.refusals.add("/sign-out")
    page = visitor.sign_in().page
    page.goto(elsewhere)
    expect(page.locator("body")).to_contain_text("sent from another site")
    visitor.hosts.discard(urlsplit(elsewhere).netloc)
    visitor.go("/")
    expect(page.locator(".who-name")).to_have_text("AAA@company-b")


def test_a_name_that_was_rebound_to_loopback_gets_no_page(visitor: Any) -> None:
    page = visitor.sign_in().page
    answer = page.goto(visitor.url.replace("127.0.0.1", "rebound.example") + "/login.htm")
    assert answer.status == 403
    expect(page.locator("body")).to_contain_text("is reached as http://127.0.0.1")
    visitor.problems.clear()
    visitor.hosts.discard(f"rebound.example:{visitor.server.port}")


def test_another_site_cannot_frame_a_page(visitor: Any, server: ConsoleServer) -> None:
    page = visitor.sign_in().page
    page.set_content(f'<iframe src="{server.url}/ecs"></iframe>')
    page.wait_for_timeout(500)
    assert all("ECS instances" not in frame.content() for frame in page.frames[1:])
    visitor.problems.clear()


def test_users_of_other_accounts_stay_theirs(visitors: Any, cloud: Cloud) -> None:
    one, other = visitors(), visitors()
    one.sign_in()
    assert as_root(cloud, DELEGATE).call("ram", "CreateUser", UserName="BBB").ok
    other.go("/")
    expect(other.page.get_by_role("heading", name="Sign in as a RAM user")).to_be_visible()
    expect(one.page.locator(".who-name")).to_have_text("AAA@company-b")

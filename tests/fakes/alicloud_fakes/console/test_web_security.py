"""Strangers get no page, names never run as code, sessions cannot be guessed or fixated, secrets are not shown."""

from __future__ import annotations

import logging
import re
from typing import Any

import pytest
import requests
from console_scenario import DELEGATE, OWNER, PASSWORD

from alicloud_fakes import Cloud
from alicloud_fakes.console.web import ConsoleServer
from alicloud_fakes.console.web.app import WebConsole
from alicloud_fakes.console.web.visits import Root
from alicloud_fakes.identity.session_tokens import TemporaryCredentials
from ram_policies.errors import InvalidInputError

HOSTILE = "\"><script>alert(1)</script><img src=x onerror=alert(2)>'{{7*7}}"
PROTECTED = [
    "/",
    "/ecs",
    "/rds",
    "/slb",
    "/oss",
    "/oss/reports",
    "/ram/users",
    "/ram/users/AAA",
    "/ram/groups",
    "/ram/groups/operators",
    "/ram/roles",
    "/ram/roles/ecs-admin",
    "/ram/policies",
    "/ram/policies/Custom/delegation-suspended",
    "/switchRole.htm",
]
CONTROL = ["/fake/", "/fake/calls", "/fake/calls/events", "/fake/sessions", "/fake/learned"]


def routes(server: ConsoleServer) -> list[tuple[str, str]]:
    app = server.console.application(["x"])
    return [
        (method, str(getattr(one, "path", ""))) for one in app.routes for method in getattr(one, "methods", ()) or ()
    ]


def test_the_lists_above_hold_every_page(server: ConsoleServer) -> None:
    named = {
        re.sub(r"/(reports|AAA|operators|ecs-admin|Custom/delegation-suspended)$", "/{}", one) for one in PROTECTED
    }
    pages = {re.sub(r"/\{.*$", "/{}", path) for method, path in routes(server) if method == "GET"}
    doors = {"/favicon.ico", "/login.htm", "/sign-in/code", "/sign-in/password", "/sign-in/device", "/fake/sign-in"}
    assert pages - doors == named | set(CONTROL)


@pytest.mark.parametrize("path", PROTECTED)
def test_no_page_without_a_session_but_the_sign_in_page(browser: Any, path: str) -> None:
    assert browser.get(path).path == "/login.htm"
    assert "company-a" not in browser.html


@pytest.mark.parametrize("path", CONTROL)
def test_the_control_room_is_closed_without_its_token(browser: Any, path: str) -> None:
    browser.sign_in()
    assert browser.get(path).path == "/fake/sign-in"


def test_a_wrong_control_token(browser: Any) -> None:
    page = browser.open_control_room("wrong")
    assert page.status == 401
    assert browser.get("/fake/").path == "/fake/sign-in"


def test_the_control_room_gives_no_session_and_a_session_no_control_room(browser: Any) -> None:
    browser.open_control_room()
    assert browser.get("/ecs").path == "/login.htm"


def test_every_form_needs_the_token_of_its_session(browser: Any, another: Any, server: ConsoleServer) -> None:
    other = another()
    other.open_root(OWNER)
    foreign = other.get("/").page.forms[0].fields["csrf"]
    browser.open_root(OWNER)
    before = len(server.console.cloud.calls.records)
    for method, path in routes(server):
        if method == "POST":
            target = re.sub(r"\{[a-z]+\}", "ecs-admin", path)
            for csrf in ("", "guess", foreign):
                page = browser.post(target, {"csrf": csrf, "do": "freeze", "account": OWNER, "user": "AAA"})
                assert page.status == 403, (path, csrf)
    assert len(server.console.cloud.calls.records) == before
    assert browser.get("/ecs").status == 200, "the session is as it was"


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://127.0.0.1:1", "https://{host}", "http://{host}.evil"]
)
def test_forms_of_another_origin_are_refused(browser: Any, origin: str) -> None:
    browser.sign_in()
    host = browser.server.url.removeprefix("http://")
    page = browser.submit("/sign-out", {"origin": origin.format(host=host)})
    assert page.status == 403
    assert "another site" in page.text
    assert browser.get("/").path == "/", "still signed in"


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_forms_that_the_browser_calls_foreign_are_refused(browser: Any, site: str) -> None:
    browser.sign_in()
    assert browser.submit("/sign-out", {"sec-fetch-site": site}).status == 403


def test_a_form_that_names_no_origin_is_refused(server: ConsoleServer) -> None:
    answer = requests.post(f"{server.url}/login.htm", {"user": "AAA"}, timeout=30)
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "localhost.evil:{port}", ""]
)
def test_a_foreign_host_is_refused(browser: Any, host: str) -> None:
    browser.sign_in()
    page = browser.get("/", Host=host.format(port=browser.server.port))
    assert page.status in {400, 403}
    assert "AAA" not in page.html


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "[::1]"])
def test_names_of_loopback_are_hosts(browser: Any, name: str) -> None:
    assert browser.get("/login.htm", Host=f"{name}:{browser.server.port}").status == 200


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"])
def test_other_methods_are_refused(server: ConsoleServer, method: str) -> None:
    assert requests.request(method, f"{server.url}/login.htm", timeout=30).status_code in {400, 403, 405}


@pytest.mark.parametrize("path", ["/login.htm", "/", "/ecs", "/nope", "/static/console.css", "/fake/sign-in"])
def test_headers_of_every_answer(browser: Any, path: str) -> None:
    browser.sign_in()
    headers = browser.get(path).response.headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["cache-control"] == "no-store"
    assert "server" not in headers


def test_cookies_cannot_be_read_by_scripts_nor_sent_by_other_sites(browser: Any) -> None:
    given = browser.get("/login.htm").response.headers["set-cookie"].lower()
    assert "httponly" in given
    assert "samesite=lax" in given
    assert "path=/" in given
    assert "domain" not in given


def cookie(browser: Any) -> str:
    return browser.http.cookies[browser.server.console.cookies.name]


def test_a_session_gets_a_new_cookie_whenever_its_rights_change(browser: Any, another: Any) -> None:
    browser.get("/login.htm")
    seen = [cookie(browser)]
    for act in (
        browser.sign_in,
        browser.switch,
        lambda: browser.submit("/switch-back"),
        lambda: browser.submit("/sign-out"),
    ):
        act()
        seen.append(cookie(browser))
    assert len(set(seen)) == len(seen)
    stranger = another()
    for old in seen[:-1]:
        stranger.http.cookies.set(browser.server.console.cookies.name, old)
        assert stranger.get("/").path == "/login.htm"


def test_a_cookie_that_somebody_chose_is_not_taken(browser: Any) -> None:
    browser.http.cookies.set(browser.server.console.cookies.name, "chosen-by-an-attacker")
    browser.sign_in()
    assert "chosen-by-an-attacker" not in {one.token for one in browser.server.console.cookies.visits.all()}


def test_cookies_are_not_made_from_the_seed_of_the_cloud(cloud: Cloud) -> None:
    first, second = WebConsole(cloud), WebConsole(cloud)
    assert first.cookies.visits.begin().token != second.cookies.visits.begin().token
    assert first.control_token != second.control_token


def test_a_short_control_token_is_refused_without_showing_it(cloud: Cloud) -> None:
    with pytest.raises(InvalidInputError, match="too short") as raised:
        ConsoleServer(cloud, control_token="guess-me")
    assert "guess-me" not in str(raised.value)


@pytest.mark.parametrize("path", ["//evil.example/", "/\\evil.example"])
def test_the_page_after_signing_in_is_always_one_of_this_server(browser: Any, path: str) -> None:
    browser.get(path)
    page = browser.sign_in()
    assert page.response.url.startswith(browser.server.url + "/")


def test_markup_in_names_is_shown_as_text(browser: Any, cloud: Cloud, owner: Any, delegate: Any) -> None:
    run = cloud.account(OWNER).ecs.run(HOSTILE)
    cloud.account(OWNER).rds.create(HOSTILE)
    cloud.account(OWNER).slb.create(HOSTILE)
    for call in (
        owner.call("ram", "UpdateRole", RoleName="ecs-admin", NewDescription=HOSTILE),
        delegate.call("ram", "CreateGroup", GroupName="hostile", Comments=HOSTILE),
        delegate.call("ram", "UpdateUser", UserName="AAA", NewComments=HOSTILE),
    ):
        assert call.ok, call.body
    pages: list[str] = []
    browser.open_root(OWNER)
    pages += [browser.get(path).html for path in ("/ecs", "/rds", "/slb", "/ram/roles", "/ram/roles/ecs-admin")]
    pages.append(browser.get(f"/ram/users/{requests.utils.quote(HOSTILE, safe='')}").html)
    pages.append(browser.get(f"/oss/{requests.utils.quote(HOSTILE, safe='')}").html)
    browser.get("/ecs")
    pages.append(browser.submit(f"/ecs/{run.id}/stop").html)
    browser.open_root(DELEGATE)
    pages += [browser.get(path).html for path in ("/ram/users", "/ram/users/AAA", "/ram/groups")]
    browser.submit("/sign-out")
    pages.append(browser.sign_in(user=HOSTILE, account=HOSTILE).html)
    browser.sign_in()
    pages.append(browser.switch(HOSTILE, HOSTILE).html)
    pages.append(browser.get(f"/switchRole.htm?parentAlias={HOSTILE}&roleName={HOSTILE}").html)
    pages += [
        browser.get(path).html for path in ("/fake/calls", "/fake/sessions", f"/fake/learned?principal={HOSTILE}")
    ]
    for html in pages:
        assert "<script>alert" not in html
        assert "<img src=x" not in html
    assert any("{{7*7}}" in html for html in pages)
    assert sum("&lt;script&gt;alert(1)" in html for html in pages) > 8, "the names are shown, as text"


def test_names_that_hide_or_turn_letters_show_them(browser: Any, cloud: Cloud, owner: Any, delegate: Any) -> None:
    hidden = "\N{RIGHT-TO-LEFT OVERRIDE}ylno-daer\N{ZERO WIDTH SPACE}"
    cloud.account(OWNER).ecs.run(hidden)
    assert owner.call("ram", "UpdateRole", RoleName="ecs-admin", NewDescription=hidden).ok
    assert delegate.call("ram", "UpdateUser", UserName="AAA", NewDisplayName=hidden, NewComments=hidden).ok
    browser.open_root(OWNER)
    pages = [browser.get(path).html for path in ("/ecs", "/ram/roles", "/ram/roles/ecs-admin")]
    browser.open_root(DELEGATE)
    pages += [browser.get(path).html for path in ("/ram/users", "/ram/users/AAA", "/fake/calls")]
    pages.append(browser.get(f"/switchRole.htm?parentAlias={hidden}&roleName={hidden}").html)
    for html in pages:
        assert "\N{RIGHT-TO-LEFT OVERRIDE}" not in html
        assert "\\u202eylno-daer\\u200b" in html


def test_scripts_and_styles_are_files_of_this_server(browser: Any) -> None:
    browser.open_root(OWNER)
    for path in ("/", "/ecs", "/ram/roles/ecs-admin", "/fake/", "/fake/calls", "/login.htm"):
        page = browser.get(path)
        for tag, given in page.page.tags:
            assert not any(name.startswith("on") or name == "style" for name in given), (path, tag, given)
            for name in ("src", "href", "action", "hx-post"):
                target = given.get(name)
                assert target is None or target.startswith(("/", "#")), (path, tag, target)
            assert tag != "style"
        assert re.findall(r"<script(?![^>]* src=)", page.html) == []


def test_no_secret_is_in_a_page_or_in_the_log(
    browser: Any, cloud: Cloud, delegate: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    key = delegate.call("ram", "CreateAccessKey", UserName="AAA").body["AccessKey"]
    pages = [browser.sign_in().html, browser.switch().html]
    [visit] = browser.server.console.cookies.visits.all()
    pages += [browser.get(path).html for path in PROTECTED]
    browser.open_root(DELEGATE)
    pages += [browser.get(path).html for path in PROTECTED]
    pages += [browser.get(path).html for path in ("/fake/", "/fake/calls", "/fake/sessions", "/fake/learned")]
    secrets = [PASSWORD, key["AccessKeySecret"], browser.server.control_token]
    secrets += [account.root_key.secret for account in cloud.accounts.values()]
    for session in visit.sessions:
        secrets += [session.credentials.access_key_secret, session.credentials.security_token]
    everything = "\n".join([*pages, caplog.text, *(str(one) for one in cloud.calls.records)])
    for secret in secrets:
        assert secret not in everything


def test_a_large_form_is_refused(browser: Any) -> None:
    browser.get("/login.htm")
    page = browser.submit("/login.htm", user="A" * 70_000)
    assert page.status == 400


def test_a_failure_is_told_without_a_trace(browser: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    browser.sign_in()

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("a fault of ours, with a secret in it")

    monkeypatch.setattr(browser.server.console.cloud, "handle", fail)
    page = browser.get("/ecs")
    assert page.status == 500
    assert "The console failed" in page.text
    assert "secret" not in page.html


def test_many_visits_do_not_fill_the_memory(cloud: Cloud) -> None:
    visits = WebConsole(cloud).cookies.visits
    first, signed_in = visits.begin(), visits.begin()
    signed_in.root = Root(OWNER, "root@company-a", TemporaryCredentials("", "", "", ""))
    for _ in range(2100):
        visits.begin()
    assert visits.find(first.token) is None
    assert visits.find(signed_in.token) is signed_in, "strangers sign nobody out"
    for _ in range(2100):
        visits.begin().root = signed_in.root
    newest = visits.begin()
    assert visits.find(newest.token) is newest, "there is always room for one more"

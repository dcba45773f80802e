"""The console over HTTP, and a client that reads its pages and sends its forms."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import requests

from alicloud_fakes import Cloud
from alicloud_fakes.console.web import ConsoleServer

sys.path.insert(0, str(Path(__file__).parent))

from console_scenario import DELEGATE, OWNER, PASSWORD, as_root, scenario

TOKEN = "control-token-of-the-tests"


@dataclass
class Form:
    method: str
    action: str
    fields: dict[str, str] = field(default_factory=dict[str, str])


class Parsed(HTMLParser):
    """The forms of a page, its text, and its elements."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.parts: list[str] = []
        self._inside: Form | None = None
        self.feed(html)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.parts).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append((tag, given))
        if tag == "form":
            self._inside = Form(str(given.get("method", "get")), str(given.get("action", "")))
            self.forms.append(self._inside)
        elif self._inside is not None and given.get("name") and given.get("type", "text") not in {"radio", "checkbox"}:
            self._inside.fields[str(given["name"])] = given.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = None

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


class Browser:
    """A browser without scripts: cookies, redirects, forms."""

    def __init__(self, server: ConsoleServer) -> None:
        self.server = server
        self.http = requests.Session()
        self.http.trust_env = False
        self.response = requests.Response()
        self.page = Parsed("")

    def _keep(self, response: requests.Response) -> Browser:
        self.response, self.page = response, Parsed(response.text)
        return self

    def get(self, path: str, **headers: str) -> Browser:
        return self._keep(self.http.get(self.server.url + path, headers=headers, timeout=30))

    def submit(self, action: str, headers: dict[str, str] | None = None, /, **fields: str) -> Browser:
        """Fill in the form of the present page that has this action, and send it."""
        form = next(one for one in self.page.forms if one.action == action)
        return self.post(action, {**form.fields, **fields}, headers)

    def post(self, action: str, fields: dict[str, str], headers: dict[str, str] | None = None) -> Browser:
        given = {"origin": self.server.url, **(headers or {})}
        return self._keep(self.http.post(self.server.url + action, fields, headers=given, timeout=30))

    def sign_in(self, user: str = "AAA", password: str = PASSWORD, account: str = "company-b") -> Browser:
        return self.get("/login.htm").submit("/login.htm", account=account, user=user, password=password)

    def switch(self, account: str = "company-a", role: str = "ecs-admin") -> Browser:
        return self.get("/switchRole.htm").submit("/switchRole.htm", account=account, role=role)

    def open_control_room(self, token: str = TOKEN) -> Browser:
        page = self.get("/fake/sign-in")
        return page if page.path == "/fake/" else page.submit("/fake/sign-in", token=token)

    def open_root(self, account: str) -> Browser:
        self.open_control_room()
        form = next(one for one in self.page.forms if one.fields.get("account") == account)
        return self.post("/fake/open", form.fields)

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def path(self) -> str:
        return self.response.url.removeprefix(self.server.url)

    @property
    def text(self) -> str:
        return self.page.text

    @property
    def html(self) -> str:
        return self.response.text


@pytest.fixture
def cloud() -> Cloud:
    return scenario()


@pytest.fixture
def server(cloud: Cloud) -> Iterator[ConsoleServer]:
    with ConsoleServer(cloud, control_token=TOKEN) as server:
        yield server


@pytest.fixture
def browser(server: ConsoleServer) -> Browser:
    return Browser(server)


@pytest.fixture
def another(server: ConsoleServer) -> Callable[[], Browser]:
    """Browsers of other people."""
    return lambda: Browser(server)


@pytest.fixture
def owner(cloud: Cloud) -> Any:
    """A's administrator, through the API."""
    return as_root(cloud, OWNER)


@pytest.fixture
def delegate(cloud: Cloud) -> Any:
    """B's administrator, through the API."""
    return as_root(cloud, DELEGATE)

"""The search of the documentation site, in a real Chromium that can reach nothing but loopback."""

from __future__ import annotations

import functools
import http.server
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

ROOT = Path(__file__).parents[2]


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Log nothing."""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the built site."""
    folder = tmp_path_factory.mktemp("docs")
    shutil.copytree(ROOT / "docs", folder / "docs")
    shutil.copy(ROOT / "zensical.toml", folder)
    program = Path(sys.executable).with_name("zensical")
    subprocess.run([program, "build", "--strict", "--clean"], cwd=folder, capture_output=True, check=True)
    return folder / "site"


@pytest.fixture(params=["opened from the folder", "served"])
def site(built: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of the site."""
    if request.param == "opened from the folder":
        yield built.as_uri()
        return
    handler = functools.partial(Quiet, directory=str(built))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize(
    ("words", "page"), [("suspended live session", "revocation.html"), ("not-an-arn", "errors.html")]
)
@pytest.mark.parametrize("start", ["index.html", "guides/roles.html"])
def test_a_word_is_found_without_a_network(chromium: Browser, site: str, start: str, words: str, page: str) -> None:
    context = chromium.new_context()
    tab = context.new_page()
    hosts: set[str] = set()
    tab.on("request", lambda request: hosts.add(urlsplit(request.url).hostname or urlsplit(request.url).scheme))
    tab.goto(f"{site}/{start}", wait_until="networkidle")  # before that, no handler listens for the key
    tab.keyboard.press("/")
    box = tab.get_by_placeholder("Search")
    expect(box).to_be_visible()
    box.fill(words)
    expect(tab.locator(f'a[href*="{page}?h="]').first).to_be_visible()  # a result is a link with these words
    assert hosts <= {"127.0.0.1", "blob", "data", "file"}
    context.close()

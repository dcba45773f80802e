"""The documentation site: it builds without a warning, contains every page, and loads nothing from elsewhere."""

import html.parser
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
sys.path.insert(0, str(ROOT / "tools"))
import commands_docs  # noqa: E402 - tools is a folder of scripts
import reference_docs  # noqa: E402 - tools are no package: their folder is put on the path first


class Assets(html.parser.HTMLParser):
    """Addresses that a browser would fetch by itself."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag in {"script", "img", "iframe", "source"}:
            self.found.append(given.get("src"))
        elif tag == "link" and given.get("rel") in {"stylesheet", "preconnect", "preload", "icon", "manifest"}:
            self.found.append(given.get("href"))


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("docs")
    shutil.copytree(DOCS, folder / "docs")
    shutil.copy(ROOT / "zensical.toml", folder)
    program = Path(sys.executable).with_name("zensical")
    done = subprocess.run(
        [program, "build", "--strict", "--clean"], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "No issues found" in done.stdout + done.stderr
    return folder / "site"


def pages_in(nav):
    for entry in nav:
        for target in entry.values():
            if isinstance(target, str):
                yield target
            else:
                yield from pages_in(target)


def test_a_page_fetches_nothing_from_elsewhere(site):
    for page in site.rglob("*.html"):
        assets = Assets()
        assets.feed(page.read_text("utf-8"))
        elsewhere = [
            one
            for one in assets.found
            if (one and one.split(":")[0] in {"http", "https"}) or (one or "").startswith("//")
        ]
        assert elsewhere == [], page.name


def test_search_has_an_index(site):
    assert "AssumeRole" in (site / "search.json").read_text("utf-8")


def test_every_page_is_in_the_navigation():
    nav = tomllib.loads((ROOT / "zensical.toml").read_text("utf-8"))["project"]["nav"]
    written = {str(file.relative_to(DOCS)) for file in DOCS.rglob("*.md")}
    listed = set(pages_in(nav))
    assert listed <= written
    assert {page for page in written - listed if not page.startswith("guardrails/")} == set()


def test_the_reference_is_written_from_the_schema():
    assert (DOCS / "reference" / "components.md").read_text("utf-8") == reference_docs.page()


def test_the_commands_are_written_from_their_help():
    assert (DOCS / "reference" / "commands.md").read_text("utf-8") == commands_docs.page()

"""docs/fakes.md is correct: its Python runs, and its tables name what exists."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from alicloud_fakes import Cloud, mock_alicloud
from alicloud_fakes.admin import administer
from alicloud_fakes.cli import parser
from alicloud_fakes.cloud.accounts import account_from
from alicloud_fakes.core.messages import HttpRequest
from alicloud_fakes.pipeline.faults import FaultKind

PAGE = (Path(__file__).parents[3] / "docs" / "fakes.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def heading(block: str) -> str:
    return re.findall(r"^##+ (.*)$", PAGE[: PAGE.index(block)], re.MULTILINE)[-1]


@pytest.mark.parametrize("block", [pytest.param(block, id=heading(block)) for block in blocks("python")])
def test_the_python_of_the_fakes_page_runs(block: str) -> None:
    names: dict[str, Any] = {"__name__": "fakes_md"}
    exec(compile(block, "docs/fakes.md", "exec"), names)  # our own page
    for name, test in list(names.items()):
        if name.startswith("test_"):
            run(test)


def run(test: Any) -> None:
    """As pytest would, with the fixture that a snippet asks for."""
    if "alicloud" not in inspect.signature(test).parameters:
        test()
        return
    marks = [mark for mark in getattr(test, "pytestmark", []) if mark.name == "alicloud"]
    accounts = marks[0].args[0] if marks else {"11223344": "company-a", "12345678": "company-b"}
    with mock_alicloud(accounts) as cloud:
        test(cloud)


def test_the_documentation_has_code_blocks() -> None:
    assert len(blocks("python")) >= 9


def test_the_file_of_accounts_is_one() -> None:
    cloud = Cloud()
    (text,) = [block for block in blocks("yaml") if block.startswith("accounts:")]
    for account in yaml.safe_load(text)["accounts"]:
        account_from(cloud, account, "account")
    assert set(cloud.aliases) == {"company-a", "company-b"}
    assert "FAKEAAA" in cloud.keys


def test_every_option_is_named() -> None:
    (commands,) = [action for action in parser()._actions if isinstance(action.choices, dict)]
    options = {action.option_strings[-1] for action in commands.choices["serve"]._actions} - {"--help"}  # type: ignore[index] - a mapping, for subcommands
    assert set(re.findall(r"^\| `(--[a-z-]+)", PAGE, re.MULTILINE)) == options


def test_every_route_is_named() -> None:
    cloud = Cloud()
    administer(cloud)
    answer = cloud.handle(HttpRequest("GET", "/_fakes/", "", {"host": "127.0.0.1"}))
    routes = set(re.findall(r'"([A-Z]+ /_fakes/[a-z]*)"', answer.body.decode()))
    assert set(re.findall(r"^\| `([A-Z]+ /_fakes/[a-z]*)`", PAGE, re.MULTILINE)) == routes


def test_every_fault_is_named() -> None:
    table = PAGE.partition("## Faults")[2].partition("```")[0]
    assert set(re.findall(r"^\| `([a-z-]+)` \|", table, re.MULTILINE)) == set(FaultKind)


def test_links_lead_somewhere() -> None:
    docs = Path(__file__).parents[3] / "docs"
    anchors = {
        re.sub(r"[^a-z -]", "", title.lower()).replace(" ", "-")
        for title in re.findall(r"^##+ (.*)$", PAGE, re.MULTILINE)
    }
    for target in re.findall(r"\]\(([^)]+)\)", PAGE):
        file, _, anchor = target.partition("#")
        assert not file or (docs / file).is_file(), target
        assert not anchor or anchor in anchors, target

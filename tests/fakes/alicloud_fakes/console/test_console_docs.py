"""docs/console.md is correct: its Python runs, its paths exist, its version of htmx is the vendored one."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from alicloud_fakes.cli import parser
from alicloud_fakes.console.web import ConsoleServer

ROOT = Path(__file__).parents[4]
PAGE = (ROOT / "docs/console.md").read_text(encoding="utf-8")
STATIC = ROOT / "fakes/alicloud_fakes/console/web/static"


def test_the_python_of_the_console_page_runs() -> None:
    [block] = re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    names: dict[str, Any] = {}
    exec(compile(block, "docs/console.md", "exec"), names)  # our own page
    assert names["cloud"].accounts.keys() == {"11223344", "12345678"}


def test_the_command_line_is_the_real_one() -> None:
    [command] = re.findall(r"^alicloud-fakes (.*)$", PAGE, re.MULTILINE)
    assert parser().parse_args(command.split()).console == 8766


def test_the_pages_that_are_named_exist(server: ConsoleServer) -> None:
    named = set(re.findall(r"`(/[a-zA-Z./]*)`", PAGE))
    routes = {str(getattr(one, "path", "")) for one in server.console.application(["x"]).routes}
    assert named <= routes
    assert {"/login.htm", "/switchRole.htm", "/ecs", "/fake/"} <= named


def test_the_vendored_htmx_is_the_version_named_with_its_licence() -> None:
    version = re.search(r"htmx\]\(https://htmx.org\) ([0-9.]+)", PAGE)
    assert version is not None
    assert f'"{version[1]}"' in (STATIC / "htmx.min.js").read_text(encoding="utf-8")
    assert "Zero-Clause BSD" in (STATIC / "htmx.LICENSE.txt").read_text(encoding="utf-8")

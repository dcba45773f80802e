"""Which package may import which, and what `ram_policies` may not touch. The contracts are in pyproject.toml."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

ROOT = Path(__file__).parents[1]
CLOCKS = {"now", "utcnow", "today", "time", "monotonic", "perf_counter", "time_ns"}


def clocks(source: str) -> Iterator[int]:
    """Lines that read the clock: ``datetime.now()``, ``date.today()``, ``time.time()``."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CLOCKS:
            owner = ast.unparse(node.func.value).rpartition(".")[2]
            if owner in {"datetime", "date", "time", "dt"}:
                yield node.lineno
        if isinstance(node, ast.Import | ast.ImportFrom):
            modules = [node.module] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
            if "time" in modules:
                yield node.lineno


def test_packages_import_in_one_direction(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    assert lint_imports(no_cache=True) == EXIT_STATUS_SUCCESS, capsys.readouterr().out


@pytest.mark.parametrize(
    "source",
    ["datetime.now(UTC)", "datetime.datetime.utcnow()", "date.today()", "import time", "from time import time"],
)
def test_reading_the_clock_is_found(source: str) -> None:
    assert list(clocks(source))


def test_ram_policies_reads_no_clock() -> None:
    files = list((ROOT / "policies" / "ram_policies").rglob("*.py"))
    assert files
    found = [f"{file}:{line}" for file in files for line in clocks(file.read_text("utf-8"))]
    assert found == []

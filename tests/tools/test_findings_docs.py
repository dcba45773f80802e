"""The page about findings, written from their table."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from ram_policies.findings import Code

ROOT = Path(__file__).parents[2]


@pytest.fixture
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("findings_docs", ROOT / "tools" / "findings_docs.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_current(script: ModuleType) -> None:
    assert script.main(["--check"]) == 0


def test_a_stale_page_is_noticed_and_written(
    script: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(script, "PAGE", tmp_path / "findings.md")
    assert script.main(["--check"]) == 1
    assert "run tools/findings_docs.py" in capsys.readouterr().err
    assert script.main([]) == 0
    assert script.main(["--check"]) == 0


def test_every_code_has_a_heading_whose_anchor_it_knows() -> None:
    page = (ROOT / "docs" / "findings.md").read_text("utf-8")
    headings = re.findall(r"^### (.+)$", page, re.MULTILINE)
    assert sorted(headings) == sorted(Code)
    assert all(re.fullmatch(r"[a-z-]+", code.anchor) for code in Code)

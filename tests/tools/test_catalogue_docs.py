"""The pages written from the catalogue and the presets."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from ram_policies.catalogue import catalogued_services
from ram_policies.presets import presets
from ram_policies.system_policies import system_policies

ROOT = Path(__file__).parents[2]


@pytest.fixture
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("catalogue_docs", ROOT / "tools" / "catalogue_docs.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_pages_are_current(script: ModuleType) -> None:
    assert script.main(["--check"]) == 0


def test_a_stale_page_is_noticed_and_written(
    script: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(script, "DOCS", tmp_path)
    (tmp_path / "presets.md").write_text("old")
    assert script.main(["--check"]) == 1
    assert capsys.readouterr().err.count("is not current") == 2
    assert script.main([]) == 0
    assert script.main(["--check"]) == 0


def test_every_policy_service_and_preset_has_its_place() -> None:
    catalogue = (ROOT / "docs" / "catalogue.md").read_text("utf-8")
    assert [name for name in system_policies() if f"`{name}`" not in catalogue] == []
    assert [code for code in catalogued_services() if f"| `{code}` |" not in catalogue] == []
    page = (ROOT / "docs" / "presets.md").read_text("utf-8")
    assert re.findall(r"^## ([a-z-]+)$", page, re.MULTILINE) == list(presets())
    for preset in presets().values():
        assert all(f"| `{parameter.name}` |" in page for parameter in preset.parameters)

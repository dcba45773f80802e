"""The script that writes the catalogue of action names."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parents[2] / "tools" / "actions_catalogue.py"


@pytest.fixture
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("actions_catalogue", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: ModuleType) -> Path:
    """Two services, one of whose SDK packages is installed in a place of its own."""
    (tmp_path / "services.json").write_text(json.dumps({"a": {"packages": ["made_up_sdk_a"]}}))
    client = "Params(\n    action='StopThing',\n)\nParams(action='DescribeThings')\nParams(action = 'StopThing')\n"
    (tmp_path / "made_up_sdk_a").mkdir()
    (tmp_path / "made_up_sdk_a" / "client.py").write_text(client)
    (tmp_path / "made_up_sdk_a-1.2.dist-info").mkdir()
    (tmp_path / "made_up_sdk_a-1.2.dist-info" / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: made_up_sdk_a\nVersion: 1.2\n"
    )
    monkeypatch.setattr(script, "SERVICES", tmp_path / "services.json")
    monkeypatch.setattr(script, "ACTIONS", tmp_path / "actions.json")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    return tmp_path


def test_the_catalogue_has_versions_and_sorted_operations(script: ModuleType, packages: Path) -> None:
    assert script.main([]) == 0
    written = json.loads((packages / "actions.json").read_text())
    assert written == {"made_up_sdk_a": {"version": "1.2", "operations": ["DescribeThings", "StopThing"]}}
    assert script.main(["--check"]) == 0


def test_a_catalogue_that_was_changed_by_hand_is_noticed(
    script: ModuleType, packages: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    script.main([])
    written = (packages / "actions.json").read_text().replace("StopThing", "StopTing")
    (packages / "actions.json").write_text(written)
    assert script.main(["--check"]) == 1
    assert "1 differ: made_up_sdk_a" in capsys.readouterr().out


def test_nothing_is_written_when_a_package_is_missing(
    script: ModuleType, packages: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (packages / "services.json").write_text(json.dumps({"a": {"packages": ["made_up_sdk_a", "made_up_sdk_b"]}}))
    assert script.main([]) == 1
    assert "made_up_sdk_b" in capsys.readouterr().err
    assert not (packages / "actions.json").exists()


def test_a_missing_package_is_named_with_what_to_install(
    script: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    assert script.main(["--requirements"]) == 0
    printed = capsys.readouterr().out.split()
    assert "alibabacloud_ecs20140526" in printed
    assert printed == sorted(set(printed))


def test_the_committed_catalogue_is_what_the_installed_packages_say(
    script: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    # RAM, STS and IMS are installed for the fakes; the others are compared by whoever writes the file.
    assert script.main(["--check"]) == 0
    assert "compared" in capsys.readouterr().out

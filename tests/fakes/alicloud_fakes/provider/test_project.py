"""The project that `alicloud-fakes pulumi` works in: its file is found and read, or an error of one line names it."""

from __future__ import annotations

from pathlib import Path

import pytest

from alicloud_fakes.cli import main


def refusal(folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(folder)
    assert main(["pulumi", "--", "preview"]) == 2
    said = capsys.readouterr()
    (line,) = said.err.splitlines()
    assert said.out == ""
    return line


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"a: [\n", "is not YAML (line 2, column 1"),
        (b"name: caf\xe9\n", "is not UTF-8 or UTF-16 text"),
        (b"runtime: 2026-13-45", "is not YAML (month must be in 1..12"),
        (b"", "Pulumi.yaml: runtime: None is not the name of a runtime"),
        (b"[1, 2]", "Pulumi.yaml: runtime: None is not the name of a runtime"),
        (b"runtime: {nam: python}", "Pulumi.yaml: runtime: None is not the name of a runtime"),
    ],
)
def test_a_project_file_that_cannot_be_used_is_one_line(
    content: bytes, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "Pulumi.yaml").write_bytes(content)
    line = refusal(tmp_path, capsys, monkeypatch)
    assert line.startswith("alicloud-fakes: ")
    assert says in line
    assert "Fix: " in line


def test_a_folder_that_is_in_no_project_says_how_to_make_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    line = refusal(tmp_path, capsys, monkeypatch)
    assert "is not in a Pulumi project. Fix: " in line
    assert line.endswith("[no-project]")

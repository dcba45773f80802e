"""The tool that runs tests with the oldest and newest versions: what it installs, and where."""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import versions  # noqa: E402 - tools is a folder of scripts


@pytest.mark.parametrize(
    ("requirement", "exact"),
    [
        ("pulumi>=3.272,<4", "pulumi==3.272"),
        ("responses>=0.26,<0.27", "responses==0.26"),
        ("uvloop>=0.21; sys_platform != 'win32'", "uvloop==0.21; sys_platform != 'win32'"),
        ("jinja2>=3.1.6", "jinja2==3.1.6"),
    ],
)
def test_the_oldest_version_is_the_lower_bound(requirement, exact):
    assert list(versions.oldest([requirement])) == [exact]


@pytest.mark.parametrize("requirement", ["rich", "rich<14", "rich==13.9"])
def test_a_dependency_without_a_lower_bound_is_refused(requirement):
    with pytest.raises(ValueError, match="no lower bound"):
        list(versions.oldest([requirement]))


def test_every_dependency_that_is_declared_has_an_oldest_version():
    exact = list(versions.oldest(versions.declared()))
    names = {text.partition("==")[0] for text in exact}
    assert {"pulumi", "pulumi-alicloud", "pulumi-policy", "starlette", "responses"} <= names
    assert "pulumi-alicloud-delegation[fakes]" not in names
    assert len(names) == len(exact)


def test_an_installed_python_is_found_and_a_missing_one_is_reported(capsys, monkeypatch):
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    monkeypatch.setattr(versions.shutil, "which", lambda name: sys.executable if name == f"python{version}" else None)
    assert versions.installed(version) == sys.executable
    assert versions.main(["9.99"]) == 0
    assert capsys.readouterr().out == ("versions: Python 9.99 is not installed, so the unit suite was not run on it\n")


def test_the_files_that_are_run_exist():
    assert [path for path in versions.SHORT if not (ROOT / path).exists()] == []

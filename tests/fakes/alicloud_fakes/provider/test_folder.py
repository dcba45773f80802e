import os
import shlex
import sys

import pytest

from alicloud_fakes.provider.folder import EXECUTABLE, launcher, plugin_folder, real_provider


@pytest.fixture
def bare(tmp_path):
    return {"PATH": str(tmp_path / "bin"), "HOME": str(tmp_path)}


def install(path):
    path.parent.mkdir(parents=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


def test_there_is_no_real_provider_on_a_bare_machine(bare):
    assert real_provider(bare) is None


def test_a_real_provider_on_path_is_found(bare, tmp_path):
    assert real_provider(bare | {"PATH": str(install(tmp_path / "bin" / EXECUTABLE).parent)}) is not None


def test_a_real_provider_among_the_plugins_is_found(bare, tmp_path):
    found = install(tmp_path / ".pulumi" / "plugins" / "resource-alicloud-v4.0.0" / EXECUTABLE)
    assert real_provider(bare) == found


@pytest.mark.parametrize("ending", [".exe", ".cmd"])
def test_a_real_provider_for_windows_is_found_among_the_plugins(bare, tmp_path, ending):
    folder = tmp_path / ".pulumi" / "plugins" / "resource-alicloud-v4.0.0"
    found = install(folder / f"{EXECUTABLE}{ending}")
    (folder / "PulumiPlugin.yaml").write_text("")
    home = {"PATH": bare["PATH"], "USERPROFILE": str(tmp_path)}
    assert real_provider(home) == found


@pytest.mark.parametrize(
    ("program", "arguments", "line"),
    [
        ("/usr/bin/python3", ("-m", "a.module"), "@/usr/bin/python3 -m a.module %*"),
        (r"C:\Program Files\Python\python.exe", ("-m", "a"), r'@"C:\Program Files\Python\python.exe" -m a %*'),
        (r"C:\100% mine\python.exe", ("x y",), r'@"C:\100%% mine\python.exe" "x y" %*'),
    ],
)
def test_a_launcher_has_a_batch_file_for_windows(tmp_path, monkeypatch, program, arguments, line):
    monkeypatch.setattr(sys, "executable", program)
    launcher(tmp_path, "name", *arguments)
    assert (tmp_path / "name.cmd").read_bytes() == line.encode() + b"\r\n"
    shell = (tmp_path / "name").read_text()
    assert shlex.split(shell.splitlines()[1]) == ["exec", program, *arguments, "$@"]


def test_the_folder_holds_an_executable(tmp_path):
    folder = plugin_folder(tmp_path / "stand-in")
    assert os.access(folder / EXECUTABLE, os.X_OK)

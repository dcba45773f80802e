"""The file that starts the pack, on each system."""

import shlex
import subprocess
import sys

import pytest

from ram_guardrails_pack.executable import EXECUTABLE, pack_executable


@pytest.mark.parametrize(("platform", "ending"), [("linux", ""), ("darwin", ""), ("win32", ".cmd")])
def test_the_answer_is_the_file_for_this_system(tmp_path, monkeypatch, platform, ending):
    monkeypatch.setattr(sys, "platform", platform)
    assert pack_executable(tmp_path / "pack") == tmp_path / "pack" / f"{EXECUTABLE}{ending}"


def test_the_pack_starts_from_either_file_with_this_interpreter(tmp_path):
    shell = pack_executable(tmp_path)
    command = [sys.executable, "-m", "ram_guardrails_pack.command"]
    assert shlex.split(shell.read_text().splitlines()[1]) == ["exec", *command, "$@"]
    assert (tmp_path / f"{EXECUTABLE}.cmd").read_bytes() == f"@{subprocess.list2cmdline(command)} %*\r\n".encode()

"""A missing requirement of the fake is reported in one sentence, with the command that helps."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from alicloud_fakes.requirements import python_problem


def run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)


def command(hidden: str, *arguments: str) -> str:
    return (
        f"import sys; sys.modules[{hidden!r}] = None; sys.argv = ['alicloud-fakes', *{list(arguments)!r}];"
        "from alicloud_fakes.cli import main; sys.exit(main(sys.argv[1:]))"
    )


@pytest.mark.parametrize(
    ("hidden", "arguments", "extra"),
    [
        ("uvicorn", ("serve", "--account", "1"), "fakes"),
        ("httptools", ("serve", "--account", "1"), "fakes"),
        ("yaml", ("serve", "--config", os.devnull), "fakes"),
        ("cryptography", ("serve", "--account", "1", "--tls", "tls"), "fakes"),
        ("trustme", ("serve", "--account", "1", "--tls", "tls"), "fakes"),
        ("starlette", ("serve", "--account", "1", "--console"), "console"),
    ],
)
def test_an_extra_that_is_not_installed(hidden: str, arguments: tuple[str, ...], extra: str) -> None:
    done = run(command(hidden, *arguments))
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert hidden in done.stderr
    assert f"pulumi-alicloud-delegation[{extra}]" in done.stderr


def test_the_library_of_the_mock_is_not_installed() -> None:
    done = run("import sys; sys.modules['responses'] = None; from alicloud_fakes import mock_alicloud")
    assert "responses is not installed, which comes with the extra 'fakes'. Fix: " in done.stderr
    assert "pulumi-alicloud-delegation[fakes]" in done.stderr


@pytest.mark.parametrize(("version", "said"), [((3, 11, 0), ""), ((3, 14, 1), ""), ((4, 0), "")])
def test_pythons_that_will_do(version: tuple[int, ...], said: str) -> None:
    assert python_problem(version) == said


@pytest.mark.parametrize("version", [(2, 7), (3, 6, 1), (3, 10, 9)])
def test_a_python_that_is_too_old(version: tuple[int, ...]) -> None:
    done = run(f"import sys; sys.version_info = {version!r}; import alicloud_fakes")
    given = ".".join(map(str, version[:2]))
    assert f"ImportError: alicloud_fakes needs Python 3.11 or newer, and this is {given}. Fix: " in done.stderr
    done = run(f"import sys; sys.version_info = {version!r}; sys.argv = ['-m']; import alicloud_fakes")
    assert done.stderr.startswith("error: alicloud_fakes needs Python 3.11 or newer")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("port", ["70000", "-1", "http", "1e3", "99999999999"])
def test_a_port_that_is_none(port: str) -> None:
    done = run(command("nothing", "serve", f"--port={port}"))
    assert done.returncode == 2
    assert f"argument --port: '{port}' is not a port. Fix: give 0 to 65535; 0 takes any that is free" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_version_option_names_program_and_python() -> None:
    done = run(command("nothing", "--version"))
    assert done.returncode == 0
    assert done.stdout.startswith("alicloud-fakes ")
    assert f"(Python {sys.version.split()[0]})" in done.stdout


def test_without_the_modules_of_other_platforms() -> None:
    """Windows has no fcntl and no uvloop: everything imports, serves and keeps its state without them."""
    code = """
import sys, tempfile, pathlib, json, urllib.request
for name in ("fcntl", "uvloop", "pwd", "grp", "resource", "termios"):
    sys.modules[name] = None
from alicloud_fakes import Cloud
from alicloud_fakes.cloud.file import StateFile
from alicloud_fakes.http import Server
from alicloud_fakes.tls import certificates
folder = pathlib.Path(tempfile.mkdtemp())
cloud = Cloud.of({"1": "one"})
state = StateFile(cloud, folder / "state")
state.open()
with Server(cloud, certificates=certificates(folder / "tls")) as server:
    print(json.load(urllib.request.urlopen(server.url + "/_fakes/accounts"))["accounts"][0]["alias"])
state.close()
again = Cloud()
state = StateFile(again, folder / "state")
state.open()
state.close()
print(list(again.accounts))
"""
    done = run(code)
    assert done.stdout.splitlines() == ["one", "['1']"], done.stderr

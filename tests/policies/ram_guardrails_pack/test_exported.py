"""The deployed stack, exported by the CLI."""

import os
import stat

import pytest

from ram_guardrails_pack.exported import Exported, export

URN = "urn:pulumi:dev::project::alicloud:ram/role:Role::ops"


@pytest.fixture
def cli(tmp_path, monkeypatch):
    """A `pulumi` that does what a test prescribes and records each call."""

    def install(script):
        file = tmp_path / "pulumi"
        file.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/calls\n{script}\n')
        file.chmod(file.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
        return lambda: (tmp_path / "calls").read_text().splitlines()

    return install


def test_the_stack_of_the_resource_is_asked_for_once(cli):
    calls = cli("echo '{}'")
    before = Exported()
    before.begin(URN)
    before.begin("urn:pulumi:other::project::t::n")
    assert before.text(URN) == before.text(URN) == "{}\n"
    assert calls() == ["stack export --stack dev --non-interactive"]


def test_an_error_of_the_cli_is_passed_on(cli):
    cli("echo \"error: no stack named 'dev' found\" >&2; exit 255")
    with pytest.raises(OSError, match=r"^no stack named 'dev' found$"):
        Exported().text(URN)


def test_a_cli_that_is_not_installed_is_an_error(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(OSError, match="pulumi"):
        export("dev")

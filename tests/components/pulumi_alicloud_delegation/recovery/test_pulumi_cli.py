"""The Pulumi command line as a recovery calls it, and `alicloud-delegation recover` on top of it."""

from __future__ import annotations

import json
import os
import socket
from pathlib import Path
from typing import Any

import pytest
from stacks import ROLE, preview, resource, stack, urn
from typer.testing import CliRunner

from alicloud_fakes.provider.folder import launcher
from pulumi_alicloud_delegation.commands.project import app
from pulumi_alicloud_delegation.recovery.pulumi_cli import Pulumi
from ram_policies import InvalidInputError

STUB = """\
import json, sys
from pathlib import Path
here = Path(__file__).parent
words = [word for word in sys.argv[1:] if word != "--non-interactive"]
with (here / "calls").open("a") as calls:
    calls.write(json.dumps(words) + "\\n")
told = json.loads((here / "answers.json").read_text())
if words[:2] == ["stack", "import"]:
    (here / "imported").write_text(sys.stdin.read())
answer = next((one for prefix, one in told.items() if " ".join(words).startswith(prefix)), {})
if answer.get("until") in [line.split('"')[1] for line in (here / "calls").read_text().splitlines()]:
    answer = {"out": answer.get("then", "")}
sys.stdout.write(answer.get("out", ""))
sys.stderr.write(answer.get("err", ""))
sys.exit(answer.get("code", 0))
"""
DEAD = 2**22 + 1  # above every process ID of Linux


class Stub:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "stub.py").write_text(STUB, "utf-8")
        launcher(folder / "bin", "pulumi", str(folder / "stub.py"))
        self.environment = {**os.environ, "PATH": str(folder / "bin")}
        self.answers()

    def answers(self, **told: Any) -> None:
        text = json.dumps({name.replace("_", " "): one for name, one in told.items()})
        (self.folder / "answers.json").write_text(text, "utf-8")

    @property
    def calls(self) -> list[str]:
        return [" ".join(json.loads(line)) for line in (self.folder / "calls").read_text("utf-8").splitlines()]

    def pulumi(self, stack: str | None = None) -> Pulumi:
        return Pulumi(self.folder, stack, self.environment)


@pytest.fixture
def stub(tmp_path: Path) -> Stub:
    return Stub(tmp_path)


def locked(host: str, pid: int) -> dict[str, Any]:
    told = f"error: the stack is currently locked by 1 lock(s).\n  file:///x: created by anna@{host} (pid {pid}) at t\n"
    return {"err": told, "code": 255, "until": "cancel"}


def test_the_state_goes_in_by_standard_input_and_no_file_holds_it(stub: Stub) -> None:
    stub.pulumi("dev").load(stack())
    assert stub.calls == ["stack import --stack dev"]
    assert json.loads((stub.folder / "imported").read_text("utf-8")) == stack()


def test_text_around_the_preview_is_no_hindrance(stub: Stub) -> None:
    stub.answers(preview={"out": "hello from the program\n" + json.dumps(preview()) + "\nbye\n"})
    assert stub.pulumi().preview() == preview()


def test_secrets_are_shown_only_when_asked_for(stub: Stub) -> None:
    stub.answers(stack_export={"out": "{}"})
    stub.pulumi().export()
    stub.pulumi().export(secrets=True)
    assert stub.calls == ["stack export", "stack export --show-secrets"]


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ("warning: old\nerror: could not read: no such stack\nmore\n", "could not read: no such stack"),
        ("Diagnostics:\n  delegation.roles[0]: bad\n", "delegation.roles[0]: bad"),
        ("", "no reason given"),
    ],
)
def test_a_failing_engine_is_reported_in_one_line_with_the_reason(stub: Stub, told: str, reason: str) -> None:
    stub.answers(preview={"err": told, "code": 255})
    with pytest.raises(InvalidInputError) as failed:
        stub.pulumi().preview()
    assert f"failed: {reason}" in str(failed.value)
    assert len(str(failed.value).splitlines()) == 1


def test_the_lock_of_an_engine_that_was_killed_here_is_released(stub: Stub) -> None:
    stub.answers(refresh=locked(socket.gethostname(), DEAD))
    stub.pulumi().refresh(["urn:x"])
    assert [call.split()[0] for call in stub.calls] == ["refresh", "cancel", "refresh"]


@pytest.mark.parametrize(
    ("host", "pid"), [(socket.gethostname(), os.getpid()), ("elsewhere", DEAD)], ids=["alive", "elsewhere"]
)
def test_any_other_lock_is_respected(stub: Stub, host: str, pid: int) -> None:
    stub.answers(refresh=locked(host, pid))
    with pytest.raises(InvalidInputError, match=rf"process {pid} of anna@{host}' holds its lock.*pulumi cancel"):
        stub.pulumi().refresh(["urn:x"])
    assert len(stub.calls) == 1


def test_a_lock_of_a_service_is_respected(stub: Stub) -> None:
    stub.answers(stack_import={"err": "error: [409] Conflict: Another update is currently in progress.\n", "code": 255})
    with pytest.raises(InvalidInputError, match="in progress"):
        stub.pulumi().load({})


CUT_OFF = {"err": "error: failed to load checkpoint: EOF\n", "code": 255}


@pytest.fixture
def backend(stub: Stub) -> Path:
    """A backend of files in which an engine was killed while it wrote; the file that was cut off."""
    stacks = stub.folder / ".pulumi" / "stacks" / "p"
    stacks.mkdir(parents=True)
    (stacks / "dev.json").write_text("{}", "utf-8")
    (stacks / "other.json.attrs").write_text('{"md5": ""}', "utf-8")
    (stacks / "dev.json.attrs").write_text("", "utf-8")
    url = {"out": json.dumps({"url": f"file://{stub.folder}"})}
    stub.answers(stack_export=CUT_OFF | {"until": "whoami", "then": json.dumps(stack())}, whoami=url)
    return stacks / "dev.json.attrs"


def test_a_backend_that_an_engine_left_cut_off_is_mended(stub: Stub, backend: Path) -> None:
    assert Pulumi(stub.folder, "dev", stub.environment, mends=True).export() == stack()
    assert stub.calls == ["stack export --stack dev", "whoami --json", "stack export --stack dev"]
    assert not backend.exists()
    assert sorted(file.name for file in backend.parent.iterdir()) == ["dev.json", "other.json.attrs"]


def test_without_leave_nothing_is_removed_and_the_file_is_named(stub: Stub, backend: Path) -> None:
    with pytest.raises(InvalidInputError, match=r"dev\.json\.attrs.*--yes"):
        stub.pulumi("dev").export()
    assert backend.exists()


def test_a_state_that_cannot_be_read_for_another_reason_stays_an_error(stub: Stub) -> None:
    stub.answers(stack_export=CUT_OFF, whoami={"out": json.dumps({"url": "https://app.example"})})
    with pytest.raises(InvalidInputError, match="failed to load checkpoint"):
        Pulumi(stub.folder, "dev", stub.environment, mends=True).export()


def recover(stub: Stub, *words: str) -> Any:
    keys = {"ALIBABA_CLOUD_ACCESS_KEY_ID": "k", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "s"}
    options = ["recover", "--cwd", str(stub.folder), *words]
    return CliRunner().invoke(app, options, env={**keys, "PATH": stub.environment["PATH"]})


def test_nothing_to_recover_is_said(stub: Stub) -> None:
    stub.answers(stack_export={"out": json.dumps(stack())}, preview={"out": json.dumps(preview())})
    shown = recover(stub, "--yes")
    assert (shown.exit_code, shown.stdout) == (0, "Nothing to recover.\n")
    assert stub.calls == ["stack export", "preview --json"]


def stale(stub: Stub) -> None:
    """A state with an update that was interrupted."""
    there = resource("role", ROLE, id="ops", outputs={"id": "ops"})
    exported = stack(there, interrupted=[("updating", there)])
    stub.answers(stack_export={"out": json.dumps(exported)}, preview={"out": json.dumps(preview())})


def test_steps_are_only_shown_unless_they_are_wanted(stub: Stub) -> None:
    stale(stub)
    shown = recover(stub)
    assert shown.exit_code == 0
    assert shown.stdout.split() == ["refresh", "x:", "the", "engine", "was", "updating", "it"]
    assert "--yes does it" in shown.stderr
    assert stub.calls == ["stack export", "preview --json"]


def test_steps_that_are_wanted_are_done(stub: Stub) -> None:
    stale(stub)
    shown = recover(stub, "--yes", "--stack", "dev")
    assert (shown.exit_code, "Done. Next: pulumi up" in shown.stdout) == (0, True)
    assert stub.calls[2:] == [
        "stack import --stack dev",
        f"refresh --yes --skip-preview --target {urn('role')} --stack dev",
    ]


def test_json_has_each_step(stub: Stub) -> None:
    stale(stub)
    shown = json.loads(recover(stub, "--json").stdout)
    assert shown == {
        "done": False,
        "steps": [{"do": "refresh", "urn": urn("role"), "title": "x", "why": "the engine was updating it"}],
    }


def test_the_exit_code_tells_that_steps_are_left_to_people(stub: Stub) -> None:
    exported = stack(interrupted=[("creating", resource("alias", {"accountAlias": "a"}))])
    stub.answers(stack_export={"out": json.dumps(exported)}, preview={"out": json.dumps(preview())})
    shown = recover(stub)
    assert shown.exit_code == 1
    assert "Fix: look for it in the account" in shown.stdout


def test_an_engine_that_is_not_there_is_one_sentence(stub: Stub) -> None:
    (stub.folder / "bin" / "pulumi").unlink()
    shown = recover(stub)
    assert shown.exit_code == 2
    assert "install Pulumi" in shown.stderr
    assert len(shown.stderr.splitlines()) == 1

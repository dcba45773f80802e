"""The Pulumi command line, as far as a recovery needs it."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from access_cli.sources import printed_json
from ram_policies import InvalidInputError
from ram_policies.nodes import is_object

_COMMAND: Final = "pulumi"
_UNREADABLE: Final = "failed to load checkpoint"
_FILES: Final = "file://"
_LOCK: Final = re.compile(r"created by (?P<user>\S+)@(?P<host>\S+) \(pid (?P<pid>\d+)\)")
_QUIET: Final = {"PULUMI_ENABLE_STREAMING_JSON_PREVIEW": "false", "PULUMI_SKIP_UPDATE_CHECK": "true", "NO_COLOR": "1"}
_NOISE: Final = ("warning:", "#", "Diagnostics:", "Resources:", "Duration:", "Updating", "Previewing", "Refreshing")


class Engine(Protocol):
    """The engine, as far as a recovery asks it."""

    def export(self, *, secrets: bool = False) -> object:
        """The state; with secrets in plain text only where they are needed, and then in memory alone."""
        ...

    def preview(self) -> object:
        """The next update's steps."""
        ...

    def load(self, state: object) -> None:
        """Replace the state."""
        ...

    def refresh(self, urns: Iterable[str]) -> None:
        """Read some resources from the cloud into the state."""
        ...

    def make(self, urns: Iterable[str]) -> None:
        """Update some resources, and no others."""
        ...


@dataclass(frozen=True, slots=True)
class Pulumi:
    """The command line in a project's folder.

    Attributes:
        folder: of the project.
        stack: its name; None for the one that is selected.
        environment: of the command; None for that of this process.
        mends: whether a file that an engine left half written is removed.
    """

    folder: Path
    stack: str | None = None
    environment: Mapping[str, str] | None = None
    mends: bool = False

    def export(self, *, secrets: bool = False) -> object:
        """`pulumi stack export`."""
        arguments = ("stack", "export", *(["--show-secrets"] if secrets else []))
        try:
            text = self._run(*arguments)
        except InvalidInputError as error:
            if _UNREADABLE not in str(error):
                raise
            self._mend()
            text = self._run(*arguments)
        return printed_json(text, "pulumi stack export")

    def preview(self) -> object:
        """`pulumi preview --json`."""
        return printed_json(self._run("preview", "--json"), "pulumi preview")

    def load(self, state: object) -> None:
        """`pulumi stack import`, by standard input: no file holds the state."""
        self._unlocked("stack", "import", given=json.dumps(state))

    def refresh(self, urns: Iterable[str]) -> None:
        """`pulumi refresh` of some resources."""
        self._unlocked("refresh", "--yes", "--skip-preview", *_targets(urns))

    def make(self, urns: Iterable[str]) -> None:
        """`pulumi up` of some resources."""
        self._unlocked("up", "--yes", "--skip-preview", *_targets(urns))

    def _mend(self) -> None:
        """Remove attributes of files that an engine was writing when it was killed.

        A backend of files writes a state in one step, and before it, beside it, a file with its media type and digest.
        That one may be cut off, and the engine then reads nothing; it reads the state where there is none.

        Raises:
            InvalidInputError: it may not be removed, as this is not wanted.
        """
        account = printed_json(self._call(["whoami", "--json"]), "pulumi whoami")
        url = str(account.get("url") or "") if is_object(account) else ""
        if not url.startswith(_FILES):
            return
        stacks = Path(url.removeprefix(_FILES)).expanduser() / ".pulumi" / "stacks"
        for file in sorted(stacks.rglob("*.attrs")):
            if not _is_cut_off(file):
                continue
            if not self.mends:
                fix = "run this with --yes, or delete that file: it holds nothing of the state"
                raise InvalidInputError(
                    file.name, str(file), "was being written by an engine that was killed", fix, code="unreadable-file"
                )
            file.unlink()

    def _unlocked(self, *arguments: str, given: str = "") -> None:
        """Run a command that takes the stack's lock. The lock of an engine on this machine that is dead is released.

        Raises:
            InvalidInputError: it failed, or somebody else holds the lock.
        """
        try:
            self._try(*arguments, given=given)
        except _LockedError as error:
            if not _is_dead(error.holder):
                raise _locked(error) from None
            self._run("cancel", "--yes")
            self._run(*arguments, given=given)

    def _run(self, *arguments: str, given: str = "") -> str:
        try:
            return self._try(*arguments, given=given)
        except _LockedError as error:
            raise _locked(error) from None

    def _try(self, *arguments: str, given: str = "") -> str:
        return self._call([*arguments, *(["--stack", self.stack] if self.stack else [])], given)

    def _call(self, arguments: Sequence[str], given: str = "") -> str:
        executable = shutil.which(_COMMAND, path=(self.environment or os.environ).get("PATH"))
        if executable is None:
            fix = "install Pulumi, or run this by `alicloud-fakes run --` on a fake"
            raise InvalidInputError("PATH", _COMMAND, "is not on PATH", fix, code="no-engine")
        command = [executable, *arguments, "--non-interactive"]
        environment = {**(self.environment or os.environ), **_QUIET}
        done = subprocess.run(  # noqa: S603 - our own arguments, and no shell
            command, cwd=self.folder, env=environment, input=given, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise _failure(" ".join(arguments[:2]), done.stderr + "\n" + done.stdout)
        return done.stdout


def _targets(urns: Iterable[str]) -> list[str]:
    return [word for urn in urns for word in ("--target", urn)]


class _LockedError(Exception):
    """The stack is locked; the match holds user, host and process of the lock, where the backend tells."""

    def __init__(self, holder: re.Match[str] | None) -> None:
        self.holder = holder
        super().__init__()


def _locked(error: _LockedError) -> InvalidInputError:
    holder = error.holder
    shown = "an update" if holder is None else f"process {holder['pid']} of {holder['user']}@{holder['host']}"
    fix = "wait for it, or run `pulumi cancel` when it is not running any more"
    return InvalidInputError("stack", shown, "holds its lock", fix, code="stack-locked")


def _failure(command: str, output: str) -> Exception:
    if "currently locked" in output or "has an update in progress" in output or "already in progress" in output:
        return _LockedError(_LOCK.search(output))
    lines = [line.strip() for line in output.splitlines()]
    reasons = [line for line in lines if line.startswith("error:")] or [
        line for line in lines if line and not line.startswith(_NOISE)
    ]
    why = reasons[0].removeprefix("error:").strip().rstrip(".") if reasons else "no reason given"
    fix = f"run `pulumi {command}` and mend what it reports"
    return InvalidInputError("pulumi", command, f"failed: {why}", fix, code="engine-failed")


def _is_cut_off(file: Path) -> bool:
    try:
        json.loads(file.read_text("utf-8"))
    except ValueError:
        return True
    return False


def _is_dead(holder: re.Match[str] | None) -> bool:
    """Tell whether the process that took a lock ran on this machine and is gone."""
    if holder is None or holder["host"] != socket.gethostname():
        return False
    try:
        os.kill(int(holder["pid"]), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False

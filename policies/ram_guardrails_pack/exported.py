"""The stack as it was before an operation, asked of the Pulumi CLI."""

from __future__ import annotations

import subprocess
from concurrent.futures import Future, ThreadPoolExecutor

_SECONDS = 30


class Exported:
    """One export of a stack, taken while the first resource is judged.

    A pack is started for one operation. At its end, during an update, the state is already that of the operation
    itself; while the first resource is judged nothing has been changed yet, and the CLI works beside the engine.
    """

    def __init__(self) -> None:
        self._workers = ThreadPoolExecutor(max_workers=1, thread_name_prefix="stack export")
        self._asked: Future[str] | None = None

    def begin(self, urn: str) -> None:
        """Ask for the stack of a resource, unless that has been done."""
        self._answer(urn)

    def _answer(self, urn: str) -> Future[str]:
        if self._asked is None:
            self._asked = self._workers.submit(export, urn.split("::", 1)[0].removeprefix("urn:pulumi:"))
        return self._asked

    def text(self, urn: str) -> str:
        """The answer.

        Raises:
            OSError: the CLI is missing, or answers with an error.
        """
        return self._answer(urn).result()


def export(stack: str) -> str:
    """Output of `pulumi stack export`, run with the CLI on PATH in the folder and environment of the engine.

    Raises:
        OSError: the CLI is missing, or answers with an error.
    """
    command = ["pulumi", "stack", "export", "--stack", stack, "--non-interactive"]
    try:
        done = subprocess.run(  # noqa: S603 - fixed words and the name of the stack
            command, check=False, capture_output=True, text=True, timeout=_SECONDS, stdin=subprocess.DEVNULL
        )
    except subprocess.TimeoutExpired:
        raise OSError(f"no answer within {_SECONDS} seconds") from None
    if done.returncode:
        raise OSError(done.stderr.strip().removeprefix("error: ") or f"exit code {done.returncode}")
    return done.stdout

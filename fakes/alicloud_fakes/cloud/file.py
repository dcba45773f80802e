"""A file that keeps the state across restarts.

The first line is a snapshot, each further line one change, written before the change is answered. So at whatever moment
the process is killed, nothing that was acknowledged is lost: a line that was being written belongs to a request that
was not answered.
"""

from __future__ import annotations

import fcntl
import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alicloud_fakes.cloud import snapshot
from alicloud_fakes.core.errors import ApiError
from alicloud_fakes.pipeline.journal import Change

if TYPE_CHECKING:
    from alicloud_fakes.cloud.cloud import Cloud

_CHANGES_BEFORE_COMPACTING = 20_000
# Drawing IDs for sessions is not written down. After a restart the source is moved on, so that none is drawn twice.
_SKIP = 1 << 32


class StateFileError(Exception):
    """A file of state that cannot be used."""


class StateFile:
    """Keeps the state of one cloud in one file.

    The file holds the fake's passwords and keys, so only its owner may read it.
    """

    def __init__(self, cloud: Cloud, path: Path) -> None:
        """Keep a cloud in a file. Call `open` first.

        Args:
            cloud: the cloud; what it holds is replaced by what the file holds, if the file is there.
            path: the file.
        """
        self._cloud = cloud
        self._path = path
        self._lock = -1
        self._file = -1
        self._changes = 0

    def open(self) -> None:
        """Take up what the file holds, and write down every change from now on.

        Raises:
            StateFileError: another process uses the file, or it is damaged in the middle.
        """
        self._lock = os.open(self._path.with_name(self._path.name + ".lock"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(self._lock)
            raise StateFileError(
                f"--state {self._path}: another process uses it; stop that one, or name another file"
            ) from None
        if self._path.exists() and self._path.stat().st_size:
            self._load()
            self._cloud.entropy.position += _SKIP
        self.checkpoint()
        self._cloud.journal.keep = self.append

    def close(self) -> None:
        """Stop writing."""
        self._cloud.journal.keep = None
        for descriptor in (self._file, self._lock):
            if descriptor >= 0:
                os.close(descriptor)
        self._file = self._lock = -1

    def append(self, change: Change) -> None:
        """Write one change down."""
        _write(self._file, asdict(change))
        self._changes += 1
        if self._changes >= _CHANGES_BEFORE_COMPACTING:
            self.checkpoint()

    def checkpoint(self) -> None:
        """Write a snapshot in place of all changes so far. Needed after changes that were made without a request."""
        fresh = self._path.with_name(self._path.name + ".new")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)
        _write(descriptor, snapshot.take(self._cloud))
        os.fsync(descriptor)
        # The new file is whole before it takes the old one's name: a crash leaves the one or the other.
        fresh.replace(self._path)
        if self._file >= 0:
            os.close(self._file)
        self._file = descriptor
        self._changes = 0

    def _load(self) -> None:
        lines = self._path.read_bytes().split(b"\n")
        # What follows the last line break is empty, or was being written when the process ended.
        lines.pop()
        if not lines:
            raise StateFileError(f"--state {self._path}: the file holds no whole snapshot; remove it to begin anew")
        try:
            snapshot.restore(self._cloud, json.loads(lines[0]))
        except (snapshot.SnapshotError, ValueError) as error:
            raise StateFileError(f"--state {self._path}, line 1: {error}") from None
        for number, line in enumerate(lines[1:], 2):
            try:
                self._cloud.replay(Change(**json.loads(line)))
            except (ApiError, ValueError, TypeError, LookupError) as error:
                raise StateFileError(
                    f"--state {self._path}, line {number}: cannot be made again ({type(error).__name__}); "
                    "restore the file from a copy, or remove it to begin anew"
                ) from None


def _write(descriptor: int, line: dict[str, Any]) -> None:
    # One call to the kernel: what it has taken is safe from anything that happens to this process.
    # ASCII only, because texts may hold half of a surrogate pair, which UTF-8 cannot.
    data = json.dumps(line, separators=(",", ":")).encode() + b"\n"
    written = os.write(descriptor, data)
    while written < len(data):
        written += os.write(descriptor, data[written:])

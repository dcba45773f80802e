"""A lock on an open file, so that one process at a time keeps its state in it.

The file itself is locked, not a name: whatever links lead to it, it is one file. Libraries lock a name (filelock) or
need `fcntl` outside of Windows (portalocker); this uses what the platform has.
"""

from __future__ import annotations

import contextlib
import importlib
import os
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import TypeAlias

Release: TypeAlias = Callable[[], None]
"""Gives the lock up. The end of the process does so as well."""

_FAR = 0x7FFF_FFFE  # Windows locks bytes, and nobody may read them: one is locked that no file has


def lock(descriptor: int, path: Path) -> Release | None:
    """Lock an open file without waiting; None when another process, or another descriptor, holds the lock.

    Args:
        descriptor: of the open file.
        path: its name. Where the platform can lock no file, a file of this name and ``.lock`` stands for the lock.
    """
    for name, take in (("fcntl", _flock), ("msvcrt", _lock_byte)):
        module = _module(name)
        if module is not None:
            return take(module, descriptor)
    return _lock_name(path.with_name(path.name + ".lock"))


def _module(name: str) -> ModuleType | None:
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def _flock(fcntl: ModuleType, descriptor: int) -> Release | None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return None
    return lambda: None  # closing the descriptor gives it up


def _lock_byte(msvcrt: ModuleType, descriptor: int) -> Release | None:
    os.lseek(descriptor, _FAR, os.SEEK_SET)
    try:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    except OSError:
        return None

    def release() -> None:
        with contextlib.suppress(OSError):
            os.lseek(descriptor, _FAR, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)

    return release


def _lock_name(path: Path) -> Release | None:
    for _ in range(2):
        try:
            descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        except FileExistsError:
            if not _forsaken(path):
                return None
            path.unlink(missing_ok=True)
            continue
        os.write(descriptor, str(os.getpid()).encode())
        os.close(descriptor)
        return lambda: path.unlink(missing_ok=True)
    return None


def _forsaken(path: Path) -> bool:
    """True if the process that left a lock behind has ended."""
    try:
        holder = int(path.read_text())
    except (OSError, ValueError):
        return False
    if holder == os.getpid():
        return False
    try:
        os.kill(holder, 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False

"""The most memory that this process has had."""

from __future__ import annotations

import resource
import sys
from pathlib import Path

_STATUS = Path("/proc/self/status")


def peak_mb() -> float:
    """Megabytes (MiB) of resident memory at the most.

    Linux hands the maximum of `getrusage` on from the process that started this one, so it is read from /proc there.
    """
    if _STATUS.exists():
        return int(_STATUS.read_text("ascii").partition("VmHWM:")[2].split()[0]) / 1024
    # macOS counts bytes, others kilobytes.
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 1024)

"""Peak memory of this process."""

from __future__ import annotations

import resource
import sys
from pathlib import Path

_STATUS = Path("/proc/self/status")


def peak_mb() -> float:
    """Peak resident memory, in MiB.

    On Linux, `getrusage` may report the peak of the parent process, so the value is read from /proc.
    """
    if _STATUS.exists():
        return int(_STATUS.read_text("ascii").partition("VmHWM:")[2].split()[0]) / 1024
    # macOS counts bytes, others kilobytes.
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 1024)

"""The call stack that Pulumi keeps of each resource, cut to the frames that say something.

Pulumi's Python SDK records the whole call stack at each registration, down to the threads and event loops that run the
program, and the engine writes it into the state: more than half of a state with hundreds of operators, which is written
anew after every step. Of the stack only the frames next to the resource are kept here.
"""

from __future__ import annotations

import sys
from collections.abc import Generator
from contextlib import contextmanager
from threading import RLock
from typing import Final

FRAMES: Final = 16
"""Frames that are kept: about six of the SDK's own, which it leaves out itself, four of ours and six of the program."""

_lock = RLock()


@contextmanager
def short_call_stacks() -> Generator[None]:
    """Register resources with the nearest frames of the call stack alone.

    `sys.tracebacklimit` is Python's own setting for it. It is the interpreter's, so nothing but registrations belongs
    into this context; a smaller limit of the program's own stays as it is.
    """
    with _lock:
        before: int | None = getattr(sys, "tracebacklimit", None)
        sys.tracebacklimit = FRAMES if before is None else min(FRAMES, before)
        try:
            yield
        finally:
            if before is None:
                del sys.tracebacklimit
            else:
                sys.tracebacklimit = before

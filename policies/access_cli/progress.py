"""A sign of life on a terminal, from a command that takes longer than a moment."""

from __future__ import annotations

import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

from access_cli.output import complain

PATIENCE: Final = 2.0
"""Seconds after which a command says that it is still at work."""


@contextmanager
def sign_of_life(program: str, patience: float = PATIENCE) -> Generator[None]:
    """Say once, on a terminal alone, that a command is still at work.

    Args:
        program: name of the command line.
        patience: seconds before the message.
    """
    if not sys.stderr.isatty():
        yield
        return
    timer = threading.Timer(patience, complain, [f"{program}: still at work"])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()

"""The event loop of the server: uvloop where there is one, otherwise one that works on every platform."""

from __future__ import annotations

import asyncio


def new_loop() -> asyncio.AbstractEventLoop:
    """A new event loop.

    Windows has no uvloop, and its default loop watches no sockets, which telling HTTP from HTTPS needs.
    """
    try:
        import uvloop  # noqa: PLC0415 - where there is one
    except ImportError:
        return asyncio.SelectorEventLoop()
    return uvloop.new_event_loop()

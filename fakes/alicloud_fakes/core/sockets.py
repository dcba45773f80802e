"""Listening on loopback."""

from __future__ import annotations

import errno
import socket

from ram_policies.error_kinds import with_code

LOOPBACK = "127.0.0.1"
_BACKLOG = 1024


class PortTakenError(OSError):
    """Another program listens on the port."""

    def __init__(self, host: str, port: int) -> None:
        problem = f"port {port} on {host} is taken by another program."
        fix = "Fix: stop that program, or choose another port, or port 0 for any that is free."
        super().__init__(with_code(f"{problem} {fix}", "port-taken"))


def listen(host: str, port: int) -> socket.socket:
    """A listening socket that sends small answers at once.

    Raises:
        PortTakenError: the port is taken.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        listener.bind((host, port))
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise PortTakenError(host, port) from None
        raise
    listener.setblocking(False)  # noqa: FBT003 - the name of the method says it
    return listener

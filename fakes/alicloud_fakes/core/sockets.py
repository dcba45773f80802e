"""Listening on loopback, and servers that a thread runs there."""

from __future__ import annotations

import errno
import socket
import threading
from types import TracebackType
from typing import Protocol, Self

from ram_policies.error_kinds import with_code

LOOPBACK = "127.0.0.1"
_BACKLOG = 1024
_STOP_WITHIN = 10.0


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


class Serving(Protocol):
    """Server of a listening socket, as uvicorn's is."""

    should_exit: bool

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve until `should_exit`."""
        ...


class LoopbackServer:
    """A server on a loopback port, run by a thread; a context manager starts and stops it.

    Attributes:
        port: the port it listens on.
    """

    def __init__(self, listener: socket.socket, serving: Serving, name: str) -> None:
        """Take over a listening socket; `start` serves.

        Args:
            listener: the socket.
            serving: serves it.
            name: name of the thread, before the port.
        """
        self.port: int = listener.getsockname()[1]
        self._listener = listener
        self._serving = serving
        self._thread = threading.Thread(target=self._run, name=f"{name}:{self.port}", daemon=True)

    @property
    def endpoint(self) -> str:
        """``host:port``, as the SDKs and the provider take it: without a scheme."""
        return f"{LOOPBACK}:{self.port}"

    @property
    def url(self) -> str:
        """``http://host:port``."""
        return f"http://{self.endpoint}"

    def start(self) -> Self:
        """Serve. The socket listens already, so no request is refused from now on."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop serving, and free the port."""
        self._serving.should_exit = True
        if self._thread.is_alive():
            self._thread.join(_STOP_WITHIN)
        self._listener.close()

    def _run(self) -> None:
        self._serving.run(sockets=[self._listener])

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

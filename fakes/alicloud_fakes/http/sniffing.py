"""HTTP and HTTPS on one port, told apart by the first byte.

The alicloud provider needs both from one endpoint: its `assume_role` speaks HTTPS whatever its protocol setting says,
and everything else follows the setting.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Coroutine
from typing import Any, cast

import uvicorn

_TLS_HANDSHAKE = b"\x16"
_PATIENCE = 30.0


class SniffingServer(uvicorn.Server):
    """A uvicorn server that speaks TLS to those who do."""

    def __init__(self, config: uvicorn.Config, context: ssl.SSLContext) -> None:
        """Serve.

        Args:
            config: of the server, without any TLS setting.
            context: certificate and key.
        """
        super().__init__(config)
        self._context = context
        self._tasks: set[asyncio.Task[None]] = set()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to accept connections."""
        await super().startup(sockets=[])
        for listener in sockets or ():
            self._spawn(self._accept(listener))

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop accepting, then let what is under way end."""
        for task in self._tasks:
            task.cancel()
        await super().shutdown(sockets=sockets)

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _accept(self, listener: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        while True:
            connection, _ = await loop.sock_accept(listener)
            connection.setblocking(False)  # noqa: FBT003 - the name of the method says it
            self._spawn(self._greet(connection))

    async def _greet(self, connection: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        try:
            first = await asyncio.wait_for(_first_byte(connection), _PATIENCE)
        except (TimeoutError, OSError):
            connection.close()
            return
        context = self._context if first == _TLS_HANDSHAKE else None
        # A client that does not trust the certificate ends the handshake, which is not an error of the server.
        with contextlib.suppress(OSError):
            await loop.connect_accepted_socket(self._protocol, connection, ssl=context)

    def _protocol(self) -> asyncio.Protocol:
        # uvicorn declares the class as any protocol, and calls it like this itself.
        protocol = cast("Any", self.config.http_protocol_class)
        return protocol(config=self.config, server_state=self.server_state, app_state=self.lifespan.state)


async def _first_byte(connection: socket.socket) -> bytes:
    loop = asyncio.get_running_loop()
    readable = loop.create_future()
    loop.add_reader(connection, _mark, readable)
    try:
        await readable
    finally:
        loop.remove_reader(connection)
    return connection.recv(1, socket.MSG_PEEK)


def _mark(readable: asyncio.Future[None]) -> None:
    if not readable.done():
        readable.set_result(None)

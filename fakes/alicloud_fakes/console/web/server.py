"""The console on a loopback port, served by a thread beside the API's server."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Self

import uvicorn

from alicloud_fakes.console.web.app import WebConsole, hosts_of
from alicloud_fakes.core.sockets import LOOPBACK, listen

if TYPE_CHECKING:
    from alicloud_fakes.cloud.cloud import Cloud

_STOP_WITHIN = 10.0


class ConsoleServer:
    """The console of a cloud, for a browser on this machine.

    ```python
    with ConsoleServer(cloud) as console:
        print(console.url, console.control_token)
    ```

    Attributes:
        console: what the pages share.
        port: the port it listens on.
    """

    def __init__(
        self,
        cloud: Cloud,
        port: int = 0,
        *,
        control_token: str = "",
        changed: Callable[[], None] = lambda: None,
    ) -> None:
        """Listen; `start` serves.

        Args:
            cloud: whose console.
            port: 0 for any that is free.
            control_token: opens the control room; made up by default.
            changed: called after changes that no API call made, to write them down.

        Raises:
            PortTakenError: the port is taken.
            InvalidInputError: the token is too short.
        """
        self._socket = listen(LOOPBACK, port)
        self.port: int = self._socket.getsockname()[1]
        try:
            self.console = WebConsole(cloud, port=self.port, control_token=control_token, changed=changed)
        except ValueError:
            self._socket.close()
            raise
        config = uvicorn.Config(
            self.console.application(hosts_of(self.port)),
            ws="none",
            lifespan="off",
            log_config=None,
            log_level=logging.ERROR,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._run, name=f"alicloud-fakes-console:{self.port}", daemon=True)

    @property
    def url(self) -> str:
        """Address of the sign-in page's site: ``http://127.0.0.1:8766``."""
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def control_token(self) -> str:
        """Opens the control room at ``/fake/``."""
        return self.console.control_token

    def start(self) -> Self:
        """Serve. The socket listens already, so no request is refused from now on."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop serving, and free the port."""
        self.console.close()
        self._server.should_exit = True
        if self._thread.is_alive():
            self._thread.join(_STOP_WITHIN)
        self._socket.close()

    def _run(self) -> None:
        self._server.run(sockets=[self._socket])

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

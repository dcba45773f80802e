"""The console on a loopback port, served by a thread beside the API's server."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

import uvicorn

from alicloud_fakes.console.web.app import WebConsole, hosts_of
from alicloud_fakes.core.sockets import LOOPBACK, LoopbackServer, listen

if TYPE_CHECKING:
    from alicloud_fakes.cloud.fake_cloud import Cloud


class ConsoleServer(LoopbackServer):
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
        listener = listen(LOOPBACK, port)
        port = listener.getsockname()[1]
        try:
            self.console = WebConsole(cloud, port=port, control_token=control_token, changed=changed)
        except ValueError:
            listener.close()
            raise
        config = uvicorn.Config(
            self.console.application(hosts_of(port)),
            ws="none",
            lifespan="off",
            log_config=None,
            log_level=logging.ERROR,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_graceful_shutdown=1,
        )
        super().__init__(listener, uvicorn.Server(config), "alicloud-fakes-console")

    @property
    def control_token(self) -> str:
        """Opens the control room at ``/fake/``."""
        return self.console.control_token

    def stop(self) -> None:
        """Close the streams that browsers keep open, stop serving, and free the port."""
        self.console.close()
        super().stop()

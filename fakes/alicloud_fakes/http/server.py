"""The server: uvicorn with its fastest parser and loop, in a thread or as the process itself."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import uvicorn

from alicloud_fakes.admin import administer
from alicloud_fakes.cloud.fake_cloud import Cloud
from alicloud_fakes.core.sockets import LOOPBACK, LoopbackServer, listen
from alicloud_fakes.http.connection import App, HttpConnection

if TYPE_CHECKING:
    from alicloud_fakes.tls import Certificates


def make_uvicorn(cloud: Cloud, certificates: Certificates | None = None) -> uvicorn.Server:
    """A uvicorn server for a cloud. Nothing is logged for each request: the cloud has its own call log.

    Args:
        cloud: what to serve.
        certificates: to speak TLS as well, on the same port, with those who do.
    """
    config = uvicorn.Config(
        App(cloud),
        loop="alicloud_fakes.http.loop:new_loop",
        http=HttpConnection,
        interface="asgi3",
        ws="none",
        lifespan="off",
        log_config=None,
        log_level=logging.ERROR,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=1,
    )
    if certificates is None:
        return uvicorn.Server(config)
    from alicloud_fakes.http.sniffing import SniffingServer  # noqa: PLC0415 - only who wants TLS pays for it

    return SniffingServer(config, certificates.context())


class Server(LoopbackServer):
    """A cloud on a loopback port, served by a thread.

    ```python
    with Server(cloud) as server:
        client = make_client(endpoint=server.endpoint)
    ```

    Attributes:
        cloud: the cloud.
        port: the port it listens on.
    """

    def __init__(self, cloud: Cloud, port: int = 0, certificates: Certificates | None = None) -> None:
        """Listen; `start` serves.

        Args:
            cloud: what to serve.
            port: 0 for any that is free.
            certificates: to serve HTTPS as well, on the same port.

        Raises:
            PortTakenError: the port is taken.
        """
        self.cloud = cloud
        listener = listen(LOOPBACK, port)
        administer(cloud)
        super().__init__(listener, make_uvicorn(cloud, certificates), "alicloud-fakes")

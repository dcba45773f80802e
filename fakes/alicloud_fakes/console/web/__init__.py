"""The console in a browser: pages over the same cloud, for loopback only. Needs the extra ``console``.

Not imported by `alicloud_fakes.console`, so that who signs in without pages needs no web framework.
"""

from __future__ import annotations

from alicloud_fakes.console.web.console_server import ConsoleServer as ConsoleServer

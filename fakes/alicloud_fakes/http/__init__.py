"""The HTTP door: the fake as a server on loopback, for clients that are not Python."""

from __future__ import annotations

from alicloud_fakes.http.server import Server as Server

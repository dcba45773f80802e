"""No test reaches the real cloud by mistake: Alibaba's hosts do not resolve, and live credentials are not seen."""

from __future__ import annotations

import contextlib
import errno
import functools
import importlib
import os
import re
import socket
import sys
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager
from typing import Any, cast
from unittest import mock

from ram_policies.error_kinds import with_code

_NAMES = ("aliyuncs", "aliyun", "alibabacloud", "alibabacloudcs", "alicloud", "alicloudapi", "aliyun-inc")
_ENDINGS = ("com", "cn", "net")
_ALIBABA = re.compile(rf"(?:^|\.)(?:{'|'.join(_NAMES)})\.(?:{'|'.join(_ENDINGS)})\.?$", re.IGNORECASE)
# Instance metadata, where SDKs look for credentials.
METADATA = frozenset({"100.100.100.200"})
_HIDDEN = re.compile(r"^(?:ALIBABA_CLOUD_|ALIBABACLOUD_|ALICLOUD_(?!FAKES_)|ALIYUN_|OSS_)")
# What keeps the SDKs from looking in files and on the network.
_CLOSED = {
    "ALIBABA_CLOUD_CREDENTIALS_FILE": os.devnull,
    "ALIBABA_CLOUD_CLI_PROFILE_DISABLED": "true",
    "ALIBABA_CLOUD_ECS_METADATA_DISABLED": "true",
}
# Read the environment once, when they are imported.
_READERS = ("alibabacloud_credentials.utils.auth_util",)


class NotTheFakeError(ConnectionError):
    """A request that would have reached the real Alibaba Cloud."""

    def __init__(self, host: str) -> None:
        problem = f"a request to {host} was stopped: mock_alicloud is active, and the fake does not answer for it."
        fix = (
            "Fix: use a product that the fake has (docs/coverage.md) with a client that uses the requests library, "
            "or the fake's HTTP server, or make the request outside of mock_alicloud"
        )
        # With a number, so that libraries that wrap it show the text.
        super().__init__(errno.ECONNREFUSED, with_code(f"{problem} {fix}", "not-the-fake"))


def is_alibaba(host: str) -> bool:
    """True if a host belongs to Alibaba Cloud."""
    return _ALIBABA.search(host) is not None or host in METADATA


@contextlib.contextmanager
def guarded() -> Generator[None, None, None]:
    """Keep this process away from the real cloud."""
    with _hidden_credentials(), _no_proxies(), _unresolved_hosts():
        yield


@contextlib.contextmanager
def _hidden_credentials() -> Generator[None, None, None]:
    hidden = {name: value for name, value in os.environ.items() if _HIDDEN.match(name)}
    for name in hidden:
        del os.environ[name]
    os.environ.update(_CLOSED)
    _read_again()
    try:
        yield
    finally:
        for name in _CLOSED:
            os.environ.pop(name, None)
        os.environ.update(hidden)
        _read_again()


def _read_again() -> None:
    for name in _READERS:
        if name in sys.modules:
            importlib.reload(sys.modules[name])


@contextlib.contextmanager
def _no_proxies() -> Generator[None, None, None]:
    """Bypass proxies, which would resolve Alibaba's hosts themselves."""
    before = {name: os.environ.get(name) for name in ("no_proxy", "NO_PROXY")}
    given = before["no_proxy"] or before["NO_PROXY"] or ""
    if given.strip() != "*":
        hosts = [f".{name}.{ending}" for name in _NAMES for ending in _ENDINGS]
        os.environ["no_proxy"] = os.environ["NO_PROXY"] = ",".join(filter(None, [given, *hosts, *sorted(METADATA)]))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@contextlib.contextmanager
def _unresolved_hosts() -> Generator[None, None, None]:
    """Resolve no host of Alibaba's, and connect to none."""
    with contextlib.ExitStack() as stack:
        for name in ("getaddrinfo", "gethostbyname", "gethostbyname_ex"):
            stack.enter_context(_guard(socket, name, _host_of_name))
        for name in ("connect", "connect_ex"):
            stack.enter_context(_guard(socket.socket, name, _host_of_peer))
        yield


def _guard(owner: Any, name: str, host_of: Callable[..., object]) -> AbstractContextManager[object]:  # noqa: ANN401 - a module or a class
    before = getattr(owner, name)

    @functools.wraps(before)
    def guarded(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - the signature of what is guarded
        host = host_of(*args, **kwargs)
        text = host.decode("latin-1") if isinstance(host, bytes) else host
        if isinstance(text, str) and is_alibaba(text):
            raise NotTheFakeError(text)
        return before(*args, **kwargs)

    return mock.patch.object(owner, name, guarded)


def _host_of_name(host: object = None, *_: object, **__: object) -> object:
    return host


def _host_of_peer(_: object, address: object = None, *__: object) -> object:
    return cast("tuple[object, ...]", address)[0] if isinstance(address, tuple) and address else None

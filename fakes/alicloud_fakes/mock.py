"""The in-process door: the official Python SDKs, unchanged, answered by a fake cloud in the same process."""

from __future__ import annotations

import contextlib
import importlib
import io
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from types import ModuleType, TracebackType
from typing import Any, Self, TypeVar, cast
from urllib.parse import urlsplit

import responses
from urllib3 import HTTPHeaderDict, HTTPResponse

from alicloud_fakes.cloud.fake_cloud import Cloud
from alicloud_fakes.core.messages import Delivery, HttpRequest
from alicloud_fakes.core.messages import HttpResponse as Response
from alicloud_fakes.decorating import decorated
from alicloud_fakes.guard import METADATA, NotTheFakeError, guarded, is_alibaba
from alicloud_fakes.pipeline.rpc.rpc_protocol import UNKNOWN_PRODUCT
from ram_policies.errors import InvalidInputError

F = TypeVar("F")

# The official SDKs use requests; the older core SDK brings a copy of its own.
_LIBRARIES = ("requests", "aliyunsdkcore.vendored.requests")
# What the gateway says to a request that is for no product of the fake.
_NOT_OURS = (b'"Code":"InvalidVersion"', b'"Code":"MissingAction"')


class mock_alicloud:  # noqa: N801 - reads like the function it is used as, as in moto
    """A fake Alibaba Cloud for the official Python SDKs in this process.

    A decorator, with parentheses or without, a context manager and, as ``alicloud``, a pytest fixture. While it is
    active, requests to any Alibaba host go to the fake or fail, and credentials in the environment are hidden. Other
    hosts are reached as ever. It is about this process: what a test starts as another one finds no fake in it.

    ```python
    @mock_alicloud({"11223344": "company-a"})
    def test_something(cloud): ...
    ```

    Attributes:
        cloud: the fake, while it is active.
    """

    def __new__(
        cls, accounts: Mapping[str, str] | Callable[..., Any] | None = None, *, cloud: Cloud | None = None
    ) -> Self:
        """A fake; or, of a function or a class that it decorates without parentheses, the wrapped one."""
        if accounts is None or isinstance(accounts, Mapping):
            return super().__new__(cls)
        if callable(accounts):
            return cast("Self", cls(cloud=cloud)(accounts))
        fix = 'write {"11223344": "company-a"}'
        raise InvalidInputError("accounts", accounts, "is not a mapping of account IDs", fix, code="wrong-type")

    def __init__(
        self, accounts: Mapping[str, str] | Callable[..., Any] | None = None, *, cloud: Cloud | None = None
    ) -> None:
        """Prepare a fake.

        Args:
            accounts: account IDs and their aliases (an empty text for none).
            cloud: a cloud to use instead of a new one.
        """
        self._accounts: dict[str, str] = {}
        if isinstance(accounts, Mapping):
            self._accounts |= cast("Mapping[str, str]", accounts)
        self._given = cloud
        self._active: _Activation | None = None
        self.cloud: Cloud | None = None

    def start(self) -> Cloud:
        """Begin.

        Raises:
            InvalidInputError: an account is invalid.
            RuntimeError: it is active already.
        """
        if self._active is not None:
            raise RuntimeError("this mock_alicloud is active already. Fix: stop it first, or make another one")
        cloud = self._given or Cloud()
        for account_id, alias in self._accounts.items():
            if account_id not in cloud.accounts:
                cloud.add_account(account_id, alias=alias)
        self._active = _Activation(cloud)
        self._active.begin()
        self.cloud = cloud
        return cloud

    def stop(self) -> None:
        """End; what was hidden is back."""
        if self._active is not None:
            self._active.end()
            self._active = None
            self.cloud = None

    def __enter__(self) -> Cloud:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def __call__(self, target: F) -> F:
        """Wrap a test: a function, a class, a generator, async or not.

        Each call, and each test of a class, has a cloud of its own, which is given as keyword ``cloud`` where the
        function takes one. Of a class the methods whose names begin with ``test`` are wrapped, those of classes inside
        of it and of classes that extend it too; a `unittest.TestCase` is inside from before its ``setUp`` until after
        its clean-ups.

        Raises:
            DecoratedError: the target, or a part of it, would run outside of the fake: a pytest fixture (decorate its
                function, which has to yield), hooks that pytest runs for a class (use the fixture ``alicloud``).
        """
        return decorated(target, lambda: mock_alicloud(self._accounts, cloud=self._given), "cloud")


class _Activation:
    """A fake while it is active.

    Several may overlap: of threads, or of tasks in one loop, the first to begin is often the first to end. What they
    changed in the process is changed back in the reverse order all the same, once those above have ended.
    """

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud
        self.ended = False
        self._exits = contextlib.ExitStack()

    def begin(self) -> None:
        """Take the place of the network."""
        with _LOCK:
            with contextlib.ExitStack() as stack:
                stack.enter_context(guarded())
                for name in _LIBRARIES:
                    with contextlib.suppress(ImportError):
                        stack.enter_context(_Door(self, importlib.import_module(name)))
                self._exits = stack.pop_all()
            _ACTIVE.append(self)
        _MINE.set((*(one for one in _MINE.get() if not one.ended), self))

    def end(self) -> None:
        """Answer nothing more."""
        with _LOCK:
            self.ended = True
            while _ACTIVE and _ACTIVE[-1].ended:
                _ACTIVE.pop()._exits.close()

    def is_asked(self) -> bool:
        """True if a request is this fake's: of those that began in this thread or task the last, else of all."""
        for one in reversed((*_ACTIVE, *_MINE.get())):
            if not one.ended:
                return one is self
        return False


_LOCK = threading.RLock()
_ACTIVE: list[_Activation] = []
_MINE: ContextVar[tuple[_Activation, ...]] = ContextVar("alicloud_fakes_active", default=())


class _Door(responses.RequestsMock):
    """`responses` for one copy of the requests library, with the cloud in place of a list of prepared answers.

    Requests to other hosts go on to whatever was there before: the network, or another mock.
    """

    def __init__(self, activation: _Activation, library: ModuleType) -> None:
        self._activation = activation
        self._cloud = activation.cloud
        self._exceptions: Any = importlib.import_module(f"{library.__name__}.exceptions")
        adapter: Any = importlib.import_module(f"{library.__name__}.adapters").HTTPAdapter
        super().__init__(
            assert_all_requests_are_fired=False,
            target=f"{library.__name__}.adapters.HTTPAdapter.send",
            real_adapter_send=adapter.send,
        )
        self._before: Any = adapter.send

    def _on_request(self, adapter: Any, request: Any, *, retries: Any = None, **kwargs: Any) -> Any:  # noqa: ANN401, ARG002 - the signature of responses
        parts = urlsplit(str(request.url))
        host = parts.hostname or ""
        if not is_alibaba(host) or not self._activation.is_asked():
            return self._before(adapter, request, **kwargs)
        if host in METADATA:
            raise NotTheFakeError(host)
        given = request.headers.items()
        headers = {name.lower(): value if isinstance(value, str) else _text(value) for name, value in given}
        asked = HttpRequest(
            request.method,
            parts.path or "/",
            parts.query,
            {"host": parts.netloc, **headers},
            _body(request.body),
            secure=parts.scheme == "https",
        )
        response = self._cloud.handle(asked)
        if UNKNOWN_PRODUCT in response.headers or (
            response.status == 400 and any(code in response.body for code in _NOT_OURS)
        ):
            raise NotTheFakeError(host)
        self._wait(response.delay, kwargs.get("timeout"), request)
        if response.delivery is Delivery.RESET:
            raise self._exceptions.ConnectionError("the connection was reset by the fake", request=request)
        if response.delivery is Delivery.HANG:
            raise self._exceptions.ReadTimeout("the fake did not answer", request=request)
        return adapter.build_response(request, _raw(response, request.method))

    def _wait(self, delay: float, timeout: Any, request: Any) -> None:  # noqa: ANN401 - a number or two, as requests has it
        if not delay:
            return
        patience = cast("tuple[object, object]", timeout)[1] if isinstance(timeout, tuple) else timeout
        if isinstance(patience, int | float) and patience < delay:
            time.sleep(patience)
            raise self._exceptions.ReadTimeout(f"the fake took longer than {patience} seconds", request=request)
        time.sleep(delay)


def _raw(response: Response, method: str) -> HTTPResponse:
    return HTTPResponse(
        body=io.BytesIO(response.body),
        headers=HTTPHeaderDict(response.headers),
        status=response.status,
        reason="",
        preload_content=False,
        request_method=method,
    )


def _text(value: object) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _body(body: Any) -> bytes:  # noqa: ANN401 - whatever requests takes
    if body is None:
        return b""
    if isinstance(body, str):
        return body.encode()
    if isinstance(body, bytes | bytearray | memoryview):
        return bytes(cast("bytes", body))
    if hasattr(body, "read"):
        return _body(body.read())
    return b"".join(_chunks(body))


def _chunks(body: Any) -> Iterator[bytes]:  # noqa: ANN401 - whatever requests takes
    for chunk in body:
        yield chunk.encode() if isinstance(chunk, str) else bytes(chunk)

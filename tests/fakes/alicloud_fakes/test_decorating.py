"""mock_alicloud on everything that can be a test: all of it runs inside the fake, or decorating it is refused."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial
from typing import Any

import pytest

from alicloud_fakes import Cloud, mock_alicloud
from alicloud_fakes.decorating import DecoratedError
from alicloud_fakes.guard import NotTheFakeError
from ram_policies.errors import InvalidInputError


def inside() -> bool:
    """True if the fake is active: Alibaba's hosts do not resolve then, and say so."""
    try:
        socket.gethostbyname("ram.aliyuncs.invalid.aliyuncs.com")
    except NotTheFakeError:
        return True
    except OSError:
        return False
    return False


@mock_alicloud({"1": "one"})
async def afterwards(cloud: Cloud) -> tuple[bool, bool, list[str]]:
    before = inside()
    await asyncio.sleep(0)
    return before, inside(), list(cloud.accounts)


def test_an_async_function_is_inside_until_it_ends() -> None:
    assert asyncio.run(afterwards()) == (True, True, ["1"])
    assert not inside()


@mock_alicloud({"1": "one"})
def generated(cloud: Cloud) -> Iterator[Any]:
    received = yield inside()
    yield received
    yield list(cloud.accounts)
    assert inside()


def test_a_generator_is_inside_until_it_ends() -> None:
    running = generated()
    assert next(running)
    assert running.send("sent") == "sent"
    assert next(running) == ["1"]
    with pytest.raises(StopIteration):
        next(running)
    assert not inside()


@mock_alicloud({"1": "one"})
async def async_generated(cloud: Cloud) -> AsyncIterator[bool]:
    try:
        yield inside() and list(cloud.accounts) == ["1"]
    except LookupError:
        yield inside()
    assert inside()


def test_an_async_generator_is_inside_until_it_ends() -> None:
    async def run() -> list[bool]:
        return [item async for item in async_generated()]

    assert asyncio.run(run()) == [True]
    assert not inside()


def test_an_async_generator_gets_the_errors_of_its_user() -> None:
    async def run() -> bool:
        running: Any = async_generated()
        assert await anext(running)
        handled = await running.athrow(LookupError())
        await running.aclose()
        return handled

    assert asyncio.run(run())
    assert not inside()


@pytest.fixture
@mock_alicloud({"1": "one"})
def fixture_of_a_generator() -> Iterator[bool]:
    yield inside()
    assert inside()


def test_a_fixture_is_inside_while_the_test_runs(fixture_of_a_generator: bool) -> None:
    assert fixture_of_a_generator
    assert inside()


@mock_alicloud
def test_without_parentheses(cloud: Cloud) -> None:
    assert inside()
    assert list(cloud.accounts) == []


@pytest.fixture
@mock_alicloud({"1": "one"})
def returned(cloud: Cloud) -> Cloud:
    return cloud


def test_a_fixture_that_returns_is_refused(request: pytest.FixtureRequest) -> None:
    with pytest.raises(DecoratedError, match="write yield in place of return"):
        request.getfixturevalue("returned")


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
@mock_alicloud({"1": "one"})
async def returned_async(cloud: Cloud) -> Cloud:
    return cloud


@pytest.fixture
@mock_alicloud({"1": "one"})
async def yielded_async(cloud: Cloud) -> AsyncIterator[Cloud]:
    yield cloud
    assert inside()


@pytest.mark.anyio
async def test_an_async_fixture_is_inside_while_the_test_runs(yielded_async: Cloud) -> None:
    assert inside()
    assert list(yielded_async.accounts) == ["1"]


@pytest.mark.anyio
@mock_alicloud({"1": "one"})
async def test_an_async_test_may_call_decorated_functions_that_return(cloud: Cloud) -> None:
    assert await afterwards() == (True, True, ["1"])
    assert list(cloud.accounts) == ["1"]


def test_an_async_fixture_that_returns_is_refused(anyio_backend: str, request: pytest.FixtureRequest) -> None:
    assert anyio_backend == "asyncio"
    with pytest.raises(DecoratedError, match="write yield in place of return"):
        request.getfixturevalue("returned_async")


@pytest.mark.parametrize("accounts", [["1"], "11223344", 3])
def test_accounts_that_are_no_mapping_are_named(accounts: Any) -> None:
    with pytest.raises(InvalidInputError, match="is not a mapping of account IDs"):
        mock_alicloud(accounts)


def test_nothing_is_left_behind() -> None:
    assert not inside()


async def later() -> None:
    raise AssertionError("it is never run")


def calls_later() -> Any:
    return later()


def lazily() -> Iterator[None]:
    return (None for _ in range(1))


def maps() -> Iterator[bool]:
    return map(bool, [1])


@contextlib.contextmanager
def manages() -> Iterator[None]:
    yield


@contextlib.asynccontextmanager
async def manages_async() -> AsyncIterator[None]:
    yield


LATER = [calls_later, lazily, partial(lambda make: make(), later), maps, manages, manages_async]


@pytest.mark.parametrize("function", LATER)
def test_a_test_body_that_would_run_later_is_an_error(function: Callable[[], Any]) -> None:
    with pytest.raises(DecoratedError, match="would run after mock_alicloud has ended"):
        mock_alicloud()(function)()


def test_the_name_and_text_of_the_function_stay() -> None:
    @contextlib.contextmanager
    @mock_alicloud({"1": "one"})
    def managed(cloud: Cloud) -> Iterator[Cloud]:
        """Docstring that the decorator keeps."""
        yield cloud

    assert (managed.__name__, managed.__doc__) == ("managed", "Docstring that the decorator keeps.")
    with managed() as cloud:
        assert list(cloud.accounts) == ["1"]
        assert inside()
    assert not inside()


class CalledLater:
    async def __call__(self, cloud: Cloud) -> tuple[bool, list[str]]:
        await asyncio.sleep(0)
        return inside(), list(cloud.accounts)


class Generating:
    def __call__(self) -> Iterator[bool]:
        yield inside()


def test_an_object_that_can_be_called_is_inside_until_it_ends() -> None:
    called: Any = mock_alicloud({"1": "one"})(CalledLater())
    assert asyncio.run(called()) == (True, ["1"])
    assert list(mock_alicloud()(Generating())()) == [True]
    assert not inside()


def test_a_task_that_outlives_the_function_is_cancelled_and_refused() -> None:
    @mock_alicloud()
    def begins() -> Any:
        return asyncio.ensure_future(asyncio.sleep(60))

    async def run() -> None:
        with pytest.raises(DecoratedError, match="gave a Task"):
            begins()

    asyncio.run(run())

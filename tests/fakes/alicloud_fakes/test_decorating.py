"""mock_alicloud on whatever can be a test: all of it runs inside of the fake, or it is refused when it is decorated."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import unittest
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


def test_an_async_generator_gets_the_errors_of_who_uses_it() -> None:
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


@mock_alicloud({"1": "one"})
class TestPlain:
    def test_a_method_gets_the_cloud(self, cloud: Cloud) -> None:
        cloud.add_account("2")
        assert inside()

    def test_each_method_has_a_cloud_of_its_own(self, cloud: Cloud) -> None:
        assert list(cloud.accounts) == ["1"]

    def test_a_method_without_the_cloud(self, tmp_path: Any) -> None:
        assert inside()
        assert tmp_path.exists()

    @staticmethod
    def test_a_static_method(cloud: Cloud) -> None:
        assert inside()
        assert list(cloud.accounts) == ["1"]

    @classmethod
    def test_a_class_method(cls, cloud: Cloud) -> None:
        assert inside()
        assert list(cloud.accounts) == ["1"]

    @pytest.mark.parametrize("number", [1, 2])
    def test_a_method_with_parameters(self, number: int, cloud: Cloud) -> None:
        assert inside()
        assert str(number) in {"1", "2"}


class Base:
    def test_inherited(self, cloud: Cloud) -> None:
        assert inside()
        assert list(cloud.accounts) == ["1"]


@mock_alicloud({"1": "one"})
class TestInheriting(Base):
    pass


class TestExtending(TestInheriting):
    """Extends a decorated class: its own tests are inside as well."""

    def test_own(self, cloud: Cloud) -> None:
        assert inside()
        assert list(cloud.accounts) == ["1"]


@mock_alicloud({"2": "two"})
class TestDecoratedAgain(TestExtending):
    def test_own(self, cloud: Cloud) -> None:
        assert list(cloud.accounts) == ["2"]

    def test_inherited(self, cloud: Cloud) -> None:
        assert list(cloud.accounts) == ["2"]

    class TestNested:
        def test_nested(self, cloud: Cloud) -> None:
            assert inside()
            assert list(cloud.accounts) == ["2"]


@mock_alicloud
def test_without_parentheses(cloud: Cloud) -> None:
    assert inside()
    assert list(cloud.accounts) == []


@mock_alicloud
class TestWithoutParentheses:
    def test_inside(self) -> None:
        assert inside()


@pytest.fixture
@mock_alicloud({"1": "one"})
def returned(cloud: Cloud) -> Cloud:
    return cloud


def test_a_fixture_that_returns_is_refused(request: pytest.FixtureRequest) -> None:
    with pytest.raises(DecoratedError, match="write yield in place of return"):
        request.getfixturevalue("returned")


@pytest.mark.parametrize("accounts", [["1"], "11223344", 3])
def test_accounts_that_are_no_mapping_are_named(accounts: Any) -> None:
    with pytest.raises(InvalidInputError, match="is not a mapping of account IDs"):
        mock_alicloud(accounts)


def test_a_class_that_extends_a_decorated_one_has_no_hooks_outside() -> None:
    with pytest.raises(DecoratedError, match="its setup_method would run outside"):
        type("TestHooked", (TestInheriting,), {"setup_method": lambda _: None})


def test_the_class_that_another_extends_stays_as_it_was() -> None:
    with pytest.raises(TypeError, match="cloud"):
        Base().test_inherited()


@mock_alicloud({"1": "one"})
class TestCase(unittest.TestCase):
    def setUp(self) -> None:
        assert inside()
        self.addCleanup(self.clean_up)

    def clean_up(self) -> None:
        assert inside()

    def test_inside(self) -> None:
        assert inside()

    def test_the_cloud(self, cloud: Cloud) -> None:
        assert list(cloud.accounts) == ["1"]


class TestExtendingCase(TestCase):
    """Its setUp does not call that of the class it extends."""

    def setUp(self) -> None:
        assert inside()

    def test_own(self, cloud: Cloud) -> None:
        assert list(cloud.accounts) == ["1"]


class TestCallingCase(TestCase):
    def setUp(self) -> None:
        super().setUp()
        assert inside()


@mock_alicloud({"1": "one"})
class TestAsyncCase(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self) -> None:
        assert inside()

    async def test_the_cloud(self, cloud: Cloud) -> None:
        await asyncio.sleep(0)
        assert inside()
        assert list(cloud.accounts) == ["1"]


def test_nothing_is_left_behind() -> None:
    assert not inside()


def hooked(name: str) -> type[Any]:
    return type("TestHooked", (), {name: lambda _: None, "test_it": lambda _: None})


class SetUpClass(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        raise AssertionError("it is never run")

    def test_it(self) -> None:
        raise AssertionError("it is never run")


SetUpClass.__test__ = False


class WithFixture:
    @pytest.fixture(autouse=True)
    def prepared(self) -> None:
        raise AssertionError("it is never run")

    def test_it(self) -> None:
        raise AssertionError("it is never run")


@pytest.fixture
def a_fixture() -> None:
    raise AssertionError("it is never run")


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: a_fixture, "below @pytest.fixture"),
        (lambda: hooked("setup_method"), "setup_method would run outside"),
        (lambda: hooked("setup_class"), "setup_class would run outside"),
        (lambda: hooked("teardown_method"), "teardown_method would run outside"),
        (lambda: WithFixture, "prepared would run outside"),
        (lambda: SetUpClass, "setUpClass would run outside"),
        (lambda: type("Empty", (), {}), "has no method whose name begins with test"),
        (lambda: 5, "not a int"),
        (lambda: property(lambda _: None), "not a property"),
    ],
)
def test_decorating_code_that_runs_outside_of_the_mock_is_refused(make: Callable[[], Any], said: str) -> None:
    with pytest.raises(DecoratedError, match=said) as refused:
        mock_alicloud()(make())
    assert "Fix: " in str(refused.value)


async def later() -> None:
    raise AssertionError("it is never run")


def calls_later() -> Any:
    return later()


def lazily() -> Iterator[None]:
    return (None for _ in range(1))


@pytest.mark.parametrize("function", [calls_later, lazily, partial(lambda make: make(), later)])
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

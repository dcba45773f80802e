"""mock_alicloud on classes: each of their tests runs inside of a fake of its own, or the class is refused."""

from __future__ import annotations

import asyncio
import socket
import unittest
from collections.abc import Callable
from typing import Any

import pytest

from alicloud_fakes import Cloud, mock_alicloud
from alicloud_fakes.decorating import DecoratedError
from alicloud_fakes.guard import NotTheFakeError


def inside() -> bool:
    """True if the fake is active: a request to a host of Alibaba's is refused then."""
    try:
        socket.gethostbyname("ram.aliyuncs.invalid.aliyuncs.com")
    except NotTheFakeError:
        return True
    except OSError:
        pass
    return False


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
    """Subclass of a decorated class: its own tests run inside the fake as well."""

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
class TestWithoutParentheses:
    def test_inside(self) -> None:
        assert inside()


def test_a_class_that_extends_a_decorated_one_has_no_hooks_outside() -> None:
    with pytest.raises(DecoratedError, match="extended by TestHooked, and its setup_method would run outside"):
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


class Inner:
    class TestInner:
        def test_inner(self, cloud: Cloud) -> tuple[bool, list[str]]:
            return inside(), list(cloud.accounts)

    class TestClient:
        """A class that is not a test, as web frameworks have them."""


def test_classes_inside_of_one_that_is_extended_run_inside_and_stay_as_they_were() -> None:
    class TestOuter(Inner):
        TestOther = Inner.TestInner

    class TestLater(mock_alicloud({"1": "one"})(TestOuter)):
        class TestAdded:
            def test_added(self, cloud: Cloud) -> tuple[bool, list[str]]:
                return inside(), list(cloud.accounts)

    decorated: Any = TestLater
    expected = (True, ["1"])
    assert decorated.TestInner().test_inner() == decorated.TestOther().test_inner() == expected
    assert decorated.TestAdded().test_added() == expected
    assert mock_alicloud({"2": "two"})(decorated).TestAdded().test_added() == (True, ["2"])
    with pytest.raises(TypeError, match="cloud"):
        Inner.TestInner().test_inner()  # pyright: ignore[reportCallIssue] - called wrongly on purpose


def test_tests_of_another_class_that_is_extended_as_well_are_inside() -> None:
    class Other:
        def test_other(self) -> bool:
            return inside()

    class TestBoth(TestInheriting, Other):
        pass

    assert TestBoth().test_other()
    assert not Other().test_other()


def results(case: type[unittest.TestCase]) -> list[str]:
    result = unittest.TestResult()
    unittest.defaultTestLoader.loadTestsFromTestCase(case).run(result)
    return [text for _, text in (*result.errors, *result.failures)] or [f"{result.testsRun} passed"]


def test_a_set_up_that_comes_first_runs_inside() -> None:
    class First(unittest.TestCase):
        def setUp(self) -> None:
            assert inside()

    class TestBoth(First, TestCase):
        def test_accounts(self, cloud: Cloud) -> None:
            assert list(cloud.accounts) == ["1"]

    assert results(TestBoth) == ["3 passed"]


def test_a_test_case_with_a_method_run_test() -> None:
    @mock_alicloud({"1": "one"})
    class Single(unittest.TestCase):
        def runTest(self) -> None:  # noqa: N802 - of unittest
            assert inside()

    assert results(Single) == ["1 passed"]


class Mixin:
    def test_it(self) -> None:
        raise AssertionError("it is never run")


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (
            lambda: type("Case", (mock_alicloud()(type("Of", (Mixin,), {})), unittest.TestCase), {}),
            "decorate the test case",
        ),
        (lambda: type("With", (TestInheriting,), {"prepared": a_fixture}), "prepared would run outside"),
        (lambda: type("Also", (TestInheriting, hooked("setup_method")), {}), "setup_method would run outside"),
        (lambda: mock_alicloud()(mock_alicloud()(type("Twice", (Mixin,), {}))), "decorates Twice twice"),
    ],
)
def test_a_class_that_extends_or_repeats_a_decorated_one_wrongly_is_refused(make: Callable[[], Any], said: str) -> None:
    with pytest.raises(DecoratedError, match=said):
        make()


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

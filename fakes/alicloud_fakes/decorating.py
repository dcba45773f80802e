"""A context manager as a decorator of tests of each form: functions, classes, generators, async or not.

What cannot be wrapped so that all of it runs inside of the context is refused when it is decorated: a test that runs
after the fake has ended would look for the real cloud.
"""

from __future__ import annotations

import inspect
import unittest
from collections.abc import AsyncGenerator, Callable, Generator, Iterable
from contextlib import AbstractContextManager, contextmanager
from functools import wraps
from typing import Any, TypeAlias, cast

from ram_policies.error_kinds import with_code

ContextFactory: TypeAlias = Callable[[], AbstractContextManager[Any]]
Enter: TypeAlias = Callable[[dict[str, Any]], AbstractContextManager[dict[str, Any]]]
# Hooks of a plain class that pytest runs outside of its test methods.
_HOOKS = ("setup", "setup_method", "setup_class", "teardown", "teardown_method", "teardown_class")
_CLASS_HOOKS = ("setUpClass", "tearDownClass")
_FIXTURES = "_pytest.fixtures"
_ORIGINALS = "_alicloud_fakes_originals"
_FIX = "Fix: use mock_alicloud inside of it, or the pytest fixture `alicloud`"


class DecoratedError(TypeError):
    """Something that the decorator cannot wrap."""

    def __init__(self, message: str) -> None:
        super().__init__(with_code(message, "cannot-decorate"))


def decorated(target: Any, context: ContextFactory, keyword: str) -> Any:  # noqa: ANN401 - a function, a class, a method
    """Wrap a test.

    Args:
        target: function, async function, generator function, async generator function, class or method.
        context: makes the context, anew for each call.
        keyword: parameter that gets the context's value, where the function has one of that name.

    Raises:
        DecoratedError: the target would run outside of the context, or is not something that runs.
    """
    if isinstance(target, type):
        return _class(cast("type[Any]", target), context, keyword)
    if isinstance(target, staticmethod | classmethod):
        method = cast("Any", target)
        return type(method)(decorated(method.__func__, context, keyword))
    if _is_fixture(target):
        raise DecoratedError(
            f"mock_alicloud decorates the pytest fixture {_name(target)}, whose function it cannot reach. "
            "Fix: put @mock_alicloud below @pytest.fixture"
        )
    if not callable(target):
        raise DecoratedError(f"mock_alicloud decorates functions and classes, not a {type(target).__name__}. {_FIX}")
    return _function(target, context, keyword)


def _name(target: object) -> str:
    return str(getattr(target, "__qualname__", getattr(target, "__name__", target)))


def _is_fixture(target: object) -> bool:
    # The class since pytest 8.4, and the mark before it; without importing pytest.
    return type(target).__name__ == "FixtureFunctionDefinition" or hasattr(target, "_pytestfixturefunction")


def _function(function: Callable[..., Any], context: ContextFactory, keyword: str) -> Callable[..., Any]:
    signature = inspect.signature(function)
    wants = keyword in signature.parameters
    wrapped = _wrapped(function, context, keyword if wants else "")
    if wants:
        # Otherwise pytest would look for a fixture of that name.
        rest = [parameter for name, parameter in signature.parameters.items() if name != keyword]
        vars(wrapped)["__signature__"] = signature.replace(parameters=rest)
    return wrapped


def _wrapped(function: Callable[..., Any], context: ContextFactory, keyword: str) -> Callable[..., Any]:
    @contextmanager
    def enter(kwargs: dict[str, Any]) -> Generator[dict[str, Any], None, None]:
        with context() as value:
            yield {keyword: value, **kwargs} if keyword else kwargs

    for kind, wrap in (
        (inspect.iscoroutinefunction, _coroutine),
        (inspect.isasyncgenfunction, _async_generator),
        (inspect.isgeneratorfunction, _generator),
    ):
        if kind(function):
            return wrap(function, enter)
    return _call(function, enter)


def _coroutine(function: Callable[..., Any], enter: Enter) -> Callable[..., Any]:
    @wraps(function)
    async def wrapped(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - the function's own
        with enter(kwargs) as given:
            return await function(*args, **given)

    return wrapped


def _generator(function: Callable[..., Any], enter: Enter) -> Callable[..., Any]:
    @wraps(function)
    def wrapped(*args: Any, **kwargs: Any) -> Generator[Any, Any, Any]:  # noqa: ANN401 - the function's own
        with enter(kwargs) as given:
            return (yield from cast("Generator[Any, Any, Any]", function(*args, **given)))

    return wrapped


def _async_generator(function: Callable[..., Any], enter: Enter) -> Callable[..., Any]:
    @wraps(function)
    async def wrapped(*args: Any, **kwargs: Any) -> AsyncGenerator[Any, Any]:  # noqa: ANN401 - the function's own
        with enter(kwargs) as given:
            inner = cast("AsyncGenerator[Any, Any]", function(*args, **given))
            # What `yield from` is to a generator, as far as a fixture or a context manager needs it.
            try:
                item = await anext(inner)
                while True:
                    try:
                        sent = yield item
                    except GeneratorExit:
                        await inner.aclose()
                        raise
                    except BaseException as error:  # noqa: BLE001 - the generator's own to handle
                        item = await inner.athrow(error)
                    else:
                        item = await inner.asend(sent)
            except StopAsyncIteration:
                return

    return wrapped


def _call(function: Callable[..., Any], enter: Enter) -> Callable[..., Any]:
    @wraps(function)
    def wrapped(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - the function's own
        frame = inspect.currentframe()
        if frame and frame.f_back and frame.f_back.f_globals.get("__name__") == _FIXTURES:
            raise DecoratedError(
                f"{_name(function)} is a pytest fixture that returns, so mock_alicloud would end before the test. "
                "Fix: write yield in place of return"
            )
        with enter(kwargs) as given:
            result = function(*args, **given)
        later = inspect.iscoroutine(result) or inspect.isgenerator(result)
        if later or inspect.isasyncgen(result):
            if later:
                cast("Any", result).close()
            raise DecoratedError(
                f"{_name(function)} gave a {type(result).__name__}, which would run after mock_alicloud has ended. "
                "Fix: decorate the async or generator function itself"
            )
        return result

    return wrapped


def _class(target: type[Any], context: ContextFactory, keyword: str) -> type[Any]:
    case = issubclass(target, unittest.TestCase)
    outside = [name for name in (_CLASS_HOOKS if case else _HOOKS) if _own(target, name)]
    outside += [name for name in dir(target) if _is_fixture(inspect.getattr_static(target, name))]
    if outside:
        raise DecoratedError(
            f"mock_alicloud decorates {target.__qualname__}, whose {outside[0]} would run outside of it. {_FIX}"
        )
    tests = [name for name in dir(target) if name.startswith("test") and callable(getattr(target, name))]
    nested = [one for name, one in vars(target).items() if isinstance(one, type) and name.startswith("Test")]
    for one in nested:
        _class(one, context, keyword)
    if not tests and not nested:
        raise DecoratedError(
            f"mock_alicloud decorates {target.__qualname__}, which has no method whose name begins with test. {_FIX}"
        )
    if case:
        _set_up(target, context)
    _wrap_tests(target, tests, context, keyword, case=case)
    _extended(target, context, keyword, case=case)
    return target


def _wrap_tests(target: type[Any], tests: Iterable[str], context: ContextFactory, keyword: str, *, case: bool) -> None:
    originals: dict[str, Any] = {}
    for name in tests:
        method = originals[name] = _original(target, name)
        setattr(target, name, _case_method(method, keyword) if case else decorated(method, context, keyword))
    setattr(target, _ORIGINALS, originals)


def _original(target: type[Any], name: str) -> Any:  # noqa: ANN401 - a method
    """A method as it was before a class that has it was decorated: the decorator of the class itself counts."""
    home = next(base for base in target.__mro__ if name in vars(base))
    return vars(home).get(_ORIGINALS, {}).get(name, vars(home)[name])


def _extended(target: type[Any], context: ContextFactory, keyword: str, *, case: bool) -> None:
    """Have the tests that classes which extend this one define run inside, too."""
    before = target.__init_subclass__

    def init_subclass(cls: type[Any], **kwargs: Any) -> None:  # noqa: ANN401 - the class's own
        before(**kwargs)
        hooks = [name for name in (_CLASS_HOOKS if case else _HOOKS) if name in vars(cls)]
        if hooks:
            raise DecoratedError(
                f"{cls.__qualname__} extends a class that mock_alicloud decorates, and its {hooks[0]} would run "
                f"outside of it. {_FIX}"
            )
        if case and "setUp" in vars(cls):
            _set_up(cls, context)
        own = [name for name, one in vars(cls).items() if name.startswith("test") and not isinstance(one, type)]
        _wrap_tests(cls, own, context, keyword, case=case)

    setattr(target, "__init_subclass__", classmethod(init_subclass))  # noqa: B010 - a hook of types


def _own(target: type[Any], name: str) -> bool:
    """True if a class, or one that it extends, defines a hook; those of unittest do nothing."""
    return any(name in vars(base) for base in target.__mro__ if base.__module__.partition(".")[0] != "unittest")


_VALUE = "_alicloud_fakes_value"


def _set_up(target: type[Any], context: ContextFactory) -> None:
    before = target.setUp

    @wraps(before)
    def set_up(self: Any) -> None:  # noqa: ANN401 - a test case
        if getattr(self, _VALUE, None) is None:  # a class that extends a decorated one calls the setUp of both
            setattr(self, _VALUE, self.enterContext(context()))
            self.addCleanup(setattr, self, _VALUE, None)
        before(self)

    target.setUp = set_up


def _case_method(method: Any, keyword: str) -> Any:  # noqa: ANN401 - a method of a test case
    if not inspect.isfunction(method) or keyword not in inspect.signature(method).parameters:
        return method
    if inspect.iscoroutinefunction(method):

        @wraps(method)
        async def coroutine(self: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - the method's own
            return await method(self, **{keyword: getattr(self, _VALUE), **kwargs})

        return coroutine

    @wraps(method)
    def call(self: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - the method's own
        return method(self, **{keyword: getattr(self, _VALUE), **kwargs})

    return call

"""A context manager as a decorator of tests of each form: functions, classes, generators, async or not.

What cannot be wrapped so that all of it runs inside of the context is refused when it is decorated: a test that runs
after the fake has ended would look for the real cloud.
"""

from __future__ import annotations

import inspect
import types
import unittest
from collections.abc import AsyncGenerator, Callable, Generator, Iterable
from contextlib import AbstractAsyncContextManager, AbstractContextManager, contextmanager
from functools import partial, wraps
from typing import Any, TypeAlias, cast

from ram_policies.error_kinds import with_code

ContextFactory: TypeAlias = Callable[[], AbstractContextManager[Any]]
Enter: TypeAlias = Callable[[dict[str, Any]], AbstractContextManager[dict[str, Any]]]
# Hooks of a plain class that pytest runs outside of its test methods.
_HOOKS = ("setup", "setup_method", "setup_class", "teardown", "teardown_method", "teardown_class")
_CLASS_HOOKS = ("setUpClass", "tearDownClass")
_FIXTURES = "_pytest.fixtures"
_TESTS = ("_pytest.python", "_pytest.runner")
# What may stand between pytest and the function that it calls.
_RUNNERS = frozenset(
    {"alicloud_fakes", "pytest_asyncio", "anyio", "asyncio", "uvloop", "pluggy", "_pytest", "functools"}
)
_ORIGINALS = "_alicloud_fakes_originals"
_DECORATED = "_alicloud_fakes_decorated"
_HOOK = "_alicloud_fakes_init_subclass"
_SETS_UP = "_alicloud_fakes_sets_up"
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

    # Of an object that can be called, the method that runs says how it runs.
    runs = function if _is_plain(function) else type(function).__call__
    for kind, wrap in (
        (inspect.iscoroutinefunction, _coroutine),
        (inspect.isasyncgenfunction, _async_generator),
        (inspect.isgeneratorfunction, _generator),
    ):
        if kind(runs):
            return wrap(function, enter)
    return _call(function, enter)


def _is_plain(function: object) -> bool:
    return inspect.isroutine(function) or isinstance(function, partial)


def _refuse_fixture(function: Callable[..., Any]) -> None:
    """Refuse to run as a pytest fixture that returns: what calls is pytest, or a plugin for async ones.

    Raises:
        DecoratedError: pytest asks for a fixture.
    """
    frame = inspect.currentframe()
    while frame is not None:
        module = str(frame.f_globals.get("__name__"))
        if module == _FIXTURES:
            raise DecoratedError(
                f"{_name(function)} is a pytest fixture that returns, so mock_alicloud would end before the test. "
                "Fix: write yield in place of return"
            )
        if module.partition(".")[0] not in _RUNNERS or module in _TESTS:
            return
        frame = frame.f_back


def _coroutine(function: Callable[..., Any], enter: Enter) -> Callable[..., Any]:
    @wraps(function)
    async def wrapped(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - the function's own
        _refuse_fixture(function)
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
        _refuse_fixture(function)
        with enter(kwargs) as given:
            result = function(*args, **given)
        if _runs_later(result):
            for end in ("close", "cancel"):
                getattr(result, end, lambda: None)()
            raise DecoratedError(
                f"{_name(function)} gave a {type(result).__name__}, which would run after mock_alicloud has ended. "
                "Fix: decorate the async or generator function itself, below decorators such as @contextmanager"
            )
        return result

    return wrapped


def _runs_later(result: object) -> bool:
    if inspect.isgenerator(result) or inspect.isasyncgen(result) or inspect.isawaitable(result):
        return True
    if isinstance(result, map | filter):
        return True
    # What @contextmanager makes of a generator; a context manager of another kind is a value like any other.
    entered = isinstance(result, AbstractContextManager | AbstractAsyncContextManager)
    return entered and type(cast("object", result)).__module__ == "contextlib"


def _class(target: type[Any], context: ContextFactory, keyword: str, *, nested: bool = False) -> type[Any]:
    if vars(target).get(_DECORATED):
        if nested:
            return target  # its own decorator counts
        raise DecoratedError(f"mock_alicloud decorates {target.__qualname__} twice. Fix: keep one of them")
    case = issubclass(target, unittest.TestCase)
    _refuse_outside(target, case=case)
    tests, inside = _tests(target, case=case), _nested(target, inherited=True)
    if not tests and not inside and not nested:
        raise DecoratedError(
            f"mock_alicloud decorates {target.__qualname__}, which has no method whose name begins with test. {_FIX}"
        )
    setattr(target, _DECORATED, not nested)
    _wrap_nested(target, inside, context, keyword)
    if case:
        _set_up(target, context)
    _wrap_tests(target, tests, context, keyword, case=case)
    _extended(target, context, keyword, case=case)
    return target


def _refuse_outside(target: type[Any], *, case: bool, how: str = "") -> None:
    """Refuse a class with a part that would run outside of the context."""
    outside = [name for name in (_CLASS_HOOKS if case else _HOOKS) if _own(target, name)]
    outside += [name for name in dir(target) if _is_fixture(inspect.getattr_static(target, name, None))]
    if outside:
        raise DecoratedError(
            f"mock_alicloud decorates {how}{target.__qualname__}, and its {outside[0]} would run outside. {_FIX}"
        )


def _tests(target: type[Any], *, case: bool) -> list[str]:
    """Names of the methods that are tests, for pytest and for unittest."""
    names = [name for name in dir(target) if name.startswith("test") or (case and name == "runTest")]
    found = {name: inspect.getattr_static(target, name) for name in names}
    return [name for name, one in found.items() if not isinstance(one, type) and callable(getattr(target, name))]


def _nested(target: type[Any], *, inherited: bool) -> dict[str, type[Any]]:
    """Classes inside of a class in which pytest looks for tests."""
    names = dir(target) if inherited else vars(target)
    found = {name: inspect.getattr_static(target, name) for name in names if name.startswith("Test")}
    return {name: one for name, one in found.items() if isinstance(one, type) and getattr(one, "__test__", True)}


def _wrap_nested(target: type[Any], inside: dict[str, type[Any]], context: ContextFactory, keyword: str) -> None:
    for name, one in inside.items():
        own = one
        if one.__qualname__ != f"{target.__qualname__}.{name}":
            # Inherited, or made elsewhere: it stays as it is there.
            own = types.new_class(name, (one,), exec_body=lambda space: space.update(__module__=target.__module__))
            own.__qualname__ = f"{target.__qualname__}.{name}"
            setattr(target, name, own)
        _class(own, context, keyword, nested=True)


def _wrap_tests(target: type[Any], tests: Iterable[str], context: ContextFactory, keyword: str, *, case: bool) -> None:
    originals: dict[str, Any] = {}
    for name in tests:
        method = originals[name] = _original(target, name)
        setattr(target, name, _case_method(method, keyword) if case else decorated(method, context, keyword))
    setattr(target, _ORIGINALS, originals)


def _original(target: type[Any], name: str) -> Any:  # noqa: ANN401 - a method
    """A method as it was before a class that has it was decorated: the decorator of the class itself counts."""
    home = _home(target, name)
    return vars(home).get(_ORIGINALS, {}).get(name, vars(home)[name])


def _home(target: type[Any], name: str) -> type[Any]:
    return next(base for base in target.__mro__ if name in vars(base))


def _extended(target: type[Any], context: ContextFactory, keyword: str, *, case: bool) -> None:
    """Have the tests of classes which extend this one run inside, too."""
    own = vars(target).get(_HOOK, vars(target).get("__init_subclass__"))
    setattr(target, _HOOK, own)

    def init_subclass(cls: type[Any], **kwargs: Any) -> None:  # noqa: ANN401 - the class's own
        before = super(target, cls).__init_subclass__ if own is None else own.__get__(None, cls)
        before(**kwargs)
        if issubclass(cls, unittest.TestCase) and not case:
            raise DecoratedError(
                f"{cls.__qualname__} is a unittest.TestCase and extends {target.__qualname__}, which mock_alicloud "
                "decorates and which is none. Fix: decorate the test case, and not what it extends"
            )
        _refuse_outside(cls, case=case, how="a class that is extended by ")
        if case and ("setUp" in vars(cls) or not hasattr(cls.setUp, _SETS_UP)):
            _set_up(cls, context)
        _wrap_nested(cls, _nested(cls, inherited=False), context, keyword)
        homes = {name: _home(cls, name) for name in _tests(cls, case=case)}
        fresh = [name for name, home in homes.items() if home is cls or name not in vars(home).get(_ORIGINALS, {})]
        _wrap_tests(cls, fresh, context, keyword, case=case)

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

    vars(set_up)[_SETS_UP] = True
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

"""Running a program under mocks, from its first line to the last output that it waits for."""

# ruff: noqa: ANN401 - the messages of Pulumi's protocol carry no types
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

import asyncio
import contextvars
import json
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import grpc
import pulumi
from google.protobuf import empty_pb2
from pulumi.runtime import mocks as pulumi_mocks
from pulumi.runtime import rpc, set_all_config
from pulumi.runtime.settings import configure, set_root_resource
from pulumi.runtime.stack import run_in_stack

from pulumi_alicloud_delegation.testing.cloud_mocks import MakeMocks, default_mocks
from pulumi_alicloud_delegation.testing.references import StackReferences
from pulumi_alicloud_delegation.testing.registrations import UNKNOWN, FunctionCall, Recording, Registration, Run, Runs

if TYPE_CHECKING:
    from alicloud_fakes import Cloud

Program = Callable[[], Awaitable[None] | None]
_STACK = "pulumi:pulumi:Stack"


def run_program(
    program: Program,
    *,
    config: Mapping[str, object] | None = None,
    secret_config: tuple[str, ...] = (),
    accounts: Mapping[str, str] | None = None,
    cloud: Cloud | None = None,
    mocks: MakeMocks | None = None,
    stacks: Mapping[str, Mapping[str, object]] | None = None,
    project: str = "project",
    stack: str = "test",
) -> Runs:
    """Run a program as a preview and as an update.

    Args:
        program: what a `__main__.py` does, as a function. It must not rely on being run once.
        config: stack configuration. Keys without a namespace belong to the project; values that are not text are given
            to the program as Pulumi gives structured configuration.
        secret_config: keys of it that are secrets.
        accounts: account ID by name of a provider that is given no keys; the default provider is ``default``.
        cloud: the fake cloud that the update leaves its resources in. By default each run has a new one where the fake
            is installed; where it is not, inputs are echoed as outputs.
        mocks: what answers for the provider instead, made anew for each run.
        stacks: outputs of other stacks by their names, as the program names them in a `StackReference`.
        project: name of the project.
        stack: name of the stack.

    Raises:
        Exception: whatever the program raises.
    """
    __tracebackhide__ = True
    make = mocks or default_mocks(accounts or {}, cloud)

    def with_stacks(inner: pulumi.runtime.Mocks) -> pulumi.runtime.Mocks:
        return inner if mocks and stacks is None else StackReferences(inner, stacks or {})

    values = {_namespaced(key, project): _as_text(value) for key, value in (config or {}).items()}
    secrets = [_namespaced(key, project) for key in secret_config]

    def once(*, preview: bool) -> Run:
        recording = Recording()
        # The runtime keeps its settings in context variables and its event loop in the thread: with its own copy of the
        # one and its own other, a run leaves nothing behind, and works inside a test that is asynchronous itself.
        context = contextvars.copy_context()
        with ThreadPoolExecutor(1) as thread:
            thread.submit(
                context.run,
                _run,
                program,
                preview,
                recording,
                with_stacks(make(preview)),
                values,
                secrets,
                project,
                stack,
            ).result()
        return Run(preview, recording)

    try:
        return Runs(once(preview=True), once(preview=False))
    except Exception as error:
        if getattr(error, "__notes__", None) is None:
            raise
        # What the mocks refused: no line of the program is in its traceback, and the note says which resource it is.
        raise error.with_traceback(None) from None


def _run(
    program: Program,
    preview: bool,  # noqa: FBT001 - Pulumi's own runtime has it so
    recording: Recording,
    mocks: pulumi.runtime.Mocks,
    config: dict[str, str],
    secrets: list[str],
    project: str,
    stack: str,
) -> None:
    monitor = _Monitor(mocks, recording)
    features = set(monitor.GetDeploymentInfo(empty_pb2.Empty()).supportedFeatures)
    configure(
        pulumi_mocks.MockSettings(
            monitor=monitor,
            monitor_features=features,
            engine=_Engine(recording),
            project=project,
            stack=stack,
            dry_run=preview,
            organization="organization",  # as where the state is in a folder
            callbacks=None,
            outputs=set(),  # a run that failed leaves some behind, of a loop that is gone
        )
    )
    set_all_config(config, secrets)
    set_root_resource(cast("Any", None))
    with mocks if isinstance(mocks, AbstractContextManager) else nullcontext(), asyncio.Runner() as runner:
        # What fails is raised by the run. The futures that fail with it, because they wait for it, would each be logged
        # with a traceback of their own.
        runner.get_loop().set_exception_handler(lambda _loop, _context: None)
        runner.run(run_in_stack(cast("Any", program)))


def _namespaced(key: str, project: str) -> str:
    return key if ":" in key else f"{project}:{key}"


def _as_text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


class _Engine:
    """The engine's log."""

    def __init__(self, recording: Recording) -> None:
        self._recording = recording

    def Log(self, request: Any) -> empty_pb2.Empty:  # noqa: N802 - the name in Pulumi's protocol
        if request.severity:  # zero is for debugging
            self._recording.messages.append(str(request.message))
        return empty_pb2.Empty()


class _Monitor(pulumi_mocks.MockMonitor):
    """Pulumi's mock monitor, which also records what mocks do not see: parents, secrets, options."""

    def __init__(self, mocks: pulumi.runtime.Mocks, recording: Recording) -> None:
        super().__init__(_NotingCalls(mocks, recording))
        self._recording = recording

    def make_urn(self, parent: str, type_: str, name: str) -> str:
        """As the engine makes it, with the types of all ancestors but the stack; Pulumi's mock knows one."""
        if parent and _STACK not in parent:
            type_ = f"{parent.split('::')[2]}${type_}"
        return "::".join((f"urn:pulumi:{pulumi.get_stack()}", pulumi.get_project(), type_, name))

    def Invoke(self, request: Any) -> Any:  # noqa: N802 - the name in Pulumi's protocol
        try:
            return super().Invoke(request)
        except Exception as error:
            raise _FunctionFailed(f"{request.tok}: {error}") from error

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 - the name in Pulumi's protocol
        response: Any = super().RegisterResource(request)
        if request.type != _STACK:
            inputs, secrets = _plain(request.object)
            outputs, _ = _plain(response.object)
            self._recording.registrations[response.urn] = Registration(
                type=request.type,
                name=request.name,
                urn=response.urn,
                parent="" if _STACK in request.parent else request.parent,
                provider=_resource_name(request.provider),
                inputs=inputs,
                outputs=outputs,
                secrets=frozenset(secrets),
                secret_outputs=frozenset(request.additionalSecretOutputs),
                ignored_changes=frozenset(request.ignoreChanges),
                dependencies=frozenset(request.dependencies),
                aliases=tuple(alias.urn or alias.spec.name for alias in request.aliases),
            )
        return response

    def RegisterResourceOutputs(self, request: Any) -> Any:  # noqa: N802 - the name in Pulumi's protocol
        outputs, secrets = _plain(request.outputs)
        if _STACK in request.urn:
            self._recording.outputs.update(outputs)
            self._recording.secret_outputs.update(secrets)
        else:
            one = self._recording.registrations[request.urn]
            self._recording.registrations[request.urn] = replace(
                one, outputs=outputs, secret_outputs=one.secret_outputs | secrets
            )
        return super().RegisterResourceOutputs(request)


class _FunctionFailed(grpc.RpcError):
    """A provider function that failed, as the engine tells a program: one that catches the error goes on."""

    def code(self) -> grpc.StatusCode:
        return grpc.StatusCode.UNKNOWN

    def details(self) -> str:
        return str(self)


_ENGINE_FUNCTIONS = "pulumi:pulumi:"


class _NotingCalls(pulumi.runtime.Mocks):
    """Mocks that write calls of provider functions down."""

    def __init__(self, inner: pulumi.runtime.Mocks, recording: Recording) -> None:
        self._inner = inner
        self._recording = recording

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str | None, dict[str, object]]:
        try:
            return self._inner.new_resource(args)
        except Exception as error:
            error.add_note(f"The resource: {args.typ}, {args.name!r} in the program.")
            raise

    def call(self, args: pulumi.runtime.MockCallArgs) -> Any:
        if not args.token.startswith(_ENGINE_FUNCTIONS):
            self._recording.calls.append(FunctionCall(args.token, _resource_name(args.provider), args.args))
        return self._inner.call(args)


def _resource_name(provider: str) -> str:
    """The name in a provider reference, ``<urn>::<id>``; empty for the default provider."""
    parts = provider.split("::")
    return parts[3] if len(parts) > 4 else ""


def _plain(struct: Any) -> tuple[dict[str, object], set[str]]:
    """Properties with secrets unwrapped, and the names of those that were secret."""
    values = cast("dict[str, object]", rpc.deserialize_properties(struct, keep_unknowns=True))
    secrets = {key for key, value in values.items() if rpc.is_rpc_secret(value)}
    return {key: _without_marks(rpc.unwrap_rpc_secret(value)) for key, value in values.items()}, secrets


def _without_marks(value: object) -> object:
    if isinstance(value, dict):
        return {key: _without_marks(item) for key, item in cast("dict[str, object]", value).items()}
    if isinstance(value, list):
        return [_without_marks(item) for item in cast("list[object]", value)]
    return UNKNOWN if isinstance(value, pulumi.output.Unknown) else value

"""The plugin that the Pulumi engine starts: the provider protocol over gRPC, on the resource handlers.

The engine calls in parallel; every call is answered in a thread of its own, and the only state is the configuration.
"""

# ruff: noqa: N802, D102, ARG002 - the methods' names, meanings and parameters are the protocol's
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# gRPC ships no stubs.

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import wraps
from typing import Any, Final, NoReturn

import grpc
from google.protobuf.empty_pb2 import Empty
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc, status_pb2

from alicloud_fakes.provider import check_and_diff, handlers
from alicloud_fakes.provider.api import Api, CallRefusedError, SdkApi
from alicloud_fakes.provider.check_and_diff import Failure, Properties, PropertyValue
from alicloud_fakes.provider.functions import function
from alicloud_fakes.provider.grants import HANDLERS
from alicloud_fakes.provider.handlers import PartlyMadeError, ResourceHandler, ResourceUpdate
from alicloud_fakes.provider.property_maps import from_property_map, to_property_map
from alicloud_fakes.provider.provider_configuration import SettingsError, problems, settle
from alicloud_fakes.provider.published import published_schema
from alicloud_fakes.provider.schema import PROVIDER_VERSION, RESOURCE_TYPES

_WORKERS: Final = 32
_WATCH: Final = 1.0  # seconds between two looks at whether the engine is still there
_MESSAGE_LIMIT: Final = 400 * 1024 * 1024  # what the engine's own servers allow
_KINDS: Final = provider_pb2.PropertyDiff.Kind
_DIFF_KINDS: Final = {
    ("add", False): _KINDS.ADD, ("add", True): _KINDS.ADD_REPLACE,
    ("update", False): _KINDS.UPDATE, ("update", True): _KINDS.UPDATE_REPLACE,
    ("delete", False): _KINDS.DELETE, ("delete", True): _KINDS.DELETE_REPLACE,
}  # fmt: skip

_Context = Any  # grpc.ServicerContext


def _answering(method: Callable[[Any, Any, _Context], object]) -> Any:  # noqa: ANN401  # a method of the base class
    """Turn refusals into answers that the engine shows as they are, without a trace."""

    @wraps(method)
    def call(self: ProviderServicer, request: Any, context: _Context) -> object:  # noqa: ANN401 - any request of the protocol
        try:
            return method(self, request, context)
        except (CallRefusedError, SettingsError) as error:
            _abort(context, grpc.StatusCode.UNKNOWN, str(error))
        except PartlyMadeError as error:
            _abort_partly_made(context, error, _handler(request.urn, context), request.properties)

    return call


def _abort(context: _Context, code: grpc.StatusCode, text: str) -> NoReturn:
    context.abort(code, text)
    raise AssertionError  # abort has raised


def _abort_partly_made(context: _Context, error: PartlyMadeError, handler: ResourceHandler, inputs: Struct) -> NoReturn:
    """Tell the engine to keep the resource in its state, marked as not right."""
    made = provider_pb2.ErrorResourceInitFailed(
        id=error.identifier, properties=_outputs(handler, error.outputs), reasons=[error.reason], inputs=inputs
    )
    status = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=error.reason)
    status.details.add().Pack(made)
    context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
    _abort(context, grpc.StatusCode.UNKNOWN, error.reason)


def _outputs(handler: ResourceHandler, outputs: Properties) -> Struct:
    return to_property_map(outputs, (name for name, prop in handler.kind.properties.items() if prop.secret))


def _type_of(urn: str) -> str:
    return urn.split("::")[2].rpartition("$")[2]


def _name_of(urn: str) -> str:
    return urn.split("::", 3)[3]


def _handler(urn: str, context: _Context) -> ResourceHandler:
    """The handler of a URN's type; a type the stand-in does not serve is an error that says so."""
    token = _type_of(urn)
    handler = HANDLERS.get(token)
    if handler is None:
        served = ", ".join(sorted(each.rpartition(":")[2] for each in RESOURCE_TYPES))
        fix = "install the real pulumi-resource-alicloud for others"
        _abort(context, grpc.StatusCode.UNIMPLEMENTED, f"{token}: the stand-in provider serves {served}; {fix}")
    return handler


def _failures(found: Iterable[Failure]) -> list[provider_pb2.CheckFailure]:
    return [provider_pb2.CheckFailure(property=each.property, reason=each.reason) for each in found]


class ProviderServicer(provider_pb2_grpc.ResourceProviderServicer):
    """One provider instance. Method names and messages are those of the provider protocol (`provider.proto`)."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self._api: Api | None = None

    def _ready(self, context: _Context) -> Api:
        if self._api is None:
            _abort(context, grpc.StatusCode.FAILED_PRECONDITION, "the provider is not configured yet")
        return self._api

    def GetPluginInfo(self, request: Empty, context: _Context) -> plugin_pb2.PluginInfo:
        return plugin_pb2.PluginInfo(version=PROVIDER_VERSION)

    def GetSchema(
        self,
        request: provider_pb2.GetSchemaRequest,
        context: _Context,
    ) -> provider_pb2.GetSchemaResponse:
        return provider_pb2.GetSchemaResponse(schema=json.dumps(published_schema()))

    def Cancel(self, request: Empty, context: _Context) -> Empty:
        return Empty()

    def CheckConfig(self, request: provider_pb2.CheckRequest, context: _Context) -> provider_pb2.CheckResponse:
        found = problems(from_property_map(request.news), self._environment)
        return provider_pb2.CheckResponse(inputs=request.news, failures=_failures(found))

    def DiffConfig(self, request: provider_pb2.DiffRequest, context: _Context) -> provider_pb2.DiffResponse:
        old, new = from_property_map(request.olds), from_property_map(request.news)
        changed = sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))
        kind = provider_pb2.DiffResponse.DIFF_SOME if changed else provider_pb2.DiffResponse.DIFF_NONE
        return provider_pb2.DiffResponse(changes=kind, diffs=changed)

    @_answering
    def Configure(self, request: provider_pb2.ConfigureRequest, context: _Context) -> provider_pb2.ConfigureResponse:
        values: dict[str, PropertyValue] = {key.rpartition(":")[2]: value for key, value in request.variables.items()}
        self._api = SdkApi(settle(values, self._environment), self._environment)
        # Like the real provider, secrets are left to the engine: it marks outputs that were secret inputs.
        return provider_pb2.ConfigureResponse(acceptSecrets=False, supportsPreview=True)

    @_answering
    def Check(self, request: provider_pb2.CheckRequest, context: _Context) -> provider_pb2.CheckResponse:
        kind = _handler(request.urn, context).kind
        old, new = from_property_map(request.olds), from_property_map(request.news)
        checked, failures = check_and_diff.check_inputs(kind, new, _name_of(request.urn), request.randomSeed)
        if kind.auto_name and not any(name in new for name in kind.names) and kind.auto_name in old:
            checked[kind.auto_name] = old[kind.auto_name]
        return provider_pb2.CheckResponse(inputs=to_property_map(checked), failures=_failures(failures))

    @_answering
    def Diff(self, request: provider_pb2.DiffRequest, context: _Context) -> provider_pb2.DiffResponse:
        kind = _handler(request.urn, context).kind
        found = check_and_diff.diff_properties(
            kind, from_property_map(request.olds), from_property_map(request.news), request.ignoreChanges
        )
        return provider_pb2.DiffResponse(
            changes=provider_pb2.DiffResponse.DIFF_SOME if found.changed else provider_pb2.DiffResponse.DIFF_NONE,
            replaces=found.replaces,
            diffs=list(found.changed),
            detailedDiff={
                name: provider_pb2.PropertyDiff(kind=_DIFF_KINDS[how, name in found.replaces])
                for name, how in found.changed.items()
            },
            hasDetailedDiff=True,
        )

    @_answering
    def Create(self, request: provider_pb2.CreateRequest, context: _Context) -> provider_pb2.CreateResponse:
        handler, inputs = _handler(request.urn, context), from_property_map(request.properties)
        if request.preview:
            return provider_pb2.CreateResponse(
                properties=to_property_map(check_and_diff.planned(handler.kind, {}, inputs))
            )
        identifier, outputs = handlers.create(handler, self._ready(context), inputs)
        return provider_pb2.CreateResponse(id=identifier, properties=_outputs(handler, outputs))

    @_answering
    def Read(self, request: provider_pb2.ReadRequest, context: _Context) -> provider_pb2.ReadResponse:
        handler, state, inputs = (
            _handler(request.urn, context),
            from_property_map(request.properties),
            from_property_map(request.inputs),
        )
        found = handlers.read_outputs(handler, self._ready(context), request.id, state)
        if found is None:
            return provider_pb2.ReadResponse()
        read = check_and_diff.inputs_from_outputs(handler.kind, inputs, found)
        return provider_pb2.ReadResponse(
            id=request.id, properties=_outputs(handler, found), inputs=to_property_map(read)
        )

    @_answering
    def Update(self, request: provider_pb2.UpdateRequest, context: _Context) -> provider_pb2.UpdateResponse:
        handler, state, wanted = (
            _handler(request.urn, context),
            from_property_map(request.olds),
            from_property_map(request.news),
        )
        if request.preview:
            planned = check_and_diff.planned(handler.kind, state, wanted)
            return provider_pb2.UpdateResponse(properties=_outputs(handler, planned))
        changed = check_and_diff.diff_properties(handler.kind, state, wanted, request.ignoreChanges).changed
        outputs = handlers.update(handler, self._ready(context), ResourceUpdate(request.id, state, wanted, changed))
        return provider_pb2.UpdateResponse(properties=_outputs(handler, outputs))

    @_answering
    def Delete(self, request: provider_pb2.DeleteRequest, context: _Context) -> Empty:
        handler = _handler(request.urn, context)
        handler.delete(self._ready(context), request.id, from_property_map(request.properties))
        return Empty()

    @_answering
    def Invoke(self, request: provider_pb2.InvokeRequest, context: _Context) -> provider_pb2.InvokeResponse:
        try:
            asked = function(request.tok)
        except ValueError as error:
            _abort(context, grpc.StatusCode.UNIMPLEMENTED, str(error))
        reply = provider_pb2.InvokeResponse()
        getattr(reply, "return").CopyFrom(to_property_map(asked(self._ready(context), from_property_map(request.args))))
        return reply


def serve_provider() -> None:
    """Serve the provider on a free loopback port, until the engine ends. It finds the port by what is printed."""
    engine = os.getppid()
    options = [("grpc.max_receive_message_length", _MESSAGE_LIMIT), ("grpc.max_send_message_length", _MESSAGE_LIMIT)]
    server = grpc.server(ThreadPoolExecutor(_WORKERS), options=options)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(ProviderServicer(os.environ), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    while server.wait_for_termination(_WATCH):
        # An engine that is killed stops nobody; whoever outlives it is handed to another parent.
        if os.getppid() != engine:
            server.stop(0)

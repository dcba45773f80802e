"""Testing rules and packs, ours and yours.

A rule is a function, so a test calls it:

    >>> from ram_guardrails_pack.testing import UNKNOWN, check, provider, role
    >>> from ram_policies.guardrails.rulebook import find_rule
    >>> a = provider("11223344")
    >>> [v.unknown for v in check(find_rule("trust-without-proof"), role("ops", trust=UNKNOWN, provider=a))]
    [True]

A pack is a process that the engine talks to. `RunningPack` starts one and says to it what the engine would say, with
the engine's own marks of unknown values; it takes packs in any language:

    with RunningPack(["policies/__main__.py"]) as pack:
        assert pack.preview(role("ops", trust=UNKNOWN, provider=a)).violated("trust-without-proof")
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self, cast

import grpc
from google.protobuf import json_format
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime import proto
from pulumi.runtime.proto import analyzer_pb2_grpc
from pulumi.runtime.rpc import UNKNOWN as UNKNOWN_ON_THE_WIRE

from ram_policies.build import document, trust
from ram_policies.conditions import UNKNOWN, Unknown
from ram_policies.document import Document, DocumentKind, Statement
from ram_policies.guardrails.rule_model import Outside, Rule, Violation
from ram_policies.stack.assembly import ATTACHMENTS, GROUP, KEY, LOGIN, MEMBER, POLICY, ROLE, USER, build_stack
from ram_policies.stack.facts import ProviderInstance, ResourceFacts, Value
from ram_policies.stack.views import HolderKind

__all__ = [
    "UNKNOWN",
    "Diagnostic",
    "Report",
    "RunningPack",
    "access_key",
    "attach",
    "check",
    "group",
    "login",
    "member",
    "policy",
    "provider",
    "resource",
    "role",
    "trust_document",
    "user",
]

_STACK = "urn:pulumi:test::test::"
_ATTACHMENT_TYPES = {holder: (kind, name) for kind, (holder, name, _) in ATTACHMENTS.items()}
_START_SECONDS = 60
_FIXED = datetime(2026, 1, 1, tzinfo=UTC)
Text = str | Unknown
DocumentValue = Document | str | Unknown


def provider(account: Text = UNKNOWN, name: str = "provider") -> ProviderInstance:
    """A provider instance; its account is not known unless it is given."""
    urn = f"{_STACK}pulumi:providers:alicloud::{name}-{account if isinstance(account, str) else 'unknown'}"
    return ProviderInstance(urn, {"accountId": account})


def resource(
    kind: str,
    name: str,
    properties: Mapping[str, Value],
    provider: ProviderInstance | None = None,
    depends_on: Mapping[str, Sequence[ResourceFacts]] | None = None,
) -> ResourceFacts:
    """Any resource.

    Args:
        kind: type token, ``alicloud:ram/role:Role``.
        name: the name the program gives it.
        properties: as the schema of the provider writes them; UNKNOWN for what is not known at preview.
        provider: the provider instance.
        depends_on: for a property, the resources that its value comes from.
    """
    origins = {key: [other.urn for other in others] for key, others in (depends_on or {}).items()}
    return ResourceFacts(f"{_STACK}{kind}::{name}", kind, properties, provider, origins)


def role(
    name: str,
    trust: DocumentValue,
    provider: ProviderInstance | None = None,
    *,
    role_name: Text | None = None,
    **more: Value,
) -> ResourceFacts:
    """A role; its name in RAM is the name of the resource unless another one is given."""
    named = name if role_name is None else role_name
    return resource(ROLE, name, {"roleName": named, "assumeRolePolicyDocument": _text(trust), **more}, provider)


def policy(
    name: str, document: DocumentValue, provider: ProviderInstance | None = None, *, policy_name: Text | None = None
) -> ResourceFacts:
    """A custom policy."""
    named = name if policy_name is None else policy_name
    return resource(POLICY, name, {"policyName": named, "policyDocument": _text(document)}, provider)


def attach(to: ResourceFacts, what: ResourceFacts | str) -> ResourceFacts:
    """A custom policy of the stack, or a system policy by name, attached to a role, user or group of the stack."""
    holder = {ROLE: HolderKind.ROLE, USER: HolderKind.USER, GROUP: HolderKind.GROUP}[to.type]
    kind, holder_field = _ATTACHMENT_TYPES[holder]
    custom = isinstance(what, ResourceFacts)
    name = (what.text("policyName") if custom else what) or UNKNOWN
    properties: dict[str, Value] = {
        holder_field: to.text("roleName", "groupName", "name"),
        "policyName": name,
        "policyType": "Custom" if custom else "System",
    }
    depends_on = {holder_field: [to], **({"policyName": [what]} if custom else {})}
    return resource(kind, f"{to.name}-{what.name if custom else what}", properties, to.provider, depends_on)


def group(name: str, provider: ProviderInstance | None = None) -> ResourceFacts:
    """A group."""
    return resource(GROUP, name, {"groupName": name}, provider)


def user(name: str, provider: ProviderInstance | None = None) -> ResourceFacts:
    """A user."""
    return resource(USER, name, {"name": name}, provider)


def member(group: ResourceFacts, user: ResourceFacts) -> ResourceFacts:
    """A user in a group."""
    properties = {"groupName": group.text("groupName"), "userName": user.text("name")}
    depends_on = {"groupName": [group], "userName": [user]}
    return resource(MEMBER, f"{group.name}-{user.name}", properties, group.provider, depends_on)


def login(user: ResourceFacts, *, mfa: bool | Unknown | None = None) -> ResourceFacts:
    """A password for the console; `mfa` is whether it needs MFA, None when the program does not say."""
    properties: dict[str, Value] = {"userName": user.text("name"), "mfaBindRequired": mfa, "password": UNKNOWN}
    return resource(LOGIN, f"{user.name}-login", properties, user.provider, {"userName": [user]})


def access_key(user: ResourceFacts) -> ResourceFacts:
    """An access key."""
    return resource(KEY, f"{user.name}-key", {"userName": user.text("name")}, user.provider, {"userName": [user]})


def trust_document(*statements: Statement) -> Document:
    """A trust policy; `ram_policies.build.trust` makes the statements."""
    return document(*(statements or (trust("acs:ram::12345678:root"),)), kind=DocumentKind.TRUST)


def _text(value: DocumentValue) -> Text:
    return value.to_json() if isinstance(value, Document) else value


def check(
    rule: Rule[Any],
    *resources: ResourceFacts,
    settings: Mapping[str, object] | None = None,
    now: datetime = _FIXED,
    files: Mapping[str, str] | None = None,
) -> list[Violation]:
    """Judge resources with one rule.

    Args:
        rule: the rule.
        resources: the stack.
        settings: the rule's settings, as in a configuration file.
        now: the present time, for rules that look at it.
        files: contents of the files that settings name.

    Raises:
        InvalidInputError: a setting is wrong.
    """
    given = rule.configured(settings).resolved(Outside(lambda: now, lambda path: (files or {})[path]))
    return list(rule.run(build_stack(resources, given.accounts_of_providers, reviewed_only=True), given))


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """Message of a pack: which policy, about which resource, with which enforcement level."""

    policy: str
    message: str
    urn: str
    level: str


@dataclass(frozen=True, slots=True)
class Report:
    """Everything a pack says about a stack."""

    diagnostics: tuple[Diagnostic, ...] = field(default=())

    def of(self, policy: str) -> list[Diagnostic]:
        """Messages of one policy."""
        return [d for d in self.diagnostics if d.policy == policy]

    def violated(self, policy: str) -> bool:
        """True if a policy that stops deployments is violated."""
        return any(d.level == "mandatory" for d in self.of(policy))


class RunningPack:
    """A pack in a process of its own, talked to as the engine does. Use it in a ``with`` statement."""

    def __init__(
        self, command: Sequence[str | Path], cwd: str | Path | None = None, *, operation: str = "preview"
    ) -> None:
        """Choose what to run.

        Args:
            command: an executable and its arguments; a Python file is run by this interpreter.
            cwd: where to run it.
            operation: what the pack is to think the engine does, ``preview`` or ``update``.
        """
        self._preview = operation == "preview"
        arguments = [str(word) for word in command]
        self._command = [sys.executable, "-u", *arguments] if arguments[0].endswith(".py") else arguments
        self._cwd = cwd
        self._process: subprocess.Popen[str] | None = None
        self._channel: grpc.Channel | None = None

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(  # noqa: S603 - the caller's own pack
            [*self._command, "127.0.0.1:0"],
            cwd=self._cwd,
            stdout=subprocess.PIPE,
            text=True,
        )
        line = self._process.stdout.readline() if self._process.stdout else ""
        if not line.strip().isdigit():
            self.__exit__()
            raise RuntimeError(f"{self._command[-1]} did not print its port; it printed {line!r} and ended")
        self._channel = grpc.insecure_channel(f"127.0.0.1:{line.strip()}")
        grpc.channel_ready_future(self._channel).result(timeout=_START_SECONDS)
        self._say_what_is_done()
        return self

    def __exit__(self, *_: object) -> None:
        if self._channel is not None:
            self._channel.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            if self._process.stdout:
                self._process.stdout.close()

    def _say_what_is_done(self) -> None:
        request = cast("Any", proto).AnalyzerStackConfigureRequest(dry_run=self._preview, stack="test", project="test")
        try:
            self._stub.ConfigureStack(request)
        except grpc.RpcError as error:
            if cast("Any", error).code() is not grpc.StatusCode.UNIMPLEMENTED:
                raise

    @property
    def _stub(self) -> Any:  # noqa: ANN401 - generated code
        if self._channel is None:
            raise RuntimeError("the pack is not running; use it in a with statement")
        return cast("Any", analyzer_pb2_grpc.AnalyzerStub)(self._channel)

    def policies(self) -> list[str]:
        """Names of the policies in the pack."""
        from google.protobuf.empty_pb2 import Empty  # noqa: PLC0415 - needed here only

        return [info.name for info in self._stub.GetAnalyzerInfo(Empty()).policies]

    def configure(self, config: Mapping[str, Mapping[str, object]]) -> None:
        """Set configuration: settings by the name of the policy, as in a ``--policy-pack-config`` file."""
        request = cast("Any", proto).ConfigureAnalyzerRequest()
        known = {info["name"]: info for info in self._infos()}
        for name, settings in config.items():
            properties = dict(settings)
            level = properties.pop("enforcementLevel", None)
            request.policyConfig[name].enforcementLevel = (
                known[name]["enforcementLevel"] if level is None else _level_number(str(level))
            )
            json_format.ParseDict(properties, request.policyConfig[name].properties)
        self._stub.Configure(request)

    def _infos(self) -> list[dict[str, Any]]:
        from google.protobuf.empty_pb2 import Empty  # noqa: PLC0415 - needed here only

        return [
            {"name": info.name, "enforcementLevel": info.enforcementLevel}
            for info in self._stub.GetAnalyzerInfo(Empty()).policies
        ]

    def preview(self, *resources: ResourceFacts) -> Report:
        """Messages of the pack about a stack: first about each resource, then about all together."""
        diagnostics = [d for facts in resources for d in self._analyze(facts)]
        whole = cast("Any", proto).AnalyzeStackRequest(resources=[_stack_resource(facts) for facts in resources])
        diagnostics += self._stub.AnalyzeStack(whole).diagnostics
        return Report(tuple(_diagnostics(diagnostics)))

    def before_it_is_made(self, *resources: ResourceFacts) -> Report:
        """Messages of the pack about each resource, in this order; the whole stack is never shown."""
        return Report(tuple(_diagnostics([d for facts in resources for d in self._analyze(facts)])))

    def not_applicable(self, facts: ResourceFacts) -> set[str]:
        """Names of the policies that do not judge a resource, as the pack tells the engine."""
        return {item.policy_name for item in self._stub.Analyze(_analyze_request(facts)).not_applicable}

    def _analyze(self, facts: ResourceFacts) -> Sequence[Any]:
        return self._stub.Analyze(_analyze_request(facts)).diagnostics


def _level_number(level: str) -> int:
    return cast("Any", proto).EnforcementLevel.Value(level.upper())


def _diagnostics(diagnostics: Sequence[Any]) -> Iterator[Diagnostic]:
    level = cast("Any", proto).EnforcementLevel
    for item in diagnostics:
        yield Diagnostic(item.policyName, item.message, item.urn, level.Name(item.enforcementLevel).lower())


def _analyze_request(facts: ResourceFacts) -> Any:  # noqa: ANN401 - generated code
    return cast("Any", proto).AnalyzeRequest(
        urn=facts.urn,
        type=facts.type,
        name=facts.name,
        properties=_struct(facts.properties),
        provider=_provider_message(facts.provider),
    )


def _stack_resource(facts: ResourceFacts) -> Any:  # noqa: ANN401 - generated code
    messages = cast("Any", proto)
    return messages.AnalyzerResource(
        urn=facts.urn,
        type=facts.type,
        name=facts.name,
        properties=_struct(facts.properties),
        provider=_provider_message(facts.provider),
        propertyDependencies={
            name: messages.AnalyzerPropertyDependencies(urns=urns) for name, urns in facts.depends_on.items()
        },
    )


def _provider_message(given: ProviderInstance | None) -> Any:  # noqa: ANN401 - generated code
    if given is None:
        return None
    return cast("Any", proto).AnalyzerProviderResource(
        type="pulumi:providers:alicloud",
        urn=given.urn,
        name=given.urn.rpartition("::")[2],
        properties=_struct(given.properties),
    )


def _struct(properties: Mapping[str, Value]) -> Struct:
    out = Struct()
    json_format.ParseDict(json.loads(json.dumps(properties, default=_on_the_wire)), out)
    return out


def _on_the_wire(value: object) -> str:
    if isinstance(value, Unknown):
        return UNKNOWN_ON_THE_WIRE
    raise TypeError(f"a property cannot be a {type(value).__name__}")

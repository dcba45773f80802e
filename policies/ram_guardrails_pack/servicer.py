"""The pack's answers to the engine: a resource is read once, and not once for each policy.

pulumi-policy converts the properties of each resource anew for each policy, and once more to mend it. Policies that
read facts share one conversion here; all others are left to pulumi-policy.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, cast

import grpc
from pulumi.runtime import proto as generated
from pulumi.runtime.proto import analyzer_pb2_grpc

from ram_guardrails_pack.crossguard import EnforcementLevel, Policy, ReportViolation, implementation
from ram_guardrails_pack.engine_facts import facts_of_message
from ram_guardrails_pack.operation import PHASE
from ram_guardrails_pack.policy import Config, FactsPolicy, Types
from ram_policies.stack.facts import ResourceFacts
from ram_policies.stack.type_tokens import usual_type

_VERSION: Final = "0.0.1"  # what pulumi-policy says; the engine takes the one of PulumiPolicy.yaml
_WORKERS: Final = 4
_OPTIONS: Final = (("grpc.max_receive_message_length", 400 * 1024 * 1024),)  # the resources of a stack are one message
_proto: Any = generated
_Message = Any
"""A message of the protocol: generated code without types."""

_Base: Any = analyzer_pb2_grpc.AnalyzerServicer


class Servicer(_Base):
    """Servicer of the analyzer protocol, on top of the one of pulumi-policy.

    The latter is private, for which pyproject.toml has an upper bound: its levels, settings and way of reporting are
    used here.
    """

    def __init__(self, sdk: Any, others: Any | None, policies: Sequence[Policy]) -> None:  # noqa: ANN401 - private class
        """Take over the policies that read facts.

        Args:
            sdk: servicer of pulumi-policy with all policies; it describes them.
            others: one with the policies that do not read facts, None where there are none; it judges by them.
            policies: all policies.
        """
        self._sdk, self._others, self._all = sdk, others, tuple(policies)
        self._ours = tuple(policy for policy in policies if isinstance(policy, FactsPolicy))
        mending_nothing = [_not_applicable(policy, "Mends no resources") for policy in policies]
        self._mending_nothing = _proto.RemediateResponse(not_applicable=mending_nothing)
        self._begun = False
        self._read_levels()

    def GetAnalyzerInfo(self, request: _Message, context: object) -> _Message:  # noqa: N802 - of the protocol
        """The pack and its policies."""
        return self._sdk.GetAnalyzerInfo(request, context)

    def GetPluginInfo(self, request: _Message, context: object) -> _Message:  # noqa: N802 - of the protocol
        """The version of pulumi-policy."""
        return self._sdk.GetPluginInfo(request, context)

    def Configure(self, request: _Message, context: object) -> _Message:  # noqa: N802 - of the protocol
        """Take levels and settings of the policies."""
        self._begun = False
        if self._others is not None:
            self._others.Configure(request, context)
        answer = self._sdk.Configure(request, context)
        self._read_levels()
        return answer

    def ConfigureStack(self, request: _Message, context: object) -> _Message:  # noqa: N802 - of the protocol
        """Take the phase, which pulumi-policy drops, and the tags of the stack."""
        PHASE.say(preview=bool(request.dry_run))
        if self._others is not None:
            self._others.ConfigureStack(request, context)
        return self._sdk.ConfigureStack(request, context)

    def Remediate(self, request: _Message, context: object) -> _Message:  # noqa: N802 - of the protocol
        """Mend a resource, if a policy has the level for it."""
        return self._sdk.Remediate(request, context) if self._mends else self._mending_nothing

    def Analyze(self, request: _Message, context: object) -> _Message:  # noqa: N802 - of the protocol
        """Judge a resource."""
        response = _proto.AnalyzeResponse() if self._others is None else self._others.Analyze(request, context)
        if not self._begun:
            self._begun = True
            for policy in self._enabled:
                policy.first(request.urn, self._config(policy))
        facts: ResourceFacts | None = None
        kind = usual_type(request.type)
        for policy in self._enabled:
            if policy.on_resource is None:
                continue
            if policy.on_resource.types(kind):
                facts = facts or facts_of_message(request)
                policy.on_resource.judge(facts, self._config(policy), self._report(response, policy))
            else:
                # The engine lists every other policy as passed, in an event for each resource.
                response.not_applicable.append(_not_applicable(policy, "Does not look at this type of resource"))
        return response

    def AnalyzeStack(self, request: _Message, context: object) -> _Message:  # noqa: N802 - of the protocol
        """Judge all resources together."""
        response = _proto.AnalyzeResponse() if self._others is None else self._others.AnalyzeStack(request, context)
        resources = _Resources(request.resources)
        for policy in self._enabled:
            if policy.on_stack is not None:
                seen = resources.of(policy.on_stack.types)
                policy.on_stack.judge(seen, self._config(policy), self._report(response, policy))
        return response

    def _read_levels(self) -> None:
        self._mends = any(self._level(policy) is EnforcementLevel.REMEDIATE for policy in self._all)
        self._enabled = [policy for policy in self._ours if self._level(policy) is not EnforcementLevel.DISABLED]

    def _level(self, policy: Policy) -> EnforcementLevel:
        return self._sdk._get_enforcement_level(policy)

    def _config(self, policy: Policy) -> Config:
        return self._sdk._get_policy_config(policy.name) or {}

    def _report(self, response: _Message, policy: Policy) -> ReportViolation:
        level = self._level(policy)
        # What was to be mended and is still wrong stops the deployment.
        level = EnforcementLevel.MANDATORY if level is EnforcementLevel.REMEDIATE else level
        return self._sdk._create_report_violation(response, policy.name, policy.description, level, policy.severity)


def _not_applicable(policy: Policy, reason: str) -> _Message:
    return _proto.PolicyNotApplicable(policy_name=policy.name, reason=reason)


def servicer(name: str, policies: list[Policy], about: Mapping[str, Any]) -> Servicer | None:
    """The servicer of a pack; None where this pulumi-policy lacks the parts that it needs.

    Args:
        name: the pack.
        policies: its policies.
        about: more about the pack, as `pulumi_policy.PolicyPack` takes it.
    """
    kind: Any = getattr(implementation, "_PolicyAnalyzerServicer", None)
    if kind is None:
        return None

    def of(some: list[Policy]) -> Any:  # noqa: ANN401 - private class
        return kind(name, _VERSION, some, EnforcementLevel.ADVISORY, **about)

    others = [policy for policy in policies if not isinstance(policy, FactsPolicy)]
    return Servicer(of(policies), of(others) if others else None, policies)


def serve_analyzer(servicer: Servicer, once_serving: Callable[[], object] = lambda: None) -> None:
    """Serve on a port of loopback, which the engine reads from the first line, until this process is ended.

    Args:
        servicer: the pack.
        once_serving: called in this thread when the engine has been given the port.
    """
    server = grpc.server(ThreadPoolExecutor(max_workers=_WORKERS), options=_OPTIONS)
    analyzer_pb2_grpc.add_AnalyzerServicer_to_server(servicer, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    once_serving()
    with contextlib.suppress(KeyboardInterrupt):
        server.wait_for_termination()


class _Resources:
    """The resources of a stack, each converted once, when the first policy looks at its type."""

    def __init__(self, messages: Iterable[_Message]) -> None:
        self._messages = list(messages)
        self._urns = frozenset(cast("str", message.urn) for message in self._messages)
        self._facts: dict[int, ResourceFacts] = {}
        self._seen: dict[Types, tuple[ResourceFacts, ...]] = {}

    def of(self, types: Types) -> tuple[ResourceFacts, ...]:
        """Those of some types; always the same object for the same function."""
        if types not in self._seen:
            chosen = (index for index, message in enumerate(self._messages) if types(usual_type(message.type)))
            self._seen[types] = tuple(map(self._converted, chosen))
        return self._seen[types]

    def _converted(self, index: int) -> ResourceFacts:
        if index not in self._facts:
            self._facts[index] = facts_of_message(self._messages[index], self._urns)
        return self._facts[index]

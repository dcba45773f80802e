"""Policies that judge facts: what they look at, and how pulumi-policy and the pack's own server run them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ram_guardrails_pack.crossguard import (
    Policy,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)
from ram_guardrails_pack.engine_facts import facts_of
from ram_policies.stack.facts import ResourceFacts
from ram_policies.stack.type_tokens import usual_type

Config = Mapping[str, Any]
"""Settings of a policy, as the engine sends them."""

Types = Callable[[str], object]
"""True for the type tokens of resources that are looked at."""


def _pass_by(urn: str, config: Config) -> None:
    del urn, config


@dataclass(frozen=True, slots=True)
class OnResource:
    """Judgement of each resource, before it is made or changed.

    Attributes:
        types: resources that are judged, by their type.
        judge: reports violations of one resource.
    """

    types: Types
    judge: Callable[[ResourceFacts, Config, ReportViolation], None]


@dataclass(frozen=True, slots=True)
class OnStack:
    """Judgement of all resources together.

    Attributes:
        types: resources that are looked at, by their type.
        judge: reports violations of the stack.
    """

    types: Types
    judge: Callable[[Sequence[ResourceFacts], Config, ReportViolation], None]


class FactsPolicy(Policy):
    """A policy that reads facts and never the SDK's objects.

    The pack's own server converts a resource once for all of these; pulumi-policy does it for each.

    Attributes:
        on_resource: how single resources are judged; None when they are not.
        on_stack: how the stack is judged; None when it is not.
        first: called with the URN of the first resource of an operation, and the settings, before anything is changed.
    """

    on_resource: OnResource | None
    on_stack: OnStack | None
    first: Callable[[str, Config], None]

    def has_validation(self) -> bool:
        """Always true: the policy judges resources."""
        return True

    def has_remediation(self) -> bool:
        """Always false: the policy mends no resources."""
        return False

    def validate(self, args: Any, report_violation: ReportViolation) -> None:  # noqa: ANN401 - of either kind
        """Judge a resource, or the stack, in the objects of pulumi-policy."""
        config = args.get_config()
        if isinstance(args, StackValidationArgs):
            if self.on_stack is not None:
                found = tuple(
                    facts_of(one) for one in args.resources if self.on_stack.types(usual_type(one.resource_type))
                )
                self.on_stack.judge(found, config, report_violation)
        elif isinstance(args, ResourceValidationArgs):
            self.first(args.urn, config)
            if self.on_resource is not None and self.on_resource.types(usual_type(args.resource_type)):
                self.on_resource.judge(facts_of(args), config, report_violation)


class _ResourcePolicy(FactsPolicy, ResourceValidationPolicy):
    """A policy that is asked about each resource."""


class _StackPolicy(FactsPolicy, StackValidationPolicy):
    """A policy that is asked about the whole stack."""


class _BothTimes(FactsPolicy, ResourceValidationPolicy, StackValidationPolicy):
    """A policy that is asked about each resource and about the whole stack."""


def facts_policy(
    on_resource: OnResource | None,
    on_stack: OnStack | None,
    common: Mapping[str, Any],
    first: Callable[[str, Config], None] = _pass_by,
) -> FactsPolicy:
    """A policy of the kind that pulumi-policy asks at the right times.

    Args:
        on_resource: how single resources are judged.
        on_stack: how the stack is judged.
        common: arguments of `pulumi_policy.Policy`: name, description, level and more.
        first: called with the URN of the first resource of an operation.
    """
    kinds = {(True, False): _ResourcePolicy, (False, True): _StackPolicy, (True, True): _BothTimes}
    policy = object.__new__(kinds[on_resource is not None, on_stack is not None])
    # The SDK's initialisers want a function of their own kind, and each would call the other one's.
    Policy.__init__(policy, **common)
    policy.on_resource, policy.on_stack, policy.first = on_resource, on_stack, first
    return policy

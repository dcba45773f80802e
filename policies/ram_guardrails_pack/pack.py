"""The policy pack: the rules as policies of Pulumi CrossGuard. The only module that knows pulumi-policy.

``pulumi preview --policy-pack FILE`` starts an executable file as it is, so no language host is needed:
``pulumi-analyzer-alicloud-ram-guardrails`` of this distribution, or ``policies/__main__.py``. The folder with
``PulumiPolicy.yaml`` works where the Python language host is installed.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pulumi_policy.policy
from pulumi_policy import (
    EnforcementLevel,
    Policy,
    PolicyConfigSchema,
    PolicyPack,
    PolicyResource,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)
from pulumi_policy import Severity as PulumiSeverity
from pulumi_policy.proxy import UnknownValueError

from ram_guardrails_pack.exported import Exported
from ram_guardrails_pack.operation import PHASE, Before, Operation, nothing
from ram_policies.guardrails.model import Outside, Purpose, Rule, Settings, Violation, configured
from ram_policies.guardrails.report import NAME as NAME_OF_REPORT
from ram_policies.guardrails.report import TITLE, ReportSettings, Sources, report
from ram_policies.guardrails.rulebook import RULES
from ram_policies.stack.build import DOCUMENT_TYPES, ROLE_TYPES, TYPES, build_stack
from ram_policies.stack.coverage import coverage_of
from ram_policies.stack.facts import UNKNOWN, Provider, ResourceFacts, Value
from ram_policies.stack.views import RoleView, StackView

NAME = "alicloud-ram-guardrails"
DESCRIPTION = "Judges who gets access to what on Alibaba Cloud, before it is deployed."

OnResource = Callable[[ResourceValidationArgs, ReportViolation], None]
OnStack = Callable[[StackValidationArgs, ReportViolation], None]

_LEVELS = {Purpose.SECURITY: EnforcementLevel.MANDATORY, Purpose.HYGIENE: EnforcementLevel.ADVISORY}
# Secrets never get into a view: what no rule reads is not taken over at all.
_LEFT_OUT = {"password", "secret", "encryptedSecret", "pgpKey", "secretFile"}
_FROM_PROVIDER = ("accountId", "region")


def main() -> None:
    """Serve the pack to the engine that started this process, until it ends it."""
    outside, before = surroundings(), Exported()
    served = policies(RULES, outside, before.begin, before.text)
    serve([*served, report_policy(Sources(before.text, outside.read))])


def surroundings() -> Outside:
    """The present time, and files relative to where the engine was started."""
    return Outside(lambda: datetime.now(UTC), lambda path: Path(path).read_text("utf-8"))


def serve(served: list[Policy], name: str = NAME, description: str = DESCRIPTION) -> None:
    """Serve policies to the engine that started this process."""
    _hear_the_phase()
    # The engine waits for the port on the first line. pulumi-policy counts on `python -u` to get it out.
    sys.stdout = io.TextIOWrapper(os.fdopen(sys.stdout.fileno(), "wb", buffering=0), write_through=True)
    PolicyPack(name, served, description=description, provider="alicloud", display_name="Alibaba Cloud RAM guardrails")


def _hear_the_phase() -> None:
    """Note what the engine says about the operation.

    The SDK's servicer is told whether it is a preview, and drops it. It is private to pulumi-policy, for which
    pyproject.toml has an upper bound; where it is gone, every operation counts as an update.
    """
    servicer: Any = getattr(pulumi_policy.policy, "_PolicyAnalyzerServicer", None)
    hear = getattr(servicer, "ConfigureStack", None)
    if hear is None:
        return

    def configure_stack(self: object, request: Any, context: object) -> object:  # noqa: ANN401 - generated code
        PHASE.say(preview=bool(request.dry_run))
        return hear(self, request, context)

    servicer.ConfigureStack = configure_stack


def policies(
    rules: Iterable[Rule[Any]],
    outside: Outside,
    looking_at: Callable[[str], None] = lambda _: None,
    before: Before = nothing,
) -> list[Policy]:
    """The rules as policies. Users put their own beside ours with it.

    A rule about a role or a document becomes a policy for single resources, which the engine also runs during the
    update, before the resource is made. A rule about the stack becomes one that runs at the end; a security rule among
    them also runs on each resource during an update, together with what decides about it, so that an update that
    nobody previewed is stopped before the grant is made.

    Args:
        rules: the rules.
        outside: the present time, and files that settings name.
        looking_at: told the URN of each resource that is about to be judged.
        before: the stack as it is deployed, by the URN of one of its resources.
    """
    operation = Operation(before)
    return [_policy(rule, outside, looking_at, operation) for rule in rules]


def report_policy(sources: Sources) -> Policy:
    """The stack report as a policy: an advisory that says what changes about access."""

    def validate(args: StackValidationArgs, report_violation: ReportViolation) -> None:
        settings = configured(NAME_OF_REPORT, ReportSettings, _plain(args.get_config()))
        text = report([facts_of(r) for r in args.resources if coverage_of(r.resource_type)], settings, sources)
        if text:
            report_violation(text, None)

    return StackValidationPolicy(
        NAME_OF_REPORT,
        f"{TITLE}.",
        validate,
        EnforcementLevel.ADVISORY,
        PolicyConfigSchema(schema_of(ReportSettings)),
        severity=PulumiSeverity.LOW,
    )


def _about_access(args: StackValidationArgs) -> tuple[ResourceFacts, ...]:
    return tuple(facts_of(resource) for resource in args.resources if resource.resource_type in TYPES)


class _BothTimes(ResourceValidationPolicy, StackValidationPolicy):
    """A policy that is asked about each resource and about the whole stack."""

    def __init__(self, on_resource: OnResource, on_stack: OnStack, common: Mapping[str, Any]) -> None:
        # Each of the two initialisers would call the other one's with its own arguments.
        Policy.__init__(self, **common)
        self._on_resource, self._on_stack = on_resource, on_stack

    def has_validation(self) -> bool:
        """Always true: the policy judges resources."""
        return True

    def has_remediation(self) -> bool:
        """Always false: the policy mends no resources."""
        return False

    def validate(self, args: Any, report_violation: ReportViolation) -> None:  # noqa: ANN401 - of either kind
        """Judge a resource, or the stack."""
        if isinstance(args, StackValidationArgs):
            self._on_stack(args, report_violation)
        else:
            self._on_resource(args, report_violation)


def _policy(rule: Rule[Any], outside: Outside, looking_at: Callable[[str], None], operation: Operation) -> Policy:
    settled = _settled(rule, outside)

    def validate_resource(args: ResourceValidationArgs, report: ReportViolation) -> None:
        looking_at(args.urn)
        if args.resource_type not in (ROLE_TYPES if rule.on is RoleView else DOCUMENT_TYPES):
            return
        settings = settled(args.get_config())
        stack = build_stack([facts_of(args)], settings.accounts_of_providers)
        _report(rule.run(stack, settings, final=PHASE.final), report)

    def validate_before(args: ResourceValidationArgs, report: ReportViolation) -> None:
        if not PHASE.final or args.resource_type not in TYPES:
            return  # a preview ends with the whole stack
        settings = settled(args.get_config())
        stack = operation.around(facts_of(args), settings.accounts_of_providers)
        _report(operation.first_reported(rule.name, args.urn, rule.run(stack, settings, final=True)), report)

    def validate_stack(args: StackValidationArgs, report: ReportViolation) -> None:
        settings = settled(args.get_config())
        stack = operation.whole(_about_access(args), settings.accounts_of_providers)
        _report(operation.unreported(rule.name, rule.run(stack, settings, final=PHASE.final)), report)

    common: dict[str, Any] = {
        "name": rule.name,
        "description": f"{rule.title}.",
        "enforcement_level": _LEVELS[rule.purpose],
        "config_schema": PolicyConfigSchema(schema_of(rule.settings)),
        "severity": PulumiSeverity(rule.severity.value),
        "tags": [rule.purpose.value],
    }
    if rule.on is not StackView:
        return ResourceValidationPolicy(validate=validate_resource, **common)
    if rule.purpose is Purpose.SECURITY:
        return _BothTimes(validate_before, validate_stack, common)
    return StackValidationPolicy(validate=validate_stack, **common)


def _settled(rule: Rule[Any], outside: Outside) -> Callable[[Mapping[str, Any]], Settings]:
    return lambda values: rule.configured(_plain(values)).resolved(outside)


def _plain(values: Mapping[str, Any]) -> dict[str, object]:
    return {key: value for key, value in values.items() if value is not None}


def _report(violations: Iterable[Violation], report: ReportViolation) -> None:
    for violation in violations:
        report(str(violation), violation.urn)


def schema_of(settings: type[Settings]) -> dict[str, dict[str, Any]]:
    """JSON Schema of each setting, without references, as the engine wants it."""
    schema = settings.model_json_schema(by_alias=True)
    properties = cast("dict[str, dict[str, Any]]", schema.get("properties", {}))
    definitions = cast("dict[str, Any]", schema.get("$defs", {}))
    return {name: _inlined(value, definitions) for name, value in properties.items()}


def _inlined(value: Any, definitions: Mapping[str, Any]) -> Any:  # noqa: ANN401 - JSON Schema is JSON
    if isinstance(value, list):
        return [_inlined(item, definitions) for item in cast("list[Any]", value)]
    if not isinstance(value, dict):
        return value
    given = cast("dict[str, Any]", value)
    if "$ref" in given:
        return _inlined(definitions[str(given["$ref"]).rpartition("/")[2]], definitions)
    return {k: _inlined(v, definitions) for k, v in given.items() if not (k == "default" and v is None)}


def facts_of(resource: PolicyResource | ResourceValidationArgs) -> ResourceFacts:
    """Facts of a resource of Pulumi, with unknown values made explicit and secrets left out."""
    provider = resource.provider
    depends_on: dict[str, Sequence[str]] = {}
    if isinstance(resource, PolicyResource):
        depends_on = {name: [other.urn for other in others] for name, others in resource.property_dependencies.items()}
    return ResourceFacts(
        resource.urn,
        resource.resource_type,
        _opened(resource.props, [name for name in resource.props if name not in _LEFT_OUT]),
        provider and Provider(provider.urn, _opened(provider.props, _FROM_PROVIDER)),
        depends_on,
    )


def _opened(proxy: Mapping[str, Any], names: Iterable[str]) -> dict[str, Value]:
    there = set(iter(proxy))  # `name in proxy` would read the value
    return {name: _item(proxy, name) for name in names if name in there}


def _item(proxy: Any, key: Any) -> Value:  # noqa: ANN401 - the SDK's proxies are untyped
    try:
        value = proxy[key]
    except UnknownValueError:
        return UNKNOWN
    if isinstance(value, Mapping):
        given = cast("Mapping[str, Any]", value)
        return {name: _item(given, name) for name in given}
    if isinstance(value, Sequence) and not isinstance(value, str):
        items = cast("Sequence[Any]", value)
        return [_item(items, index) for index in range(len(items))]
    return cast("Value", value)


if __name__ == "__main__":
    main()

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
from ram_policies.guardrails.model import Edge, Purpose, Rule, Settings, configured
from ram_policies.guardrails.report import NAME as NAME_OF_REPORT
from ram_policies.guardrails.report import TITLE, ReportSettings, Sources, report
from ram_policies.guardrails.rulebook import RULES
from ram_policies.stack.build import TYPES, build_stack
from ram_policies.stack.facts import UNKNOWN, Provider, ResourceFacts, Value
from ram_policies.stack.views import StackView

NAME = "alicloud-ram-guardrails"
DESCRIPTION = "Judges who gets access to what on Alibaba Cloud, before it is deployed."

_LEVELS = {Purpose.SECURITY: EnforcementLevel.MANDATORY, Purpose.ORDER: EnforcementLevel.ADVISORY}
# Secrets never get into a view: what no rule reads is not taken over at all.
_LEFT_OUT = {"password", "secret", "encryptedSecret", "pgpKey", "secretFile"}
_FROM_PROVIDER = ("accountId", "region")


def main() -> None:
    """Serve the pack to the engine that started this process, until it ends it."""
    edge, before = surroundings(), Exported()
    serve([*policies(RULES, edge, before.begin), report_policy(Sources(before.text, edge.read))])


def surroundings() -> Edge:
    """The present time, and files relative to where the engine was started."""
    return Edge(lambda: datetime.now(UTC), lambda path: Path(path).read_text("utf-8"))


def serve(served: list[Policy], name: str = NAME, description: str = DESCRIPTION) -> None:
    """Serve policies to the engine that started this process."""
    # The engine waits for the port on the first line. pulumi-policy counts on `python -u` to get it out.
    sys.stdout = io.TextIOWrapper(os.fdopen(sys.stdout.fileno(), "wb", buffering=0), write_through=True)
    PolicyPack(name, served, description=description, provider="alicloud", display_name="Alibaba Cloud RAM guardrails")


def policies(
    rules: Iterable[Rule[Any]], edge: Edge, looking_at: Callable[[str], None] = lambda _: None
) -> list[Policy]:
    """The rules as policies. Users put their own beside ours with it.

    A rule about a role or a document becomes a policy for single resources, which the engine also runs during the
    update, before the resource is made; a rule about the stack becomes one that runs at the end.

    Args:
        rules: the rules.
        edge: the present time, and files that settings name.
        looking_at: told the URN of each resource that is about to be judged.
    """
    return [_policy(rule, edge, looking_at) for rule in rules]


def report_policy(sources: Sources) -> Policy:
    """The stack report as a policy: an advisory that says what changes about access."""

    def validate(args: StackValidationArgs, report_violation: ReportViolation) -> None:
        settings = configured(NAME_OF_REPORT, ReportSettings, _plain(args.get_config()))
        text = report(_about_access(args), settings, sources)
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


def _about_access(args: StackValidationArgs) -> list[ResourceFacts]:
    return [facts_of(resource) for resource in args.resources if resource.resource_type in TYPES]


def _policy(rule: Rule[Any], edge: Edge, looking_at: Callable[[str], None]) -> Policy:
    settled = _settled(rule, edge)

    def validate_resource(args: ResourceValidationArgs, report: ReportViolation) -> None:
        looking_at(args.urn)
        if args.resource_type in TYPES:
            _report(rule, [facts_of(args)], settled(args.get_config()), report)

    def validate_stack(args: StackValidationArgs, report: ReportViolation) -> None:
        _report(rule, _about_access(args), settled(args.get_config()), report)

    common: dict[str, Any] = {
        "name": rule.name,
        "description": f"{rule.title}.",
        "enforcement_level": _LEVELS[rule.purpose],
        "config_schema": PolicyConfigSchema(schema_of(rule.settings)),
        "severity": PulumiSeverity(rule.severity.value),
        "tags": [rule.purpose.value],
    }
    if rule.on is StackView:
        return StackValidationPolicy(validate=validate_stack, **common)
    return ResourceValidationPolicy(validate=validate_resource, **common)


def _settled(rule: Rule[Any], edge: Edge) -> Callable[[Mapping[str, Any]], Settings]:
    return lambda values: rule.configured(_plain(values)).resolved(edge)


def _plain(values: Mapping[str, Any]) -> dict[str, object]:
    return {key: value for key, value in values.items() if value is not None}


def _report(rule: Rule[Any], facts: Iterable[ResourceFacts], settings: Settings, report: ReportViolation) -> None:
    final = os.environ.get("PULUMI_DRY_RUN") == "false"
    for violation in rule.run(build_stack(facts, settings.accounts_of_providers), settings, final=final):
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
    """What a resource of Pulumi says, with unknown values made explicit and secrets left out."""
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

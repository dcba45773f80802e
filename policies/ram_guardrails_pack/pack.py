"""The policy pack: the rules as policies of Pulumi CrossGuard.

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
from importlib import import_module
from pathlib import Path
from typing import Any, cast

from ram_guardrails_pack.crossguard import EnforcementLevel, Policy, PolicyConfigSchema, PolicyPack, ReportViolation
from ram_guardrails_pack.crossguard import Severity as PulumiSeverity
from ram_guardrails_pack.exported import Exported
from ram_guardrails_pack.operation import PHASE, Before, Operation, nothing
from ram_guardrails_pack.policy import Config, OnResource, OnStack, facts_policy
from ram_guardrails_pack.servicer import serve_analyzer, servicer
from ram_policies.encoding import decode_text
from ram_policies.guardrails.report_settings import DEPLOYED, TITLE, ReportSettings, StateSources
from ram_policies.guardrails.report_settings import NAME as NAME_OF_REPORT
from ram_policies.guardrails.rule_model import Outside, Purpose, Rule, Settings, Violation, configured
from ram_policies.guardrails.rulebook import RULES
from ram_policies.stack.assembly import DOCUMENT_TYPES, ROLE_TYPES, TYPES
from ram_policies.stack.facts import ResourceFacts
from ram_policies.stack.type_coverage import coverage_of
from ram_policies.stack.views import RoleView, StackView

NAME = "alicloud-ram-guardrails"
DESCRIPTION = "Judges who gets access to what on Alibaba Cloud, before it is deployed."

_REPORT = "ram_policies.guardrails.report"
"""The report is needed at the end only: it is loaded while the engine starts the program."""

_LEVELS = {Purpose.SECURITY: EnforcementLevel.MANDATORY, Purpose.HYGIENE: EnforcementLevel.ADVISORY}


def main() -> None:
    """Serve the pack to the engine that started this process, until it ends it."""
    outside, before = surroundings(), Exported()
    served = policies(RULES, outside, before.begin, before.text)
    serve([*served, report_policy(StateSources(before.text, outside.read), before.begin)])


def surroundings() -> Outside:
    """The present time, and files relative to where the engine was started."""
    return Outside(lambda: datetime.now(UTC), lambda path: decode_text(Path(path).read_bytes()))


def serve(served: list[Policy], name: str = NAME, description: str = DESCRIPTION) -> None:
    """Serve policies to the engine that started this process, until it ends it."""
    about: dict[str, Any] = {
        "description": description,
        "display_name": "Alibaba Cloud RAM guardrails",
        "provider": "alicloud",
    }
    judging = servicer(name, served, about)
    if judging is not None:
        serve_analyzer(judging, lambda: import_module(_REPORT))
        return
    # The engine waits for the port on the first line. pulumi-policy counts on `python -u` to get it out.
    sys.stdout = io.TextIOWrapper(os.fdopen(sys.stdout.fileno(), "wb", buffering=0), write_through=True)
    PolicyPack(name, served, **about)


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
        looking_at: called with the URN of the first resource of an update, before anything is changed.
        before: the stack as it is deployed, by the URN of one of its resources.
    """
    operation = Operation(before)
    return [_policy(rule, outside, looking_at, operation) for rule in rules]


def report_policy(sources: StateSources, looking_at: Callable[[str], None] = lambda _: None) -> Policy:
    """The stack report as a policy: an advisory that says what changes about access.

    Args:
        sources: the state to compare with.
        looking_at: called with the URN of the first resource of an operation, where the report reads what is deployed.
    """

    def settled(config: Config) -> ReportSettings:
        return configured(NAME_OF_REPORT, ReportSettings, _plain(config))

    def first(urn: str, config: Config) -> None:
        if settled(config).before == DEPLOYED:
            looking_at(urn)

    def judge(resources: Sequence[ResourceFacts], config: Config, report_violation: ReportViolation) -> None:
        from ram_policies.guardrails.report import report  # noqa: PLC0415 - loaded by `serve`

        text = report(resources, settled(config), sources)
        if text:
            report_violation(text, None)

    common = {
        "name": NAME_OF_REPORT,
        "description": f"{TITLE}.",
        "enforcement_level": EnforcementLevel.ADVISORY,
        "config_schema": PolicyConfigSchema(schema_of(ReportSettings)),
        "severity": PulumiSeverity.LOW,
    }
    return facts_policy(None, OnStack(coverage_of, judge), common, first)


def _policy(rule: Rule[Any], outside: Outside, looking_at: Callable[[str], None], operation: Operation) -> Policy:
    settled = _Settled(rule, outside)

    def first(urn: str, _config: Config) -> None:
        if PHASE.final:
            looking_at(urn)

    def alone(facts: ResourceFacts, config: Config, report: ReportViolation) -> None:
        settings = settled(config)
        stack = operation.alone(facts, settings.accounts_of_providers)
        _report(rule.run(stack, settings, final=PHASE.final), report)

    def before(facts: ResourceFacts, config: Config, report: ReportViolation) -> None:
        settings = settled(config)
        stack = operation.around(facts, settings.accounts_of_providers)
        _report(operation.first_reported(rule.name, facts.urn, rule.run(stack, settings, final=True)), report)

    def whole(resources: Sequence[ResourceFacts], config: Config, report: ReportViolation) -> None:
        settings = settled(config)
        stack = operation.whole(resources, settings.accounts_of_providers)
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
        types = ROLE_TYPES if rule.on is RoleView else DOCUMENT_TYPES
        return facts_policy(OnResource(types.__contains__, alone), None, common, first)
    on_resource = OnResource(_about_to_be_made, before) if rule.purpose is Purpose.SECURITY else None
    return facts_policy(on_resource, OnStack(_about_access, whole), common, first)


def _about_access(kind: str) -> bool:
    return kind in TYPES


def _about_to_be_made(kind: str) -> bool:
    return PHASE.final and kind in TYPES  # a preview ends with the whole stack


class _Settled:
    """Settings of a rule, read once for as long as the engine sends the same."""

    def __init__(self, rule: Rule[Any], outside: Outside) -> None:
        self._rule, self._outside = rule, outside
        self._latest: tuple[Config, Settings] | None = None

    def __call__(self, config: Config) -> Settings:
        if self._latest is None or self._latest[0] != config:
            self._latest = (config, self._rule.configured(_plain(config)).resolved(self._outside))
        return self._latest[1]


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


if __name__ == "__main__":
    main()

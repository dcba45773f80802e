"""Tests of what each preset allows and must never allow: by case, and for every action of the catalogue."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ram_policies.catalogue import AccessLevel, Hazard, access_level, catalogued_services, expand, hazards, known_action
from ram_policies.document import Document, Effect
from ram_policies.errors import InvalidInputError
from ram_policies.evaluation.evaluate import Outcome, Policy, PolicySet, PolicyType, Request
from ram_policies.limits import POLICY_DOCUMENT_LENGTH
from ram_policies.presets import Preset, preset_document, presets
from ram_policies.validation.parse import parse

FOLDER = Path(__file__).parent / "cases"
CASES = [
    pytest.param(file.stem, case, id=f"{file.stem}: {case['name']}")
    for file in sorted(FOLDER.glob("*.json"))
    for case in json.loads(file.read_text("utf-8"))
]
EVERY_PRESET = pytest.mark.parametrize("preset", presets().values(), ids=list(presets()))
ACCOUNT = "11223344"


def policy_set(document: Document) -> PolicySet:
    return PolicySet([Policy("preset", PolicyType.CUSTOM, document)])


def examples(preset: Preset) -> dict[str, object]:
    return {parameter.name: parameter.example for parameter in preset.parameters}


def smallest(preset: Preset) -> dict[str, object]:
    """The parameters with which a preset allows the most."""
    return {parameter.name: parameter.example for parameter in preset.parameters if parameter.required}


def actions_of(document: Document) -> set[str]:
    return {action for statement in document.statements for pattern in statement.actions for action in expand(pattern)}


@pytest.mark.parametrize(("name", "case"), CASES)
def test_a_rendered_preset_decides_each_case_as_expected(name: str, case: dict[str, Any]) -> None:
    policies = policy_set(preset_document(name, case["parameters"]))
    assert case["source"]
    assert case["allow"] or case["never"]

    def outcomes(requests: list[dict[str, Any]]) -> dict[str, Outcome]:
        return {
            f"{r['action']} on {r['resource']} with {r.get('context', {})}": policies.decide(
                Request(r["action"], r["resource"], r.get("context", {}))
            )
            for r in requests
        }

    assert outcomes(case["allow"]) == dict.fromkeys(outcomes(case["allow"]), Outcome.ALLOW)
    assert outcomes(case["never"]) == dict.fromkeys(outcomes(case["never"]), Outcome.IMPLICIT_DENY)


def test_every_preset_has_cases_for_both_sides() -> None:
    for name in presets():
        cases = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
        assert sum(len(case["allow"]) for case in cases) >= 3
        assert sum(len(case["never"]) for case in cases) >= 30, name


@EVERY_PRESET
def test_no_action_of_the_catalogue_with_a_forbidden_hazard_is_allowed_on_anything(preset: Preset) -> None:
    # Without narrowing parameters and with the resource "*", so that nothing but the action can be the reason.
    document = preset_document(preset.name, smallest(preset))
    dangerous = {
        f"{service.code}:{name}"
        for service in catalogued_services().values()
        for name in service.actions
        if hazards(f"{service.code}:{name}") & preset.never
    }
    assert len(dangerous) > 700
    assert actions_of(document) & dangerous == set()
    policies = policy_set(document)
    resources = [f"acs:{{}}:cn-hangzhou:{ACCOUNT}:instance/i-1", "*"]
    allowed = {
        action
        for action in dangerous
        for resource in resources
        if policies.decide(Request(action, resource.format(action.split(":")[0]), {"oss:Prefix": "logs/web/"}))
        is not Outcome.IMPLICIT_DENY
    }
    assert allowed == set()


@EVERY_PRESET
def test_the_changing_actions_of_a_preset_are_those_it_declares(preset: Preset) -> None:
    actions = actions_of(preset_document(preset.name, smallest(preset)))
    assert {action for action in actions if access_level(action) is not AccessLevel.READ} == preset.operations


@EVERY_PRESET
def test_a_preset_names_actions_that_exist_and_gives_a_document_without_findings(preset: Preset) -> None:
    for parameters in (smallest(preset), examples(preset)):
        document = preset_document(preset.name, parameters)
        unknown = [a for s in document.statements for a in s.actions if not known_action(a).known]
        assert unknown == []
        assert parse(document.to_json(), "identity").findings == ()
        assert all(statement.effect is Effect.ALLOW for statement in document.statements)
        assert all(not statement.not_actions for statement in document.statements)


def test_only_one_preset_reads_data_and_none_escalates_buys_or_releases() -> None:
    assert {p.name for p in presets().values() if Hazard.READS_DATA not in p.never} == {"oss-read-prefixes"}
    assert all({Hazard.ESCALATES, Hazard.BUYS, Hazard.RELEASES} <= p.never for p in presets().values())


def test_a_preset_renders_the_same_parameters_to_the_same_text() -> None:
    first = preset_document("ecs-operate", {"tags": {"b": "1", "a": ["2", "3"]}, "regions": "cn-hangzhou"})
    second = preset_document("ecs-operate", {"regions": ["cn-hangzhou"], "tags": {"b": ["1"], "a": ("2", "3")}})
    assert first.to_json() == second.to_json()


def test_more_values_than_fit_into_a_policy_are_refused_with_a_way_out() -> None:
    with pytest.raises(InvalidInputError) as refused:
        preset_document(
            "slb-switch-backends",
            {"servers": [f"i-bp1{number:020}" for number in range(50)], "regions": ["cn-hangzhou", "cn-beijing"]},
            "roles[0].presets[1]",
        )
    assert refused.value.field == "roles[0].presets[1].parameters"
    assert str(POLICY_DOCUMENT_LENGTH) in str(refused.value)
    assert "grant the preset several times" in refused.value.fix

"""Parameters of presets: what is refused, and with which message."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ram_policies.errors import InvalidInputError
from ram_policies.evaluation.evaluate import Outcome, Policy, PolicySet, PolicyType, Request
from ram_policies.presets import preset_document, presets

BUCKET = {"bucket": "logs-a", "prefixes": ["web/"]}
REFUSED = [
    ("ecs-operat", {}, "preset.name", "write ecs-operate"),
    ("no such thing", {}, "preset.name", "use one of ecs-operate, rds-restart"),
    ("ecs-operate", {"region": "cn-hangzhou"}, "preset.parameters.region", "write regions"),
    ("monitoring-watch", {"regions": "cn-hangzhou"}, "preset.parameters.regions", "leave it out"),
    ("ecs-operate", {"xyz": 1}, "preset.parameters.xyz", "use regions, tags, resourceGroups, instances"),
    ("ecs-operate", {"regions": []}, "preset.parameters.regions", "region IDs"),
    ("ecs-operate", {"regions": None}, "preset.parameters.regions", "region IDs"),
    ("ecs-operate", {"regions": ""}, "preset.parameters.regions", "region IDs"),
    ("ecs-operate", {"regions": ["cn-hangzhou", 7]}, "preset.parameters.regions[1]", "region IDs"),
    ("ecs-operate", {"regions": ["cn-*"]}, "preset.parameters.regions[0]", "region IDs"),
    ("ecs-operate", {"regions": ["CN-HANGZHOU"]}, "preset.parameters.regions[0]", "region IDs"),
    ("ecs-operate", {"regions": ["cn-hangzhou:1"]}, "preset.parameters.regions[0]", "region IDs"),
    ("ecs-operate", {"instances": ["i-1", "i-?"]}, "preset.parameters.instances[1]", "IDs, i-"),
    ("ecs-operate", {"instances": "instance/i-1"}, "preset.parameters.instances", "IDs, i-"),
    ("ecs-operate", {"instances": ["i-1\n"]}, "preset.parameters.instances[0]", "IDs, i-"),
    ("ecs-operate", {"instances": [f"i-{n}" for n in range(51)]}, "preset.parameters.instances", "several times"),
    ("ecs-operate", {"resourceGroups": ["group"]}, "preset.parameters.resourceGroups[0]", "rg-"),
    ("ecs-operate", {"tags": {}}, "preset.parameters.tags", "tag keys with a value"),
    ("ecs-operate", {"tags": ["team"]}, "preset.parameters.tags", "tag keys with a value"),
    ("ecs-operate", {"tags": {"team": []}}, "preset.parameters.tags.team", "one value, or a list"),
    ("ecs-operate", {"tags": {"team": {"a": 1}}}, "preset.parameters.tags.team", "one value, or a list"),
    ("ecs-operate", {"tags": {"": "ops"}}, "preset.parameters.tags", "1 to 128"),
    ("ecs-operate", {"tags": {"acs:rm:rgId": "x"}}, "preset.parameters.tags", "choose another start"),
    ("ecs-operate", {"tags": {"the team": "ops"}}, "preset.parameters.tags", "none in conditions"),
    ("ecs-operate", {"tags": {7: "ops"}}, "preset.parameters.tags", "in quotes"),
    ("rds-restart", {"tags": {"Team": "ops"}}, "preset.parameters.tags.Team", "write team"),
    ("rds-restart", {"tags": {"team": "Ops"}}, "preset.parameters.tags.team", "write ops"),
    ("oss-read-prefixes", {"prefixes": ["web/"]}, "preset.parameters.bucket", "the name of one bucket"),
    ("oss-read-prefixes", {"bucket": "logs-a"}, "preset.parameters.prefixes", "end with /"),
    ("oss-read-prefixes", BUCKET | {"bucket": ["a-1", "b-2"]}, "preset.parameters.bucket", "several times"),
    ("oss-read-prefixes", BUCKET | {"bucket": "Logs"}, "preset.parameters.bucket", "small letters"),
    ("oss-read-prefixes", BUCKET | {"bucket": "logs-a/web"}, "preset.parameters.bucket", "small letters"),
    ("oss-read-prefixes", BUCKET | {"prefixes": "*"}, "preset.parameters.prefixes", "end with /"),
    ("oss-read-prefixes", BUCKET | {"prefixes": ["/"]}, "preset.parameters.prefixes[0]", "end with /"),
    ("oss-read-prefixes", BUCKET | {"prefixes": ["/web/"]}, "preset.parameters.prefixes[0]", "end with /"),
    ("oss-read-prefixes", BUCKET | {"prefixes": ["web"]}, "preset.parameters.prefixes[0]", "end with /"),
    ("oss-read-prefixes", BUCKET | {"prefixes": ["web/", "a?/"]}, "preset.parameters.prefixes[1]", "end with /"),
]


@pytest.mark.parametrize(("name", "parameters", "field", "fix"), REFUSED)
def test_a_parameter_of_another_form_is_refused(name: str, parameters: Any, field: str, fix: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        preset_document(name, parameters)
    assert refused.value.field == field
    assert fix in refused.value.fix


def test_a_preset_asked_for_by_its_name_alone_is_named_so_in_the_error() -> None:
    with pytest.raises(InvalidInputError) as refused:
        preset_document("ecs", field="roles[0].presets[0]")
    assert refused.value.field == "roles[0].presets[0]"


ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=20)
    | st.sampled_from(["cn-hangzhou", "i-1", "rg-1", "a/"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
NAMES = st.sampled_from(sorted({q.name for p in presets().values() for q in p.parameters})) | st.text(max_size=8)


@given(st.sampled_from(sorted(presets())), st.dictionaries(NAMES, ANYTHING, max_size=4))
def test_anything_gives_a_document_or_an_error_with_a_way_out(name: str, parameters: dict[str, Any]) -> None:
    refusal = None
    statements: tuple[Any, ...] = ()
    try:
        statements = preset_document(name, parameters).statements
    except InvalidInputError as error:
        refusal = error
    if refusal is None:
        assert statements
    else:
        assert refusal.field.startswith("preset")
        assert refusal.fix


@given(
    st.lists(st.from_regex(r"[a-z]/([a-z0-9]{1,4}/){0,2}", fullmatch=True), min_size=1, max_size=4),
    st.text("abcxyz019/", max_size=12),
)
def test_an_object_is_read_exactly_when_its_name_starts_with_a_prefix(prefixes: list[str], name: str) -> None:
    policies = PolicySet(
        [Policy("p", PolicyType.CUSTOM, preset_document("oss-read-prefixes", BUCKET | {"prefixes": prefixes}))]
    )
    inside = any(name.startswith(prefix) for prefix in prefixes)
    asked = Request("oss:GetObject", f"acs:oss:oss-cn-hangzhou:11223344:logs-a/{name}")
    listed = Request("oss:ListObjects", "acs:oss:oss-cn-hangzhou:11223344:logs-a", {"oss:Prefix": name})
    assert (policies.decide(asked) is Outcome.ALLOW) == inside
    assert (policies.decide(listed) is Outcome.ALLOW) == inside

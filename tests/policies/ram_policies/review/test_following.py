"""Edits that findings suggest: none adds access without saying so."""

from __future__ import annotations

import copy
import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ram_policies import Document, PolicySet, Request
from ram_policies.evaluation.decision import Policy, PolicyType
from ram_policies.findings import Code, Finding, finding_kinds
from ram_policies.review import review
from ram_policies.validation.parse import read_document

Json = dict[str, Any]
WARNS = "it may be more than today"
REMOVES = {Code.DUPLICATE_VALUE, Code.REDUNDANT_VALUE, Code.REDUNDANT_STATEMENT, Code.EMPTY_CONDITION}
"""Suggestions to leave something out that says nothing: the same requests are allowed afterwards."""

ACTIONS = ["ecs:StopInstance", "ecs:Stop*", "ECS:stopinstance", "ecs:*", "*", "ecs:StartInstance", "rds:*"]
RESOURCES = ["*", "acs:ecs::1:instance/i-1", "acs:ecs:*:1:instance/*", "acs:ecs:*:*:*", "acs:ecs:*:1:instance/i-1"]
VALUES = {
    "acs:SourceIp": ["10.0.0.1", "10.0.0.0/8", "0.0.0.0/0", "10.*"],
    "acs:SourceVpc": ["vpc-1", "vpc-*", "vpc-?", "*"],
    "acs:MFAPresent": ["true", "false"],
    "ram:TrustedPrincipalTypes": ["RAM", "Service", "*"],
}
TEXTS = ["StringEquals", "StringNotEquals", "StringLike", "StringNotLike"]
OPERATORS = {"acs:SourceIp": [*TEXTS, "IpAddress", "NotIpAddress"], "acs:MFAPresent": [*TEXTS, "Bool"]}
PREFIXES = st.sampled_from(["", "", "", "ForAllValues:", "ForAnyValue:"])
ASKED = [
    Request(action, f"acs:ecs:cn-hangzhou:1:instance/{name}", context)
    for action in ("ecs:StopInstance", "ecs:StartInstance", "rds:StopDBInstance")
    for name in ("i-1", "i-2")
    for context in (
        {},
        *({"acs:SourceIp": address} for address in ("10.0.0.1", "10.9.0.1", "8.8.8.8", "2400::1")),
        *({"acs:SourceVpc": vpc} for vpc in ("vpc-1", "vpc-22", "vpc-*", "")),
        *({"acs:MFAPresent": present} for present in ("true", "false")),
        *({"ram:TrustedPrincipalTypes": types} for types in ((), ("RAM",), ("RAM", "Service"), "Service")),
    )
]


@st.composite
def conditions(draw: st.DrawFn) -> Json:
    found: Json = {}
    for key in draw(st.lists(st.sampled_from(sorted(VALUES)), min_size=1, max_size=2, unique=True)):
        operator = draw(st.sampled_from(OPERATORS.get(key, TEXTS)))
        known = VALUES[key][: 3 if "Ip" in operator else None]
        values = draw(st.lists(st.sampled_from(known), min_size=1, max_size=1 if operator == "Bool" else 2))
        found.setdefault(f"{draw(PREFIXES)}{operator}", {})[key] = values
    return found


STATEMENTS = st.fixed_dictionaries(
    {
        "Effect": st.sampled_from(["Allow", "Allow", "Deny"]),
        "Action": st.lists(st.sampled_from(ACTIONS), min_size=1, max_size=2),
        "Resource": st.lists(st.sampled_from(RESOURCES), min_size=1, max_size=2),
    },
    optional={"Condition": st.one_of(st.just({}), *[conditions()] * 4), "Sid": st.just("why")},
)
DOCUMENTS = st.lists(STATEMENTS, min_size=1, max_size=3).map(lambda found: {"Version": "1", "Statement": found})


def at(document: Json, path: str) -> tuple[Any, Any]:
    """Container and key of the place that a path names."""
    steps = re.findall(r"\[(\d+)\]|([^.\[\]]+)", path)
    keys = [int(index) if index else name for index, name in steps]
    place: Any = document
    for key in keys[:-1]:
        place = place[key]
    return place, keys[-1]


def followed(document: Json, finding: Finding) -> Json | None:
    """The document after the edit that a finding suggests, where the edit can be made automatically."""
    edited = copy.deepcopy(document)
    operator = re.search(r"Use (\w+)\.", finding.fix)
    if finding.code in REMOVES or finding.code is Code.ELEMENT_WITHOUT_EFFECT:
        place, key = at(edited, finding.path)
        del place[key]
    elif finding.code is Code.ALLOW_WITHOUT_EFFECT:
        del edited["Statement"][int(re.findall(r"\d+", finding.path)[0])]
    elif finding.code in {Code.OPERATOR_KEY_MISMATCH, Code.LITERAL_PATTERN} and operator:
        statement = edited["Statement"][int(re.findall(r"\d+", finding.path)[0])]
        _change_operator(statement["Condition"], finding, operator[1])
    else:
        return None
    return edited


def _change_operator(condition: Json, finding: Finding, operator: str) -> None:
    path = finding.path.partition(".Condition.")[2]
    name = next(name for name in condition if path.startswith(f"{name}."))
    key = next(key for key in condition[name] if path.removeprefix(f"{name}.").startswith(key))
    prefix = name.rpartition(":")[0]
    values = condition[name].pop(key)
    condition.setdefault(f"{prefix}:{operator}" if prefix else operator, {})[key] = values
    if not condition[name]:
        del condition[name]


def allowed(document: Document) -> list[bool]:
    policies = PolicySet([Policy("p", PolicyType.CUSTOM, document)])
    return [policies.decide(request).value == "allow" for request in ASKED]


@given(DOCUMENTS)
def test_following_a_finding_allows_no_more_unless_it_says_so(document: Json) -> None:
    reviewed = review(json.dumps(document), "identity")
    if reviewed.document is None:
        return
    before = allowed(reviewed.document)
    for finding in reviewed.findings:
        edited = followed(document, finding)
        if edited is None or WARNS in finding.fix or not edited["Statement"]:
            continue
        after_edit = review(json.dumps(edited), "identity").document
        if after_edit is None:
            continue  # the values do not suit the operator, and RAM refuses the document
        after = allowed(after_edit)
        assert not any(new and not old for new, old in zip(after, before, strict=True)), finding
        if finding.code in REMOVES:
            assert after == before, finding


def document(effect: str, **condition: Any) -> str:
    given = {"Effect": effect, "Action": "ecs:StopInstance", "Resource": "*", "Condition": condition}
    return json.dumps({"Version": "1", "Statement": [given]})


@pytest.mark.parametrize(
    ("effect", "operator", "key", "value", "warns"),
    [
        ("Allow", "StringEquals", "acs:SourceIp", "0.0.0.0/0", True),
        ("Deny", "StringEquals", "acs:SourceIp", "0.0.0.0/0", False),
        ("Allow", "StringNotEquals", "acs:SourceIp", "10.0.0.0/8", False),
        ("Deny", "StringNotEquals", "acs:SourceIp", "10.0.0.0/8", True),
        ("Allow", "StringEquals", "acs:SourceVpc", "vpc-*", True),
        ("Deny", "StringEquals", "acs:SourceVpc", "vpc-*", False),
        ("Deny", "StringNotEquals", "acs:SourceVpc", "vpc-*", True),
    ],
)
def test_another_operator_is_suggested_with_a_warning_where_it_opens(
    effect: str, operator: str, key: str, value: str, warns: bool
) -> None:
    found = review(document(effect, **{operator: {key: [value]}}), "identity").findings
    (fix,) = (f.fix for f in found if f.code in {Code.OPERATOR_KEY_MISMATCH, Code.LITERAL_PATTERN})
    assert (WARNS in fix) is warns


def test_a_deny_of_calls_without_mfa_is_not_to_be_rewritten_with_bool() -> None:
    text = document("Deny", StringNotEquals={"acs:MFAPresent": ["true"]})
    (finding,) = (f for f in review(text, "identity").findings if f.code is Code.OPERATOR_KEY_MISMATCH)
    assert finding.fix.startswith("Keep it, or allow with Bool instead")
    rewritten = read_document(document("Deny", Bool={"acs:MFAPresent": ["false"]}), "identity")
    assert without_mfa(read_document(text, "identity")) == "explicit_deny"
    assert without_mfa(rewritten) != "explicit_deny"


def without_mfa(policy: Document) -> str:
    return PolicySet([Policy("p", PolicyType.CUSTOM, policy)]).decide(ASKED[0]).value


@pytest.mark.parametrize("code", Code)
def test_no_fix_offers_everything_or_the_removal_of_a_condition(code: Code) -> None:
    kind = finding_kinds()[code]
    if kind.finding_class != "error":
        assert not re.search(r"\bor \*|remove the condition|narrow the Deny\.|Use ForAnyValue", kind.fix)


@pytest.mark.parametrize(
    "resource",
    [
        "acs:ecs:cn-hangzou:*:instance/i",
        "acs:ecs:nowhere:*:instance/i",
        "acs:ecs:*:company:i",
        "acs:oss:*:b:*",
        "acs:qx:*:*:i",
    ],
)
def test_no_advice_on_a_resource_offers_all_of_them(resource: str) -> None:
    statement = {"Effect": "Allow", "Action": "ecs:StopInstance", "Resource": resource}
    found = review(json.dumps({"Version": "1", "Statement": [statement]}), "identity").findings
    assert found
    assert not any(re.search(r"\bor \*", finding.fix) for finding in found)

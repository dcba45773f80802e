"""Findings: each kind with its examples, and the cases of `cases/`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ram_policies.catalogue.data import read_catalogue
from ram_policies.findings import Code, FindingClass, FindingKind, finding_kinds
from ram_policies.review import review
from ram_policies.validation.parse import parse

KINDS = pytest.mark.parametrize("kind", finding_kinds().values(), ids=lambda kind: kind.code)
CASES = [
    pytest.param(case, id=f"{file.stem}: {case['name']}")
    for file in sorted((Path(__file__).parent / "cases").glob("*.json"))
    for case in json.loads(file.read_text("utf-8"))
]


def text_of(example: Any) -> str:
    """The document of an example: a whole text, one statement, or several."""
    if isinstance(example, str):
        return example
    return json.dumps({"Version": "1", "Statement": example if isinstance(example, list) else [example]})


def codes_of(example: Any, kind: str) -> list[Code]:
    return [finding.code for finding in review(text_of(example), kind).findings]


def test_the_table_has_every_code_in_the_order_of_the_classes() -> None:
    assert set(finding_kinds()) == set(Code)
    classes = [kind.finding_class for kind in finding_kinds().values()]
    assert classes == sorted(classes, key=list(FindingClass).index)


@KINDS
def test_every_kind_is_worded_in_sentences(kind: FindingKind) -> None:
    for text in (kind.message, kind.why, kind.source):
        assert len(text.split()) >= 3
        assert text[0].isupper() or text[0] in "{<"
    assert kind.message.endswith((".", "}"))
    assert kind.fix.endswith(".") or kind.fix == "{advice}"


@KINDS
def test_the_bad_example_has_the_finding_and_the_good_one_has_none(kind: FindingKind) -> None:
    assert codes_of(kind.good, kind.document_kind) == []
    if kind.bad is None:
        assert kind.code in {Code.DOCUMENT_TOO_LONG, Code.TRUST_POLICY_LONG, Code.LONG_WITH_SPACES}
    else:
        assert kind.code in codes_of(kind.bad, kind.document_kind)


@pytest.mark.parametrize("case", CASES)
def test_a_document_has_exactly_the_findings_of_its_case(case: dict[str, Any]) -> None:
    found = review(text_of(case["statement"]), case.get("kind", "identity")).findings
    assert sorted(str(finding.code) for finding in found) == sorted(case["expect"])
    for part in case.get("says", ()):
        assert any(part in f"{finding.message} {finding.fix}" for finding in found), part


def test_there_are_enough_cases_and_every_name_is_used_once() -> None:
    assert len(CASES) >= 60
    assert len({param.id for param in CASES}) == len(CASES)


@KINDS
def test_only_errors_refuse_a_document(kind: FindingKind) -> None:
    if kind.bad is not None:
        refused = review(text_of(kind.bad), kind.document_kind).document is None
        assert refused is (kind.finding_class is FindingClass.ERROR)


@pytest.mark.parametrize(
    "name", [n for n, entry in read_catalogue("system_policies.json").items() if entry["published"]]
)
def test_policies_that_alibaba_cloud_publishes_name_what_exists(name: str) -> None:
    text = json.dumps(read_catalogue("system_policies.json")[name]["document"])
    mistakes = {
        *(Code.UNKNOWN_SERVICE, Code.UNKNOWN_REGION, Code.ACCOUNT_NOT_A_NUMBER, Code.COLON_IN_BUCKET_NAME),
        *(Code.ACTION_RESOURCE_MISMATCH, Code.OBJECT_ACTION_ON_BUCKET, Code.OPERATOR_KEY_MISMATCH),
        *(Code.CONDITION_NEVER_HOLDS, Code.CONDITION_ALWAYS_HOLDS, Code.ALLOW_WITHOUT_EFFECT, Code.LITERAL_PATTERN),
        *(Code.VARIABLE_NOT_SUPPORTED, Code.UNRESOLVED_OUTPUT),
    }
    assert [str(f) for f in review(text, "identity").findings if f.code in mistakes] == []


STRINGS = st.text("acs:*?/${}<>0Zé ", max_size=12)
STATEMENTS = st.fixed_dictionaries(
    {
        "Effect": st.sampled_from(["Allow", "Deny"]),
        "Action": st.lists(st.one_of(st.just("ecs:*"), STRINGS.map("ecs:{}".format)), max_size=3),
        "Resource": st.lists(st.one_of(st.just("*"), STRINGS.map("acs:oss:{0}:{0}:{0}".format)), max_size=3),
    },
    optional={
        "Condition": st.dictionaries(
            st.sampled_from(["StringLike", "StringNotEquals", "IpAddress", "ForAllValues:StringLike", "Bool"]),
            st.dictionaries(st.sampled_from(["acs:SourceIp", "acs:SourceVpc", "a:b"]), st.lists(STRINGS, max_size=2)),
            max_size=2,
        )
    },
)


@given(st.lists(STATEMENTS, max_size=3), st.sampled_from(["identity", "session", "control"]))
def test_a_review_adds_to_what_the_parser_finds_and_never_fails(statements: list[Any], kind: str) -> None:
    text = json.dumps({"Version": "1", "Statement": statements})
    parsed, reviewed = parse(text, kind), review(text, kind)
    assert reviewed.document == parsed.document
    assert set(parsed.findings) <= set(reviewed.findings)
    if parsed.document is None:
        assert reviewed == parsed

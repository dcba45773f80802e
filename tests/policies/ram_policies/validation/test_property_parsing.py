"""Properties of parsing, on generated and on damaged texts."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ram_policies import (
    Document,
    DocumentKind,
    Policy,
    PolicySet,
    PolicyType,
    Request,
    read_document,
)
from ram_policies.validation.parse import parse

documents = st.from_type(Document)
requests = st.from_type(Request)


def policy_set(*given_documents: Document, scope: str | None = None) -> PolicySet:
    return PolicySet(
        Policy(f"p{i}", PolicyType.CUSTOM, document, scope=scope) for i, document in enumerate(given_documents)
    )


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["Allow", "1", "*", "ecs:*", "acs:a:b:c:d"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "Version",
                    "Statement",
                    "Effect",
                    "Action",
                    "NotAction",
                    "Resource",
                    "Principal",
                    "Condition",
                    "RAM",
                    "Bool",
                ]
            )
            | st.text(max_size=4),
            inner,
            max_size=5,
        )
    ),
    max_leaves=25,
)
kinds = st.sampled_from(DocumentKind)


@given(json_values, kinds)
def test_any_json_gives_a_document_or_an_error_and_never_an_exception(value: Any, kind: DocumentKind) -> None:
    parsed = parse(json.dumps(value), kind)
    assert (parsed.document is None) == bool(parsed.errors)


@given(st.text() | st.text('{}[]",:\\ntu0eE-. ', max_size=40), kinds)
def test_any_text_gives_a_document_or_an_error_and_never_an_exception(text: str, kind: DocumentKind) -> None:
    parsed = parse(text, kind)
    assert (parsed.document is None) == bool(parsed.errors)
    lines = text.split("\n")
    for finding in parsed.findings:
        assert 1 <= finding.line <= len(lines)
        assert 1 <= finding.column <= len(lines[finding.line - 1]) + 1


@given(documents, st.data())
def test_a_damaged_document_gives_findings_or_still_reads(document: Document, data: st.DataObject) -> None:
    text = document.to_json()
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 12)))
    damaged = text[:start] + data.draw(st.text('{}[]",:\\x\ud7ff*', max_size=4)) + text[end:]
    parsed = parse(damaged, "identity")
    assert (parsed.document is None) == bool(parsed.errors)


@given(json_values)
def test_the_reader_takes_exactly_what_the_standard_library_takes(value: Any) -> None:
    text = json.dumps(value)
    codes = {finding.code for finding in parse(text, "identity").findings}
    assert ("Json syntax error" in codes) == ("NaN" in _constants(value) or "Infinity" in _constants(value))


def _constants(value: Any) -> str:
    return " ".join(word for word in ("NaN", "Infinity") if word in json.dumps(_without_text(value)))


def _without_text(value: Any) -> Any:
    if isinstance(value, dict):
        return [_without_text(item) for item in value.values()]
    if isinstance(value, list):
        return [_without_text(item) for item in value]
    return "" if isinstance(value, str) else value


@given(documents)
def test_printing_and_reading_give_the_same_document(document: Document) -> None:
    read = read_document(document.to_json(), "identity")
    assert read.to_json() == document.to_json()
    assert read_document(document.to_dict(), "identity") == read
    assert policy_set(read).policies[0].document == read


@pytest.mark.parametrize("depth", [10, 100, 100_000])
def test_deep_values_are_no_exception(depth: int) -> None:
    assert parse('{"Version":"1","Statement":' + "[" * depth + "]" * depth + "}", "identity").document is None

"""Properties of parsing, rewriting and deciding, on generated documents and requests."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from ram_policies import (
    UNKNOWN,
    UNKNOWN_DOCUMENT,
    Condition,
    Document,
    DocumentKind,
    Effect,
    InvalidInputError,
    Outcome,
    Policy,
    PolicySet,
    PolicyType,
    Principals,
    Request,
    Statement,
)
from ram_policies.conditions import OPERATORS
from ram_policies.evaluate import authorize, authorize_assume_role
from ram_policies.parse import parse
from ram_policies.transform import merge, minimise, normalise, split

fuzz = settings(
    max_examples=3_000 if os.environ.get("FUZZ") else 100,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)

ACTIONS = ["ecs:StopInstance", "ecs:StartInstance", "ecs:DescribeDisks", "rds:StopDBInstance", "ram:GetRole"]
RESOURCES = [
    "acs:ecs:cn-hangzhou:1:instance/i-1",
    "acs:ecs:cn-beijing:1:instance/i-2",
    "acs:rds:cn-hangzhou:2:dbinstance/rm-1",
    "acs:ram:*:1:role/ecs-admin",
    "*",
]
ACTION_PATTERNS = [
    "*",
    "ecs:*",
    "ecs:St*",
    "ECS:stopinstance",
    "*:Stop*",
    "ecs:Describe?isks",
    "ram:Get*",
    "rds:StopDBInstance",
]
RESOURCE_PATTERNS = [
    "*",
    "acs:ecs:*:*:*",
    "acs:ecs::1:instance/*",
    "acs:ecs:cn-*:1:instance/i-?",
    "acs:*:*:2:*",
    "acs:ram::1:role/ECS-Admin",
    "acs:ecs:cn-hangzhou:1:instance/i-1",
]
KEYS = {"acs:Service": ["a", "b"], "ecs:tag/team": ["ops", "dev", "o*"]}
STRING_OPERATORS = [
    f"{prefix}{base}"
    for prefix in ("", "ForAllValues:", "ForAnyValue:")
    for base in ("StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "StringEqualsIgnoreCase")
]


def some(values: list[str], most: int = 3) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), min_size=1, max_size=most, unique=True).map(tuple)


@st.composite
def conditions(draw: st.DrawFn) -> tuple[Condition, ...]:
    pairs = draw(
        st.lists(st.tuples(st.sampled_from(STRING_OPERATORS), st.sampled_from(sorted(KEYS))), max_size=2, unique=True)
    )
    return tuple(Condition(operator, key, draw(some(KEYS[key]))) for operator, key in pairs)


@st.composite
def statements(draw: st.DrawFn) -> Statement:
    actions = draw(some(ACTION_PATTERNS))
    negative = draw(st.integers(0, 4)) == 0
    return Statement(
        draw(st.sampled_from(Effect)),
        () if negative else actions,
        actions if negative else (),
        draw(some(RESOURCE_PATTERNS)),
        None,
        draw(conditions()),
    )


documents = st.lists(statements(), min_size=1, max_size=5).map(lambda items: Document(tuple(items)))
values = st.one_of(
    st.sampled_from(["a", "b", "ops", "OPS", "dev"]),
    st.lists(st.sampled_from(["a", "ops", "dev"]), max_size=3).map(tuple),
)
contexts = st.dictionaries(st.sampled_from(sorted(KEYS)), values)
requests = st.builds(Request, st.sampled_from(ACTIONS), st.sampled_from(RESOURCES), contexts)


def policy_set(*given_documents: Document, scope: str | None = None) -> PolicySet:
    return PolicySet(
        Policy(f"p{i}", PolicyType.CUSTOM, document, scope=scope) for i, document in enumerate(given_documents)
    )


# --- parsing -------------------------------------------------------------------------------------------------------

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


@fuzz
@given(json_values, kinds)
def test_any_json_gives_a_document_or_an_error_and_never_an_exception(value: Any, kind: DocumentKind) -> None:
    parsed = parse(json.dumps(value), kind)
    assert (parsed.document is None) == bool(parsed.errors)


@fuzz
@given(st.text() | st.text('{}[]",:\\ntu0eE-. ', max_size=40), kinds)
def test_any_text_gives_a_document_or_an_error_and_never_an_exception(text: str, kind: DocumentKind) -> None:
    parsed = parse(text, kind)
    assert (parsed.document is None) == bool(parsed.errors)
    lines = text.split("\n")
    for finding in parsed.findings:
        assert 1 <= finding.line <= len(lines)
        assert 1 <= finding.column <= len(lines[finding.line - 1]) + 1


@fuzz
@given(documents, st.data())
def test_a_damaged_document_gives_findings_or_still_reads(document: Document, data: st.DataObject) -> None:
    text = document.to_json()
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 12)))
    damaged = text[:start] + data.draw(st.text('{}[]",:\\x\ud7ff*', max_size=4)) + text[end:]
    parsed = parse(damaged, "identity")
    assert (parsed.document is None) == bool(parsed.errors)


@fuzz
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


@fuzz
@given(documents)
def test_printing_and_reading_give_the_same_document(document: Document) -> None:
    read = Document.from_json(document.to_json(), "identity")
    assert read.to_json() == document.to_json()
    assert Document.from_dict(document.to_dict(), "identity") == read
    assert policy_set(read).policies[0].document == read


# --- rewriting -----------------------------------------------------------------------------------------------------


@fuzz
@given(documents, st.lists(requests, min_size=1, max_size=8))
def test_normalising_merging_and_minimising_keep_the_meaning(document: Document, asked: list[Request]) -> None:
    before = policy_set(document)
    for rewritten in (normalise(document), merge([document]), minimise(document)):
        after = policy_set(rewritten)
        for request in asked:
            assert after.decide(request) == before.decide(request), rewritten.to_json()


@fuzz
@given(documents)
def test_rewriting_twice_is_rewriting_once(document: Document) -> None:
    assert normalise(normalise(document)) == normalise(document)
    small = minimise(document)
    assert minimise(small) == small
    assert len(small.to_json()) <= len(normalise(document).to_json())


@fuzz
@given(st.lists(documents, min_size=1, max_size=4), requests)
def test_merged_documents_mean_what_they_mean_together(several: list[Document], request: Request) -> None:
    assert policy_set(merge(several)).decide(request) == policy_set(*several).decide(request)


@fuzz
@given(documents, requests, st.integers(120, 500))
def test_split_documents_are_short_enough_and_mean_the_same_together(
    document: Document, request: Request, length: int
) -> None:
    try:
        parts = split(document, length)
    except InvalidInputError:
        assume(length >= 450)  # no generated statement needs more, so from here on it is a failure
        raise
    assert all(len(part.to_json()) <= length for part in parts)
    assert policy_set(*parts).decide(request) == policy_set(document).decide(request)


# --- deciding ------------------------------------------------------------------------------------------------------


def slow_outcome(document: Document, request: Request) -> Outcome:
    """The documented rule written down once more, without any index: every statement is looked at."""
    hits = {statement.effect for statement in document.statements if _hits(statement, request)}
    if Effect.DENY in hits:
        return Outcome.EXPLICIT_DENY
    return Outcome.ALLOW if Effect.ALLOW in hits else Outcome.IMPLICIT_DENY


def _hits(statement: Statement, request: Request) -> bool:
    def named(patterns: tuple[str, ...]) -> bool:
        return any(fnmatchcase(request.action.lower(), pattern.lower()) for pattern in patterns)

    def about(pattern: str) -> bool:
        resource = request.resource
        if pattern == "*":
            return True
        if resource.startswith("acs:ram:"):
            pattern, resource = pattern.lower(), resource.lower()
        wanted, found = pattern.split(":", 4), resource.split(":", 4)
        if len(found) != 5:
            return False
        return all(fnmatchcase(f, w or "*") for w, f in zip(wanted, found, strict=True))

    if statement.actions and not named(statement.actions):
        return False
    if statement.not_actions and named(statement.not_actions):
        return False
    return any(map(about, statement.resources)) and all(_holds(c, request) for c in statement.conditions)


def _holds(condition: Condition, request: Request) -> bool:
    prefix, _, base = condition.operator.rpartition(":")
    negated = "Not" in base
    value = request.context.get(condition.key, ())
    items = (value,) if isinstance(value, str) else tuple(value)  # type: ignore[arg-type]  # no unknown values here

    def hit(item: str) -> bool:
        if "Like" in base:
            return any(fnmatchcase(item, wanted) for wanted in condition.values)
        if "IgnoreCase" in base:
            return item.lower() in {wanted.lower() for wanted in condition.values}
        return item in condition.values

    if prefix == "ForAllValues":
        return all(hit(item) != negated for item in items)
    if prefix == "ForAnyValue":
        return any(hit(item) != negated for item in items)
    return any(map(hit, items)) != negated


@fuzz
@given(documents, st.lists(requests, min_size=1, max_size=6))
def test_the_index_changes_no_answer(document: Document, asked: list[Request]) -> None:
    compiled = policy_set(document)
    for request in asked:
        expected = slow_outcome(document, request)
        assert compiled.decide(request) is expected
        assert compiled.explain(request).outcome is expected
        assert authorize(request, identity=compiled).outcome is expected


@fuzz
@given(documents, requests, st.randoms(use_true_random=False))
def test_order_means_nothing(document: Document, request: Request, random: Any) -> None:
    shuffled = list(document.statements)
    random.shuffle(shuffled)
    assert policy_set(Document(tuple(shuffled))).decide(request) is policy_set(document).decide(request)


@fuzz
@given(documents, documents, requests)
def test_a_deny_always_wins_and_another_allow_never_takes_away(
    one: Document, other: Document, request: Request
) -> None:
    alone, together = policy_set(one).decide(request), policy_set(one, other).decide(request)
    if alone is Outcome.EXPLICIT_DENY:
        assert together is Outcome.EXPLICIT_DENY
    if alone is Outcome.ALLOW:
        assert together is not Outcome.IMPLICIT_DENY


@fuzz
@given(documents, documents, requests)
def test_a_session_policy_only_takes_away(identity: Document, session: Document, request: Request) -> None:
    with_session = authorize(request, identity=policy_set(identity), session=policy_set(session))
    assert with_session.allowed == (
        policy_set(identity).decide(request) is Outcome.ALLOW and policy_set(session).decide(request) is Outcome.ALLOW
    )


@fuzz
@given(documents, documents, requests)
def test_account_scope_decides_before_resource_group_scope(
    account: Document, group: Document, request: Request
) -> None:
    in_group = replace(request, resource_group="rg-1")
    policies = PolicySet([Policy("a", PolicyType.CUSTOM, account), Policy("g", PolicyType.CUSTOM, group, scope="rg-1")])
    first, second = policy_set(account).decide(request), policy_set(group).decide(request)
    expected = second if first is Outcome.IMPLICIT_DENY else first
    assert policies.decide(in_group) is expected
    assert authorize(in_group, identity=policies).outcome is expected


@fuzz
@given(documents, documents, documents, requests, st.sampled_from(sorted(KEYS)))
def test_what_is_answered_with_an_unknown_value_holds_for_every_value(
    identity: Document, session: Document, trust: Document, request: Request, key: str
) -> None:
    sides = {"identity": policy_set(identity), "session": policy_set(session)}
    unknown = replace(request, context={**request.context, key: UNKNOWN})
    known = [replace(request, context={**request.context, key: v}) for v in ("a", "b", "ops", "dev", "o*", "zz", ())]
    for judge in (
        lambda r: authorize(r, **sides),
        lambda r: authorize_assume_role(r, trust=policy_set(trust), **sides),
    ):
        answer = judge(unknown)
        if answer.outcome is Outcome.DEPENDS:
            assert answer.depends_on == (key,)
        else:
            assert {judge(r).allowed for r in known} == {answer.allowed}
            if not answer.depends_on:
                assert {judge(r).outcome for r in known} == {answer.outcome}


@fuzz
@given(documents, documents, requests)
def test_what_is_answered_beside_an_unknown_document_holds_for_every_document(
    known: Document, other: Document, request: Request
) -> None:
    unknown = PolicySet(
        [Policy("known", PolicyType.CUSTOM, known), Policy("later", PolicyType.CUSTOM, UNKNOWN_DOCUMENT)]
    )
    answer = authorize(request, identity=unknown)
    if answer.outcome is Outcome.DEPENDS:
        assert answer.depends_on == ("the document of later",)
    else:
        assert answer.outcome is policy_set(known, other).decide(request)
    assert unknown.decide(request) is answer.outcome


odd = st.text(max_size=12) | st.sampled_from(
    [
        "",
        ":",
        "ecs:",
        "::::",
        "acs:ram::1:",
        "acs:::::",
        "999.1.1.1",
        "::ffff:1.2.3.4",
        "1e999",
        "-0",
        "0000-00-00",
        "\ud800",
    ]
)
HOSTILE = Document(
    (
        Statement(
            Effect.ALLOW,
            ("*:*a*b*", "?"),
            (),
            ("acs:*:*a*:*:*b*", "x*"),
            None,
            tuple(
                Condition(f"{prefix}{operator}", "acs:Service", ("10.0.0.0/8", "1", "2026-01-01", "true", "*a*"))
                for prefix in ("", "ForAllValues:", "ForAnyValue:")
                for operator in OPERATORS
            ),
        ),
        Statement(Effect.DENY, (), ("a:*",), ("*",), Principals(("acs:ram::1:root", "x"), ("y",), ("z",), ("*",))),
        *(
            Statement(Effect.ALLOW, ("*",), (), ("*",), None, (Condition(operator, "acs:Service", ("1", "::/0", "t")),))
            for operator in OPERATORS
        ),
    )
)


@fuzz
@given(
    odd, odd, odd, st.dictionaries(st.just("acs:Service") | odd, odd | st.lists(odd, max_size=2).map(tuple), max_size=2)
)
def test_no_request_makes_the_evaluator_fail(
    action: str, resource: str, principal: str, context: dict[str, Any]
) -> None:
    request = Request(action, resource, context, principal)
    sets = policy_set(HOSTILE)
    decision = authorize(request, identity=sets, session=sets, control=sets, resource=sets)
    assert decision.outcome in Outcome
    assert authorize_assume_role(request, identity=sets, trust=sets).outcome is not Outcome.DEPENDS


@fuzz
@given(documents, documents, requests)
def test_a_role_is_assumed_only_when_both_sides_allow(identity: Document, trust: Document, request: Request) -> None:
    own, other = policy_set(identity).decide(request), policy_set(trust).decide(request)
    outcome = authorize_assume_role(request, identity=policy_set(identity), trust=policy_set(trust)).outcome
    if Outcome.EXPLICIT_DENY in {own, other}:
        assert outcome is Outcome.EXPLICIT_DENY
    else:
        assert outcome is (Outcome.ALLOW if own is other is Outcome.ALLOW else Outcome.IMPLICIT_DENY)


@fuzz
@given(documents, requests)
def test_an_explanation_names_the_statements_that_decided(document: Document, request: Request) -> None:
    decision = authorize(request, identity=policy_set(document))
    effect = Effect.DENY if decision.outcome is Outcome.EXPLICIT_DENY else Effect.ALLOW
    expected = [
        index
        for index, statement in enumerate(document.statements)
        if statement.effect is effect and _hits(statement, request)
    ]
    assert [matched.index for matched in decision.matched] == expected
    assert bool(decision.missing) == (decision.outcome is Outcome.IMPLICIT_DENY)


@pytest.mark.parametrize("depth", [10, 100, 100_000])
def test_deep_values_are_no_exception(depth: int) -> None:
    assert parse('{"Version":"1","Statement":' + "[" * depth + "]" * depth + "}", "identity").document is None

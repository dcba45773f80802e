"""Properties of deciding, among them agreement with a second, slow evaluator."""

from __future__ import annotations

from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ram_policies import (
    UNKNOWN,
    UNKNOWN_DOCUMENT,
    Condition,
    Document,
    Effect,
    Outcome,
    Policy,
    PolicySet,
    PolicyType,
    Principals,
    Request,
    Statement,
)
from ram_policies.conditions import OPERATORS
from ram_policies.evaluation.evaluate import authorize, authorize_assume_role
from ram_policies.evaluation.steps import explain_policies

documents = st.from_type(Document)
requests = st.from_type(Request)


def policy_set(*given_documents: Document, scope: str | None = None) -> PolicySet:
    return PolicySet(
        Policy(f"p{i}", PolicyType.CUSTOM, document, scope=scope) for i, document in enumerate(given_documents)
    )


KEYS = ["acs:Service", "ecs:tag/team"]


def slow_outcome(document: Document, request: Request) -> Outcome:
    """A second implementation of the documented rule, without any index: every statement is evaluated."""
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


@given(documents, st.lists(requests, min_size=1, max_size=6))
def test_the_index_changes_no_answer(document: Document, asked: list[Request]) -> None:
    compiled = policy_set(document)
    for request in asked:
        expected = slow_outcome(document, request)
        assert compiled.decide(request) is expected
        assert explain_policies(compiled, request).outcome is expected
        assert authorize(request, identity=compiled) == explain_policies(compiled, request)


@given(documents, requests, st.randoms(use_true_random=False))
def test_order_means_nothing(document: Document, request: Request, random: Any) -> None:
    shuffled = list(document.statements)
    random.shuffle(shuffled)
    assert policy_set(Document(tuple(shuffled))).decide(request) is policy_set(document).decide(request)


@given(documents, documents, requests)
def test_a_deny_always_wins_and_another_allow_never_takes_away(
    one: Document, other: Document, request: Request
) -> None:
    alone, together = policy_set(one).decide(request), policy_set(one, other).decide(request)
    if alone is Outcome.EXPLICIT_DENY:
        assert together is Outcome.EXPLICIT_DENY
    if alone is Outcome.ALLOW:
        assert together is not Outcome.IMPLICIT_DENY


@given(documents, documents, requests)
def test_a_session_policy_only_takes_away(identity: Document, session: Document, request: Request) -> None:
    with_session = authorize(request, identity=policy_set(identity), session=policy_set(session))
    assert with_session.allowed == (
        policy_set(identity).decide(request) is Outcome.ALLOW and policy_set(session).decide(request) is Outcome.ALLOW
    )


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


@given(documents, documents, documents, requests, st.sampled_from(KEYS))
def test_a_decision_with_an_unknown_value_holds_for_every_value(
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


@given(documents, documents, requests)
def test_a_decision_with_an_unknown_document_holds_for_every_document(
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


@given(documents, documents, requests)
def test_a_role_is_assumed_only_when_both_sides_allow(identity: Document, trust: Document, request: Request) -> None:
    own, other = policy_set(identity).decide(request), policy_set(trust).decide(request)
    outcome = authorize_assume_role(request, identity=policy_set(identity), trust=policy_set(trust)).outcome
    if Outcome.EXPLICIT_DENY in {own, other}:
        assert outcome is Outcome.EXPLICIT_DENY
    else:
        assert outcome is (Outcome.ALLOW if own is other is Outcome.ALLOW else Outcome.IMPLICIT_DENY)


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

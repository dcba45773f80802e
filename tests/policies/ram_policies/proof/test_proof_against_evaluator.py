"""Proof against brute force: on small documents, every small request is put to the evaluator."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from ram_policies.document import Condition, Document, Effect, Principals, Statement
from ram_policies.evaluation.decision import Outcome, Policy, PolicyType, Request
from ram_policies.evaluation.policyset import PolicySet
from ram_policies.proof import Verdict, allows_at_most, never_overlap

NAMES = ["".join(letters) for length in (1, 2, 3) for letters in product("abx", repeat=length)]
ACTIONS = [f"{service}:{name}" for service in ("s", "ram") for name in NAMES]
RESOURCES = [
    "*",
    *(
        f"acs:{service}:{region}:{account}:{name}"
        for service in ("s", "ram")
        for region in ("", "a")
        for account in ("1", "2")
        for name in ("a", "A", "ab", "a:b", "b/a", "x")
    ),
]
CONTEXTS: list[dict[str, str | tuple[str, ...]]] = [
    {**({} if mfa is None else {"acs:MFAPresent": mfa}), **({} if many is None else {"k:many": many}), **rest}
    for mfa in (None, "true", "false")
    for many in (None, "a", "b", "x", ("a", "b"), ("a", "x"), ("a", "b", "x"))
    for rest in ({}, {"acs:SourceIp": "10.0.0.1", "s:n": "5"}, {"acs:SourceIp": "10.128.0.1", "s:n": "7.5"})
]
CALLERS = [f"acs:ram::{account}:{rest}" for account in "12" for rest in ("user/a", "user/b", "role/a/session", "root")]

patterns = st.text(st.sampled_from("ab*?"), min_size=1, max_size=3)
actions = st.lists(
    st.one_of(st.just("*"), st.builds("{}:{}".format, st.sampled_from(["s", "S", "*", "ram", "r?m"]), patterns)),
    min_size=1,
    max_size=2,
).map(tuple)
resources = st.lists(
    st.one_of(
        st.just("*"),
        st.builds(
            "acs:{}:{}:{}:{}".format,
            st.sampled_from(["s", "ram", "*"]),
            st.sampled_from(["", "*", "a"]),
            st.sampled_from(["", "1", "*"]),
            st.text(st.sampled_from("aAb*?:/"), min_size=1, max_size=3),
        ),
    ),
    min_size=1,
    max_size=2,
).map(tuple)
conditions = st.lists(
    st.sampled_from(
        [
            Condition("Bool", "acs:MFAPresent", ("true",)),
            Condition("Bool", "acs:MFAPresent", ("false",)),
            Condition("StringEquals", "k:many", ("a",)),
            Condition("StringNotEquals", "k:many", ("a", "b")),
            Condition("ForAllValues:StringLike", "k:many", ("a*", "b")),
            Condition("ForAnyValue:StringNotLike", "k:many", ("a?", "b")),
            Condition("IpAddress", "acs:SourceIp", ("10.0.0.0/8",)),
            Condition("NotIpAddress", "acs:SourceIp", ("10.0.0.0/9",)),
            Condition("NumericLessThan", "s:n", ("7",)),
            Condition("NumericGreaterThanEquals", "s:n", ("5",)),
        ]
    ),
    max_size=2,
    unique_by=lambda c: (c.operator, c.key),
).map(tuple)
effects = st.sampled_from([Effect.ALLOW, Effect.ALLOW, Effect.DENY])
statements = st.one_of(
    st.builds(Statement, effects, actions, st.just(()), resources, st.none(), conditions),
    st.builds(Statement, effects, st.just(()), actions, resources, st.none(), conditions),
)
documents = st.lists(statements, min_size=1, max_size=3).map(lambda s: Document(tuple(s)))
principals = st.lists(
    st.sampled_from(["acs:ram::1:root", "acs:ram::1:user/a", "acs:ram::2:user/A", "acs:ram::1:role/a"]),
    min_size=1,
    max_size=2,
    unique=True,
).map(lambda names: Principals(ram=tuple(names)))
trusts = st.lists(
    st.builds(Statement, effects, st.just(("sts:AssumeRole",)), st.just(()), st.just(()), principals, conditions),
    min_size=1,
    max_size=3,
).map(lambda s: Document(tuple(s)))


def allowed(document: Document) -> PolicySet:
    return PolicySet([Policy("p", PolicyType.CUSTOM, document)])


def says_yes(policies: PolicySet, request: Request) -> bool:
    return policies.decide(request) is Outcome.ALLOW


def some_requests(data: st.DataObject, callers: list[str]) -> list[Request]:
    """Requests near the patterns: all of a thousand would be too slow for each example."""
    picked = data.draw(
        st.lists(
            st.tuples(*(st.sampled_from(pool) for pool in (ACTIONS, RESOURCES, CONTEXTS, callers))),
            min_size=40,
            max_size=40,
        )
    )
    return [Request(action, resource, context, caller) for action, resource, context, caller in picked]


@given(documents, documents, st.data())
def test_allows_at_most_agrees_with_the_evaluator(new: Document, old: Document, data: st.DataObject) -> None:
    proof = allows_at_most(new, old)
    assert proof.verdict is not Verdict.OPEN
    if proof.holds:
        wide, narrow = allowed(old), allowed(new)
        for request in some_requests(data, [""]):
            assert not says_yes(narrow, request) or says_yes(wide, request), request


@given(documents, documents, st.data())
def test_never_overlap_agrees_with_the_evaluator(one: Document, other: Document, data: st.DataObject) -> None:
    proof = never_overlap(one, other)
    assert proof.verdict is not Verdict.OPEN
    if proof.holds:
        first, second = allowed(one), allowed(other)
        for request in some_requests(data, [""]):
            assert not (says_yes(first, request) and says_yes(second, request)), request


@given(trusts, trusts)
def test_proofs_about_trust_policies_agree_with_the_evaluator(new: Document, old: Document) -> None:
    proof = allows_at_most(new, old)
    assert proof.verdict is not Verdict.OPEN
    if proof.holds:
        wide, narrow = allowed(old), allowed(new)
        for caller, context in product(CALLERS, CONTEXTS):
            request = Request("sts:AssumeRole", "acs:ram:*:3:role/r", context, caller)
            assert not says_yes(narrow, request) or says_yes(wide, request), request


@given(documents, documents)
def test_every_small_request(new: Document, old: Document) -> None:
    proof = allows_at_most(new, old)
    wide, narrow = allowed(old), allowed(new)
    exceeded = any(
        says_yes(narrow, request) and not says_yes(wide, request)
        for action, resource in product(ACTIONS[::3], RESOURCES[::2])
        for request in (Request(action, resource), Request(action, resource, {"acs:MFAPresent": "true"}))
    )
    assert not (exceeded and proof.holds)


@given(documents)
def test_a_document_allows_at_most_itself(document: Document) -> None:
    assert allows_at_most(document, document).holds
    assert allows_at_most(Document(()), document).holds

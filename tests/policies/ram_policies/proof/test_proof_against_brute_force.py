"""The prover against a second, slow one, on documents full of difficult cases: boundary values, names, letter case.

The prover must not prove what the slow one has a counterexample to, nor refute without a counterexample that the
evaluator confirms (it raises an error then). Documents as people write them must not stay open.
"""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from ram_policies.document import Condition, Document, Effect, Principals, Statement
from ram_policies.evaluation.decision import Request
from ram_policies.proof import Verdict, allows_at_most, contradiction, never_overlap
from ram_policies.transform import merge, minimise, normalise, split

Pair = tuple[Document, Document]
SlowProver = Callable[[Document, Document, tuple[bool, bool]], Request | None]

letters = st.sampled_from("abAkK\u212a\u0130i\u03a3\u03c2\u00df*?:/")
globs = st.text(letters, min_size=1, max_size=3)
names = st.sampled_from(["a", "A", "somebody", "Somebody", "somebody1", "session", "k"])
dates = st.one_of(
    st.sampled_from(["9999-12-31T23:59:59-08:00", "0001-01-01T00:00:00+08:00", "9999-12-31T23:59:59.999999-23:59"]),
    st.sampled_from(["2026-01-01T00:00:00Z", "2026-01-01T08:00:00+08:00", "0001-01-01", "9999-12-31"]),
)
numbers = st.sampled_from(["0", "1", "-1", "1.5", "9" * 100, "0." + "0" * 99 + "1", "9" * 100 + "." + "9" * 100, "007"])
networks = st.sampled_from(
    ["0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1", "255.255.255.255", "::/0", "::ffff:0:0/95", "::ffff:0.0.0.0/97", "::1"]
)
PREFIXES = st.sampled_from(["", "", "", "ForAllValues:", "ForAnyValue:"])
CONDITIONS = [
    (["StringEquals", "StringNotEquals", "StringLike", "StringNotLike"], globs),
    (["StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"], st.text(letters, max_size=2)),
    (["NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals"], numbers),
    (["NumericGreaterThan", "NumericGreaterThanEquals"], numbers),
    (["DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals"], dates),
    (["DateGreaterThan", "DateGreaterThanEquals"], dates),
    (["IpAddress", "NotIpAddress"], networks),
    (["Bool"], st.sampled_from(["true", "false"])),
]
KEYS = ["many:k", "sts:ExternalId", "acs:CurrentTime", "acs:SourceIp"]


@st.composite
def conditions(draw: st.DrawFn) -> Condition:
    operators, values = draw(st.sampled_from(CONDITIONS))
    key = draw(st.sampled_from(KEYS))
    prefix = draw(PREFIXES) if key == "many:k" else ""
    several = draw(st.lists(values, min_size=1, max_size=2, unique=True))
    return Condition(prefix + draw(st.sampled_from(operators)), key, tuple(several))


few_conditions = st.lists(conditions(), max_size=2, unique_by=lambda c: (c.operator, c.key)).map(tuple)
patterns_of_actions = st.lists(
    st.one_of(st.just("*"), st.builds("{}:{}".format, st.sampled_from(["s", "S", "*", "ra?"]), globs)),
    min_size=1,
    max_size=2,
).map(tuple)
patterns_of_resources = st.lists(
    st.one_of(
        st.just("*"),
        st.builds(
            "acs:{}:{}:{}:{}".format,
            st.sampled_from(["s", "ram", "sts", "*", "?"]),
            st.sampled_from(["", "*", "r"]),
            st.sampled_from(["", "1", "*", "?1"]),
            globs,
        ),
    ),
    min_size=1,
    max_size=2,
).map(tuple)
effects = st.sampled_from([Effect.ALLOW, Effect.ALLOW, Effect.DENY])
statements = st.one_of(
    st.builds(Statement, effects, patterns_of_actions, st.just(()), patterns_of_resources, st.none(), few_conditions),
    st.builds(Statement, effects, st.just(()), patterns_of_actions, patterns_of_resources, st.none(), few_conditions),
)
documents = st.lists(statements, min_size=1, max_size=3).map(lambda several: Document(tuple(several)))
accounts = st.sampled_from(["1", "2", "1000000001"])
trusted = st.one_of(
    st.builds("acs:ram::{}:root".format, accounts),
    st.builds("acs:ram::{}:{}/{}".format, accounts, st.sampled_from(["user", "role"]), names),
)
trust_principals = st.builds(
    lambda ram, service, federated: Principals(tuple(ram), tuple(service), tuple(federated)),
    st.lists(trusted, min_size=1, max_size=2, unique=True),
    st.lists(st.sampled_from(["ecs.aliyuncs.com", "unnamed.aliyuncs.com", "ECS.aliyuncs.com"]), max_size=1),
    st.lists(st.builds("acs:ram::{}:saml-provider/{}".format, accounts, names), max_size=1),
)
bucket_principals = st.lists(
    st.one_of(
        st.just("*"),
        accounts,
        trusted,
        st.builds("arn:sts::{}:assumed-role/{}/{}".format, accounts, names, st.sampled_from(["*", "s1", "session"])),
    ),
    min_size=1,
    max_size=2,
    unique=True,
).map(lambda uids: Principals(uids=tuple(uids)))


def naming(principals: st.SearchStrategy[Principals], resources: tuple[str, ...]) -> st.SearchStrategy[Document]:
    one = st.builds(
        Statement, effects, st.just(("sts:AssumeRole",)), st.just(()), st.just(resources), principals, few_conditions
    )
    return st.lists(one, min_size=1, max_size=3).map(lambda several: Document(tuple(several)))


trusts = naming(trust_principals, ())
buckets = naming(bucket_principals, ("acs:oss:*:1:b/*",))
pairs = st.one_of(st.tuples(documents, documents), st.tuples(trusts, trusts), st.tuples(buckets, buckets))


@given(pair=pairs)
def test_nothing_is_proved_to_allow_at_most_what_it_does_not(pair: Pair, brute_force: SlowProver) -> None:
    if allows_at_most(*pair).holds:
        assert brute_force(*pair, (True, False)) is None


@given(pair=pairs)
def test_nothing_is_proved_never_to_overlap_that_does(pair: Pair, brute_force: SlowProver) -> None:
    if never_overlap(*pair).holds:
        assert brute_force(*pair, (True, True)) is None


@given(st.one_of(documents, trusts, buckets))
def test_every_document_allows_at_most_itself(document: Document) -> None:
    assert allows_at_most(document, document).holds
    reordered = Document(tuple(reversed(document.statements)))
    assert allows_at_most(document, reordered).holds


@given(st.one_of(documents, trusts, buckets))
def test_rewriting_keeps_the_meaning_and_never_lengthens(document: Document) -> None:
    for rewritten in (normalise(document), merge([document]), minimise(document)):
        assert allows_at_most(rewritten, document).verdict is not Verdict.REFUTED
        assert allows_at_most(document, rewritten).verdict is not Verdict.REFUTED
    assert len(minimise(document).to_json()) <= len(document.to_json())
    parts = split(document, max(len(Document((s,)).to_json()) for s in document.statements))
    assert allows_at_most(list(parts), document).verdict is not Verdict.REFUTED
    assert allows_at_most(document, list(parts)).verdict is not Verdict.REFUTED


@given(several=st.lists(conditions(), min_size=1, max_size=3, unique_by=lambda c: (c.operator, c.key)))
def test_no_request_satisfies_what_is_called_contradictory(several: list[Condition], brute_force: SlowProver) -> None:
    everything = Document((Statement(Effect.ALLOW, ("*",), (), ("*",), None, tuple(several)),))
    if contradiction(several):
        assert brute_force(everything, everything, (True, True)) is None
        assert allows_at_most(everything, Document(())).verdict is not Verdict.REFUTED

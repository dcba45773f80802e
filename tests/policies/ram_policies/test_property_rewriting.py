"""Properties of rewriting: the meaning does not change."""

from __future__ import annotations

from hypothesis import assume, given
from hypothesis import strategies as st

from ram_policies import (
    Document,
    InvalidInputError,
    Policy,
    PolicySet,
    PolicyType,
    Request,
)
from ram_policies.transform import merge, minimise, normalise, split

documents = st.from_type(Document)
requests = st.from_type(Request)


def policy_set(*given_documents: Document, scope: str | None = None) -> PolicySet:
    return PolicySet(
        Policy(f"p{i}", PolicyType.CUSTOM, document, scope=scope) for i, document in enumerate(given_documents)
    )


@given(documents, st.lists(requests, min_size=1, max_size=8))
def test_normalising_merging_and_minimising_keep_the_meaning(document: Document, asked: list[Request]) -> None:
    before = policy_set(document)
    for rewritten in (normalise(document), merge([document]), minimise(document)):
        after = policy_set(rewritten)
        for request in asked:
            assert after.decide(request) == before.decide(request), rewritten.to_json()


@given(documents)
def test_rewriting_twice_is_rewriting_once(document: Document) -> None:
    assert normalise(normalise(document)) == normalise(document)
    small = minimise(document)
    assert minimise(small) == small
    assert len(small.to_json()) <= len(document.to_json())


@given(st.lists(documents, min_size=1, max_size=4), requests)
def test_merged_documents_mean_what_they_mean_together(several: list[Document], request: Request) -> None:
    assert policy_set(merge(several)).decide(request) == policy_set(*several).decide(request)


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

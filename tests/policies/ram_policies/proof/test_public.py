"""Documents that allow strangers."""

from __future__ import annotations

import pytest

from ram_policies.document import UNKNOWN_DOCUMENT, Condition, Document, Effect, Principals, Statement
from ram_policies.proof import Verdict
from ram_policies.proof.public import public_request

OBJECT = "acs:oss:*:11223344:bucket/*"


def _statement(effect=Effect.ALLOW, uids=("*",), actions=("oss:GetObject",), conditions=(), ram=()):
    return Statement(effect, actions, (), (OBJECT,), Principals(ram=ram, uids=uids), conditions)


VPC = Condition("StringEquals", "acs:SourceVpc", ("vpc-1",))
CASES = {
    "anybody may read": ([_statement()], Verdict.REFUTED),
    "one account may read": ([_statement(uids=("12345678",))], Verdict.PROVED),
    "anybody, and a Deny for anybody": ([_statement(), _statement(Effect.DENY)], Verdict.PROVED),
    "anybody, and a Deny for one account": ([_statement(), _statement(Effect.DENY, ("1",))], Verdict.REFUTED),
    "anybody, and a Deny of another action": (
        [_statement(), _statement(Effect.DENY, actions=("oss:PutObject",))],
        Verdict.REFUTED,
    ),
    "anybody from one network": ([_statement(conditions=(VPC,))], Verdict.REFUTED),
    "only a Deny": ([_statement(Effect.DENY)], Verdict.PROVED),
    "nothing": ([], Verdict.PROVED),
    "a wildcard inside a principal": ([_statement(uids=(), ram=("acs:ram::*:root",))], Verdict.OPEN),
}


@pytest.mark.parametrize(("statements", "verdict"), CASES.values(), ids=CASES)
def test_a_stranger_is_let_in_or_not(statements, verdict):
    assert public_request([Document(tuple(statements))]).verdict is verdict


def test_a_counterexample_contains_the_proofs_that_a_stranger_needs():
    proof = public_request([Document((_statement(conditions=(VPC,)),))])
    assert dict(proof.counterexample.context) == {"acs:SourceVpc": "vpc-1"}


def test_a_document_that_is_not_known_is_not_decided():
    assert public_request([UNKNOWN_DOCUMENT]).verdict is Verdict.OPEN


def test_a_wildcard_of_ones_own_account_is_no_stranger():
    statement = _statement(uids=(), ram=("acs:ram::11223344:user/*",))
    assert public_request([Document((statement,))], ["11223344"]).verdict is Verdict.PROVED
    assert public_request([Document((statement,))]).verdict is Verdict.OPEN

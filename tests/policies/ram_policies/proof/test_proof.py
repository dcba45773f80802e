"""Proof: answers worked out by hand, each with its evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from ram_policies.arn import account_of
from ram_policies.build import allow, deny, deny_other_than, trust
from ram_policies.document import Document, Effect, Principals, Statement
from ram_policies.proof import Verdict, allows_at_most, never_overlap
from ram_policies.proof.budget import Budget
from ram_policies.proof.search import Search
from ram_policies.transform import minimise


def doc(*statements: Statement) -> Document:
    return Document(tuple(statements))


MFA = {"Bool": {"acs:MFAPresent": "true"}}
NO_MFA = {"Bool": {"acs:MFAPresent": "false"}}
INSTANCES = "acs:ecs:*:11223344:instance/*"

NO_NEW_ACCESS = {
    "the same": (doc(allow("ecs:*")), doc(allow("ecs:*"))),
    "an action under a wildcard": (doc(allow("ecs:StopInstance")), doc(allow("ecs:Stop*"))),
    "actions without regard to case": (doc(allow("ECS:stopinstance")), doc(allow("ecs:StopInstance"))),
    "a question mark under a star": (doc(allow("ecs:Stop?")), doc(allow("ecs:Stop*"))),
    "wildcards that together cover": (doc(allow("ecs:*a*")), doc(allow(["ecs:a*", "ecs:?*a*"]))),
    "a resource under a pattern": (
        doc(allow("ecs:*", "acs:ecs:cn-hangzhou:11223344:instance/i-1")),
        doc(allow("ecs:*", INSTANCES)),
    ),
    "an empty region is any region": (
        doc(allow("sts:AssumeRole", "acs:ram::11223344:role/ecs-admin")),
        doc(allow("sts:AssumeRole", "acs:ram:*:11223344:role/ecs-admin")),
    ),
    "names of RAM without regard to case": (
        doc(allow("sts:AssumeRole", "acs:ram:*:11223344:role/ECS-Admin")),
        doc(allow("sts:AssumeRole", "acs:ram:*:11223344:role/ecs-admin")),
    ),
    "less by a deny": (doc(allow("*"), deny("ram:*")), doc(allow("*"))),
    "the same by NotAction": (doc(allow("*"), deny("ram:*")), doc(allow("*"), deny("ram:*", "*"))),
    "deny everything but": (doc(allow("*"), deny_other_than(["ecs:*", "rds:*"])), doc(allow(["ecs:*", "rds:*"]))),
    "everything is denied": (doc(allow("ecs:*"), deny("e*")), doc()),
    "allowed in two halves": (doc(allow("ecs:*")), doc(allow("ecs:*", conditions=MFA), allow("ecs:*"))),
    "a condition more": (doc(allow("ecs:*", conditions=MFA)), doc(allow("ecs:*"))),
    "deny without MFA, where MFA is demanded": (
        doc(allow("ecs:*", conditions=MFA)),
        doc(allow("ecs:*"), deny("ecs:*", conditions=NO_MFA)),
    ),
    "a network inside a network": (
        doc(allow("ecs:*", conditions={"IpAddress": {"acs:SourceIp": ["10.1.0.0/16", "10.2.3.4"]}})),
        doc(allow("ecs:*", conditions={"IpAddress": {"acs:SourceIp": "10.0.0.0/8"}})),
    ),
    "two halves of a network": (
        doc(allow("ecs:*", conditions={"IpAddress": {"acs:SourceIp": "10.0.0.0/8"}})),
        doc(
            allow("ecs:*", conditions={"IpAddress": {"acs:SourceIp": "10.0.0.0/9"}}),
            allow("ecs:*", conditions={"IpAddress": {"acs:SourceIp": "10.128.0.0/9"}}),
        ),
    ),
    "a shorter window": (
        doc(allow("ecs:*", conditions={"DateLessThan": {"acs:CurrentTime": "2027-01-01T00:00:00Z"}})),
        doc(allow("ecs:*", conditions={"DateLessThanEquals": {"acs:CurrentTime": "2027-06-01T00:00:00+08:00"}})),
    ),
    "a narrower pattern of a value": (
        doc(allow("oss:*", conditions={"StringLike": {"oss:Prefix": "logs/2026/*"}})),
        doc(allow("oss:*", conditions={"StringLike": {"oss:Prefix": ["logs/*", "tmp/*"]}})),
    ),
    "one more external ID is refused": (
        doc(trust("acs:ram::12345678:root", conditions={"StringEquals": {"sts:ExternalId": "a1"}})),
        doc(trust("acs:ram::12345678:root", conditions={"StringEquals": {"sts:ExternalId": ["a1", "b2"]}})),
    ),
    "one user of a trusted account": (
        doc(trust("acs:ram::12345678:user/AAA")),
        doc(trust("acs:ram::12345678:root")),
    ),
}

NEW_ACCESS = {
    "another action": (doc(allow("ecs:*")), doc(allow("ecs:Describe*"))),
    "everything but": (doc(allow("*"), deny_other_than(["ecs:*", "rds:*"])), doc(allow("ecs:*"))),
    "a deny that went": (doc(allow("*")), doc(allow("*"), deny("ram:*"))),
    "a deny of fewer resources": (
        doc(allow("ecs:*"), deny("ecs:*", "acs:ecs:*:*:instance/i-prod*")),
        doc(allow("ecs:*"), deny("ecs:*", "acs:ecs:*:*:instance/i-p*")),
    ),
    "case of a resource that is not RAM's": (
        doc(allow("oss:*", "acs:oss:*:*:Logs/*")),
        doc(allow("oss:*", "acs:oss:*:*:logs/*")),
    ),
    "one resource more": (doc(allow("ecs:*")), doc(allow("ecs:*", INSTANCES))),
    "the actions without a resource": (doc(allow("ecs:*")), doc(allow("ecs:*", "acs:*:*:*:*"))),
    "a condition that went": (doc(allow("ecs:*")), doc(allow("ecs:*", conditions=MFA))),
    "a deny that misses the absent key": (
        doc(allow("ecs:*"), deny("ecs:*", conditions=NO_MFA)),
        doc(allow("ecs:*", conditions=MFA)),
    ),
    "a wider network": (
        doc(allow("ecs:*", conditions={"IpAddress": {"acs:SourceIp": "10.0.0.0/8"}})),
        doc(allow("ecs:*", conditions={"IpAddress": {"acs:SourceIp": "10.0.0.0/9"}})),
    ),
    "another account is trusted": (
        doc(trust(["acs:ram::12345678:root", "acs:ram::5555:user/x"])),
        doc(trust("acs:ram::12345678:root")),
    ),
    "all of an account instead of a user": (
        doc(trust("acs:ram::12345678:root")),
        doc(trust("acs:ram::12345678:user/AAA")),
    ),
    "any of several values": (
        doc(allow("ram:CreateRole", conditions={"ForAnyValue:StringEquals": {"ram:TrustedPrincipalTypes": "RAM"}})),
        doc(allow("ram:CreateRole", conditions={"ForAllValues:StringEquals": {"ram:TrustedPrincipalTypes": "RAM"}})),
    ),
}


@pytest.mark.parametrize(("new", "old"), NO_NEW_ACCESS.values(), ids=NO_NEW_ACCESS)
def test_equal_or_narrower_documents_are_proved(new: Document, old: Document) -> None:
    proof = allows_at_most(new, old)
    assert proof.verdict is Verdict.PROVED, proof
    assert proof.holds


@pytest.mark.parametrize(("new", "old"), NO_NEW_ACCESS.values(), ids=NO_NEW_ACCESS)
def test_no_new_access_without_the_short_cut(new: Document, old: Document) -> None:
    search = Search((new.statements, old.statements), (True, False))
    assert search.run() is None
    assert not search.gave_up


@pytest.mark.parametrize(("new", "old"), NEW_ACCESS.values(), ids=NEW_ACCESS)
def test_new_access_has_a_counterexample(new: Document, old: Document) -> None:
    proof = allows_at_most(new, old)
    assert proof.verdict is Verdict.REFUTED
    assert not proof.holds
    assert proof.counterexample is not None  # the evaluator has confirmed it, or the call would have raised


def under(operator: str, key: str, *values: str) -> Document:
    return doc(allow("ecs:*", conditions={operator: {key: values}}))


BEYOND_THE_TYPE = {
    "before the last moment": under("DateLessThan", "acs:CurrentTime", "9999-12-31T23:59:59-08:00"),
    "after a moment of the year 10000": under("DateGreaterThan", "acs:CurrentTime", "9999-12-31T23:59:59-08:00"),
    "before a moment of the year 0": under("DateLessThan", "acs:CurrentTime", "0001-01-01T00:00:00+08:00"),
    "at the last moment of all": under("DateEquals", "acs:CurrentTime", "9999-12-31T23:59:59.999999-23:59"),
    "above a hundred nines": under("NumericGreaterThan", "k:n", "9" * 100),
    "below minus a hundred nines": under("NumericLessThan", "k:n", "-" + "9" * 100),
    "the smallest step above zero": under("NumericEquals", "k:n", "0." + "0" * 99 + "1"),
    "the last address": under("IpAddress", "acs:SourceIp", "255.255.255.255"),
    "the last address of IPv6": under("IpAddress", "acs:SourceIp", "ffff:" * 7 + "ffff"),
    "one mapped address": under("IpAddress", "acs:SourceIp", "::ffff:255.255.255.255"),
    "a network around the mapped addresses": under("IpAddress", "acs:SourceIp", "::ffff:0:0/95"),
}
AT_THE_END_OF_ITS_TYPE = {
    "after the last moment of all": under("DateGreaterThan", "acs:CurrentTime", "9999-12-31T23:59:59.999999-23:59"),
    "before the first moment of all": under("DateLessThan", "acs:CurrentTime", "0001-01-01T00:00:00+23:59"),
    "above the greatest number": under("NumericGreaterThan", "k:n", "9" * 100 + "." + "9" * 100),
    "below the least number": under("NumericLessThan", "k:n", "-" + "9" * 100 + "." + "9" * 100),
}


@pytest.mark.parametrize("name", BEYOND_THE_TYPE)
def test_a_bound_at_the_edge_of_its_type_is_not_passed_over(name: str) -> None:
    assert allows_at_most(BEYOND_THE_TYPE[name], doc()).verdict is Verdict.REFUTED


@pytest.mark.parametrize("name", AT_THE_END_OF_ITS_TYPE)
def test_a_condition_that_no_value_of_its_type_meets_allows_nothing(name: str) -> None:
    assert allows_at_most(AT_THE_END_OF_ITS_TYPE[name], doc()).holds


@pytest.mark.parametrize("name", ["somebody", "SOMEBODY", "somebody1", "session", "unnamed", "x"])
@pytest.mark.parametrize("kind", ["user", "role"])
def test_a_stand_in_never_has_a_name_of_the_documents(name: str, kind: str) -> None:
    many = [f"acs:ram::1:{kind}/{name}", "acs:ram::1:user/somebody1", "acs:ram::1:user/somebody2"]
    assert allows_at_most(doc(trust("acs:ram::1:root")), doc(trust(many))).verdict is Verdict.REFUTED
    assert allows_at_most(doc(trust(many)), doc(trust("acs:ram::1:root"))).holds


def test_the_account_of_a_stranger_is_one_that_nobody_names() -> None:
    strangers = [f"acs:ram::{1_000_000_001 + n}:root" for n in range(3)]
    assert never_overlap(doc(trust("acs:ram::1:root")), doc(trust(strangers))).holds
    assert allows_at_most(doc(trust(strangers)), doc(trust(strangers[:2]))).verdict is Verdict.REFUTED


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("\u212a", "k", True), ("\u03c9\u03a3", "\u03a9\u03c2", True), ("\u0130", "i", False), ("\u00df", "ss", False)],
)
def test_letter_case_beyond_ascii_is_the_same_for_matching_and_proof(one: str, other: str, same: bool) -> None:
    first, second = (under("StringEqualsIgnoreCase", "sts:ExternalId", text) for text in (one, other))
    assert allows_at_most(first, second).holds is same
    assert allows_at_most(under("StringEquals", "sts:ExternalId", one), second).holds is same
    assert never_overlap(first, second).holds is not same


def test_a_truth_value_and_a_text_on_one_key_are_compared() -> None:
    in_any_case = under("StringEqualsIgnoreCase", "acs:MFAPresent", "TRUE")
    assert allows_at_most(doc(allow("ecs:*", conditions=MFA)), in_any_case).holds
    exact = under("StringEquals", "acs:MFAPresent", "true")
    assert allows_at_most(doc(allow("ecs:*", conditions=MFA)), exact).verdict is Verdict.REFUTED
    assert allows_at_most(exact, doc(allow("ecs:*", conditions=MFA))).holds


def test_an_address_written_as_text_is_compared_with_a_network() -> None:
    address, network = (
        under("StringEquals", "acs:SourceIp", "10.0.0.1"),
        under("IpAddress", "acs:SourceIp", "10.0.0.0/8"),
    )
    assert allows_at_most(address, network).holds
    assert allows_at_most(network, address).verdict is Verdict.REFUTED
    assert never_overlap(under("StringEquals", "acs:SourceIp", "11.0.0.1"), network).holds


def test_a_counterexample_reads_like_a_request() -> None:
    proof = allows_at_most(doc(allow("ecs:StopInstance", INSTANCES, conditions=MFA)), doc(allow("ecs:Describe*")))
    request = proof.counterexample
    assert request is not None
    assert request.action == "ecs:StopInstance"
    assert request.resource == "acs:ecs::11223344:instance/"
    assert request.context == {"acs:MFAPresent": "true"}


def test_documents_attached_together() -> None:
    together = [doc(allow("ecs:*")), doc(deny("ecs:Delete*"))]
    assert allows_at_most(together, doc(allow("ecs:*"))).holds
    assert not allows_at_most(doc(allow("ecs:*")), together).holds
    assert allows_at_most(doc(allow("ecs:StopInstance")), together).holds


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        (doc(allow("ecs:*")), doc(allow("rds:*")), True),
        (doc(allow("ecs:*Instance")), doc(allow("ecs:Stop*")), False),
        (doc(allow("ecs:*", "acs:ecs:*:1:*")), doc(allow("ecs:*", "acs:ecs:*:2:*")), True),
        (doc(allow("ecs:*"), deny("ecs:Stop*")), doc(allow("ecs:Stop*")), True),
        (doc(allow("*", conditions=MFA)), doc(allow("*", conditions=NO_MFA)), True),
        (doc(allow("*", conditions=MFA)), doc(allow("*"), deny("*", conditions=NO_MFA)), False),
        (doc(trust("acs:ram::1:root")), doc(trust("acs:ram::2:root")), True),
        (doc(trust("acs:ram::1:root")), doc(trust("acs:ram::1:role/x")), False),
        (doc(trust(service="ecs.aliyuncs.com")), doc(trust(service="ECS.aliyuncs.com")), False),
    ],
)
def test_disjoint_documents_are_proved_disjoint(one: Document, other: Document, apart: bool) -> None:
    assert never_overlap(one, other).holds is apart
    assert never_overlap(other, one).holds is apart


def test_conditions_of_two_types_on_one_key_stay_open() -> None:
    new = doc(allow("ecs:*", conditions={"StringLike": {"acs:SourceIp": "10.1.*"}}))
    old = doc(allow("ecs:*", conditions={"IpAddress": {"acs:SourceIp": "10.0.0.0/8"}}))
    proof = allows_at_most(new, old)
    assert proof.verdict is not Verdict.PROVED
    assert allows_at_most(old, new).verdict is not Verdict.PROVED


def test_hostile_wildcards_end_in_an_open_answer() -> None:
    letters = "abcdefghijklmnopqrstuvwxyz"
    new = doc(*(allow(f"ecs:*{a}*{b}*{a}*") for a in letters for b in letters[:4]))
    old = doc(*(allow(f"ecs:*{b}?{a}*{b}") for a in letters for b in letters[4:9]))
    proof = allows_at_most(doc(*new.statements, deny("ecs:*")), doc(*old.statements))
    assert proof.verdict is Verdict.OPEN
    assert "wildcards of the actions" in proof.open_because[0]


def test_a_hostile_document_is_proved_equal_to_itself() -> None:
    document = doc(*(allow(f"ecs:*{a}*{b}*{a}*") for a in "abcdefghij" for b in "klmnop"))
    assert allows_at_most(document, document).holds


def test_long_lists_of_plain_actions_are_quick() -> None:
    names = [f"svc{n % 20}:Describe{n}Thing" for n in range(600)]
    assert allows_at_most(doc(allow(names[1:])), doc(allow(names[:300]), allow(names[300:]))).holds
    assert not allows_at_most(doc(allow(names)), doc(allow(names[1:]))).holds


def test_nothing_is_allowed_by_an_empty_document() -> None:
    assert allows_at_most(doc(), doc()).holds
    assert allows_at_most(doc(Statement(Effect.DENY, ("*",), (), ("*",))), doc()).holds


def test_many_hostile_questions_end_together() -> None:
    letters = "abcdefghijklmnop"
    hostile = [f"acs:ecs:*:*:*{a}*{b}*{a}*{b}*" for a in letters for b in letters[:6]]
    new = doc(*(allow(f"ecs:Action{n}", hostile[n % 7 :: 7]) for n in range(60)))
    old = doc(*(allow(f"ecs:Action{n}", hostile[n % 5 :: 5]) for n in range(60)))
    assert allows_at_most(new, old).verdict is not Verdict.PROVED
    assert never_overlap(new, doc(*old.statements, deny("ecs:*"))).verdict is Verdict.OPEN


def test_a_proof_about_many_conditions_ends() -> None:
    def conditions(start: int) -> dict[str, dict[str, str]]:
        return {"StringLike": {f"k:{n}": f"*{'ab' * (start + n)}*" for n in range(start, start + 12)}}

    new = doc(*(allow("ecs:*", conditions=conditions(n)) for n in range(10)))
    old = doc(
        *(allow("ecs:*", conditions=conditions(n)) for n in range(5, 20)), deny("ecs:*", conditions=conditions(3))
    )
    proof = allows_at_most(new, old)
    assert proof.verdict is not Verdict.PROVED


OWN_BUCKET = "acs:oss:*:1:b/*"
INSECURE = {"Bool": {"acs:SecureTransport": "false"}}


def bucket(effect: Effect, *uids: str, conditions: Mapping[str, Mapping[str, str]] | None = None) -> Statement:
    statement = (allow if effect is Effect.ALLOW else deny)("oss:*", OWN_BUCKET, conditions=conditions)
    return replace(statement, principals=Principals(uids=uids))


@pytest.mark.parametrize("for_all", [("*",), ("*", "2")])
def test_a_deny_for_everybody_does_not_replace_one_that_binds_the_owner(for_all: tuple[str, ...]) -> None:
    everybody = bucket(Effect.ALLOW, "*")
    spares = Document((everybody, bucket(Effect.DENY, *for_all)))
    binds = Document((everybody, bucket(Effect.DENY, "*", conditions=INSECURE)))
    proof = allows_at_most(spares, binds)
    assert proof.verdict is Verdict.REFUTED
    assert proof.counterexample is not None
    assert (proof.counterexample.principal, account_of(proof.counterexample.resource)) == ("acs:ram::1:root", "1")


def test_a_root_identity_is_bound_where_the_bucket_is_not_its_own() -> None:
    matching = {"ForAnyValue:StringEqualsIgnoreCase": {"k:k": "a"}}
    narrow = Document((bucket(Effect.ALLOW, "*", conditions=matching), bucket(Effect.DENY, "acs:ram::1:root")))
    refused = Document((bucket(Effect.DENY, "*"), bucket(Effect.ALLOW, "*", conditions=matching)))
    proof = allows_at_most(narrow, refused)
    assert proof.verdict is Verdict.REFUTED  # and confirmed by the evaluator, or the call would have raised


def test_minimising_keeps_a_deny_that_binds_the_owner() -> None:
    document = Document(
        (bucket(Effect.ALLOW, "*"), bucket(Effect.DENY, "*"), bucket(Effect.DENY, "*", conditions=INSECURE))
    )
    assert allows_at_most(minimise(document), document).holds
    assert allows_at_most(document, minimise(document)).holds


def test_several_questions_can_share_one_budget() -> None:
    budget = Budget(work=4000)
    verdicts = [allows_at_most(doc(allow("ecs:*")), doc(), budget).verdict for _ in range(40)]
    assert verdicts[0] is Verdict.REFUTED
    assert verdicts[-1] is Verdict.OPEN

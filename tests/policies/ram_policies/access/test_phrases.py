"""Conditions, statements and principals in plain words."""

from __future__ import annotations

import pytest

from ram_policies.access.phrases import condition_phrase, conditions_phrase, listed, statement_phrase, trusted_phrase
from ram_policies.build import allow, deny, deny_other_than, trust
from ram_policies.document import Condition, Statement


@pytest.mark.parametrize(
    ("operator", "key", "values", "words"),
    [
        ("Bool", "acs:MFAPresent", ["true"], "with MFA"),
        ("Bool", "acs:MFAPresent", ["FALSE"], "without MFA"),
        ("Bool", "acs:SecureTransport", ["true"], "over HTTPS"),
        ("StringEquals", "sts:ExternalId", ["a1", "b2"], "with external ID a1 or b2"),
        ("IpAddress", "acs:SourceIp", ["10.0.0.0/8"], "from 10.0.0.0/8"),
        ("NotIpAddress", "acs:SourceIp", ["10.0.0.0/8"], "from anywhere but 10.0.0.0/8"),
        ("DateLessThan", "acs:CurrentTime", ["2027-01-01"], "before 2027-01-01"),
        ("DateGreaterThanEquals", "acs:CurrentTime", ["2027-01-01"], "from 2027-01-01 on"),
        ("StringEquals", "acs:ResourceTag/team", ["ops"], "on resources tagged team = ops"),
        ("StringEquals", "acs:RequestTag/team", ["ops"], "setting the tag team = ops"),
        ("StringNotEquals", "acs:SourceVpc", ["vpc-1"], "with acs:SourceVpc other than vpc-1"),
        ("NumericLessThan", "ecs:Count", ["3"], "with ecs:Count below 3"),
        (
            "ForAnyValue:StringLike",
            "ram:TrustedPrincipalTypes",
            ["R*"],
            "with ram:TrustedPrincipalTypes some value like R*",
        ),
        ("DateLessThan", "ecs:Expires", ["2027-01-01"], "with ecs:Expires before 2027-01-01"),
    ],
)
def test_a_condition_reads_as_a_phrase(operator: str, key: str, values: list[str], words: str) -> None:
    assert condition_phrase(Condition(operator, key, tuple(values))) == words


def test_conditions_together() -> None:
    mfa, network = Condition("Bool", "acs:MFAPresent", ("true",)), Condition("IpAddress", "acs:SourceIp", ("10.0.0.1",))
    assert conditions_phrase([mfa, network]) == "with MFA and from 10.0.0.1"
    assert conditions_phrase([]) == ""


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        (allow("ecs:*"), "ecs:* on everything"),
        (allow("*"), "everything on everything"),
        (deny("ecs:*", "acs:ecs:*:*:disk/*"), "refused: ecs:* on acs:ecs:*:*:disk/*"),
        (deny_other_than("ecs:*"), "refused: everything but ecs:* on everything"),
        (allow(["a:b", "c:d"], conditions={"Bool": {"acs:MFAPresent": "true"}}), "a:b and c:d on everything, with MFA"),
    ],
)
def test_a_statement_in_words(statement: Statement, words: str) -> None:
    assert statement_phrase(statement) == words


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        (trust("acs:ram::1:root"), "account 1"),
        (trust(["acs:ram::1:user/a", "acs:ram::1:role/b"]), "user a of 1 or role b of 1"),
        (trust(service="ecs.aliyuncs.com"), "the service ecs.aliyuncs.com"),
        (trust(federated="acs:ram::1:saml-provider/idp"), "saml-provider idp of 1"),
    ],
)
def test_a_trust_policy_in_words(statement: Statement, words: str) -> None:
    assert trusted_phrase(statement) == words


def test_long_lists_are_cut() -> None:
    assert listed([str(n) for n in range(5)]) == "0, 1, 2, 3 and 4"
    assert listed([str(n) for n in range(9)]) == "0, 1, 2, 3 and 5 more"

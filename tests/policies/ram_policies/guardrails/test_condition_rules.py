"""Rules about conditions."""

import pytest

from ram_guardrails_pack.testing import UNKNOWN, check, policy, provider, role, trust_document
from ram_policies.build import allow, deny, document, trust
from ram_policies.guardrails.rulebook import find_rule

A = provider("11223344")


def granting(*statements):
    return policy("p", document(*statements), A)


class TestNeverHolds:
    rule = find_rule("condition-never-holds")

    @pytest.mark.parametrize(
        "conditions",
        [
            {
                "DateGreaterThan": {"acs:CurrentTime": "2031-01-01T00:00:00Z"},
                "DateLessThan": {"acs:CurrentTime": "2030-01-01T00:00:00Z"},
            },
            {
                "DateGreaterThan": {"acs:CurrentTime": "2030-01-01T00:00:00Z"},
                "DateLessThan": {"acs:CurrentTime": "2030-01-01T00:00:00Z"},
            },
            {"StringEquals": {"sts:ExternalId": "a"}, "StringNotEquals": {"sts:ExternalId": ["a", "b"]}},
            {"StringEquals": {"acs:SourceVpc": ["a", "b"]}, "StringLike": {"acs:SourceVpc": "vpc-*"}},
            {"NumericLessThan": {"ecs:Count": "3"}, "NumericGreaterThan": {"ecs:Count": "3"}},
            {"NumericEquals": {"ecs:Count": "2"}, "NumericNotEquals": {"ecs:Count": "2"}},
            {"IpAddress": {"acs:SourceIp": "203.0.113.0/25"}, "NotIpAddress": {"acs:SourceIp": "203.0.113.0/24"}},
            {"StringLike": {"acs:SourceVpc": "a*"}, "StringNotLike": {"acs:SourceVpc": "a*"}},
            {"StringLike": {"sts:ExternalId": "a*"}, "StringEqualsIgnoreCase": {"sts:ExternalId": "b"}},
            {"StringNotLike": {"oss:Prefix": "a*"}, "StringEquals": {"oss:Prefix": ["ab", "a"]}},
            {"Bool": {"acs:SecureTransport": "true"}, "StringEquals": {"acs:SecureTransport": "false"}},
            {"IpAddress": {"acs:SourceIp": "203.0.113.0/24"}, "StringEquals": {"acs:SourceIp": "198.51.100.1"}},
            {"ForAllValues:StringNotLike": {"k:v": "*"}, "ForAnyValue:StringLike": {"k:v": "a*"}},
            {"StringEquals": {"acs:TokenIssueTime": "2030-01-01T00:00:00Z"}},
            {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
            {"IpAddress": {"acs:sourceip": "203.0.113.0/24"}},
        ],
    )
    def test_conditions_that_no_value_meets_are_a_violation(self, conditions):
        assert check(self.rule, granting(allow("ecs:*", conditions=conditions)))

    @pytest.mark.parametrize(
        "conditions",
        [
            {
                "DateGreaterThan": {"acs:CurrentTime": "2030-01-01T00:00:00Z"},
                "DateLessThan": {"acs:CurrentTime": "2030-01-01T00:00:01Z"},
            },
            {"StringEquals": {"sts:ExternalId": ["a", "c"]}, "StringNotEquals": {"sts:ExternalId": ["a", "b"]}},
            {"StringLike": {"acs:SourceVpc": "a*"}, "StringNotLike": {"acs:SourceVpc": "ab*"}},
            {"StringLike": {"sts:ExternalId": "A*"}, "StringEqualsIgnoreCase": {"sts:ExternalId": "ab"}},
            {"DateGreaterThan": {"acs:CurrentTime": "9999-12-31T23:59:59-08:00"}},
            {"DateLessThan": {"acs:CurrentTime": "0001-01-01T00:00:00+08:00"}},
            {"ForAnyValue:StringEquals": {"k:v": "a"}, "ForAnyValue:StringLike": {"k:v": "b*"}},
            {"NumericLessThan": {"ecs:Count": "4"}, "NumericGreaterThan": {"ecs:Count": "3"}},
            {"NumericNotEquals": {"ecs:Count": ["2", "3"]}, "NumericGreaterThan": {"ecs:Count": "1"}},
            {"IpAddress": {"acs:SourceIp": "203.0.113.0/24"}, "NotIpAddress": {"acs:SourceIp": "203.0.113.0/25"}},
            {"StringNotEquals": {"aws:SourceVpc": "x"}},
            {"StringEquals": {"acs:ResourceTag/team": "ops"}},
            {"ForAnyValue:StringEquals": {"ram:TrustedPrincipalTypes": "RAM"}},
        ],
    )
    def test_conditions_that_some_value_meets_pass(self, conditions):
        assert check(self.rule, granting(allow("ecs:*", conditions=conditions))) == []

    def test_a_deny_that_protects_nothing_is_said_to(self):
        (violation,) = check(self.rule, granting(deny("ecs:*", conditions={"Bool": {"aws:SecureTransport": "false"}})))
        assert "denies nothing" in violation.message

    def test_trust_policies_are_read(self):
        shut = trust("acs:ram::12345678:root", conditions={"StringEquals": {"acs:ExternalId": "x"}})
        assert check(self.rule, role("ops", trust_document(shut), A))

    def test_an_unknown_document_is_a_violation(self):
        assert [v.unknown for v in check(self.rule, policy("p", UNKNOWN, A))] == [True]


class TestMfaLoophole:
    rule = find_rule("mfa-loophole")

    @pytest.mark.parametrize(
        "statement",
        [
            deny("*", conditions={"Bool": {"acs:MFAPresent": "false"}}),
            allow("ecs:*", conditions={"Bool": {"acs:MFAPresent": "false"}}),
            allow("ecs:*", conditions={"StringNotEquals": {"acs:MFAPresent": "false"}}),
            allow("ecs:*", conditions={"ForAllValues:Bool": {"acs:MFAPresent": "true"}}),
        ],
    )
    def test_access_keys_get_through(self, statement):
        assert check(self.rule, granting(statement))

    @pytest.mark.parametrize(
        "statement",
        [
            allow("ecs:*", conditions={"Bool": {"acs:MFAPresent": "true"}}),
            allow("ecs:*", conditions={"StringEquals": {"acs:MFAPresent": "true"}}),
            deny("*", conditions={"StringNotEquals": {"acs:MFAPresent": "true"}}),
            deny("*", conditions={"Bool": {"acs:SecureTransport": "false"}}),
        ],
    )
    def test_conditions_without_the_loophole_pass(self, statement):
        assert check(self.rule, granting(statement)) == []

    def test_an_unknown_document_is_a_violation(self):
        assert [v.unknown for v in check(self.rule, role("ops", UNKNOWN, A))] == [True]


class TestDocumentFindings:
    rule = find_rule("document-findings")

    def test_an_error_is_a_violation_with_its_place(self):
        (violation,) = check(
            self.rule,
            policy("p", '{"Version": 2,\n "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}', A),
        )
        assert "line 1, column 13: Invalid version" in violation.message

    def test_warnings_are_not_unless_they_are_asked_for(self):
        wide = granting(allow("*"))
        assert check(self.rule, wide) == []
        assert check(self.rule, wide, settings={"classes": ["error", "security_warning"]})

    def test_findings_that_take_a_proof_are_among_them(self):
        shadowed = granting(allow("ecs:StopInstance"), deny("ecs:*"))
        (violation,) = check(self.rule, shadowed, settings={"classes": ["general_warning"]})
        assert "Allow without effect" in violation.message

    def test_an_unknown_document_is_a_violation(self):
        assert [v.unknown for v in check(self.rule, policy("p", UNKNOWN, A))] == [True]

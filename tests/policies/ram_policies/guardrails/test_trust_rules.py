"""Rules about whom a role trusts."""

from datetime import UTC, datetime

import pytest

from ram_guardrails_pack.testing import UNKNOWN, check, policy, provider, role, trust_document
from ram_policies.build import allow, document, trust
from ram_policies.errors import InvalidInputError
from ram_policies.guardrails.rulebook import find_rule

A = provider("11223344")
B_ROOT = "acs:ram::12345678:root"
WINDOW = {"DateLessThan": {"acs:CurrentTime": "2026-06-30T00:00:00Z"}}


def trusting(*principals, **conditions):
    return role("ops", trust_document(trust(principals, **conditions)), A)


class TestAllowList:
    rule = find_rule("trust-outside-allow-list")

    def test_is_off_without_a_list(self):
        assert check(self.rule, trusting("acs:ram::99999999:root")) == []

    def test_an_account_on_the_list_passes(self):
        assert check(self.rule, trusting(B_ROOT), settings={"accounts": ["12345678"]}) == []

    @pytest.mark.parametrize(
        "principal",
        ["acs:ram::99999999:root", "acs:ram::99999999:user/eve", "acs:ram::99999999:role/x"],
    )
    def test_another_account_in_any_form_is_named(self, principal):
        (violation,) = check(self.rule, trusting(B_ROOT, principal), settings={"accounts": ["12345678"]})
        assert principal in violation.message
        assert B_ROOT not in violation.message

    def test_a_service_acting_for_another_account_counts(self):
        service = role("ops", trust_document(trust(service="99999999@svc.aliyuncs.com")), A)
        assert check(self.rule, service, settings={"accounts": ["12345678"]})

    def test_a_service_of_alibaba_cloud_does_not(self):
        assert (
            check(self.rule, role("r", trust_document(trust(service="ecs.aliyuncs.com")), A), settings={"accounts": []})
            == []
        )

    def test_the_own_account_passes_only_where_it_is_known(self):
        own = trust_document(trust("acs:ram::11223344:root"))
        assert check(self.rule, role("r", own, A), settings={"accounts": []}) == []
        assert check(self.rule, role("r", own), settings={"accounts": []})

    def test_an_identity_provider_of_another_account_counts(self):
        federated = trust_document(trust(federated="acs:ram::99999999:saml-provider/idp"))
        assert check(self.rule, role("r", federated, A), settings={"accounts": ["12345678"]})

    def test_an_unknown_trust_policy_is_a_violation(self):
        (violation,) = check(self.rule, role("ops", UNKNOWN, A), settings={"accounts": ["12345678"]})
        assert violation.unknown

    def test_an_unknown_trust_policy_can_be_left_for_later(self):
        settings = {"accounts": ["12345678"], "unknown": "later"}
        assert check(self.rule, role("ops", UNKNOWN, A), settings=settings) == []


class TestProof:
    rule = find_rule("trust-without-proof")

    def test_a_bare_account_is_a_violation(self):
        (violation,) = check(self.rule, trusting(B_ROOT))
        assert "12345678" in violation.message

    @pytest.mark.parametrize(
        ("operator", "key", "value"),
        [
            ("StringEquals", "sts:ExternalId", "contract-7"),
            ("Bool", "acs:MFAPresent", "true"),
            ("IpAddress", "acs:SourceIp", "203.0.113.0/24"),
            ("StringEquals", "acs:SourceVpc", "vpc-1"),
            ("StringLike", "sts:ExternalId", "contract-*"),
        ],
    )
    def test_a_proof_passes(self, operator, key, value):
        assert check(self.rule, trusting(B_ROOT, conditions={operator: {key: value}})) == []

    @pytest.mark.parametrize(
        ("operator", "key", "value"),
        [
            ("Bool", "acs:MFAPresent", "false"),
            ("StringNotEquals", "sts:ExternalId", "x"),
            ("StringLike", "sts:ExternalId", "*"),
            ("IpAddress", "acs:SourceIp", "0.0.0.0/0"),
            ("NotIpAddress", "acs:SourceIp", "203.0.113.0/24"),
            ("ForAllValues:StringEquals", "sts:ExternalId", "x"),
            ("DateLessThan", "acs:CurrentTime", "2030-01-01T00:00:00Z"),
            ("Bool", "acs:SecureTransport", "true"),
        ],
    )
    def test_a_condition_that_proves_nothing_is_a_violation(self, operator, key, value):
        assert check(self.rule, trusting(B_ROOT, conditions={operator: {key: value}}))

    def test_every_statement_counts(self):
        both = trust_document(trust(B_ROOT, conditions={"Bool": {"acs:MFAPresent": "true"}}), trust(B_ROOT))
        assert check(self.rule, role("ops", both, A))

    def test_named_users_and_the_own_account_pass(self):
        assert check(self.rule, trusting("acs:ram::12345678:user/aaa", "acs:ram::11223344:root")) == []

    def test_an_unknown_trust_policy_is_a_violation(self):
        assert [v.unknown for v in check(self.rule, role("ops", UNKNOWN, A))] == [True]


class TestWildcardPrincipal:
    rule = find_rule("wildcard-principal")

    @pytest.mark.parametrize(
        "principal",
        [
            '{"RAM": ["*"]}',
            '{"RAM": "acs:ram::*:root"}',
            '"*"',
            "{}",
            '{"RAM": ["acs:ram::12345678:user/*"]}',
            '{"Service": ["*"]}',
        ],
    )
    def test_a_wildcard_or_nobody_is_a_violation(self, principal):
        text = f'{{"Version":"1","Statement":[{{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{principal}}}]}}'
        assert check(self.rule, role("ops", text, A))

    def test_a_statement_without_a_principal_is_a_violation(self):
        assert check(
            self.rule, role("ops", '{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole"}]}', A)
        )

    def test_a_name_passes(self):
        assert check(self.rule, trusting(B_ROOT)) == []

    def test_an_unknown_trust_policy_is_a_violation(self):
        assert [v.unknown for v in check(self.rule, role("ops", UNKNOWN, A))] == [True]


class TestSessionLength:
    rule = find_rule("session-too-long")

    @pytest.mark.parametrize(("seconds", "violations"), [(None, 0), (14400, 0), (14401, 1), (43200, 1)])
    def test_the_default_limit_is_four_hours(self, seconds, violations):
        assert len(check(self.rule, role("r", trust_document(), A, maxSessionDuration=seconds))) == violations

    def test_the_limit_is_a_setting(self):
        assert check(self.rule, role("r", trust_document(), A, maxSessionDuration=7200), settings={"seconds": 3600})

    def test_an_unknown_duration_is_a_violation(self):
        assert [v.unknown for v in check(self.rule, role("r", trust_document(), A, maxSessionDuration=UNKNOWN))] == [
            True
        ]

    def test_a_setting_of_the_wrong_type_is_refused_by_name(self):
        with pytest.raises(InvalidInputError, match=r"session-too-long\.seconds"):
            check(self.rule, role("r", trust_document(), A), settings={"seconds": "long"})

    def test_an_unknown_setting_is_refused_with_the_known_ones(self):
        with pytest.raises(InvalidInputError, match=r"session-too-long\.minutes.*seconds"):
            check(self.rule, settings={"minutes": 5})


class TestWindow:
    rule = find_rule("window-in-past")

    @pytest.mark.parametrize(
        ("now", "violations"), [(datetime(2026, 6, 29, tzinfo=UTC), 0), (datetime(2026, 7, 1, tzinfo=UTC), 1)]
    )
    def test_the_time_is_given(self, now, violations):
        assert len(check(self.rule, trusting(B_ROOT, conditions=WINDOW), now=now)) == violations

    def test_a_setting_names_another_time(self):
        found = check(self.rule, trusting(B_ROOT, conditions=WINDOW), settings={"at": "2027-01-01T00:00:00Z"})
        assert "2026-06-30" in found[0].message

    def test_the_window_of_a_custom_policy_is_judged(self):
        rights = document(allow("ecs:*", conditions=WINDOW))
        assert check(self.rule, policy("p", rights, A), now=datetime(2027, 1, 1, tzinfo=UTC))

    def test_an_unknown_document_is_passed_over(self):
        assert check(self.rule, role("ops", UNKNOWN, A)) == []


EXTERNAL = {"StringEquals": {"sts:ExternalId": "contract-7"}}
NAMED = {"StringLike": {"sts:SourceIdentity": "?*"}}


class TestAnonymousSession:
    rule = find_rule("anonymous-session")

    def test_a_role_for_the_api_that_asks_for_no_source_identity_is_advised_to(self):
        (violation,) = check(self.rule, trusting(B_ROOT, conditions=EXTERNAL))
        assert B_ROOT in violation.message
        assert "sourceIdentity: required" in violation.fix

    @pytest.mark.parametrize("principal", [B_ROOT, "acs:ram::12345678:user/AAA", "acs:ram::12345678:role/r"])
    def test_one_that_asks_for_it_passes(self, principal):
        conditions = {**EXTERNAL, **NAMED}
        for roles in ("api", "all"):
            assert check(self.rule, trusting(principal, conditions=conditions), settings={"roles": roles}) == []

    @pytest.mark.parametrize(
        "asked",
        [
            {"StringNotEquals": {"sts:SourceIdentity": "root"}},
            {"StringLike": {"sts:ExternalId": "*"}},
            {"ForAllValues:StringLike": {"sts:SourceIdentity": "?*"}},
        ],
    )
    def test_an_if_exists_condition_demands_nothing(self, asked):
        conditions = {**asked, **({} if "StringLike" in asked else EXTERNAL)}
        assert check(self.rule, trusting(B_ROOT, conditions=conditions))

    def test_each_statement_has_to_ask_for_the_proof(self):
        both = trust_document(
            trust(B_ROOT, conditions={**EXTERNAL, **NAMED}),
            trust(B_ROOT, conditions={"StringEquals": {"sts:ExternalId": "old"}}),
        )
        assert len(check(self.rule, role("ops", both, A))) == 1

    def test_roles_that_people_take_on_in_the_console_are_looked_at_when_asked_for(self):
        assert check(self.rule, trusting(B_ROOT)) == []
        assert len(check(self.rule, trusting(B_ROOT), settings={"roles": "all"})) == 1

    def test_the_own_account_a_service_and_an_unknown_policy_are_passed_over(self):
        own = trusting("acs:ram::11223344:root", conditions=EXTERNAL)
        service = role("s", trust_document(trust(service="ecs.aliyuncs.com", conditions=EXTERNAL)), A)
        for one in (own, service, role("u", UNKNOWN, A)):
            assert check(self.rule, one, settings={"roles": "all"}) == []

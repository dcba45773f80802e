"""Rules about how users sign in."""

from dataclasses import replace

import pytest

from ram_guardrails_pack.testing import UNKNOWN, access_key, check, login, provider, resource, user
from ram_policies.guardrails.rulebook import find_rule

B = provider("12345678")
AAA = user("AAA", B)


def preference(where=B, **properties):
    return resource("alicloud:ram/securityPreference:SecurityPreference", "preference", properties, where)


class TestConsoleWithoutMfa:
    rule = find_rule("console-without-mfa")

    @pytest.mark.parametrize(("mfa", "violations"), [(True, 0), (False, 1), (None, 1)])
    def test_mfa_must_be_asked_for(self, mfa, violations):
        assert len(check(self.rule, AAA, login(AAA, mfa=mfa))) == violations

    @pytest.mark.parametrize("properties", [{"enforceMfaForLogin": True}, {"mfaOperationForLogin": "mandatory"}])
    def test_an_account_that_demands_mfa_of_everybody_passes(self, properties):
        assert check(self.rule, AAA, login(AAA), preference(**properties)) == []

    @pytest.mark.parametrize("properties", [{"mfaOperationForLogin": "independent"}, {"enforceMfaForLogin": UNKNOWN}])
    def test_an_account_that_may_not_demand_mfa_is_a_violation(self, properties):
        assert check(self.rule, AAA, login(AAA), preference(**properties))

    def test_the_preference_of_another_account_does_not_count(self):
        assert check(self.rule, AAA, login(AAA), preference(provider("11223344"), enforceMfaForLogin=True))

    def test_the_preference_of_an_unknown_account_does_not_count(self):
        nowhere = user("AAA", provider())
        assert check(self.rule, nowhere, login(nowhere), preference(provider(), enforceMfaForLogin=True))

    def test_a_weaker_preference_of_an_unknown_account_may_be_the_one_that_counts(self):
        strict, weak = preference(enforceMfaForLogin=True), preference(provider(), mfaOperationForLogin="independent")
        assert check(self.rule, AAA, login(AAA), strict, replace(weak, urn=f"{weak.urn}-2"))

    def test_an_unknown_flag_is_a_violation(self):
        assert [v.unknown for v in check(self.rule, AAA, login(AAA, mfa=UNKNOWN))] == [True]


class TestKeysAndPasswords:
    rule = find_rule("keys-and-passwords")

    def test_a_user_with_login_and_key_is_a_violation(self):
        (violation,) = check(self.rule, AAA, login(AAA), access_key(AAA))
        assert "AAA" in violation.message

    @pytest.mark.parametrize("other", [user("aaa", B), user("AAA", provider())])
    def test_a_user_in_another_letter_case_or_of_an_unknown_account_may_be_the_same(self, other):
        assert check(self.rule, login(AAA), access_key(other))

    def test_a_login_and_a_key_of_two_users_pass(self):
        app = user("app", B)
        assert check(self.rule, AAA, app, login(AAA), access_key(app)) == []

    def test_names_say_who_is_what(self):
        settings = {"people": ["a*"], "applications": ["app-*"]}
        app = user("app-1", B)
        assert check(self.rule, AAA, access_key(AAA), settings=settings)
        assert check(self.rule, app, login(app), settings=settings)
        assert check(self.rule, AAA, login(AAA), settings=settings) == []

    def test_equal_names_in_two_accounts_are_two_principals(self):
        other = user("AAA", provider("11223344"))
        assert check(self.rule, AAA, other, login(AAA), access_key(other)) == []

    def test_a_key_of_nobody_is_a_violation(self):
        assert check(self.rule, resource("alicloud:ram/accessKey:AccessKey", "key", {}, B))

    def test_an_unknown_user_is_a_violation(self):
        nameless = resource("alicloud:ram/accessKey:AccessKey", "key", {"userName": UNKNOWN}, B)
        assert [v.unknown for v in check(self.rule, nameless)] == [True]

    def test_an_unknown_name_is_followed_to_a_user_of_the_stack(self):
        followed = resource("alicloud:ram/accessKey:AccessKey", "key", {"userName": UNKNOWN}, B, {"userName": [AAA]})
        assert check(self.rule, AAA, followed) == []
        assert [v.unknown for v in check(self.rule, AAA, login(AAA), followed)] == [False]

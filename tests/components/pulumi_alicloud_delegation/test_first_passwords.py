"""First passwords: every password policy accepts them, and no shell or spreadsheet interprets them."""

from __future__ import annotations

from dataclasses import replace

from alicloud_fakes.identity.passwords import PasswordPolicy
from pulumi_alicloud_delegation.first_passwords import first_password

STRICTEST = replace(
    PasswordPolicy(),
    minimum_password_length=32,
    require_lowercase_characters=True,
    require_uppercase_characters=True,
    require_numbers=True,
    require_symbols=True,
    minimum_password_different_character=8,
    password_not_contain_user_name=True,
)

USERS = ["AAA", "b", "x.y_z-1"] * 100


def test_the_strictest_policy_takes_each_and_none_begins_with_a_symbol() -> None:
    made = [first_password(user) for user in USERS]
    problems = [STRICTEST.problem(password, user) for password, user in zip(made, USERS, strict=True)]
    assert [problem for problem in problems if problem] == []
    assert {password[0].isalpha() for password in made} == {True}
    assert {len(password) for password in made} == {32}
    assert len(set(made)) == len(made)

"""Rules about how users sign in."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from pydantic import Field

from ram_policies.conditions import UNKNOWN, Unknown
from ram_policies.guardrails.meaning import may_be
from ram_policies.guardrails.rule_model import (
    HIGH,
    MEDIUM,
    Example,
    SecuritySettings,
    Violation,
    not_known,
    rule,
    value_in_message,
)
from ram_policies.stack.views import LoginView, StackView


@rule(
    "console-without-mfa",
    title="Somebody signs in to the console with a password alone",
    severity=HIGH,
    on=StackView,
    settings=SecuritySettings,
    why=(
        "A login profile without `mfaBindRequired`, in an account whose security preference does not make everybody "
        "use MFA (`mfaOperationForLogin: mandatory` or `enforceMfaForLogin: true` in the same stack)."
    ),
    unknown=(
        "`mfaBindRequired` that is not known at preview is a violation. The provider fills it in when a program leaves "
        "it out, so leaving it out is not known as well."
    ),
    example=Example(
        bad="LoginProfile(user_name='AAA', password=password)",
        good="LoginProfile(user_name='AAA', password=password, mfa_bind_required=True)",
    ),
)
def console_without_mfa(stack: StackView, settings: SecuritySettings) -> Iterator[Violation]:
    """Look at every login profile and at the preference of its account."""
    del settings
    for login in stack.logins:
        if login.mfa_required is True or _enforced(stack, login):
            continue
        whose = f"user {value_in_message(login.user_name, 'not known yet')}"
        if login.mfa_required is UNKNOWN:
            # The provider fills in a value that the program leaves out, so it is not known either.
            message = f"Whether {whose} needs MFA is not known before the deployment."
            yield Violation(login.urn, message, "Set mfaBindRequired to true.", unknown=True)
        else:
            message = f"The {whose} can sign in to the console without MFA."
            yield Violation(login.urn, message, "Set mfaBindRequired to true.")


def _enforced(stack: StackView, login: LoginView) -> bool:
    """True if the account makes everybody use MFA; of several preferences, nobody knows which will count."""
    if isinstance(login.account, Unknown):
        return False
    sure = any(preference.account == login.account for preference in stack.preferences)
    return sure and all(p.mfa is True for p in stack.preferences if may_be(p.account, login.account))


class PeopleSettings(SecuritySettings):
    """Settings of keys-and-passwords."""

    people: tuple[str, ...] = Field(default=(), description="Names of users that are people, as patterns: *.person.")
    applications: tuple[str, ...] = Field(
        default=(), description="Names of users that are applications, as patterns: app-*."
    )


@rule(
    "keys-and-passwords",
    title="A person has an access key, or an application a password",
    severity=MEDIUM,
    on=StackView,
    settings=PeopleSettings,
    why=(
        "A person signs in to the console, with MFA; an application calls the API, with a key. A user with both is "
        "neither: the key goes around the MFA of the password. With `people` and `applications` the rule also finds "
        "a key of a person and a password of an application. Keys that belong to no named user (the root account's) "
        "are reported too."
    ),
    unknown="A key or password of a user whose name is not known at preview is a violation.",
    example=Example(
        bad="LoginProfile(user_name='AAA', ...), AccessKey('key', user_name='AAA')",
        good="LoginProfile(user_name='AAA', ...), AccessKey('key', user_name='app-backup')",
    ),
)
def keys_and_passwords(stack: StackView, settings: PeopleSettings) -> Iterator[Violation]:
    """Compare who has keys with who has passwords."""
    for login in stack.logins:
        if isinstance(login.user_name, Unknown):
            yield not_known(login.urn, "Whose password this is")
        elif _matches(login.user_name, settings.applications):
            message = f"The application {login.user_name} has a password for the console."
            yield Violation(login.urn, message, "Give it an access key instead.")
    known = [login for login in stack.logins if isinstance(login.user_name, str)]
    for key in stack.keys:
        if isinstance(key.user_name, Unknown):
            yield not_known(key.urn, "Whose access key this is")
        elif key.user_name is None:
            message = "The access key names no user: it belongs to whoever deploys, the root account perhaps."
            yield Violation(key.urn, message, "Name the user it is for.")
        elif _matches(key.user_name, settings.people):
            message = f"The person {key.user_name} has an access key."
            yield Violation(key.urn, message, "Let people sign in to the console, and make a user for the program.")
        elif any(may_be(key.account, login.account) and may_be(key.user_name, login.user_name) for login in known):
            message = f"The user {key.user_name} has both an access key and a password."
            yield Violation(key.urn, message, "Make one user for the person and one for the application.")


def _matches(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(name.lower(), pattern.lower()) for pattern in patterns)

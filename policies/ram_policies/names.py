"""Names RAM and STS accept: one table of patterns and lengths, one function that checks.

Source: Alibaba Cloud, RAM API 2015-05-01 and STS API 2015-04-01, the parameter tables of CreateRole, CreateUser,
CreateGroup, CreatePolicy, CreateVirtualMFADevice, SetAccountAlias and AssumeRole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from ram_policies.errors import InvalidInputError


class NameKind(StrEnum):
    """Kinds of things that have a name."""

    ROLE = "role"
    USER = "user"
    GROUP = "group"
    POLICY = "policy"
    MFA = "mfa"
    ALIAS = "alias"
    ACCOUNT_ID = "account_id"
    SESSION_NAME = "session_name"
    EXTERNAL_ID = "external_id"
    SOURCE_IDENTITY = "source_identity"
    IDENTITY_PROVIDER = "identity_provider"
    DISPLAY_NAME = "display_name"
    DESCRIPTION = "description"
    COMMENTS = "comments"
    TAG_KEY = "tag_key"
    TAG_VALUE = "tag_value"


@dataclass(frozen=True, slots=True)
class NameRule:
    """Rule of how names of one kind are written.

    Attributes:
        minimum: shortest length, in characters.
        maximum: longest length, in characters.
        allowed: a character class, the inside of ``[...]``; empty means any character.
        says: the same in words.
        pattern: a pattern the whole name must also match, when characters alone do not say it.
        forbidden_prefixes: lower-case beginnings that are reserved.
        forbidden_parts: lower-case text that may not occur.
    """

    minimum: int
    maximum: int
    allowed: str
    says: str
    pattern: str = ""
    forbidden_prefixes: tuple[str, ...] = ()
    forbidden_parts: tuple[str, ...] = ()


_LETTERS_DIGITS = "A-Za-z0-9"
NAME_RULES: dict[NameKind, NameRule] = {
    NameKind.ROLE: NameRule(1, 64, _LETTERS_DIGITS + r".\-", "letters, digits, . and -"),
    NameKind.USER: NameRule(1, 64, _LETTERS_DIGITS + r"._\-", "letters, digits, ., - and _"),
    NameKind.GROUP: NameRule(1, 64, _LETTERS_DIGITS + r"._\-", "letters, digits, ., - and _"),
    NameKind.POLICY: NameRule(1, 128, _LETTERS_DIGITS + r"\-", "letters, digits and -"),
    NameKind.MFA: NameRule(1, 64, _LETTERS_DIGITS + r".\-", "letters, digits, . and -"),
    NameKind.ALIAS: NameRule(
        3,
        32,  # SetAccountAlias, 2026; 64 is the length of the default domain with its suffix
        r"a-z0-9\-",
        "lower-case letters, digits and single hyphens, none at the start or the end",
        pattern=r"[a-z0-9]+(?:-[a-z0-9]+)*+",
    ),
    NameKind.ACCOUNT_ID: NameRule(1, 20, "0-9", "digits"),
    NameKind.SESSION_NAME: NameRule(2, 64, _LETTERS_DIGITS + r".@\-_", "letters, digits, ., @, - and _"),
    NameKind.EXTERNAL_ID: NameRule(
        2, 1224, _LETTERS_DIGITS + r"_+=,.@:/\-", "letters, digits, _, +, =, the comma, ., @, :, / and -"
    ),
    NameKind.SOURCE_IDENTITY: NameRule(
        2,
        64,
        _LETTERS_DIGITS + r"_+=,.@\-",
        "letters, digits, _, +, =, the comma, ., @ and -",
        forbidden_prefixes=("acs:", "aliyun:", "alibabacloud:"),
    ),
    NameKind.IDENTITY_PROVIDER: NameRule(1, 128, _LETTERS_DIGITS + r"._\-", "letters, digits, ., - and _"),
    NameKind.DISPLAY_NAME: NameRule(1, 128, "", "any characters"),
    NameKind.DESCRIPTION: NameRule(1, 1024, "", "any characters"),
    NameKind.COMMENTS: NameRule(1, 128, "", "any characters"),
    NameKind.TAG_KEY: NameRule(
        1,
        128,
        "",
        "any characters",
        forbidden_prefixes=("aliyun", "acs:"),
        forbidden_parts=("http://", "https://"),
    ),
    NameKind.TAG_VALUE: NameRule(0, 256, "", "any characters", forbidden_parts=("http://", "https://")),
}
_REFUSED = {kind: re.compile(f"[^{rule.allowed}]") for kind, rule in NAME_RULES.items() if rule.allowed}


def check_name(kind: NameKind | str, value: object, field: str) -> str:
    """Check a name and give it back.

    Args:
        kind: what the name is for.
        value: the name.
        field: where it stands, for the message.

    Raises:
        InvalidInputError: the value is not text, too short, too long, or holds something RAM refuses.
    """
    kind = NameKind(kind)
    rule = NAME_RULES[kind]
    noun = kind.replace("_", " ")
    if not isinstance(value, str):
        raise InvalidInputError(field, value, "is not text", f"write the {noun} as text in quotes", code="wrong-type")
    refused = _REFUSED[kind].search(value) if kind in _REFUSED else None
    if refused:
        raise InvalidInputError(
            field, value, f"contains {refused.group()!r}, which no {noun} may", f"use {rule.says}", code="invalid-name"
        )
    if not rule.minimum <= len(value) <= rule.maximum:
        raise InvalidInputError(
            field,
            value,
            f"has {len(value)} characters",
            f"use {rule.minimum} to {rule.maximum} of them",
            code="invalid-name",
        )
    if rule.pattern and not re.fullmatch(rule.pattern, value):
        raise InvalidInputError(field, value, f"is not a valid {noun}", f"use {rule.says}", code="invalid-name")
    lowered = value.lower()
    for prefix in rule.forbidden_prefixes:
        if lowered.startswith(prefix):
            raise InvalidInputError(
                field, value, f"starts with {prefix!r}, which is reserved", "choose another start", code="reserved-name"
            )
    for part in rule.forbidden_parts:
        if part in lowered:
            raise InvalidInputError(field, value, f"contains {part!r}", "leave it out", code="invalid-name")
    return value

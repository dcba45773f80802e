"""Names RAM and STS accept: one table of characters, lengths and forms, which the fake's parameters read as well.

Source: Alibaba Cloud, RAM API 2015-05-01 and STS API 2015-04-01, the parameter tables of CreateRole, CreateUser,
CreateGroup, CreatePolicy, CreateVirtualMFADevice, SetAccountAlias and AssumeRole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

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


class NameProblem(StrEnum):
    """Problems of a name, in the order in which RAM checks for them."""

    CHARACTERS = "characters"
    LENGTH = "length"
    FORM = "form"
    RESERVED = "reserved"


@dataclass(frozen=True, slots=True)
class NameRule:
    """Rule of how names of one kind are written.

    Attributes:
        minimum: shortest length, in characters.
        maximum: longest length, in characters.
        allowed: a character class, the inside of ``[...]``; empty means any character.
        description: the same in words.
        pattern: a pattern the whole name must also match, when characters alone do not say it.
        forbidden_prefixes: lower-case beginnings that are reserved.
        forbidden_parts: lower-case text that may not occur.
    """

    minimum: int
    maximum: int
    allowed: str
    description: str
    pattern: str = ""
    forbidden_prefixes: tuple[str, ...] = ()
    forbidden_parts: tuple[str, ...] = ()

    def problem(self, value: str) -> NameProblem | None:
        """The first problem of a name; None when RAM takes it."""
        # A kind with a pattern says in it which characters there may be.
        if not self.pattern and self.refused_character(value):
            return NameProblem.CHARACTERS
        if not self.minimum <= len(value) <= self.maximum:
            return NameProblem.LENGTH
        if self.pattern and not _compiled(self.pattern).fullmatch(value):
            return NameProblem.FORM
        return NameProblem.RESERVED if self.reserved_text(value) else None

    def refused_character(self, value: str) -> str:
        """The first character that the name may not have; empty when there is none."""
        found = _other_than(self.allowed).search(value) if self.allowed else None
        return found.group() if found else ""

    def reserved_text(self, value: str) -> str:
        """The reserved beginning or part that the name has; empty when it has none."""
        if not self.forbidden_prefixes and not self.forbidden_parts:
            return ""
        lowered = value.lower()
        begins = (prefix for prefix in self.forbidden_prefixes if lowered.startswith(prefix))
        return next(begins, "") or next((part for part in self.forbidden_parts if part in lowered), "")


@cache
def _other_than(characters: str) -> re.Pattern[str]:
    return re.compile(f"[^{characters}]")


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


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
    NameKind.IDENTITY_PROVIDER: NameRule(
        1,
        128,
        _LETTERS_DIGITS + r"._\-",
        "letters, digits, ., - and _, a letter or digit at the start and the end",
        pattern=r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?",
    ),
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


def check_name(kind: NameKind | str, value: object, field: str) -> str:
    """Check a name and give it back.

    Args:
        kind: what the name is for.
        value: the name.
        field: where it stands, for the message.

    Raises:
        InvalidInputError: the value is not a string, too short, too long, or holds something RAM refuses.
    """
    kind = NameKind(kind)
    rule = NAME_RULES[kind]
    noun = kind.replace("_", " ")
    if not isinstance(value, str):
        raise InvalidInputError(field, value, "is not a string", f"write the {noun} in quotes", code="wrong-type")
    match rule.problem(value):
        case None:
            return value
        case NameProblem.CHARACTERS | NameProblem.FORM:
            refused = rule.refused_character(value)
            problem = f"contains {refused!r}, which no {noun} may" if refused else f"is not a valid {noun}"
            fix = f"use {rule.description}"
        case NameProblem.LENGTH:
            problem, fix = (
                f"has {len(value)} character{'' if len(value) == 1 else 's'}",
                f"use {rule.minimum} to {rule.maximum} of them",
            )
        case NameProblem.RESERVED:
            reserved = rule.reserved_text(value)
            if reserved in rule.forbidden_prefixes:
                raise InvalidInputError(
                    field,
                    value,
                    f"starts with {reserved!r}, which is reserved",
                    "choose another start",
                    code="reserved-name",
                )
            problem, fix = f"contains {reserved!r}", "leave it out"
    raise InvalidInputError(field, value, problem, fix, code="invalid-name")

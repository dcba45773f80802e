"""Findings: what is wrong with a document, where, and what to do.

Classes and, where it has one, codes are Alibaba Cloud's: RAM, "Validate policies" (Access Analyzer's ValidatePolicy).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FindingClass(StrEnum):
    """How much a finding matters. Only an error makes RAM refuse the document."""

    ERROR = "error"
    SECURITY_WARNING = "security_warning"
    GENERAL_WARNING = "general_warning"
    SUGGESTION = "suggestion"


class Code(StrEnum):
    """Codes of findings. Those in the first block are Alibaba Cloud's own, the others follow their style."""

    DATA_TYPE_MISMATCH = "Data type mismatch"
    JSON_SYNTAX_ERROR = "Json syntax error"
    INVALID_VERSION = "Invalid version"
    INVALID_POLICY_ELEMENT = "Invalid policy element"
    INVALID_EFFECT = "Invalid effect"
    MISSING_ACTION = "Missing action"
    INVALID_ACTION_FORMAT = "Invalid action format"
    INVALID_ARN_PREFIX = "Invalid ARN prefix"
    MISSING_ARN_FIELD = "Missing ARN field"
    INVALID_CONDITION_OPERATOR = "Invalid condition operator"
    INVALID_CONDITION_KEY_FORMAT = "Invalid condition key format"
    INVALID_CONDITION_MULTIPLE_BOOLEAN = "Invalid condition multiple Boolean"

    DUPLICATE_ELEMENT = "Duplicate policy element"
    DOCUMENT_TOO_LONG = "Policy too long"
    DOCUMENT_TOO_DEEP = "Policy too deep"
    MISSING_STATEMENT = "Missing statement"
    MISSING_EFFECT = "Missing effect"
    ACTION_AND_NOT_ACTION = "Action and NotAction"
    MISSING_RESOURCE = "Missing resource"
    RESOURCE_NOT_ALLOWED = "Resource not allowed"
    MISSING_PRINCIPAL = "Missing principal"
    PRINCIPAL_NOT_ALLOWED = "Principal not allowed"
    INVALID_PRINCIPAL = "Invalid principal"
    INVALID_CONDITION_VALUE = "Invalid condition value"
    EMPTY_VALUE = "Empty value"

    ALLOW_WITH_NEGATED_CONDITION = "Allow with negated condition"
    ALLOW_WITH_FOR_ALL_VALUES = "Allow with ForAllValues"
    DENY_MISSES_ABSENT_KEY = "Deny misses absent key"
    ALLOW_WITH_NOT_ACTION = "Allow with NotAction"
    ALLOW_EVERYTHING = "Allow everything"

    CONDITION_KEY_CASE = "Condition key case"
    UNKNOWN_CONDITION_KEY = "Unknown condition key"
    TRUST_ACTION = "Action never used"
    TRUST_POLICY_LONG = "Trust policy long"

    UNKNOWN_ACTION = "Unknown action"
    DUPLICATE_VALUE = "Duplicate value"
    REDUNDANT_VALUE = "Redundant value"


_LESS_THAN_ERROR = {
    FindingClass.SECURITY_WARNING: (
        Code.ALLOW_WITH_NEGATED_CONDITION,
        Code.ALLOW_WITH_FOR_ALL_VALUES,
        Code.DENY_MISSES_ABSENT_KEY,
        Code.ALLOW_WITH_NOT_ACTION,
        Code.ALLOW_EVERYTHING,
    ),
    FindingClass.GENERAL_WARNING: (
        Code.CONDITION_KEY_CASE,
        Code.UNKNOWN_CONDITION_KEY,
        Code.TRUST_ACTION,
        Code.TRUST_POLICY_LONG,
    ),
    FindingClass.SUGGESTION: (Code.UNKNOWN_ACTION, Code.DUPLICATE_VALUE, Code.REDUNDANT_VALUE),
}
CLASS_OF = dict.fromkeys(Code, FindingClass.ERROR) | {
    code: finding_class for finding_class, codes in _LESS_THAN_ERROR.items() for code in codes
}
"""The class of every code."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found in a document.

    Attributes:
        code: what kind of thing; see `Code`.
        finding_class: how much it matters.
        message: one sentence on what is wrong.
        fix: one sentence on what to do.
        path: where it is in the document: ``Statement[0].Action``.
        line: from 1.
        column: from 1, in characters.
    """

    code: Code
    finding_class: FindingClass
    message: str
    fix: str
    path: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.line}:{self.column}: {self.finding_class}: {self.code}: {self.message} {self.fix}"

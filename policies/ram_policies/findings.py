"""Findings: what is wrong with a document, where, and what to do.

Every kind of finding is one entry of ``findings.json``: its class, its text, why it matters, and an example of each
side. ``access check``, the guardrail document-findings and the fake's ValidatePolicy all show these, and
``docs/findings.md`` is made from them. Classes and, where it has one, codes are Alibaba Cloud's: RAM, "Validate
policies" (Access Analyzer's ValidatePolicy).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any


class FindingClass(StrEnum):
    """Weight of a finding. Only an error makes RAM refuse the document."""

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
    SOURCE_IP_WITHOUT_VPC = "Source IP without VPC"

    ALLOW_EVERYTHING = "Allow everything"
    ALLOW_WITH_NOT_ACTION = "Allow with NotAction"
    PASS_ANY_ROLE = "Pass any role"  # noqa: S105 - the title of a finding
    ASSUME_ANY_ROLE = "Assume any role"
    CHANGE_PERMISSIONS = "Change permissions on everything"
    RUN_CODE = "Run code on everything"
    CREDENTIALS_EXPOSED = "Credentials exposed"
    WHOLE_ACCOUNT_TRUSTED = "Whole account trusted"
    PUBLIC_BUCKET = "Public bucket"
    ALLOW_WITH_NEGATED_CONDITION = "Allow with negated condition"
    ALLOW_WITH_FOR_ALL_VALUES = "Allow with ForAllValues"
    DENY_MISSES_ABSENT_KEY = "Deny misses absent key"

    WHOLE_SERVICE = "Whole service on everything"
    DATA_READ = "Data read on everything"
    ACTION_RESOURCE_MISMATCH = "Action does not fit resource"
    OBJECT_ACTION_ON_BUCKET = "Object action on bucket"
    OPERATOR_KEY_MISMATCH = "Operator does not fit key"
    LITERAL_PATTERN = "Pattern compared literally"
    VARIABLE_NOT_SUPPORTED = "Variable not supported"
    UNRESOLVED_OUTPUT = "Unresolved output"
    UNKNOWN_SERVICE = "Unknown service"
    UNKNOWN_REGION = "Unknown region"
    ACCOUNT_NOT_A_NUMBER = "Account is not a number"
    COLON_IN_BUCKET_NAME = "Colon in bucket name"
    CONDITION_KEY_CASE = "Condition key case"
    UNKNOWN_CONDITION_KEY = "Unknown condition key"
    CONDITION_NEVER_HOLDS = "Condition never holds"
    CONDITION_ALWAYS_HOLDS = "Condition always holds"
    ALLOW_WITHOUT_EFFECT = "Allow without effect"
    TRUST_ACTION = "Action never used"
    TRUST_POLICY_LONG = "Trust policy long"
    LONG_WITH_SPACES = "Policy long with spaces"
    VERSION_AS_NUMBER = "Version as a number"
    KEY_WITHOUT_SERVICE = "Condition key without service"

    UNKNOWN_ACTION = "Unknown action"
    DUPLICATE_VALUE = "Duplicate value"
    REDUNDANT_VALUE = "Redundant value"
    REDUNDANT_STATEMENT = "Redundant statement"
    EMPTY_CONDITION = "Empty condition"
    ELEMENT_WITHOUT_EFFECT = "Element without effect"

    @property
    def anchor(self) -> str:
        """The anchor of the code in ``docs/findings.md``."""
        return self.lower().replace(" ", "-")


@dataclass(frozen=True, slots=True)
class FindingKind:
    """One kind of finding.

    Attributes:
        code: its name.
        finding_class: how much it matters.
        message: what is wrong, a template for `str.format`. Errors are worded where they are found.
        fix: what to do, likewise.
        why: what happens if nothing is done.
        document_kind: what the examples are for: ``identity``, ``trust`` or ``bucket``.
        bad: an example that has the finding: a statement, several, or a whole text; None where it would be long.
        good: an example that does not have it.
        source: where the rule comes from.
    """

    code: Code
    finding_class: FindingClass
    message: str
    fix: str
    why: str
    document_kind: str
    bad: Any
    good: Any
    source: str


def _read() -> dict[str, dict[str, Any]]:
    return json.loads(files("ram_policies").joinpath("findings.json").read_text("utf-8"))


@cache
def finding_kinds() -> Mapping[Code, FindingKind]:
    """Every kind of finding, in the order of the table."""
    return MappingProxyType(
        {
            Code(name): FindingKind(
                Code(name),
                FindingClass(entry["class"]),
                entry["message"],
                entry["fix"],
                entry["why"],
                entry["kind"],
                entry["bad"],
                entry["good"],
                entry["source"],
            )
            for name, entry in _read().items()
        }
    )


CLASS_OF: Mapping[Code, FindingClass] = {code: kind.finding_class for code, kind in finding_kinds().items()}
"""The class of every code."""


def wording(code: Code, **values: str) -> tuple[str, str]:
    """The message and the fix of a finding, with the values that its templates name."""
    kind = finding_kinds()[code]
    return kind.message.format(**values), kind.fix.format(**values)


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

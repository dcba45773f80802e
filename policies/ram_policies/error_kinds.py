"""Kinds of errors: each has a stable code, which leads from the message to its page.

Every kind is one entry of ``errors.json``: its title, its cause, the way out and a message as it is printed.
``docs/errors.md`` and ``access explain`` are made from them. Kinds of findings have a table of their own: `findings`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Literal, cast

ErrorCode = Literal[
    "ambiguous-name",
    "cannot-decorate",
    "cannot-edit",
    "cannot-split",
    "conflicting-values",
    "duplicate",
    "engine-failed",
    "folder-not-empty",
    "grants-nothing",
    "invalid-document",
    "invalid-form",
    "invalid-name",
    "invalid-setting",
    "invalid-snapshot",
    "letter-case",
    "live-key",
    "made-elsewhere",
    "mfa-for-application",
    "missing-extra",
    "missing-value",
    "needs-no-permission",
    "never-broken",
    "no-answer",
    "no-credentials",
    "no-engine",
    "no-project",
    "not-a-choice",
    "not-a-moment",
    "not-a-network",
    "not-a-period",
    "not-a-region",
    "not-an-action",
    "not-an-arn",
    "not-json",
    "not-prepared",
    "not-proved",
    "not-served",
    "not-the-fake",
    "not-yaml",
    "nothing-to-open",
    "operator-left-out",
    "other-offer",
    "other-party",
    "out-of-place",
    "out-of-range",
    "outdated-acceptance",
    "outside-contract",
    "over",
    "plain-secret",
    "port-taken",
    "python-too-old",
    "refused-by-fake",
    "refused-by-provider",
    "refused-credentials",
    "reserved-name",
    "rotation-running",
    "same-account",
    "stack-locked",
    "stack-not-made",
    "too-deep-file",
    "too-large-file",
    "too-long",
    "too-many",
    "too-many-wildcards",
    "trusts-nobody",
    "unknown-account",
    "unknown-at-preview",
    "unknown-key",
    "unknown-name",
    "unknown-outputs",
    "unknown-system-policy",
    "unknown-version",
    "unlimited-assume",
    "unreadable-file",
    "unsealed-file",
    "unusable-profile",
    "unusable-state-file",
    "unused-role",
    "unwritable-file",
    "wider-than-asked",
    "window-order",
    "wrong-account",
    "wrong-encoding",
    "wrong-file",
    "wrong-type",
    "wrong-usage",
]
"""The codes. A published one stays, and keeps its meaning."""


@dataclass(frozen=True, slots=True)
class ErrorKind:
    """One kind of error.

    Attributes:
        code: its name, and its anchor in ``docs/errors.md``.
        title: what is wrong.
        cause: how it comes about.
        fix: what to do.
        example: a message as it is printed, without its code.
    """

    code: ErrorCode
    title: str
    cause: str
    fix: str
    example: str


@cache
def error_kinds() -> Mapping[ErrorCode, ErrorKind]:
    """Every kind of error, in the order of the table."""
    table: dict[str, dict[str, str]] = json.loads(files("ram_policies").joinpath("errors.json").read_text("utf-8"))
    codes = cast("dict[ErrorCode, dict[str, str]]", table)
    return MappingProxyType({code: ErrorKind(code, **entry) for code, entry in codes.items()})


def with_code(message: str, code: ErrorCode) -> str:
    """A message with the code that leads to its page: ``name: 'a b' is not a name. Fix: ... [invalid-name]``."""
    return f"{message} [{code}]"

"""Parts of a rule: its metadata, its settings, and the function that judges."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Generic, Literal, TypeVar, cast

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from ram_policies.conditions import Unknown
from ram_policies.errors import InvalidInputError
from ram_policies.stack.views import DocumentView, RoleView, StackView


class Severity(StrEnum):
    """Severity of a broken rule."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


LOW, MEDIUM, HIGH, CRITICAL = Severity.LOW, Severity.MEDIUM, Severity.HIGH, Severity.CRITICAL


class Purpose(StrEnum):
    """Purpose of a rule; it decides what happens by default, and what happens on unknown values.

    SECURITY: a violation stops the deployment. What is not known at preview counts as a violation (fail closed).
    HYGIENE: a violation is advice. What is not known at preview is passed over.
    """

    SECURITY = "security"
    HYGIENE = "hygiene"


@dataclass(frozen=True, slots=True)
class Violation:
    """Something that breaks a rule.

    Attributes:
        urn: the resource.
        message: one sentence on what is wrong.
        fix: one sentence on what to do.
        unknown: True when nothing wrong was seen, but a value that decides is not known yet.
    """

    urn: str
    message: str
    fix: str
    unknown: bool = False

    def __str__(self) -> str:
        return f"{self.message} Fix: {self.fix}"


@dataclass(frozen=True, slots=True)
class Outside:
    """Access to the outside for settings: the time, and files that they name. Rules themselves see neither."""

    now: Callable[[], datetime]
    read: Callable[[str], str]


AccountId = Annotated[str, Field(pattern="^[0-9]+$")]


class Settings(BaseModel):
    """Settings of a rule. Sub-classes add fields, each with a default and a description."""

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=True)

    accounts_of_providers: dict[str, AccountId] = Field(
        default_factory=dict,
        description=(
            "Account IDs by the name of the provider in the program; name them all. What the program says of itself "
            "(`accountId`, `assumeRole`) counts only where this is empty, and the account of a provider that is not "
            "named is not known before a role in it has its ARN."
        ),
    )

    def resolved(self, outside: Outside) -> Settings:
        """The settings with what they only name (files, the present time) put in its place."""
        del outside
        return self


class SecuritySettings(Settings):
    """Settings of a rule that fails closed."""

    unknown: Literal["violation", "later"] = Field(
        default="violation",
        description=(
            "What a value that is not known at preview counts as: a violation, or (later) nothing, because the rule "
            "runs again with the real values: before the resource is made when the rule is about one role or "
            "document, at the end of the update when it is about the stack."
        ),
    )


Given = TypeVar("Given", bound=Settings)


def configured(name: str, settings: type[Given], values: Mapping[str, object]) -> Given:
    """Read the settings of a policy.

    Raises:
        InvalidInputError: a setting is unknown or of the wrong type.
    """
    try:
        return settings.model_validate(dict(values))
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in (name, *first["loc"]))
        known = ", ".join(f.alias or n for n, f in settings.model_fields.items())
        fix = f"use the settings of the rule as its page describes them ({known})"
        raise InvalidInputError(
            field, first["input"], f"is not accepted: {first['msg']}", fix, code="invalid-setting"
        ) from None


Subject = TypeVar("Subject", RoleView, DocumentView, StackView)


@dataclass(frozen=True, slots=True)
class Rule(Generic[Subject]):
    """A guardrail.

    Attributes:
        name: its name in configuration and messages, also the name of its page.
        title: what is wrong when it fires, as a short sentence.
        severity: how bad that is.
        purpose: security or hygiene.
        on: what the function looks at. A rule about one role or one document is run on each resource before it is
            deployed, so during an update it sees the real values in time; one about the stack is run at its end.
        why: why it matters, and how the rule decides, in plain words.
        unknown: what it does with values that are not known at preview.
        settings: the type of its settings.
        check: the function.
        good: an example that passes.
        bad: an example that does not.
    """

    name: str
    title: str
    severity: Severity
    purpose: Purpose
    on: type[Subject]
    why: str
    unknown: str
    settings: type[Settings]
    check: Callable[[Subject, Any], Iterable[Violation]]
    bad: str
    good: str

    def configured(self, values: Mapping[str, object] | None = None) -> Settings:
        """Read the rule's settings.

        Raises:
            InvalidInputError: a setting is unknown or of the wrong type.
        """
        return configured(self.name, self.settings, values or {})

    def run(self, stack: StackView, settings: Settings | None = None, *, final: bool = False) -> Iterator[Violation]:
        """Judge a stack, or a part of one.

        Args:
            stack: what to judge.
            settings: the rule's settings; its defaults when None.
            final: whether this is an update: what is not known now will not be known later.
        """
        given = self.configured() if settings is None else settings
        later = not final and isinstance(given, SecuritySettings) and given.unknown == "later"
        for subject in subjects(stack, self.on):
            for violation in self.check(subject, given):
                if not (later and violation.unknown):
                    yield violation


def subjects(stack: StackView, on: type[Subject]) -> Iterable[Subject]:
    """The parts of a stack that a rule looks at."""
    if on is RoleView:
        return cast("Iterable[Subject]", stack.roles)
    if on is DocumentView:
        return cast("Iterable[Subject]", stack.documents)
    return cast("Iterable[Subject]", (stack,))


@dataclass(frozen=True, slots=True)
class Example:
    """Example on a rule's page: a piece of a program that breaks the rule, and the same piece put right."""

    bad: str
    good: str


def rule(
    name: str,
    *,
    title: str,
    severity: Severity,
    on: type[Subject],
    settings: type[Given],
    why: str,
    unknown: str,
    example: Example,
    purpose: Purpose = Purpose.SECURITY,
) -> Callable[[Callable[[Subject, Given], Iterable[Violation]]], Rule[Subject]]:
    """Make a function a rule. It takes what it looks at and its settings, and yields violations."""

    def decorate(check: Callable[[Subject, Given], Iterable[Violation]]) -> Rule[Subject]:
        return Rule(name, title, severity, purpose, on, why, unknown, settings, check, example.bad, example.good)

    return decorate


def not_known(urn: str, what: str) -> Violation:
    """The violation of a rule that fails closed on a value it cannot see yet."""
    return Violation(
        urn,
        f"{what} is not known before the deployment, so this cannot be judged.",
        "Build it from plain values (account IDs, names, ARNs written out) instead of outputs of resources, or set "
        '"unknown": "later" for this rule.',
        unknown=True,
    )


def outside(urn: str, what: str) -> Violation:
    """The violation of a rule that fails closed on what the stack does not describe, and no deployment will tell."""
    return Violation(
        urn,
        f"{what} is not known: this stack does not describe it.",
        "Make it in this stack, or leave it out of this stack altogether.",
    )


def unreadable(urn: str, what: str) -> Violation:
    """The violation of a rule that fails closed on a document that is not valid: RAM may read it otherwise."""
    return Violation(
        urn,
        f"{what} is in a document that is not valid, so this cannot be judged.",
        "Correct the document; the rule document-findings says what is wrong with it.",
    )


def value_in_message(value: str | Unknown | None, otherwise: str) -> str:
    """A value for a message."""
    return value if isinstance(value, str) else otherwise

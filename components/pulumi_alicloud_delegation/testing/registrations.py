"""Registrations of a program, as values that a test can look at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

T = TypeVar("T")

UNKNOWN = "<unknown until the update>"
"""Stands in inputs and outputs for a value that a preview does not know."""


@dataclass(frozen=True, slots=True)
class Registration:
    """One resource or component, as the program registered it.

    Attributes:
        type: type token, ``alicloud:ram/role:Role``.
        name: the resource's name in the program.
        urn: where it is in the tree.
        parent: URN of its parent; empty for the stack's own children.
        provider: name of the provider that was given for it; empty for the default one and for components.
        inputs: by their names in the schema, secrets unwrapped.
        outputs: likewise. At preview, what only the cloud can decide is missing.
        secrets: names of the inputs that were registered as secrets.
        secret_outputs: names of the outputs that the program asked to keep secret.
        ignored_changes: names of the inputs whose changes are ignored.
        dependencies: URNs of the resources that it waits for.
        aliases: earlier URNs or names.
    """

    type: str
    name: str
    urn: str
    parent: str
    provider: str
    inputs: Mapping[str, object]
    outputs: Mapping[str, object]
    secrets: frozenset[str] = frozenset()
    secret_outputs: frozenset[str] = frozenset()
    ignored_changes: frozenset[str] = frozenset()
    dependencies: frozenset[str] = frozenset()
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FunctionCall:
    """A provider function that the program called."""

    token: str
    provider: str
    arguments: Mapping[str, object]


@dataclass(slots=True)
class Recording:
    """Record of a program while it runs."""

    registrations: dict[str, Registration] = field(default_factory=dict[str, Registration])
    calls: list[FunctionCall] = field(default_factory=list[FunctionCall])
    outputs: dict[str, object] = field(default_factory=dict[str, object])
    secret_outputs: set[str] = field(default_factory=set[str])
    messages: list[str] = field(default_factory=list[str])


@dataclass(slots=True)
class Run:
    """One run of a program.

    Attributes:
        preview: whether it was a preview.
        looked_at: whether a test has looked at anything in it.
    """

    preview: bool
    _recording: Recording
    looked_at: bool = False

    @property
    def registrations(self) -> tuple[Registration, ...]:
        """Everything but the stack, in the order it was registered."""
        return self._mark_looked_at(tuple(self._recording.registrations.values()))

    @property
    def calls(self) -> tuple[FunctionCall, ...]:
        """Provider functions that were called, in order."""
        return self._mark_looked_at(tuple(self._recording.calls))

    @property
    def outputs(self) -> Mapping[str, object]:
        """The stack's outputs, secrets unwrapped."""
        return self._mark_looked_at(self._recording.outputs)

    @property
    def secret_outputs(self) -> frozenset[str]:
        """Names of the stack's outputs that are secrets."""
        return self._mark_looked_at(frozenset(self._recording.secret_outputs))

    @property
    def messages(self) -> tuple[str, ...]:
        """Messages that the program logged, warnings and errors included."""
        return self._mark_looked_at(tuple(self._recording.messages))

    def of_type(self, type_token: str) -> tuple[Registration, ...]:
        """The registrations of one type. The last part of the token is enough: ``Role``."""
        found = [
            one
            for one in self._recording.registrations.values()
            if type_token in {one.type, one.type.rpartition(":")[2]}
        ]
        return self._mark_looked_at(tuple(found))

    def one(self, type_token: str, name: str | None = None) -> Registration:
        """The only registration of a type, or the only one with that name.

        Raises:
            AssertionError: there is none, or more than one.
        """
        found = [one for one in self.of_type(type_token) if name in {None, one.name}]
        if len(found) != 1:
            there = ", ".join(f"{one.type} {one.name}" for one in self._recording.registrations.values()) or "nothing"
            raise AssertionError(f"{len(found)} registrations of {type_token} {name or ''}; there is {there}")
        return found[0]

    def children_of(self, parent: Registration) -> tuple[Registration, ...]:
        """The registrations right below another one."""
        return self._mark_looked_at(
            tuple(one for one in self._recording.registrations.values() if one.parent == parent.urn)
        )

    def __iter__(self) -> Iterator[Registration]:
        return iter(self.registrations)

    def __len__(self) -> int:
        return len(self.registrations)

    def _mark_looked_at(self, value: T) -> T:
        self.looked_at = True
        return value


@dataclass(frozen=True, slots=True)
class Runs:
    """The same program run twice: as a preview, where the cloud's answers are unknown, and as an update."""

    preview: Run
    update: Run

    def each(self, check: Callable[[Run], None]) -> None:
        """Make the same checks on both."""
        for run in (self.preview, self.update):
            check(run)

    @property
    def looked_at(self) -> bool:
        """True if a test has looked at anything in either."""
        return self.preview.looked_at or self.update.looked_at

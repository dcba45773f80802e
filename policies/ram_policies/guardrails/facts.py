"""What a preview says about a resource, in plain values, with what is not known yet made explicit.

Rules never see Pulumi's own objects: reading an unknown value of those raises, and a policy that raises is skipped with
an advisory, so a guardrail written on them opens exactly when it knows least. Here an unknown value is `UNKNOWN`, a
value like any other, and a rule has to say what it does with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ram_policies.conditions import UNKNOWN, Unknown

__all__ = ["UNKNOWN", "Provider", "ResourceFacts", "Unknown", "Value"]

Value = Unknown | str | int | float | bool | None | Sequence["Value"] | Mapping[str, "Value"]
"""A property: JSON, with `UNKNOWN` for what is not known at preview."""


@dataclass(frozen=True, slots=True)
class Provider:
    """The provider instance behind a resource.

    Attributes:
        urn: its URN; resources with the same one live in the same account.
        properties: its configuration, without credentials.
    """

    urn: str
    properties: Mapping[str, Value] = field(default_factory=dict[str, Value])


@dataclass(frozen=True, slots=True)
class ResourceFacts:
    """One resource of a stack.

    Attributes:
        urn: its URN.
        type: its type token, ``alicloud:ram/role:Role``.
        properties: inputs before an update, outputs after; keys as the provider's schema writes them.
        provider: the provider instance, when there is one.
        depends_on: for a property, the URNs of the resources its value comes from.
    """

    urn: str
    type: str
    properties: Mapping[str, Value]
    provider: Provider | None = None
    depends_on: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])

    @property
    def name(self) -> str:
        """The name the program gives the resource."""
        return self.urn.rpartition("::")[2]

    def text(self, *names: str) -> str | Unknown | None:
        """The first of these properties that is there, as text; None when none is."""
        for name in names:
            value = self.properties.get(name)
            if value is UNKNOWN:
                return UNKNOWN
            if value is not None and value != "":
                return value if isinstance(value, str) else str(value)
        return None

    def number(self, name: str) -> int | Unknown | None:
        """A property that is a number, as an integer."""
        value = self.properties.get(name)
        if isinstance(value, Unknown):
            return UNKNOWN
        return int(value) if isinstance(value, (int, float)) else None

    def flag(self, name: str) -> bool | Unknown | None:
        """A property that is true or false."""
        value = self.properties.get(name)
        if isinstance(value, Unknown):
            return UNKNOWN
        return value if isinstance(value, bool) else None

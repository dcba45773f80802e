"""Facts of a preview about a resource, in plain values, with what is not known yet made explicit.

Rules never see Pulumi's own objects: reading an unknown value of those raises, and a policy that raises is skipped with
an advisory, so a guardrail written on them opens exactly when it knows least. Here an unknown value is `UNKNOWN`, a
value like any other, and a rule has to say what it does with it.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ram_policies.conditions import UNKNOWN, Unknown

__all__ = ["UNKNOWN", "ProviderInstance", "ResourceFacts", "Unknown", "Value", "holds_unknown"]

_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?", re.ASCII)
# strconv.ParseBool of Go, which the provider's own conversion of text uses.
_FLAGS: Mapping[str, bool] = {
    **dict.fromkeys(("1", "t", "T", "TRUE", "true", "True"), True),
    **dict.fromkeys(("0", "f", "F", "FALSE", "false", "False"), False),
}

Value = Unknown | str | int | float | bool | None | Sequence["Value"] | Mapping[str, "Value"]
"""A property: JSON, with `UNKNOWN` for what is not known at preview."""


@dataclass(frozen=True, slots=True)
class ProviderInstance:
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
    provider: ProviderInstance | None = None
    depends_on: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])

    @property
    def name(self) -> str:
        """The name the program gives the resource."""
        return self.urn.rpartition("::")[2]

    def text(self, *names: str) -> str | Unknown | None:
        """The first of these properties that is set, as text; None when none is.

        Numbers and booleans become text as the provider reads them; lists and objects, which it refuses, are UNKNOWN.
        """
        value = self._first(names)
        return UNKNOWN if isinstance(value, Mapping | Sequence) and not isinstance(value, str) else value

    def document(self, *names: str) -> str | Unknown | None:
        """The first of these properties that is set, as the text of a document; objects and lists become JSON."""
        value = self._first(names)
        if isinstance(value, Mapping | Sequence) and not isinstance(value, str):
            return json.dumps(value, ensure_ascii=False)
        return value

    def _first(self, names: Iterable[str]) -> str | Unknown | Sequence[Value] | Mapping[str, Value] | None:
        for name in names:
            value = self.properties.get(name)
            if holds_unknown(value):
                return UNKNOWN
            if value is not None and value != "":
                return value if isinstance(value, Mapping | Sequence | Unknown) else _as_text(value)
        return None

    def number(self, name: str) -> int | Unknown | None:
        """A property that is a number, as an integer; None when it is not set.

        Text is read as the provider reads it (``"43200"``). What cannot be read as a number is UNKNOWN.
        """
        value = self.properties.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, str):
            value = float(value) if _NUMBER.fullmatch(value.strip()) else UNKNOWN
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            return UNKNOWN
        return math.ceil(value)

    def flag(self, name: str) -> bool | Unknown | None:
        """A property that is true or false; None when it is not set.

        Text is read as the provider reads it (``"true"``, ``"1"``). What cannot be read as one of the two is UNKNOWN.
        """
        value = self.properties.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, bool):
            return value
        if isinstance(value, int | float):
            return value == 1 if value in {0, 1} else UNKNOWN
        return _FLAGS.get(value, UNKNOWN) if isinstance(value, str) else UNKNOWN


def _as_text(value: float) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))  # the engine sends every number as a float
    return json.dumps(value, ensure_ascii=False)


def holds_unknown(value: Value) -> bool:
    """True if a value is not known, or holds something that is not."""
    if isinstance(value, str):
        return False
    if isinstance(value, Mapping):
        return any(holds_unknown(item) for item in value.values())
    if isinstance(value, Sequence):
        return any(holds_unknown(item) for item in value)
    return isinstance(value, Unknown)

"""Parameters of presets: what may be given, checked before anything is rendered."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from ram_policies.errors import InvalidInputError
from ram_policies.names import NameKind, check_name

_MOST_VALUES = 50
_WILDCARD = re.compile(r"[*?]")
TAGS = "tags"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a preset: one text or a list of texts; for ``tags`` a mapping of keys to those.

    Attributes:
        name: as it is written in configuration.
        description: what it narrows or names.
        pattern: what a value must match as a whole; empty for tags.
        form: the pattern in words, as the rest of "write …".
        example: a value for the documentation.
        required: whether the preset cannot do without.
        most: how many values it takes.
        lower_case_tags: for tags: the service stores keys and values in lower case.
    """

    name: str
    description: str
    pattern: str
    form: str
    example: object
    required: bool = False
    most: int = _MOST_VALUES
    lower_case_tags: bool = False


@dataclass(frozen=True, slots=True)
class Arguments:
    """Checked values.

    Attributes:
        values: by name of parameter; a parameter that was not given has none.
        tags: key and accepted values.
    """

    values: Mapping[str, tuple[str, ...]]
    tags: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def of(self, name: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        """The values of a parameter, or the default when it was not given."""
        return self.values.get(name, default)


def read_arguments(parameters: tuple[Parameter, ...], given: Mapping[str, object], field: str) -> Arguments:
    """Check what was given for a preset's parameters.

    Args:
        parameters: what the preset takes.
        given: names and values, as in configuration.
        field: where they stand, for messages.

    Raises:
        InvalidInputError: an unknown name, a missing one, or a value that is not of the parameter's form.
    """
    known = {parameter.name: parameter for parameter in parameters}
    for name in given:
        if name not in known:
            raise InvalidInputError(
                f"{field}.{name}",
                given[name],
                "is not a parameter of this preset",
                _meant(name, known),
                code="unknown-key",
            )
    values: dict[str, tuple[str, ...]] = {}
    tags: tuple[tuple[str, tuple[str, ...]], ...] = ()
    for parameter in parameters:
        where = f"{field}.{parameter.name}"
        if parameter.name not in given:
            if parameter.required:
                raise InvalidInputError(where, None, "is missing", f"write {parameter.form}", code="missing-value")
        elif parameter.name == TAGS:
            tags = _tags(parameter, given[TAGS], where)
        else:
            values[parameter.name] = _texts(parameter, given[parameter.name], where)
    return Arguments(values, tags)


def _meant(name: str, known: Mapping[str, Parameter]) -> str:
    if not known:
        return "leave it out; the preset has none"
    close = difflib.get_close_matches(name, known, n=1)
    return f"write {close[0]}" if close else f"use {', '.join(known)}"


def _texts(parameter: Parameter, value: object, where: str) -> tuple[str, ...]:
    texts = _list(value, where, parameter.form)
    if len(texts) > parameter.most:
        many = f"has {len(texts)} values, more than {parameter.most}"
        raise InvalidInputError(
            where, value, many, "grant the preset several times, or narrow it by tag or resource group", code="too-many"
        )
    for place, text in texts:
        wildcard = _WILDCARD.search(text)
        if wildcard:
            raise InvalidInputError(
                place,
                text,
                f"contains the wildcard {wildcard.group()!r}",
                f"write {parameter.form}",
                code="invalid-form",
            )
        if not re.fullmatch(parameter.pattern, text):
            raise InvalidInputError(
                place, text, "is not of the form this parameter takes", f"write {parameter.form}", code="invalid-form"
            )
    return tuple(dict.fromkeys(text for _, text in texts))


def _tags(parameter: Parameter, value: object, where: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    pairs = _pairs(value)
    if not pairs:
        raise InvalidInputError(
            where, value, "is not a mapping of tag keys to values", f"write {parameter.form}", code="wrong-type"
        )
    out: list[tuple[str, tuple[str, ...]]] = []
    for key, wanted in pairs.items():
        name = check_name(NameKind.TAG_KEY, key, where)
        if re.search(r"\s", name):
            raise InvalidInputError(
                where, name, "contains white space", "use tags whose keys have none in conditions", code="invalid-name"
            )
        texts = _list(wanted, f"{where}.{name}", "one value, or a list of values")
        accepted = tuple(check_name(NameKind.TAG_VALUE, text, place) for place, text in texts)
        for text in (name, *accepted):
            if parameter.lower_case_tags and text != text.lower():
                problem = "has capital letters, which the service turns into small ones"
                raise InvalidInputError(f"{where}.{name}", text, problem, f"write {text.lower()}", code="invalid-form")
        out.append((name, tuple(dict.fromkeys(accepted))))
    return tuple(out)


def _list(value: object, where: str, form: str) -> list[tuple[str, str]]:
    """Texts with their places; a single text counts as a list of one."""
    if isinstance(value, str):
        return [(where, value)]
    items = _items(value)
    if not items:
        raise InvalidInputError(
            where, value, "is neither text nor a list with at least one text", f"write {form}", code="wrong-type"
        )
    out: list[tuple[str, str]] = []
    for index, item in enumerate(items):
        if not isinstance(item, str):
            raise InvalidInputError(f"{where}[{index}]", item, "is not a string", f"write {form}", code="wrong-type")
        out.append((f"{where}[{index}]", item))
    return out


def _pairs(value: object) -> Mapping[object, object]:
    return cast("Mapping[object, object]", value) if isinstance(value, Mapping) else {}


def _items(value: object) -> Sequence[object]:
    return cast("Sequence[object]", value) if isinstance(value, (list, tuple)) else ()

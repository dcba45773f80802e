"""From plain dictionaries to specs, with errors that name the key, the value and the way out."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from typing import TypeVar, cast, get_args

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from pulumi_alicloud_delegation.engine_values import is_moment_of_engine, whole_number
from pulumi_alicloud_delegation.key_spelling import FREE_KEYS, snake
from pulumi_alicloud_delegation.specs import Spec
from ram_policies import InvalidInputError

S = TypeVar("S", bound=Spec)

_OUTERMOST = "configuration"
"""Name of the mapping that holds all others, for messages."""
_NUMBER = ("is not a whole number", "write a number of seconds without quotes")
_PROBLEMS = {
    "string_type": ("is not a string", "write a string, in quotes if it is a number"),
    "moment_type": ("is not a moment in ISO 8601", "write it as 2026-12-31T23:59:59Z"),
    "int_type": _NUMBER,
    "int_parsing": _NUMBER,
    "int_parsing_size": _NUMBER,
    "int_from_float": _NUMBER,
    "finite_number": _NUMBER,
    "bool_type": ("is neither true nor false", "write true or false, without quotes"),
    "tuple_type": ("is not a list", "write a list, even if it has one entry"),
    "dict_type": ("is not a mapping", "write keys and values"),
    "model_type": ("is not a mapping", "write keys and values"),
}
_NOT_KNOWN_YET = (
    "is not known before the update: it is an Output, or comes from one",
    "give a plain value, from the configuration for instance, so that it can be checked at preview",
)
_UNQUOTED = ("is a date or a time without quotes, as the engine hands it over", "write it in quotes")


def read_spec(model: type[S], value: object, root: str = "") -> S:
    """Read a value into a model.

    Args:
        model: what it should be.
        value: plain dictionaries, lists and scalars.
        root: where the value stands, for messages; empty when its keys are the outermost.

    Raises:
        InvalidInputError: a key is unknown, missing or given in both spellings, or a value has the wrong type, is not
            one of the choices, or is an Output, or was a date before the engine changed it. Keys are spelled
            ``as_in_python``; see `key_spelling.respelled`.
    """
    try:
        spec = model.model_validate(value)
    except ValidationError as error:
        problem = _as_input_error(error.errors(include_url=False), model, root)
    else:
        _check_plain(spec, root)
        return spec
    # Outside the handler, so that pydantic's error is not chained: it repeats its input, which may hold a secret.
    raise problem


def _check_plain(value: object, field: str) -> None:
    """Refuse a value that is not as somebody wrote it: an Output, or a date in the engine's form, or one in it.

    Raises:
        InvalidInputError: there is one; the message names where.
    """
    if _is_output(value):
        raise InvalidInputError(field, _Unprinted(), *_NOT_KNOWN_YET, code="unknown-at-preview")
    if isinstance(value, str) and is_moment_of_engine(value):
        # A stack file says 2026-01-01; nobody means the text that Go makes of it, in a tag for instance.
        raise InvalidInputError(field, value, *_UNQUOTED, code="wrong-type")
    if isinstance(value, Spec):
        for name, info in type(value).model_fields.items():
            if not info.exclude:  # credentials are inputs of a provider, which takes Outputs
                _check_plain(getattr(value, name), f"{field}.{name}" if field else name)
    elif isinstance(value, Mapping):
        for key, item in cast("Mapping[str, object]", value).items():
            _check_plain(item, f"{field}.{key}" if field else str(key))
    elif isinstance(value, list | tuple):
        for index, item in enumerate(cast("list[object]", value)):
            _check_plain(item, f"{field}[{index}]")


def _is_plain(value: object) -> bool:
    """Tell whether a value is a text that a message can repeat."""
    return isinstance(value, str) and len(value) <= 64 and value.isprintable()


class _Unprinted:
    """Stands in a message for an Output, whose own text is a warning of several lines."""

    def __repr__(self) -> str:
        return "the value"


def _is_output(value: object) -> bool:
    # By form, so that reading needs no Pulumi: an Output, or anything else that is waited for; or what stands for an
    # unknown value in what the engine hands to the plugin.
    kind = type(value)
    if (kind.__module__, kind.__name__) == ("pulumi.output", "Unknown"):
        return True
    return hasattr(kind, "__await__") or (hasattr(value, "apply") and hasattr(value, "future"))


def _as_input_error(details: list[ErrorDetails], model: type[Spec], root: str) -> InvalidInputError:
    # Unknown keys first: they are usually the reason why another one is missing.
    first = min(details, key=lambda d: d["type"] != "extra_forbidden")
    path = first["loc"]
    field = _field(path, root) or _OUTERMOST
    kind, given = first["type"], whole_number(first["input"])
    if kind in {"extra_forbidden", "invalid_key"}:
        return unknown_key(_field(path[:-1], root) or _OUTERMOST, str(path[-1]), _known(model, path))
    if kind == "missing":
        return InvalidInputError(
            field,
            None,
            "is missing",
            f"add '{snake(str(path[-1]))}'; its description is in the schema and in docs",
            code="missing-value",
        )
    if kind == "given_twice":
        key = first["msg"]
        return InvalidInputError(
            _field((*path, key), root),
            key,
            "is given in both spellings of the key",
            "keep one of the two",
            code="duplicate",
        )
    try:
        _check_plain(first["input"], field)
    except InvalidInputError as error:
        return error
    if kind == "literal_error":
        expected = str(first.get("ctx", {}).get("expected", ""))
        return InvalidInputError(field, given, "is not one of the choices", f"write {expected}", code="not-a-choice")
    problem, fix = _PROBLEMS.get(kind, (first["msg"].lower(), "correct the value"))
    if kind == "tuple_type" and _is_plain(given):
        fix = f"write it as a list: [{given}]"
    return InvalidInputError(field, given, problem, fix, code="wrong-type")


def unknown_key(where: str, key: str, known: list[str]) -> InvalidInputError:
    """The error for an unknown key, with the known one that is closest.

    Args:
        where: the mapping that holds it.
        key: as it was given.
        known: the keys that may stand there, spelled ``as_in_python``.
    """
    by_folded = {name.replace("_", "").lower(): name for name in known}
    near = difflib.get_close_matches(key.replace("_", "").lower(), by_folded, n=1, cutoff=0.5)
    if near:
        fix = f"write '{by_folded[near[0]]}', or leave it out"
    else:
        listed = ", ".join(f"'{name}'" for name in sorted(known))
        fix = f"leave it out; the keys here are {listed}"
    return InvalidInputError(where, key, "is not a known key", fix, code="unknown-key")


def _field(path: tuple[int | str, ...], root: str) -> str:
    if path[-1:] == ("[key]",):  # of a mapping's own keys, one is not a string
        return f"{_field(path[:-2], root)} (key)"
    out = root
    free = False
    for part in path:
        if isinstance(part, int):
            out += f"[{part}]"
        elif re.fullmatch(r"str|constrained-str|function-before.*|dict\[.*\]", part):
            continue  # which arm of a union: of no use to the reader
        else:
            out += ("." if out else "") + (part if free else snake(part))
            free = part in FREE_KEYS
    return out


def _known(model: type[Spec], path: tuple[int | str, ...]) -> list[str]:
    current: type[Spec] = model
    for part in path[:-1]:
        if isinstance(part, int):
            continue
        inner = _model_of(current.model_fields[snake(part)].annotation)
        if inner is None:
            break
        current = inner
    return list(current.model_fields)


def _model_of(annotation: object) -> type[Spec] | None:
    if isinstance(annotation, type) and issubclass(annotation, Spec):
        return annotation
    for inner in cast("tuple[object, ...]", get_args(annotation)):
        found = _model_of(inner)
        if found is not None:
            return found
    return None

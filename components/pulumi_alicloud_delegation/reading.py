"""From plain dictionaries to specs, with errors that name the key, the value and the way out."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from typing import TypeVar, cast, get_args

from pydantic import ValidationError
from pydantic.alias_generators import to_camel
from pydantic_core import ErrorDetails

from pulumi_alicloud_delegation.specs import Spec
from ram_policies import InvalidInputError

S = TypeVar("S", bound=Spec)
Spelling = Callable[[str], str]

_FREE_KEYS = "tags"  # below it, keys are the user's own and keep their spelling
_WORDS = {
    "string_type": ("is not text", "write it as text, in quotes if it is a number"),
    "int_type": ("is not a whole number", "write a number of seconds without quotes"),
    "int_parsing": ("is not a whole number", "write a number of seconds without quotes"),
    "int_from_float": ("is not a whole number", "write a number of seconds without quotes"),
    "bool_type": ("is neither true nor false", "write true or false, without quotes"),
    "tuple_type": ("is not a list", "write a list, even if it has one entry"),
    "dict_type": ("is not a mapping", "write keys and values"),
    "model_type": ("is not a mapping", "write keys and values"),
}


def same(key: str) -> str:
    """Spelling of the components' arguments: as the field is named."""
    return key


def camel(key: str) -> str:
    """Spelling of configuration and files: ``maxSessionDuration``."""
    return to_camel(key)


def read(model: type[S], value: object, root: str = "", spelling: Spelling = same) -> S:
    """Read a value into a model.

    Args:
        model: what it should be.
        value: plain dictionaries, lists and scalars.
        root: where the value stands, for messages; empty when its keys are the outermost.
        spelling: how the keys are spelled, for messages.

    Raises:
        InvalidInputError: a key is unknown or missing, or a value has the wrong type or is not one of the choices.
    """
    try:
        return model.model_validate(value)
    except ValidationError as error:
        # The error of pydantic is not chained: it repeats its input, which may hold a secret.
        problem = _as_input_error(error.errors(include_url=False), model, root, spelling)
    raise problem


def _as_input_error(details: list[ErrorDetails], model: type[Spec], root: str, spelling: Spelling) -> InvalidInputError:
    # Unknown keys first: they are usually the reason why another one is missing.
    first = min(details, key=lambda d: d["type"] != "extra_forbidden")
    path = first["loc"]
    field = _field(path, root, spelling)
    kind = first["type"]
    if kind == "extra_forbidden":
        key = str(path[-1])
        return unknown_key(_field(path[:-1], root, spelling) or "configuration", key, _known(model, path, spelling))
    if kind == "missing":
        return InvalidInputError(
            field, None, "is missing", f"add {spelling(str(path[-1]))!r}; its description is in the schema and in docs"
        )
    if kind == "literal_error":
        expected = str(first.get("ctx", {}).get("expected", ""))
        return InvalidInputError(field, first["input"], "is not one of the choices", f"write {expected}")
    says, fix = _WORDS.get(kind, (first["msg"].lower(), "correct the value"))
    return InvalidInputError(field, first["input"], says, fix)


def unknown_key(where: str, key: str, known: list[str]) -> InvalidInputError:
    """The error for a key nobody knows, with the closest one that somebody does."""
    by_folded = {name.replace("_", "").lower(): name for name in known}
    near = difflib.get_close_matches(key.replace("_", "").lower(), by_folded, n=1, cutoff=0.5)
    if near:
        fix = f"write {by_folded[near[0]]!r}, or leave it out"
    else:
        fix = f"leave it out; the keys here are {', '.join(sorted(known))}"
    return InvalidInputError(where, key, "is not a known key", fix)


def _field(path: tuple[int | str, ...], root: str, spelling: Spelling) -> str:
    out = root
    free = False
    for part in path:
        if isinstance(part, int):
            out += f"[{part}]"
        elif part in {"str", "constrained-str", "dict[str,object]"}:  # which arm of a union: of no use to the reader
            continue
        else:
            out += ("." if out else "") + (part if free else spelling(_snake(part)))
            free = part == _FREE_KEYS
    return out


def _snake(key: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in key)


def _known(model: type[Spec], path: tuple[int | str, ...], spelling: Spelling) -> list[str]:
    current: type[Spec] = model
    for part in path[:-1]:
        if isinstance(part, int):
            continue
        inner = _model_of(current.model_fields[_snake(part)].annotation)
        if inner is None:
            break
        current = inner
    return [spelling(name) for name in current.model_fields]


def _model_of(annotation: object) -> type[Spec] | None:
    if isinstance(annotation, type) and issubclass(annotation, Spec):
        return annotation
    for inner in cast("tuple[object, ...]", get_args(annotation)):
        found = _model_of(inner)
        if found is not None:
            return found
    return None


def without(value: Mapping[str, object], *keys: str) -> dict[str, object]:
    """A mapping without some of its keys."""
    return {key: item for key, item in value.items() if key not in keys}

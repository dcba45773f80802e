"""Values from the bytes or the text of a given file. Whatever cannot be read is reported in one line."""

from __future__ import annotations

import json
from typing import Any, cast

from ram_policies.encoding import decode_text
from ram_policies.errors import InvalidInputError

_MOST_VALUES = 1_000_000
_LONGEST = 16 * 1024 * 1024  # characters of YAML, which is read slowly: half a minute for 60 MB


def text_in(data: bytes, field: str, name: str) -> str:
    """The text in the bytes of a file.

    Args:
        data: the bytes.
        field: what to call the file in messages: the option or argument that named it.
        name: of the file.

    Raises:
        InvalidInputError: it is in none of the encodings that `encoding.decode_text` reads.
    """
    try:
        return decode_text(data)
    except UnicodeDecodeError:
        raise InvalidInputError(
            field, name, "is not UTF-8 or UTF-16 text", "save it as UTF-8", code="wrong-encoding"
        ) from None


def json_in(text: str, field: str, name: str, fix: str = "give a JSON file", **reading: Any) -> object:  # noqa: ANN401 - those of json.loads
    """The value in JSON text.

    Args:
        text: the text.
        field: what to call the file in messages.
        name: of the file.
        fix: what to do about text that is not JSON, as an imperative.
        reading: arguments of `json.loads`.

    Raises:
        InvalidInputError: it is not JSON.
    """
    try:
        return cast("object", json.loads(text, **reading))
    except ValueError as error:
        raise InvalidInputError(field, name, f"is not JSON ({_reason(error)})", fix, code="not-json") from None
    except RecursionError:
        raise InvalidInputError(field, name, "is nested too deeply", fix, code="too-deep-file") from None


def yaml_in(text: str, field: str, name: str, fix: str = "give a YAML or JSON file") -> object:
    """The value in YAML text; of plain types alone.

    Args:
        text: the text.
        field: what to call the file in messages.
        name: of the file.
        fix: what to do about text that is not YAML, as an imperative.

    Raises:
        InvalidInputError: it is not YAML.
    """
    import yaml  # noqa: PLC0415 - only who reads such a file pays for it

    if len(text) > _LONGEST:
        raise InvalidInputError(field, name, "is larger than 16 MB", "give the right file", code="too-large-file")
    try:
        value = cast("object", yaml.safe_load(text))
        size = _written_out(value, {})
    except yaml.YAMLError as error:
        raise InvalidInputError(field, name, f"is not YAML ({_place(error)})", fix, code="not-yaml") from None
    except RecursionError:
        raise InvalidInputError(field, name, "is nested too deeply", fix, code="too-deep-file") from None
    except (ValueError, KeyError, AttributeError) as error:  # a date in no calendar; `!!bool maybe`; `!!timestamp x`
        raise InvalidInputError(field, name, f"is not YAML ({_reason(error)})", fix, code="not-yaml") from None
    if size > _MOST_VALUES:
        problem = f"stands for more than {_MOST_VALUES:,} values"
        raise InvalidInputError(field, name, problem, "give the right file", code="too-large-file")
    return value


def _written_out(value: object, sizes: dict[int, int]) -> int:
    """Number of values once each alias is replaced by what it stands for.

    Args:
        value: where to count.
        sizes: those of lists and mappings counted before, by identity.

    Raises:
        RecursionError: a value contains itself.
    """
    if not isinstance(value, (dict, list)):
        return 1
    inside = cast("dict[object, object]", value).values() if isinstance(value, dict) else cast("list[object]", value)
    if id(cast("object", value)) not in sizes:
        sizes[id(cast("object", value))] = 1 + sum(_written_out(one, sizes) for one in inside)
    return sizes[id(cast("object", value))]


def _place(error: Exception) -> str:
    """Line and column of a YAML error, and what is wrong there. The error's own text has several lines."""
    mark: Any = getattr(error, "problem_mark", None)
    problem: object = getattr(error, "problem", None) or getattr(error, "reason", None) or "unreadable"
    where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark is not None else ""
    return where + " ".join(str(problem).split())


def _reason(error: Exception) -> str:
    """The problem, without advice to a Python programmer."""
    if isinstance(error, json.JSONDecodeError):
        return f"line {error.lineno}, column {error.colno}: {error.msg}"
    if not isinstance(error, ValueError):
        return "a value is not what its tag says"
    text = str(error)
    return "a number has too many digits" if "integer string conversion" in text else text

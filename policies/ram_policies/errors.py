"""The one family of errors this package raises: they name the field, the value and the way out."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from ram_policies.error_kinds import with_code

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ram_policies.error_kinds import ErrorCode
    from ram_policies.findings import Finding

_SHOWN = 80
_LONGEST = 1000
"""Length of a part of a message that lists what may be written, which is the longest that there is."""
_SECRET_WORDS = ("secret", "password", "token", "privatekey")


def _on_a_line(text: str) -> str:
    """A part of a message that may repeat what somebody wrote: in one line, printable, and of bounded length."""
    short = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
    return short if short.isprintable() else "".join(map(_printable, short))


def _printable(letter: str) -> str:
    return letter if letter.isprintable() else letter.encode("unicode_escape").decode("ascii")


def _shown(field: str, value: object) -> str:
    last = field.rsplit(".", 1)[-1].lower().replace("_", "")
    if any(word in last for word in _SECRET_WORDS):
        return "(hidden)"
    text = _beginning(value)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def _beginning(value: object) -> str:
    """The beginning of a value's text, without writing out the rest, which may be very large."""
    text = ""
    for piece in _pieces(value):
        text += piece
        if len(text) > _SHOWN:
            break
    return text


def _pieces(value: object) -> Iterator[str]:
    """The text that `repr` gives, piece by piece."""
    if isinstance(value, str):
        yield repr(value[: _SHOWN + 1])
    elif type(value) is list:
        yield "["
        for position, item in enumerate(cast("list[object]", value)):
            yield ", " if position else ""
            yield from _pieces(item)
        yield "]"
    elif type(value) is dict:
        yield "{"
        for position, (key, item) in enumerate(cast("dict[object, object]", value).items()):
            yield ", " if position else ""
            yield from _pieces(key)
            yield ": "
            yield from _pieces(item)
        yield "}"
    else:
        try:
            text = repr(value)
            # An object's own text may have lines, or an address that is another one in each run.
            plain = text.isprintable() and " at 0x" not in text
            yield text if plain else f"a value of type {type(value).__name__}"
        except ValueError:  # Python writes out no number of more than 4300 digits
            yield "a number of thousands of digits"


class InvalidInputError(ValueError):
    """A value that cannot be accepted.

    Attributes:
        field: where the value stands, as a path: ``roles[0].name``.
        value: the value itself. It is never printed when the field's name says that it is a secret.
        problem: what is wrong, as the rest of a sentence that starts with the value.
        fix: what to write instead, as an imperative.
        code: the kind of error; see `error_kinds`. The message ends with it.
    """

    def __init__(self, field: str, value: object, problem: str, fix: str, *, code: ErrorCode) -> None:
        self.field = field
        self.value = value
        self.problem = problem
        self.fix = fix
        self.code: ErrorCode = code
        where, what, way = (_on_a_line(text) for text in (field, problem, fix))
        super().__init__(with_code(f"{where}: {_shown(field, value)} {what}. Fix: {way}.", code))


class InvalidDocumentError(InvalidInputError):
    """A policy document with at least one finding of class error.

    Attributes:
        findings: everything that was found, the warnings too, in the order of the document.
        first: the first finding of class error, which the message names.
    """

    def __init__(self, findings: Sequence[Finding], source: object = "", field: str = "document") -> None:
        self.findings = tuple(findings)
        errors = [f for f in self.findings if f.finding_class == "error"]
        self.first = first = errors[0] if errors else self.findings[0]
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        where = f"line {first.line}, column {first.column}: {first.code}: {first.message}"
        problem = f"is not a valid policy document: {where.rstrip('.')}{more}"
        super().__init__(field, source, problem, first.fix.rstrip("."), code="invalid-document")

"""Reading policy documents: a document or findings, or, with `read_document`, one error that names the field."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from ram_policies import limits
from ram_policies.document import Document, DocumentKind
from ram_policies.errors import InvalidDocumentError
from ram_policies.findings import CLASS_OF, Code, Finding, FindingClass
from ram_policies.validation.checks import check_statements
from ram_policies.validation.jsontext import JsonError, Positions, read_json_text
from ram_policies.validation.reader import DocumentReader, Note, Notes
from ram_policies.validation.resource_checks import check_strings

Source: TypeAlias = str | Mapping[str, object]
"""A document that is still to be read: JSON text, or plain JSON values."""
_READ_AT_MOST = 500_000
_MOST_BYTES = {DocumentKind.SESSION: limits.SESSION_POLICY_BYTES, DocumentKind.BUCKET: limits.BUCKET_POLICY_BYTES}
_SPACE = re.compile(r'("(?:[^"\\]|\\.)*+")|[ \t\n\r]+')


@dataclass(frozen=True, slots=True)
class Parsed:
    """Result of reading a document.

    Attributes:
        document: None when there is a finding of class error.
        findings: everything found, in the order of the text.
    """

    document: Document | None
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that make RAM refuse the document."""
        return tuple(finding for finding in self.findings if finding.finding_class is FindingClass.ERROR)

    def valid(self, shown: object, field: str) -> Document:
        """The document.

        Args:
            shown: the value that a message shows: the document as it was given, or the name of its file.
            field: where it stands, for messages.

        Raises:
            InvalidDocumentError: there is a finding of class error.
        """
        if self.document is None:
            raise InvalidDocumentError(self.findings, shown, field)
        return self.document


def read_document(source: Source, kind: DocumentKind | str, field: str = "document") -> Document:
    """Read a policy document.

    Args:
        source: JSON text, or plain JSON values.
        kind: what the document is for.
        field: where it stands, for messages: ``roles[0].policies[0].document``.

    Raises:
        InvalidDocumentError: it is not a valid document of that kind; `findings` say where and why.
    """
    return parse(source, kind).valid(source, field)


def parse(source: Source, kind: DocumentKind | str) -> Parsed:
    """Read a policy document, with everything that is found in it.

    Positions in plain values are those of their text indented by two spaces; their length is that of their text
    without any space.

    Args:
        source: JSON text, or plain JSON values.
        kind: what the document is for.
    """
    return _parse(source, DocumentKind(kind), check_length)


def parse_any_length(source: Source, kind: DocumentKind | str) -> Parsed:
    """Read a policy document that is split over several policies afterwards: its length is not a finding."""
    return _parse(source, DocumentKind(kind), lambda _kind, _text, _notes: None)


def _parse(source: Source, kind: DocumentKind, check: Callable[[DocumentKind, str, Notes], None]) -> Parsed:
    try:
        text, dense = _texts(source)
    except (TypeError, ValueError, RecursionError) as error:
        fix = "Use dictionaries, lists and strings."
        message = f"The value cannot be written as JSON: {error}."
        return Parsed(None, (Finding(Code.JSON_SYNTAX_ERROR, FindingClass.ERROR, message, fix, "", 1, 1),))
    notes = Notes()
    document: Document | None = None
    if len(text) > _READ_AT_MOST:
        notes.add(
            Code.DOCUMENT_TOO_LONG,
            0,
            "",
            f"The document has {len(text)} characters.",
            "Split it into several policies.",
        )
    else:
        try:
            root = read_json_text(text)
        except JsonError as error:
            code = Code.DOCUMENT_TOO_DEEP if error.deep else Code.JSON_SYNTAX_ERROR
            notes.add(code, error.offset, "", error.message, error.fix)
        else:
            document = DocumentReader(kind, notes).document(root)
            check(kind, dense, notes)
            check_strings(root, notes)
            if not notes.has_error:
                check_statements(kind, root, notes)
    findings = findings_of(text, notes)
    failed = any(finding.finding_class is FindingClass.ERROR for finding in findings)
    return Parsed(None if failed else document, findings)


def _texts(source: Source) -> tuple[str, str]:
    """The text that positions are counted in, and the one whose length RAM would count."""
    if isinstance(source, str):
        return source, source
    dense = json.dumps(source, ensure_ascii=False, separators=(",", ":"), default=_date_text)
    return json.dumps(source, ensure_ascii=False, indent=2, default=_date_text), dense


def _date_text(value: object) -> str:
    """The text of a time that stands unquoted in YAML, which readers of YAML make a date of."""
    if isinstance(value, date):  # a datetime is one, too
        return value.isoformat().replace("+00:00", "Z")
    raise TypeError(f"{type(value).__name__} is not a JSON value")


def check_length(kind: DocumentKind, text: str, notes: Notes) -> None:
    """Note a text that is longer than RAM takes for its kind."""
    if kind in _MOST_BYTES:
        size, most, unit = len(text.encode("utf-8", "replace")), _MOST_BYTES[kind], "bytes"
    else:
        size, unit = len(text), "characters"
        most = limits.TRUST_POLICY_LENGTH if kind is DocumentKind.TRUST else limits.POLICY_DOCUMENT_LENGTH
    dense = size if kind in _MOST_BYTES or size <= most else len(_SPACE.sub(_kept, text))
    if dense > most:
        message = f"The {kind} policy has {size} {unit}; RAM takes {most}."
        notes.add(Code.DOCUMENT_TOO_LONG, 0, "", message, "Shorten it, or split it into several policies.")
    elif size > most:  # unconfirmed.DOCUMENT_LENGTH
        notes.tell(Code.LONG_WITH_SPACES, 0, "", kind=kind, size=str(size), dense=str(dense), most=str(most))
    elif kind is DocumentKind.TRUST and size > limits.TRUST_POLICY_LENGTH_WARNING:  # unconfirmed.TRUST_LENGTH
        message = f"The trust policy has {size} characters; whether RAM takes more than 2048 is not documented."
        fix = "Trust fewer principals in it."
        notes.add(Code.TRUST_POLICY_LONG, 0, "", message, fix)


def _kept(match: re.Match[str]) -> str:
    """A string as it is, white space between values left out."""
    return match[1] or ""


def findings_of(text: str, notes: Iterable[Note]) -> tuple[Finding, ...]:
    """The notes on a text as findings, in the order of the text."""
    positions = Positions(text)
    ordered = sorted(notes, key=lambda note: note.offset)
    return tuple(
        Finding(note.code, CLASS_OF[note.code], note.message, note.fix, note.path, *positions.of(note.offset))
        for note in ordered
    )

"""Reading policy documents: a document or findings, never another exception."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from ram_policies import limits
from ram_policies.document import Document, DocumentKind
from ram_policies.findings import CLASS_OF, Code, Finding, FindingClass
from ram_policies.validation.checks import check_statements
from ram_policies.validation.jsontext import JsonError, Positions, read
from ram_policies.validation.reader import DocumentReader, Note, Notes
from ram_policies.validation.resource_checks import check_strings

_READ_AT_MOST = 500_000


@dataclass(frozen=True, slots=True)
class Parsed:
    """Result of reading a text.

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


def parse(text: str, kind: DocumentKind | str) -> Parsed:
    """Read a policy document.

    Args:
        text: JSON.
        kind: what the document is for.
    """
    return _parse(text, DocumentKind(kind), check_length)


def parse_any_length(text: str, kind: DocumentKind | str) -> Parsed:
    """Read a policy document that is split over several policies afterwards: its length is not a finding."""
    return _parse(text, DocumentKind(kind), lambda _kind, _text, _notes: None)


def _parse(text: str, kind: DocumentKind, check: Callable[[DocumentKind, str, Notes], None]) -> Parsed:
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
            root = read(text)
        except JsonError as error:
            code = Code.DOCUMENT_TOO_DEEP if error.deep else Code.JSON_SYNTAX_ERROR
            notes.add(code, error.offset, "", error.message, error.fix)
        else:
            document = DocumentReader(kind, notes).document(root)
            check(kind, text, notes)
            check_strings(root, notes)
            if not notes.has_error:
                check_statements(kind, root, notes)
    findings = findings_of(text, notes)
    failed = any(finding.finding_class is FindingClass.ERROR for finding in findings)
    return Parsed(None if failed else document, findings)


def parse_value(value: Mapping[str, object], kind: DocumentKind | str) -> Parsed:
    """Read a policy document given as plain JSON values.

    Positions are those of its text indented by two spaces; its length is that of its text without any space.
    """
    try:
        text = json.dumps(value, ensure_ascii=False, indent=2)
        dense = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    except (TypeError, ValueError, RecursionError) as error:
        fix = "Use dictionaries, lists and strings."
        message = f"The value cannot be written as JSON: {error}."
        return Parsed(None, (Finding(Code.JSON_SYNTAX_ERROR, FindingClass.ERROR, message, fix, "", 1, 1),))
    return _parse(text, DocumentKind(kind), lambda kind, _, notes: check_length(kind, dense, notes))


def check_length(kind: DocumentKind, text: str, notes: Notes) -> None:
    """Note a text that is longer than RAM takes for its kind."""
    if kind is DocumentKind.SESSION:
        size, most, unit = len(text.encode("utf-8", "replace")), limits.SESSION_POLICY_BYTES, "bytes"
    else:
        size, unit = len(text), "characters"
        most = limits.TRUST_POLICY_LENGTH if kind is DocumentKind.TRUST else limits.POLICY_DOCUMENT_LENGTH
    if size > most:
        # unconfirmed.DOCUMENT_LENGTH, unconfirmed.TRUST_LENGTH
        message = f"The {kind} policy has {size} {unit}; RAM takes {most}."
        notes.add(Code.DOCUMENT_TOO_LONG, 0, "", message, "Shorten it, or split it into several policies.")
    elif kind is DocumentKind.TRUST and size > limits.TRUST_POLICY_LENGTH_WARNING:
        message = f"The trust policy has {size} characters; whether RAM takes more than 2048 is not documented."
        fix = "Trust fewer principals in it."
        notes.add(Code.TRUST_POLICY_LONG, 0, "", message, fix)


def findings_of(text: str, notes: Iterable[Note]) -> tuple[Finding, ...]:
    """The notes on a text as findings, in the order of the text."""
    positions = Positions(text)
    ordered = sorted(notes, key=lambda note: note.offset)
    return tuple(
        Finding(note.code, CLASS_OF[note.code], note.message, note.fix, note.path, *positions.of(note.offset))
        for note in ordered
    )

"""Records in a file, one a line, that show when they are damaged.

A line is a checksum, the kind of the record, its number and a JSON object. The checksum covers the rest of the line,
and numbers have no gaps: a flipped bit, a line that is missing and one that is there twice are noticed.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class RecordKind(StrEnum):
    """Kind of a record."""

    SNAPSHOT = "snapshot"
    NONCES = "nonces"
    CHANGE = "change"
    MARK = "mark"


_NONCES = RecordKind.NONCES.value


@dataclass(frozen=True, slots=True)
class Record:
    """One line.

    Attributes:
        line: its number in the file, from 1.
        kind: what it holds.
        number: of the record.
        text: JSON.
    """

    line: int
    kind: RecordKind
    number: int
    text: bytes

    def content(self) -> dict[str, Any]:
        """The JSON object.

        Raises:
            ValueError: it is something else.
        """
        value: object = json.loads(self.text)
        if not isinstance(value, dict):
            raise ValueError("a record is not a JSON object")  # noqa: TRY004 - a damaged file, not a wrong call
        return value  # pyright: ignore[reportUnknownVariableType] - JSON


class DamagedError(Exception):
    """A line that cannot be what was written."""

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(f"line {line}: {problem}")


def encode_record(kind: RecordKind, number: int, content: Mapping[str, object]) -> bytes:
    """A line.

    ASCII only, because texts may hold half of a surrogate pair, which UTF-8 cannot.
    """
    return _line(f"{kind} {number} {json.dumps(content, separators=(',', ':'))}")


def encode_nonce(number: int, digest: int) -> bytes:
    """The line that `encode_record` makes of one spent nonce.

    Every request that only reads needs one, and the way through the JSON encoder would be most of its price.
    """
    return _line(f'{_NONCES} {number} {{"digests":[{digest}]}}')


def _line(text: str) -> bytes:
    rest = text.encode()
    return b"%08x %s\n" % (zlib.crc32(rest), rest)


def decode_records(data: bytes) -> tuple[list[Record], int]:
    """The records in a file, and where the last whole one ends.

    Release 0.1.0 wrote a snapshot and changes as JSON without checksums; lines that a file begins with may be of it.

    What follows the last line break is left out: it was being written when the process ended, so nobody was told that
    it is kept.

    Raises:
        DamagedError: a line is not as it was written.
    """
    records = list(_records(data))
    whole = data.rfind(b"\n") + 1
    if whole < len(data) and _checked(data[whole:-1]) is not None:
        # A whole record before something that is no line break: only damage makes that.
        raise DamagedError(len(records) + 1, "the end of the line is damaged")
    return records, whole


def _records(data: bytes) -> Iterator[Record]:
    before = -1
    earlier = True
    for line, text in enumerate(data.split(b"\n")[:-1], 1):
        earlier = earlier and text.startswith(b"{")
        if earlier:
            before = line - 1
            yield Record(line, RecordKind.CHANGE if before else RecordKind.SNAPSHOT, before, text)
            continue
        rest = _checked(text)
        if rest is None:
            raise DamagedError(line, "the checksum does not fit")
        kind, number, content = rest.split(b" ", 2)
        record = Record(line, RecordKind(kind.decode()), int(number), content)
        if before >= 0 and record.number != before + 1:
            raise DamagedError(line, f"record {record.number} follows record {before}")
        before = record.number
        yield record


def _checked(text: bytes) -> bytes | None:
    checksum, _, rest = text.partition(b" ")
    return rest if checksum == b"%08x" % zlib.crc32(rest) else None

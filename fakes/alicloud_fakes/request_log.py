"""A line for each call, for a person who watches a server: ``serve --log``."""

from __future__ import annotations

from collections.abc import Callable
from typing import TextIO

from alicloud_fakes.core.clock import format_time
from alicloud_fakes.pipeline.call_log import CallRecord

_LONGEST = 60  # characters of a parameter's value: a name in full, the beginning of a document


def line_of(record: CallRecord) -> str:
    """A call as one line: time, status, action, error code, caller, parameters, and what permission was needed for.

    Values are quoted as Python texts, so that no value looks like a line of its own. Parameters that are secret are not
    in a record at all.
    """
    what = f"{record.service or '-'}:{record.action or '-'}"
    parts = [format_time(record.time), str(record.status), what, record.code or "ok", record.principal or "-"]
    parts += [f"{name}={_short(value)}" for name, value in record.parameters.items()]
    if record.status == 403 and record.resources:
        parts.append(f"needs {record.permission} on {', '.join(record.resources)}")
    return " ".join(parts)


def _short(value: str) -> str:
    text = value if len(value) <= _LONGEST else f"{value[:_LONGEST]}..."
    return repr(text)


def log_to(stream: TextIO) -> Callable[[CallRecord], None]:
    """A listener of a cloud's call log that writes each call to a stream."""

    def write(record: CallRecord) -> None:
        stream.write(line_of(record) + "\n")
        stream.flush()

    return write

"""Options that several commands have, and the files they read."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, cast

import typer

from pulumi_alicloud_delegation.contract import parse_moment
from pulumi_alicloud_delegation.handover import Acceptance, Offer
from pulumi_alicloud_delegation.handover.files import LARGEST, parse_acceptance, parse_offer
from ram_policies import InvalidInputError
from ram_policies.file_text import text_in, yaml_in

STDIN = "-"
At = Annotated[
    str | None, typer.Option("--at", metavar="TIME", help="The present time, 2026-12-31T23:59:59Z. Default: now.")
]
Out = Annotated[str | None, typer.Option("--out", metavar="FILE", help="Write to this file, not to standard output.")]


def read_bytes(path: str, field: str) -> bytes:
    """The bytes of a file; ``-`` is standard input.

    Raises:
        InvalidInputError: it cannot be read.
    """
    try:
        if path == STDIN:
            return sys.stdin.buffer.read()
        if Path(path).stat().st_size > LARGEST:
            raise InvalidInputError(field, path, "is larger than 16 MB", "give the right file", code="too-large-file")
        return Path(path).read_bytes()
    except OSError as error:
        raise InvalidInputError(
            field, path, f"cannot be read: {error.strerror}", "give a file, or -", code="unreadable-file"
        ) from None


def offer_from(path: str) -> Offer:
    """The offer in a file.

    Raises:
        InvalidInputError: it cannot be read, or is not an offer.
    """
    return parse_offer(read_bytes(path, "offer"), path)


def acceptance_from(path: str) -> Acceptance:
    """The acceptance in a file.

    Raises:
        InvalidInputError: it cannot be read, or is not an acceptance.
    """
    return parse_acceptance(read_bytes(path, "acceptance"), path)


def read_yaml(path: str, field: str) -> object:
    """The YAML or JSON in a file.

    Raises:
        InvalidInputError: it cannot be read, or is neither.
    """
    return yaml_in(text_in(read_bytes(path, field), field, path), field, path)


def read_stack_file(path: str, field: str) -> dict[str, object]:
    """The configuration in a stack file, `Pulumi.<stack>.yaml`, by key without the namespace; no secrets.

    Raises:
        InvalidInputError: it cannot be read, or is not a stack file.
    """
    content = read_yaml(path, field)
    config = cast("Mapping[str, object]", content).get("config") if isinstance(content, dict) else None
    if not isinstance(config, dict):
        raise InvalidInputError(
            field, path, "has no config", "give a stack file, Pulumi.<stack>.yaml", code="wrong-file"
        )
    found = cast("Mapping[object, object]", config)
    return {
        str(key).rpartition(":")[2]: value
        for key, value in found.items()
        if not (isinstance(value, dict) and "secure" in value)
    }


def present(at: str | None) -> datetime:
    """The present time, unless it is given.

    Raises:
        InvalidInputError: it is not a moment.
    """
    return datetime.now(UTC) if at is None else parse_moment(at, "--at")


def say_text(text: str, out: str | None) -> None:
    """Write text to a file, or to standard output.

    Raises:
        InvalidInputError: the file cannot be written.
    """
    if out is None:
        typer.echo(text, nl=False)
        return
    try:
        Path(out).write_text(text, encoding="utf-8")
    except OSError as error:
        raise InvalidInputError(
            "--out", out, f"cannot be written: {error.strerror}", "give another path", code="unwritable-file"
        ) from None


def pairs(given: list[str] | None, field: str, form: str) -> list[tuple[str, str]]:
    """Options of the form ROLE=VALUE.

    Raises:
        InvalidInputError: one has another form.
    """
    found: list[tuple[str, str]] = []
    for text in given or ():
        name, equals, value = text.partition("=")
        if not (equals and name and value):
            raise InvalidInputError(field, text, "has another form", f"write {form}", code="invalid-form")
        found.append((name, value))
    return found

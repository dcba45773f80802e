"""A page of rows, one for each role that somebody outside may use: for people, for programs, and for a review."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import typer

from access_cli.output import Format, markdown_text, say_json
from pulumi_alicloud_delegation.handover.offer_review import consequences
from ram_policies.catalogue.levels import Hazard
from ram_policies.document import UNKNOWN_DOCUMENT, Document

_COLUMNS = ("account", "name", "contract", "state", "role", "hazards", "proofs", "end")


@dataclass(frozen=True, slots=True)
class Row:
    """One role.

    Attributes:
        account: ID of the other account.
        name: what people call it; empty when unknown.
        contract: name of the contract; empty when unknown.
        state: active, suspended or terminated; empty when unknown.
        role: name of the role.
        hazards: classes of dangerous actions that it allows; None when what it allows is not known.
        proofs: what a caller has to bring along, in words.
        end: when nobody can begin a session any more; empty for never.
    """

    account: str
    name: str
    contract: str
    state: str
    role: str
    hazards: tuple[Hazard, ...] | None
    proofs: tuple[str, ...]
    end: str


def hazards_of_documents(documents: Iterable[Document]) -> tuple[Hazard, ...] | None:
    """The classes of dangerous actions that documents may allow; None when one of them is not known."""
    known = list(documents)
    if UNKNOWN_DOCUMENT in known:
        return None
    return tuple(one.hazard for one in consequences([document.statements for document in known]))


def earliest(moments: Iterable[str | None]) -> str:
    """The first of several ends; empty for none."""
    return min((moment for moment in moments if moment), default="")


def say_rows(rows: Sequence[Row], format_: Format, nobody: str) -> None:
    """Print rows in a format."""
    if format_ is Format.JSON:
        say_json([_plain(row) for row in rows])
        return
    if format_ is Format.MARKDOWN:
        lines = [f"| {' | '.join(_COLUMNS)} |", f"|{'---|' * len(_COLUMNS)}"]
        lines += [f"| {' | '.join(markdown_text(cell) for cell in _cells(row))} |" for row in rows]
        typer.echo("\n".join(lines) if rows else nobody)
        return
    typer.echo("\n".join(_text(rows)) if rows else nobody)


def _text(rows: Sequence[Row]) -> Iterator[str]:
    last = ""
    for row in rows:
        title = f"{row.name} ({row.account})" if row.name else row.account
        title += f", contract {row.contract}" if row.contract else ""
        title += f", {row.state}" if row.state else ""
        if title != last:
            yield title
        last = title
        yield f"  role {row.role}, {f'until {row.end}' if row.end else 'without an end'}"
        yield f"    asks for: {', '.join(row.proofs) or 'nothing'}"
        yield f"    hazards: {_hazards(row)}"


def _hazards(row: Row) -> str:
    return "not known" if row.hazards is None else ", ".join(row.hazards) or "none"


def _cells(row: Row) -> tuple[str, ...]:
    proofs = ", ".join(row.proofs) or "nothing"
    return row.account, row.name, row.contract, row.state, row.role, _hazards(row), proofs, row.end or "never"


def _plain(row: Row) -> dict[str, object]:
    hazards = None if row.hazards is None else list(row.hazards)
    return {
        "account": row.account, "name": row.name or None, "contract": row.contract or None, "state": row.state or None,
        "role": row.role, "hazards": hazards, "proofs": list(row.proofs), "end": row.end or None,
    }  # fmt: skip

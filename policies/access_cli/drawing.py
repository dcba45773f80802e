"""The command that draws: picture."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from access_cli.exit_codes import command
from access_cli.options import AccountIds, DocumentsOption, Fakes, Previews, States
from access_cli.output import complain, say_gaps
from access_cli.sources import ModelSources
from ram_policies.errors import InvalidInputError
from ram_policies.picture import html_page, mermaid, picture_of, svg


class Drawing(StrEnum):
    """The form of a picture."""

    HTML = "html"
    SVG = "svg"
    MERMAID = "mermaid"


_FORMS = {Drawing.HTML: html_page, Drawing.SVG: svg, Drawing.MERMAID: mermaid}


def add_to(app: typer.Typer) -> None:
    """Add the command to an application."""
    app.command("picture")(command(picture))


def picture(
    *,
    documents: DocumentsOption = None,
    state: States = None,
    preview: Previews = None,
    fake: Fakes = None,
    account: AccountIds = None,
    format_: Annotated[
        Drawing, typer.Option("--format", help="html (one file that needs no network), svg, or mermaid for Markdown.")
    ] = Drawing.HTML,
    out: Annotated[str | None, typer.Option(metavar="FILE", help="Write to this file, not to standard output.")] = None,
) -> None:
    """Draw who may assume which roles, what those carry, and on which resources; with --preview, what changes.

    The first --state belongs to the first --preview, and so on: it knows the resources that the preview leaves alone.

    Example: access picture --state stack.json --format svg --out access.svg
    """
    sources = ModelSources(*(tuple(values or ()) for values in (state, preview, documents, fake, account)))
    plan = sources.plan()
    drawn = picture_of(plan.before if sources.previews else None, plan.after)
    _write(_FORMS[format_](drawn), out)
    say_gaps(drawn.gaps)
    if plan.unchanged:
        complain(
            f"not known: {plan.unchanged} resources that stay as they are are not in the preview; make it with "
            "--show-sames, or give --state"
        )


def _write(text: str, out: str | None) -> None:
    if out is None:
        typer.echo(text, nl=False)
        return
    try:
        Path(out).write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise InvalidInputError(
            "--out", out, f"cannot be written ({error.strerror})", "give another path", code="unwritable-file"
        ) from None

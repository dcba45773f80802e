"""The command that explains the code of a message, without a network."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Annotated

import typer

from access_cli.exit_codes import command
from access_cli.options import AsJson
from access_cli.output import say, say_json
from ram_policies.error_kinds import error_kinds
from ram_policies.errors import InvalidInputError
from ram_policies.findings import finding_kinds
from ram_policies.guardrails.rulebook import RULES

_AS_THE_VIOLATION_SAYS = "Do as the violation says; the page has an example that passes."
_LINK = re.compile(r"\[([^\]]+)\]\([^)]+\)")


def add_to(app: typer.Typer) -> None:
    """Add the command to a command line."""
    app.command("explain")(command(explain))


def explain(
    code: Annotated[
        str, typer.Argument(help="The code at the end of the message. Without one, all codes are listed.")
    ] = "",
    *,
    as_json: AsJson = False,
) -> None:
    """Explain the code of an error, a finding or a guardrail: how it comes about, and what to do.

    Example: access explain not-an-arn
    """
    wanted = code.strip(" []").lower().replace(" ", "-")
    known = list(explanations())
    found = [one for one in known if wanted in {"", one.code}]
    if not found:
        near = difflib.get_close_matches(wanted, [one.code for one in known], n=1)
        fix = f"write {near[0]}" if near else "see all of them with `access explain`"
        raise InvalidInputError("CODE", code, "is not a code", fix, code="not-a-choice")
    if as_json:
        say_json([asdict(one) for one in found])
        return
    for one in found:
        say(f"{one.code}: {one.title}", "bold")
        if code:
            _tell(one)


@dataclass(frozen=True, slots=True)
class Explanation:
    """A code in words.

    Attributes:
        code: as it stands in a message, in lower case with hyphens.
        kind: ``error``, ``finding`` or ``guardrail``.
        title: what is wrong.
        cause: how it comes about, or why it matters.
        fix: what to do.
        example: a message as it is printed; empty where the page has examples of another kind.
        page: the page of the documentation, with its anchor.
    """

    code: str
    kind: str
    title: str
    cause: str
    fix: str
    example: str
    page: str


def explanations() -> Iterator[Explanation]:
    """Every code of errors, findings and guardrails."""
    for error in error_kinds().values():
        texts = (_plain(error.cause), _plain(error.fix), error.example)
        yield Explanation(error.code, "error", error.title, *texts, f"docs/errors.md#{error.code}")
    for finding in finding_kinds().values():
        page = f"docs/findings.md#{finding.code.anchor}"
        yield Explanation(finding.code.anchor, "finding", finding.message, finding.why, finding.fix, "", page)
    for rule in RULES:
        page = f"docs/guardrails/{rule.name}.md"
        yield Explanation(rule.name, "guardrail", rule.title, rule.why, _AS_THE_VIOLATION_SAYS, "", page)


def _plain(text: str) -> str:
    return _LINK.sub(r"\1", text)


def _tell(one: Explanation) -> None:
    say(one.cause)
    say(f"Fix: {one.fix}", "green")
    if one.example:
        say(f"Example: {one.example} [{one.code}]")
    say(f"Page: {one.page}")

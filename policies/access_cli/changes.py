"""Commands about changes and documents: diff, no-new-access, check."""

from __future__ import annotations

from typing import Annotated

import typer

from access_cli.exit_codes import NOT_AS_EXPECTED, command, not_as_expected
from access_cli.options import AccountIds, AsJson
from access_cli.output import Format, difference_json, difference_markdown, request_json, say, say_difference, say_json
from access_cli.sources import check_document, document_in_file, model_in_file, plan_of
from ram_policies.access.compare import ChangeKind, difference
from ram_policies.access.preview_model import Plan
from ram_policies.document import DocumentKind
from ram_policies.errors import InvalidInputError
from ram_policies.findings import FindingClass
from ram_policies.proof import Verdict, allows_at_most

_EXPECTATIONS = {
    "no-additions": (ChangeKind.ADDED, ChangeKind.UNKNOWN),
    "no-removals": (ChangeKind.REMOVED,),
    "no-changes": tuple(ChangeKind),
}
_STYLES = {FindingClass.ERROR: "red", FindingClass.SECURITY_WARNING: "red", FindingClass.GENERAL_WARNING: "yellow"}


def add_to(app: typer.Typer) -> None:
    """Add the commands to an application."""
    app.command("diff")(command(diff))
    app.command("no-new-access")(command(no_new_access))
    app.command("check")(command(check))


def diff(
    plan: Annotated[
        str | None,
        typer.Argument(metavar="[PLAN.json]", help="Output of `pulumi preview --json`; - is standard input."),
    ] = None,
    *,
    before: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Instead of a plan: accounts or state before. With a plan: see --state."),
    ] = None,
    after: Annotated[str | None, typer.Option(metavar="FILE", help="Accounts, state or preview after.")] = None,
    state: Annotated[
        str | None,
        typer.Option(
            metavar="FILE", help="Output of `pulumi stack export`, for resources that the plan leaves as they are."
        ),
    ] = None,
    account: AccountIds = None,
    format_: Annotated[
        Format, typer.Option("--format", help="text, json, or markdown for a review comment.")
    ] = Format.TEXT,
    json_: AsJson = False,
    expect: Annotated[
        str | None, typer.Option(metavar="WHAT", help="no-additions, no-removals or no-changes; else exit with 1.")
    ] = None,
) -> None:
    """Show the access that a change adds and removes, in plain lines.

    What is only known after the deployment counts as an addition for --expect.

    Example: access diff plan.json --state stack.json --format markdown
    """
    if expect is not None and expect not in _EXPECTATIONS:
        raise InvalidInputError(
            "--expect", expect, "is not an expectation", f"write {' or '.join(_EXPECTATIONS)}", code="not-a-choice"
        )
    compared = _compared(plan, before, after, state, account or [])
    found = difference(compared.before, compared.after)
    if json_ or format_ is Format.JSON:
        say_json(difference_json(found, compared.unchanged))
    elif format_ is Format.MARKDOWN:
        typer.echo(difference_markdown(found, compared.unchanged), nl=False)
    else:
        say_difference(found, compared.unchanged)
    if expect is not None:
        against = [str(change) for kind in _EXPECTATIONS[expect] for change in found.of(kind)]
        if against:
            not_as_expected(f"{len(against)} of {expect.removeprefix('no-')}, the first: {against[0]}")


def _compared(plan: str | None, before: str | None, after: str | None, state: str | None, account: list[str]) -> Plan:
    if plan is not None and before is None and after is None:
        return plan_of(plan, state, account)
    if plan is None and before is not None and after is not None:
        return Plan(model_in_file(before, "--before", account), model_in_file(after, "--after", account))
    raise InvalidInputError(
        "PLAN",
        plan or "",
        "or --before and --after are needed",
        "give a plan, or both of the two",
        code="conflicting-values",
    )


def no_new_access(
    new: Annotated[list[str], typer.Argument(help="The documents to judge, attached together.")],
    *,
    old: Annotated[
        list[str] | None, typer.Option("--old", metavar="FILE", help="The baseline. Repeatable: attached together.")
    ] = None,
    kind: Annotated[DocumentKind, typer.Option(help="Kind of the documents.")] = DocumentKind.IDENTITY,
    json_: AsJson = False,
) -> None:
    """Prove that documents allow nothing that a baseline does not, or show a request that they do.

    The exit code is 0 only if it is proved.

    Example: access no-new-access new.json --old baseline.json
    """
    if not old:
        raise InvalidInputError(
            "--old", "", "is missing", "give at least one document as the baseline", code="missing-value"
        )
    judged = [document_in_file(path, kind, "NEW") for path in new]
    baseline = [document_in_file(path, kind, "--old") for path in old]
    proof = allows_at_most(judged, baseline)
    example = proof.counterexample
    if json_:
        request = None if example is None else request_json(example)
        say_json({"verdict": proof.verdict, "counterexample": request, "openBecause": list(proof.open_because)})
    elif proof.holds:
        say("No new access.", "green")
    elif example is not None:
        say("New access, for example:", "red")
        for name, value in request_json(example).items():
            say(f"  {name}: {value}")
    else:
        say(f"Not decided: {'; '.join(proof.open_because)}.", "yellow")
    if proof.verdict is not Verdict.PROVED:
        raise typer.Exit(NOT_AS_EXPECTED)


def check(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Policy documents; - is standard input.")],
    *,
    kind: Annotated[DocumentKind, typer.Option(help="Kind of the documents.")] = DocumentKind.IDENTITY,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 1 on warnings, too.")] = False,
    json_: AsJson = False,
) -> None:
    """Check policy documents as RAM and Access Analyzer would, with line and column of each finding.

    Example: access check trust.json --kind trust --strict
    """
    shown: list[dict[str, object]] = []
    worst = False
    for path in files:
        for finding in check_document(path, kind).findings:
            fails = finding.finding_class is FindingClass.ERROR
            worst = worst or fails or (strict and finding.finding_class is not FindingClass.SUGGESTION)
            if json_:
                shown.append(
                    {
                        "file": path, "line": finding.line, "column": finding.column, "path": finding.path,
                        "code": finding.code, "class": finding.finding_class,
                        "message": finding.message, "fix": finding.fix,
                    }
                )  # fmt: skip
            else:
                say(f"{path}:{finding}", _STYLES.get(finding.finding_class, ""))
    if json_:
        say_json({"findings": shown})
    if worst:
        raise typer.Exit(NOT_AS_EXPECTED)

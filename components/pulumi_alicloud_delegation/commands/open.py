"""`access open`: open a role or a team to one operator for a while, as one reviewed change of the stack file."""

from __future__ import annotations

from typing import Annotated

import typer

from access_cli.output import complain
from pulumi_alicloud_delegation.commands.command_errors import stack_file_command
from pulumi_alicloud_delegation.commands.inputs import At, acceptance_from, present, read_stack_file
from pulumi_alicloud_delegation.commands.stack_edit import stack_text, unified_diff_of, with_item, write_stack
from pulumi_alicloud_delegation.configuration import SECRET_KEYS, read_delegate
from pulumi_alicloud_delegation.contract import moment_text, parse_moment, parse_period
from pulumi_alicloud_delegation.customers import customers_of
from pulumi_alicloud_delegation.spec_reader import read_spec
from pulumi_alicloud_delegation.specs import OpeningSpec
from ram_policies import InvalidInputError

app = typer.Typer(add_completion=False)


@app.command()
@stack_file_command
def open_(
    operator: Annotated[str, typer.Argument(help="Name of the operator.")],
    *,
    stack: Annotated[str, typer.Option(metavar="FILE", help="The delegate's stack file, Pulumi.<stack>.yaml.")],
    role: Annotated[str | None, typer.Option(help="An on-request role of one of the operator's teams.")] = None,
    team: Annotated[str | None, typer.Option(help="A team that the operator does not belong to.")] = None,
    for_: Annotated[
        str | None, typer.Option("--for", metavar="PERIOD", help="How long it stays open: 4h, 30m, 2d.")
    ] = None,
    until: Annotated[str | None, typer.Option(metavar="TIME", help="When it closes, instead of --for.")] = None,
    from_: Annotated[str | None, typer.Option("--from", metavar="TIME", help="When it opens. Default: now.")] = None,
    reason: Annotated[str | None, typer.Option(help="Reason of the opening.")] = None,
    ticket: Annotated[str | None, typer.Option(help="Ticket in which it was asked for.")] = None,
    write: Annotated[
        bool, typer.Option("--write", help="Change the file; otherwise the change is only shown.")
    ] = False,
    at: At = None,
) -> None:
    """Open a role or a team to one operator for a while. It closes by itself, without a deployment.

    The change is checked as a preview would check it, and shown as a diff. Deploying it is one `pulumi up`.

    Example: access open AAA --role night --for 4h --reason "Disk full" --ticket INC-1 --stack Pulumi.b.yaml
    """
    now = present(at)
    begin = now if from_ is None else parse_moment(from_, "--from")
    if (for_ is None) == (until is None):
        problem = "is missing, and --until as well" if for_ is None else "is given together with --until"
        raise InvalidInputError("--for", for_, problem, "give one of the two", code="conflicting-values")
    end = begin + parse_period(for_, "--for") if for_ is not None else parse_moment(str(until), "--until")
    if end <= now:
        raise InvalidInputError(
            "--until", moment_text(end), f"is over: it is {moment_text(now)}", "choose a later end", code="over"
        )
    given = {
        "operator": operator, "role": role, "team": team, "notBefore": moment_text(begin),
        "notAfter": moment_text(end), "reason": reason, "ticket": ticket,
    }  # fmt: skip
    item = {key: value for key, value in given.items() if value is not None}
    before = stack_text(stack, "--stack")
    _check(stack, item)
    after = with_item(before, "openings", item, stack)
    typer.echo(unified_diff_of(before, after, stack), nl=False)
    if write:
        write_stack(stack, after)
    else:
        complain("access: nothing was changed; --write changes the file")


def _check(stack: str, item: dict[str, str]) -> None:
    """Hold the opening, and those that are there, to the same rules as a preview does."""
    values = {key: value for key, value in read_stack_file(stack, "--stack").items() if key not in SECRET_KEYS}
    configuration = read_delegate(values)
    new = read_spec(OpeningSpec, item, f"openings[{len(configuration.openings)}]")
    opened = configuration.model_copy(update={"openings": (*configuration.openings, new)})
    customers_of(opened, acceptance_from).people(opened)

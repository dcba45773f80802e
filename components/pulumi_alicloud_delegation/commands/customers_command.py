"""`access customers`: B's page, every owner whose roles B's operators may use."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import typer

from access_cli.options import AsJson
from access_cli.output import Format
from pulumi_alicloud_delegation.commands.acceptance import all_acceptances_in
from pulumi_alicloud_delegation.commands.command_errors import stack_file_command
from pulumi_alicloud_delegation.commands.overview import Row, earliest, hazards_of_documents, say_rows
from pulumi_alicloud_delegation.handover import Acceptance
from pulumi_alicloud_delegation.handover.granted import accepted_policies
from pulumi_alicloud_delegation.handover.verifying import trust_terms_phrase

app = typer.Typer(add_completion=False)


@app.command()
@stack_file_command
def customers(
    files: Annotated[
        list[str],
        typer.Argument(metavar="FILE...", help="Acceptances, or the output of `pulumi stack export` for B's stacks."),
    ],
    *,
    format_: Annotated[Format, typer.Option("--format", help="text, json or markdown.")] = Format.TEXT,
    json_: AsJson = False,
) -> None:
    """List every owner whose roles the delegate may use: roles, hazards, conditions, end, contract, state.

    Example: access customers acceptance.json another.json --format markdown
    """
    rows = [row for path in files for one in all_acceptances_in(path) for row in customer_rows(one)]
    say_rows(
        sorted(rows, key=lambda row: (row.account, row.role.lower())), Format.JSON if json_ else format_, "No customer."
    )


def customer_rows(acceptance: Acceptance) -> Iterator[Row]:
    """A row for each role of an acceptance."""
    for role in acceptance.roles:
        yield Row(
            acceptance.owner.id,
            acceptance.owner.alias or "",
            acceptance.contract.name or "",
            acceptance.state,
            role.name,
            hazards_of_documents(policy.document for policy in accepted_policies(role)),
            trust_terms_phrase(role.trust),
            earliest((acceptance.contract.not_after, role.trust.not_after)),
        )

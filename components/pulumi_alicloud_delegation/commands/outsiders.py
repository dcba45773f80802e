"""`access outsiders`: A's page, every account outside that may use a role of A."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated

import typer

from access_cli.options import AccountIds, AsJson, DocumentsOption, Fakes, Previews, States
from access_cli.output import Format, say_gaps
from access_cli.sources import ModelSources, read_pairs
from pulumi_alicloud_delegation.commands.acceptance import acceptance_in
from pulumi_alicloud_delegation.commands.command_errors import stack_file_command
from pulumi_alicloud_delegation.commands.overview import Row, earliest, hazards_of_documents, say_rows
from pulumi_alicloud_delegation.handover import Acceptance
from pulumi_alicloud_delegation.handover.verifying import trust_terms_phrase
from ram_policies.access.model import AccessModel
from ram_policies.access.phrases import condition_phrase
from ram_policies.arn import account_of, role_arn
from ram_policies.document import Effect

app = typer.Typer(add_completion=False)


@app.command()
@stack_file_command
def outsiders(
    *,
    documents: DocumentsOption = None,
    state: States = None,
    preview: Previews = None,
    fake: Fakes = None,
    account: AccountIds = None,
    acceptance: Annotated[
        list[str] | None,
        typer.Option(metavar="FILE", help="An acceptance: says contract, state and name of its delegate. Repeatable."),
    ] = None,
    name: Annotated[
        list[str] | None, typer.Option(metavar="ACCOUNT=NAME", help="Name that people use for an account. Repeatable.")
    ] = None,
    format_: Annotated[Format, typer.Option("--format", help="text, json or markdown.")] = Format.TEXT,
    json_: AsJson = False,
) -> None:
    """List every outside account that a role trusts: roles, hazards, conditions, end, contract.

    Example: access outsiders --state a.json --acceptance acceptance.json
    """
    given = (state, preview, documents, fake, account)
    model = ModelSources(*(tuple(values or ()) for values in given)).model()
    contracts = [acceptance_in(path) for path in acceptance or ()]
    names = {one.delegate.id: one.delegate.alias for one in contracts if one.delegate.alias}
    names |= read_pairs(name or (), "--name", "ACCOUNT=NAME")
    rows = sorted(outsider_rows(model, contracts, names), key=lambda row: (row.account, row.role.lower()))
    say_rows(rows, Format.JSON if json_ else format_, "No outsider.")
    say_gaps(model.gaps)


def outsider_rows(model: AccessModel, contracts: list[Acceptance], names: Mapping[str, str]) -> Iterator[Row]:
    """A row for each way in which a role admits an outside account. Services are not accounts.

    A role that exists and admits nobody, since its contract is suspended, has the row of its acceptance.
    """
    open_ = list(_open_rows(model, contracts, names))
    yield from open_
    shown = {(row.account, row.role.lower()) for row in open_}
    there = {role_arn(account.id, role.name).lower(): role for account in model.accounts for role in account.roles}
    for contract in contracts:
        for accepted in contract.roles:
            role = there.get(accepted.arn.lower())
            if role is None or (contract.delegate.id, accepted.name.lower()) in shown:
                continue
            yield Row(
                contract.delegate.id,
                names.get(contract.delegate.id, ""),
                contract.contract.name or "",
                contract.state,
                role.name,
                hazards_of_documents(policy.document for policy in role.grants),
                trust_terms_phrase(accepted.trust),
                earliest([accepted.trust.not_after, contract.contract.not_after]),
            )


def _open_rows(model: AccessModel, contracts: list[Acceptance], names: Mapping[str, str]) -> Iterator[Row]:
    by_role = {role.arn.lower(): one for one in contracts for role in one.roles}
    for account in model.accounts:
        for role in account.roles:
            contract = by_role.get(role_arn(account.id, role.name).lower())
            for statement in role.trust.statements if role.trust else ():
                if statement.effect is Effect.DENY:
                    continue
                for outside in dict.fromkeys(account_of(name) for name in statement.principals or ()):
                    if outside in {"", account.id}:
                        continue
                    ends = [v for c in statement.conditions if c.operator.startswith("DateLess") for v in c.values]
                    yield Row(
                        outside,
                        names.get(outside, ""),
                        (contract.contract.name if contract else None) or "",
                        contract.state if contract else "",
                        role.name,
                        hazards_of_documents(policy.document for policy in role.grants),
                        tuple(condition_phrase(c) for c in statement.conditions if not c.operator.startswith("Date")),
                        earliest([*ends, contract.contract.not_after if contract else None]),
                    )

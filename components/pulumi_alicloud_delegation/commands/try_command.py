"""`access try`: assume one's own roles, and say what works and what does not."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import Annotated

import typer

from access_cli.exit_codes import NOT_AS_EXPECTED
from access_cli.options import AsJson
from access_cli.output import Format, markdown_text, say_json
from pulumi_alicloud_delegation.commands.acceptance import acceptance_in
from pulumi_alicloud_delegation.commands.command_errors import stack_file_command
from pulumi_alicloud_delegation.commands.inputs import At, present
from pulumi_alicloud_delegation.contract import moment_text
from pulumi_alicloud_delegation.handover import Acceptance, AcceptedRole
from pulumi_alicloud_delegation.plan.provider_setup import check_endpoint
from pulumi_alicloud_delegation.trying.attempt import Person, RoleTried, try_role, who_is_it
from pulumi_alicloud_delegation.trying.client import Client
from pulumi_alicloud_delegation.trying.credentials import own_keys
from pulumi_alicloud_delegation.trying.probes import HOSTS
from ram_policies import InvalidInputError

app = typer.Typer(add_completion=False)


@app.command()
@stack_file_command
def try_(
    acceptance: Annotated[str, typer.Argument(metavar="ACCEPTANCE", help="The owner's acceptance.")],
    *,
    role: Annotated[
        list[str] | None, typer.Option(metavar="ROLE", help="Try this role alone. Repeatable. Default: every role.")
    ] = None,
    profile: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="A profile of the aliyun CLI. Default: the environment, then the current one."
        ),
    ] = None,
    region: Annotated[str, typer.Option(metavar="ID", help="The region to read in.")] = "cn-hangzhou",
    everything: Annotated[
        bool, typer.Option("--everything", help="Also try reads that no grant names. The owner's audit shows them.")
    ] = False,
    endpoint: Annotated[
        str | None,
        typer.Option(
            metavar="HOST:PORT", help="Endpoint that answers for every product instead of Alibaba Cloud: a fake."
        ),
    ] = None,
    format_: Annotated[Format, typer.Option("--format", help="text, json or markdown.")] = Format.TEXT,
    json_: AsJson = False,
    at: At = None,
) -> None:
    """Assume your roles with your own credentials, and say what works and what does not.

    Nothing is changed: each role is assumed for 15 minutes, and one entry is read of each kind that its grants name.
    Nothing secret is shown. Exit code 1: something that the owner granted does not work.

    Example: access try acceptance.json --role ecs-admin
    """
    accepted, moment = acceptance_in(acceptance), moment_text(present(at))
    roles = [_role(accepted, name) for name in role] if role else list(accepted.roles)
    if endpoint is not None:
        check_endpoint(endpoint, "--endpoint")
    client = Client(own_keys(profile, os.environ), region, endpoint or "", HOSTS)
    person = who_is_it(client, accepted)
    found = [try_role(client, accepted, one, person, moment, everything=everything) for one in roles]
    if json_ or format_ is Format.JSON:
        say_json(_plain(person, found))
    else:
        typer.echo("\n".join((_markdown if format_ is Format.MARKDOWN else _text)(person, found)))
    if not all(one.as_expected for one in found):
        raise typer.Exit(NOT_AS_EXPECTED)


def _role(acceptance: Acceptance, name: str) -> AcceptedRole:
    found = next((one for one in acceptance.roles if one.name.lower() == name.lower()), None)
    if found is None:
        names = ", ".join(one.name for one in acceptance.roles) or "none"
        raise InvalidInputError(
            "--role", name, "is not a role of the acceptance", f"name one of {names}", code="unknown-name"
        )
    return found


def _text(person: Person, found: Sequence[RoleTried]) -> Iterator[str]:
    yield f"{person.name} of account {person.account}"
    for one in found:
        yield ""
        how = f"allowed, as {one.session}" if one.session else f"{one.answer}: {one.reason}"
        yield f"Role {one.role.name}: {how}"
        for tried in one.tried:
            yield f"  {tried.answer:8} {tried.action}{_reason_suffix(tried.reason, surprising=tried.surprising)}"
        yield from (f"  granted  {grant}" for grant in one.granted)


def _reason_suffix(reason: str, *, surprising: bool) -> str:
    text = f": {reason}" if reason else ""
    return f"{text} (not as the acceptance says)" if surprising else text


def _markdown(person: Person, found: Sequence[RoleTried]) -> Iterator[str]:
    yield f"## {markdown_text(f'{person.name} of account {person.account}')}"
    for one in found:
        yield ""
        yield f"### Role {markdown_text(one.role.name)}"
        yield ""
        yield markdown_text(f"allowed, as {one.session}" if one.session else f"{one.answer}: {one.reason}")
        if one.tried:
            yield from ("", "| action | answer | granted | reason |", "|---|---|---|---|")
        for tried in one.tried:
            cells = (tried.action, tried.answer, tried.granted, tried.reason)
            yield f"| {' | '.join(markdown_text(cell) for cell in cells)} |"
        if one.granted:
            yield ""
            yield from (f"- granted: {markdown_text(grant)}" for grant in one.granted)


def _plain(person: Person, found: Sequence[RoleTried]) -> dict[str, object]:
    return {
        "operator": person.name,
        "account": person.account,
        "roles": [
            {
                "name": one.role.name,
                "arn": one.role.arn,
                "answer": one.answer,
                "reason": one.reason or None,
                "session": one.session or None,
                "tried": [
                    {
                        "action": tried.action,
                        "answer": tried.answer,
                        "granted": tried.granted,
                        "reason": tried.reason or None,
                    }
                    for tried in one.tried
                ],
                "granted": list(one.granted),
                "asExpected": one.as_expected,
            }
            for one in found
        ],
    }

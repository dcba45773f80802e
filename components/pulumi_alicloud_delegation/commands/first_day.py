"""`access first-day`: what an operator needs to begin: addresses, a CLI profile, SDK and provider snippets."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Annotated, cast

import typer

from access_cli.options import AsJson
from access_cli.output import say_json
from pulumi_alicloud_delegation.commands.command_errors import stack_file_command
from pulumi_alicloud_delegation.commands.inputs import acceptance_from, read_stack_file
from pulumi_alicloud_delegation.commands.snippets import (
    assume_role_parameters,
    begin_lines,
    cli_profile,
    provider_arguments,
    pulumi_line,
    sdk_lines,
    terraform_lines,
)
from pulumi_alicloud_delegation.configuration import SECRET_KEYS, read_delegate
from pulumi_alicloud_delegation.console_addresses import sign_in_name, sign_in_url, switch_role_url
from pulumi_alicloud_delegation.customers import references_to
from pulumi_alicloud_delegation.handover import AcceptedRole
from pulumi_alicloud_delegation.plan.trust import for_the_api_alone
from ram_policies import InvalidInputError

app = typer.Typer(add_completion=False)


@app.command()
@stack_file_command
def first_day(
    operator: Annotated[str, typer.Argument(help="Name of the operator.")],
    *,
    stack: Annotated[str, typer.Option(metavar="FILE", help="The delegate's stack file, Pulumi.<stack>.yaml.")],
    acceptance: Annotated[str, typer.Option(metavar="FILE", help="The owner's acceptance.")],
    json_: AsJson = False,
) -> None:
    """Write what an operator needs to begin: addresses, a CLI profile, and snippets. No secret is in it.

    Example: access first-day AAA --stack Pulumi.b.yaml --acceptance acceptance.json
    """
    values = {key: value for key, value in read_stack_file(stack, "--stack").items() if key not in SECRET_KEYS}
    configuration = read_delegate({key: value for key, value in values.items() if key != "acceptance"})
    accepted = acceptance_from(acceptance)
    person = next((one for one in configuration.operators if one.name.lower() == operator.lower()), None)
    if person is None:
        names = ", ".join(one.name for one in configuration.operators) or "none"
        raise InvalidInputError(
            "OPERATOR", operator, "is not an operator of this stack", f"name one of {names}", code="unknown-name"
        )
    customer = next((one for one in configuration.owners if one.id == accepted.owner.id), None)
    if customer is None:
        known = ", ".join(one.id for one in configuration.owners)
        fix = f"give the acceptance of one of {known}"
        raise InvalidInputError(
            "--acceptance", accepted.owner.id, "is not an owner of this stack", fix, code="other-party"
        )
    mine = {name.lower() for team in configuration.teams if team.name in person.teams for name in team.roles}
    several = configuration.several
    roles = [role for role in accepted.roles if mine.intersection(references_to(role.name, customer, several=several))]
    alias, site = configuration.delegate.alias or configuration.delegate.id, configuration.delegate.site
    owner = accepted.owner.alias or accepted.owner.id
    contents: dict[str, object] = {"operator": person.name, "kind": person.kind}
    if person.kind == "person":
        contents |= {"signInUrl": sign_in_url(site), "signInName": sign_in_name(person.name, alias)}
    contents["roles"] = [
        _role(role, person.name, switch_role_url(site, owner, role.name) if person.kind == "person" else None)
        for role in roles
    ]
    if json_:
        say_json(contents)
        return
    typer.echo("\n".join(_text(contents, roles, person.name)))


def _role(role: AcceptedRole, operator: str, switch: str | None) -> dict[str, object]:
    found: dict[str, object] = {
        "name": role.name,
        "arn": role.arn,
        "tier": role.tier,
        "assumeRole": assume_role_parameters(role, operator),
        "cliProfile": cli_profile(role, operator),
        "pulumi": provider_arguments(role, operator),
    }
    return found if switch is None or for_the_api_alone(role.trust) else found | {"switchRoleUrl": switch}


def _text(contents: dict[str, object], roles: list[AcceptedRole], operator: str) -> Iterator[str]:
    yield f"# {contents['kind']} {contents['operator']}"
    if "signInUrl" in contents:
        yield f"Sign in at {contents['signInUrl']} as {contents['signInName']}"
    for role, found in zip(roles, cast("list[dict[str, object]]", contents["roles"]), strict=True):
        yield ""
        opened = " (only while it is opened to you)" if role.tier == "on-request" else ""
        yield f"## Role {role.name}{opened}"
        if "signInUrl" in contents:
            asked = " and ".join(for_the_api_alone(role.trust))
            yield f"Console: {found.get('switchRoleUrl') or f'not there, since the role asks for {asked}'}"
        yield from begin_lines(role, operator)
        yield "aliyun CLI, an entry of `profiles` in ~/.aliyun/config.json:"
        yield json.dumps(cli_profile(role, operator), indent=2)
        yield "Python SDK:"
        yield from sdk_lines(role, operator)
        yield "Pulumi:"
        yield pulumi_line(role, operator)
        yield "Terraform:"
        yield from terraform_lines(role, operator)

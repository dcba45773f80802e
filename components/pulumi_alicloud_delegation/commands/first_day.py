"""`access first-day`: what an operator needs to begin: addresses, a CLI profile, SDK and provider snippets."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Annotated

import typer

from access_cli.options import AsJson
from access_cli.output import say_json
from pulumi_alicloud_delegation.commands.inputs import acceptance_from, read_stack_file
from pulumi_alicloud_delegation.commands.running import command
from pulumi_alicloud_delegation.configuration import SECRET_KEYS, read_delegate
from pulumi_alicloud_delegation.console import sign_in_name, sign_in_url, switch_role_url
from pulumi_alicloud_delegation.customers import references_to
from pulumi_alicloud_delegation.handover import AcceptedRole
from ram_policies import InvalidInputError

app = typer.Typer()
_REGION = "cn-hangzhou"


@app.command()
@command
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


def _role(role: AcceptedRole, session: str, switch: str | None) -> dict[str, object]:
    found: dict[str, object] = {
        "name": role.name,
        "arn": role.arn,
        "tier": role.tier,
        "cliProfile": cli_profile(role, session),
        "pulumi": {"assumeRole": _assume(role, session)},
    }
    # The switch-role page can send no external ID.
    return found if switch is None or role.trust.external_id else found | {"switchRoleUrl": switch}


def cli_profile(role: AcceptedRole, session: str) -> dict[str, object]:
    """A profile of the aliyun CLI, an entry of `profiles` in its config.json; the keys are the operator's own.

    Source: aliyun/aliyun-cli, config/profile.go, `Profile`: the mode RamRoleArn reads these, `external_id` included.
    """
    profile: dict[str, object] = {
        "name": role.name,
        "mode": "RamRoleArn",
        "access_key_id": "<your access key ID>",
        "access_key_secret": "<your access key secret>",
        "ram_role_arn": role.arn,
        "ram_session_name": session,
        "expired_seconds": role.max_session_duration,
        "region_id": _REGION,
        "sts_region": _REGION,
        "language": "en",
        "output_format": "json",
    }
    return profile | ({"external_id": role.trust.external_id} if role.trust.external_id else {})


def _assume(role: AcceptedRole, session: str) -> dict[str, object]:
    found: dict[str, object] = {
        "roleArn": role.arn, "sessionName": session, "sessionExpiration": role.max_session_duration
    }  # fmt: skip
    return found | ({"externalId": role.trust.external_id} if role.trust.external_id else {})


def _text(contents: dict[str, object], roles: list[AcceptedRole], session: str) -> Iterator[str]:
    yield f"# {contents['kind']} {contents['operator']}"
    if "signInUrl" in contents:
        yield f"Sign in at {contents['signInUrl']} as {contents['signInName']}"
    for role in roles:
        yield ""
        opened = " (only while it is opened to you)" if role.tier == "on-request" else ""
        yield f"## Role {role.name}{opened}"
        yield "aliyun CLI, an entry of `profiles` in ~/.aliyun/config.json:"
        yield json.dumps(cli_profile(role, session), indent=2)
        yield "Python SDK:"
        yield from _sdk(role, session)
        yield "Pulumi:"
        yield f'alicloud.Provider("{role.name}", assume_role={_python(role, session)})'
        yield "Terraform:"
        yield from _terraform(role, session)


def _sdk(role: AcceptedRole, session: str) -> Iterator[str]:
    yield "from alibabacloud_credentials.client import Client"
    yield "from alibabacloud_credentials.models import Config"
    yield 'config = Config(type="ram_role_arn", access_key_id=..., access_key_secret=..., '
    external = f', external_id="{role.trust.external_id}"' if role.trust.external_id else ""
    yield f'    role_arn="{role.arn}", role_session_name="{session}"{external})'
    yield "credential = Client(config)"


def _python(role: AcceptedRole, session: str) -> str:
    external = f', "external_id": "{role.trust.external_id}"' if role.trust.external_id else ""
    return (
        f'{{"role_arn": "{role.arn}", "session_name": "{session}", '
        f'"session_expiration": {role.max_session_duration}{external}}}'
    )


def _terraform(role: AcceptedRole, session: str) -> Iterator[str]:
    yield 'provider "alicloud" {'
    yield "  assume_role {"
    yield f'    role_arn           = "{role.arn}"'
    yield f'    session_name       = "{session}"'
    yield f"    session_expiration = {role.max_session_duration}"
    if role.trust.external_id:
        yield f'    external_id        = "{role.trust.external_id}"'
    yield "  }"
    yield "}"

"""`access rotate-external-id`: a new external ID beside the old one, as one reviewed change of a stack file."""

from __future__ import annotations

from typing import Annotated, cast

import typer

from access_cli.output import complain
from pulumi_alicloud_delegation.commands.command_errors import stack_file_command
from pulumi_alicloud_delegation.commands.inputs import At, present, read_stack_file
from pulumi_alicloud_delegation.commands.stack_edit import stack_text, unified_diff_of, with_values, write_stack
from pulumi_alicloud_delegation.configuration import SECRET_KEYS, Configuration, read_configuration
from pulumi_alicloud_delegation.contract import moment_text, parse_moment, parse_period
from pulumi_alicloud_delegation.key_spelling import camel
from pulumi_alicloud_delegation.plan.delegation import roles_plan
from pulumi_alicloud_delegation.specs import RoleSpec
from ram_policies import InvalidInputError

app = typer.Typer(add_completion=False)


@app.command()
@stack_file_command
def rotate_external_id(
    role: Annotated[str, typer.Argument(help="Name of the role.")],
    *,
    stack: Annotated[str, typer.Option(metavar="FILE", help="The stack file that has the role, Pulumi.<stack>.yaml.")],
    to: Annotated[str, typer.Option(metavar="ID", help="The new external ID.")],
    overlap: Annotated[str, typer.Option(metavar="PERIOD", help="How long the old one is accepted as well.")] = "7d",
    write: Annotated[
        bool, typer.Option("--write", help="Change the file; otherwise the change is only shown.")
    ] = False,
    at: At = None,
) -> None:
    """Replace the external ID of a role. Until the overlap ends, callers may send the old one or the new one.

    The change is checked as a preview would check it, and shown as a diff. A second rotation before the overlap of the
    first has ended is refused: callers that still send the oldest ID would be shut out.

    Example: access rotate-external-id night --to c-2 --overlap 7d --stack Pulumi.b.yaml
    """
    now = present(at)
    until = moment_text(now + parse_period(overlap, "--overlap"))
    values = {key: value for key, value in read_stack_file(stack, "--stack").items() if key not in SECRET_KEYS}
    configuration = read_configuration(values)
    number, found = _role(configuration, role)
    trust, field = found.trust, f"roles[{number}].trust"
    if trust.external_id is None:
        raise InvalidInputError(
            f"{field}.external_id", None, "is missing: there is nothing to rotate", "set it", code="missing-value"
        )
    if trust.previous_external_id_until is not None:
        ends = parse_moment(trust.previous_external_id_until, f"{field}.previous_external_id_until")
        if ends >= now:
            problem = "is not over: the external ID is being rotated already"
            raise InvalidInputError(
                f"{field}.previous_external_id_until",
                moment_text(ends),
                problem,
                "rotate again after that",
                code="rotation-running",
            )
    change = {"external_id": to, "previous_external_id": trust.external_id, "previous_external_id_until": until}
    _check(configuration, number, change)
    before = stack_text(stack, "--stack")
    after = with_values(before, ("roles", number, "trust"), _spelled(values["roles"], number, change, stack), stack)
    typer.echo(unified_diff_of(before, after, stack), nl=False)
    if write:
        write_stack(stack, after)
    else:
        complain("access: nothing was changed; --write changes the file")


def _role(configuration: Configuration, name: str) -> tuple[int, RoleSpec]:
    for number, role in enumerate(configuration.roles):
        if role.name.lower() == name.lower():
            return number, role
    names = ", ".join(role.name for role in configuration.roles) or "none"
    fix = f"name one of {names}"
    if configuration.offer is not None:
        fix = "rotate it in the delegate's stack file, and ask for a new offer"
    raise InvalidInputError("ROLE", name, "is not a role of this stack", fix, code="unknown-name")


def _check(configuration: Configuration, number: int, change: dict[str, str]) -> None:
    """Hold the role to the same rules as a preview does."""
    roles = list(configuration.roles)
    trust = roles[number].trust.model_copy(update=change)
    roles[number] = roles[number].model_copy(update={"trust": trust})
    owner, delegate = configuration.owner.id, configuration.delegate.id
    roles_plan(roles, owner, delegate, "active", configuration.contract, configuration.never)


def _spelled(roles: object, number: int, change: dict[str, str], path: str) -> dict[str, str]:
    """The change with each key spelled as it is in the file already.

    Raises:
        InvalidInputError: the roles are in the file as one text.
    """
    if not isinstance(roles, list):
        raise InvalidInputError(
            path, "roles", "is a JSON text", "write it as YAML, or edit the file by hand", code="cannot-edit"
        )
    trust = cast("list[dict[str, dict[str, object]]]", roles)[number]["trust"]
    return {key if key in trust else camel(key): value for key, value in change.items()}

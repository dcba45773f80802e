"""`access acceptance`: written by A, verified by B."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, cast

import typer

from access_cli.exit_codes import NOT_AS_EXPECTED
from access_cli.options import AsJson
from access_cli.output import say, say_json
from pulumi_alicloud_delegation.commands.command_errors import stack_file_command
from pulumi_alicloud_delegation.commands.inputs import (
    At,
    Out,
    acceptance_from,
    offer_from,
    present,
    read_bytes,
    say_text,
)
from pulumi_alicloud_delegation.contract import moment_text
from pulumi_alicloud_delegation.deployed import acceptances_in
from pulumi_alicloud_delegation.handover import Acceptance, handover_text
from pulumi_alicloud_delegation.handover.files import checked, parse_json, sealed
from pulumi_alicloud_delegation.handover.verifying import check_newer, check_parties
from pulumi_alicloud_delegation.handover.verifying import verify as verified
from ram_policies import InvalidInputError

app = typer.Typer(
    add_completion=False,
    help="Acceptances: what the owner granted.\n\nExample: access acceptance verify acceptance.json --offer offer.json",
    no_args_is_help=True,
)
AcceptanceFile = Annotated[str, typer.Argument(metavar="ACCEPTANCE", help="The acceptance file; - is standard input.")]


@app.command("write")
@stack_file_command
def write(
    source: Annotated[
        str,
        typer.Argument(
            metavar="STACK.json",
            help="Output of `pulumi stack export` or `pulumi stack output --json`; or an acceptance.",
        ),
    ],
    *,
    at: At = None,
    out: Out = None,
) -> None:
    """Write the acceptance of the owner's stack as a file, with its date of issue.

    Example: access acceptance write stack.json --out acceptance.json
    """
    found = acceptance_in(source)
    stamped = sealed(found.model_copy(update={"issued": moment_text(present(at))}))
    say_text(handover_text(stamped), out)


def acceptance_in(source: str) -> Acceptance:
    """The acceptance in an exported stack, in its outputs, or in a file of its own.

    Raises:
        InvalidInputError: the file cannot be read, holds none, or those of several owners.
    """
    found = all_acceptances_in(source)
    if len(found) > 1:
        owners = ", ".join(one.owner.id for one in found)
        problem = f"holds acceptances of {owners}"
        raise InvalidInputError("STACK.json", source, problem, "give a stack of one owner", code="wrong-file")
    return found[0]


def all_acceptances_in(source: str) -> list[Acceptance]:
    """The acceptances in an exported stack, in its outputs, or the one in a file of its own.

    Raises:
        InvalidInputError: the file cannot be read, or holds none.
    """
    content = parse_json(read_bytes(source, "STACK.json"), source, "STACK.json")
    return [checked(Acceptance, one) for one in _acceptances_in(content, source)]


def _acceptances_in(content: Mapping[str, object], source: str) -> list[Mapping[str, object]]:
    if "kind" in content:
        return [content]
    if found := acceptances_in(content):
        return found
    deployment = content.get("deployment")
    resources = cast("Mapping[str, object]", deployment).get("resources") if isinstance(deployment, dict) else None
    for resource in cast("list[Mapping[str, object]]", resources or []):
        found = acceptances_in(resource.get("outputs"))
        if resource.get("type") == "pulumi:pulumi:Stack" and found:
            return found
    raise InvalidInputError(
        "STACK.json", source, "holds no acceptance", "deploy the stack with side: owner first", code="wrong-file"
    )


@app.command("verify")
@stack_file_command
def verify(
    acceptance: AcceptanceFile,
    *,
    offer: Annotated[str, typer.Option(metavar="FILE", help="The offer that was accepted.")],
    deployed: Annotated[
        str | None, typer.Option(metavar="FILE", help="The acceptance in use; an older one is refused.")
    ] = None,
    at: At = None,
    json_: AsJson = False,
) -> None:
    """Compare what the delegate got with what it asked for. The exit code is 0 only if it is the same.

    Example: access acceptance verify acceptance.json --offer offer.json
    """
    given, asked = acceptance_from(acceptance), offer_from(offer)
    if deployed is not None:
        in_use = acceptance_from(deployed)
        check_parties(given, in_use.owner.id, in_use.delegate.id)
        check_newer(given, in_use)
    found = verified(given, asked, present(at))
    if json_:
        say_json({"asAsked": list(found.as_asked), "differs": list(found.differs), "notKnown": list(found.not_known)})
    else:
        for line in found.as_asked:
            say(line, "green")
        for line in found.differs:
            say(line, "yellow")
        for line in found.not_known:
            say(f"not known: {line}", "yellow")
    if not found.complete:
        raise typer.Exit(NOT_AS_EXPECTED)

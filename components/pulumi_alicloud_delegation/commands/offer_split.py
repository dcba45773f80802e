"""`access offer split`: what an offer asks for, by hazards: standing, on request, or never."""

from __future__ import annotations

from collections.abc import Collection
from typing import Annotated

import typer

from access_cli.output import complain
from pulumi_alicloud_delegation.commands.command_errors import stack_file_command
from pulumi_alicloud_delegation.commands.inputs import At, Out, offer_from, present, say_text
from pulumi_alicloud_delegation.contract import moment_text, parse_moment
from pulumi_alicloud_delegation.handover import handover_text
from pulumi_alicloud_delegation.handover.files import sealed
from pulumi_alicloud_delegation.handover.splitting import NEVER, ON_REQUEST, OnRequestTerms, split_offer
from ram_policies import InvalidInputError
from ram_policies.catalogue.levels import Hazard


@stack_file_command
def split_command(
    offer: Annotated[str, typer.Argument(metavar="OFFER", help="The offer file; - is standard input.")],
    *,
    reason: Annotated[str, typer.Option(help="Purpose of the on-request roles.")],
    ticket: Annotated[str, typer.Option(help="Ticket in which they were asked for.")],
    until: Annotated[str, typer.Option(metavar="TIME", help="End of their window, 2026-12-31T23:59:59Z.")],
    on_request: Annotated[
        list[str] | None,
        typer.Option(
            metavar="HAZARD",
            help="Hazards that go on request. Default: reads_data, buys, releases, opens_access. Repeatable.",
        ),
    ] = None,
    never: Annotated[
        list[str] | None,
        typer.Option(
            metavar="HAZARD",
            help="Hazards that are never allowed. Default: those that get more access, and stops_audit. Repeatable.",
        ),
    ] = None,
    at: At = None,
    out: Out = None,
) -> None:
    """Split each standing role of an offer in two: one without the hazards, one on request with them alone.

    No request is allowed by both, and neither allows more than the role did: both is proved.

    Example: access offer split offer.json --reason Incidents --ticket CHG-2 --until 2099-12-31T00:00:00Z
    """
    now = present(at)
    end = parse_moment(until, "--until")
    if end <= now:
        raise InvalidInputError(
            "--until", moment_text(end), f"is over: it is {moment_text(now)}", "choose a later end", code="over"
        )
    for option, text in (("--reason", reason), ("--ticket", ticket)):
        if not text.strip():
            raise InvalidInputError(option, text, "is empty", "write it", code="missing-value")
    chosen = _hazards(on_request, "--on-request", ON_REQUEST)
    forbidden = _hazards(never, "--never", NEVER)
    made, divisions = split_offer(
        offer_from(offer), OnRequestTerms(reason, ticket, moment_text(end)), chosen, forbidden
    )
    say_text(handover_text(sealed(made.model_copy(update={"issued": moment_text(now)}))), out)
    for one in divisions:
        complain(str(one))


def _hazards(given: list[str] | None, option: str, default: Collection[Hazard]) -> Collection[Hazard]:
    found: list[Hazard] = []
    for name in given or ():
        try:
            found.append(Hazard(name.replace("-", "_")))
        except ValueError:
            names = ", ".join(sorted(Hazard))
            raise InvalidInputError(
                option, name, "is not a hazard", f"name one of {names}", code="not-a-choice"
            ) from None
    return found or default

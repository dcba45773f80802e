"""`access room`: the page of a contract that both companies read."""

from __future__ import annotations

from typing import Annotated

import typer

from pulumi_alicloud_delegation.commands.command_errors import stack_file_command
from pulumi_alicloud_delegation.commands.inputs import At, Out, acceptance_from, offer_from, present, say_text
from pulumi_alicloud_delegation.handover.room import contract_room
from pulumi_alicloud_delegation.handover.room_page import room_page

app = typer.Typer(add_completion=False)


@app.command("room")
@stack_file_command
def room(
    offer: Annotated[str, typer.Argument(metavar="OFFER", help="The offer file; - is standard input.")],
    acceptance: Annotated[str, typer.Argument(metavar="ACCEPTANCE", help="The acceptance file.")],
    *,
    answered: Annotated[
        str | None, typer.Option(metavar="FILE", help="The narrower offer that was accepted, if A answered with one.")
    ] = None,
    at: At = None,
    out: Out = None,
) -> None:
    """Write the page of a contract: asked for, granted, narrowed, refused, when it ends, and what then still works.

    Example: access room offer.json acceptance.json --out room.html
    """
    narrower = None if answered is None else offer_from(answered)
    say_text(room_page(contract_room(offer_from(offer), acceptance_from(acceptance), present(at), narrower)), out)

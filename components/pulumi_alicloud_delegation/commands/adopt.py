"""`alicloud-delegation adopt`: what exists already becomes part of a stack."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from access_cli.options import AsJson
from pulumi_alicloud_delegation.commands.command_errors import project_command
from pulumi_alicloud_delegation.commands.recover import DoIt, ProjectFolder, StackName, report_recovery
from pulumi_alicloud_delegation.recovery.account_ram import SdkAccount
from pulumi_alicloud_delegation.recovery.planning import ADOPTING
from pulumi_alicloud_delegation.recovery.pulumi_cli import Pulumi
from pulumi_alicloud_delegation.recovery.recovering import carry_out, find_steps, is_prepared, prepare
from ram_policies import InvalidInputError


@project_command
def adopt(
    *,
    stack: StackName = None,
    folder: ProjectFolder = Path(),
    ready: Annotated[
        bool,
        typer.Option("--prepare", help="First make providers and components in a new stack; the cloud stays as it is."),
    ] = False,
    yes: DoIt = False,
    json_: AsJson = False,
) -> None:
    """Take over roles, policies, groups, users and attachments that exist already, without making them again.

    Whatever the next update would create and the account already has, exactly as the program wants it, becomes part of
    the stack. What differs is shown and left alone. People keep their logins, applications their keys.

    Example: alicloud-delegation adopt --prepare --yes && pulumi up
    """
    engine = Pulumi(folder, stack)
    if ready or yes:
        prepare(engine)
    elif not is_prepared(engine):
        problem = "has no providers or components yet, so that nothing can be put below them"
        fix = "add --prepare, which makes these in the state, and nothing in the cloud"
        raise InvalidInputError("stack", stack or "the selected one", problem, fix, code="not-prepared")
    found = find_steps(engine, SdkAccount, ADOPTING)
    if yes and found.work:
        carry_out(engine, found)
    report_recovery(found, "Nothing to adopt.", done=yes, as_json=json_)

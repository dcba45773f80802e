"""`alicloud-delegation recover`: the way back after an update that was interrupted."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from access_cli.exit_codes import NOT_AS_EXPECTED
from access_cli.options import AsJson
from access_cli.output import complain, say, say_json
from pulumi_alicloud_delegation.commands.command_errors import project_command
from pulumi_alicloud_delegation.recovery.account_ram import SdkAccount
from pulumi_alicloud_delegation.recovery.planning import Do, RecoveryStep
from pulumi_alicloud_delegation.recovery.pulumi_cli import Pulumi
from pulumi_alicloud_delegation.recovery.recovering import Recovery, carry_out, find_steps

_STYLES = {Do.DELETE_KEY: "red", Do.RESET_LOGIN: "red", Do.LEFT: "yellow", Do.IMPORT: "green"}
_WIDTH = max(len(kind) for kind in Do)

StackName = Annotated[str | None, typer.Option(metavar="NAME", help="Name of the stack. Default: the selected one.")]
ProjectFolder = Annotated[Path, typer.Option("--cwd", metavar="FOLDER", help="The project's folder.")]
DoIt = Annotated[bool, typer.Option("--yes", help="Do it; otherwise the steps are only shown.")]


@project_command
def recover(
    *,
    stack: StackName = None,
    folder: ProjectFolder = Path(),
    yes: DoIt = False,
    json_: AsJson = False,
) -> None:
    """Bring a stack back after an update that was interrupted: engine killed, network gone.

    What the update made in the account without writing it into the state is imported, where it is exactly what the
    program wants. An access key whose secret nobody has is deleted, and a login whose password nobody knows; the
    next update makes new ones. Whatever looks like somebody else's is shown and left alone.

    Example: alicloud-delegation recover --yes && pulumi up
    """
    engine = Pulumi(folder, stack, mends=yes)
    found = find_steps(engine, SdkAccount)
    if yes and (found.work or found.state.interrupted):
        carry_out(engine, found)
    report_recovery(found, "Nothing to recover.", done=yes, as_json=json_)


def report_recovery(found: Recovery, nothing: str, *, done: bool, as_json: bool) -> None:
    """Say what was found, and exit with 1 where something is left to people.

    Args:
        found: the steps.
        nothing: the sentence for no step at all.
        done: whether they were carried out.
        as_json: for programs.
    """
    if as_json:
        say_json({"done": done, "steps": [step_record(step) for step in found.steps]})
    else:
        say_steps(found.steps, nothing, done=done)
    if found.left:
        raise typer.Exit(NOT_AS_EXPECTED)


def step_record(step: RecoveryStep) -> dict[str, str]:
    """A step for programs."""
    shown = {"do": str(step.do), "urn": step.urn, "title": step.title, "id": step.id, "why": step.why, "fix": step.fix}
    return {key: value for key, value in shown.items() if value}


def say_steps(steps: Sequence[RecoveryStep], nothing: str, *, done: bool) -> None:
    """Say the steps, a line for each, and what comes next."""
    for step in steps:
        fix = f". Fix: {step.fix}." if step.fix else ""
        say(f"{step.do:<{_WIDTH}}  {step.title}: {step.why}{fix}", _STYLES.get(step.do, ""))
    work = [step for step in steps if step.do is not Do.LEFT]
    if not steps:
        say(nothing)
    elif work and not done:
        complain("alicloud-delegation: nothing was changed; --yes does it")
    elif work:
        say("Done. Next: pulumi up")

"""The scenario deployed on a fake cloud, and its console: sign in as AAA, switch identity, work in A, be refused.

`make console` runs it, until Ctrl+C. Enter, in the terminal, suspends and resumes the delegation with the real engine.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from threading import Event

from pulumi import automation
from rich.console import Console
from story import CONSOLE_PORT, DELEGATE, OWNER, PROJECT, ROOT, Stage, put_engine_on_path

from alicloud_fakes.cloud.fake_cloud import Cloud
from alicloud_fakes.console.web import ConsoleServer
from alicloud_fakes.core.sockets import PortTakenError
from alicloud_fakes.http import Server
from alicloud_fakes.provider.workspace import Workspace, engine_environment
from ram_policies.errors import InvalidInputError

_LAST_PORT = 65535
# AAA signs in with a password alone; BBB has to bind an MFA device first.
OPERATORS = [
    {"name": "AAA", "teams": ["operators"], "mfa": False},
    {"name": "BBB", "teams": ["operators"], "mfa": True},
]


def main() -> int:
    """Deploy, print how to sign in, and wait."""
    console = Console(highlight=False, emoji=False)
    failed = put_engine_on_path()
    if failed:
        return failed
    cloud = Cloud.of({OWNER: "company-a", DELEGATE: "company-b"})
    try:
        served = _served(cloud, sys.argv[1:])
    except (PortTakenError, ValueError) as error:
        print(f"console: {error}", file=sys.stderr)
        return 2
    with (
        tempfile.TemporaryDirectory(prefix="delegation-console-") as folder,
        Server(cloud) as server,
        served as pages,
    ):
        workspace = Workspace(Path(folder), automation.PulumiCommand(), engine_environment(Path(folder)), PROJECT)
        stage = Stage(console, cloud, server.endpoint, workspace, ROOT / "Pulumi.scenario.yaml")
        _fill(cloud)
        stage.say("Deploying Pulumi.scenario.yaml on a fake cloud ...")
        stage.stack(operators=OPERATORS).up()
        _say_how_to_get_in(stage, pages)
        try:
            _wait(stage)
        except KeyboardInterrupt:
            stage.say("")
    return 0


def _served(cloud: Cloud, given: list[str]) -> ConsoleServer:
    """The console on the given port; without one, on the usual port, or on any free port when that one is taken."""
    if given:
        if not given[0].isdecimal() or int(given[0]) > _LAST_PORT:
            raise InvalidInputError("port", given[0], "is not a port", "give one, such as 8766", code="wrong-type")
        return ConsoleServer(cloud, int(given[0]))
    try:
        return ConsoleServer(cloud, CONSOLE_PORT)
    except PortTakenError:
        return ConsoleServer(cloud)


def _fill(cloud: Cloud) -> None:
    owner = cloud.account(OWNER)
    for name in ("web-1", "web-2"):
        owner.ecs.run(name)
    owner.rds.create("orders")
    owner.slb.create("front")


def _say_how_to_get_in(stage: Stage, pages: ConsoleServer) -> None:
    outputs = stage.stack(operators=OPERATORS).outputs()
    passwords, links = outputs["firstPasswords"].value, outputs["switchRoleUrls"].value
    stage.say(f"\n[bold]{pages.url}/[/]  sign in with the enterprise alias [bold]company-b[/]")
    for one in OPERATORS:
        name = str(one["name"])
        mfa = ", binds an MFA device at the first sign-in (scan the picture, or type the key)" if one["mfa"] else ""
        stage.say(f"  user [bold]{name}[/]  first password [bold]{passwords[name]}[/], must be changed{mfa}")
    query = links["AAA"]["ecs-admin"].partition("?")[2]
    stage.say(f"switch role   {pages.url}/switchRole.htm?{query}")
    stage.say(f"control room  {pages.url}/fake/  token [bold]{pages.control_token}[/]")


def _wait(stage: Stage) -> None:
    states = ["suspended", "active"]
    while True:
        stage.say(f"\nEnter: make the delegation {states[0]}.  Ctrl+C: end.")
        if not sys.stdin.readline():
            Event().wait()  # no terminal: wait until the process is ended
        stage.stack(operators=OPERATORS, state=states[0]).up()
        stage.say(f"The delegation is {states[0]}; the next click of AAA shows it.")
        states.reverse()


if __name__ == "__main__":
    raise SystemExit(main())

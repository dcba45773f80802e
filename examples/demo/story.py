"""The steps of the demo, each with its expected result."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from actors import Caller, Credentials, RefusedError
from pulumi import automation
from rich.console import Console
from rich.table import Table
from rich.text import Text

from alicloud_fakes.cloud.fake_cloud import Cloud
from alicloud_fakes.console import Console as AlibabaConsole
from alicloud_fakes.console import SignInError
from alicloud_fakes.http import Server
from alicloud_fakes.provider.folder import real_provider
from alicloud_fakes.provider.workspace import Workspace, engine_environment, operations, stack_files
from pulumi_alicloud_delegation.program import run
from pulumi_alicloud_delegation.testing.stacks import with_endpoint

ROOT = Path(__file__).resolve().parents[2]
DEMO_LIMIT = 60
CONSOLE_PORT = 8766
OWNER, DELEGATE, PROJECT = "11223344", "12345678", "alicloud-delegation"
_FOUND = "pulumi-resource-alicloud from $PATH"
_NOISE = ("@ ", "Diagnostics:", "pulumi:pulumi:Stack (", "The resources in the stack have", "If you want to remove")
ROLE = f"acs:ram::{OWNER}:role/ecs-admin"


class UnexpectedResultError(Exception):
    """A step had another result than the demo expects."""


@dataclass
class Stage:
    """The fake cloud with both accounts, the engine, and the output."""

    console: Console
    cloud: Cloud
    endpoint: str
    workspace: Workspace
    stack_file: Path

    def say(self, text: str) -> None:
        """Print a line."""
        self.console.print(text, soft_wrap=True)

    def must(self, holds: bool, what: str) -> None:  # noqa: FBT001  # what has to hold
        """Stop the demo unless a condition holds."""
        if not holds:
            raise UnexpectedResultError(what)
        self.say(f"  [green]✓[/] {what}")

    def stack(self, **changed: object) -> automation.Stack:
        """The program's stack: the configuration of the stack file, with some keys replaced."""
        config = stack_files([self.stack_file]) | {f"{PROJECT}:{key}": value for key, value in changed.items()}
        accounts = {"owner": self.cloud.account(OWNER), "delegate": self.cloud.account(DELEGATE)}
        keys = {side: account.root_key.id for side, account in accounts.items()}
        secrets = {f"{side}SecretKey": account.root_key.secret for side, account in accounts.items()}
        return self.workspace.stack("demo", run, with_endpoint(config, self.endpoint, keys, PROJECT), secrets)

    def root(self, account: str) -> Caller:
        """The administrator of an account."""
        key = self.cloud.account(account).root_key
        return Caller(self.endpoint, Credentials(key.id, key.secret))

    def show(self, line: str) -> None:
        """Print a line of the engine's output, except its remark about where the provider was found."""
        text = line.rstrip()
        if text and not text.lstrip().startswith(_NOISE) and _FOUND not in text:
            self.console.print(Text(f"  {text}", style="dim"), soft_wrap=True)


def put_engine_on_path() -> int:
    """Find or build the Pulumi engine; the exit code of the tool that does."""
    finder = [sys.executable, ROOT / "tools" / "engine.py", "--without-yaml"]
    engine = subprocess.run(finder, check=False, stdout=subprocess.PIPE)
    os.environ["PATH"] = os.pathsep.join([engine.stdout.decode().strip(), os.environ.get("PATH", "")])
    return engine.returncode


def tell(console: Console, folder: Path, stack_file: Path) -> None:
    """Run all steps.

    Raises:
        UnexpectedResultError: a step had another result than expected.
    """
    cloud = Cloud.of({OWNER: "company-a", DELEGATE: "company-b"})
    with Server(cloud) as server:
        workspace = Workspace(folder, automation.PulumiCommand(), engine_environment(folder), PROJECT)
        stage = Stage(console, cloud, server.endpoint, workspace, stack_file)
        which = "the real pulumi-resource-alicloud" if real_provider(os.environ) else "the stand-in provider"
        stage.say(f"A fake Alibaba Cloud listens on {server.endpoint}; {which} talks to it.")
        web = cloud.account(OWNER).ecs.run("web")
        cloud.account(OWNER).rds.create("orders")
        stage.say(f"Company A ({OWNER}) runs the ECS instance {web.name} and the database orders.")
        _deploy(stage)
        session = _operate(stage, web.id)
        _join(stage)
        _suspend(stage, session)
        _end(stage)


@contextmanager
def chapter(stage: Stage, title: str) -> Iterator[None]:
    """A section with a headline. An engine failure or an unexpectedly refused call in it ends the demo."""
    stage.console.rule(f"[bold]{title}", align="left")
    try:
        yield
    except (automation.CommandError, RefusedError, SignInError) as error:
        raise UnexpectedResultError(f"{title}: {str(error).strip()}") from None


def _deploy(stage: Stage) -> None:
    with chapter(stage, "pulumi preview: what would be made, in which account"):
        preview = stage.stack().preview(on_output=stage.show, suppress_outputs=True)
        stage.must(set(operations(preview.change_summary)) == {"create"}, "everything is new")
        stage.must(_contents(stage, OWNER) == [], "and nothing was made yet")
    with chapter(stage, "pulumi up"):
        stage.stack().up(on_output=stage.show)
        stage.must(_contents(stage, OWNER) == ["role ecs-admin"], "A has one role, ecs-admin, and no user of B")
        stage.must(_contents(stage, DELEGATE) == ["user AAA", "group operators"], "B has its operator AAA")


def _operate(stage: Stage, instance: str) -> Caller:
    """AAA works in A with an access key, then in the console. Answers AAA's session, which stays open."""
    outputs = stage.stack().outputs()
    with chapter(stage, "AAA, an employee of B, works in A through the API"):
        made = stage.root(DELEGATE).call("ram", "CreateAccessKey", UserName="AAA")["AccessKey"]
        aaa = Caller(stage.endpoint, Credentials(made["AccessKeyId"], made["AccessKeySecret"]))
        with _refusal(stage, "Forbidden.RAM", "AAA itself may do nothing in ECS"):
            aaa.call("ecs", "DescribeInstances", RegionId="cn-hangzhou")
        session = aaa.assume(ROLE, "AAA")
        who = session.call("sts", "GetCallerIdentity")
        stage.say(f"  sts:AssumeRole gave AAA a session: {who['Arn']}")
        session.call("ecs", "StopInstance", InstanceId=instance)
        [found] = session.call("ecs", "DescribeInstances", RegionId="cn-hangzhou")["Instances"]["Instance"]
        stage.must(found["Status"] in {"Stopping", "Stopped"}, f"AAA stopped {found['InstanceName']} of company A")
        with _refusal(stage, "Forbidden.RAM", "A's databases stay closed"):
            session.call("rds", "DescribeDBInstances", RegionId="cn-hangzhou")
    with chapter(stage, "AAA does the same in the console"):
        stage.say(f"  sign-in page  {outputs['signInUrls'].value['AAA']}")
        signed_in = AlibabaConsole(stage.cloud).sign_in(
            "AAA", "company-b", outputs["firstPasswords"].value["AAA"], new_password="Chosen-by-AAA-1"
        )
        stage.must(signed_in.display_name == "AAA@company-b", f"top right it says {signed_in.display_name}")
        stage.say(f"  switch role   {outputs['switchRoleUrls'].value['AAA']['ecs-admin']}")
        switched = signed_in.switch_role("company-a", "ecs-admin")
        stage.must(switched.display_name == "ecs-admin@company-a", f"after Switch Role it says {switched.display_name}")
        given = switched.credentials
        console = Caller(
            stage.endpoint, Credentials(given.access_key_id, given.access_key_secret, given.security_token)
        )
        console.call("ecs", "StartInstance", InstanceId=instance)
        [found] = console.call("ecs", "DescribeInstances", RegionId="cn-hangzhou")["Instances"]["Instance"]
        stage.must(found["Status"] in {"Starting", "Running"}, f"AAA started {found['InstanceName']} again")
    stage.root(DELEGATE).call("ram", "DeleteAccessKey", UserName="AAA", UserAccessKeyId=aaa.credentials.key_id)
    return session


def _join(stage: Stage) -> None:
    operators = [{"name": name, "teams": ["operators"], "mfa": False} for name in ("AAA", "BBB")]
    with chapter(stage, "BBB joins company B"):
        changed: list[tuple[str, str]] = []

        def remember(event: automation.EngineEvent) -> None:
            if event.resource_pre_event:
                step = event.resource_pre_event.metadata
                changed.append((str(getattr(step.op, "value", step.op)), step.urn))

        stage.stack(operators=operators).preview(on_event=remember)
        new = [(kind, urn) for kind, urn in changed if kind not in {"same", "read"}]
        table = Table("change", "resource", box=None, padding=(0, 2))
        for kind, urn in new:
            table.add_row(kind, "::".join(urn.split("::")[2:]).rpartition("$")[2])
        stage.console.print(table)
        in_a = [urn for _, urn in new if "DelegatedRole" in urn or "delegation/owner" in urn]
        stage.must(bool(new) and not in_a, "nothing changes in A: the preview is empty there")
        stage.stack(operators=operators).up()
        stage.must("user BBB" in _contents(stage, DELEGATE), "BBB is there")


def _suspend(stage: Stage, session: Caller) -> None:
    operators = [{"name": name, "teams": ["operators"], "mfa": False} for name in ("AAA", "BBB")]
    with chapter(stage, "A suspends the contract, while AAA's session is open"):
        session.call("ecs", "DescribeInstances", RegionId="cn-hangzhou")
        stage.say("  AAA's session still works")
        stage.stack(operators=operators, state="suspended").up(on_output=stage.show, suppress_outputs=True)
        with _refusal(stage, "Forbidden.RAM", "the live session is refused at its next call"):
            session.call("ecs", "DescribeInstances", RegionId="cn-hangzhou")
        signed_in = AlibabaConsole(stage.cloud).sign_in("AAA", "company-b", "Chosen-by-AAA-1")
        try:
            signed_in.switch_role("company-a", "ecs-admin")
        except SignInError as error:
            stage.must(holds=True, what=f"and nobody gets a new one: {error}")
        else:
            raise UnexpectedResultError("AAA could switch to ecs-admin while the contract was suspended")
    with chapter(stage, "A resumes the contract"):
        stage.stack(operators=operators, state="active").up()
        session.call("ecs", "DescribeInstances", RegionId="cn-hangzhou")
        stage.must(holds=True, what="the session works again")


def _end(stage: Stage) -> None:
    with chapter(stage, "pulumi destroy: the contract ends"):
        stage.stack().destroy(on_output=stage.show)
        stage.must(_contents(stage, OWNER) == [], "A is as empty as before")
        stage.must(_contents(stage, DELEGATE) == [], "and so is B")


@contextmanager
def _refusal(stage: Stage, code: str, step: str) -> Iterator[None]:
    """Make a call that must be refused with this code."""
    try:
        yield
    except RefusedError as error:
        if error.code != code:
            raise UnexpectedResultError(f"{step}: expected {code}, got {error}") from None
        stage.must(holds=True, what=f"{step} [dim]({error.code}{', ' + error.kind if error.kind else ''})[/]")
    else:
        raise UnexpectedResultError(f"{step}: the call went through")


def _contents(stage: Stage, account: str) -> list[str]:
    """Contents of an account, asked of the cloud by its administrator."""
    call: Callable[..., dict[str, object]] = stage.root(account).call
    roles = [f"role {each['RoleName']}" for each in call("ram", "ListRoles")["Roles"]["Role"]]
    users = [f"user {each['UserName']}" for each in call("ram", "ListUsers")["Users"]["User"]]
    groups = [f"group {each['GroupName']}" for each in call("ram", "ListGroups")["Groups"]["Group"]]
    found = call("ram", "ListPolicies", PolicyType="Custom")["Policies"]["Policy"]
    return [*roles, *users, *groups, *(f"policy {each['PolicyName']}" for each in found)]

"""A project on a fake cloud, whose engine is killed or whose answers are lost in the middle of an update."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path

from alicloud_fakes.console import Console
from alicloud_fakes.pipeline.faults import Fault, FaultKind
from alicloud_fakes.provider.folder import launcher
from alicloud_fakes.provider.pulumi_command import ENGINE_PATH, RUNNING

PROGRAM = "from pulumi_alicloud_delegation.program import run\n\nrun()\n"
STACK = "dev"
CHANGES = re.compile(r"(Create|Attach|Add|Detach|Delete|Remove|Update)\w*")
PEOPLE = [
    {"name": "AAA", "teams": ["engineers"], "mfa": False},
    {"name": "BBB", "teams": ["engineers", "agents"]},
    {"name": "monitoring-agent", "kind": "application", "teams": ["agents"], "accessKeys": ["1", "2"]},
    {"name": "second-agent", "kind": "application", "teams": ["agents"]},
]
POLICY = {"Version": "1", "Statement": [{"Effect": "Allow", "Action": "ecs:Describe*", "Resource": "*"}]}


@dataclass
class Trap:
    """Kills the engine after the fake has made a change and before it answers."""

    engine: object
    wanted: re.Pattern[str] = CHANGES
    left: int = 0
    sprung: str = ""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def set(self, action, nth=1):
        self.wanted, self.left, self.sprung = re.compile(action), nth, ""

    def before(self, _call):
        return None

    def after(self, call, response):
        name = call.action_name
        if response.status == 200 and CHANGES.match(name) and self.wanted.fullmatch(name):
            with self._lock:
                self.left -= 1
                if self.left == 0:
                    self.sprung = name
                    self.engine()
        return response


class Project:
    """Both enterprises of the scenario in one stack, run by the command line as people run it."""

    def __init__(self, house):
        self.house, self.folder = house, house.folder
        self.process = None
        house.delegation(self.config(), name=STACK)
        (self.folder / "__main__.py").write_text(PROGRAM, "utf-8")
        path = house.workspace.environment["PATH"]
        shim = launcher(self.folder / "bin", "pulumi", "-m", "alicloud_fakes", "pulumi", "--")
        self.environment = {
            **house.workspace.environment,
            "PULUMI_HOME": str(self.folder / "home"),
            "PATH": os.pathsep.join([str(shim), path]),
            ENGINE_PATH: path,
            RUNNING: str(self.folder),
        }
        self.trap = Trap(self._kill)
        house.cloud.interceptors.append(self.trap)

    def config(self):
        config = self.house.config("recommended", operators=PEOPLE)
        roles = config["alicloud-delegation:roles"]
        roles[0]["policies"] = [{"name": "ecs-admin-own", "document": POLICY}]
        return config

    def _kill(self):
        for pid in _descendants(self.process.pid):
            if Path(f"/proc/{pid}/comm").read_text("utf-8").strip() == "pulumi":
                os.kill(pid, signal.SIGKILL)

    def run(self, *command):
        """A command in the project's folder: its exit code, and what it printed."""
        with subprocess.Popen(
            command, cwd=self.folder, env=self.environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as process:
            self.process = process
            out, err = process.communicate()
        return process.returncode, out, err

    def pulumi(self, *words):
        return self.run(str(self.folder / "bin" / "pulumi"), *words, "--stack", STACK)

    def up(self, *words):
        return self.pulumi("up", "--yes", "--skip-preview", *words)

    def recover(self, *words):
        """`alicloud-delegation recover`: its exit code, and its steps as (what, title)."""
        command = [sys.executable, "-m", "pulumi_alicloud_delegation.commands.project", "recover"]
        code, out, err = self.run(*command, "--stack", STACK, "--json", *words)
        assert code in {0, 1}, err
        return code, [(step["do"], step["title"]) for step in json.loads(out)["steps"]], out + err

    def killed_at(self, action, nth=1, *words):
        """An update whose engine is killed at the nth change of some actions: the action, empty if it got through."""
        self.trap.set(action, nth)
        code, out, err = self.up(*words)
        assert (code != 0) is bool(self.trap.sprung), out + err
        return self.trap.sprung

    def lost_at(self, action):
        """An update that does not get the answer of the next call of an action."""
        self.house.cloud.faults.add(Fault(FaultKind.RESET_AFTER, action=f"ram:{action}", next=1))
        code, _, _ = self.up()
        return code != 0

    def outputs(self):
        code, out, err = self.pulumi("stack", "output", "--json", "--show-secrets")
        assert code == 0, err
        return json.loads(out)

    def changes(self):
        """Changes of the next update, by kind."""
        code, out, err = self.pulumi("preview", "--json")
        assert code == 0, err
        summary = json.loads(out)["changeSummary"]
        return {kind: number for kind, number in summary.items() if kind != "same"}

    def keys(self):
        """IDs of the access keys that are in the account."""
        users = self.house.cloud.account(self.house.b.id).ram.users
        return {key for person in PEOPLE for key in _keys(users.get(person["name"]))}

    def state(self):
        """The exported state, secrets hidden."""
        code, out, err = self.pulumi("stack", "export")
        assert code == 0, err
        return json.loads(out)

    def orphans(self):
        """IDs of access keys that are in the account and not in the state."""
        return self.keys() - {one.get("id") for one in self.state()["deployment"]["resources"]}

    def assert_everything_works(self):
        """Check that the stack is complete: nothing to change, no key outside the state, all operators can work."""
        assert self.changes() == {}
        outputs = self.outputs()
        known = {pair["id"] for pairs in outputs["accessKeys"].values() for pair in pairs.values()}
        assert self.keys() == known
        assert len(known) == 3
        session = Console(self.house.cloud).sign_in(
            "AAA", "company-b", outputs["firstPasswords"]["AAA"], new_password="Another-0ne"
        )
        assert session is not None
        wanted = {
            "RoleArn": outputs["roleArns"]["ecs-monitoring"],
            "RoleSessionName": "agent",
            "ExternalId": "contract-2026-company-a",
        }
        for pair in outputs["accessKeys"]["monitoring-agent"].values():
            application = self.house.client(pair["id"], pair["secret"])
            assert application.call("AssumeRole", wanted, product="sts")["Credentials"]


def _keys(user):
    return [] if user is None else list(user.keys)


def _descendants(pid):
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, children.read_text("utf-8").split()):
            yield child
            yield from _descendants(child)

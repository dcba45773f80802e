"""The three ways in which inputs reach the components, each with the real engine in front.

A stack file is parsed by the engine, a YAML program by Pulumi's YAML host, which hands the inputs to the plugin; to the
class in Python they come as they are.
"""

from __future__ import annotations

import copy
import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass

import pulumi
import yaml
from pulumi.runtime import config as runtime_config

from pulumi_alicloud_delegation import CrossAccountDelegation
from pulumi_alicloud_delegation.program import run
from pulumi_alicloud_delegation.testing import run_program
from ram_policies import InvalidInputError

ACCOUNTS = {"owner": "11223344", "delegate": "12345678"}
INPUTS = {
    "owner": {"id": ACCOUNTS["owner"], "alias": "company-a"},
    "delegate": {"id": ACCOUNTS["delegate"], "alias": "company-b"},
    "roles": [{"name": "r", "systemPolicies": ["AliyunECSFullAccess"], "trust": {}}],
    "teams": [{"name": "t", "roles": ["r"]}],
    "operators": [{"name": "A", "teams": ["t"]}],
}
MADE = {"users": ["A"], "seconds": 3600, "tags": {}, "condition": None}
"""Resources made of these inputs, as far as the cases change them."""
_HERE = "<the value under test>"
OUTPUT = object()
"""In Python, stands for an Output; a YAML program writes `${known-later.arn}`."""

# The plugin, changed only to record each refusal instead of failing, so that one run of the engine serves many cases.
_RECORDER = """#!{python}
import json, sys
import pulumi
from pulumi.provider import main
from pulumi.provider.provider import ConstructResult
from pulumi_alicloud_delegation.plugin import Plugin

class Recorder(Plugin):
    def construct(self, name, resource_type, inputs, options=None):
        try:
            return super().construct(name, resource_type, inputs, options)
        except Exception as error:
            with open({notes!r}, "a") as file:
                file.write(json.dumps([name, type(error).__name__, str(error)]) + "\\n")
            return ConstructResult(pulumi.ComponentResource(resource_type, name + "-refused").urn, {{}})

main(Recorder(), sys.argv[1:])
"""


@dataclass(frozen=True)
class Case:
    """A value in a place of the inputs.

    Attributes:
        place: keys and positions with dots between them, `roles.0.name`.
        text: the value as YAML, in a stack file and in a YAML program.
        value: the same in Python.
    """

    place: str
    text: str
    value: object

    def inputs(self, value, accounts):
        """All inputs, with a value in the place."""
        found = copy.deepcopy(INPUTS)
        for side, more in accounts.items():
            found[side] |= more
        *path, last = (int(key) if key.isdigit() else key for key in self.place.split("."))
        holder = found
        for key in path:
            holder = holder[key] if isinstance(key, int) else holder.setdefault(key, {})
        holder[last] = value
        return found

    def yaml(self, indent, accounts):
        """All inputs in YAML, one key a line."""
        for key, value in self.inputs(_HERE, accounts).items():
            text = yaml.safe_dump(value, default_flow_style=True, width=10_000).removesuffix("\n...\n").strip()
            yield f"{indent}{key}: {text.replace(repr(_HERE), self.text).replace(_HERE, self.text)}"


def _summary(resources):
    """The part of `MADE` in resources, which are types and inputs."""
    roles = [inputs for kind, inputs in resources if kind.endswith(":Role")]
    [role] = roles
    [statement] = json.loads(role["assumeRolePolicyDocument"])["Statement"]
    return {
        "users": [inputs["name"] for kind, inputs in resources if kind.endswith(":User")],
        "seconds": int(role["maxSessionDuration"]),
        "tags": role.get("tags", {}),
        "condition": statement.get("Condition"),
    }


def _under_mocks(program, accounts, **more):
    try:
        runs = run_program(program, accounts=accounts, **more)
    except InvalidInputError as error:
        return str(error)
    return _summary([(one.type, one.inputs) for one in runs.update.registrations])


def by_class(case):
    """The answer of the class in Python."""

    def program():
        args = case.inputs(pulumi.Output.from_input("x") if case.value is OUTPUT else case.value, {})
        CrossAccountDelegation("d", args)

    return _under_mocks(program, {f"d/{side}": account for side, account in ACCOUNTS.items()})


def by_stack_file(house, cases):
    """The answers of the program, each to a configuration that the engine has read."""
    seen = {}
    stack = house.workspace.stack("doors", lambda: seen.update(runtime_config.CONFIG.get()))
    lines = [line for name, case in cases.items() for line in case.yaml(f"  {name}:", {})]
    (house.folder / "Pulumi.doors.yaml").write_text("\n".join(["config:", *lines, ""]), "utf-8")
    stack.preview()
    accounts = {f"delegation/{side}": account for side, account in ACCOUNTS.items()}
    return {
        name: _under_mocks(
            run, accounts, project=name, config={key: text for key, text in seen.items() if key.startswith(f"{name}:")}
        )
        for name in cases
    }


def by_yaml_program(house, cases):
    """The answers of the plugin, or those of the YAML host, where it does not pass the inputs on."""
    folder = house.folder / "yaml"
    folder.mkdir()
    notes = folder / "notes"
    plugin = folder / "bin" / "pulumi-resource-alicloud-delegation"
    plugin.parent.mkdir()
    plugin.write_text(_RECORDER.format(python=sys.executable, notes=str(notes)), "utf-8")
    plugin.chmod(0o755)
    environment = dict(house.workspace.environment)
    environment["PATH"] = os.pathsep.join([str(plugin.parent), environment["PATH"]])

    def call(*arguments):
        command = ["pulumi", "--non-interactive", "--color", "never", *arguments]
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
        return done.stdout, done.stdout + done.stderr

    def preview(names):
        notes.write_text("")
        text, lines = _yaml_program(house, {name: cases[name] for name in names})
        (folder / "Pulumi.yaml").write_text(text, "utf-8")
        told, shown = call("preview", "--json")
        return told, shown, lines

    (folder / "Pulumi.yaml").write_text("name: doors\nruntime: yaml\n", "utf-8")
    call("stack", "init", "doors")
    told, shown, lines = preview(cases)
    refused = {name for line in re.findall(r"on Pulumi.yaml line (\d+)", shown) if (name := lines.get(int(line)))}
    answers = dict.fromkeys(refused, "host")
    if refused:
        told, shown, _ = preview([name for name in cases if name not in refused])
    for line in notes.read_text().splitlines():
        name, kind, message = json.loads(line)
        answers[name] = message if kind == "InputPropertiesError" else f"{kind}: {message}"
    assert told.startswith("{"), shown
    steps = [(step["urn"].split("::")[-1], step["newState"]) for step in json.loads(told)["steps"]]
    for name in cases.keys() - answers.keys():
        mine = [(state["type"], state.get("inputs", {})) for urn, state in steps if urn.startswith(f"{name}/")]
        answers[name] = _summary(mine)
    return answers


def _yaml_program(house, cases):
    """A program with a resource for each case; and the case that each line of it belongs to."""
    settings = [f"{key}: {json.dumps(value)}" for key, value in _provider(house).items()]
    lines = ["name: doors", "runtime: yaml", "resources:", "  a:", "    type: pulumi:providers:alicloud"]
    lines += ["    properties:", *(f"      {setting}" for setting in settings)]
    lines += ["  known-later:", "    type: alicloud:ram:Role", "    options: {provider: '${a}'}"]
    trust = {"Version": "1", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"RAM": []}}]}
    lines += [f"    properties: {{roleName: later, assumeRolePolicyDocument: '{json.dumps(trust)}'}}"]
    owner = {}
    accounts = {
        side: {"accessKey": one.root_key.id, "endpoint": house.server.endpoint}
        for side, one in (("owner", house.a), ("delegate", house.b))
    }
    for name, case in cases.items():
        lines += [f"  {name}:", "    type: alicloud-delegation:CrossAccountDelegation", "    properties:"]
        for line in case.yaml("      ", accounts):
            lines.append(line)
            owner[len(lines)] = name
        lines += [f"      {key}: {json.dumps(secret)}" for key, secret in house.secrets.items()]
    return "\n".join([*lines, ""]), owner


def _provider(house):
    """Settings of A's provider, spelled as in YAML."""
    endpoint = house.server.endpoint
    return {
        "region": "cn-hangzhou", "accessKey": house.a.root_key.id, "secretKey": house.a.root_key.secret,
        "protocol": "HTTP", "accountType": "International", "skipRegionValidation": True,
        "endpoints": [{"ram": endpoint, "sts": endpoint, "ims": endpoint}],
    }  # fmt: skip

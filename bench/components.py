"""The bundle with 200 operators against the same resources written by hand, side by side in one run.

Same engine, same provider (the real one where it is installed, else the stand-in), same fake cloud over HTTP in a
process of its own. Each round deploys both to new accounts, in alternating order, so that neither always runs second.
The bundle registers its components on top of the same resources.

    python bench/components.py [--operators N] [--rounds N]

The last line is one JSON object: wall time of preview and up as ratios (bundle over hand-written, each by its fastest
round, since whatever else the machine does only makes a round slower), and milliseconds per registered resource under
mocks for both.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pulumi
import pulumi_alicloud as alicloud
from pulumi import automation
from pulumi_alicloud import ram

from alicloud_fakes.provider.workspace import Workspace, engine_environment
from pulumi_alicloud_delegation import CrossAccountDelegation
from pulumi_alicloud_delegation.testing import EchoMocks, run_program

ROOT = Path(__file__).resolve().parents[1]
OWNER, DELEGATE = "11223344", "12345678"
TRUST = f'{{"Statement":[{{"Action":"sts:AssumeRole","Effect":"Allow","Principal":{{"RAM":["acs:ram::{DELEGATE}:root"]}}}}],"Version":"1"}}'  # noqa: E501 - a document as one text
ASSUME = f'{{"Statement":[{{"Action":"sts:AssumeRole","Effect":"Allow","Resource":"acs:ram::{OWNER}:role/ecs-admin"}}],"Version":"1"}}'  # noqa: E501 - a document as one text
SIDES = {"owner": OWNER, "delegate": DELEGATE}
TEAMS = 4
MOCK_ROUNDS = 5


@dataclass(frozen=True)
class Fake:
    """A fake cloud that listens."""

    endpoint: str
    keys: dict[str, tuple[str, str]]


def bundle(fake: Fake, operators: int) -> None:
    """The delegation as the component makes it."""
    accounts = {
        side: {"id": account, "access_key": fake.keys[account][0], "endpoint": fake.endpoint}
        for side, account in SIDES.items()
    }
    delegation = CrossAccountDelegation(
        "delegation",
        {
            **accounts,
            "owner_secret_key": fake.keys[OWNER][1],
            "delegate_secret_key": fake.keys[DELEGATE][1],
            "roles": [{"name": "ecs-admin", "system_policies": ["AliyunECSFullAccess"]}],
            "teams": [{"name": f"team{n}", "roles": ["ecs-admin"]} for n in range(TEAMS)],
            "operators": [{"name": f"operator{n}", "teams": [f"team{n % TEAMS}"]} for n in range(operators)],
        },
    )
    pulumi.export("roleArns", delegation.role_arns)
    pulumi.export("firstPasswords", delegation.first_passwords)


def by_hand(fake: Fake, operators: int) -> None:
    """The resources that the component makes, written by hand as a program without it would."""
    providers = {
        side: alicloud.Provider(
            side,
            region="cn-hangzhou",
            access_key=fake.keys[account][0],
            secret_key=pulumi.Output.secret(fake.keys[account][1]),
            protocol="HTTP",
            account_type="International",
            skip_region_validation=True,
            endpoints=[{"ram": fake.endpoint, "sts": fake.endpoint, "ims": fake.endpoint}],
        )
        for side, account in SIDES.items()
    }
    for side, account in SIDES.items():
        found = alicloud.get_caller_identity(pulumi.InvokeOptions(provider=providers[side])).account_id
        assert found == account
    a = pulumi.ResourceOptions(provider=providers["owner"])
    b = pulumi.ResourceOptions(provider=providers["delegate"])
    role = ram.Role(
        "ecs-admin",
        role_name="ecs-admin",
        assume_role_policy_document=TRUST,
        max_session_duration=3600,
        force=True,
        opts=a,
    )
    ram.RolePolicyAttachment(
        "ecs-full", role_name=role.role_name, policy_name="AliyunECSFullAccess", policy_type="System", opts=a
    )
    groups = []
    for n in range(TEAMS):
        group = ram.Group(f"team{n}", group_name=f"team{n}", force=True, opts=b)
        policy = ram.Policy(f"team{n}", policy_name=f"team{n}-assume-role", policy_document=ASSUME, force=True, opts=b)
        ram.GroupPolicyAttachment(
            f"team{n}",
            group_name=group.group_name,
            policy_name=policy.policy_name,
            policy_type="Custom",
            opts=b,
        )
        groups.append(group)
    passwords = {}
    for n in range(operators):
        name = f"operator{n}"
        user = ram.User(name, name=name, display_name=name, force=True, opts=b)
        login = ram.LoginProfile(
            name,
            user_name=user.name,
            password=pulumi.Output.secret(f"First-Passw0rd-{n}"),
            password_reset_required=True,
            mfa_bind_required=True,
            opts=pulumi.ResourceOptions.merge(b, pulumi.ResourceOptions(additional_secret_outputs=["password"])),
        )
        ram.UserGroupAttachment(name, group_name=groups[n % TEAMS].group_name, user_name=user.name, opts=b)
        passwords[name] = login.password
    pulumi.export("roleArns", {"ecs-admin": role.arn})
    pulumi.export("firstPasswords", pulumi.Output.secret(pulumi.Output.all(**passwords)))


Program = Callable[[Fake, int], None]


@contextmanager
def fake_cloud(folder: Path) -> Iterator[Fake]:
    """A fake cloud in a process of its own, so that it does not share an interpreter with the program."""
    ready = folder / "fake.json"
    with (folder / "fake.log").open("w") as log:
        process = subprocess.Popen([sys.executable, __file__, "--serve", str(ready)], stdout=log, stderr=log)
        try:
            end = time.monotonic() + 60
            while not ready.exists():
                if process.poll() is not None or time.monotonic() > end:
                    raise SystemExit(f"the fake cloud did not start: {(folder / 'fake.log').read_text()}")
                time.sleep(0.02)
            found = json.loads(ready.read_text())
            yield Fake(found["endpoint"], {account: tuple(key) for account, key in found["keys"].items()})
        finally:
            process.terminate()
            process.wait()


def serve(ready: Path) -> None:
    """The fake cloud's process."""
    from alicloud_fakes.cloud.fake_cloud import Cloud  # noqa: PLC0415 - only this process needs it
    from alicloud_fakes.http.server import Server  # noqa: PLC0415 - only the runs with a server pay for it

    cloud = Cloud.of({OWNER: "company-a", DELEGATE: "company-b"})
    with Server(cloud) as server:
        keys = {key: [account.root_key.id, account.root_key.secret] for key, account in cloud.accounts.items()}
        draft = ready.with_suffix(".draft")
        draft.write_text(json.dumps({"endpoint": server.endpoint, "keys": keys}))
        draft.rename(ready)
        while True:
            time.sleep(3600)


def deploy(program: Program, operators: int, engine: automation.PulumiCommand) -> dict[str, float]:
    """Seconds that preview and up of one program take, in new accounts."""
    with tempfile.TemporaryDirectory() as name, fake_cloud(Path(name)) as fake:
        folder = Path(name) / "workspace"
        folder.mkdir()
        workspace = Workspace(folder, engine, engine_environment(folder), "bench")
        stack = workspace.stack("bench", lambda: program(fake, operators))
        took = {}
        for step in (stack.preview, stack.up):
            begin = time.perf_counter()
            step()
            took[step.__name__] = time.perf_counter() - begin
        return took


def under_mocks(program: Program, operators: int) -> float:
    """Milliseconds for each resource that a program registers, preview and update together."""
    fake = Fake("127.0.0.1:1", {OWNER: ("key", "secret"), DELEGATE: ("key", "secret")})
    accounts = {prefix + side: account for side, account in SIDES.items() for prefix in ("", "delegation/")}
    times = []
    for _ in range(MOCK_ROUNDS):
        begin = time.perf_counter()
        runs = run_program(lambda: program(fake, operators), mocks=lambda preview: EchoMocks(accounts, preview=preview))
        seconds = time.perf_counter() - begin
        times.append(1000 * seconds / (len(runs.preview) + len(runs.update)))
    return min(times)


def find_engine() -> automation.PulumiCommand:
    """The Pulumi engine, put on PATH where it is not."""
    command = [sys.executable, ROOT / "tools" / "engine.py", "--sources", "path,cache"]
    found = subprocess.run(command, check=True, capture_output=True, text=True)
    os.environ["PATH"] = os.pathsep.join([found.stdout.strip(), os.environ["PATH"]])
    return automation.PulumiCommand()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--operators", type=int, default=200)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.serve:
        serve(given.serve)
    programs: dict[str, Program] = {"by hand": by_hand, "bundle": bundle}
    mock = {name: under_mocks(program, given.operators) for name, program in programs.items()}
    print(f"under mocks, ms per registered resource: {mock}")
    engine = find_engine()
    took: dict[str, list[dict[str, float]]] = {name: [] for name in programs}
    for number in range(given.rounds):
        turns = list(programs.items())
        for name, program in turns if number % 2 == 0 else turns[::-1]:
            took[name].append(deploy(program, given.operators, engine))
            print(f"round {number + 1}, {name}: {took[name][-1]}", flush=True)
    best = {(name, step): min(one[step] for one in took[name]) for name in programs for step in ("preview", "up")}
    print(
        json.dumps(
            {
                "preview_ratio": round(best["bundle", "preview"] / best["by hand", "preview"], 3),
                "up_ratio": round(best["bundle", "up"] / best["by hand", "up"], 3),
                "mock_ms_per_resource": round(mock["bundle"], 3),
                "mock_ms_per_bare_resource": round(mock["by hand"], 3),
            }
        )
    )


if __name__ == "__main__":
    main()

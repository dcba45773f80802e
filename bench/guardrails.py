"""The preview of a stack of 1,000 resources about access, with the policy pack and without it, side by side in one run.

Same engine, same provider (the stand-in where the real one is not installed), same program: roles with policies and
attachments in one account, groups, users, logins and memberships in another. Each round previews both, in turns. The
time inside the pack is measured by asking it for the same resources as the engine does.

    python bench/guardrails.py [--resources N] [--rounds N] [--floor]

With `--floor` a third preview runs a pack of one policy that does nothing, served by pulumi-policy. It shows what any
pack in Python costs: the start of a process, and two calls for each resource. The last line is one JSON object: wall
time of the preview with the pack over that without it, each by its fastest round, and the seconds that the pack itself
takes.
"""

from __future__ import annotations

import argparse
import json
import shlex
import sys
import tempfile
import time
from pathlib import Path

import pulumi
from components import DELEGATE, OWNER, TRUST, Fake, fake_cloud, find_engine
from pulumi_alicloud import Provider, ram

from alicloud_fakes.provider.workspace import Workspace, engine_environment
from ram_guardrails_pack.executable import pack_executable
from ram_guardrails_pack.testing import RunningPack, attach, group, login, member, policy, provider, role, user
from ram_policies.build import allow, document
from ram_policies.stack.facts import ResourceFacts

NOTHING = """
from pulumi_policy import PolicyPack, ResourceValidationPolicy
PolicyPack("nothing", [ResourceValidationPolicy("nothing", "Does nothing", lambda args, report: None)])
"""
SCOPED = document(allow(["ecs:Describe*", "ecs:StartInstance"]))
QUIET = {"access-report": {"before": ""}}


def program(fake: Fake, resources: int) -> None:
    """Half of the resources in the owner's account (four for each role), half in the delegate's (three a user)."""
    settings = {
        side: Provider(
            side,
            region="cn-hangzhou",
            account_id=account,
            access_key=fake.keys[account][0],
            secret_key=pulumi.Output.secret(fake.keys[account][1]),
            protocol="HTTP",
            account_type="International",
            skip_region_validation=True,
            endpoints=[{"ram": fake.endpoint, "sts": fake.endpoint, "ims": fake.endpoint}],
        )
        for side, account in {"owner": OWNER, "delegate": DELEGATE}.items()
    }
    a = pulumi.ResourceOptions(provider=settings["owner"])
    b = pulumi.ResourceOptions(provider=settings["delegate"])
    for n in range(resources // 8):
        made = ram.Role(f"r{n}", role_name=f"r{n}", assume_role_policy_document=TRUST, opts=a)
        own = ram.Policy(f"p{n}", policy_name=f"p{n}", policy_document=SCOPED.to_json(), opts=a)
        ram.RolePolicyAttachment(
            f"own{n}", role_name=made.role_name, policy_name=own.policy_name, policy_type="Custom", opts=a
        )
        ram.RolePolicyAttachment(
            f"read{n}", role_name=made.role_name, policy_name="AliyunECSReadOnlyAccess", policy_type="System", opts=a
        )
    team = ram.Group("team", group_name="team", opts=b)
    for n in range(resources // 6):
        person = ram.User(f"u{n}", name=f"u{n}", opts=b)
        ram.LoginProfile(
            f"u{n}", user_name=person.name, password=pulumi.Output.secret("x"), mfa_bind_required=True, opts=b
        )
        ram.UserGroupAttachment(f"u{n}", group_name=team.group_name, user_name=person.name, opts=b)


def facts(resources: int) -> list[ResourceFacts]:
    """The facts of the stack that the program makes, so that the pack can judge them without an engine."""
    a, b = provider(OWNER), provider(DELEGATE)
    found: list[ResourceFacts] = []
    for n in range(resources // 8):
        made, own = role(f"r{n}", TRUST, a), policy(f"p{n}", SCOPED, a)
        found += [made, own, attach(made, own), attach(made, "AliyunECSReadOnlyAccess")]
    team = group("team", b)
    found.append(team)
    for n in range(resources // 6):
        person = user(f"u{n}", b)
        found += [person, login(person, mfa=True), member(team, person)]
    return found


def pack_that_does_nothing(folder: Path) -> Path:
    """Executable of a pack with one policy that does nothing."""
    folder.mkdir()
    script, executable = folder / "nothing.py", folder / "pulumi-analyzer-nothing"
    script.write_text(NOTHING)
    executable.write_text(f'#!/bin/sh\nexec {shlex.join([sys.executable, "-u", str(script)])} "$@"\n')
    executable.chmod(0o755)
    return executable


def in_pack(folder: Path, resources: int) -> float:
    """Seconds that a running pack takes to judge each resource, and then the stack."""
    with RunningPack([pack_executable(folder)]) as pack:
        pack.configure(QUIET)
        asked = facts(resources)
        begin = time.perf_counter()
        pack.preview(*asked)
        return time.perf_counter() - begin


def preview(resources: int, engine: object, packs: dict[str, object], fake: Fake, folder: Path) -> float:
    """Seconds that a preview takes."""
    folder.mkdir()
    stack = Workspace(folder, engine, engine_environment(folder), "bench").stack(
        "bench", lambda: program(fake, resources)
    )
    begin = time.perf_counter()
    # All findings are advisory here: a preview that is stopped would be shorter.
    stack.preview(**packs)
    return time.perf_counter() - begin


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--resources", type=int, default=1000)
    options.add_argument("--rounds", type=int, default=2)
    options.add_argument("--floor", action="store_true", help="also with a pack that does nothing")
    given = options.parse_args()
    engine = find_engine()
    with tempfile.TemporaryDirectory() as name, fake_cloud(Path(name)) as fake:
        folder = Path(name)
        config = folder / "config.json"
        config.write_text(json.dumps({"all": "advisory", **QUIET}))
        executable = str(pack_executable(folder / "pack"))
        kinds = {"bare": {}, "pack": {"policy_packs": [executable], "policy_pack_configs": [str(config)]}}
        if given.floor:
            kinds["floor"] = {"policy_packs": [str(pack_that_does_nothing(folder / "nothing"))]}
        took: dict[str, list[float]] = {kind: [] for kind in kinds}
        for number in range(given.rounds):
            turns = list(kinds.items())
            for kind, packs in turns if number % 2 == 0 else turns[::-1]:
                place = folder / f"{kind}{number}"
                took[kind].append(preview(given.resources, engine, packs, fake, place))
                print(f"round {number + 1}, {kind}: {took[kind][-1]:.2f} s", flush=True)
        inside = min(in_pack(folder / "alone", given.resources) for _ in range(given.rounds))
    ratio = min(took["pack"]) / min(took["bare"])
    if given.floor:
        print(f"with a pack that does nothing: {min(took['floor']) / min(took['bare']):.3f} times the time without one")
    print(json.dumps({"preview_ratio": round(ratio, 3), "seconds_in_pack": round(inside, 2)}))


if __name__ == "__main__":
    main()

"""Every `access` command of docs/contract.md, in order, with the files that the page mentions."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pulumi
import pytest
import yaml

from alicloud_fakes import Cloud
from alicloud_fakes.http import Server
from pulumi_alicloud_delegation import CrossAccountDelegation
from pulumi_alicloud_delegation.handover import (
    Agreement,
    acceptance_of,
    party_of,
    read_acceptance,
    read_offer,
    roles_from_offer,
    to_plain,
)
from pulumi_alicloud_delegation.plan.delegation import roles_plan
from pulumi_alicloud_delegation.plan.provider_setup import account_plan
from pulumi_alicloud_delegation.specs import AccountSpec
from pulumi_alicloud_delegation.testing import Runs

PAGE = Path(__file__).resolve().parents[4] / "docs" / "contract.md"
COMMANDS = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("access ")]
NIGHT = {
    "name": "night", "systemPolicies": ["AliyunECSFullAccess"], "tier": "on-request", "reason": "Incidents",
    "ticket": "CHG-1", "trust": {"externalId": "c-1", "notAfter": "2099-12-31T00:00:00Z"},
}  # fmt: skip
CONFIG = {
    "side": "delegate",
    "owner": {"id": "11223344", "alias": "company-a"},
    "delegate": {"id": "12345678", "alias": "company-b"},
    "never": ["bss:*"],
    "contract": {"name": "c-1", "longestOpening": "4h"},
    "roles": [{"name": "ops", "systemPolicies": ["AliyunECSReadOnlyAccess"]}, NIGHT],
    "teams": [{"name": "agents", "roles": ["ops", "night"]}],
    "operators": [{"name": "agent", "kind": "application", "teams": ["agents"]}],
}


def _stack_of_the_owner(answer: Path) -> dict[str, Any]:
    """Output of A's stack once it has deployed an answer."""
    offer = read_offer(answer)
    owner, delegate = (account_plan(AccountSpec(id=i), "account") for i in ("11223344", "12345678"))
    roles = roles_plan(offer.roles, owner.id, delegate.id, "active", offer.contract, offer.never)
    agreement = Agreement(offer.contract, offer.never, offer.answers)
    return {"acceptance": to_plain(acceptance_of(owner, party_of(delegate), roles, agreement))}


def test_the_page_has_the_whole_life() -> None:
    verbs = {" ".join(command.split()[1:3]) for command in COMMANDS}
    assert {"offer write", "offer review", "offer narrow", "acceptance write", "acceptance verify"} < verbs


@pytest.fixture
def deployed(
    pulumi_program: Callable[..., Runs], accounts: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[], str]]:
    """Deploy the answer and B's people on a fake, store the agent's keys in a CLI profile; return the endpoint."""
    with ExitStack() as stack:

        def deploy() -> str:
            cloud = Cloud.of({"11223344": "company-a", "12345678": "company-b"})
            args = {key: value for key, value in CONFIG.items() if key in {"owner", "delegate", "operators"}}
            args |= {
                "roles": roles_from_offer(read_offer("answer.json")),
                "teams": [{"name": "agents", "roles": ["ops"]}],
            }

            def program() -> None:
                made = CrossAccountDelegation("delegation", args)  # type: ignore[arg-type] # as YAML has it
                pulumi.export("keys", made.access_keys)

            run = pulumi_program(program, accounts=accounts, cloud=cloud).update
            [key] = run.outputs["keys"]["agent"].values()  # type: ignore[index] # by user name and label
            profile = {"name": "agent", "mode": "AK", "access_key_id": key["id"], "access_key_secret": key["secret"]}
            (tmp_path / ".aliyun").mkdir()
            (tmp_path / ".aliyun" / "config.json").write_text(json.dumps({"profiles": [profile]}), "utf-8")
            monkeypatch.setenv("HOME", str(tmp_path))
            return stack.enter_context(Server(cloud)).endpoint

        yield deploy


def test_every_command_of_the_page_does_what_it_says(
    access: Callable[..., Any], deployed: Callable[[], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    stack = {"config": {f"alicloud-delegation:{key}": value for key, value in CONFIG.items()}}
    Path("Pulumi.b.yaml").write_text(yaml.safe_dump(stack, sort_keys=False), "utf-8")
    Path("a.json").write_text(json.dumps({"deployment": {"resources": []}}), "utf-8")
    said: dict[str, str] = {}
    for command in COMMANDS:
        words = shlex.split(command)[1:]
        if words[:2] == ["acceptance", "write"]:
            Path("stack.json").write_text(json.dumps(_stack_of_the_owner(Path("answer.json"))), "utf-8")
        if words[0] == "try":
            words += ["--endpoint", deployed()]
        made = access(*words)
        expected = 1 if words[:2] == ["acceptance", "verify"] else 0  # A left something out
        assert made.exit_code == expected, f"{command}: {made.output}"
        said[" ".join(words[:2])] = made.output
        if words[:2] == ["acceptance", "write"]:
            Path("another.json").write_bytes(Path("acceptance.json").read_bytes())
    assert "bss:*: proved for every role" in said["offer review"]
    assert "night: left out" in said["offer narrow"]
    assert "night: was not granted" in said["acceptance verify"]
    assert "aliyun sts AssumeRole" in said["first-day agent"]
    assert "Role ops: allowed, as acs:ram::11223344:role/ops/agent" in said["try acceptance.json"]
    assert "allowed  ecs:DescribeInstances" in said["try acceptance.json"]
    assert read_acceptance("acceptance.json").offer == read_offer("offer.json").digest
    after = yaml.safe_load(Path("Pulumi.b.yaml").read_text("utf-8"))["config"]
    assert after["alicloud-delegation:openings"]
    assert after["alicloud-delegation:roles"][1]["trust"]["previousExternalId"] == "c-1"

"""Every `access` command of docs/contract.md, in its order, with the files that the page speaks of."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from pulumi_alicloud_delegation.handover import (
    Agreement,
    acceptance_of,
    party_of,
    read_acceptance,
    read_offer,
    to_plain,
)
from pulumi_alicloud_delegation.plan.account import account_plan
from pulumi_alicloud_delegation.plan.delegation import roles_plan
from pulumi_alicloud_delegation.specs import AccountSpec

PAGE = Path(__file__).resolve().parents[4] / "docs" / "contract.md"
COMMANDS = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("access ")]
NIGHT = {
    "name": "night", "systemPolicies": ["AliyunECSFullAccess"], "tier": "on-request", "reason": "Incidents",
    "ticket": "CHG-1", "trust": {"externalId": "c-1"},
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


def test_every_command_of_the_page_does_what_it_says(
    access: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
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
        made = access(*words)
        expected = 1 if words[:2] == ["acceptance", "verify"] else 0  # A left something out
        assert made.exit_code == expected, f"{command}: {made.output}"
        said[" ".join(words[:2])] = made.output
        if words[:2] == ["acceptance", "write"]:
            Path("another.json").write_bytes(Path("acceptance.json").read_bytes())
    assert "bss:*: proved for every role" in said["offer review"]
    assert "night: left out" in said["offer narrow"]
    assert "night: was not granted" in said["acceptance verify"]
    assert read_acceptance("acceptance.json").offer == read_offer("offer.json").digest
    after = yaml.safe_load(Path("Pulumi.b.yaml").read_text("utf-8"))["config"]
    assert after["alicloud-delegation:openings"]
    assert after["alicloud-delegation:roles"][1]["trust"]["previousExternalId"] == "c-1"

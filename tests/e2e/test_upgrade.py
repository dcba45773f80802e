"""Stacks that an earlier release deployed: this release takes them over without changing their resources.

A recording is what a release left behind: the configuration, and the exported state with its secrets encrypted (the
passphrase is that of the fake cloud's workspaces). Stack traces and dates are taken out, nothing else.
"""

import json
from pathlib import Path

import pytest
import yaml
from pulumi import automation

from pulumi_alicloud_delegation.testing.stacks import with_endpoint

pytestmark = [pytest.mark.e2e, pytest.mark.life]

RECORDINGS = sorted(Path(__file__).parent.joinpath("releases").glob("*/*.json"))
PROJECT = "alicloud-delegation"


@pytest.fixture
def taken_over(house):
    """A stack of today's program with the state that a release left behind."""

    def make(recording):
        keys = {"owner": house.a.root_key.id, "delegate": house.b.root_key.id}
        stack = house.delegation(with_endpoint(recording["config"], house.server.endpoint, keys, PROJECT))
        file = house.folder / "Pulumi.dev.yaml"
        settings = yaml.safe_load(file.read_text("utf-8"))
        file.write_text(yaml.safe_dump({**settings, "encryptionsalt": recording["encryptionsalt"]}), "utf-8")
        stack.import_stack(automation.Deployment(**recording["state"]))
        stack.set_all_config({k: automation.ConfigValue(v, secret=True) for k, v in house.secrets.items()})
        return stack

    return make


@pytest.mark.parametrize("file", RECORDINGS, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_a_stack_of_an_earlier_release_is_taken_over_without_replacing_anything(taken_over, file):
    steps = {}

    def remember(event):
        if event.resource_pre_event:
            step = event.resource_pre_event.metadata
            was = step.old.urn if step.old and step.old.urn else step.urn  # a resource that was given another name
            steps[was] = str(getattr(step.op, "value", step.op))

    taken_over(json.loads(file.read_text("utf-8"))).preview(on_event=remember)
    recorded = {r["urn"] for r in json.loads(file.read_text("utf-8"))["state"]["deployment"]["resources"]}
    assert recorded <= set(steps)
    providers = {urn for urn in steps if "pulumi:providers:" in urn}  # the fake listens on another port each time
    changed = {urn: op for urn, op in steps.items() if op != "same" and urn not in providers}
    # Since 0.1.0, a suspended role has an explicit Deny: the only thing that is added.
    deny = {urn for urn in steps if urn.endswith("-suspended")}
    assert bool(deny) is (file.stem == "suspended")
    assert changed == dict.fromkeys(deny, "create")

"""Changes made again, in order, make the same cloud: IDs, secrets, dates and all."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from alicloud_fakes import Cloud
from alicloud_fakes.cloud import snapshot
from alicloud_fakes.pipeline.journal import StateChange

CASES = json.loads((Path(__file__).parents[1] / "services" / "ram" / "cases.json").read_text("utf-8"))
TEXTS = {
    "<trust>": '{"Statement":[{"Action":"sts:AssumeRole","Effect":"Allow","Principal":'
    '{"RAM":["acs:ram::12345678:root"]}}],"Version":"1"}',
    "<policy>": '{"Version":"1","Statement":[{"Effect":"Allow","Action":"ecs:*","Resource":"*"}]}',
}
ACCOUNTS = {"11223344": "company-a", "12345678": "company-b"}


def picture(cloud: Cloud) -> Any:
    # When keys were last used is not a change that a request asks for, and a system policy that nobody has is not a
    # state.
    for key in cloud.keys.values():
        key.last_used = key.last_service = ""
    for account in cloud.accounts.values():
        account.ram.system = {name: policy for name, policy in account.ram.system.items() if policy.grants}
        account.states = {name: state for name, state in account.states.items() if name == "ram"}
    return snapshot.take(cloud)["state"]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_replayed_calls_give_the_same_state(v1_for: Any, signing: Any, case: dict[str, Any]) -> None:
    cloud = Cloud.of(ACCOUNTS, seed="s")
    changes: list[StateChange] = []
    cloud.journal.listeners.append(changes.append)
    call = signing(cloud)
    for action, parameters, *_ in case["steps"]:
        given = {name: TEXTS.get(value, value) for name, value in parameters.items()}
        given = {
            name: "x" * int(value[1:-1]) if re.fullmatch(r"<\d+>", value) else value for name, value in given.items()
        }
        call(Action=action, **given)
        cloud.clock.advance(61)
    assert changes
    again = Cloud.of(ACCOUNTS, seed="s")
    for account_id, account in cloud.accounts.items():
        # The accounts themselves were made in code, at another moment.
        again.accounts[account_id].root_key.created = account.root_key.created
    for change in changes:
        again.replay(change)
    assert picture(again) == picture(cloud)
    assert again.entropy.position == cloud.entropy.position

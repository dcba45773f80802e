"""Any calls in any order: a cloud restored from the file of state is the same cloud.

The calls are those of the tours in ../coverage, which call every action of every RPC product; some are left out, so
that others fail, and so that something is left: the tours tidy up behind them.
"""

from __future__ import annotations

import contextlib
import json
import random
from pathlib import Path
from typing import Any

from darabonba.exceptions import DaraException
from hypothesis import example, given, settings
from hypothesis import strategies as st

from alicloud_fakes import Cloud, mock_alicloud
from alicloud_fakes.cloud import snapshot
from alicloud_fakes.cloud.file import StateFile
from alicloud_fakes.cloud.records import RecordKind, decode_records
from alicloud_fakes.core.clock import Clock
from alicloud_fakes.identity import totp
from alicloud_fakes.services import services

TOURS = Path(__file__).parents[1] / "coverage" / "tours"
STEPS = [
    (step.get("service", path.stem), step)
    for path in sorted(TOURS.glob("*.json"))
    for step in json.loads(path.read_text())
]
ACCOUNTS = {"11223344": "company-a", "12345678": "company-b"}


class Restless(Clock):
    """A clock that advances at each reading, so that code which reads it twice for one change stores two times."""

    def time(self) -> float:
        if self._frozen is None:
            self._offset += 0.4
        return super().time()


def furnished() -> Cloud:
    cloud = Cloud.of(ACCOUNTS)
    cloud.clock = Restless()
    account = cloud.account("company-a")
    account.ecs.run("web")
    account.slb.create("front", tags={"k": "v"})
    account.rds.create("orders", tags={"k": "v"})
    return cloud


def picture(cloud: Cloud) -> Any:
    """The state, without what reading leaves behind."""
    for key in cloud.keys.values():
        key.last_used = key.last_service = ""
    for account in cloud.accounts.values():
        for service in services():
            account.state(service)
        account.states = dict(sorted(account.states.items()))
        held = {name: policy for name, policy in account.ram.system.items() if policy.grants}
        account.ram.system = dict(sorted(held.items()))
    return snapshot.take(cloud)["state"]


class Walk:
    """Calls the steps of tours, with `$name` in them filled in from earlier answers where there was one."""

    def __init__(self, cloud: Cloud, call: Any) -> None:
        self.cloud, self.call = cloud, call
        self.kept: dict[str, str] = {}

    def filled(self, text: str) -> str:
        if "$code" in text and "seed" in self.kept:
            step = int(self.cloud.clock.time()) // totp.STEP
            text = text.replace("$code1", totp.code(self.kept["seed"], step - 1))
            text = text.replace("$code2", totp.code(self.kept["seed"], step))
        for name, value in self.kept.items():
            text = text.replace(f"${name}", value)
        return text

    def step(self, service: str, step: dict[str, Any]) -> None:
        product = services()[service]
        parameters = {name: self.filled(value) for name, value in step.get("parameters", {}).items()}
        body = self.call(
            self.cloud.account("company-a").root_key, product.name, product.version, step["action"], **parameters
        )
        for name, path in step.get("keep", {}).items():
            value: Any = body
            for part in path.split("."):
                value = value[int(part)] if part.isdigit() else value[part]
            self.kept[name] = value


@example(
    seed=672, left_out=0.3
)  # user and group are left out at the start, and nearly every step after that is refused
@settings(max_examples=max(6, settings.default.max_examples // 20) if settings.default else 6)
@given(st.integers(0, 2**32), st.sampled_from([0.3, 0.1, 0.0]))
def test_a_written_state_file_reads_back_equal(
    make_door: Any, tmp_path_factory: Any, seed: int, left_out: float
) -> None:
    chance = random.Random(seed)
    path = tmp_path_factory.mktemp("state") / "state"
    with mock_alicloud(cloud=furnished()) as cloud:
        file = StateFile(cloud, path)
        file.open()
        changes: list[object] = []
        cloud.journal.listeners.append(changes.append)
        walk = Walk(cloud, make_door(cloud).call)
        for service, step in STEPS:
            if chance.random() >= left_out:
                with contextlib.suppress(DaraException, LookupError):
                    walk.step(service, step)
            cloud.clock.advance(chance.choice([0, 0, 1.5, 61]))
        file.close()
    # How much there is to write down depends on what was left out.
    assert left_out or len(changes) > len(STEPS) / 5
    records, _ = decode_records(path.read_bytes())
    assert [record.kind for record in records].count(RecordKind.CHANGE) == len(changes)
    again = Cloud()
    other = StateFile(again, path)
    other.open()
    other.close()
    assert picture(again) == picture(cloud)

"""Every answer of the fake is one that the official SDK's model reads and writes again without loss.

A tour calls every action of a product once or more: a table of calls, in which ``$name`` is what an earlier answer
gave.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from alicloud_fakes import Cloud, mock_alicloud
from alicloud_fakes.coverage import sdk
from alicloud_fakes.identity import totp
from alicloud_fakes.services import services

FOLDER = Path(__file__).parent / "tours"
TOURS = {path.stem: json.loads(path.read_text()) for path in sorted(FOLDER.glob("*.json"))}
# Their tokens are signed by an identity provider; the tests of STS make some.
ELSEWHERE = {"sts": {"AssumeRoleWithSAML", "AssumeRoleWithOIDC"}}


class Tour:
    """One walk through a product."""

    def __init__(self, cloud: Cloud, call: Any) -> None:
        self.cloud = cloud
        self.call = call
        self.kept: dict[str, str] = {}

    def caller(self, step: dict[str, Any]) -> Any:
        if "by" in step:
            return type("Key", (), {"id": self.kept["id"], "secret": self.kept["secret"]})
        return self.cloud.account("11223344").root_key

    def filled(self, text: str) -> str:
        if "$code" in text:
            now = int(self.cloud.clock.time() // 30)
            text = text.replace("$code1", totp.code(self.kept["seed"], now - 1))
            text = text.replace("$code2", totp.code(self.kept["seed"], now))
        for name, value in self.kept.items():
            text = text.replace(f"${name}", value)
        return text

    def keep(self, step: dict[str, Any], body: dict[str, Any]) -> None:
        for name, path in step.get("keep", {}).items():
            value: Any = body
            for part in path.split("."):
                value = value[int(part)] if part.isdigit() else value[part]
            self.kept[name] = value

    def step(self, service: str, step: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        product = services()[step.get("service", service)]
        parameters = {name: self.filled(value) for name, value in step.get("parameters", {}).items()}
        try:
            body = self.call(self.caller(step), product.name, product.version, step["action"], **parameters)
        except Exception as error:
            if not step.get("denied"):
                raise
            body = error.data
        self.keep(step, body)
        return product.name, body


@pytest.mark.parametrize("service", TOURS)
def test_answers_go_through_the_models_whole(service: str, make_door: Any) -> None:
    if not sdk.installed(sdk.PACKAGES[service]):
        pytest.skip(f"the official SDK {sdk.PACKAGES[service]} is not installed")
    with mock_alicloud({"11223344": "company-a"}) as cloud:
        account = cloud.account("11223344")
        account.ecs.run("web")
        account.slb.create("front", tags={"k": "v"})
        account.rds.create("orders", tags={"k": "v"})
        account.rds.create("users")
        tour = Tour(cloud, make_door(cloud).call)
        for step in TOURS[service]:
            name, body = tour.step(service, step)
            if step.get("denied"):
                continue
            model = getattr(sdk.models(sdk.PACKAGES[name]), f"{step['action']}ResponseBody")
            assert model().from_map(body).to_map() == body, step["action"]


@pytest.mark.parametrize("service", TOURS)
def test_a_tour_leaves_no_action_out(service: str) -> None:
    called = {step["action"] for step in TOURS[service] if step.get("service", service) == service}
    assert services()[service].actions.keys() - called == ELSEWHERE.get(service, set())

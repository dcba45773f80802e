"""The program of the delegate refuses an acceptance that is older than the one it works with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from pulumi_alicloud_delegation.handover import Acceptance, acceptance_of, party_of, to_plain, write_handover
from pulumi_alicloud_delegation.handover.files import sealed
from pulumi_alicloud_delegation.plan.account import account_plan
from pulumi_alicloud_delegation.plan.delegation import roles_plan
from pulumi_alicloud_delegation.program import run
from pulumi_alicloud_delegation.specs import AccountSpec, RoleSpec
from pulumi_alicloud_delegation.testing import Runs
from ram_policies import InvalidInputError

MARCH, APRIL = "2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z"
STACK = "organization/alicloud-delegation/test"
Deploy = Callable[[Acceptance, Mapping[str, object]], Runs]


def _acceptance(issued: str | None, **update: Any) -> Acceptance:
    owner, delegate = (account_plan(AccountSpec(id=i), "account") for i in ("11223344", "12345678"))
    roles = roles_plan(
        [RoleSpec(name="ops", system_policies=("AliyunECSReadOnlyAccess",))], owner.id, "12345678", "active"
    )
    made = acceptance_of(owner, party_of(delegate), roles)
    return sealed(made.model_copy(update={"issued": issued, **update}))


@pytest.fixture
def deploy(pulumi_program: Callable[..., Runs], accounts: dict[str, str], tmp_path: Path) -> Deploy:
    def start(acceptance: Acceptance, outputs: Mapping[str, object]) -> Runs:
        path = tmp_path / "acceptance.json"
        write_handover(path, acceptance)
        config = {
            "side": "delegate", "owner": {"id": "11223344"}, "delegate": {"id": "12345678"}, "acceptance": str(path),
            "teams": [{"name": "agents", "roles": ["ops"]}],
        }  # fmt: skip
        return pulumi_program(
            run, config=config, project="alicloud-delegation", accounts=accounts, stacks={STACK: outputs}
        )

    return start


def _as_the_engine_gives_it(value: Any) -> Any:
    """Every number as a float."""
    if isinstance(value, dict):
        return {key: _as_the_engine_gives_it(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_as_the_engine_gives_it(one) for one in value]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


@pytest.mark.parametrize(
    ("deployed", "given", "field"),
    [
        (_acceptance(APRIL), _acceptance(MARCH), "acceptance.issued"),
        (_acceptance(APRIL), _acceptance(None), "acceptance.issued"),
        (_acceptance(MARCH, state="terminated"), _acceptance(APRIL), "acceptance.state"),
    ],
)
def test_an_older_acceptance_than_the_deployed_one_is_refused(
    deployed: Acceptance, given: Acceptance, field: str, deploy: Deploy
) -> None:
    with pytest.raises(InvalidInputError) as caught:
        deploy(given, {"acceptance": _as_the_engine_gives_it(to_plain(deployed))})
    assert caught.value.field == field


@pytest.mark.parametrize(
    "outputs",
    [
        {},
        {"acceptance": _as_the_engine_gives_it(to_plain(_acceptance(MARCH)))},
        {"acceptance": to_plain(_acceptance(APRIL))},
        {"acceptance": {"kind": "alicloud-delegation/acceptance", "version": 99}},
        {"acceptance": "relinquished"},
    ],
    ids=["first update", "older", "the same", "another format", "something else"],
)
def test_the_same_or_a_later_one_is_deployed(outputs: Mapping[str, object], deploy: Deploy) -> None:
    deploy(_acceptance(APRIL), outputs).each(lambda seen: seen.one("Group"))

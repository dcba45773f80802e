"""Programs compare files with what is deployed: older acceptances, and a rotation during the overlap of another one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pulumi_alicloud_delegation.handover import Acceptance, Party, acceptance_of, party_of, to_plain, write_handover
from pulumi_alicloud_delegation.handover.files import sealed
from pulumi_alicloud_delegation.handover.verifying import check_rotation
from pulumi_alicloud_delegation.plan.delegation import roles_plan
from pulumi_alicloud_delegation.plan.provider_setup import account_plan
from pulumi_alicloud_delegation.plan.role import RolePlan
from pulumi_alicloud_delegation.program import run
from pulumi_alicloud_delegation.specs import AccountSpec, RoleSpec, TrustSpec
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
    """A copy in which every number is a float."""
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
def test_an_equal_or_later_offer_is_deployed(outputs: Mapping[str, object], deploy: Deploy) -> None:
    deploy(_acceptance(APRIL), outputs).each(lambda seen: seen.one("Group"))


def _rotating(external_id: str, **more: str) -> tuple[RolePlan, ...]:
    trust = TrustSpec.model_validate({"external_id": external_id, **more})
    role = RoleSpec(name="ops", system_policies=("AliyunECSReadOnlyAccess",), trust=trust)
    return roles_plan([role], "11223344", "12345678", "active")


UNTIL = {"previous_external_id_until": MARCH}
BEFORE, AFTER = datetime(2026, 2, 1, tzinfo=UTC), datetime(2026, 3, 2, tzinfo=UTC)
SECOND = _rotating("third", previous_external_id="second", previous_external_id_until=APRIL)


def _deployed_rotation() -> Acceptance:
    owner = account_plan(AccountSpec(id="11223344"), "owner")
    roles = _rotating("second", previous_external_id="first", **UNTIL)
    return acceptance_of(owner, Party(id="12345678"), roles)


def test_an_external_id_that_is_rotated_twice_within_the_overlap_is_refused() -> None:
    with pytest.raises(InvalidInputError) as caught:
        check_rotation(SECOND, _deployed_rotation(), BEFORE)
    assert (caught.value.field, "\n" in str(caught.value)) == ("roles[0].trust.external_id", False)
    assert f"comes while 'first' is accepted until {MARCH}" in str(caught.value)


@pytest.mark.parametrize(
    ("roles", "now"),
    [
        (SECOND, AFTER),
        (_rotating("second", previous_external_id="first", **UNTIL), BEFORE),
        (_rotating("second"), BEFORE),
        (_rotating("third", previous_external_id="first", **UNTIL), BEFORE),
    ],
    ids=["after the overlap", "nothing changed", "the overlap is ended", "the first goes on beside the third"],
)
def test_a_rotation_that_shuts_nobody_out_early_is_taken(roles: tuple[RolePlan, ...], now: datetime) -> None:
    check_rotation(roles, _deployed_rotation(), now)
    assert check_rotation(SECOND, _acceptance(MARCH), BEFORE) is None, "a role that was not rotated"


def test_the_owners_program_compares_the_rotation_with_what_is_deployed(
    pulumi_program: Callable[..., Runs], accounts: dict[str, str]
) -> None:
    until = (datetime.now(UTC) + timedelta(days=7)).isoformat()
    deployed = acceptance_of(
        account_plan(AccountSpec(id="11223344"), "owner"),
        Party(id="12345678"),
        _rotating("second", previous_external_id="first", previous_external_id_until=until),
    )
    trust = {"externalId": "third", "previousExternalId": "second", "previousExternalIdUntil": until}
    config = {
        "side": "owner", "owner": {"id": "11223344"}, "delegate": {"id": "12345678"},
        "roles": [{"name": "ops", "systemPolicies": ["AliyunECSReadOnlyAccess"], "trust": trust}],
    }  # fmt: skip
    with pytest.raises(InvalidInputError, match="rotation-running"):
        pulumi_program(
            run, accounts=accounts, config=config, project="alicloud-delegation",
            stacks={STACK: {"acceptance": _as_the_engine_gives_it(to_plain(deployed))}},
        )  # fmt: skip


@pytest.mark.parametrize(("name", "refused"), [("OPS", True), ("ops", False), ("ops-2", False)])
def test_a_role_keeps_the_letter_case_in_which_it_is_deployed(
    name: str, refused: bool, pulumi_program: Callable[..., Runs], accounts: dict[str, str]
) -> None:
    config = {
        "side": "owner", "owner": {"id": "11223344"}, "delegate": {"id": "12345678"},
        "roles": [{"name": name, "systemPolicies": ["AliyunECSReadOnlyAccess"]}],
    }  # fmt: skip

    def deploy(state: str) -> Runs:
        stacks = {STACK: {"acceptance": _as_the_engine_gives_it(to_plain(_acceptance(APRIL, state=state)))}}
        return pulumi_program(run, config=config, project="alicloud-delegation", accounts=accounts, stacks=stacks)

    assert deploy("terminated").update.one("Role").inputs["roleName"] == name
    if not refused:
        assert deploy("active").update.one("Role").inputs["roleName"] == name
        return
    with pytest.raises(InvalidInputError, match="is deployed as 'ops'") as caught:
        deploy("active")
    assert (caught.value.field, "\n" in str(caught.value)) == ("roles[0].name", False)

"""Each component by itself, as another program would use it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pulumi
import pulumi_alicloud as alicloud
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alicloud_fakes import Cloud
from pulumi_alicloud_delegation import CrossAccountDelegation, DelegatedRole, OperatorTeam
from pulumi_alicloud_delegation.testing import EchoMocks, Runs, run_program
from ram_policies import InvalidInputError

OWNER, DELEGATE = "11223344", "12345678"
ROLE_ARN = f"acs:ram::{OWNER}:role/ecs-admin"
ROLE: Any = {"name": "ecs-admin", "system_policies": ["AliyunECSFullAccess"]}


def _role() -> None:
    DelegatedRole("r", {"owner_account_id": OWNER, "delegate_account_id": DELEGATE, "role": ROLE})


def _team() -> None:
    team = OperatorTeam(
        "t",
        {
            "account_id": DELEGATE,
            "name": "ops",
            "role_arns": [ROLE_ARN],
            "operators": [{"name": "AAA"}, {"name": "bot", "kind": "application"}],
        },
    )
    pulumi.export("passwords", team.first_passwords)
    pulumi.export("keys", team.access_keys)


@pytest.mark.parametrize(
    ("program", "field"),
    [(_role, "owner_account_id"), (_team, "account_id")],
    ids=["role", "team"],
)
def test_a_provider_of_another_account_stops_before_any_child(
    program: Callable[[], None], field: str, pulumi_program: Callable[..., Runs]
) -> None:
    cloud = Cloud.of({"999": ""})
    with pytest.raises(InvalidInputError, match="whose credentials belong to 999") as caught:
        pulumi_program(program, cloud=cloud)
    assert caught.value.field == field


def test_a_team_makes_its_operators_beside_itself(pulumi_program: Callable[..., Runs]) -> None:
    runs = pulumi_program(_team, accounts={"default": DELEGATE})
    for seen in (runs.preview, runs.update):
        team = seen.one("OperatorTeam")
        users = seen.of_type("User")
        assert {(one.name, one.parent) for one in users} == {(f"{DELEGATE}/aaa", ""), (f"{DELEGATE}/bot", "")}
        assert {one.aliases for one in users} == {("t/AAA",), ("t/bot",)}  # below the team, up to 0.1.0
        assert {one.type.rpartition(":")[2] for one in seen.children_of(team)} == {
            "Group",
            "GroupPolicyAttachment",
            "Policy",
        }
        assert {one.inputs["groupName"] for one in seen.of_type("UserGroupAttachment")} == {"ops"}
    assert {"passwords", "keys"} <= runs.update.secret_outputs
    assert set(runs.update.outputs["keys"]) == {"bot"}  # type: ignore[call-overload] # a mapping
    assert set(runs.update.outputs["passwords"]) == {"AAA"}  # type: ignore[call-overload] # a mapping


def _two_teams(first: list[Any], second: list[Any], order: str = "ab") -> Callable[[], None]:
    """Teams a and b. The second waits for the first, whose group or user it may name."""

    def program() -> None:
        before: list[OperatorTeam] = []
        for team in order:
            operators = {"a": first, "b": second}[team]
            args: Any = {"account_id": DELEGATE, "name": team, "role_arns": [ROLE_ARN], "operators": operators}
            before.append(OperatorTeam(team, args, pulumi.ResourceOptions(depends_on=[*before])))

    return program


def test_an_operator_who_moves_keeps_user_login_and_keys(pulumi_program: Callable[..., Runs]) -> None:
    people = [{"name": "AAA"}, {"name": "bot", "kind": "application"}]
    kept = []
    for first, second in ((people, []), ([], people)):
        seen = pulumi_program(_two_teams(first, second), accounts={"default": DELEGATE}).update
        kept.append({one.urn for kind in ("User", "LoginProfile", "AccessKey") for one in seen.of_type(kind)})
    assert kept[0] == kept[1]
    assert len(kept[0]) == 4


def test_an_operator_of_two_teams_is_made_once(pulumi_program: Callable[..., Runs]) -> None:
    with pytest.raises(InvalidInputError, match="is made by the team a already") as caught:
        pulumi_program(_two_teams([{"name": "AAA"}], [{"name": "aaa"}]), accounts={"default": DELEGATE})
    assert caught.value.field == "operators[0].name"
    for first, second, order in (
        ([{"name": "AAA"}], [{"name": "AAA", "existing": True}], "ab"),
        ([{"name": "AAA", "teams": ["b"]}], [], "ba"),
    ):
        seen = pulumi_program(_two_teams(first, second, order), accounts={"default": DELEGATE}).update
        assert {one.inputs["name"] for one in seen.of_type("User")} == {"AAA"}
        assert {one.inputs["groupName"] for one in seen.of_type("UserGroupAttachment")} == {"a", "b"}


def test_an_existing_user_only_joins(pulumi_program: Callable[..., Runs]) -> None:
    cloud = Cloud.of({DELEGATE: ""})
    cloud.act(cloud.account(DELEGATE), "ram", "CreateUser", {"UserName": "AAA"})
    program = _two_teams([{"name": "AAA", "existing": True}], [])
    seen = pulumi_program(program, cloud=cloud).update
    assert [one.inputs["userName"] for one in seen.of_type("UserGroupAttachment")] == ["AAA"]
    assert not any(seen.of_type(kind) for kind in ("User", "LoginProfile", "AccessKey"))


def test_components_take_the_provider_they_are_given(pulumi_program: Callable[..., Runs]) -> None:
    def program() -> None:
        provider = alicloud.Provider("a", region="cn-hangzhou")
        args: Any = {"owner_account_id": OWNER, "delegate_account_id": DELEGATE, "role": ROLE}
        DelegatedRole("r", args, pulumi.ResourceOptions(provider=provider))

    seen = pulumi_program(program, accounts={"a": OWNER}).update
    assert {one.provider for one in seen if one.type.startswith("alicloud:")} == {"a"}


@pytest.mark.parametrize(
    "program",
    [
        lambda: DelegatedRole("r", {"owner_account_id": OWNER, "delegate_account_id": OWNER, "role": ROLE}),
        lambda: OperatorTeam("t", {"account_id": DELEGATE, "name": "ops", "role_arns": []}),
        lambda: OperatorTeam("t", {"account_id": DELEGATE, "name": "ops", "role_arns": ["ecs-admin"]}),
        lambda: OperatorTeam("t", {"account_id": "company-b", "name": "ops", "role_arns": [ROLE_ARN]}),
        lambda: OperatorTeam(
            "t", {"account_id": DELEGATE, "name": "ops", "role_arns": [ROLE_ARN], "operators": [{"name": "A A"}]}
        ),
        lambda: CrossAccountDelegation("d", {"owner": {"id": OWNER}}),  # type: ignore[typeddict-item] # on purpose
    ],
)
def test_bad_arguments_stop_before_anything_is_registered(program: Callable[[], object]) -> None:
    reached: list[str] = []

    class Watching(EchoMocks):
        def new_resource(self, args: Any) -> Any:
            reached.append(args.name)
            return super().new_resource(args)

    with pytest.raises(pulumi.RunError) as caught:  # which Pulumi prints in one line, without a traceback
        run_program(lambda: (program(), None)[1], mocks=lambda preview: Watching({}, preview=preview))
    assert reached == []
    assert isinstance(caught.value, InvalidInputError)
    assert caught.value.__suppress_context__
    assert "\n" not in str(caught.value)


NAMES = st.from_regex(r"[A-Za-z][A-Za-z0-9.\-]{0,12}", fullmatch=True)
PEOPLE = st.lists(
    st.fixed_dictionaries(
        {"name": NAMES, "teams": st.just(["ops"]), "kind": st.sampled_from(["person", "application"])}
    ),
    max_size=4,
    unique_by=lambda one: one["name"].lower(),
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(PEOPLE, PEOPLE)
def test_whatever_changes_among_the_delegates_people_registers_the_same_in_the_owners_account(
    before: list[dict[str, Any]], after: list[dict[str, Any]]
) -> None:
    def owner_side(people: list[dict[str, Any]]) -> list[str]:
        args: Any = {
            "owner": {"id": OWNER},
            "delegate": {"id": DELEGATE},
            "roles": [ROLE],
            "teams": [{"name": "ops", "roles": ["ecs-admin"]}],
            "operators": people,
        }
        accounts = {"d/owner": OWNER, "d/delegate": DELEGATE}
        runs = run_program(
            lambda: (CrossAccountDelegation("d", args), None)[1],
            mocks=lambda preview: EchoMocks(accounts, preview=preview),
        )
        return sorted(
            json.dumps([one.urn, one.inputs, one.outputs, run.preview], sort_keys=True)
            for run in (runs.preview, runs.update)
            for one in run
            if one.provider == "d/owner"
        )

    first = owner_side(before)
    assert len(first) == 4
    assert first == owner_side(after)

"""One reader for arguments, configuration and files: what counts as given, and how an error spells its keys."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pulumi
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_alicloud_delegation import CrossAccountDelegation, DelegatedRole, OperatorTeam
from pulumi_alicloud_delegation.key_spelling import camel, respelled, snake
from pulumi_alicloud_delegation.plan import plan_delegation, plan_role, plan_team
from pulumi_alicloud_delegation.program import run
from pulumi_alicloud_delegation.testing import run_program
from ram_policies import InvalidInputError

Args = dict[str, Any]
ROLE: Args = {
    "owner_account_id": "11223344",
    "delegate_account_id": "12345678",
    "role": {"name": "ecs-admin", "system_policies": ["AliyunECSFullAccess"]},
}
TEAM: Args = {"account_id": "12345678", "name": "ops", "role_arns": ["acs:ram::11223344:role/ecs-admin"]}
OPTIONAL = {
    "role": [
        "description", "policies", "presets", "existing_policies", "trust", "max_session_duration", "tags",
    ],
    "trust": ["external_id", "mfa", "source_ips", "not_before", "not_after", "principals"],
    "owner": ["alias", "site", "region", "profile", "access_key", "endpoint"],
    "team": ["assume_permission"],
    "operator": ["kind", "display_name", "mfa", "access_keys"],
    "delegation": ["state", "owner_secret_key", "owner_security_token", "delegate_secret_key"],
}  # fmt: skip


def _place(args: Args, where: str) -> Args:
    args["roles"][0].setdefault("trust", {})
    places = {
        "role": args["roles"][0],
        "trust": args["roles"][0]["trust"],
        "owner": args["owner"],
        "team": args["teams"][0],
        "operator": args["operators"][0],
        "delegation": args,
    }
    return places[where]


@pytest.mark.parametrize(("where", "key"), [(where, key) for where, keys in OPTIONAL.items() for key in keys])
def test_none_means_the_default(where: str, key: str, scenario: Callable[..., Args]) -> None:
    without, with_none = scenario(), scenario()
    _place(without, where).pop(key, None)
    _place(with_none, where)[key] = None
    assert plan_delegation(with_none) == plan_delegation(without)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (lambda a: a["roles"][0].update(systemPolicies=["AliyunECSFullAccess"]), "roles[0].system_policies"),
        (lambda a: a["owner"].update(accessKey="a", access_key="a"), "owner.access_key"),
        (lambda a: a.update(ownerSecretKey="a", owner_secret_key="a"), "owner_secret_key"),
    ],
)
def test_a_key_in_two_spellings_is_refused(
    change: Callable[[Args], None], field: str, scenario: Callable[..., Args]
) -> None:
    with pytest.raises(InvalidInputError, match="both spellings") as caught:
        plan_delegation(scenario(change))
    assert caught.value.field == field


def _in_camel(value: Any) -> Any:
    if isinstance(value, dict):
        return {camel(key): _in_camel(item) for key, item in value.items()}
    return [_in_camel(item) for item in value] if isinstance(value, list) else value


def test_all_three_components_read_either_spelling(scenario: Callable[..., Args]) -> None:
    assert plan_delegation(_in_camel(scenario())) == plan_delegation(scenario())
    assert plan_role(_in_camel(ROLE)) == plan_role(ROLE)
    assert plan_team(_in_camel(TEAM)) == plan_team(TEAM)
    accounts = {"d/owner": "11223344", "d/delegate": "12345678", "default": "12345678"}

    def program() -> None:
        CrossAccountDelegation("d", _in_camel(scenario()))
        OperatorTeam("t", _in_camel({**TEAM, "name": "other"}))

    names = {one.inputs["groupName"] for one in run_program(program, accounts=accounts).update.of_type("Group")}
    assert names == {"operators", "other"}


OUTPUTS: list[tuple[Callable[[Args], object], str]] = [
    (lambda a: a["owner"].update(id=pulumi.Output.from_input("11223344")), "owner.id"),
    (lambda a: a["roles"][0].update(name=pulumi.Output.from_input("r")), "roles[0].name"),
    (lambda a: a["roles"][0].update(name=[pulumi.Output.from_input("r")]), "roles[0].name[0]"),
    (lambda a: a["owner"].update(alias={"a": pulumi.Output.from_input("r")}), "owner.alias.a"),
    (lambda a: a["roles"][0].update(tags={"team": pulumi.Output.from_input("r")}), "roles[0].tags.team"),
    (
        lambda a: a["roles"][0].update(policies=[{"name": "p", "document": pulumi.Output.from_input("{}")}]),
        "roles[0].policies[0].document",
    ),
    (
        lambda a: a["roles"][0].update(
            policies=[{"name": "p", "document": {"Version": "1", "Statement": [pulumi.Output.from_input({})]}}]
        ),
        "roles[0].policies[0].document.Statement[0]",
    ),
    (
        lambda a: a["roles"][0].update(
            presets=[{"name": "ecs-operate", "parameters": {"regions": [pulumi.Output.from_input("cn-hangzhou")]}}]
        ),
        "roles[0].presets[0].parameters.regions[0]",
    ),
    (lambda a: a.update(roles=pulumi.Output.from_input([])), "roles"),
]


@pytest.mark.parametrize(("change", "field"), OUTPUTS, ids=[field for _, field in OUTPUTS])
def test_an_output_where_a_plain_value_is_needed_is_named_as_such(
    change: Callable[[Args], object], field: str, scenario: Callable[..., Args]
) -> None:
    seen: list[InvalidInputError] = []

    def program() -> None:
        with pytest.raises(InvalidInputError) as caught:
            CrossAccountDelegation("d", scenario(change))  # type: ignore[arg-type] # wrong on purpose
        seen.append(caught.value)

    run_program(program)
    for error in seen:
        assert error.field == field
        assert "it is an Output" in str(error)
        assert "\n" not in str(error)
    assert seen


def test_secrets_may_be_outputs_and_are_in_no_error(scenario: Callable[..., Args]) -> None:
    def program() -> None:
        args = scenario(lambda a: a.update(owner_secret_key=pulumi.Output.secret("hunter2"), state="paused"))
        with pytest.raises(InvalidInputError, match="state") as caught:
            CrossAccountDelegation("d", args)  # type: ignore[arg-type] # wrong on purpose
        assert "hunter2" not in repr(caught.value.__dict__)

    run_program(program)


@pytest.mark.parametrize(
    "moment",
    [
        dt.datetime(2026, 12, 31, 23, 59, 59, tzinfo=dt.UTC),
        dt.datetime(2027, 1, 1, 7, 59, 59, tzinfo=dt.timezone(dt.timedelta(hours=8))),
        "2026-12-31T23:59:59Z",
        "2026-12-31T23:59:59+00:00",
        "2027-01-01T07:59:59+08:00",
        "2026-12-31 23:59:59 +0000 UTC",
        "2027-01-01 07:59:59 +0800 +0800",
        "2026-12-31 23:59:59Z",
    ],
    ids=str,
)
def test_a_moment_is_read_in_every_form_that_yaml_and_the_engine_give_it(moment: object) -> None:
    plan = plan_role({**ROLE, "role": {**ROLE["role"], "trust": {"not_after": moment}}})
    (statement,) = plan.trust.to_dict()["Statement"]
    assert statement["Condition"] == {"DateLessThanEquals": {"acs:CurrentTime": "2026-12-31T23:59:59Z"}}


@pytest.mark.parametrize(
    ("moment", "problem"),
    [
        (dt.datetime(2026, 12, 31), "time zone"),  # noqa: DTZ001 - on purpose
        (dt.date(2026, 12, 31), "time zone"),
        ("2026-12-31", "time zone"),
        (1798761599, "not a moment"),
        ("9999-12-31T23:59:59-08:00", "outside"),
    ],
)
def test_a_moment_that_leaves_something_open_is_refused(moment: object, problem: str) -> None:
    with pytest.raises(InvalidInputError, match=problem) as caught:
        plan_role({**ROLE, "role": {**ROLE["role"], "trust": {"not_after": moment}}})
    assert caught.value.field == "role.trust.not_after"


@pytest.mark.parametrize(
    ("change", "field", "fix"),
    [
        ({"system_policies": "AliyunECSFullAccess"}, "role.system_policies", "[AliyunECSFullAccess]"),
        ({"name": ["ecs-admin"]}, "role.name", "write a string"),
        ({"trust": []}, "role.trust", "keys and values"),
        ({"tags": ["a"]}, "role.tags", "keys and values"),
        ({"existing_policies": [{"name": "aliyunossfullaccess", "type": "System"}]},
         "role.existing_policies[0].name", "'AliyunOSSFullAccess'"),
    ],
)  # fmt: skip
def test_a_value_of_another_form_is_refused_with_the_right_form(change: Args, field: str, fix: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        plan_role({**ROLE, "role": {**ROLE["role"], **change}})
    assert caught.value.field == field
    assert fix in caught.value.fix


def test_a_set_is_read_in_the_same_order_each_time() -> None:
    names = {"AliyunECSFullAccess", "AliyunOSSFullAccess", "AliyunRDSFullAccess"}
    plan = plan_role({**ROLE, "role": {**ROLE["role"], "system_policies": names}})
    assert plan.system_policies == tuple(sorted(names))


@given(st.from_regex(r"[a-z]{1,8}(_[a-z]{1,8}){0,3}", fullmatch=True))
def test_the_two_spellings_of_a_key_belong_together(key: str) -> None:
    assert snake(camel(key)) == key
    assert camel(camel(key)) == camel(key)


def test_an_error_is_respelled_in_its_field_and_where_it_mentions_keys() -> None:
    problem, fix = "is given with 'source_ips', by 'A_B' of 'my_user'", "drop 'external_id'"
    error = InvalidInputError("roles[0].trust.external_id", "a_b", problem, fix, code="conflicting-values")
    assert str(respelled(error)) == (
        "roles[0].trust.externalId: 'a_b' is given with 'sourceIps', by 'A_B' of 'my_user'. Fix: drop 'externalId'. "
        "[conflicting-values]"
    )
    kept = respelled(InvalidInputError("roles[0].tags.my_tag", "x", "is bad", "leave it out", code="invalid-name"))
    assert kept.field == "roles[0].tags.my_tag"


def test_a_class_spells_keys_as_in_python_and_the_program_as_in_the_stack_file(
    stack_file: Callable[[str], Args],
) -> None:
    with pytest.raises(InvalidInputError, match=r"^role\.max_session_duration: "):
        DelegatedRole("r", {**ROLE, "role": {**ROLE["role"], "max_session_duration": 1}})
    config = stack_file("scenario")
    config["roles"][0]["maxSessionDuration"] = 1
    with pytest.raises(InvalidInputError, match=r"^roles\[0\]\.maxSessionDuration: "):
        run_program(run, config=config, project="alicloud-delegation")

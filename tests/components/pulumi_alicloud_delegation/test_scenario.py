"""The program under mocks, from the ready stack files: what is registered, where, and its outputs."""

from __future__ import annotations

import copy
import functools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pulumi_alicloud_delegation.program import run
from pulumi_alicloud_delegation.testing import UNKNOWN, EchoMocks, Registration, Run, Runs
from ram_policies import InvalidInputError

Config = dict[str, Any]
Deploy = Callable[..., Runs]
OWNER, DELEGATE = "delegation/owner", "delegation/delegate"


@pytest.fixture
def deploy(pulumi_program: Callable[..., Runs], accounts: dict[str, str]) -> Deploy:
    """The program with a configuration."""

    def start(config: Config, **more: Any) -> Runs:
        return pulumi_program(run, **{"config": config, "project": "alicloud-delegation", "accounts": accounts, **more})

    return start


def _both(runs: Runs, check: Callable[[Run], None]) -> None:
    runs.each(check)


def test_urns_are_a_public_interface(deploy: Deploy, stack_file: Callable[[str], Config]) -> None:
    """A change here replaces what people have deployed: it carries aliases, and a test for the old names."""
    held = (Path(__file__).parent / "urns.txt").read_text("utf-8").split()
    for seen in _runs(deploy(stack_file("recommended"))):
        assert sorted(one.urn.removeprefix("urn:pulumi:test::alicloud-delegation::") for one in seen) == held


def test_operators_are_found_under_their_former_names(deploy: Deploy, stack_file: Callable[[str], Config]) -> None:
    """Up to 0.1.0 the names of their resources had the letter case of the user's name."""
    for seen in _runs(deploy(stack_file("recommended"))):
        former = {one.name: one.aliases for one in seen if one.name.startswith("delegation/aaa")}
        assert former == {
            "delegation/aaa": ("delegation/AAA",),
            "delegation/aaa/engineers": ("delegation/AAA/engineers",),
        }
        assert {one.aliases for one in seen if "monitoring-agent" in one.name} == {()}


def test_a_name_in_another_letter_case_is_the_same_user(deploy: Deploy, stack_file: Callable[[str], Config]) -> None:
    config = stack_file("recommended")
    before = deploy(config).update
    config["operators"] = [{**one, "name": one["name"].swapcase()} for one in config["operators"]]
    after = deploy(config).update
    assert {one.urn for one in after} == {one.urn for one in before}
    for one in after:
        changed = {key for key, value in one.inputs.items() if value != _same(before, one).inputs.get(key)}
        # The account has no users yet; tests/e2e/test_people.py has an account that spells the name in another case.
        assert changed - one.ignored_changes <= {"displayName", "name"}


def _same(run: Run, one: Registration) -> Registration:
    return next(other for other in run if other.urn == one.urn)


def _runs(runs: Runs) -> tuple[Run, Run]:
    return runs.preview, runs.update


def test_the_scenario_to_the_letter(deploy: Deploy, stack_file: Callable[[str], Config]) -> None:
    for seen in _runs(deploy(stack_file("scenario"))):
        role = seen.one("Role")
        assert role.inputs["roleName"] == "ecs-admin"
        assert json.loads(str(role.inputs["assumeRolePolicyDocument"])) == {
            "Statement": [
                {"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"RAM": ["acs:ram::12345678:root"]}}
            ],
            "Version": "1",
        }
        assert _attached(seen.one("RolePolicyAttachment")) == ("ecs-admin", "AliyunECSFullAccess", "System")
        assert seen.one("User").inputs["name"] == "AAA"
        grant = seen.one("GroupPolicyAttachment")
        assert (grant.inputs["policyName"], grant.inputs["policyType"]) == ("AliyunSTSAssumeRoleAccess", "System")
        assert seen.of_type("Policy") == ()


def _attached(grant: Registration) -> tuple[object, object, object]:
    return grant.inputs["roleName"], grant.inputs["policyName"], grant.inputs["policyType"]


def test_every_child_has_its_parent_and_its_accounts_provider(
    deploy: Deploy, stack_file: Callable[[str], Config]
) -> None:
    owners = {"Role", "RolePolicyAttachment"}
    for seen in _runs(deploy(stack_file("recommended"))):
        top = seen.one("CrossAccountDelegation")
        below = seen.children_of(top)
        assert {one.type.rpartition(":")[2] for one in below if not one.type.startswith("alicloud:")} == {
            "alicloud",
            "DelegatedRole",
            "OperatorTeam",
        }
        for one in seen:
            if one.type.startswith("alicloud:"):
                assert one.provider == (OWNER if one.type.rpartition(":")[2] in owners else DELEGATE)
                assert one.parent in {top.urn, *(parent.urn for parent in below)}


def test_each_provider_is_asked_once_for_its_account(deploy: Deploy, stack_file: Callable[[str], Config]) -> None:
    for seen in _runs(deploy(stack_file("recommended"))):
        asked = [call.provider for call in seen.calls if call.token.endswith(":getCallerIdentity")]
        assert sorted(asked) == [DELEGATE, OWNER]
        names = [call.provider for call in seen.calls if call.token.endswith((":getUsers", ":getGroups"))]
        assert names == [DELEGATE, DELEGATE]


@pytest.mark.parametrize(
    ("provider", "field", "declared"), [(OWNER, "owner.id", "11223344"), (DELEGATE, "delegate.id", "12345678")]
)
def test_a_provider_of_another_account_stops_the_preview(
    provider: str,
    field: str,
    declared: str,
    deploy: Deploy,
    stack_file: Callable[[str], Config],
    accounts: dict[str, str],
) -> None:
    with pytest.raises(InvalidInputError) as caught:
        deploy(stack_file("scenario"), accounts={**accounts, provider: "999"})
    assert caught.value.field == field
    assert declared in str(caught.value)
    assert "999" in str(caught.value)


def test_outputs_say_how_to_get_in(deploy: Deploy, stack_file: Callable[[str], Config]) -> None:
    runs = deploy(stack_file("scenario"))
    for seen in _runs(runs):
        assert seen.outputs["signInUrls"] == {"AAA": "https://signin.alibabacloud.com/login.htm"}
        assert seen.outputs["signInNames"] == {"AAA": "AAA@company-b.onaliyun.com"}
        assert seen.outputs["switchRoleUrls"] == {
            "AAA": {
                "ecs-admin": "https://signin.alibabacloud.com/switchRole.htm"
                "?parentAlias=company-a.onaliyun.com&roleName=ecs-admin"
            }
        }
    assert runs.preview.outputs["roleArns"] == UNKNOWN
    assert runs.update.outputs["roleArns"] == {"ecs-admin": "acs:ram::11223344:role/ecs-admin"}


def test_the_chinese_site_has_its_own_addresses(deploy: Deploy, stack_file: Callable[[str], Config]) -> None:
    config = stack_file("scenario")
    config["delegate"]["site"] = "china"
    seen = deploy(config).update
    assert seen.outputs["signInUrls"] == {"AAA": "https://signin.aliyun.com/login.htm"}
    assert seen.one("alicloud", DELEGATE).inputs["accountType"] == "Domestic"


def test_first_passwords_and_access_keys_are_secrets(deploy: Deploy, stack_file: Callable[[str], Config]) -> None:
    runs = deploy(stack_file("recommended"))
    for seen in _runs(runs):
        login = seen.one("LoginProfile")
        assert "password" in login.secrets
        assert "password" in login.secret_outputs
        assert "secret" in seen.one("AccessKey").secret_outputs
        assert {"firstPasswords", "accessKeys"} <= seen.one("CrossAccountDelegation").secret_outputs
    assert {"firstPasswords", "accessKeys"} <= runs.update.secret_outputs
    assert runs.update.outputs["firstPasswords"] == {"AAA": runs.update.one("LoginProfile").inputs["password"]}


def test_nothing_secret_is_in_another_input_output_or_message(
    deploy: Deploy, stack_file: Callable[[str], Config], accounts: dict[str, str]
) -> None:
    config = stack_file("recommended")
    config["owner"]["accessKey"] = "FAKEkey"
    config["ownerSecretKey"] = "hunter2-owner"
    echo = functools.partial(EchoMocks, accounts)
    seen = deploy(config, secret_config=("ownerSecretKey",), mocks=lambda preview: echo(preview=preview)).update
    provider = seen.one("alicloud", OWNER)
    assert provider.inputs["secretKey"] == "hunter2-owner"
    assert "secretKey" in provider.secrets
    password = str(seen.one("LoginProfile").inputs["password"])
    secret = str(seen.one("AccessKey").outputs["secret"])
    plain = json.dumps(
        [
            {
                "inputs": {key: value for key, value in one.inputs.items() if key not in one.secrets},
                "outputs": {
                    key: value for key, value in one.outputs.items() if key not in one.secret_outputs | one.secrets
                },
            }
            for one in seen
        ]
        + [value for key, value in seen.outputs.items() if key not in seen.secret_outputs]
        + [*seen.messages]
    )
    for hidden in ("hunter2-owner", password, secret):
        assert hidden not in plain


def test_a_first_password_outlives_the_runs_that_would_make_up_another(
    deploy: Deploy, stack_file: Callable[[str], Config]
) -> None:
    runs = deploy(stack_file("scenario"))
    assert runs.preview.one("LoginProfile").inputs["password"] != runs.update.one("LoginProfile").inputs["password"]
    for seen in _runs(runs):
        assert "password" in seen.one("LoginProfile").ignored_changes
        assert seen.one("LoginProfile").inputs["passwordResetRequired"] is True


def test_an_application_has_keys_and_no_password(deploy: Deploy, stack_file: Callable[[str], Config]) -> None:
    config = stack_file("recommended")
    config["operators"] = [
        {"name": "AAA", "teams": ["engineers"]},
        {"name": "agent", "kind": "application", "teams": ["agents"], "accessKeys": ["2026-01", "2026-07"]},
    ]
    seen = deploy(config).update
    assert {one.inputs["userName"] for one in seen.of_type("AccessKey")} == {"agent"}
    assert {one.inputs["userName"] for one in seen.of_type("LoginProfile")} == {"AAA"}
    assert set(seen.outputs["accessKeys"]["agent"]) == {"2026-01", "2026-07"}  # type: ignore[index] # a mapping
    assert "agent" not in seen.outputs["switchRoleUrls"]  # type: ignore[operator] # a mapping


def test_dependents_are_deleted_before_their_dependencies(deploy: Deploy, stack_file: Callable[[str], Config]) -> None:
    """RAM deletes neither a group with members nor a role or user with anything attached."""
    needs = {
        "UserGroupAttachment": {"User", "Group"},
        "GroupPolicyAttachment": {"Group", "Policy"},
        "RolePolicyAttachment": {"Role"},
        "LoginProfile": {"User"},
        "AccessKey": {"User"},
    }
    for seen in _runs(deploy(stack_file("recommended"))):
        kinds = {one.urn: one.type.rpartition(":")[2] for one in seen}
        for one in seen:
            wanted = needs.get(one.type.rpartition(":")[2], set())
            assert {kinds[urn] for urn in one.dependencies if urn in kinds} >= wanted


def test_a_named_user_exists_before_the_role_that_names_her(
    deploy: Deploy, stack_file: Callable[[str], Config]
) -> None:
    config = stack_file("scenario")
    config["roles"][0]["trust"] = {"principals": ["acs:ram::12345678:user/AAA"]}
    for seen in _runs(deploy(config)):
        order = [one.type.rpartition(":")[2] for one in seen]
        assert order.index("User") < order.index("Role")


def _side(seen: Run, provider: str) -> list[tuple[str, str]]:
    return sorted(
        (one.urn, json.dumps({key: value for key, value in one.inputs.items() if key not in one.ignored_changes}))
        for one in seen
        if one.provider == provider
    )


def test_a_change_among_the_delegates_people_leaves_the_owners_side_as_it_was(
    deploy: Deploy, stack_file: Callable[[str], Config]
) -> None:
    before = stack_file("scenario")
    after = copy.deepcopy(before)
    after["operators"] = [
        {"name": "BBB", "teams": ["operators"]},
        {"name": "ci", "kind": "application", "teams": ["operators"]},
    ]
    for one, other in zip(_runs(deploy(before)), _runs(deploy(after)), strict=True):
        assert _side(one, OWNER) == _side(other, OWNER)
        assert _side(one, OWNER)
        assert _side(one, DELEGATE) != _side(other, DELEGATE)


def test_an_operator_who_changes_teams_keeps_user_and_password(
    deploy: Deploy, stack_file: Callable[[str], Config]
) -> None:
    config = stack_file("scenario")
    config["teams"].append({"name": "second", "roles": ["ecs-admin"]})
    moved = copy.deepcopy(config)
    moved["operators"][0]["teams"] = ["second"]
    urns = [
        {one.urn for one in deploy(each).update if one.type.rpartition(":")[2] in {"User", "LoginProfile"}}
        for each in (config, moved)
    ]
    assert urns[0] == urns[1]
    assert len(urns[0]) == 2


def test_suspending_denies_everything_detaches_the_grants_and_closes_the_trust(
    deploy: Deploy, stack_file: Callable[[str], Config]
) -> None:
    config = stack_file("scenario")
    active = deploy(config).update
    suspended = deploy({**config, "state": "suspended"}).update
    assert _attached(suspended.one("RolePolicyAttachment")) == ("ecs-admin", "ecs-admin-suspended", "Custom")
    deny = suspended.one("Policy", "delegation/ecs-admin/ecs-admin-suspended")
    assert json.loads(str(deny.inputs["policyDocument"]))["Statement"][0]["Effect"] == "Deny"
    gone = {one.urn for one in active} - {one.urn for one in suspended}
    assert gone == {active.one("RolePolicyAttachment").urn}
    statements = json.loads(str(suspended.one("Role").inputs["assumeRolePolicyDocument"]))["Statement"]
    assert [one["Effect"] for one in statements] == ["Deny"]
    assert _side(active, DELEGATE) == _side(suspended, DELEGATE)
    assert "each of its calls is refused" in suspended.outputs["liveSessions"]["ecs-admin"]
    assert suspended.outputs["acceptance"]["state"] == "suspended"

"""`access first-day`: what an operator needs to begin, taken by the tools that it is for."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pulumi_alicloud
import pytest
from alibabacloud_credentials.models import Config

from pulumi_alicloud_delegation.handover import Party, acceptance_of
from pulumi_alicloud_delegation.handover.files import handover_text
from pulumi_alicloud_delegation.plan.account import account_plan
from pulumi_alicloud_delegation.plan.delegation import roles_plan
from pulumi_alicloud_delegation.specs import AccountSpec, RoleSpec, TrustSpec

Access = Callable[..., Any]
Keep = Callable[[str, Any], Path]
CONFIG = {
    "side": "delegate",
    "owner": {"id": "11223344", "alias": "company-a"},
    "delegate": {"id": "12345678", "alias": "company-b", "site": "china"},
    "teams": [{"name": "ops", "roles": ["look", "keys"]}],
    "operators": [{"name": "AAA", "teams": ["ops"]}, {"name": "agent", "kind": "application", "teams": ["ops"]}],
}


@pytest.fixture
def first_day(access: Access, keep: Keep) -> Callable[..., Any]:
    roles = [
        RoleSpec(name="look", system_policies=("AliyunECSReadOnlyAccess",), max_session_duration=7200),
        RoleSpec(name="keys", system_policies=("AliyunKMSFullAccess",), trust=TrustSpec(external_id="c-7")),
    ]
    plans = roles_plan(roles, "11223344", "12345678", "active")
    owner = account_plan(AccountSpec(id="11223344", alias="company-a"), "owner")
    acceptance = keep("acceptance.json", handover_text(acceptance_of(owner, Party(id="12345678"), plans)))
    config = {f"alicloud-delegation:{key}": value for key, value in CONFIG.items()}
    config["alicloud-delegation:delegateSecretKey"] = {"secure": "v1:hunter2"}
    stack = keep("Pulumi.b.yaml", {"config": config})
    return lambda *words: access("first-day", *words, "--stack", stack, "--acceptance", acceptance)


def test_a_person_gets_addresses_of_the_right_site_and_no_secret(first_day: Callable[..., Any]) -> None:
    made = first_day("aaa", "--json")
    told = json.loads(made.stdout)
    assert told["signInUrl"] == "https://signin.aliyun.com/login.htm"
    assert told["signInName"] == "AAA@company-b.onaliyun.com"
    look, keys = told["roles"]
    assert "roleName=look" in look["switchRoleUrl"]
    assert "switchRoleUrl" not in keys  # the page can send no external ID
    assert "hunter2" not in made.output


def test_the_profile_has_the_mode_the_role_the_external_id_and_a_session_name(first_day: Callable[..., Any]) -> None:
    look, keys = json.loads(first_day("agent", "--json").stdout)["roles"]
    profile = keys["cliProfile"]
    assert (profile["mode"], profile["ram_role_arn"]) == ("RamRoleArn", "acs:ram::11223344:role/keys")
    assert (profile["external_id"], profile["ram_session_name"]) == ("c-7", "agent")
    assert ("external_id" in look["cliProfile"], look["cliProfile"]["expired_seconds"]) == (False, 7200)
    assert "switchRoleUrl" not in look


def test_the_snippets_name_what_sdk_and_provider_take(first_day: Callable[..., Any]) -> None:
    text = first_day("agent").stdout
    assert 'role_arn="acs:ram::11223344:role/keys", role_session_name="agent", external_id="c-7")' in text
    assert {"type", "role_arn", "role_session_name", "external_id"} <= set(inspect.signature(Config).parameters)
    assert '    external_id        = "c-7"' in text
    taken = set(inspect.signature(pulumi_alicloud.ProviderAssumeRoleArgs).parameters)
    [line] = [line for line in text.splitlines() if line.startswith('alicloud.Provider("keys"')]
    given = json.loads(line.partition("assume_role=")[2].removesuffix(")"))
    assert set(given) <= taken


def test_somebody_who_is_no_operator_is_explained(first_day: Callable[..., Any]) -> None:
    made = first_day("CCC")
    assert (made.exit_code, made.stderr.count("\n")) == (2, 1)
    assert "name one of AAA, agent" in made.stderr

"""`access first-day`: what an operator needs to begin, tried with the tools that it is meant for."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pulumi_alicloud
import pytest
from alibabacloud_credentials.models import Config
from alibabacloud_sts20150401.models import AssumeRoleRequest

from pulumi_alicloud_delegation.handover import Party, acceptance_of
from pulumi_alicloud_delegation.handover.files import handover_text
from pulumi_alicloud_delegation.plan.delegation import roles_plan
from pulumi_alicloud_delegation.plan.provider_setup import account_plan
from pulumi_alicloud_delegation.specs import AccountSpec, RoleSpec, TrustSpec

Access = Callable[..., Any]
Keep = Callable[[str, Any], Path]
CONFIG = {
    "side": "delegate",
    "owner": {"id": "11223344", "alias": "company-a"},
    "delegate": {"id": "12345678", "alias": "company-b", "site": "china"},
    "teams": [{"name": "ops", "roles": ["look", "keys", "named"]}],
    "operators": [{"name": "AAA", "teams": ["ops"]}, {"name": "agent", "kind": "application", "teams": ["ops"]}],
}


@pytest.fixture
def first_day(access: Access, keep: Keep) -> Callable[..., Any]:
    roles = [
        RoleSpec(name="look", system_policies=("AliyunECSReadOnlyAccess",), max_session_duration=7200),
        RoleSpec(name="keys", system_policies=("AliyunKMSFullAccess",), trust=TrustSpec(external_id="c-7")),
        RoleSpec(
            name="named",
            system_policies=("AliyunECSReadOnlyAccess",),
            trust=TrustSpec(external_id="c-7", source_identity="required"),
        ),
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
    look, keys, named = told["roles"]
    assert "roleName=look" in look["switchRoleUrl"]
    # The page can send neither an external ID nor a source identity.
    assert [role["name"] for role in (keys, named) if "switchRoleUrl" in role] == []
    assert "Console: not there, since the role asks for an external ID and a source identity" in first_day("aaa").stdout
    assert "hunter2" not in made.output


def test_the_profile_has_the_mode_the_role_the_external_id_and_a_session_name(first_day: Callable[..., Any]) -> None:
    look, keys, _ = json.loads(first_day("agent", "--json").stdout)["roles"]
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


def test_a_role_that_demands_a_source_identity_is_assumed_under_the_operators_own_name(
    first_day: Callable[..., Any],
) -> None:
    look, _, named = json.loads(first_day("agent", "--json").stdout)["roles"]
    assert named["assumeRole"] == {
        "RoleArn": "acs:ram::11223344:role/named", "RoleSessionName": "agent", "DurationSeconds": "3600",
        "SourceIdentity": "agent", "ExternalId": "c-7",
    }  # fmt: skip
    assert "SourceIdentity" not in look["assumeRole"]
    # Neither a CLI profile that assumes roles nor the provider can send one, so they get the session instead.
    assert (named["cliProfile"]["mode"], "ram_role_arn" in named["cliProfile"]) == ("StsToken", False)
    provider = set(inspect.signature(pulumi_alicloud.Provider._internal_init).parameters)
    assert set(named["pulumi"]) == {"accessKey", "secretKey", "securityToken"}
    assert {"access_key", "secret_key", "security_token"} <= provider
    taken = set(inspect.signature(pulumi_alicloud.ProviderAssumeRoleArgs).parameters)
    assert not [name for name in taken | set(inspect.signature(Config).parameters) if "source_identity" in name]
    text = first_day("agent").stdout
    assert "aliyun sts AssumeRole --RoleArn acs:ram::11223344:role/named --RoleSessionName agent" in text
    assert 'source_identity="agent", duration_seconds=3600, external_id="c-7")' in text
    assert "source_identity" in inspect.signature(AssumeRoleRequest).parameters
    assert 'alicloud.Provider("named", access_key=..., secret_key=..., security_token=...)' in text


def test_somebody_who_is_no_operator_is_explained(first_day: Callable[..., Any]) -> None:
    made = first_day("CCC")
    assert (made.exit_code, made.stderr.count("\n")) == (2, 1)
    assert "name one of AAA, agent" in made.stderr

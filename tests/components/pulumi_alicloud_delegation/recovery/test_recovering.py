"""A recovery on the fake cloud, through the SDK and with the provider's own credentials, without an engine."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from stacks import LOGIN, PROVIDER_URN, ROLE, TRUST, USER, preview, resource, stack, urn

from alicloud_fakes import Cloud
from alicloud_fakes.http.server import Server
from alicloud_fakes.provider.api import SdkApi
from alicloud_fakes.provider.provider_configuration import settle
from pulumi_alicloud_delegation.recovery.account_ram import ProviderInputs, RefusedError, SdkAccount
from pulumi_alicloud_delegation.recovery.planning import Do
from pulumi_alicloud_delegation.recovery.recovering import Recovery, carry_out, find_steps
from ram_policies import InvalidInputError
from ram_policies.stack.value_marks import SECRET, SIGNATURE, UNKNOWN_TEXT

KEY = resource("key", {"userName": "AAA"})
SECRET_MARK = {SIGNATURE: SECRET}


class Paper:
    """An engine that keeps its state in memory."""

    def __init__(self, state: Any, previewed: Any, secret: str) -> None:
        self.state, self.previewed, self.secret = state, previewed, secret
        self.refreshed: list[str] = []
        self.asked_for_secrets = 0

    def export(self, *, secrets: bool = False) -> object:
        self.asked_for_secrets += secrets
        state = copy.deepcopy(self.state)
        for one in state["deployment"]["resources"]:
            if one["urn"] == PROVIDER_URN and "secretKey" in one["inputs"]:
                shown = {"plaintext": json.dumps(self.secret)} if secrets else {"ciphertext": "v1:hidden"}
                one["inputs"]["secretKey"] = SECRET_MARK | shown
        return state

    def preview(self) -> object:
        return self.previewed

    def load(self, state: Any) -> None:
        self.state = state

    def refresh(self, urns: Iterable[str]) -> None:
        self.refreshed += urns


@pytest.fixture
def cloud() -> Cloud:
    return Cloud.of({"1": "company-a"})


@pytest.fixture
def server(cloud: Cloud) -> Iterator[Server]:
    with Server(cloud) as server:
        yield server


@pytest.fixture
def root(cloud: Cloud, server: Server) -> SdkApi:
    key = cloud.account("1").root_key
    endpoints: Any = [{"ram": server.endpoint, "sts": server.endpoint}]
    values: Any = {"accessKey": key.id, "secretKey": key.secret, "protocol": "HTTP", "endpoints": endpoints}
    return SdkApi(settle(values, {}), {})


@pytest.fixture
def environment(cloud: Cloud, server: Server) -> dict[str, str]:
    key = cloud.account("1").root_key
    return {
        "ALIBABA_CLOUD_ACCESS_KEY_ID": key.id,
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET": key.secret,
        "RAM_ENDPOINT": server.endpoint,
        "STS_ENDPOINT": server.endpoint,
    }


def found(engine: Paper, environment: dict[str, str]) -> Recovery:
    def connect(settings: ProviderInputs) -> SdkAccount:
        return SdkAccount(ProviderInputs(settings.name, {"protocol": "HTTP", **settings.values}), environment)

    return find_steps(engine, connect)


def done(recovery: Recovery) -> list[tuple[str, str]]:
    return [(str(step.do), step.title) for step in recovery.steps]


def test_a_half_made_team_is_found_imported_and_reset(root: SdkApi, environment: dict[str, str]) -> None:
    root.call("CreateRole", {"RoleName": "ops", "AssumeRolePolicyDocument": TRUST})
    root.call("CreateUser", {"UserName": "AAA", "DisplayName": "AAA"})
    root.call("CreateAccessKey", {"UserName": "AAA"})
    login = {"UserName": "AAA", "Password": "Nobody-was-told-1", "PasswordResetRequired": True}
    root.call("CreateLoginProfile", login)
    wanted = [resource("role", ROLE), resource("user", USER), resource("login", LOGIN), KEY]
    exported = stack(interrupted=[("creating", one) for one in wanted])
    engine = Paper(exported, preview(*wanted), "")
    recovery = found(engine, environment)
    [key] = root.call("ListAccessKeys", {"UserName": "AAA"})["AccessKeys"]["AccessKey"]
    assert done(recovery) == [
        ("import", "role ops"),
        ("import", "user AAA"),
        ("reset-login", "login of AAA"),
        ("delete-key", f"access key {key['AccessKeyId']} of AAA"),
    ]
    assert engine.state == exported  # planning changes nothing
    carry_out(engine, recovery)
    assert engine.refreshed == [urn("role"), urn("user")]
    assert root.call("ListAccessKeys", {"UserName": "AAA"})["AccessKeys"]["AccessKey"] == []
    with pytest.raises(Exception, match=r"EntityNotExist\.User\.LoginProfile"):
        root.call("GetLoginProfile", {"UserName": "AAA"})
    user_id = root.call("GetUser", {"UserName": "AAA"})["User"]["UserId"]
    assert [one["id"] for one in engine.state["deployment"]["resources"][1:]] == ["ops", user_id]


def test_a_provider_whose_keys_are_in_the_state_is_used_with_them(cloud: Cloud, server: Server, root: SdkApi) -> None:
    root.call("CreateRole", {"RoleName": "ops", "AssumeRolePolicyDocument": TRUST})
    exported = stack()
    [provider] = exported["deployment"]["resources"]
    endpoints = json.dumps([{"ram": server.endpoint}])
    key = cloud.account("1").root_key
    provider["inputs"] = {"accessKey": key.id, "secretKey": "", "protocol": "HTTP", "endpoints": endpoints}
    engine = Paper(exported, preview(resource("role", ROLE)), key.secret)
    assert done(found(engine, {})) == [("import", "role ops")]
    assert engine.asked_for_secrets == 1


def test_secrets_are_not_asked_for_where_no_provider_needs_them(environment: dict[str, str]) -> None:
    engine = Paper(stack(), preview(resource("role", ROLE)), "")
    assert found(engine, environment).steps == []
    assert engine.asked_for_secrets == 0


def test_resources_of_an_unmade_provider_are_not_looked_for() -> None:
    one = resource("role", ROLE, provider=f"{PROVIDER_URN}::{UNKNOWN_TEXT}")
    assert found(Paper(stack(), preview(one), ""), {}).steps == []  # no credentials, and none are needed


def test_a_refusal_is_shown_and_nothing_is_guessed(root: SdkApi, environment: dict[str, str]) -> None:
    root.call("CreateUser", {"UserName": "deployer"})
    key = root.call("CreateAccessKey", {"UserName": "deployer"})["AccessKey"]
    poor = environment | {
        "ALIBABA_CLOUD_ACCESS_KEY_ID": key["AccessKeyId"],
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET": key["AccessKeySecret"],
    }
    recovery = found(Paper(stack(), preview(resource("role", ROLE), KEY), ""), poor)
    assert [step.do for step in recovery.steps] == [Do.LEFT, Do.LEFT]
    assert "NoPermission" in recovery.steps[0].why
    assert key["AccessKeySecret"] not in str(recovery.steps)


def test_an_account_that_cannot_be_reached_is_an_error_of_one_line(environment: dict[str, str]) -> None:
    with pytest.raises(RefusedError) as refused:
        SdkAccount(ProviderInputs("p", {"protocol": "HTTP"}), environment | {"RAM_ENDPOINT": "127.0.0.1:1"}).call(
            "GetRole", {"RoleName": "ops"}
        )
    assert len(str(refused.value).splitlines()) == 1


def test_no_credentials_are_an_error_that_names_the_provider() -> None:
    with pytest.raises(InvalidInputError, match="provider delegation/owner: '' has no credentials here"):
        SdkAccount(ProviderInputs("delegation/owner", {}), {})


@pytest.mark.parametrize("how", ["a profile", "a profile of the environment"])
def test_profiles_of_the_command_line_are_read(
    how: str, cloud: Cloud, environment: dict[str, str], tmp_path: Any
) -> None:
    key = cloud.account("1").root_key
    profile = {"name": "a", "mode": "AK", "access_key_id": key.id, "access_key_secret": key.secret}
    file = tmp_path / "config.json"
    file.write_text(json.dumps({"current": "a", "profiles": [profile]}), "utf-8")
    there = {name: value for name, value in environment.items() if name.endswith("ENDPOINT")}
    there["ALICLOUD_SHARED_CREDENTIALS_FILE"] = str(file)
    values: dict[str, object] = {"protocol": "HTTP"}
    if how == "a profile":
        values["profile"] = "a"
    else:
        there["ALICLOUD_PROFILE"] = "a"
    account = SdkAccount(ProviderInputs("p", values), there)
    assert account.call("GetCallerIdentity", {}, "sts")["AccountId"] == "1"


@pytest.mark.parametrize("where", ["inputs", "environment"])
def test_a_profile_beside_keys_is_refused_since_its_role_would_be_passed_over(
    where: str, environment: dict[str, str]
) -> None:
    values: dict[str, object] = {"profile": "a"} if where == "inputs" else {}
    there = environment if where == "inputs" else environment | {"ALIBABA_CLOUD_PROFILE": "a"}
    with pytest.raises(InvalidInputError, match=r"provider p.profile: 'a' is named beside an access key.*unset one"):
        SdkAccount(ProviderInputs("p", values), there)


def test_a_provider_that_assumes_a_role_is_asked_as_that_role(server: Server) -> None:
    settings = ProviderInputs.of("p", {"assumeRole": json.dumps([{"roleArn": "acs:ram::1:role/deployer"}])})
    assert settings.values["assumeRole"] == [{"roleArn": "acs:ram::1:role/deployer"}]
    # The SDK assumes roles over HTTPS only, which this server does not speak; the error names what was tried.
    keys = {"ALIBABA_CLOUD_ACCESS_KEY_ID": "k", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "s", "STS_ENDPOINT": server.endpoint}
    with pytest.raises(RefusedError, match="GetRole"):
        SdkAccount(settings, keys).call("GetRole", {"RoleName": "ops"})

"""Profiles: each mode is honoured, or refused by its name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from alicloud_fakes.provider.profiles import ProfileError, RoleToAssume, read_profile
from alicloud_fakes.provider.provider_configuration import SettingsError, settle

KEYS = {"access_key_id": "k", "access_key_secret": "s"}
ROLE = {"ram_role_arn": "acs:ram::1:role/ops", "ram_session_name": "me"}
ASSUMED = RoleToAssume("acs:ram::1:role/ops", "me")


def home(folder: Path, *profiles: dict[str, Any]) -> dict[str, str]:
    (folder / ".aliyun").mkdir()
    (folder / ".aliyun" / "config.json").write_text(json.dumps({"current": "p", "profiles": list(profiles)}))
    return {"HOME": str(folder)}


@pytest.mark.parametrize(
    ("profile", "token", "roles"),
    [
        ({**KEYS}, "", ()),
        ({"mode": "AK", **KEYS}, "", ()),
        ({"mode": "StsToken", **KEYS, "sts_token": "t"}, "t", ()),
        ({"mode": "RamRoleArn", **KEYS, **ROLE}, "", (ASSUMED,)),
        ({"mode": "ramROLEarn", **KEYS, **ROLE}, "", (ASSUMED,)),
        ({**KEYS, **ROLE}, "", (ASSUMED,)),
        ({"mode": None, **KEYS, **ROLE}, "", (ASSUMED,)),
        ({"mode": "", **KEYS, "sts_token": "t"}, "t", ()),
        ({"mode": "AK", "access_key_id": " k ", "access_key_secret": "s\n"}, "", ()),
        (
            {"mode": "RamRoleArn", **KEYS, **ROLE, "external_id": "x", "expired_seconds": 900.0},
            "",
            (RoleToAssume("acs:ram::1:role/ops", "me", 900, "x"),),
        ),
        (
            {"mode": "RamRoleArn", **KEYS, **ROLE, "external_id": "x", "expired_seconds": 900},
            "",
            (RoleToAssume("acs:ram::1:role/ops", "me", 900, "x"),),
        ),
        ({"mode": "ChainableRamRoleArn", "source_profile": "keys", **ROLE}, "", (ASSUMED,)),
        (
            {"mode": "ChainableRamRoleArn", "source_profile": "first", **ROLE},
            "",
            (RoleToAssume("acs:ram::2:role/first", "default"), ASSUMED),
        ),
    ],
)
def test_modes_that_are_honoured(tmp_path: Path, profile: dict[str, Any], token: str, roles: tuple[Any, ...]) -> None:
    first = {"name": "first", "mode": "RamRoleArn", **KEYS, "ram_role_arn": "acs:ram::2:role/first"}
    environment = home(tmp_path, {"name": "p", **profile}, {"name": "keys", "mode": "AK", **KEYS}, first)
    found = read_profile("p", "", environment)
    assert (found.access_key, found.secret_key, found.security_token, found.roles) == ("k", "s", token, roles)
    assert settle({"profile": "p"}, environment).assume_roles == roles


MODES = [
    "EcsRamRole",
    "ecsramrole",
    "RamRoleArnWithRoleName",
    "RamRoleArnWithEcs",
    "RsaKeyPair",
    "CredentialsURI",
    "External",
    "OIDC",
    "CloudSSO",
    "OAuth",
    "BearerToken",
    "Anonymous",
]
TYPES = ["ecs_ram_role", "oidc_role_arn", "rsa_key_pair", "credentials_uri", "bearer"]


@pytest.mark.parametrize("mode", [*MODES, *TYPES, "Tomorrow"])
def test_modes_that_are_refused_by_name(tmp_path: Path, mode: str) -> None:
    environment = home(tmp_path, {"name": "p", "mode": mode, **KEYS, **ROLE})
    with pytest.raises(SettingsError, match=f"'p' has the mode {mode} .*use a profile of mode AK, StsToken") as refused:
        settle({"profile": "p"}, environment)
    assert [each.property for each in refused.value.failures] == ["profile"]
    assert ("a mode that is not known" in str(refused.value)) == (mode == "Tomorrow")


@pytest.mark.parametrize(
    ("field", "mode"),
    [
        ("ram_role_name", "EcsRamRole"),
        ("private_key", "RsaKeyPair"),
        ("process_command", "External"),
        ("oidc_provider_arn", "OIDC"),
        ("cloud_sso_sign_in_url", "CloudSSO"),
        ("bearer_token", "BearerToken"),
    ],
)
def test_a_mode_that_is_not_named_is_recognized_as_the_cli_does(tmp_path: Path, field: str, mode: str) -> None:
    with pytest.raises(ProfileError, match=f"has the mode {mode} "):
        read_profile("p", "", home(tmp_path, {"name": "p", field: "x"}))


@pytest.mark.parametrize(
    ("profile", "problem"),
    [
        ({"mode": "AK"}, "no access_key_id"),
        ({"mode": "StsToken", **KEYS}, "no sts_token"),
        ({"mode": "StsToken", **KEYS, "sts_token": " "}, "no sts_token"),
        ({"mode": "RamRoleArn", **KEYS}, "no ram_role_arn"),
        ({"mode": "RamRoleArn", **KEYS, **ROLE, "expired_seconds": "soon"}, "'soon' for expired_seconds"),
        ({"mode": "RamRoleArn", **KEYS, **ROLE, "expired_seconds": "\u00b2"}, "not a number of seconds"),
        ({"mode": "ChainableRamRoleArn", **ROLE}, "no source_profile"),
        ({"mode": "ChainableRamRoleArn", "source_profile": "p", **ROLE}, "leads back to it"),
        ({"mode": "ChainableRamRoleArn", "source_profile": "gone", **ROLE}, "'gone' is not in"),
    ],
)
def test_profiles_that_lack_something(tmp_path: Path, profile: dict[str, Any], problem: str) -> None:
    with pytest.raises(ProfileError, match=problem):
        read_profile("p", "", home(tmp_path, {"name": "p", **profile}))


def test_a_role_of_the_provider_takes_the_place_of_the_profiles(tmp_path: Path) -> None:
    environment = home(tmp_path, {"name": "p", "mode": "RamRoleArn", **KEYS, **ROLE})
    settings = settle({"profile": "p", "assumeRole": {"roleArn": "acs:ram::1:role/other"}}, environment)
    assert [role.role_arn for role in settings.assume_roles] == ["acs:ram::1:role/other"]


@pytest.mark.parametrize(
    ("sets", "environment", "role"),
    [
        ({}, {}, None),
        ({"assumeRole": {}}, {}, None),
        ({}, {"ALIBABA_CLOUD_ROLE_ARN": "r"}, None),
        ({"assumeRole": {}}, {"ALIBABA_CLOUD_ROLE_ARN": "r"}, RoleToAssume("r", "terraform")),
        (
            {"assumeRole": {"externalId": "x"}},
            {"ALICLOUD_ASSUME_ROLE_ARN": "r", "ALIBABA_CLOUD_ROLE_SESSION_NAME": "s"},
            RoleToAssume("r", "s", 3600, "x"),
        ),
        ({"assumeRole": {"roleArn": "q"}}, {"ALIBABA_CLOUD_ROLE_ARN": "r"}, RoleToAssume("q", "terraform")),
        (
            {"assumeRole": '{"roleArn": "q", "sessionExpiration": 900}'},
            {"ALICLOUD_ASSUME_ROLE_SESSION_EXPIRATION": "1800"},
            RoleToAssume("q", "terraform", 900),
        ),
    ],
)
def test_a_role_in_the_environment_counts_where_the_provider_has_a_role(
    sets: dict[str, Any], environment: dict[str, str], role: RoleToAssume | None
) -> None:
    inputs = {"accessKey": "k", "secretKey": "s", **sets}
    if role is None and "assumeRole" in sets:
        with pytest.raises(SettingsError, match=r"assumeRole\.roleArn: is required"):
            settle(inputs, environment)
        return
    assert settle(inputs, environment).assume_roles == ((role,) if role else ())


def test_keys_beat_the_keys_of_a_profile_and_its_role_is_assumed_with_them(tmp_path: Path) -> None:
    keys = {"ALICLOUD_ACCESS_KEY": "mine", "ALICLOUD_SECRET_KEY": "own"}
    role = {"name": "p", "mode": "RamRoleArn", **KEYS, **ROLE, "region_id": "cn-shanghai"}
    chained = {"name": "chained", "mode": "ChainableRamRoleArn", "source_profile": "p", **ROLE}
    environment = {**home(tmp_path, role, chained, {"name": "vm", "mode": "EcsRamRole"}), **keys}
    settled = settle({"profile": "p"}, environment)
    assert (settled.access_key, settled.secret_key, settled.region) == ("mine", "own", "cn-shanghai")
    assert settled.assume_roles == (ASSUMED,)
    for other in ("vm", "gone", "chained"):
        assert settle({"profile": other}, environment).assume_roles == ()
    assert settle({"profile": "chained"}, {"HOME": str(tmp_path)}).access_key == "k"


@pytest.mark.parametrize(
    ("inputs", "environment", "named"),
    [
        ({"ecsRoleName": "r"}, {}, "ecsRoleName"),
        ({}, {"ALICLOUD_ECS_ROLE_NAME": "r"}, "ecsRoleName"),
        ({"credentialsUri": "http://localhost"}, {}, "credentialsUri"),
        ({}, {"ALIBABA_CLOUD_CREDENTIALS_URI": "http://localhost"}, "credentialsUri"),
        ({"assumeRoleWithOidc": {"roleArn": "r"}}, {}, "assumeRoleWithOidc"),
        ({"assumeRoleWithOidc": '{"roleArn": "r"}'}, {}, "assumeRoleWithOidc"),
        ({}, {}, "accessKey"),
    ],
)
def test_a_way_to_credentials_is_known_or_refused_by_its_name(
    inputs: dict[str, Any], environment: dict[str, str], named: str
) -> None:
    with pytest.raises(SettingsError) as refused:
        settle(inputs, environment)
    assert [failure.property for failure in refused.value.failures] == [named]
    assert settle({"accessKey": "k", "secretKey": "s", **inputs}, environment).assume_roles == ()


SECRET = "only-for-tests"


@pytest.mark.parametrize(
    "content",
    [
        "{",
        "null",
        "[]",
        f'"{SECRET}"',
        json.dumps([{"name": "p", "access_key_secret": SECRET}]),
        json.dumps({"profiles": {"p": {"access_key_secret": SECRET}}}),
        json.dumps({"profiles": [SECRET]}),
        json.dumps({"profiles": [None]}),
        json.dumps({"profiles": SECRET}),
        json.dumps({"profiles": 5}),
        '{"profiles":' + "[" * 100_000,
        f"access_key_secret = {SECRET}",
        "\0\0\0",
    ],
)
def test_a_file_that_is_damaged_is_one_sentence_without_what_is_in_it(tmp_path: Path, content: str) -> None:
    environment = home(tmp_path)
    (tmp_path / ".aliyun" / "config.json").write_text(content)
    with pytest.raises(ProfileError, match=r"cannot be read: .* is damaged") as refused:
        read_profile("p", "", environment)
    assert SECRET not in str(refused.value)


def test_two_profiles_of_one_name_are_refused(tmp_path: Path) -> None:
    environment = home(tmp_path, {"name": "p", **KEYS}, {"name": "p", "mode": "RamRoleArn", **KEYS, **ROLE})
    with pytest.raises(ProfileError, match="more than once"):
        read_profile("p", "", environment)


@pytest.mark.parametrize(
    ("lines", "secret", "roles"),
    [
        ("type = access_key\naccess_key_id = k\naccess_key_secret = s", "s", ()),
        ("access_key_id = k\naccess_key_secret = 100%s # the new one", "100%s", ()),
        (
            "type = ram_role_arn\naccess_key_id = k\naccess_key_secret = s\nrole_arn = r\nrole_session_name = n",
            "s",
            (RoleToAssume("r", "n"),),
        ),
    ],
)
def test_a_shared_credentials_file(tmp_path: Path, lines: str, secret: str, roles: tuple[Any, ...]) -> None:
    file = tmp_path / "credentials"
    file.write_text(f"[other]\ntype = bearer\n[p]\n{lines}\n")
    found = read_profile("p", str(file), {})
    assert (found.access_key, found.secret_key, found.roles) == ("k", secret, roles)

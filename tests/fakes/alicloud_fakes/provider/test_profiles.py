"""Profiles: each mode is honoured, or refused by its name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from alicloud_fakes.provider.configuration import SettingsError, settle
from alicloud_fakes.provider.profiles import ProfileError, RoleToAssume, read_profile

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
    "RamRoleArnWithRoleName",
    "RsaKeyPair",
    "CredentialsURI",
    "External",
    "OIDC",
    "CloudSSO",
    "OAuth",
]


@pytest.mark.parametrize("mode", [*MODES, "OAuth", "Tomorrow"])
def test_modes_that_are_refused_by_name(tmp_path: Path, mode: str) -> None:
    environment = home(tmp_path, {"name": "p", "mode": mode, **KEYS, **ROLE})
    with pytest.raises(SettingsError, match=f"'p' has the mode {mode} .*use a profile of mode AK, StsToken") as refused:
        settle({"profile": "p"}, environment)
    assert [each.property for each in refused.value.failures] == ["profile"]


@pytest.mark.parametrize(
    ("profile", "problem"),
    [
        ({"mode": "AK"}, "no access_key_id"),
        ({"mode": "StsToken", **KEYS}, "no sts_token"),
        ({"mode": "RamRoleArn", **KEYS}, "no ram_role_arn"),
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


def test_a_file_that_is_damaged_is_one_sentence(tmp_path: Path) -> None:
    environment = home(tmp_path)
    (tmp_path / ".aliyun" / "config.json").write_text("{")
    with pytest.raises(ProfileError, match=r"cannot be read: .* is damaged"):
        read_profile("p", "", environment)


def test_a_shared_credentials_file(tmp_path: Path) -> None:
    file = tmp_path / "credentials"
    file.write_text("[p]\ntype = access_key\naccess_key_id = k\naccess_key_secret = s\n")
    assert read_profile("p", str(file), {}).access_key == "k"

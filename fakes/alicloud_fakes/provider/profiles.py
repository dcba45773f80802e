"""Profiles of the Alibaba Cloud CLI: what each mode of one means, and which modes the stand-in knows.

Source: aliyun CLI, "Configure credentials" (`aliyun configure --mode`), and its `config.json`.
"""

from __future__ import annotations

import configparser
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

from alicloud_fakes.provider.changes import Failure
from ram_policies.encoding import decode
from ram_policies.error_kinds import with_code

_MOST_CHAINED: Final = 10
# What none of the fake's doors has, or what would look for the real cloud.
_UNSUPPORTED: Final[Mapping[str, str]] = {
    "EcsRamRole": "a role of the instance it runs on",
    "RamRoleArnWithRoleName": "a role of the instance it runs on",
    "RamRoleArnWithEcs": "a role of the instance it runs on",
    "RsaKeyPair": "an RSA key pair",
    "CredentialsURI": "credentials from a URI",
    "External": "credentials from a command",
    "OIDC": "an OIDC token",
    "CloudSSO": "a CloudSSO session",
    "OAuth": "an OAuth sign-in",
}


@dataclass(frozen=True, slots=True)
class RoleToAssume:
    """A role that the provider assumes when it starts."""

    role_arn: str
    session_name: str = "terraform"
    session_expiration: int = 3600
    external_id: str = ""
    policy: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Profile:
    """Credentials of a profile, and the roles to assume with them, in order."""

    access_key: str
    secret_key: str
    security_token: str
    region: str
    roles: tuple[RoleToAssume, ...] = ()


class ProfileError(ValueError):
    """A profile that cannot be used.

    Attributes:
        failure: the key it concerns, with the reason and the way out.
    """

    def __init__(self, name: str, problem: str) -> None:
        self.failure = Failure("profile", with_code(f"{name!r} {problem}", "unusable-profile"))
        super().__init__(self.failure.reason)


def read_profile(name: str, file: str, environment: Mapping[str, str]) -> Profile:
    """Read a profile of the aliyun CLI (JSON), or of a shared credentials file (INI).

    Args:
        name: of the profile.
        file: where it is; empty for ``~/.aliyun/config.json``.
        environment: for the home folder.

    Raises:
        ProfileError: there is no such file or profile, or the stand-in does not know its mode.
    """
    home = environment.get("HOME") or environment.get("USERPROFILE") or "~"
    path = Path(file or Path(home).expanduser() / ".aliyun" / "config.json").expanduser()
    if not path.is_file():
        raise ProfileError(name, f"is looked for in {path}, which does not exist: run `aliyun configure`")
    return _read(name, _stored(name, path), path, ())


def _stored(name: str, path: Path) -> dict[str, dict[str, str]]:
    try:
        text = decode(path.read_bytes())
        if text.lstrip().startswith("{"):
            listed = cast("list[dict[str, object]]", json.loads(text).get("profiles") or [])
            return {str(each.get("name")): _texts(each) for each in listed}
        parser = configparser.ConfigParser()
        parser.read_string(text)
        return {section: dict(parser[section]) for section in parser.sections()}
    except (OSError, ValueError, AttributeError, TypeError, configparser.Error) as error:
        raise ProfileError(name, f"cannot be read: {path} is damaged ({type(error).__name__})") from None


def _texts(values: Mapping[str, object]) -> dict[str, str]:
    return {key: str(value) for key, value in values.items() if value is not None}


def _read(name: str, stored: Mapping[str, Mapping[str, str]], path: Path, before: tuple[str, ...]) -> Profile:
    found = stored.get(name)
    if found is None:
        raise ProfileError(name, f"is not in {path}; there are: {', '.join(sorted(stored)) or 'none'}")
    mode = found.get("mode") or found.get("type") or "AK"
    match mode.lower():
        case "ak" | "access_key":
            return _keys(name, found, "")
        case "ststoken" | "sts":
            token = found.get("sts_token") or found.get("security_token") or ""
            if not token:
                raise ProfileError(name, "has the mode StsToken and no sts_token: run `aliyun configure` again")
            return _keys(name, found, token)
        case "ramrolearn" | "ram_role_arn":
            base = _keys(name, found, found.get("sts_token", ""))
            return _with_role(name, found, base)
        case "chainableramrolearn":
            source = found.get("source_profile", "")
            if not source or source in (*before, name) or len(before) >= _MOST_CHAINED:
                problem = f"names {source!r}, which leads back to it" if source else "has no source_profile"
                raise ProfileError(name, f"has the mode {mode} and {problem}")
            return _with_role(name, found, _read(source, stored, path, (*before, name)))
        case _:
            known = {key.lower(): key for key in _UNSUPPORTED}
            what = _UNSUPPORTED.get(known.get(mode.lower(), ""), "a mode that is not known")
            fix = "use a profile of mode AK, StsToken, RamRoleArn or ChainableRamRoleArn"
            raise ProfileError(name, f"has the mode {mode} ({what}), which the stand-in does not know: {fix}")


def _keys(name: str, found: Mapping[str, str], token: str) -> Profile:
    key, secret = found.get("access_key_id", ""), found.get("access_key_secret", "")
    if not key or not secret:
        raise ProfileError(name, "has no access_key_id or no access_key_secret: run `aliyun configure` again")
    return Profile(key, secret, token, found.get("region_id", ""))


def _with_role(name: str, found: Mapping[str, str], base: Profile) -> Profile:
    arn = found.get("ram_role_arn") or found.get("role_arn") or ""
    if not arn:
        raise ProfileError(name, f"has the mode {found.get('mode')} and no ram_role_arn: run `aliyun configure` again")
    seconds = found.get("expired_seconds") or found.get("expiration") or "0"
    role = RoleToAssume(
        arn,
        found.get("ram_session_name") or found.get("role_session_name") or "default",
        int(seconds) if seconds.isdigit() and int(seconds) else 3600,
        found.get("external_id", ""),
        found.get("policy", ""),
    )
    return Profile(
        base.access_key,
        base.secret_key,
        base.security_token,
        found.get("region_id") or base.region,
        (*base.roles, role),
    )

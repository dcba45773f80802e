"""Profiles of the Alibaba Cloud CLI: what each mode of one means, and which modes the stand-in knows.

Source: aliyun CLI, "Configure credentials" (`aliyun configure --mode`), and its `config.json`.
"""

from __future__ import annotations

import configparser
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

from alicloud_fakes.provider.check_and_diff import Failure
from ram_policies.encoding import decode_text
from ram_policies.error_kinds import with_code

_MOST_CHAINED: Final = 10
_LASTING: Final = 3600  # seconds
_INSTANCE: Final = "a role of the instance it runs on"
# What none of the fake's doors has, or what would look for the real cloud; the CLI's names and those of a credentials
# file, without the differences that `_key_of` takes away.
_UNSUPPORTED: Final[Mapping[str, str]] = {
    "ecsramrole": _INSTANCE,
    "ramrolearnwithrolename": _INSTANCE,
    "ramrolearnwithecs": _INSTANCE,
    "rsakeypair": "an RSA key pair",
    "credentialsuri": "credentials from a URI",
    "external": "credentials from a command",
    "oidc": "an OIDC token",
    "oidcrolearn": "an OIDC token",
    "cloudsso": "a CloudSSO session",
    "oauth": "an OAuth sign-in",
    "bearertoken": "a bearer token",
    "bearer": "a bearer token",
    "anonymous": "no credentials",
}
_SIGNS: Final[Mapping[str, str]] = {
    "private_key": "RsaKeyPair",
    "ram_role_name": "EcsRamRole",
    "process_command": "External",
    "oidc_provider_arn": "OIDC",
    "cloud_sso_sign_in_url": "CloudSSO",
    "bearer_token": "BearerToken",
}
"""Fields by which the CLI recognizes the mode of a profile that has no keys and names none."""
_SECONDS: Final = re.compile(r"(-?[0-9]{1,9})(\.0*)?")


@dataclass(frozen=True, slots=True)
class RoleToAssume:
    """A role that the provider assumes when it starts."""

    role_arn: str
    session_name: str = "terraform"
    session_expiration: int = _LASTING
    external_id: str = ""
    policy: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Profile:
    """Credentials of a profile, and the roles to assume with them, in order.

    Attributes:
        chained: whether the credentials are those of another profile.
    """

    access_key: str
    secret_key: str
    security_token: str
    region: str
    roles: tuple[RoleToAssume, ...] = ()
    chained: bool = False


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
        text = decode_text(path.read_bytes())
        content = _json_of(text)
        if content is None:
            return _sections(text)
        listed = [(str(one.get("name")), _texts(one)) for one in content.get("profiles") or []]
    except (OSError, ValueError, AttributeError, TypeError, RecursionError, configparser.Error) as error:
        raise ProfileError(name, f"cannot be read: {path} is damaged ({type(error).__name__})") from None
    if sum(known == name for known, _ in listed) > 1:
        raise ProfileError(name, f"is in {path} more than once: take all but one of them out")
    return dict(listed)


def _json_of(text: str) -> dict[str, list[dict[str, object]]] | None:
    """The JSON in a file; None where it has none, and may be an INI file."""
    try:
        return cast("dict[str, list[dict[str, object]]]", json.loads(text))
    except ValueError:
        # `[` begins a section as well as a list.
        if text.lstrip().startswith("{"):
            raise
        return None


def _sections(text: str) -> dict[str, dict[str, str]]:
    # As the official SDKs read such a file: what follows a `#` is a comment.
    parser = configparser.ConfigParser(interpolation=None, inline_comment_prefixes=("#",))
    parser.read_string(text)
    return {section: dict(parser[section]) for section in parser.sections()}


def _texts(values: Mapping[str, object]) -> dict[str, str]:
    return {key: str(value).strip() for key, value in values.items() if value is not None}


def _key_of(mode: str) -> str:
    """A mode as it is compared: the CLI passes over letter case, and files of credentials write `ram_role_arn`."""
    return mode.lower().replace("_", "")


def _recognized(found: Mapping[str, str]) -> str:
    """The mode of a profile that names none, as the CLI recognizes it."""
    if found.get("access_key_id") and found.get("access_key_secret"):
        if found.get("sts_token") or found.get("security_token"):
            return "StsToken"
        return "RamRoleArn" if found.get("ram_role_arn") or found.get("role_arn") else "AK"
    return next((mode for field, mode in _SIGNS.items() if found.get(field)), "AK")


def _read(name: str, stored: Mapping[str, Mapping[str, str]], path: Path, before: tuple[str, ...]) -> Profile:
    found = stored.get(name)
    if found is None:
        raise ProfileError(name, f"is not in {path}; there are: {', '.join(sorted(stored)) or 'none'}")
    mode = found.get("mode") or found.get("type") or _recognized(found)
    match _key_of(mode):
        case "ak" | "accesskey":
            return _keys(name, found, "")
        case "ststoken" | "sts":
            token = found.get("sts_token") or found.get("security_token") or ""
            if not token:
                raise ProfileError(name, "has the mode StsToken and no sts_token: run `aliyun configure` again")
            return _keys(name, found, token)
        case "ramrolearn":
            base = _keys(name, found, found.get("sts_token", ""))
            return _with_role(name, found, base, chained=False)
        case "chainableramrolearn":
            source = found.get("source_profile", "")
            if not source or source in (*before, name) or len(before) >= _MOST_CHAINED:
                problem = f"names {source!r}, which leads back to it" if source else "has no source_profile"
                raise ProfileError(name, f"has the mode {mode} and {problem}")
            return _with_role(name, found, _read(source, stored, path, (*before, name)), chained=True)
        case key:
            what = _UNSUPPORTED.get(key, "a mode that is not known")
            fix = "use a profile of mode AK, StsToken, RamRoleArn or ChainableRamRoleArn"
            raise ProfileError(name, f"has the mode {mode} ({what}), which the stand-in does not know: {fix}")


def _keys(name: str, found: Mapping[str, str], token: str) -> Profile:
    key, secret = found.get("access_key_id", ""), found.get("access_key_secret", "")
    if not key or not secret:
        raise ProfileError(name, "has no access_key_id or no access_key_secret: run `aliyun configure` again")
    return Profile(key, secret, token, found.get("region_id", ""))


def _with_role(name: str, found: Mapping[str, str], base: Profile, *, chained: bool) -> Profile:
    arn = found.get("ram_role_arn") or found.get("role_arn") or ""
    if not arn:
        mode = found.get("mode") or found.get("type")
        raise ProfileError(name, f"has the mode {mode} and no ram_role_arn: run `aliyun configure` again")
    role = RoleToAssume(
        arn,
        found.get("ram_session_name") or found.get("role_session_name") or "default",
        _seconds(name, found.get("expired_seconds") or found.get("expiration") or "0"),
        found.get("external_id", ""),
        found.get("policy", ""),
    )
    return Profile(
        base.access_key,
        base.secret_key,
        base.security_token,
        found.get("region_id") or base.region,
        (*base.roles, role),
        chained,
    )


def _seconds(name: str, text: str) -> int:
    number = _SECONDS.fullmatch(text)
    if number is None:
        raise ProfileError(name, f"has {text!r} for expired_seconds, which is not a number of seconds")
    return int(number[1]) or _LASTING

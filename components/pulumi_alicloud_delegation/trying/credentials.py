"""An operator's own credentials: from the environment, or from a profile of the aliyun CLI.

Source: aliyun CLI, "Configure credentials", and its `config.json`; the names of variables are those that the CLI reads.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from ram_policies import InvalidInputError
from ram_policies.encoding import decode_text

_ID = ("ALIBABA_CLOUD_ACCESS_KEY_ID", "ALICLOUD_ACCESS_KEY_ID", "ALICLOUD_ACCESS_KEY")
_SECRET = ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALICLOUD_ACCESS_KEY_SECRET", "ALICLOUD_SECRET_KEY")
_TOKEN = ("ALIBABA_CLOUD_SECURITY_TOKEN", "ALICLOUD_SECURITY_TOKEN")
_WITH_KEYS = {mode.lower(): mode for mode in ("AK", "StsToken", "RamRoleArn")}
"""Modes of a profile that hold keys. Of RamRoleArn they are the user's own, which assume the role."""
_FIELDS = ("access_key_id", "access_key_secret", "sts_token")


@dataclass(frozen=True, slots=True)
class OperatorKeys:
    """Credentials.

    Attributes:
        id: access key ID.
        secret: access key secret.
        token: security token of temporary credentials; empty for lasting ones.
    """

    id: str
    secret: str = field(repr=False)
    token: str = field(default="", repr=False)


def own_keys(profile: str | None, environment: Mapping[str, str]) -> OperatorKeys:
    """The operator's keys: of the profile that is named, of the environment, or of the CLI's current profile.

    Args:
        profile: name of a profile of the aliyun CLI.
        environment: variables of the process.

    Raises:
        InvalidInputError: there are none, or the profile has no keys of its own.
    """
    if profile is None:
        found = [next((environment[name] for name in names if environment.get(name)), "") for names in _NAMES]
        if found[0] and found[1]:
            return OperatorKeys(found[0], found[1], found[2])
    return _profile(profile, environment)


_NAMES = (_ID, _SECRET, _TOKEN)


def _profile(name: str | None, environment: Mapping[str, str]) -> OperatorKeys:
    home = environment.get("HOME") or environment.get("USERPROFILE") or "~"
    path = Path(home).expanduser() / ".aliyun" / "config.json"
    try:
        content = cast("dict[str, object]", json.loads(decode_text(path.read_bytes())))
        listed = cast("list[dict[str, object]]", content.get("profiles") or [])
        profiles = {str(one.get("name")): one for one in listed}
        wanted = name or str(content.get("current") or "default")
    except OSError:
        fix = f"set {_ID[0]} and {_SECRET[0]}, or run `aliyun configure`"
        raise InvalidInputError(
            "--profile", name, f"is not found: there is no {path}", fix, code="unusable-profile"
        ) from None
    except (ValueError, AttributeError, TypeError, RecursionError):
        problem = f"cannot be read: {path} is damaged"
        raise InvalidInputError("--profile", name, problem, "write it again", code="unusable-profile") from None
    found = profiles.get(wanted)
    if found is None:
        names = ", ".join(sorted(profiles)) or "none"
        problem = f"is not a profile of {path}"
        raise InvalidInputError("--profile", wanted, problem, f"name one of {names}", code="unusable-profile")
    key, secret, token = (str(found.get(field) or "").strip() for field in _FIELDS)
    # As the CLI: it passes over letter case, and recognizes the mode of a profile that names none.
    mode = str(found.get("mode") or ("StsToken" if token else "AK"))
    lacking = not key or not secret or (mode.lower() == "ststoken" and not token)
    if mode.lower() not in _WITH_KEYS or lacking:
        fix = f"name a profile of mode {', '.join(_WITH_KEYS.values())}, or set {_ID[0]} and {_SECRET[0]}"
        problem = f"has no keys of its own (mode {mode})"
        raise InvalidInputError("--profile", wanted, problem, fix, code="unusable-profile")
    return OperatorKeys(key, secret, "" if mode.lower() == "ak" else token)

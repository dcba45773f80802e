"""Clouds with a file of state, and requests for them: what the tests of the file have in common."""

from __future__ import annotations

import time
import uuid
from pathlib import Path
from urllib.parse import urlencode

from alicloud_fakes import Cloud, HttpRequest
from alicloud_fakes.cloud.file import StateFile
from alicloud_fakes.core import signature

KEY, SECRET = "FAKEroot", "secret"


def signed(action: str, **parameters: str) -> HttpRequest:
    given = {
        **parameters,
        "Action": action,
        "Version": "2015-05-01",
        "Format": "JSON",
        "AccessKeyId": KEY,
        "SignatureMethod": "HMAC-SHA1",
        "SignatureVersion": "1.0",
        "SignatureNonce": str(uuid.uuid4()),
        "Timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
    }
    given["Signature"] = signature.v1_signature(SECRET, signature.v1_string_to_sign("GET", given))
    return HttpRequest("GET", "/", urlencode(given))


def make_user(cloud: Cloud, name: str) -> int:
    return cloud.handle(signed("CreateUser", UserName=name)).status


def users(cloud: Cloud) -> list[str]:
    return [user.name for user in cloud.account("1").ram.users]


def kept(path: Path, seed: str | None = None) -> tuple[Cloud, StateFile]:
    cloud = Cloud(seed=seed)
    cloud.add_account("1", root_key_id=KEY, root_key_secret=SECRET)
    state = StateFile(cloud, path)
    state.open()
    return cloud, state


def opened(path: Path) -> tuple[Cloud, StateFile]:
    cloud = Cloud()
    state = StateFile(cloud, path)
    state.open()
    return cloud, state


def kept_in(path: Path) -> list[str]:
    cloud, state = opened(path)
    state.close()
    return users(cloud)

"""`mock_alicloud` against moto's decorator, each through its own official SDK, in one process, in turn.

The same kinds of calls on both: create, get, attach, assume role, list. Ours checks signature and permission of each,
moto does neither. The SDK's own time is measured separately: answers are recorded, and given back where the fake hooks
in.
"""

from __future__ import annotations

import contextlib
import functools
import json
import os
import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any
from unittest import mock

import boto3
import requests.adapters
from alibabacloud_ram20150501 import models as ram
from alibabacloud_ram20150501.client import Client as Ram
from alibabacloud_sts20150401 import models as sts
from alibabacloud_sts20150401.client import Client as Sts
from alibabacloud_tea_openapi.models import Config
from moto import mock_aws
from moto.core.botocore_stubber import BotocoreStubber

from alicloud_fakes import Account, mock_alicloud

ACCOUNT = "11223344"
CALLS = 60  # of each kind in a round
ROUNDS = 5
# Listed whole: moto's list of users knows no MaxItems, and would be measured with all users of the load.
ROLES = ("bench", "a", "b", "c", "d")
KINDS = ("create", "get", "attach", "assume", "list")
Calls = dict[str, Callable[[str], object]]


def ours(account: Account) -> Calls:
    """Calls of a RAM user who has the permission for each of them, and for assuming a role."""
    root = Ram(_config(account.root_key.id, account.root_key.secret, "ram"))
    trust = {
        "Version": "1",
        "Statement": [
            {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"RAM": [f"acs:ram::{ACCOUNT}:root"]}}
        ],
    }
    root.create_user(ram.CreateUserRequest(user_name="bench"))
    for name in ROLES:
        root.create_role(ram.CreateRoleRequest(role_name=name, assume_role_policy_document=json.dumps(trust)))
    for policy in ("AliyunRAMFullAccess", "AliyunSTSAssumeRoleAccess"):
        root.attach_policy_to_user(
            ram.AttachPolicyToUserRequest(user_name="bench", policy_name=policy, policy_type="System")
        )
    key = root.create_access_key(ram.CreateAccessKeyRequest(user_name="bench")).body.access_key
    user = Ram(_config(key.access_key_id, key.access_key_secret, "ram"))
    tokens = Sts(_config(key.access_key_id, key.access_key_secret, "sts"))
    role = f"acs:ram::{ACCOUNT}:role/bench"
    return {
        "create": lambda name: user.create_user(ram.CreateUserRequest(user_name=name)),
        "get": lambda name: user.get_user(ram.GetUserRequest(user_name=name)),
        "attach": lambda name: user.attach_policy_to_user(
            ram.AttachPolicyToUserRequest(user_name=name, policy_name="AliyunECSReadOnlyAccess", policy_type="System")
        ),
        "assume": lambda name: tokens.assume_role(sts.AssumeRoleRequest(role_arn=role, role_session_name=name)),
        "list": lambda _: user.list_roles(ram.ListRolesRequest(max_items=10)),
    }


def _config(key: str, secret: str, product: str) -> Config:
    return Config(access_key_id=key, access_key_secret=secret, endpoint=f"{product}.aliyuncs.com")


def moto() -> Calls:
    """The same kinds of calls on moto."""
    login = {"aws_access_key_id": "k", "aws_secret_access_key": "s", "region_name": "us-east-1"}
    iam, tokens = boto3.client("iam", **login), boto3.client("sts", **login)
    statement: dict[str, object] = {"Effect": "Allow", "Action": "*"}
    trust = {"Version": "2012-10-17", "Statement": {**statement, "Principal": "*"}}
    document = {"Version": "2012-10-17", "Statement": {**statement, "Resource": "*"}}
    roles = [
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"] for name in ROLES
    ]
    role = roles[0]
    policy = iam.create_policy(PolicyName="bench", PolicyDocument=json.dumps(document))["Policy"]["Arn"]
    return {
        "create": lambda name: iam.create_user(UserName=name),
        "get": lambda name: iam.get_user(UserName=name),
        "attach": lambda name: iam.attach_user_policy(UserName=name, PolicyArn=policy),
        "assume": lambda name: tokens.assume_role(RoleArn=role, RoleSessionName=name),
        "list": lambda _: iam.list_roles(MaxItems=10),
    }


def load(calls: Calls, tag: str) -> dict[str, float]:
    """Seconds for a round of each kind."""
    found: dict[str, float] = {}
    for kind in KINDS:
        call = calls[kind]
        begun = time.perf_counter()
        for number in range(CALLS):
            call(f"{tag}-{number}")
        found[kind] = time.perf_counter() - begun
    return found


@contextlib.contextmanager
def instant(target: type, method: str) -> Iterator[Callable[[], None]]:
    """Record the answers of a method; once the returned function is called, it only gives back the last one."""
    real = getattr(target, method)
    kept: list[Any] = []

    @functools.wraps(real)
    def send(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - of either library
        if not recording:
            return kept[-1]
        kept.append(real(*args, **kwargs))
        _ = kept[-1].content  # read now, so that it is there for every reader
        return kept[-1]

    recording = True

    def stop_recording() -> None:
        nonlocal recording
        recording = False

    with mock.patch.object(target, method, send):
        yield stop_recording


def sdk(calls: Calls, target: type, method: str, tag: str) -> dict[str, float]:
    """Seconds that the SDK alone takes for a round of each kind."""
    found: dict[str, float] = {}
    for kind in KINDS:
        with instant(target, method) as stop_recording:
            calls[kind](tag)
            stop_recording()
            begun = time.perf_counter()
            for number in range(CALLS):
                calls[kind](f"{tag}-{number}")
            found[kind] = time.perf_counter() - begun
    return found


def compare() -> dict[str, dict[str, list[float]]]:
    """Seconds by side and kind of call: ours, moto, and the SDK of each alone."""
    seconds: dict[str, dict[str, list[float]]] = {}

    def note(side: str, found: dict[str, float]) -> None:
        for kind, value in found.items():
            seconds.setdefault(side, {}).setdefault(kind, []).append(value)

    # Both patch the requests library. The one that is entered last comes first, so only our calls go through both.
    with mock_aws(), mock_alicloud({ACCOUNT: ""}) as cloud:
        mine, theirs = ours(cloud.account(ACCOUNT)), moto()
        load(mine, "warm")
        load(theirs, "warm")
        for number in range(ROUNDS):
            tag = f"r{number}"
            note("ours", load(mine, tag))
            note("moto", load(theirs, tag))
            note("sdk of ours", sdk(mine, requests.adapters.HTTPAdapter, "send", f"s{number}"))
            note("sdk of moto", sdk(theirs, BotocoreStubber, "__call__", f"s{number}"))
    return seconds


def main() -> None:
    print(f"{os.cpu_count()} processors; ours with checks of signature and permission, moto without; {ROUNDS} rounds")
    seconds = compare()
    print(f"{'ms per call (median)':22}" + "".join(f"{kind:>9}" for kind in KINDS) + f"{'all':>9}")
    for side, found in seconds.items():
        figures = [statistics.median(found[kind]) / CALLS * 1e3 for kind in KINDS]
        print(f"{side:22}" + "".join(f"{figure:9.3f}" for figure in (*figures, statistics.mean(figures))))
    total = {side: [sum(round_) for round_ in zip(*found.values(), strict=True)] for side, found in seconds.items()}
    for side in ("ours", "moto"):
        share = median_ratio(total[f"sdk of {side}"], total[side])
        rate = CALLS * len(KINDS) / statistics.median(total[side])
        print(f"{side}: {rate:.0f} calls/s, {share:.0%} of the time is the SDK")
    print(
        json.dumps(
            {
                "throughput_ratio": round(median_ratio(total["moto"], total["ours"]), 2),
                "sdk_share": round(median_ratio(total["sdk of ours"], total["ours"]), 2),
            }
        )
    )


def median_ratio(over: list[float], under: list[float]) -> float:
    """Median of the rounds' ratios."""
    return statistics.median(a / b for a, b in zip(over, under, strict=True))


if __name__ == "__main__":
    main()

"""The scenario's two accounts, for tests of the console."""

from __future__ import annotations

from typing import Any

import oss2

from alicloud_fakes import Cloud, mock_alicloud
from alicloud_fakes.cloud.accounts import account_from
from alicloud_fakes.console.apis import Apis
from alicloud_fakes.identity.session_tokens import TemporaryCredentials

OWNER, DELEGATE = "11223344", "12345678"
PASSWORD = "First-Password-1"
TRUST = {
    "Version": "1",
    "Statement": [
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"RAM": [f"acs:ram::{DELEGATE}:root"]}},
    ],
}
ASSUME = {
    "Version": "1",
    "Statement": [
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": f"acs:ram:*:{OWNER}:role/ecs-admin"},
    ],
}
# A deny of everything, as a suspended delegation attaches it.
SUSPENDED = {"Version": "1", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}


def scenario(seed: str = "console") -> Cloud:
    """A with servers and a role for B; B with AAA, who has a password."""
    cloud = Cloud(seed=seed)
    owner: dict[str, Any] = {
        "id": OWNER,
        "alias": "company-a",
        "policies": [{"name": "delegation-suspended", "document": SUSPENDED}],
        "roles": [{"name": "ecs-admin", "trust": TRUST, "policies": ["AliyunECSFullAccess"]}],
        "databases": [{"description": "orders"}],
        "loadBalancers": [{"name": "front"}],
    }
    delegate: dict[str, Any] = {
        "id": DELEGATE,
        "alias": "company-b",
        "policies": [{"name": "assume-ecs-admin", "document": ASSUME}],
        "groups": [{"name": "operators", "policies": ["assume-ecs-admin"]}],
        "users": [{"name": "AAA", "groups": ["operators"], "password": PASSWORD}],
    }
    account_from(cloud, owner, "owner")
    account_from(cloud, delegate, "delegate")
    for name in ("web-1", "web-2"):
        cloud.account(OWNER).ecs.run(name)
    return cloud


def as_root(cloud: Cloud, account: str) -> Apis:
    """The APIs, called by an account's root."""
    key = cloud.account(account).root_key
    return Apis(cloud, TemporaryCredentials(key.id, key.secret, "", ""), "127.0.0.1")


def suspend(cloud: Cloud) -> None:
    """Suspend the delegation, as A's administrator."""
    call = as_root(cloud, OWNER).call(
        "ram", "AttachPolicyToRole", PolicyType="Custom", PolicyName="delegation-suspended", RoleName="ecs-admin"
    )
    assert call.ok, call.body


def put_reports(cloud: Cloud, *keys: str) -> None:
    """Put objects of three bytes into A's bucket `reports`, which is made."""
    with mock_alicloud(cloud=cloud):
        root = cloud.account(OWNER).root_key
        bucket = oss2.Bucket(oss2.Auth(root.id, root.secret), "https://oss-cn-hangzhou.aliyuncs.com", "reports")
        bucket.create_bucket()
        for key in keys:
            bucket.put_object(key, b"1,2")

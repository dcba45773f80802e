"""Permissions in OSS: RAM policies, bucket policies, ACLs, sessions, across accounts."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import oss2
import pytest
from alibabacloud_ram20150501 import models as ram
from alibabacloud_sts20150401 import models as sts

from alicloud_fakes import Cloud
from alicloud_fakes.http import Server

READ = ["oss:GetObject", "oss:ListObjects"]


def allow(actions: Any, resources: Any, **condition: Any) -> dict[str, Any]:
    return {
        "Effect": "Allow",
        "Action": actions,
        "Resource": resources,
        **({"Condition": condition} if condition else {}),
    }


@pytest.fixture
def bucket(oss: Any, root: Any) -> oss2.Bucket:
    bucket = oss.bucket(root, "data-of-a")
    bucket.create_bucket()
    for key in ("public/1", "secret/1"):
        bucket.put_object(key, key)
    return bucket


def denied(call: Callable[..., Any], *args: Any, **kwargs: Any) -> oss2.exceptions.AccessDenied:
    with pytest.raises(oss2.exceptions.AccessDenied) as refused:
        call(*args, **kwargs)
    return refused.value


def test_a_user_without_policies_may_do_nothing(oss: Any, bucket: oss2.Bucket, user: Any) -> None:
    key = user("company-a", "nobody")
    own = oss.bucket(key, bucket.bucket_name)
    denied(own.get_object, "public/1")
    denied(own.put_object, "x", b"")
    denied(own.list_objects)
    denied(oss.service(key).list_buckets)
    assert bucket.list_objects().object_list[-1].key == "secret/1"


def test_permissions_are_for_keys_under_a_prefix(oss: Any, bucket: oss2.Bucket, user: Any) -> None:
    key = user("company-a", "reader", allow("oss:GetObject", "acs:oss:*:*:data-of-a/public/*"))
    own = oss.bucket(key, bucket.bucket_name)
    assert own.get_object("public/1").read() == b"public/1"
    refused = denied(own.get_object, "secret/1")
    assert (refused.status, refused.code) == (403, "AccessDenied")
    denied(own.put_object, "public/2", b"")
    denied(own.batch_delete_objects, ["public/1"])


def test_an_explicit_deny_wins(oss: Any, bucket: oss2.Bucket, user: Any) -> None:
    deny = {"Effect": "Deny", "Action": "oss:GetObject", "Resource": "acs:oss:*:*:data-of-a/secret/*"}
    own = oss.bucket(user("company-a", "most", allow("oss:*", "*"), deny), bucket.bucket_name)
    assert own.get_object("public/1").status == 200
    denied(own.get_object, "secret/1")
    bucket.put_object_acl("secret/1", "public-read")
    denied(own.get_object, "secret/1")


def test_lists_are_limited_to_a_prefix_by_condition(oss: Any, bucket: oss2.Bucket, user: Any) -> None:
    only = {"StringLike": {"oss:Prefix": ["public/*"]}, "StringEquals": {"oss:Delimiter": "/"}}
    own = oss.bucket(
        user("company-a", "lister", allow("oss:ListObjects", "acs:oss:*:*:data-of-a", **only)), "data-of-a"
    )
    assert [one.key for one in own.list_objects(prefix="public/", delimiter="/").object_list] == ["public/1"]
    assert [one.key for one in own.list_objects_v2(prefix="public/", delimiter="/").object_list] == ["public/1"]
    denied(own.list_objects, prefix="secret/", delimiter="/")
    denied(own.list_objects, prefix="public/")


@pytest.mark.parametrize(
    ("condition", "allowed"),
    [
        ({"IpAddress": {"acs:SourceIp": "127.0.0.1"}, "StringNotLike": {"acs:SourceVpc": "vpc-*"}}, True),
        ({"IpAddress": {"acs:SourceIp": "10.0.0.0/8"}, "StringNotLike": {"acs:SourceVpc": "vpc-*"}}, False),
        ({"StringLike": {"acs:UserAgent": "aliyun-sdk-python*"}}, True),
    ],
)
def test_conditions_on_the_request(
    oss: Any, bucket: oss2.Bucket, user: Any, condition: dict[str, Any], allowed: bool
) -> None:
    own = oss.bucket(user("company-a", "somewhere", allow("oss:GetObject", "*", **condition)), "data-of-a")
    if allowed:
        assert own.get_object("public/1").status == 200
    else:
        denied(own.get_object, "public/1")


def test_secure_transport_follows_the_door(door: Any, oss: Any, bucket: oss2.Bucket, user: Any) -> None:
    condition = {"Bool": {"acs:SecureTransport": "true"}}
    own = oss.bucket(user("company-a", "secure", allow("oss:GetObject", "*", **condition)), "data-of-a")
    if door.protocol == "HTTPS":
        assert own.get_object("public/1").status == 200
    else:
        denied(own.get_object, "public/1")


def test_full_access_ends_at_the_account(oss: Any, bucket: oss2.Bucket, user: Any, door: Any) -> None:
    foreign = oss.bucket(user("company-b", "everything", allow("*", "*")), bucket.bucket_name)
    denied(foreign.get_object, "public/1")
    denied(foreign.delete_object, "public/1")
    denied(oss.bucket(door.cloud.account("company-b").root_key, bucket.bucket_name).get_object, "public/1")
    assert bucket.get_object("public/1").read() == b"public/1"


def test_a_bucket_policy_lets_another_account_in(oss: Any, bucket: oss2.Bucket, user: Any, door: Any) -> None:
    foreign = oss.bucket(user("company-b", "partner"), bucket.bucket_name)
    principal = door.cloud.account("company-b").ram.users.get("partner").id
    statement = {
        "Effect": "Allow",
        "Action": ["oss:GetObject"],
        "Principal": [principal],
        "Resource": ["acs:oss:*:11223344:data-of-a/public/*"],
    }
    with pytest.raises(oss2.exceptions.NoSuchBucketPolicy):
        bucket.get_bucket_policy()
    bucket.put_bucket_policy(json.dumps({"Version": "1", "Statement": [statement]}))
    assert principal in bucket.get_bucket_policy().policy
    assert foreign.get_object("public/1").read() == b"public/1"
    denied(foreign.get_object, "secret/1")
    denied(foreign.put_object, "public/1", b"")
    bucket.delete_bucket_policy()
    denied(foreign.get_object, "public/1")


def test_a_request_from_the_internet_has_an_empty_vpc(oss: Any, bucket: oss2.Bucket) -> None:
    anybody = oss.bucket(None, bucket.bucket_name)
    statement = {
        "Effect": "Allow",
        "Action": ["oss:GetObject"],
        "Principal": ["*"],
        "Resource": ["acs:oss:*:*:data-of-a/*"],
    }
    anywhere = {**statement, "Condition": {"StringLike": {"acs:SourceVpc": ["*"]}}}
    outside = {**statement, "Effect": "Deny", "Condition": {"StringNotLike": {"acs:SourceVpc": ["vpc-*"]}}}
    bucket.put_bucket_policy(json.dumps({"Version": "1", "Statement": [anywhere]}))
    assert anybody.get_object("public/1").read() == b"public/1"
    bucket.put_bucket_policy(json.dumps({"Version": "1", "Statement": [statement, outside]}))
    denied(anybody.get_object, "public/1")
    inside = {**statement, "Condition": {"StringLike": {"acs:SourceVpc": ["vpc-*"]}}}
    bucket.put_bucket_policy(json.dumps({"Version": "1", "Statement": [inside]}))
    denied(anybody.get_object, "public/1")


def test_a_malformed_bucket_policy_is_refused(bucket: oss2.Bucket) -> None:
    with pytest.raises(oss2.exceptions.ServerError) as refused:
        bucket.put_bucket_policy('{"Version": "1", "Statement": [{"Effect": "Perhaps"}]}')
    assert (refused.value.status, refused.value.code) == (400, "InvalidPolicyDocument")


def test_acls_open_objects_to_everybody(oss: Any, bucket: oss2.Bucket) -> None:
    anybody = oss.bucket(None, bucket.bucket_name)
    denied(anybody.get_object, "public/1")
    bucket.put_object_acl("public/1", "public-read")
    assert anybody.get_object("public/1").read() == b"public/1"
    denied(anybody.get_object, "secret/1")
    denied(anybody.put_object, "public/1", b"")
    bucket.put_bucket_acl("public-read-write")
    anybody.put_object("drop", b"off")
    assert bucket.get_object("drop").read() == b"off"
    denied(anybody.list_objects)
    denied(anybody.create_bucket)


def test_a_role_of_another_account_reads_with_its_token_and_no_more(
    oss: Any, bucket: oss2.Bucket, user: Any, door: Any, root: Any
) -> None:
    trust = {
        "Version": "1",
        "Statement": [
            {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"RAM": ["acs:ram::12345678:root"]}}
        ],
    }
    a = door.ram(root)
    a.create_role(ram.CreateRoleRequest(role_name="reader", assume_role_policy_document=json.dumps(trust)))
    a.attach_policy_to_role(
        ram.AttachPolicyToRoleRequest(role_name="reader", policy_name="AliyunOSSFullAccess", policy_type="System")
    )
    key = user("company-b", "operator", allow("sts:AssumeRole", "acs:ram:*:11223344:role/reader"))
    session = json.dumps({"Version": "1", "Statement": [allow(READ, "*")]})
    assumed = door.sts(key).assume_role(
        sts.AssumeRoleRequest(role_arn="acs:ram::11223344:role/reader", role_session_name="operator", policy=session)
    )
    credentials = assumed.body.credentials
    own = oss.bucket(credentials, bucket.bucket_name)
    assert own.get_object("public/1").read() == b"public/1"
    denied(own.delete_object, "public/1")
    a.detach_policy_from_role(
        ram.DetachPolicyFromRoleRequest(role_name="reader", policy_name="AliyunOSSFullAccess", policy_type="System")
    )
    denied(own.get_object, "public/1")
    bad = type("Key", (), {**vars(credentials), "security_token": "CAISnonsense"})
    with pytest.raises(oss2.exceptions.ServerError) as refused:
        oss.bucket(bad, bucket.bucket_name).get_object("public/1")
    assert (refused.value.code, refused.value.ec) == ("InvalidSecurityToken", "0002-00000006")


def test_copying_needs_permission_on_both_ends(oss: Any, bucket: oss2.Bucket, user: Any) -> None:
    own = oss.bucket(user("company-a", "writer", allow("oss:PutObject", "*")), bucket.bucket_name)
    denied(own.copy_object, bucket.bucket_name, "secret/1", "public/2")
    assert not bucket.object_exists("public/2")


def test_the_server_is_a_proxy_for_the_hosts_of_buckets() -> None:
    cloud = Cloud.of({"11223344": "company-a"})
    key = cloud.account("company-a").root_key
    with Server(cloud) as server:
        bucket = oss2.Bucket(
            oss2.AuthV4(key.id, key.secret),
            "http://oss-cn-hangzhou.aliyuncs.com",
            "data",
            proxies={"http": server.url},
            region="cn-hangzhou",
        )
        bucket.create_bucket()
        bucket.put_object("a/ü", "content")
        assert bucket.get_object("a/ü").read() == b"content"
        assert bucket.get_bucket_info().name == "data"
        assert bucket.get_bucket_info().resource_group_id.startswith("rg-acfm")


def test_tags_of_a_new_object_are_a_permission_of_their_own(oss: Any, bucket: oss2.Bucket, user: Any) -> None:
    everything = "acs:oss:*:*:data-of-a/*"
    writer = oss.bucket(user("company-a", "writer", allow(["oss:PutObject", "oss:GetObject"], everything)), "data-of-a")
    tagger = oss.bucket(user("company-a", "tagger", allow("oss:*", everything)), "data-of-a")
    tagged = {"x-oss-tagging": "team=ops"}
    writes = [
        lambda one: one.put_object("new", b"1", headers=tagged),
        lambda one: one.append_object("log", 0, b"1", headers=tagged),
        lambda one: one.init_multipart_upload("parts", headers=tagged),
        lambda one: one.put_symlink("public/1", "link", headers=tagged),
        lambda one: one.copy_object("data-of-a", "public/1", "copy", headers=tagged),
    ]
    for write in writes:
        assert b"<AuthAction>oss:PutObjectTagging<" in denied(write, writer).body
        assert write(tagger).status == 200
    assert writer.put_object("plain", b"1").status == 200


@pytest.mark.parametrize(
    ("resources", "number"),
    [
        (["acs:oss:*:*:data-of-a/" + "o" * 100] * 32, ""),
        (["acs:oss:*:*:data-of-a/" + "o" * 100] * 33, "0030-00000003"),
    ],
    ids=["fits", "too-long"],
)
def test_a_bucket_policy_has_bounds(bucket: oss2.Bucket, resources: list[str], number: str) -> None:
    statement = {"Effect": "Allow", "Action": ["oss:GetObject"], "Principal": ["12345678"], "Resource": resources}

    def put(times: int) -> Any:
        return bucket.put_bucket_policy(json.dumps({"Version": "1", "Statement": [statement] * times}))

    if not number:
        assert put(3).status == 200
        number = "0030-00000001"
    with pytest.raises(oss2.exceptions.ServerError) as refused:
        put(1 if number.endswith("3") else 5)
    assert (refused.value.status, refused.value.code) == (400, "InvalidPolicyDocument")
    assert refused.value.ec == number


TAGGED = "oss:ExistingObjectTag/team"


@pytest.mark.parametrize(
    ("condition", "may", "may_not"),
    [
        (
            {"oss:BucketTag/stage": "test"},
            [lambda b: b.get_object("public/1"), lambda b: b.list_objects(), lambda b: b.put_object("new", b"1")],
            [],
        ),
        ({"oss:BucketTag/stage": "live"}, [], [lambda b: b.get_object("public/1"), lambda b: b.list_objects()]),
        (
            {TAGGED: "ops"},
            [lambda b: b.get_object("public/1"), lambda b: b.head_object("public/1")],
            [
                lambda b: b.get_object("secret/1"),
                lambda b: b.put_object("new", b"1"),
                lambda b: b.copy_object("data-of-a", "secret/1", "copy"),
            ],
        ),
        (
            {"oss:RequestObjectTag/team": "ops"},
            [lambda b: b.put_object_tagging("secret/1", tagging("ops"))],
            [
                lambda b: b.put_object_tagging("secret/1", tagging("dev")),
                lambda b: b.put_object("new", b"1", headers={"x-oss-tagging": "team=dev"}),
                lambda b: b.put_object("new", b"1"),
            ],
        ),
        (
            {"oss:RequestObjectTag/team": "ops"},
            [lambda b: b.put_object("new", b"1", headers={"x-oss-tagging": "team=ops"})],
            [],
        ),
        (
            {"oss:x-oss-acl": "private"},
            [lambda b: b.put_bucket_acl("private")],
            [lambda b: b.put_bucket_acl("public-read")],
        ),
        (
            {"oss:x-oss-object-acl": "private"},
            [
                lambda b: b.put_object_acl("public/1", "private"),
                lambda b: b.put_object("new", b"1", headers={"x-oss-object-acl": "private"}),
            ],
            [
                lambda b: b.put_object_acl("public/1", "public-read"),
                lambda b: b.put_object("new", b"1", headers={"x-oss-object-acl": "public-read"}),
            ],
        ),
    ],
    ids=lambda value: " ".join(f"{key}={one}" for key, one in value.items()) if isinstance(value, dict) else "",
)
def test_condition_keys_of_oss(
    oss: Any, bucket: oss2.Bucket, user: Any, condition: dict[str, str], may: list[Any], may_not: list[Any]
) -> None:
    stage = oss2.models.Tagging()
    stage.tag_set.add("stage", "test")
    bucket.put_bucket_tagging(stage)
    bucket.put_object_tagging("public/1", tagging("ops"))
    bucket.put_object_tagging("secret/1", tagging("dev"))
    own = oss.bucket(user("company-a", "one", allow("oss:*", "*", StringEquals=condition)), "data-of-a")
    for call in may_not:
        denied(call, own)
    for call in may:
        assert call(own).status in {200, 204}


def tagging(team: str) -> oss2.models.Tagging:
    made = oss2.models.Tagging()
    made.tag_set.add("team", team)
    return made


def test_the_tags_of_a_version_are_its_own(oss: Any, bucket: oss2.Bucket, user: Any) -> None:
    bucket.put_bucket_versioning(oss2.models.BucketVersioningConfig("Enabled"))
    old = bucket.put_object("k", b"old", headers={"x-oss-tagging": "team=dev"}).versionid
    new = bucket.put_object("k", b"new", headers={"x-oss-tagging": "team=ops"}).versionid
    put, tagged = allow("oss:PutObject*", "*"), allow("oss:*", "*", StringEquals={TAGGED: "ops"})
    own = oss.bucket(user("company-a", "one", put, tagged), "data-of-a")
    assert own.get_object("k", params={"versionId": new}).read() == b"new"
    denied(own.get_object, "k", params={"versionId": old})
    own.copy_object("data-of-a", "k", "copy", params={"versionId": new})
    denied(own.copy_object, "data-of-a", "k", "copy", params={"versionId": old})


def test_each_kind_of_denial_has_its_number(oss: Any, bucket: oss2.Bucket, user: Any) -> None:
    deny = {"Effect": "Deny", "Action": "oss:DeleteObject", "Resource": "*"}
    own = oss.bucket(user("company-a", "one", allow("oss:*", "acs:oss:*:*:data-of-a/*"), deny), "data-of-a")
    of_bucket = {**deny, "Action": ["oss:GetObject"], "Resource": ["acs:oss:*:*:data-of-a/secret/*"]}
    bucket.put_bucket_policy(json.dumps({"Version": "1", "Statement": [{**of_bucket, "Principal": ["*"]}]}))
    assert denied(own.get_object, "secret/1").ec == "0003-00000101"
    assert denied(oss.bucket(None, "data-of-a").get_object, "secret/1").ec == "0003-00000101"
    assert denied(own.delete_object, "public/1").ec == "0003-00000201"
    assert denied(own.batch_delete_objects, ["public/1"]).ec == "0003-00000204"
    assert denied(own.list_objects).ec == "0003-00000001"
    assert denied(oss.bucket(None, "data-of-a").get_object, "public/1").ec == "0003-00000001"


@pytest.mark.parametrize("effect", ["nothing allows", "Deny"])
def test_of_several_objects_all_are_deleted_or_none(oss: Any, bucket: oss2.Bucket, user: Any, effect: str) -> None:
    statements = [allow("oss:DeleteObject", "acs:oss:*:*:data-of-a/public/*")]
    if effect == "Deny":
        denies = {"Effect": "Deny", "Action": "oss:DeleteObject", "Resource": "acs:oss:*:*:data-of-a/secret/*"}
        statements = [allow("oss:DeleteObject", "*"), denies]
    own = oss.bucket(user("company-a", "cleaner", *statements), "data-of-a")
    denied(own.batch_delete_objects, ["public/1", "secret/1"])
    assert bucket.object_exists("public/1")
    assert bucket.object_exists("secret/1")
    own.batch_delete_objects(["public/1"])
    assert not bucket.object_exists("public/1")


def test_an_empty_version_id_is_none(oss: Any, bucket: oss2.Bucket, user: Any) -> None:
    of_versions = oss.bucket(user("company-a", "old", allow("oss:GetObjectVersion", "*")), "data-of-a")
    denied(of_versions.get_object, "public/1", params={"versionId": ""})
    assert of_versions.get_object("public/1", params={"versionId": "null"}).read() == b"public/1"

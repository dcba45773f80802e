"""Buckets that are open to everybody."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ram_guardrails_pack.testing import UNKNOWN, check, provider, resource
from ram_policies.guardrails.rulebook import find_rule
from ram_policies.stack.facts import ResourceFacts

A, B = provider("11223344"), provider("12345678")
RULE = find_rule("public-bucket")
EVERY_VPC = {"StringNotLike": {"acs:SourceVpc": ["vpc-none"]}}
NETWORK = {"IpAddress": {"acs:SourceIp": ["203.0.113.0/24"]}, "StringEquals": {"acs:SourceVpc": ["vpc-1"]}}
ADDRESSES = {"IpAddress": {"acs:SourceIp": ["203.0.113.0/24"]}, **EVERY_VPC}
HALVES = {"IpAddress": {"acs:SourceIp": ["0.0.0.0/1", "128.0.0.0/1"]}, **EVERY_VPC}
ANY_VPC = {"StringLike": {"acs:SourceVpc": ["vpc-*"]}}
OUR_VPC = {"StringEquals": {"acs:SourceVpc": ["vpc-1"]}}
LIKE_VPC = {"StringLike": {"acs:SourceVpc": ["vpc-?*"]}}
BUT_SOME = {"StringNotLike": {"acs:SourceVpc": ["vpc-stranger*", "vpc-bp1q7*"]}}
SOME = {"StringLike": {"acs:SourceVpc": ["vpc-stranger*", "vpc-q7*"]}}
HERE_AND_THERE = {
    "NotIpAddress": {"acs:SourceIp": ["8.77.4.2", "93.61.7.9", "201.44.8.3", "2400:77::2", "2607:44:8::3"]},
    **EVERY_VPC,
}
NEARLY_ALL = {"IpAddress": {"acs:SourceIp": ["0.0.0.0/1", "128.0.0.0/2", "192.0.0.0/4", "208.0.0.0/5"]}, **EVERY_VPC}
PRIVATE = {"IpAddress": {"acs:SourceIp": ["10.200.0.0/16"]}}
TLS = {"Bool": {"acs:SecureTransport": ["false"]}}


def statement(*principals: str, effect: str = "Allow", condition: Any = None, action: str = "oss:GetObject") -> Any:
    about = {"Action": [action], "Resource": ["acs:oss:*:11223344:data/*"]}
    given = {"Effect": effect, **about, "Principal": list(principals)}
    return given | ({"Condition": condition} if condition else {})


def written(*statements: Any) -> str:
    return json.dumps({"Version": "1", "Statement": list(statements)})


def policy(*statements: Any, text: Any = None, bucket: Any = "data") -> ResourceFacts:
    given = text if text is not None else written(*statements)
    return resource("alicloud:oss/bucketPolicy:BucketPolicy", "p", {"bucket": bucket, "policy": given}, A)


def acl(value: Any, kind: str = "alicloud:oss/bucketAcl:BucketAcl", bucket: Any = "data") -> ResourceFacts:
    return resource(kind, "a", {"bucket": bucket, "acl": value}, A)


def block(
    value: Any = True, bucket: str | None = None, where: Any = A, name: str = "block", **more: Any
) -> ResourceFacts:
    of = "bucketPublicAccessBlock:BucketPublicAccessBlock"
    kind = "accountPublicAccessBlock:AccountPublicAccessBlock" if bucket is None else of
    properties = {"blockPublicAccess": value} | ({} if bucket is None else {"bucket": bucket})
    return resource(f"alicloud:oss/{kind}", name, properties, where, **more)


WHOLE = "alicloud:oss/bucket:Bucket"
OPEN = {
    "ACL to read": (acl("public-read"),),
    "ACL to read and write": (acl("public-read-write"),),
    "ACL in another letter case": (acl("Public-Read"),),
    "ACL of the bucket itself": (acl("public-read", WHOLE),),
    "policy for everybody": (policy(statement("*")),),
    "policy of the bucket itself": (resource(WHOLE, "b", {"bucket": "data", "policy": written(statement("*"))}, A),),
    "policy without a Principal": (policy({k: v for k, v in statement("*").items() if k != "Principal"}),),
    "everybody, refused only over plain HTTP": (
        policy(statement("*"), statement("*", effect="Deny", condition=TLS, action="oss:*")),
    ),
    "a network that everybody is in": (policy(statement("*", condition=HALVES)),),
    "a network that everybody is in, in two statements": (
        policy(
            *(
                statement("*", condition={"IpAddress": {"acs:SourceIp": [half]}, **EVERY_VPC})
                for half in ("0.0.0.0/1", "128.0.0.0/1")
            )
        ),
    ),
    "every VPC": (policy(statement("*", condition=ANY_VPC)),),
    "every VPC of at least one character": (policy(statement("*", condition=LIKE_VPC)),),
    "every VPC but some": (policy(statement("*", condition={**ANY_VPC, **BUT_SOME})),),
    "every VPC but some, by a Deny": (
        policy(statement("*", condition=ANY_VPC), statement("*", effect="Deny", condition=SOME)),
    ),
    "all networks but addresses here and there": (policy(statement("*", condition=HERE_AND_THERE)),),
    "nearly all networks": (policy(statement("*", condition=NEARLY_ALL)),),
    "private addresses of any VPC": (policy(statement("*", condition={**PRIVATE, **EVERY_VPC})),),
    "some actions from a network, others from anywhere": (
        policy(statement("*", condition=ADDRESSES), statement("*", action="oss:PutObject")),
    ),
    "a policy that cannot be read": (policy(text="{"),),
    "a policy that is not known": (policy(text=UNKNOWN),),
    "an ACL that is not known": (acl(UNKNOWN),),
    "an ACL that is a list": (acl(["public-read"]),),
    "an ACL that OSS does not have": (acl("public"),),
    "a policy that is an object": (policy(text=json.loads(written(statement("*")))),),
    "the block of another bucket": (acl("public-read"), block(bucket="other")),
    "the block of another account": (acl("public-read"), block(where=B)),
    "two blocks, one of them switched off": (acl("public-read"), block(), block(value=False, bucket=None, name="b")),
    "two blocks, one of them switched off where nobody knows the account": (
        acl("public-read"),
        block(),
        block(value=False, where=provider(), name="b"),
    ),
    "two blocks of a bucket, one not known": (
        acl("public-read"),
        block(bucket="data"),
        block(value=UNKNOWN, bucket="data", name="b"),
    ),
    "a block that is switched off": (acl("public-read"), block(value=False)),
    "a block that is not known": (acl("public-read"), block(value=UNKNOWN)),
}
CLOSED = {
    "private": (acl("private"),),
    "no ACL": (resource(WHOLE, "b", {"bucket": "data"}, A),),
    "a network": (policy(statement("*", condition=ADDRESSES)),),
    "a network in a VPC": (policy(statement("*", condition=NETWORK)),),
    "a VPC": (policy(statement("*", condition=OUR_VPC)),),
    "private addresses of a VPC": (policy(statement("*", condition={**PRIVATE, **OUR_VPC})),),
    "a VPC that a Deny asks for": (
        policy(
            statement("*"), statement("*", effect="Deny", condition={"StringNotEquals": {"acs:SourceVpc": "vpc-1"}})
        ),
    ),
    "a user": (policy(statement("112233")),),
    "a Deny for everybody": (policy(statement("112233"), statement("*", effect="Deny", action="oss:Delete*")),),
    "everybody, all refused": (policy(statement("*"), statement("*", effect="Deny", action="oss:*")),),
    "the account is behind a block": (acl("public-read"), policy(statement("*")), block()),
    "the bucket is behind two blocks": (acl("public-read"), block(bucket="data"), block(bucket="data", name="b")),
    "the bucket is behind a block": (acl("public-read"), policy(statement("*")), block(bucket="data")),
    "not known, behind a block": (policy(text=UNKNOWN), block()),
}


@pytest.mark.parametrize("stack", OPEN.values(), ids=OPEN)
def test_open_to_everybody(stack: tuple[ResourceFacts, ...]) -> None:
    assert len(check(RULE, *stack)) == 1


@pytest.mark.parametrize("stack", CLOSED.values(), ids=CLOSED)
def test_not_open_to_everybody(stack: tuple[ResourceFacts, ...]) -> None:
    assert check(RULE, *stack) == []


def test_a_finding_names_the_proofs_that_a_stranger_needs() -> None:
    [found] = check(RULE, policy(statement("*", condition={"StringEquals": {"acs:UserAgent": ["ours"]}})))
    assert found.message.endswith("with acs:UserAgent ours.")


def test_a_bucket_that_may_be_public_is_accepted_by_name() -> None:
    assert check(RULE, acl("public-read"), settings={"accepted": ["Data"]}) == []


def test_a_block_follows_the_bucket_whose_name_is_not_known() -> None:
    bucket = resource(WHOLE, "b", {"bucket": UNKNOWN, "acl": "public-read"}, A)
    blocked = resource(
        "alicloud:oss/bucketPublicAccessBlock:BucketPublicAccessBlock",
        "block",
        {"bucket": UNKNOWN, "blockPublicAccess": True},
        A,
        {"bucket": [bucket]},
    )
    assert check(RULE, bucket, blocked) == []
    assert len(check(RULE, bucket)) == 1

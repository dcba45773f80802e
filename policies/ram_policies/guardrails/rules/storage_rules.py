"""The rule about buckets that are open to everybody."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field

from ram_policies.conditions import Unknown
from ram_policies.guardrails.rule_model import (
    CRITICAL,
    Example,
    SecuritySettings,
    Violation,
    not_known,
    rule,
    value_in_message,
)
from ram_policies.proof.strangers import buckets_strangers
from ram_policies.stack.views import BucketView, StackView

_PUBLIC = {"public-read": "read", "public-read-write": "read and write"}
_CLOSED = frozenset({"private", "default"})


class BucketSettings(SecuritySettings):
    """Settings of public-bucket."""

    accepted: tuple[str, ...] = Field(default=(), description="Names of buckets that may be public, such as web sites.")


@rule(
    "public-bucket",
    title="A bucket is open to everybody",
    severity=CRITICAL,
    on=StackView,
    settings=BucketSettings,
    why=(
        "A bucket policy whose statements allow somebody of an account that it does not name, or an ACL `public-read` "
        "or `public-read-write`: anybody on the internet reads the data, and none of the roles and windows of a "
        "contract matters. The union of the statements is judged by a proof, with their Deny and conditions: a "
        "condition on networks, VPCs or a resource directory that strangers are not in keeps them out, any other does "
        "not. Block Public Access of the bucket or of the account, made in the same stack, keeps out the public. "
        "Bucket policies that allow named accounts are not judged."
    ),
    unknown="A policy or an ACL that is not known at preview is a violation, unless public access is blocked.",
    example=Example(
        bad='BucketAcl("site", bucket="data", acl="public-read")',
        good='BucketAcl("site", bucket="data", acl="private")',
    ),
)
def public_bucket(stack: StackView, settings: BucketSettings) -> Iterator[Violation]:
    """Look at every bucket policy and ACL whose bucket is not behind Block Public Access."""
    accepted = {name.lower() for name in settings.accepted}
    for bucket in stack.buckets:
        name = value_in_message(bucket.name, "not known yet")
        if not bucket.blocked and name.lower() not in accepted:
            yield from _acl(bucket, name)
            yield from _policy(bucket, name)


def _acl(bucket: BucketView, name: str) -> Iterator[Violation]:
    acl = bucket.acl if bucket.acl is None or isinstance(bucket.acl, Unknown) else bucket.acl.lower()
    if acl is None or acl in _CLOSED:
        return
    if isinstance(acl, Unknown) or acl not in _PUBLIC:
        yield not_known(bucket.urn, f"The ACL of the bucket {name}")
        return
    message = f"Everybody may {_PUBLIC[acl]} the bucket {name}: its ACL is {bucket.acl}."
    yield Violation(bucket.urn, message, "Set the ACL private, or block public access.")


def _policy(bucket: BucketView, name: str) -> Iterator[Violation]:
    policy = bucket.policy
    if policy is None:
        return
    if policy.unknown:
        yield not_known(bucket.urn, f"The policy of the bucket {name}")
        return
    if policy.document is None:
        problem = policy.findings[0].message if policy.findings else "it is empty"
        message = f"The policy of the bucket {name} cannot be judged: {problem}"
        yield Violation(bucket.urn, message, "Write a valid bucket policy.")
        return
    proof = buckets_strangers(policy.document)
    if proof.holds:
        return
    if proof.counterexample is None:
        reasons = "; ".join(proof.open_because)
        message = f"Whether the policy of the bucket {name} allows everybody is not decided: {reasons}."
        yield Violation(bucket.urn, message, "Name the accounts, users or roles that it is for.")
        return
    request = proof.counterexample
    brings = "".join(f", with {key} {value}" for key, value in request.context.items())
    message = f"The policy of the bucket {name} allows everybody: {request.action} on {request.resource}{brings}."
    yield Violation(bucket.urn, message, "Name the accounts, users or roles that it is for, or block public access.")

"""OSS buckets, as far as they decide who may come in: policies, ACLs, and Block Public Access.

One bucket may be described by several resources; what each of them says counts. Block Public Access of a bucket or of
an account keeps out the public, whatever a policy or an ACL of it says.

Source: Alibaba Cloud, OSS, "Block public access", "Bucket ACL", "Bucket Policy".
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import TypeVar

from ram_policies.conditions import UNKNOWN, Unknown
from ram_policies.document import DocumentKind
from ram_policies.stack.facts import ResourceFacts
from ram_policies.stack.provider_accounts import ProviderAccount
from ram_policies.stack.views import BucketView, DocumentView

Subject = TypeVar("Subject", bound=Hashable)

BUCKET = "alicloud:oss/bucket:Bucket"
POLICY = "alicloud:oss/bucketPolicy:BucketPolicy"
ACL = "alicloud:oss/bucketAcl:BucketAcl"
BLOCK = "alicloud:oss/bucketPublicAccessBlock:BucketPublicAccessBlock"
ACCOUNT_BLOCK = "alicloud:oss/accountPublicAccessBlock:AccountPublicAccessBlock"
TYPES = frozenset({BUCKET, POLICY, ACL, BLOCK, ACCOUNT_BLOCK})
"""Type tokens of the resources that decide whether a bucket is public."""

BLOCKS = frozenset({BLOCK, ACCOUNT_BLOCK})
"""Type tokens of the resources that keep out the public."""


def bucket_views(resources: Iterable[ResourceFacts], accounts: Mapping[str, ProviderAccount]) -> Iterator[BucketView]:
    """A view of each resource that opens a bucket, with what is known about blocks.

    Args:
        resources: of the types in `TYPES`, in order.
        accounts: accounts by the URN of a provider.
    """
    ordered = list(resources)
    blocks = [facts for facts in ordered if facts.type in BLOCKS]
    everywhere = _shut((_place(f, accounts), f) for f in blocks if f.type == ACCOUNT_BLOCK)
    # An account that is not known may be any of those whose block is shut.
    opened = (_place(f, accounts) for f in blocks if f.type == ACCOUNT_BLOCK and not _shuts(f))
    if any(not place.isdigit() for place in opened):
        everywhere = set[str]()
    single = _shut(((_place(f, accounts), name), f) for f in blocks if isinstance(name := _name(f), str))
    of_bucket = _shut((urn, f) for f in blocks for urn in f.depends_on.get("bucket", ()))
    for facts in ordered:
        if facts.type in BLOCKS:
            continue
        place, name = _place(facts, accounts), _name(facts)
        origins = {facts.urn, *facts.depends_on.get("bucket", ())}
        blocked = place in everywhere or (place, name) in single or bool(origins & of_bucket)
        text = facts.document("policy")
        policy = None if text is None else DocumentView.read(facts.urn, "policy", DocumentKind.BUCKET, text)
        yield BucketView(facts.urn, name, policy, facts.text("acl"), blocked)


def _shut(blocks: Iterable[tuple[Subject, ResourceFacts]]) -> set[Subject]:
    """Subjects that blocks shut to the public; of several blocks about one thing, nobody knows which will count."""
    shut_by_all: dict[Subject, bool] = {}
    for subject, facts in blocks:
        shut_by_all[subject] = shut_by_all.get(subject, True) and _shuts(facts)
    return {subject for subject, shut in shut_by_all.items() if shut}


def _shuts(block: ResourceFacts) -> bool:
    return block.flag("blockPublicAccess") is True


def _name(facts: ResourceFacts) -> str | Unknown:
    name = facts.text("bucket")
    return UNKNOWN if name is None else name


def _place(facts: ResourceFacts, accounts: Mapping[str, ProviderAccount]) -> str:
    """The account of a resource, else the provider that it is made with."""
    if facts.provider is None:
        return ""
    account = accounts[facts.provider.urn].account
    return account if isinstance(account, str) else f"provider {facts.provider.urn}"

"""Presets for what is stored."""

from __future__ import annotations

from ram_policies.catalogue import Hazard
from ram_policies.document import Condition, Effect, Statement
from ram_policies.presets.preset import Preset, allow_whatever_tags
from ram_policies.presets.preset_parameters import Arguments, Parameter

_BUCKET = Parameter(
    "bucket",
    "The bucket to read from.",
    r"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]",
    "the name of one bucket: small letters, digits and -, 3 to 63 of them",
    "company-a-logs",
    required=True,
    most=1,
)
_PREFIXES = Parameter(
    "prefixes",
    "What the names of the objects start with.",
    # Without the slash at its end, reports would also be reports-of-the-board/.
    r"[^/\\\x00-\x1f][^\\\x00-\x1f]{0,1021}/",
    "beginnings of object names that end with /, logs/2026/",
    ["logs/web/"],
    required=True,
)


def _read_prefixes(arguments: Arguments) -> tuple[Statement, ...]:
    (bucket,) = arguments.of("bucket")
    prefixes = arguments.of("prefixes")
    listed = tuple(f"{prefix}*" for prefix in prefixes)
    return (
        allow_whatever_tags(("oss:GetObject",), (f"acs:oss:*:*:{bucket}/{prefix}*" for prefix in prefixes)),
        Statement(
            Effect.ALLOW,
            ("oss:ListObjects",),
            resources=(f"acs:oss:*:*:{bucket}",),
            conditions=(Condition("StringLike", "oss:Prefix", listed),),
        ),
        allow_whatever_tags(("oss:GetBucketInfo", "oss:GetBucketLocation"), (f"acs:oss:*:*:{bucket}",)),
    )


PRESETS = (
    Preset(
        name="oss-read-prefixes",
        title="Read objects under prefixes of one OSS bucket",
        allows="List and get objects whose names start with one of the prefixes; see where the bucket is.",
        withholds="No other object and no other bucket, not even their names: a listing must give a prefix. No older "
        "versions, nothing written, deleted, restored or shared.",
        parameters=(_BUCKET, _PREFIXES),
        operations=frozenset(),
        never=frozenset(Hazard) - {Hazard.READS_DATA},
        sources=(
            "Alibaba Cloud, OSS, Grant access to OSS by using RAM policies",
            "Alibaba Cloud, OSS, Common examples of RAM policies",
        ),
        build=_read_prefixes,
    ),
)

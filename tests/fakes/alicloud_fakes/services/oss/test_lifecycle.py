"""Rules of a bucket's lifecycle, checked as OSS checks them."""

from __future__ import annotations

from itertools import permutations
from typing import Any
from xml.etree import ElementTree as ET

import oss2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from oss2.models import BucketLifecycle, LifecycleExpiration, LifecycleRule

from alicloud_fakes.services.oss.errors import OssError
from alicloud_fakes.services.oss.lifecycle import check_lifecycle

DAY = "2020-12-12T00:00:00.000Z"


def rule(*actions: str, name: str = "r", prefix: str = "a/", status: str = "Enabled", tags: str = "") -> str:
    shown = f"<ID>{name}</ID>" if name else ""
    return f"<Rule>{shown}<Prefix>{prefix}</Prefix><Status>{status}</Status>{tags}{''.join(actions)}</Rule>"


def tag(key: str, value: str = "") -> str:
    return f"<Tag><Key>{key}</Key><Value>{value}</Value></Tag>"


def end(unit: str, value: str | int) -> str:
    return f"<Expiration><{unit}>{value}</{unit}></Expiration>"


def abort(unit: str, value: str | int) -> str:
    return f"<AbortMultipartUpload><{unit}>{value}</{unit}></AbortMultipartUpload>"


def move(value: int | str, storage: str, unit: str = "Days") -> str:
    return f"<Transition><{unit}>{value}</{unit}><StorageClass>{storage}</StorageClass></Transition>"


def old_end(days: int) -> str:
    return f"<NoncurrentVersionExpiration><NoncurrentDays>{days}</NoncurrentDays></NoncurrentVersionExpiration>"


def old_move(days: int, storage: str) -> str:
    inner = f"<NoncurrentDays>{days}</NoncurrentDays><StorageClass>{storage}</StorageClass>"
    return f"<NoncurrentVersionTransition>{inner}</NoncurrentVersionTransition>"


def problem(*rules: str, may_overlap: bool = False) -> str:
    """Code of the refusal; empty where the rules are taken."""
    root = ET.fromstring(f"<LifecycleConfiguration>{''.join(rules)}</LifecycleConfiguration>")
    try:
        check_lifecycle(root, lambda: "made", may_overlap=may_overlap)
    except OssError as error:
        return error.code
    return ""


GOOD = {
    "days": rule(end("Days", 1)),
    "old form of a date": rule(end("Date", DAY)),
    "before a date": rule(end("CreatedBeforeDate", DAY), abort("CreatedBeforeDate", DAY)),
    "delete markers": rule(end("ExpiredObjectDeleteMarker", "true"), old_end(30), old_move(12, "IA")),
    "colder and colder": rule(
        move(30, "IA"), move(60, "Archive"), move(90, "ColdArchive"), move(180, "DeepColdArchive"), end("Days", 365)
    ),
    "in any order": rule(end("Days", 365), move(60, "Archive"), move(30, "IA")),
    "dates are not compared": rule(end("CreatedBeforeDate", DAY), move(DAY, "IA", "CreatedBeforeDate")),
    "parts and objects by units of their own": rule(end("CreatedBeforeDate", DAY), abort("Days", 1)),
    "a long tag": rule(end("Days", 1), tags=tag("a" * 129, "b" * 257)),
    "no prefix, disabled": "<Rule><Status>Disabled</Status><Expiration><Days>1</Days></Expiration></Rule>",
}
BAD = {
    "no rule": ("", "MalformedXML"),
    "something else": ("<Other/>", "MalformedXML"),
    "no action": (rule(), "MalformedXML"),
    "no status": ("<Rule><Prefix/><Expiration><Days>1</Days></Expiration></Rule>", "MalformedXML"),
    "another status": (rule(end("Days", 1), status="On"), "MalformedXML"),
    "two prefixes": (rule("<Prefix>b</Prefix>", end("Days", 1)), "MalformedXML"),
    "an action without a time": (rule("<Expiration/>"), "MalformedXML"),
    "an action with two times": (rule("<Expiration><Days>1</Days><Date/></Expiration>"), "MalformedXML"),
    "no day": (rule(end("Days", 0)), "InvalidArgument"),
    "less than no day": (rule(end("Days", -1)), "InvalidArgument"),
    "a fraction": (rule(abort("Days", "1.5")), "InvalidArgument"),
    "no midnight": (rule(end("CreatedBeforeDate", "2020-12-12T10:00:00.000Z")), "InvalidArgument"),
    "a marker that is no switch": (rule(end("ExpiredObjectDeleteMarker", "1")), "InvalidArgument"),
    "to Standard": (rule(move(5, "Standard")), "InvalidArgument"),
    "to nowhere": (rule(move(5, "Frozen")), "InvalidArgument"),
    "gone before it moves": (rule(move(4, "IA"), end("Days", 3)), "InvalidArgument"),
    "gone as it moves": (rule(move(4, "IA"), end("Days", 4)), "InvalidArgument"),
    "warmer later": (rule(move(5, "IA"), move(2, "Archive")), "InvalidArgument"),
    "old versions warmer later": (rule(old_move(20, "IA"), old_move(12, "Archive")), "InvalidArgument"),
    "old versions gone before they move": (rule(old_move(20, "IA"), old_end(12)), "InvalidArgument"),
    "days and dates": (rule(move(356, "IA"), end("CreatedBeforeDate", DAY)), "InvalidRequest"),
    "a tag of other characters": (rule(end("Days", 1), tags=tag("%&amp;", "v")), "InvalidArgument"),
    "a value of other characters": (rule(end("Days", 1), tags=tag("k", ")%")), "InvalidArgument"),
    "a tag without a key": (rule(end("Days", 1), tags=tag("", "v")), "InvalidArgument"),
    "a long name": (rule(end("Days", 1), name="n" * 256), "InvalidArgument"),
    "one name twice": (rule(end("Days", 1)) + rule(end("Days", 1), prefix="b/"), "InvalidArgument"),
    "too many": ("".join(rule(end("Days", 1), name=f"r{n}", prefix=f"{n}/") for n in range(1001)), "MalformedXML"),
}


@pytest.mark.parametrize("case", GOOD)
def test_rules_that_are_taken(case: str) -> None:
    assert problem(GOOD[case]) == ""


@pytest.mark.parametrize("case", BAD)
def test_rules_that_are_refused(case: str) -> None:
    document, code = BAD[case]
    assert problem(document) == code


OVERLAPS = [
    ("a prefix within the other", rule(end("Days", 1)), rule(end("Days", 1), name="s", prefix="a/2"), True),
    ("everything", rule(end("Days", 1), prefix=""), rule(end("Days", 1), name="s", prefix="b"), True),
    ("with the same tags", rule(end("Days", 1), tags=tag("k")), rule(end("Days", 2), name="s", tags=tag("k")), True),
    ("with other tags", rule(end("Days", 1), tags=tag("k")), rule(end("Days", 1), name="s", tags=tag("l")), False),
    ("another prefix", rule(end("Days", 1)), rule(end("Days", 1), name="s", prefix="b/"), False),
    ("another action", rule(end("Days", 1)), rule(abort("Days", 1), name="s"), False),
    ("to another class", rule(move(30, "IA")), rule(move(60, "Archive"), name="s"), False),
    ("one is disabled", rule(end("Days", 1)), rule(end("Days", 1), name="s", status="Disabled"), False),
]


@pytest.mark.parametrize(("one", "other", "overlaps"), [case[1:] for case in OVERLAPS], ids=[c[0] for c in OVERLAPS])
def test_rules_that_do_the_same_to_the_same_objects(one: str, other: str, overlaps: bool) -> None:
    for pair in permutations((one, other)):
        assert problem(*pair) == ("InvalidArgument" if overlaps else "")
        assert problem(*pair, may_overlap=True) == ""


@given(st.lists(st.integers(1, 400), min_size=1, max_size=5, unique=True))
def test_colder_classes_come_later_whatever_the_order_of_the_document(days: list[int]) -> None:
    classes = ("IA", "Archive", "ColdArchive", "DeepColdArchive")[: len(days) - 1]
    moves = [move(day, storage) for day, storage in zip(days, classes, strict=False)]
    document = rule(end("Days", days[-1]), *reversed(moves))
    assert problem(document) == ("" if days == sorted(days) else "InvalidArgument")


def test_the_client_may_allow_rules_that_overlap(oss: Any, root: Any) -> None:
    bucket = oss.bucket(root, "data")
    bucket.create_bucket()
    rules = [
        LifecycleRule(name, prefix, expiration=LifecycleExpiration(days=3))
        for name, prefix in (("", "a"), ("s", "a/2"))
    ]
    with pytest.raises(oss2.exceptions.InvalidArgument) as refused:
        bucket.put_bucket_lifecycle(BucketLifecycle(rules))
    assert (refused.value.message, refused.value.ec) == ("Overlap for same action type Expiration", "0014-00000082")
    bucket.put_bucket_lifecycle(BucketLifecycle(rules), {"x-oss-allow-same-action-overlap": "true"})
    shown = bucket.get_bucket_lifecycle().rules
    assert [one.prefix for one in shown] == ["a", "a/2"]
    assert shown[0].id
    assert shown[1].id == "s"

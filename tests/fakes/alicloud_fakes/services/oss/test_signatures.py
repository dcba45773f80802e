"""Signatures of version 4 as clients make them, and the numbers of errors."""

from __future__ import annotations

import time
from email.utils import formatdate
from typing import Any

import oss2
import pytest

from alicloud_fakes import Cloud, HttpRequest
from alicloud_fakes.services.oss import oss_signature

REGION = "cn-hangzhou"


@pytest.fixture
def bucket(oss: Any, root: Any) -> oss2.Bucket:
    made = oss.bucket(root, "data")
    made.create_bucket()
    return made


def in_region(oss: Any, root: Any, region: str) -> oss2.Bucket:
    return oss2.Bucket(oss2.AuthV4(root.id, root.secret), oss.url, "data", region=region)


@pytest.mark.parametrize(
    ("dates", "status"),
    [
        (("date",), 200),
        (("x-oss-date",), 200),
        (("date", "x-oss-date"), 200),
        ((), 400),
    ],
)
def test_version_4_is_dated_by_either_header(dates: tuple[str, ...], status: int) -> None:
    cloud = Cloud.of({"11223344": "company-a"})
    account = cloud.account("company-a")
    account.oss.create("data")
    now = time.time()
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(now))
    forms = {"date": formatdate(now, usegmt=True), "x-oss-date": stamp}
    headers = {"x-oss-content-sha256": "UNSIGNED-PAYLOAD", **{name: forms[name] for name in dates}}
    scope = f"{stamp[:8]}/{REGION}/oss/aliyun_v4_request"
    canonical = oss_signature.v4_canonical_request("GET", "data", "", {}, headers, ())
    # As the official Go client does: the date as it is in the header, that of OSS before the other.
    dated = headers.get("x-oss-date") or headers.get("date", "")
    to_sign = oss_signature.v4_string_to_sign(canonical, dated, scope)
    key = account.root_key
    given = oss_signature.v4_signature(key.secret, scope, to_sign)
    headers["authorization"] = f"{oss_signature.V4_ALGORITHM} Credential={key.id}/{scope},Signature={given}"
    headers["host"] = "data.oss-cn-hangzhou.aliyuncs.com"
    answer = cloud.handle(HttpRequest("GET", "/", "", headers, b""))
    assert answer.status == status, answer.body


def test_a_signature_for_another_region_is_refused(oss: Any, root: Any, bucket: oss2.Bucket) -> None:
    in_region(oss, root, REGION).get_bucket_info()
    elsewhere = in_region(oss, root, "cn-beijing")
    for call in (elsewhere.get_bucket_info, lambda: elsewhere.head_object("a.txt")):
        with pytest.raises(oss2.exceptions.OssError) as refused:
            call()
        assert refused.value.ec == "0002-00000226"
        assert refused.value.code == "InvalidArgument"


def test_errors_have_a_number_in_body_and_header(oss: Any, root: Any, bucket: oss2.Bucket) -> None:
    calls = [
        ("0026-00000001", lambda: bucket.get_object("a.txt")),
        ("0026-00000001", lambda: bucket.get_object_meta("a.txt")),
        ("0015-00000101", oss.bucket(root, "nobodys").get_bucket_info),
        ("0003-00000001", oss.bucket(None, "data").get_bucket_info),
    ]
    for number, call in calls:
        with pytest.raises(oss2.exceptions.OssError) as refused:
            call()
        assert refused.value.ec == number
        assert refused.value.headers["x-oss-ec"] == number

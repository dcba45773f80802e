"""Signatures of version 4 as clients make them, and the numbers of errors."""

from __future__ import annotations

import time
from email.utils import formatdate
from typing import Any
from urllib.parse import urlsplit

import oss2
import pytest

from alicloud_fakes import Cloud, HttpRequest
from alicloud_fakes.services.oss import oss_signature

REGION = "cn-hangzhou"
REGION_HOST = f"oss-{REGION}.aliyuncs.com"


@pytest.fixture
def bucket(oss: Any, root: Any) -> oss2.Bucket:
    made = oss.bucket(root, "data")
    made.create_bucket()
    return made


def in_region(oss: Any, root: Any, region: str) -> oss2.Bucket:
    return oss2.Bucket(oss2.AuthV4(root.id, root.secret), oss.url, "data", region=region)


@pytest.mark.parametrize(
    ("dates", "form", "status"),
    [
        (("date",), "date", 200),
        (("date",), "x-oss-date", 200),
        (("x-oss-date",), "x-oss-date", 200),
        (("x-oss-date",), "date", 403),
        (("date", "x-oss-date"), "x-oss-date", 200),
        (("date", "x-oss-date"), "date", 403),
        ((), "date", 400),
    ],
)
def test_version_4_is_dated_by_either_header(dates: tuple[str, ...], form: str, status: int) -> None:
    cloud = Cloud.of({"11223344": "company-a"})
    account = cloud.account("company-a")
    account.oss.create("data")
    now = time.time()
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(now))
    forms = {"date": formatdate(now, usegmt=True), "x-oss-date": stamp}
    headers = {"x-oss-content-sha256": "UNSIGNED-PAYLOAD", **{name: forms[name] for name in dates}}
    scope = f"{stamp[:8]}/{REGION}/oss/aliyun_v4_request"
    canonical = oss_signature.v4_canonical_request("GET", "data", "", {}, headers, ())
    # The official Go client signs the date as it is in the header, the documentation gives the form of OSS.
    to_sign = oss_signature.v4_string_to_sign(canonical, forms[form], scope)
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


@pytest.mark.parametrize(
    ("host", "region", "status"),
    [
        ("data.oss-cn-hangzhou.aliyuncs.com", REGION, 200),
        ("DATA.OSS-CN-Hangzhou.aliyuncs.com:80", REGION, 200),
        ("data.oss-cn-hangzhou-internal.aliyuncs.com", REGION, 200),
        ("data.oss-accelerate.aliyuncs.com", REGION, 200),
        ("data.oss-accelerate-overseas.aliyuncs.com", REGION, 200),
        ("data.oss-accelerate.aliyuncs.com", "cn-beijing", 400),
        ("data.oss-cn-beijing.aliyuncs.com", REGION, 400),
    ],
)
def test_the_region_of_a_signature_is_that_of_the_host_and_the_bucket(host: str, region: str, status: int) -> None:
    cloud = Cloud.of({"11223344": "company-a"})
    account = cloud.account("company-a")
    account.oss.create("data")
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    headers = {"host": host, "x-oss-date": stamp, "x-oss-content-sha256": "UNSIGNED-PAYLOAD"}
    scope = f"{stamp[:8]}/{region}/oss/aliyun_v4_request"
    canonical = oss_signature.v4_canonical_request("GET", "data", "", {}, headers, ("host",))
    given = oss_signature.v4_signature(
        account.root_key.secret, scope, oss_signature.v4_string_to_sign(canonical, stamp, scope)
    )
    signed = f"Credential={account.root_key.id}/{scope},AdditionalHeaders=host,Signature={given}"
    headers["authorization"] = f"{oss_signature.V4_ALGORITHM} {signed}"
    assert cloud.handle(HttpRequest("GET", "/", "", headers)).status == status


@pytest.mark.parametrize("version", ["v1", "v4"])
def test_a_signed_address_cannot_be_changed(cloud: Cloud, version: str) -> None:
    key = cloud.account("company-a").root_key
    cloud.account("company-a").oss.create("data").acl = "private"
    url = f"http://{REGION_HOST}"
    bucket = oss2.Bucket(oss2.make_auth(key.id, key.secret, version), url, "data", region=REGION)
    parts = urlsplit(bucket.sign_url("PUT", "key", 60))

    def put(method: str = "PUT", path: str = parts.path, query: str = parts.query, **headers: str) -> int:
        http = HttpRequest(method, path, query, {"host": parts.netloc, **headers}, b"content")
        return cloud.handle(http).status

    assert put() == 200
    assert put(method="DELETE") == put(path="/other") == 403
    assert put(**{"x-oss-object-acl": "public-read"}) == 403
    for more in ("acl", "append&position=0", "x-oss-object-acl=public-read", "versionId=null", "Body=x", "v=3"):
        assert put(query=f"{parts.query}&{more}") in {400, 403}, more
    found = cloud.account("company-a").oss.buckets.get("data").objects.get("key")
    assert (found.acl, found.data) == ("default", b"content")


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

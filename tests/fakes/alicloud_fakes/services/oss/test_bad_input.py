"""Requests that no client sends: OSS answers them with its own errors, and changes nothing."""

from __future__ import annotations

import time
from email.utils import formatdate
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alicloud_fakes import Cloud, HttpRequest, HttpResponse
from alicloud_fakes.services.oss.models import StoredObject, Upload

TEXT = st.text(max_size=40)
ODD = st.sampled_from(
    [
        "",
        "0",
        "-1",
        "1001",
        "9" * 30,
        "true",
        "%",
        "%ff",
        "%00",
        "a%2Fb",
        "\\",
        "/",
        "//",
        "..",
        "url",
        "bytes=5-1",
        "é",
        "a" * 1100,
    ]
)
PATH = st.lists(st.one_of(st.sampled_from(["data", "key", "a b", "%C3%A4"]), ODD), max_size=4).map(
    lambda parts: "/" + "/".join(parts)
)
NAMES = st.sampled_from(
    """
    acl append delete list-type location max-keys marker partNumber policy position prefix delimiter
    stat uploadId uploads encoding-type continuation-token lifecycle objectMeta response-content-type
    versionId
    """.split()  # noqa: SIM905 - one a line would be a page
)
HEADERS = st.sampled_from(
    """
    x-oss-acl x-oss-object-acl x-oss-copy-source x-oss-meta-a content-md5 content-type range if-match
    x-oss-storage-class if-modified-since x-oss-forbid-overwrite x-oss-metadata-directive
    """.split()  # noqa: SIM905 - one a line would be a page
)
VALUES = st.one_of(ODD, TEXT, st.sampled_from(["/data/key", "private", "bytes=0-", "2", "1"]))
BODIES = st.one_of(
    st.binary(max_size=60),
    st.sampled_from(
        [
            b"<Delete></Delete>",
            b"<Delete><Object><Key>key</Key></Object></Delete>",
            b'<!DOCTYPE a [<!ENTITY b "c">]><Delete>&b;</Delete>',
            b"<CreateBucketConfiguration><StorageClass>No</StorageClass></CreateBucketConfiguration>",
            b"<CompleteMultipartUpload><Part><PartNumber>x</PartNumber></Part></CompleteMultipartUpload>",
            b'{"Version": "1", "Statement": []}',
        ]
    ),
)


def ascii_only(text: str) -> str:
    return text.encode("ascii", "ignore").decode().replace("\r", "").replace("\n", "")


def check(response: HttpResponse) -> None:
    assert response.status != 500
    assert b"Traceback" not in response.body
    if response.status >= 400 and response.body:
        error = ET.fromstring(response.body)
        assert error.tag == "Error"
        assert error.findtext("Code")


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    method=st.sampled_from(["GET", "PUT", "POST", "DELETE", "HEAD", "PATCH"]),
    path=st.one_of(st.just("/data"), st.just("/data/key"), PATH),
    query=st.dictionaries(NAMES, VALUES, max_size=2),
    headers=st.dictionaries(HEADERS, VALUES.map(ascii_only), max_size=3),
    body=BODIES,
)
def test_whatever_comes_is_answered(
    cloud: Cloud, raw: Any, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: bytes
) -> None:
    bucket = cloud.account("company-a").oss.create("data")
    bucket.acl = "public-read-write"
    bucket.uploads["1"] = Upload("1", StoredObject("key", b"", "", 0.0), 0.0)
    bucket.objects.put("key", StoredObject("key", b"content", "0" * 32, 0.0))
    text = "&".join(f"{name}={value}".encode("utf-8", "replace").decode("latin-1") for name, value in query.items())
    check(raw.call(method, path, text, headers, body))
    check(cloud.handle(HttpRequest(method, path, text, {"host": "oss-cn-hangzhou.aliyuncs.com", **headers}, body)))


NOW = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
V4 = "x-oss-signature-version=OSS4-HMAC-SHA256"
CREDENTIAL = f"FAKEx/{NOW[:8]}/cn-hangzhou/oss/aliyun_v4_request"


@pytest.mark.parametrize(
    ("authorization", "more", "code"),
    [
        ("OSS", {}, "InvalidArgument"),
        ("OSS x", {}, "InvalidArgument"),
        ("OSS x:", {}, "InvalidArgument"),
        ("OSS x:y", {}, "AccessDenied"),
        ("OSS x:y", {"date": "yesterday"}, "AccessDenied"),
        ("OSS x:y", {"date": "Wed, 01 Jan 2020 00:00:00 GMT"}, "RequestTimeTooSkewed"),
        ("OSS x:y", {"date": formatdate(usegmt=True)}, "InvalidAccessKeyId"),
        ("OSS STS.x:y", {"date": formatdate(usegmt=True), "x-oss-security-token": "z"}, "InvalidSecurityToken"),
        ("OSS2 AccessKeyId:x,Signature:y", {}, "NotImplemented"),
        ("Bearer x", {}, "InvalidArgument"),
        ("OSS4-HMAC-SHA256 Credential=x", {}, "InvalidArgument"),
        (f"OSS4-HMAC-SHA256 Credential={CREDENTIAL}, Signature={'0' * 64}", {}, "InvalidArgument"),
        (f"OSS4-HMAC-SHA256 Credential={CREDENTIAL}, Signature={'0' * 64}", {"x-oss-date": NOW}, "InvalidAccessKeyId"),
        (
            "OSS4-HMAC-SHA256 Credential=x/20200101/r/oss/aliyun_v4_request, Signature=" + "0" * 64,
            {"x-oss-date": "20200101T000000Z"},
            "RequestTimeTooSkewed",
        ),
    ],
)
def test_signatures_that_cannot_be(cloud: Cloud, authorization: str, more: dict[str, str], code: str) -> None:
    headers = {"host": "oss-cn-hangzhou.aliyuncs.com", "authorization": authorization, **more}
    response = cloud.handle(HttpRequest("GET", "/", "", headers))
    assert ET.fromstring(response.body).findtext("Code") == code


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("OSSAccessKeyId=x", "requires the Signature, Expires and OSSAccessKeyId"),
        ("OSSAccessKeyId=x&Signature=y&Expires=soon", "Invalid date"),
        ("OSSAccessKeyId=x&Signature=y&Expires=1", "Request has expired"),
        ("x-oss-credential=x", "x-oss-signature-version"),
        (
            f"{V4}&x-oss-credential={CREDENTIAL}&x-oss-date={NOW}&x-oss-expires=999999&x-oss-signature=y",
            "Invalid expires",
        ),
    ],
)
def test_signed_urls_that_cannot_be(cloud: Cloud, query: str, message: str) -> None:
    response = cloud.handle(HttpRequest("GET", "/data/key", query, {"host": "127.0.0.1:1"}))
    assert response.status == 403
    assert message in (ET.fromstring(response.body).findtext("Message") or "")


def test_a_body_that_is_too_large_is_refused(cloud: Cloud, raw: Any) -> None:
    cloud.account("company-a").oss.create("data")
    response = raw.call("PUT", "/data/key", body=b"x" * (10 * 1024 * 1024 + 1))
    assert ET.fromstring(response.body).findtext("Code") == "EntityTooLarge"
    assert len(cloud.account("company-a").oss.buckets.get("data").objects) == 0

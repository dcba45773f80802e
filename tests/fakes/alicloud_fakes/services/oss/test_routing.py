"""No action runs that was not asked for: parameters that an action does not know are refused by name."""

from __future__ import annotations

from typing import Any

import oss2
import pytest

from alicloud_fakes import Cloud

PATHS = ("/", "/data", "/data/key", "/fresh")
METHODS = ("GET", "PUT", "POST", "DELETE", "HEAD")
UNKNOWN = (
    "dataIndex",
    "metaQuery",
    "metaQuery&comp=add",
    "replication",
    "cname&comp=token",
    "live&comp=stat",
    "qosInfo",
    "resourcePool=name",
    "sealAppend&position=0",
    "accessPointPolicy",
    "accessPointForObjectProcess",
    "redundancyTransition",
    "x-oss-process=image/info",
    "x-oss-async-process=video/convert",
    "callback=e30=",
    # in another letter case, encoded, with a value
    "ACL",
    "Acl=1",
    "objectworm=1",
    "OBJECTWORM",
    "%41CL",
    "acl%20",
    "acl;policy",
    "Policy=1",
    "lifeCycle=1",
    # two at once
    "acl&policy",
    "acl&Policy",
    "cors&website",
    "policy&acl=1",
    "tagging&acl",
    "uploads&acl",
    "bucketInfo&stat",
)
# What comes from the path, the body or a header, and not from the query.
NOT_IN_QUERY = (
    "Body=x",
    "Bucket=other",
    "Key=other",
    "Region=cn-beijing",
    "x-oss-acl=public-read",
    "x-oss-object-acl=public-read",
    "x-oss-copy-source=/data/kept",
    "x-oss-meta-a=1",
    "content-md5=x",
    "content-type=text/html",
)


@pytest.fixture
def kept(cloud: Cloud, raw: Any) -> Cloud:
    """A cloud with a bucket and an object, of which nothing may change."""
    assert raw.call("PUT", "/data").status == 200
    assert raw.call("PUT", "/data/kept", body=b"content").status == 200
    return cloud


def state(cloud: Cloud) -> tuple[Any, ...]:
    buckets = list(cloud.account("company-a").oss.buckets)
    return tuple(
        (one.name, one.acl, one.policy, dict(one.configurations), len(one.uploads), [each.key for each in one.objects])
        for one in buckets
    )


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("query", UNKNOWN)
def test_an_unknown_subresource_runs_nothing(kept: Cloud, raw: Any, path: str, query: str) -> None:
    before = state(kept)
    for method in METHODS:
        # Only a read of an object ignores unknown parameters; the object does not exist.
        assert raw.code(method, path, query) in {"NotImplemented", "NoSuchBucket"}, (method, path, query)
        assert state(kept) == before


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("query", NOT_IN_QUERY)
def test_a_parameter_of_a_header_counts_for_nothing_in_the_query(kept: Cloud, raw: Any, path: str, query: str) -> None:
    before = state(kept)
    for method in METHODS:
        assert raw.code(method, path, query) in {"NotImplemented", "NoSuchBucket", "NoSuchKey"}, (method, path, query)
        assert state(kept) == before


def test_a_read_takes_parameters_that_mean_nothing(kept: Cloud, raw: Any) -> None:
    assert raw.call("GET", "/data/kept", "v=3&utm_source=mail").body == b"content"
    assert raw.call("HEAD", "/data/kept", "v=3").status == 200
    assert raw.code("PUT", "/data/kept", "v=3") == raw.code("DELETE", "/data/kept", "v=3") == "NotImplemented"
    assert raw.code("GET", "/data", "v=3") == raw.code("GET", "/", "v=3") == "NotImplemented"


def test_a_subresource_that_is_known_says_which_action_is_meant(kept: Cloud, raw: Any) -> None:
    assert raw.code("DELETE", "/data", "tagging=a&aa=1") == ""
    assert raw.code("PUT", "/data", "acl&v=3", {"x-oss-acl": "public-read"}) == ""
    assert state(kept)[0][1] == "public-read"
    for other in ("comp=callback", "Policy=1", "Body=x", "x-oss-acl=private", "vod"):
        assert raw.code("PUT", "/data", f"acl&{other}", {"x-oss-acl": "private"}) == "NotImplemented"


@pytest.mark.parametrize(
    "header", ["x-oss-callback", "x-oss-website-redirect-location", "x-oss-expires", "x-oss-signature", "x-oss-acl"]
)
def test_a_header_of_oss_that_an_action_does_not_know_is_refused(kept: Cloud, raw: Any, header: str) -> None:
    before = state(kept)
    for method, query in (("PUT", ""), ("POST", "append&position=0"), ("PUT", "acl"), ("GET", ""), ("DELETE", "")):
        assert raw.code(method, "/data/kept", query, {header: "1"}) == "NotImplemented"
    assert state(kept) == before


@pytest.mark.parametrize("query", ["list-type=1", "list-type=3", "list-type"])
def test_a_list_of_another_type_is_refused(kept: Cloud, raw: Any, query: str) -> None:
    assert raw.code("GET", "/data", query) == "NotImplemented"
    assert raw.code("PUT", "/fresh", "list-type=2") == "NotImplemented"


def test_a_known_subresource_is_known_however_it_is_written(kept: Cloud, raw: Any) -> None:
    for query in ("acl", "acl=", "acl=1", "%61cl", "&acl&", "acl&acl"):
        assert b"<AccessControlPolicy>" in raw.call("GET", "/data", query).body, query


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/data"), ("OPTIONS", "/data/kept"), ("HEAD", "/data"), ("POST", "/data/kept")]
)
def test_a_method_that_is_not_done_is_refused_by_name(kept: Cloud, raw: Any, method: str, path: str) -> None:
    before = state(kept)
    assert raw.code(method, path) == "NotImplemented"
    assert raw.code("PATCH", path) == "MethodNotAllowed"
    assert state(kept) == before


def test_refusals_reach_a_client_at_once_with_the_name(oss: Any, root: Any) -> None:
    bucket = oss.bucket(root, "data")
    bucket.create_bucket()
    with pytest.raises(oss2.exceptions.ServerError) as refused:
        bucket._do("PUT", "data", "", params={"ObjectWorm": ""})
    assert (refused.value.status, refused.value.code) == (400, "NotImplemented")
    assert "oss:PutBucket with the parameter ObjectWorm" in refused.value.message

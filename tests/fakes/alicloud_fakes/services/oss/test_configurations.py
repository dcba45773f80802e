"""Configurations of buckets: one store keeps them all, and unknown elements are refused."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as ET

import oss2
import pytest
import requests

from alicloud_fakes.services.oss.configurations import CONFIGURATIONS, BucketConfiguration

NAME = "data"
# A document of each kind, without the root element.
DOCUMENTS = {
    "accessmonitor": "<Status>Enabled</Status>",
    "bucketArchiveDirectRead": "<Enabled>true</Enabled>",
    "cors": "<CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule>",
    "encryption": (
        "<ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault>"
    ),
    "httpsConfig": "<TLS><Enable>true</Enable><TLSVersion>TLSv1.2</TLSVersion></TLS>",
    "lifecycle": (
        "<Rule><ID>r</ID><Prefix>a/</Prefix><Status>Enabled</Status><Expiration><Days>1</Days></Expiration></Rule>"
    ),
    "logging": "<LoggingEnabled><TargetBucket>data</TargetBucket></LoggingEnabled>",
    "objectWorm": "<ObjectWormEnabled>Enabled</ObjectWormEnabled>",
    "overwriteConfig": "<Rule><ID>r</ID><Action>forbid</Action><Prefix>a/</Prefix></Rule>",
    "publicAccessBlock": "<BlockPublicAccess>true</BlockPublicAccess>",
    "referer": "<AllowEmptyReferer>false</AllowEmptyReferer><RefererList><Referer>http://a</Referer></RefererList>",
    "requestPayment": "<Payer>Requester</Payer>",
    "resourceGroup": "<ResourceGroupId>rg-1</ResourceGroupId>",
    "responseHeader": "<Rule><Name>r</Name><Filters><Operation>Put</Operation></Filters></Rule>",
    "tagging": "<TagSet><Tag><Key>k</Key><Value>ü</Value></Tag></TagSet>",
    "transferAcceleration": "<Enabled>true</Enabled>",
    "userDefinedLogFieldsConfig": "<HeaderSet><header>x</header></HeaderSet>",
    "versioning": "<Status>Enabled</Status>",
    "website": "<IndexDocument><Suffix>index.html</Suffix></IndexDocument>",
}


@pytest.fixture
def bucket(oss: Any, root: Any) -> oss2.Bucket:
    made = oss.bucket(root, NAME)
    made.create_bucket()
    return made


def send(bucket: oss2.Bucket, method: str, subresource: str, body: str = "", **headers: str) -> Any:
    """A request as the client makes it, for subresources that the client has no method for, too."""
    return bucket._do(method, bucket.bucket_name, "", params={subresource: ""}, data=body.encode(), headers=headers)


@pytest.mark.parametrize("kind", CONFIGURATIONS, ids=[kind.subresource for kind in CONFIGURATIONS])
def test_every_configuration_is_kept_shown_and_taken_away(bucket: oss2.Bucket, kind: BucketConfiguration) -> None:
    def shown() -> str:
        try:
            return send(bucket, "GET", kind.subresource).read().decode()
        except oss2.exceptions.ServerError as error:
            return f"{error.status} {error.code}"

    before = shown()
    assert before == f"404 {kind.absent}" if kind.absent else f"<{kind.root}>" in before
    inner = DOCUMENTS[kind.subresource]
    document = f'<{kind.root} xmlns="http://doc.oss-cn-hangzhou.aliyuncs.com">{inner}</{kind.root}>'
    assert send(bucket, "PUT", kind.subresource, document).status == 200
    filled = "".join(f"<{name}>{value}</{name}>" for name, value in (kind.filled or {}).items())
    assert shown().endswith(f"<{kind.root}>{inner}{filled}</{kind.root}>")
    if kind.deletes:
        assert send(bucket, "DELETE", kind.subresource).status == 204
        assert shown() == before


@pytest.mark.parametrize(
    ("enabled", "versions", "kept"),
    [
        (True, ["TLSv1.2", "TLSv1.3"], ["TLSv1.2", "TLSv1.3"]),
        (True, ["TLSv1.2", "TLSv1.2"], ["TLSv1.2"]),
        (False, [], []),
        (True, [], None),
        (True, ["TLSv9"], None),
        (False, ["aaa"], None),
    ],
)
def test_versions_of_tls_are_those_that_there_are(
    bucket: oss2.Bucket, enabled: bool, versions: list[str], kept: list[str] | None
) -> None:
    wanted = oss2.models.BucketTlsVersion(enabled, versions)
    if kept is None:
        with pytest.raises(oss2.exceptions.ServerError) as refused:
            bucket.put_bucket_https_config(wanted)
        assert refused.value.code == "MalformedXML"
        return
    bucket.put_bucket_https_config(wanted)
    shown = bucket.get_bucket_https_config()
    assert (shown.tls_enabled, shown.tls_version) == (enabled, kept)


@pytest.mark.parametrize("kind", CONFIGURATIONS, ids=[kind.subresource for kind in CONFIGURATIONS])
def test_a_document_of_another_form_is_refused(bucket: oss2.Bucket, kind: BucketConfiguration) -> None:
    bad = ["", "<a>", "<Other/>", f"<!DOCTYPE x><{kind.root}/>"]
    bad += [f"<{kind.root}></{kind.root}>"] if kind.values else []
    for document in bad:
        with pytest.raises(oss2.exceptions.ServerError) as refused:
            send(bucket, "PUT", kind.subresource, document)
        assert (refused.value.status, refused.value.code) == (400, "MalformedXML"), document


@pytest.mark.parametrize("subresource", ["objectworm", "cname", "metaQuery", "replication", "rtc", "x-oss-process"])
@pytest.mark.parametrize("method", ["PUT", "GET", "DELETE", "POST"])
def test_an_unknown_subresource_never_runs_another_action(
    door: Any, bucket: oss2.Bucket, method: str, subresource: str
) -> None:
    before = set(door.cloud.calls.counts)
    with pytest.raises(oss2.exceptions.ServerError) as refused:
        send(bucket, method, subresource)
    assert (refused.value.status, refused.value.code) == (400, "NotImplemented")
    assert subresource in refused.value.message
    # A request that is no action has no name in the log.
    assert set(door.cloud.calls.counts) - before == {":"}
    assert door.cloud.account("company-a").oss.buckets.get(NAME).configurations == {}


def test_a_parameter_that_is_none_of_oss_is_ignored(bucket: oss2.Bucket) -> None:
    bucket.put_object("key", b"x")
    assert bucket.get_object("key", params={"tracking": "1"}).read() == b"x"


def test_a_header_that_the_action_does_not_know_is_refused_by_name(bucket: oss2.Bucket) -> None:
    for headers in ({"x-oss-callback": "e30="}, {"x-oss-object-worm-mode": "COMPLIANCE"}):
        with pytest.raises(oss2.exceptions.ServerError) as refused:
            bucket.put_object("key", b"x", headers=headers)
        assert (refused.value.code, next(iter(headers)) in refused.value.message) == ("NotImplemented", True)
    assert not bucket.object_exists("key")


def test_making_a_bucket_again_changes_only_what_is_sent(bucket: oss2.Bucket) -> None:
    bucket.create_bucket(oss2.BUCKET_ACL_PUBLIC_READ)
    bucket.create_bucket()
    assert bucket.get_bucket_acl().acl == oss2.BUCKET_ACL_PUBLIC_READ
    bucket.create_bucket(oss2.BUCKET_ACL_PRIVATE)
    assert bucket.get_bucket_acl().acl == oss2.BUCKET_ACL_PRIVATE
    with pytest.raises(oss2.exceptions.ServerError) as refused:
        bucket.create_bucket(None, oss2.models.BucketCreateConfig(oss2.BUCKET_STORAGE_CLASS_IA))
    assert (refused.value.status, refused.value.code) == (409, "BucketAlreadyExists")


def test_a_block_of_public_access_closes_what_is_open(bucket: oss2.Bucket, oss: Any) -> None:
    bucket.put_bucket_acl(oss2.BUCKET_ACL_PUBLIC_READ)
    bucket.put_object("key", b"x")
    anybody = oss.bucket(None, NAME)
    assert anybody.get_object("key").read() == b"x"
    send(bucket, "PUT", "publicAccessBlock", DOCUMENT_BLOCK)
    with pytest.raises(oss2.exceptions.AccessDenied):
        anybody.get_object("key")
    with pytest.raises(oss2.exceptions.AccessDenied):
        bucket.put_bucket_acl(oss2.BUCKET_ACL_PUBLIC_READ_WRITE)
    send(bucket, "DELETE", "publicAccessBlock")
    assert anybody.get_object("key").read() == b"x"


DOCUMENT_BLOCK = (
    "<PublicAccessBlockConfiguration><BlockPublicAccess>true</BlockPublicAccess></PublicAccessBlockConfiguration>"
)


def test_the_requester_pays_or_is_refused(bucket: oss2.Bucket, oss: Any, door: Any) -> None:
    bucket.put_object("key", b"x")
    bucket.put_bucket_policy(
        '{"Version":"1","Statement":[{"Effect":"Allow","Principal":["12345678"],"Action":["oss:GetObject"],'
        '"Resource":["acs:oss:*:11223344:data/*"]}]}'
    )
    stranger = oss.bucket(door.cloud.account("company-b").root_key, NAME)
    assert stranger.get_object("key").read() == b"x"
    bucket.put_bucket_request_payment("Requester")
    with pytest.raises(oss2.exceptions.AccessDenied):
        stranger.get_object("key")
    assert stranger.get_object("key", headers={"x-oss-request-payer": "requester"}).read() == b"x"
    paid = stranger.sign_url("GET", "key", 60, params={"x-oss-request-payer": "requester"})
    assert requests.get(paid, timeout=5).content == b"x"
    assert requests.get(stranger.sign_url("GET", "key", 60), timeout=5).status_code == 403
    assert bucket.get_object("key").read() == b"x"


def test_a_bucket_is_made_with_its_encryption(oss: Any, root: Any) -> None:
    made = oss.bucket(root, "sealed")
    made.create_bucket(headers={"x-oss-server-side-encryption": "KMS", "x-oss-server-side-encryption-key-id": "key-1"})
    rule = made.get_bucket_encryption()
    assert (rule.sse_algorithm, rule.kms_master_keyid) == ("KMS", "key-1")


def test_the_bucket_policy_lets_versions_be_deleted(bucket: oss2.Bucket, oss: Any, door: Any) -> None:
    bucket.put_bucket_versioning(oss2.models.BucketVersioningConfig("Enabled"))
    version = bucket.put_object("key", b"x").versionid
    bucket.put_bucket_policy(
        '{"Version":"1","Statement":[{"Effect":"Allow","Principal":["12345678"],"Action":["oss:DeleteObject*"],'
        '"Resource":["acs:oss:*:11223344:data/*"]}]}'
    )
    stranger = oss.bucket(door.cloud.account("company-b").root_key, NAME)
    versions = oss2.models.BatchDeleteObjectVersionList([oss2.models.BatchDeleteObjectVersion("key", version)])
    stranger.delete_object_versions(versions)
    assert not bucket.object_exists("key")


def test_objects_are_encrypted_by_the_bucket_or_by_their_own_header(bucket: oss2.Bucket) -> None:
    bucket.put_bucket_encryption(oss2.models.ServerSideEncryptionRule("KMS", "key-1"))
    bucket.put_object("a", b"x")
    assert bucket.head_object("a").headers["x-oss-server-side-encryption"] == "KMS"
    bucket.put_object("b", b"x", headers={"x-oss-server-side-encryption": "AES256"})
    assert bucket.head_object("b").headers["x-oss-server-side-encryption"] == "AES256"
    with pytest.raises(oss2.exceptions.ServerError) as refused:
        bucket.put_object("c", b"x", headers={"x-oss-server-side-encryption": "ROT13"})
    assert refused.value.code == "InvalidEncryptionAlgorithmError"


def test_named_configurations_are_listed(bucket: oss2.Bucket) -> None:
    for name in ("second", "first"):
        bucket.put_bucket_style(name, "image/resize,w_100")
    styles = bucket.list_bucket_style().styles
    assert [(style.name, style.content) for style in styles] == [
        ("first", "image/resize,w_100"),
        ("second", "image/resize,w_100"),
    ]
    bucket.delete_bucket_style("first")
    with pytest.raises(oss2.exceptions.ServerError) as refused:
        bucket.get_bucket_style("first")
    assert (refused.value.status, refused.value.code) == (404, "NoSuchStyle")


def test_a_locked_retention_policy_protects_what_is_there(bucket: oss2.Bucket, door: Any) -> None:
    bucket.put_object("key", b"x")
    worm = bucket.init_bucket_worm(1).worm_id
    bucket.put_object("key", b"y")
    bucket.complete_bucket_worm(worm)
    for refuse in (lambda: bucket.put_object("key", b"z"), lambda: bucket.delete_object("key")):
        with pytest.raises(oss2.exceptions.ServerError) as refused:
            refuse()
        assert (refused.value.status, refused.value.code) == (409, "FileImmutable")
    with pytest.raises(oss2.exceptions.ServerError):
        bucket.abort_bucket_worm()
    bucket.extend_bucket_worm(worm, 2)
    assert bucket.get_bucket_worm().retention_period_days == 2
    door.cloud.clock.advance(3 * 24 * 3600)
    bucket.delete_object("key")
    assert not bucket.object_exists("key")


@pytest.mark.parametrize(
    ("algorithm", "key", "code"),
    [
        ("AES256", "test", "InvalidArgument"),
        ("SM4", "test", "InvalidArgument"),
        ("random", "", "InvalidEncryptionAlgorithmError"),
        ("", "", "InvalidEncryptionAlgorithmError"),
    ],
)
def test_a_default_encryption_that_there_is_not(bucket: oss2.Bucket, algorithm: str, key: str, code: str) -> None:
    with pytest.raises(oss2.exceptions.ServerError) as refused:
        bucket.put_bucket_encryption(oss2.models.ServerSideEncryptionRule(algorithm, key))
    assert (refused.value.status, refused.value.code) == (400, code)


@pytest.mark.parametrize(("algorithm", "kept"), [("AES256", None), ("SM4", None), ("KMS", "SM4")])
def test_an_algorithm_for_data_belongs_to_kms(bucket: oss2.Bucket, algorithm: str, kept: str | None) -> None:
    bucket.put_bucket_encryption(oss2.models.ServerSideEncryptionRule(algorithm, None, "SM4"))
    assert bucket.get_bucket_encryption().kms_data_encryption == kept
    headers = {"x-oss-server-side-encryption": algorithm, "x-oss-server-side-data-encryption": "SM4"}
    for answer in (bucket.put_object("by-default", "x"), bucket.put_object("by-header", "x", headers=headers)):
        assert answer.headers.get("x-oss-server-side-data-encryption") == kept
        assert (answer.headers.get("x-oss-server-side-encryption-key-id") is None) == (kept is None)


def test_kms_without_a_key_uses_one_of_oss_itself(bucket: oss2.Bucket) -> None:
    name = "x-oss-server-side-encryption-key-id"
    method = {"x-oss-server-side-encryption": "KMS"}
    first, second = (bucket.put_object(key, "x", headers=method).headers[name] for key in ("a", "b"))
    assert first == second
    own = bucket.put_object("c", "x", headers={**method, name: "mine"}).headers[name]
    assert own == "mine"


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("a", ["b", "%@c"]),
        ("%@c", ["a", "b"]),
        ("a,b", ["%@c"]),
        ("none", ["a", "b", "%@c"]),
        ("a,b,%@c", []),
        ("", []),
    ],
)
def test_only_the_tags_that_are_named_are_taken_away(bucket: oss2.Bucket, query: str, left: list[str]) -> None:
    tagging = oss2.models.Tagging()
    for key in ("a", "b", "%@c"):
        tagging.tag_set.add(key, "1")
    bucket.put_bucket_tagging(tagging)
    bucket.delete_bucket_tagging(params={"tagging": query})
    assert sorted(bucket.get_bucket_tagging().tag_set.tagging_rule) == sorted(left)


def test_inventories_come_100_on_a_page(bucket: oss2.Bucket) -> None:
    with pytest.raises(oss2.exceptions.NoSuchInventory):
        bucket.list_bucket_inventory_configurations()

    def ask(method: str, body: str = "", **more: str) -> str:
        params = {"inventory": "", **{name.replace("_", "-"): value for name, value in more.items()}}
        answer = bucket._do(method, bucket.bucket_name, "", params=params, data=body.encode())
        return answer.read().decode()

    for number in range(120):
        inner = f"<Id>i{number:03}</Id><Filter><StorageClass>Standard,IA</StorageClass></Filter>"
        ask("PUT", f"<InventoryConfiguration>{inner}</InventoryConfiguration>", inventoryId=f"i{number:03}")
    first = ask("GET")
    assert first.count("<StorageClass>IA,Standard</StorageClass>") == 100
    assert "<IsTruncated>true</IsTruncated><NextContinuationToken>i099</NextContinuationToken>" in first
    second = ask("GET", continuation_token="i099")
    assert second.count("<Id>") == 20
    assert "<IsTruncated>false</IsTruncated>" in second
    assert "NextContinuationToken" not in second


def test_an_empty_referer_is_none(bucket: oss2.Bucket) -> None:
    for sent, shown in (([""], []), (["", "http://a"], ["http://a"]), ([], [])):
        bucket.put_bucket_referer(oss2.models.BucketReferer(True, sent))
        assert bucket.get_bucket_referer().referers == shown


@pytest.mark.parametrize(
    ("settings", "shown"),
    [
        ("<RedirectType>Mirror</RedirectType><MirrorPassQueryString>true</MirrorPassQueryString>", "true"),
        ("<RedirectType>Mirror</RedirectType>", None),
        ("<RedirectType>External</RedirectType><MirrorPassQueryString>true</MirrorPassQueryString>", None),
        ("<RedirectType>Mirror</RedirectType><PassQueryString>false</PassQueryString>", "false"),
    ],
)
def test_a_mirror_passes_the_query_on_as_its_own_setting_says(raw: Any, settings: str, shown: str | None) -> None:
    raw.call("PUT", "/data")
    rule = f"<RoutingRule><RuleNumber>1</RuleNumber><Redirect>{settings}</Redirect></RoutingRule>"
    body = f"<WebsiteConfiguration><RoutingRules>{rule}</RoutingRules></WebsiteConfiguration>"
    assert raw.code("PUT", "/data", "website", body=body.encode()) == ""
    found = ET.fromstring(raw.call("GET", "/data", "website").body)
    assert found.findtext("RoutingRules/RoutingRule/Redirect/PassQueryString") == shown


@pytest.mark.parametrize(
    ("keys", "code"),
    [
        ([f"k{number}" for number in range(20)], ""),
        ([f"k{number}" for number in range(21)], "InvalidTag"),
        (["a", "A"], ""),
        (["a", "a"], "InvalidTag"),
        ([""], "InvalidTag"),
    ],
    ids=["20", "21", "case", "twice", "empty"],
)
def test_tags_of_a_bucket(raw: Any, keys: list[str], code: str) -> None:
    raw.call("PUT", "/data")
    tags = "".join(f"<Tag><Key>{key}</Key><Value>v</Value></Tag>" for key in keys)
    assert raw.code("PUT", "/data", "tagging", body=f"<Tagging><TagSet>{tags}</TagSet></Tagging>".encode()) == code
    assert raw.call("GET", "/data", "tagging").body.count(b"<Tag>") == (0 if code else len(keys))

"""Configurations of buckets: documents in XML that are kept and shown.

The table below says which there are. Four of them change what the fake does (versioning, the default encryption, who
pays for requests, the block of public access); the others are kept, checked for their form, and shown, and nothing
follows from them: no page is served as a website, nothing expires, no log is written.

Source: Alibaba Cloud, OSS, "Operations on buckets", the pages Put…, Get… and Delete… of each.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any
from xml.etree import ElementTree as ET

from alicloud_fakes.pipeline.declare import Wire
from alicloud_fakes.pipeline.registry import Reply
from alicloud_fakes.services.oss import lifecycle, oss
from alicloud_fakes.services.oss.errors import OssError
from alicloud_fakes.services.oss.models import Bucket, Oss
from alicloud_fakes.services.oss.oss_answers import Xml, content_answer, read_xml, xml_answer, xml_text_answer
from alicloud_fakes.services.oss.parameters import BucketRequest, Content, bucket_arn, bucket_of


@dataclass(frozen=True, slots=True)
class BucketConfiguration:
    """One kind of configuration.

    Attributes:
        subresource: how it is named in the query.
        name: how its actions are named after Put, Get and Delete.
        root: root element of its document.
        absent: error code for a bucket that has none; empty where a default is shown.
        default: what is shown of a bucket that has none.
        deletes: whether it can be taken away.
        permission: how its actions are named in policies; as `name` by default.
        values: elements that have to be there, with the values they may have.
        filled: elements that OSS adds with a value where the document leaves them out.
        request: what PUT reads besides the document.
        check: further checks of a document.
    """

    subresource: str
    name: str
    root: str
    absent: str = ""
    default: Xml | str = ""
    deletes: bool = False
    permission: str = ""
    values: Mapping[str, frozenset[str]] | None = None
    filled: Mapping[str, str] | None = None
    request: type[PutConfiguration] | None = None
    check: Callable[[ET.Element, Any], None] | None = None


class GetConfiguration(BucketRequest):
    pass


class PutConfiguration(BucketRequest):
    body: Content = ""


class PutLifecycle(PutConfiguration):
    may_overlap: Annotated[bool, Wire("x-oss-allow-same-action-overlap")] = False


def _check_lifecycle(root: ET.Element, request: PutLifecycle) -> None:
    entropy = request.call.cloud.entropy
    lifecycle.check_lifecycle(root, lambda: entropy.bytes(16).hex(), may_overlap=request.may_overlap)


def _check_tls(root: ET.Element, _: PutConfiguration) -> None:
    """A switch that is on names versions of TLS; those that are named twice count once."""
    tls = root.find("TLS")
    if tls is None or (tls.findtext("Enable") or "").strip() not in _SWITCH:
        raise OssError("MalformedXML")
    named: set[str] = set()
    for element in tls.findall("TLSVersion"):
        version = (element.text or "").strip()
        if version not in _TLS_VERSIONS:
            raise OssError("MalformedXML")
        if version in named:
            tls.remove(element)
        named.add(version)
    if not named and tls.findtext("Enable") == "true":
        raise OssError("MalformedXML")


def _check_encryption(root: ET.Element, _: PutConfiguration) -> None:
    """A key belongs to KMS alone; an algorithm for data is dropped beside any other method."""
    rule = root.find("ApplyServerSideEncryptionByDefault")
    if rule is None:
        raise OssError("MalformedXML")
    method = (rule.findtext("SSEAlgorithm") or "").strip()
    if method not in ENCRYPTION_METHODS:
        raise OssError("InvalidEncryptionAlgorithmError")
    if method == "KMS":
        return
    if (rule.findtext("KMSMasterKeyID") or "").strip():
        raise OssError("InvalidArgument", "KMSMasterKeyID is only for the method KMS.")
    for name in ("KMSMasterKeyID", "KMSDataEncryption"):
        for element in rule.findall(name):
            rule.remove(element)


def _check_tags(root: ET.Element, _: PutConfiguration) -> None:
    """A bucket has at most 20 tags, each with a key of its own."""
    keys = [(tag.findtext("Key") or "").strip() for tag in root.findall("TagSet/Tag")]
    if len(keys) > _MOST_TAGS or len(set(keys)) < len(keys) or not all(keys):
        raise OssError("InvalidTag")


def _drop_empty_referers(root: ET.Element, _: PutConfiguration) -> None:
    """The official Go client sends an empty address where there is none."""
    for found in root.findall("RefererList"):
        for element in found.findall("Referer"):
            if not (element.text or "").strip():
                found.remove(element)


def _fill_mirrors(root: ET.Element, _: PutConfiguration) -> None:
    """A mirror passes the query on as its own setting says; OSS shows the general one with the same value."""
    for redirect in root.iter("Redirect"):
        own = redirect.findtext("MirrorPassQueryString")
        mirrors = (redirect.findtext("RedirectType") or "").strip() == "Mirror"
        if mirrors and own is not None and redirect.find("PassQueryString") is None:
            ET.SubElement(redirect, "PassQueryString").text = own


ENCRYPTION_METHODS = frozenset({"AES256", "KMS", "SM4"})
_TLS_VERSIONS = frozenset({"TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3"})
_SWITCH = frozenset({"true", "false"})
_MOST_TAGS = 20
_STATUS = frozenset({"Enabled", "Disabled"})

CONFIGURATIONS = (
    BucketConfiguration(
        "accessmonitor",
        "BucketAccessMonitor",
        "AccessMonitorConfiguration",
        default={"Status": "Disabled"},
        values={"Status": _STATUS},
    ),
    BucketConfiguration(
        "bucketArchiveDirectRead",
        "BucketArchiveDirectRead",
        "ArchiveDirectReadConfiguration",
        default={"Enabled": False},
        values={"Enabled": _SWITCH},
    ),
    BucketConfiguration(
        "cors",
        "BucketCors",
        "CORSConfiguration",
        "NoSuchCORSConfiguration",
        deletes=True,
        filled={"ResponseVary": "false"},
    ),
    BucketConfiguration(
        "encryption",
        "BucketEncryption",
        "ServerSideEncryptionRule",
        "NoSuchServerSideEncryptionRule",
        deletes=True,
        check=_check_encryption,
    ),
    BucketConfiguration(
        "httpsConfig",
        "BucketHttpsConfig",
        "HttpsConfiguration",
        default={"TLS": {"Enable": False}},
        check=_check_tls,
    ),
    BucketConfiguration(
        "lifecycle",
        "BucketLifecycle",
        "LifecycleConfiguration",
        "NoSuchLifecycle",
        deletes=True,
        request=PutLifecycle,
        check=_check_lifecycle,
    ),
    BucketConfiguration("logging", "BucketLogging", "BucketLoggingStatus", deletes=True),
    BucketConfiguration(
        "objectWorm",
        "BucketObjectWormConfiguration",
        "ObjectWormConfiguration",
        "NoSuchWORMConfiguration",
    ),
    BucketConfiguration(
        "overwriteConfig",
        "BucketOverwriteConfig",
        "OverwriteConfiguration",
        "NoSuchBucketOverwriteConfig",
        deletes=True,
    ),
    BucketConfiguration(
        "publicAccessBlock",
        "BucketPublicAccessBlock",
        "PublicAccessBlockConfiguration",
        default={"BlockPublicAccess": False},
        deletes=True,
        values={"BlockPublicAccess": _SWITCH},
    ),
    BucketConfiguration(
        "referer",
        "BucketReferer",
        "RefererConfiguration",
        default={
            "AllowEmptyReferer": True,
            "AllowTruncateQueryString": True,
            "AllowTruncatePath": True,
            "RefererList": "",
        },
        filled={"AllowTruncateQueryString": "true", "AllowTruncatePath": "true"},
        check=_drop_empty_referers,
    ),
    BucketConfiguration(
        "requestPayment",
        "BucketRequestPayment",
        "RequestPaymentConfiguration",
        default={"Payer": "BucketOwner"},
        values={"Payer": frozenset({"BucketOwner", "Requester"})},
    ),
    BucketConfiguration(
        "resourceGroup",
        "BucketResourceGroup",
        "BucketResourceGroupConfiguration",
    ),
    BucketConfiguration(
        "responseHeader",
        "BucketResponseHeader",
        "ResponseHeaderConfiguration",
        "NoSuchResponseHeaderConfiguration",
        deletes=True,
    ),
    BucketConfiguration(
        "tagging",
        "BucketTags",
        "Tagging",
        default={"TagSet": ""},
        deletes=True,
        permission="BucketTagging",
        check=_check_tags,
    ),
    BucketConfiguration(
        "transferAcceleration",
        "BucketTransferAcceleration",
        "TransferAccelerationConfiguration",
        "NoSuchTransferAccelerationConfiguration",
        values={"Enabled": _SWITCH},
    ),
    BucketConfiguration(
        "userDefinedLogFieldsConfig",
        "UserDefinedLogFieldsConfig",
        "UserDefinedLogFieldsConfiguration",
        "NoSuchUserDefinedLogFieldsConfig",
        deletes=True,
    ),
    BucketConfiguration(
        "versioning",
        "BucketVersioning",
        "VersioningConfiguration",
        values={"Status": frozenset({"Enabled", "Suspended"})},
    ),
    BucketConfiguration(
        "website",
        "BucketWebsite",
        "WebsiteConfiguration",
        "NoSuchWebsiteConfiguration",
        deletes=True,
        check=_fill_mirrors,
    ),
)


def read_oss_configuration(kind: BucketConfiguration, request: Any) -> str:  # noqa: ANN401 - any request with a body
    """A document that a client sent, as it is kept: checked, and without namespaces.

    Raises:
        OssError: MalformedXML, or what the checks of its kind say.
    """
    root = read_xml(request.body, kind.root)
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
        # Clients write switches as their language does.
        if element.text in {"True", "False"}:
            element.text = element.text.lower()
    for path, allowed in (kind.values or {}).items():
        if (root.findtext(path) or "").strip() not in allowed:
            raise OssError("MalformedXML")
    for name, value in (kind.filled or {}).items():
        if root.find(name) is None:
            ET.SubElement(root, name).text = value
    if kind.check is not None:
        kind.check(root, request)
    return ET.tostring(root, encoding="unicode")


def value_of(bucket: Bucket, subresource: str, path: str) -> str:
    """Value at a path of a bucket's configuration; empty where there is none."""
    text = bucket.configurations.get(subresource)
    return (ET.fromstring(text).findtext(path) or "").strip() if text else ""  # noqa: S314 - checked when it was set


def bucket_tags(bucket: Bucket) -> dict[str, str]:
    """The tags of a bucket."""
    text = bucket.configurations.get("tagging", "")
    tags = ET.fromstring(text).findall("TagSet/Tag") if text else []  # noqa: S314 - checked when it was set
    return {tag.findtext("Key") or "": tag.findtext("Value") or "" for tag in tags}


def public_access_blocked(bucket: Bucket) -> bool:
    """True if the bucket, or its owner for all buckets, keeps the public out."""
    own = value_of(bucket, "publicAccessBlock", "BlockPublicAccess") == "true"
    return own or "<BlockPublicAccess>true" in bucket.account.oss.configurations.get("publicAccessBlock", "")


def shown(kind: BucketConfiguration, text: str | None) -> Reply:
    """A configuration, or what is shown in place of none.

    Raises:
        OssError: there is none, and that is an error.
    """
    if text is not None:
        return xml_text_answer(text)
    if kind.absent:
        raise OssError(kind.absent)
    return xml_answer(kind.root, kind.default)


def _register(kind: BucketConfiguration) -> None:
    permission = kind.permission or kind.name

    @oss.action(
        kind.request or PutConfiguration, on=bucket_arn, name=f"Put{kind.name}", permission=f"oss:Put{permission}"
    )
    def put(_: Oss, request: PutConfiguration) -> Reply:  # pyright: ignore[reportUnusedFunction] - registered
        bucket_of(request).configurations[kind.subresource] = read_oss_configuration(kind, request)
        return content_answer()

    @oss.action(GetConfiguration, on=bucket_arn, name=f"Get{kind.name}", permission=f"oss:Get{permission}")
    def get(_: Oss, request: GetConfiguration) -> Reply:  # pyright: ignore[reportUnusedFunction] - registered
        bucket = bucket_of(request)
        text = bucket.configurations.get(kind.subresource)
        if text is None and kind.subresource == "resourceGroup":
            return xml_answer(kind.root, {"ResourceGroupId": bucket.resource_group})
        return shown(kind, text)

    if kind.deletes and kind.subresource != "tagging":

        @oss.action(GetConfiguration, on=bucket_arn, name=f"Delete{kind.name}", permission=f"oss:Delete{permission}")
        def delete(_: Oss, request: GetConfiguration) -> Reply:  # pyright: ignore[reportUnusedFunction] - registered
            bucket_of(request).configurations.pop(kind.subresource, None)
            return content_answer(204)


class DeleteBucketTags(BucketRequest):
    keys: Annotated[str, Wire("tagging")] = ""


@oss.action(DeleteBucketTags, on=bucket_arn, permission="oss:DeleteBucketTagging")
def delete_bucket_tags(_: Oss, request: DeleteBucketTags) -> Reply:
    """Take tags away: those whose keys are named, separated by commas, or all."""
    kept = bucket_of(request).configurations
    unwanted = set(request.keys.split(",")) if request.keys else None
    text = kept.pop("tagging", None)
    if text is None or unwanted is None:
        return content_answer(204)
    root = ET.fromstring(text)  # noqa: S314 - checked when it was set
    tags = root.find("TagSet")
    for tag in tags.findall("Tag") if tags is not None else ():
        if tags is not None and tag.findtext("Key") in unwanted:
            tags.remove(tag)
    if tags is not None and len(tags):
        kept["tagging"] = ET.tostring(root, encoding="unicode")
    return content_answer(204)


for _kind in CONFIGURATIONS:
    _register(_kind)

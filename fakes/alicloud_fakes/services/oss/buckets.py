"""Buckets: create, list, describe, delete, and who may use them."""

from __future__ import annotations

from typing import Annotated, Any

from alicloud_fakes.core.xml import to_xml
from alicloud_fakes.pipeline.declare import ActionRequest, Range, Wire
from alicloud_fakes.pipeline.registry import Reply
from alicloud_fakes.services.oss import oss
from alicloud_fakes.services.oss.configurations import bucket_tags, public_access_blocked, value_of
from alicloud_fakes.services.oss.errors import OssError
from alicloud_fakes.services.oss.models import Bucket, Oss
from alicloud_fakes.services.oss.oss_answers import content_answer, iso_time, read_xml, xml_answer
from alicloud_fakes.services.oss.parameters import (
    BucketAcl,
    BucketName,
    BucketRequest,
    Content,
    bucket_arn,
    bucket_of,
    owner,
)
from alicloud_fakes.services.oss.recognition import find_bucket
from alicloud_fakes.services.oss.versioning import status_of
from ram_policies.document import DocumentKind
from ram_policies.errors import InvalidDocumentError
from ram_policies.findings import Code, Finding
from ram_policies.validation.parse import read_document

MOST_BUCKETS = 100
_CLASSES = frozenset({"Standard", "IA", "Archive", "ColdArchive", "DeepColdArchive"})
# storage class: how statistics call it
_STATISTICS = {
    "Standard": "Standard",
    "IA": "InfrequentAccess",
    "Archive": "Archive",
    "ColdArchive": "ColdArchive",
    "DeepColdArchive": "DeepColdArchive",
}
_REDUNDANCY = frozenset({"LRS", "ZRS"})


class ListBuckets(ActionRequest):
    prefix: Annotated[str, Wire("prefix")] = ""
    marker: Annotated[str, Wire("marker")] = ""
    max_keys: Annotated[int, Range(1, 1000), Wire("max-keys")] = 100
    tag_key: Annotated[str, Wire("tag-key")] = ""
    tag_value: Annotated[str, Wire("tag-value")] = ""
    resource_group: Annotated[str, Wire("x-oss-resource-group-id")] = ""
    region_list: Annotated[str, Wire("regionList")] = ""


class PutBucket(ActionRequest):
    bucket: BucketName
    acl: BucketAcl | None = None
    region: str = "cn-hangzhou"
    resource_group: Annotated[str, Wire("x-oss-resource-group-id")] = ""
    encryption: Annotated[str, Wire("x-oss-server-side-encryption")] = ""
    encryption_key: Annotated[str, Wire("x-oss-server-side-encryption-key-id")] = ""
    data_encryption: Annotated[str, Wire("x-oss-server-side-data-encryption")] = ""
    body: Content = ""


class GetBucketInfo(BucketRequest):
    pass


class GetBucketLocation(BucketRequest):
    pass


class GetBucketStat(BucketRequest):
    pass


class GetBucketAcl(BucketRequest):
    pass


class PutBucketAcl(BucketRequest):
    acl: BucketAcl


class DeleteBucket(BucketRequest):
    pass


class GetBucketPolicy(BucketRequest):
    pass


class PutBucketPolicy(BucketRequest):
    body: Content = ""


class DeleteBucketPolicy(BucketRequest):
    pass


def _basics(bucket: Bucket) -> dict[str, Any]:
    return {
        "Name": bucket.name,
        "Region": bucket.region,
        "Location": bucket.location,
        "CreationDate": iso_time(bucket.created),
        "ExtranetEndpoint": f"{bucket.location}.aliyuncs.com",
        "IntranetEndpoint": f"{bucket.location}-internal.aliyuncs.com",
        "StorageClass": bucket.storage_class,
    }


@oss.action(ListBuckets, on=lambda r: f"acs:oss:*:{r.call.signed_by.account.id}:*")
def list_buckets(_: Oss, request: ListBuckets) -> Reply:
    """List the buckets of the caller's account, by name."""
    account = request.call.signed_by.account
    buckets = account.oss.buckets
    found: list[dict[str, Any]] = []
    position = max(buckets.after(request.marker), buckets.at_or_after(request.prefix))
    last = ""
    while (entry := buckets.at(position)) is not None and entry[0].startswith(request.prefix):
        if len(found) == request.max_keys:
            break
        last = entry[0]
        if _suits(entry[1], request):
            found.append({**_basics(entry[1]), "ResourceGroupId": _resource_group(entry[1])})
        position += 1
    truncated = entry is not None and entry[0].startswith(request.prefix)
    content: dict[str, Any] = {
        "Prefix": request.prefix,
        "Marker": request.marker,
        "MaxKeys": request.max_keys,
        "IsTruncated": truncated,
        "Owner": {"ID": account.id, "DisplayName": account.id},
        "Buckets": {"Bucket": found},
    }
    if truncated:
        content["NextMarker"] = last
    return xml_answer("ListAllMyBucketsResult", content)


def _suits(bucket: Bucket, request: ListBuckets) -> bool:
    if request.resource_group and request.resource_group != _resource_group(bucket):
        return False
    if request.region_list and bucket.region not in request.region_list.split(","):
        return False
    if not request.tag_key:
        return True
    tags = bucket_tags(bucket)
    return request.tag_key in tags and request.tag_value in {"", tags[request.tag_key]}


def _resource_group(bucket: Bucket) -> str:
    return (
        value_of(bucket, "resourceGroup", "ResourceGroupId") or bucket.account.state("resourcemanager").default_group.id
    )


@oss.action(PutBucket, on=lambda r: f"acs:oss:oss-{r.region}:{r.call.signed_by.account.id}:{r.bucket}")
def put_bucket(_: Oss, request: PutBucket) -> Reply:
    """Create a bucket. For one that the account has already this sets the ACL, where the request carries one."""
    account = request.call.signed_by.account
    state: Oss = account.oss
    present = find_bucket(request.call.cloud, request.bucket)
    if present is not None and present.account is not account:
        raise OssError("BucketAlreadyExists", BucketName=request.bucket)
    wanted = _configuration(request.body) if request.body.strip() else {}
    if present is not None:
        _check_same(present, request.region, wanted)
    else:
        if len(state.buckets) >= MOST_BUCKETS:
            raise OssError("TooManyBuckets")
        present = state.create(request.bucket, region=request.region)
        present.storage_class = wanted.get("StorageClass", "Standard")
        present.redundancy = wanted.get("DataRedundancyType", "LRS")
        _configure(present, request)
    if request.acl is not None:
        _set_acl(present, request.acl)
    return content_answer(headers={"location": f"/{request.bucket}"})


def _configure(bucket: Bucket, request: PutBucket) -> None:
    """Set what a bucket can be made with beside its class: its resource group and its default encryption."""
    if request.resource_group:
        group = to_xml("BucketResourceGroupConfiguration", {"ResourceGroupId": request.resource_group})
        bucket.configurations["resourceGroup"] = group.partition("\n")[2]
    if request.encryption:
        rule = {
            "SSEAlgorithm": request.encryption,
            "KMSMasterKeyID": request.encryption_key,
            "KMSDataEncryption": request.data_encryption,
        }
        given = {name: value for name, value in rule.items() if value}
        document = to_xml("ServerSideEncryptionRule", {"ApplyServerSideEncryptionByDefault": given})
        bucket.configurations["encryption"] = document.partition("\n")[2]


def _check_same(present: Bucket, region: str, wanted: dict[str, str]) -> None:
    """Refuse to make a bucket anew with what cannot be changed.

    Raises:
        OssError: BucketAlreadyExists.
    """
    differs = (
        region != present.region
        or wanted.get("StorageClass", present.storage_class) != present.storage_class
        or wanted.get("DataRedundancyType", present.redundancy) != present.redundancy
    )
    if differs:
        raise OssError("BucketAlreadyExists", BucketName=present.name)


def _set_acl(bucket: Bucket, acl: str) -> None:
    if acl != "private" and public_access_blocked(bucket):
        raise OssError("AccessDenied", "Put public bucket acl is not allowed")
    bucket.acl = acl


def _configuration(body: str) -> dict[str, str]:
    wanted = {child.tag: (child.text or "").strip() for child in read_xml(body, "CreateBucketConfiguration")}
    if wanted.get("StorageClass", "Standard") not in _CLASSES:
        raise OssError("InvalidArgument", f"Invalid storage class: {wanted['StorageClass']}")
    if wanted.get("DataRedundancyType", "LRS") not in _REDUNDANCY:
        raise OssError("InvalidArgument", f"Invalid data redundancy type: {wanted['DataRedundancyType']}")
    return wanted


@oss.action(GetBucketInfo, on=bucket_arn)
def get_bucket_info(_: Oss, request: GetBucketInfo) -> Reply:
    """Describe a bucket."""
    bucket = bucket_of(request)
    content: dict[str, Any] = {
        **_basics(bucket),
        "Owner": owner(bucket),
        "AccessControlList": {"Grant": bucket.acl},
        "DataRedundancyType": bucket.redundancy,
        "AccessMonitor": value_of(bucket, "accessmonitor", "Status") or "Disabled",
        "TransferAcceleration": _on_or_off(value_of(bucket, "transferAcceleration", "Enabled") == "true"),
        "CrossRegionReplication": "Disabled",
        "ResourceGroupId": _resource_group(bucket),
        "BlockPublicAccess": public_access_blocked(bucket),
        "ServerSideEncryptionRule": _encryption(bucket),
        "BucketPolicy": {
            "LogBucket": value_of(bucket, "logging", "LoggingEnabled/TargetBucket"),
            "LogPrefix": value_of(bucket, "logging", "LoggingEnabled/TargetPrefix"),
        },
        "Comment": "",
    }
    if status_of(bucket):
        content["Versioning"] = status_of(bucket)
    return xml_answer("BucketInfo", {"Bucket": content})


def _on_or_off(on: bool) -> str:  # noqa: FBT001 - it is about nothing but the switch
    return "Enabled" if on else "Disabled"


def _encryption(bucket: Bucket) -> dict[str, str]:
    rule = "ApplyServerSideEncryptionByDefault"
    found = {
        name: value_of(bucket, "encryption", f"{rule}/{name}")
        for name in ("SSEAlgorithm", "KMSMasterKeyID", "KMSDataEncryption")
    }
    return {name: value for name, value in found.items() if value} or {"SSEAlgorithm": "None"}


@oss.action(GetBucketLocation, on=bucket_arn)
def get_bucket_location(_: Oss, request: GetBucketLocation) -> Reply:
    """Say where a bucket is."""
    return xml_answer("LocationConstraint", bucket_of(request).location)


@oss.action(GetBucketStat, on=bucket_arn)
def get_bucket_stat(_: Oss, request: GetBucketStat) -> Reply:
    """Say how much is in a bucket."""
    bucket = bucket_of(request)
    content: dict[str, Any] = {
        "Storage": sum(len(one.data) for one in bucket.objects),
        "ObjectCount": len(bucket.objects),
        "MultipartUploadCount": len(bucket.uploads),
        "MultipartPartCount": sum(len(one.parts) for one in bucket.uploads.values()),
        "LiveChannelCount": 0,
        "DeleteMarkerCount": sum(one[0].deleted for one in bucket.history),
        "LastModifiedTime": int(request.call.time),
    }
    for storage_class, name in _STATISTICS.items():
        sizes = [len(one.data) for one in bucket.objects if one.storage_class == storage_class]
        content |= {f"{name}Storage": sum(sizes), f"{name}ObjectCount": len(sizes)}
        if storage_class != "Standard":
            content[f"{name}RealStorage"] = sum(sizes)
    return xml_answer("BucketStat", content)


@oss.action(GetBucketAcl, on=bucket_arn)
def get_bucket_acl(_: Oss, request: GetBucketAcl) -> Reply:
    """Show the access control list of a bucket."""
    bucket = bucket_of(request)
    content = {"Owner": owner(bucket), "AccessControlList": {"Grant": bucket.acl}}
    return xml_answer("AccessControlPolicy", content)


@oss.action(PutBucketAcl, on=bucket_arn)
def put_bucket_acl(_: Oss, request: PutBucketAcl) -> Reply:
    """Set the access control list of a bucket."""
    _set_acl(bucket_of(request), request.acl)
    return content_answer()


@oss.action(DeleteBucket, on=bucket_arn)
def delete_bucket(_: Oss, request: DeleteBucket) -> Reply:
    """Delete an empty bucket."""
    bucket = bucket_of(request)
    if len(bucket.objects) or len(bucket.history) or bucket.uploads:
        raise OssError("BucketNotEmpty", BucketName=bucket.name)
    bucket.account.oss.buckets.remove(bucket.name)
    return content_answer(204)


def _refusal_of(found: Finding) -> OssError:
    """The error for a bucket policy that is not valid, with its number where one is published."""
    if found.code is not Code.DOCUMENT_TOO_LONG:
        return OssError("InvalidPolicyDocument", found.message)
    return OssError("InvalidPolicyDocument", found.message, EC="0030-00000003" if found.path else "0030-00000001")


@oss.action(PutBucketPolicy, on=bucket_arn)
def put_bucket_policy(_: Oss, request: PutBucketPolicy) -> Reply:
    """Set the policy of a bucket."""
    try:
        text = request.body.encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        raise OssError("InvalidPolicyDocument") from None
    try:
        read_document(text, DocumentKind.BUCKET)
    except InvalidDocumentError as error:
        raise _refusal_of(error.first) from None
    bucket_of(request).policy = text
    return content_answer()


@oss.action(GetBucketPolicy, on=bucket_arn)
def get_bucket_policy(_: Oss, request: GetBucketPolicy) -> Reply:
    """Show the policy of a bucket."""
    text = bucket_of(request).policy
    if not text:
        raise OssError("NoSuchBucketPolicy", BucketName=request.bucket)
    return content_answer(headers={"content-type": "application/json"}, body=text.encode())


@oss.action(DeleteBucketPolicy, on=bucket_arn)
def delete_bucket_policy(_: Oss, request: DeleteBucketPolicy) -> Reply:
    """Take the policy of a bucket away."""
    bucket_of(request).policy = ""
    return content_answer(204)
